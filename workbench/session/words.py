"""What to call a piece of Python that is outside the script language, and what to write instead."""

import ast

OUTSIDE: dict[type[ast.AST], tuple[str, str]] = {
    ast.FunctionDef: ("A function definition", "Write its calls one after the other"),
    ast.AsyncFunctionDef: ("A function definition", "Write its calls one after the other"),
    ast.ClassDef: ("A class", "Write calls on HTTPConnection and its responses"),
    ast.Lambda: ("A lambda", ""),
    ast.For: ("A loop", "Write each call on a line of its own"),
    ast.AsyncFor: ("A loop", "Write each call on a line of its own"),
    ast.While: ("A loop", "Write each call on a line of its own"),
    ast.If: ("A condition", "Step through the script and choose at the call line"),
    ast.IfExp: ("A condition", ""),
    ast.Match: ("A match statement", ""),
    ast.Compare: ("A comparison", "Print both values"),
    ast.BoolOp: ("and / or", ""),
    ast.With: ("A with statement", "Write f = open(path, 'rb') and f.close()"),
    ast.AsyncWith: ("A with statement", ""),
    ast.Try: ("A try statement", "Let the call raise: the exception is what there is to see"),
    ast.TryStar: ("A try statement", "Let the call raise: the exception is what there is to see"),
    ast.Raise: ("A raise statement", ""),
    ast.Assert: ("An assert statement", "Print the value"),
    ast.Delete: ("A del statement", ""),
    ast.Global: ("A global statement", ""),
    ast.Nonlocal: ("A nonlocal statement", ""),
    ast.Return: ("A return statement", ""),
    ast.Pass: ("A pass statement", "Leave the line out"),
    ast.Break: ("A break statement", ""),
    ast.Continue: ("A continue statement", ""),
    ast.AugAssign: ("An augmented assignment", "Write name = name + value"),
    ast.AnnAssign: ("An annotation", "Write name = value"),
    ast.NamedExpr: ("An assignment inside an expression", "Write it on a line of its own"),
    ast.ListComp: ("A comprehension", "Write the items out"),
    ast.SetComp: ("A comprehension", "Write the items out"),
    ast.DictComp: ("A comprehension", "Write the items out"),
    ast.GeneratorExp: ("A generator", "Write the items out, as a list"),
    ast.Set: ("A set", "Write a list or a tuple"),
    ast.Starred: ("A star argument", "Write the arguments out"),
    ast.JoinedStr: ("An f-string", 'Write "... %s" % value'),
    ast.Await: ("await", ""),
    ast.Yield: ("yield", ""),
    ast.YieldFrom: ("yield", ""),
}
"""Subject of a sentence, and a hint; the hint is empty when there is nothing to suggest."""

OPERATORS: dict[type[ast.AST], str] = {
    ast.Sub: "-",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Not: "not",
    ast.Invert: "~",
}
"""The operators that a script does not have."""


def outside_words(node: ast.AST) -> tuple[str, str]:
    """Name a node that is outside the script language, with a hint."""
    return OUTSIDE.get(type(node), (f"Python's {type(node).__name__}", ""))
