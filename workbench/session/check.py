"""The check of a script before it runs: every node is in the language, every name is known.

A script is a straight line, so what is known of a name at a line is what the lines above gave it.
Where the kind of a value cannot be known beforehand (an item of a list), the interpreter looks
again when the line runs.
"""

import ast
import difflib
from collections.abc import Callable, Iterable, Mapping

from workbench.session.allowed import ALL_MEMBERS, KINDS, SUBSET, Kind
from workbench.session.bounds import MAX_NESTING, TooLargeError, check_int
from workbench.session.namespace import BUILTINS, Constructor, Function, Module, Namespace, Opaque
from workbench.session.words import OPERATORS, outside_words

Binding = Kind | Module | Function | Constructor | Opaque | None
"""What is known of a value: its kind, or what it is; None when nothing is."""

Node = ast.expr | ast.stmt | ast.alias | ast.keyword
Report = Callable[[Node, str, str], None]

ERRONEOUS = Opaque("")
"""Stands for the value of something that has been reported already, so that nothing else is."""

_CONSTANTS = (str, bytes, bool, int, float, type(None))
_MAX_COMPARED = 500
"""Names that a misspelt one is compared with; a comparison takes some microseconds."""

_MAX_NEAREST = 6
"""Names in a hint; more would not be read."""

_BINARY = (ast.Add, ast.Mult, ast.Mod)
_UNARY = (ast.USub, ast.UAdd)


class Checker:
    """Checks statements in their order.

    Args:
        namespace: What a script can reach.
        report: Takes a node, a message and a hint for each error.
        bindings: The names that have a value already.
    """

    def __init__(
        self, namespace: Namespace, report: Report, bindings: Mapping[str, Binding] | None = None
    ) -> None:
        self._namespace = namespace
        self._report = report
        self._bindings = dict(bindings or {})
        self._calls: list[str] = []
        self._expressions: dict[type[ast.expr], Callable[..., Binding]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Subscript: self._subscript,
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.List: self._sequence,
            ast.Tuple: self._sequence,
            ast.Dict: self._dict,
        }

    def statement(self, node: ast.stmt) -> tuple[str, ...]:
        """Check a statement.

        Returns:
            The names of the methods and functions it calls, in the order of the calls.
        """
        self._calls = []
        match node:
            case ast.Import():
                self._import(node)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.Assign():
                self._assign(node)
            case ast.Expr():
                self._expression(node.value, 0)
            case _:
                self._outside(node)
        return tuple(self._calls)

    def binding(self, node: ast.expr) -> Binding:
        """Check an expression and say what is known of its value."""
        return self._expression(node, 0)

    @property
    def bindings(self) -> Mapping[str, Binding]:
        """What is known of each name that has a value by now."""
        return self._bindings

    # --- imports ---------------------------------------------------------------------------

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            module = self._namespace.importable.get(alias.name)
            if module is None:
                self._report(alias, f"A script cannot import {alias.name!r}", self._import_hint(alias.name))
                self._bindings[alias.asname or alias.name.partition(".")[0]] = ERRONEOUS
                continue
            package = alias.name.partition(".")[0]
            if alias.asname is not None:
                self._bindings[alias.asname] = module
            else:
                bound = merge_packages(
                    self._bindings.get(package), self._namespace.packages.get(package, module)
                )
                self._bindings[package] = bound

    def _import_from(self, node: ast.ImportFrom) -> None:
        name = "." * node.level + (node.module or "")
        module = self._namespace.importable.get(name) or self._namespace.packages.get(name)
        if module is None:
            self._report(node, f"A script cannot import {name!r}", self._import_hint(name))
        for alias in node.names:
            value: Binding = ERRONEOUS
            if module is not None and alias.name in module.members:
                value = self.bind(module.members[alias.name])
            elif module is not None:
                self._report(
                    alias, f"{name} has no {alias.name!r} for scripts", closest(alias.name, module.members)
                )
            self._bindings[alias.asname or alias.name] = value

    def _import_hint(self, name: str) -> str:
        inside = [module for module in self._namespace.importable if module.startswith(f"{name}.")]
        names = ", ".join(inside or self._namespace.importable)
        return f"Write import {names}" if inside else f"A script can import {names}"

    # --- assignments -----------------------------------------------------------------------

    def _assign(self, node: ast.Assign) -> None:
        value = self._expression(node.value, 0)
        for target in node.targets:
            self._target(target, value)

    def _target(self, target: ast.expr, value: Binding) -> None:
        match target:
            case ast.Name(id=name) if name.startswith("__"):
                self._report(target, f"Expected a name without leading underscores, found {name!r}", "")
            case ast.Name(id=name):
                self._bindings[name] = value
            case ast.Tuple(elts=elements) | ast.List(elts=elements) if all(
                isinstance(element, ast.Name) for element in elements
            ):
                for element in elements:
                    self._target(element, None)
            case ast.Attribute(value=owner, attr=name):
                kind = self._expression(owner, 1)
                if not self._may_set(kind, name):
                    settable = kind.settable if isinstance(kind, Kind) else ()
                    self._report(
                        target, f"A script cannot assign to the attribute {name!r}", listing(settable)
                    )
            case _:
                self._report(target, "Expected a name to assign to", "")

    def _may_set(self, owner: Binding, name: str) -> bool:
        if owner is None or owner is ERRONEOUS:
            return any(name in kind.settable for kind in KINDS.values())
        return isinstance(owner, Kind) and name in owner.settable

    # --- expressions -----------------------------------------------------------------------

    def _expression(self, node: ast.expr, depth: int) -> Binding:
        """Check an expression and say what is known of its value."""
        if depth > MAX_NESTING:
            self._report(node, f"Expected at most {MAX_NESTING} levels of nesting", "Name a part of it first")
            return None
        check = self._expressions.get(type(node))
        if check is None:
            self._outside(node)
            return ERRONEOUS
        return check(node, depth + 1)

    def _outside(self, node: ast.expr | ast.stmt) -> None:
        words, hint = outside_words(node)
        self._report(node, f"{words} is outside the script language: {SUBSET}", hint)

    def _constant(self, node: ast.Constant, _depth: int) -> Binding:
        if not isinstance(node.value, _CONSTANTS):
            self._report(node, f"Expected a plain value, found {str(node.value)[:80]}", "")
            return None
        try:
            check_int(node.value)
        except TooLargeError as error:
            self._report(node, f"Expected a smaller number: {error}", "")
        return KINDS[type(node.value).__name__]

    def _name(self, node: ast.Name, _depth: int) -> Binding:
        if node.id in self._bindings:
            return self._bindings[node.id]
        if node.id in BUILTINS:
            return BUILTINS[node.id]
        self._report(node, f"The name {node.id!r} has no value here", self._name_hint(node.id))
        return ERRONEOUS

    def _name_hint(self, name: str) -> str:
        for module_name, module in self._namespace.importable.items():
            if name in module.members:
                return f"Write from {module_name} import {name} above"
            if name == module_name.partition(".")[0]:
                return f"Write import {module_name} above"
        return closest(name, [*self._bindings, *BUILTINS], offered=())

    def _attribute(self, node: ast.Attribute, depth: int) -> Binding:
        owner = self._expression(node.value, depth)
        known, problem, hint = member_of(owner, node.attr)
        if problem:
            self._report(node, problem, hint)
            return ERRONEOUS
        if isinstance(owner, Module):
            return self.bind(owner.members[node.attr])
        return ERRONEOUS if owner is ERRONEOUS else KINDS.get(known)

    def _call(self, node: ast.Call, depth: int) -> Binding:
        callee, name, result = self._callee(node, depth)
        for argument in node.args:
            self._expression(argument, depth)
        given: set[str | None] = set()
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg in given:
                self._report(keyword, f"A call has the argument {keyword.arg!r} a second time", "")
            given.add(keyword.arg)
            self._keyword(keyword, callee)
            self._expression(keyword.value, depth)
        self._calls.append(name)
        return result

    def _callee(self, node: ast.Call, depth: int) -> tuple[Binding, str, Binding]:
        """What is called, its name, and what is known of the result."""
        function = node.func
        if isinstance(function, ast.Attribute):
            owner = self._expression(function.value, depth)
            if not isinstance(owner, Module):
                known, problem, hint = member_of(owner, function.attr, method=True)
                if problem:
                    self._report(function, problem, hint)
                result = ERRONEOUS if problem or owner is ERRONEOUS else KINDS.get(known)
                return owner, function.attr, result
        callee = self._attribute_or_name(function, depth)
        if isinstance(callee, Constructor):
            return callee, callee.name, callee.kind
        if isinstance(callee, Function):
            return callee, callee.name, KINDS.get(callee.returns)
        if callee is not None and callee is not ERRONEOUS:
            self._report(function, f"{describe(callee)} cannot be called", "")
        return callee, "", callee

    def _attribute_or_name(self, function: ast.expr, depth: int) -> Binding:
        if isinstance(function, ast.Attribute | ast.Name):
            return self._expression(function, depth)
        self._report(function, "Expected the name of a method or function to call", "")
        return None

    def _keyword(self, keyword: ast.keyword, callee: Binding) -> None:
        if keyword.arg is None:
            self._report(keyword, "** is outside the script language", "Write the arguments out")
        elif not keyword_allowed(callee, keyword.arg):
            known = callee.keywords if isinstance(callee, Function) else ()
            self._report(keyword, f"A script cannot give the argument {keyword.arg!r} here", listing(known))

    def _subscript(self, node: ast.Subscript, depth: int) -> Binding:
        owner = self._expression(node.value, depth)
        index = node.slice
        if not isinstance(index, ast.Slice):
            self._expression(index, depth)
            return None
        for part in (index.lower, index.upper, index.step):
            if part is not None:
                self._expression(part, depth)
        return owner if isinstance(owner, Kind) else None

    def _binary(self, node: ast.BinOp, depth: int) -> Binding:
        left = self._expression(node.left, depth)
        right = self._expression(node.right, depth)
        if not isinstance(node.op, _BINARY):
            self._operator(node, node.op)
        if isinstance(node.op, ast.Mod) and left in (KINDS["str"], KINDS["bytes"]):
            return left
        return (
            left if left is right and not isinstance(left, Module | Function | Constructor | Opaque) else None
        )

    def _unary(self, node: ast.UnaryOp, depth: int) -> Binding:
        if not isinstance(node.op, _UNARY):
            self._operator(node, node.op)
        return self._expression(node.operand, depth)

    def _operator(self, node: ast.expr, operator: ast.AST) -> None:
        sign = OPERATORS.get(type(operator), type(operator).__name__)
        self._report(node, f"The operator {sign} is outside the script language, which has + * %", "")

    def _sequence(self, node: ast.List | ast.Tuple, depth: int) -> Binding:
        for element in node.elts:
            self._expression(element, depth)
        return KINDS["list" if isinstance(node, ast.List) else "tuple"]

    def _dict(self, node: ast.Dict, depth: int) -> Binding:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self._report(value, "** is outside the script language", "Write the items out")
            else:
                self._expression(key, depth)
            self._expression(value, depth)
        return KINDS["dict"]

    def bind(self, value: object) -> Binding:
        """Say what is known of a value that exists already."""
        return binding_of(value, self._namespace)


def binding_of(value: object, namespace: Namespace) -> Binding:
    """Say what is known of a value of the interpreter."""
    if isinstance(value, Module | Function | Constructor | Opaque):
        return value
    return namespace.kind_of(value)


def merge_packages(old: object, new: Module | None) -> Module | None:
    """Give what a second `import package.module` binds: the package with both modules."""
    if isinstance(old, Module) and new is not None and old.name == new.name:
        return Module(new.name, {**old.members, **new.members})
    return new


def keyword_allowed(callee: Binding, keyword: str) -> bool:
    """Say whether a script can give a keyword argument.

    `tap=` belongs to the interpreter, and a private argument to nobody. What else a method takes
    is its own affair: it raises TypeError.
    """
    if isinstance(callee, Function):
        return keyword in callee.keywords
    return keyword != "tap" and not keyword.startswith("_")


def member_of(owner: Binding, name: str, *, method: bool = False) -> tuple[str, str, str]:
    """Look a name up behind a dot.

    Args:
        owner: What stands before the dot.
        name: What stands behind it.
        method: It is about to be called.

    Returns:
        The name of the kind of the result, a problem and a hint, each empty where there is none.
    """
    if owner is ERRONEOUS:
        return "", "", ""
    if isinstance(owner, Module):
        if name in owner.members:
            return "", "", ""
        return "", f"{owner.name} has no {name!r} for scripts", closest(name, owner.members)
    if owner is None:
        known = name in ALL_MEMBERS
        problem = "" if known else f"A script cannot use {name!r} of any value"
        return "", problem, "" if known else closest(name, ALL_MEMBERS)
    if not isinstance(owner, Kind):
        return "", f"{describe(owner)} has no attributes for scripts", ""
    members = owner.methods if method else owner.attributes
    if name in members:
        return members[name], "", ""
    if name in owner.members:
        other = "is an attribute: leave the brackets away" if method else "is a method: call it"
        return "", f"{name!r} of {describe(owner)} {other}", f"Write .{name}" + ("" if method else "(...)")
    what = "method" if method else "attribute"
    return (
        "",
        f"{describe(owner)} has no {what} {name!r} for scripts",
        closest(name, owner.members, offered=members),
    )


def describe(binding: Binding) -> str:
    """Name a value for a sentence."""
    match binding:
        case Kind(name=name):
            return f"the {name}" if name == "file" else name
        case Module() | Function() | Constructor() | Opaque():
            return binding.name
        case _:
            return "the value"


def closest(name: str, known: Iterable[str], *, offered: Iterable[str] | None = None) -> str:
    """Suggest the known name that a misspelt one was meant to be, or name what there is.

    Args:
        name: The misspelt one.
        known: What it is compared with.
        offered: What is named when nothing is close, the nearest first; None for `known`.
    """
    names = sorted(known)
    if len(names) > _MAX_COMPARED:
        return ""
    matches = difflib.get_close_matches(name, names, n=1, cutoff=0.7)
    if matches:
        return f"Did you mean {matches[0]}?"
    near = sorted(names if offered is None else offered, key=lambda one: _distance(name, one))
    if len(near) <= _MAX_NEAREST:
        return listing(near)
    return f"The nearest are {', '.join(near[:_MAX_NEAREST])}; there are {len(near) - _MAX_NEAREST} more"


def _distance(name: str, other: str) -> tuple[float, str]:
    # The matcher prepares its second sequence, and is not symmetric: this is the order that it wants.
    return -difflib.SequenceMatcher(None, other, name).ratio(), other


def listing(names: Iterable[str]) -> str:
    """List the names that there are."""
    joined = ", ".join(sorted(names))
    return f"Known here: {joined}" if joined else ""
