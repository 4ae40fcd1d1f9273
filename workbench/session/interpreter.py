"""The interpreter: carries out statements of a script by walking their trees.

It knows the node types of the script language and no others, looks names up in its own dict,
members in the tables of `allowed`, and calls nothing that is not there. So a script reaches what
the tables name, and nothing behind it. Python's own `eval`, `exec` and `compile` have no part in it.

Exceptions of the calls pass through unchanged: they are what the user came to see.
"""

import ast
import inspect
import os
from collections.abc import Callable, ItemsView, KeysView, ValuesView
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from workbench.protocol.policy import Policy
from workbench.protocol.tap import Event
from workbench.session.allowed import Kind
from workbench.session.bounds import (
    MAX_KEPT,
    MAX_WEIGHT,
    TooLargeError,
    add,
    check_codec,
    check_growth,
    check_repeated_names,
    check_set,
    check_text_method,
    check_weight,
    kept_weight,
    multiply,
    remainder,
    weigh,
)
from workbench.session.check import Binding, binding_of, describe, keyword_allowed, member_of, merge_packages
from workbench.session.namespace import BUILTINS, Constructor, Function, Module, Namespace, default_namespace
from workbench.session.script import Statement, parse_expression
from workbench.session.script_error import ScriptRuntimeError

_READ_MODES = frozenset({"r", "rb", "br", "rt", "tr"})

_UNPACKED = (list, tuple, str, bytes, bytearray, dict, KeysView, ValuesView, ItemsView)
"""What has as many parts as its length says. Others, such as a file, would be read to find out."""

_ARGUMENT_GROWTH = 16
"""How many times longer than its arguments the result of a function can be: quote() spells a
character with up to twelve."""


class Closable(Protocol):
    """What the interpreter closes at its end."""

    def close(self) -> None:
        """Close it; closing twice does no harm."""


class Interpreter:
    """One run of a script: its names and the connections and files that it opened.

    Args:
        script_namespace: What the script can reach; by default `workbench.protocol`.
        tap: Given to every connection that the script makes.
        on_connection: Told of every connection right after it was made.
        output: Takes what `print` writes, with its line ends, as the script made it: it can hold
            control characters.
        default_timeout: Seconds, for connections to which the script gives no timeout.
        default_policy: For connections to which the script gives none.
    """

    def __init__(
        self,
        script_namespace: Namespace | None = None,
        *,
        tap: Callable[[Event], None] | None = None,
        on_connection: Callable[[Any], None] | None = None,
        output: Callable[[str], None],
        default_timeout: float | None = None,
        default_policy: Policy | None = None,
    ) -> None:
        self.namespace: dict[str, Any] = {}
        """The script's variables."""

        self._script_namespace = script_namespace or default_namespace()
        self._tap = tap
        self._on_connection = on_connection
        self._output = output
        self._defaults = {
            name: value
            for name, value in (("timeout", default_timeout), ("policy", default_policy))
            if value is not None
        }
        self._weights: dict[str, int] = {}
        self._kept = 0
        self._opened: list[Closable] = []
        self._own_functions: dict[str, Callable[..., object]] = {
            "print": self._print,
            "open": self._open,
            "bytearray": _bytearray,
        }
        self._expressions: dict[type[ast.expr], Callable[[Any], object]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Subscript: self._subscript,
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.List: self._list,
            ast.Tuple: self._tuple,
            ast.Dict: self._dict,
        }

    def execute(self, statement: Statement) -> object:
        """Carry out one statement.

        Returns:
            The value of an expression or of an assignment; None for an import.

        Raises:
            ScriptRuntimeError: The script asks for something that it may not have.
            Exception: Whatever a call of the statement raised.
        """
        node = statement.node
        match node:
            case ast.Import() | ast.ImportFrom():
                self._import(node)
                return None
            case ast.Assign(targets=targets, value=expression):
                value = self._evaluate(expression)
                for target in targets:
                    self._bind(target, value)
                return value
            case ast.Expr(value=expression):
                return self._evaluate(expression)
            case _:
                raise self._refusal(node, f"{type(node).__name__} is outside the script language")

    def evaluate(self, source: str) -> object:
        """Give the value of an expression over the script's variables.

        Raises:
            ScriptError: It is not in the script language.
            Exception: Whatever a call in it raised.
        """
        space = self._script_namespace
        bindings = {name: binding_of(value, space) for name, value in self.namespace.items()}
        return self._evaluate(parse_expression(source, bindings, space))

    def close(self) -> None:
        """Close every connection, response and file that the script opened, last first."""
        with ExitStack() as stack:
            while self._opened:
                stack.callback(self._opened.pop(0).close)

    # --- statements ------------------------------------------------------------------------

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        space = self._script_namespace
        if isinstance(node, ast.ImportFrom):
            name = node.module or ""
            module = space.importable.get(name) or space.packages.get(name)
            for alias in node.names:
                if module is None or node.level or alias.name not in module.members:
                    raise self._refusal(node, f"A script cannot import {alias.name!r} from {name!r}")
                self.namespace[alias.asname or alias.name] = module.members[alias.name]
            return
        for alias in node.names:
            if alias.name not in space.importable:
                raise self._refusal(node, f"A script cannot import {alias.name!r}")
            package = alias.name.partition(".")[0]
            if alias.asname is not None:
                self.namespace[alias.asname] = space.importable[alias.name]
            else:
                new = space.packages.get(package) or space.importable[alias.name]
                self.namespace[package] = merge_packages(self.namespace.get(package), new)

    def _bind(self, target: ast.expr, value: object) -> None:
        match target:
            case ast.Name(id=name):
                self._count(target, name, value)
                self.namespace[name] = value
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values = self._unpack(target, value, len(targets))
                for element, part in zip(targets, values, strict=True):
                    self._bind(element, part)
            case ast.Attribute(value=owner_node, attr=name):
                owner = self._evaluate(owner_node)
                kind = binding_of(owner, self._script_namespace)
                if not isinstance(kind, Kind) or name not in kind.settable:
                    raise self._refusal(target, f"A script cannot assign to the attribute {name!r}")
                setattr(owner, name, value)
            case _:
                raise self._refusal(target, "Expected a name to assign to")

    def _count(self, target: ast.expr, name: str, value: object) -> None:
        """Refuse a value that would be too much together with those of the other names."""
        weight = kept_weight(value)
        total = self._kept + weight - self._weights.get(name, 0)
        if total > MAX_KEPT:
            message = f"All values of a script together may take {MAX_KEPT // (1024 * 1024)} MiB"
            raise self._refusal(target, message)
        self._kept, self._weights[name] = total, weight

    def _unpack(self, node: ast.expr, value: object, count: int) -> list[object]:
        if not isinstance(value, _UNPACKED):
            raise self._refusal(node, f"Expected {count} values, found one that has no parts")
        if len(value) != count:
            raise self._refusal(node, f"Expected {count} values, found {len(value)}")
        return list(value)

    # --- expressions -----------------------------------------------------------------------

    def _evaluate(self, node: ast.expr) -> Any:
        evaluate = self._expressions.get(type(node))
        if evaluate is None:
            raise self._refusal(node, f"{type(node).__name__} is outside the script language")
        return evaluate(node)

    def _constant(self, node: ast.Constant) -> object:
        return node.value

    def _name(self, node: ast.Name) -> object:
        if node.id in self.namespace:
            return self.namespace[node.id]
        if node.id in BUILTINS:
            return BUILTINS[node.id]
        raise self._refusal(
            node, f"The name {node.id!r} has no value yet", "Run the line that assigns it first"
        )

    def _attribute(self, node: ast.Attribute) -> object:
        owner = self._evaluate(node.value)
        binding = binding_of(owner, self._script_namespace)
        _, problem, hint = member_of(binding, node.attr)
        if binding is None or problem:
            raise self._refusal(node, problem or f"A script cannot use {node.attr!r} of this value", hint)
        return owner.members[node.attr] if isinstance(owner, Module) else getattr(owner, node.attr)

    def _call(self, node: ast.Call) -> object:
        callee, binding, name = self._callee(node.func)
        positional = [self._evaluate(argument) for argument in node.args]
        keywords: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None or not keyword_allowed(binding, keyword.arg):
                raise self._refusal(node, f"A script cannot give the argument {keyword.arg!r} to {name}")
            keywords[keyword.arg] = self._evaluate(keyword.value)
        try:
            if isinstance(binding, Constructor):
                return self._connect(binding, positional, keywords)
            if isinstance(binding, Function):
                check_codec(keywords.get("encoding"))
                _check_arguments(binding, positional, keywords)
            owner = getattr(callee, "__self__", None)
            if isinstance(owner, str | bytes | bytearray):
                check_text_method(owner, name, positional, keywords)
                result = callee(*positional, **keywords)
                check_growth(owner, result)
                return result
            result = callee(*positional, **keywords)
        except TooLargeError as error:
            raise self._refusal(node, f"{name}: {error}") from None
        return self._keep(result)

    def _callee(self, node: ast.expr) -> tuple[Callable[..., object], Binding, str]:
        """What to call, what is known of it (or of the owner of a method), and its name."""
        if isinstance(node, ast.Attribute):
            owner = self._evaluate(node.value)
            binding = binding_of(owner, self._script_namespace)
            _, problem, hint = member_of(binding, node.attr, method=True)
            if binding is None or problem:
                raise self._refusal(node, problem or f"A script cannot use {node.attr!r} of this value", hint)
            if not isinstance(owner, Module):
                if (binding.name, node.attr) == ("file", "read"):
                    return partial(_read_file, owner), binding, node.attr
                return getattr(owner, node.attr), binding, node.attr
            value = owner.members[node.attr]
        elif isinstance(node, ast.Name):
            value = self._name(node)
        else:
            raise self._refusal(node, "Expected the name of a method or function to call")
        if isinstance(value, Constructor):
            return value.connection_class, value, value.name
        if not isinstance(value, Function):
            raise self._refusal(
                node, f"{describe(binding_of(value, self._script_namespace))} cannot be called"
            )
        return value.implementation or self._own_functions[value.name], value, value.name

    def _connect(self, constructor: Constructor, positional: list[Any], keywords: dict[str, Any]) -> object:
        """Make a connection that reports to the tap."""
        make = constructor.connection_class
        for name, value in self._defaults.items():
            if not _gives(name, make, positional, keywords):
                keywords[name] = value
        connection = make(*positional, **keywords, **({} if self._tap is None else {"tap": self._tap}))
        self._opened.append(connection)
        if self._on_connection is not None:
            self._on_connection(connection)
        return connection

    def _keep(self, result: object) -> object:
        """Remember what has to be closed in the end."""
        kind = self._script_namespace.kind_of(result)
        if kind is not None and kind.name in {"HTTPResponse", "file"}:
            self._opened.append(result)  # type: ignore[arg-type]
        return result

    def _subscript(self, node: ast.Subscript) -> object:
        owner = self._evaluate(node.value)
        binding = binding_of(owner, self._script_namespace)
        if not isinstance(binding, Kind):
            raise self._refusal(node, f"{describe(None)} has no items for scripts")
        if not isinstance(node.slice, ast.Slice):
            return owner[self._evaluate(node.slice)]
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        return owner[slice(*(None if part is None else self._evaluate(part) for part in parts))]

    def _binary(self, node: ast.BinOp) -> object:
        operate = {ast.Add: add, ast.Mult: multiply, ast.Mod: remainder}.get(type(node.op))
        if operate is None:
            raise self._refusal(node, f"The operator {type(node.op).__name__} is outside the script language")
        return self._bounded(node, lambda: operate(self._evaluate(node.left), self._evaluate(node.right)))

    def _unary(self, node: ast.UnaryOp) -> object:
        operand = self._evaluate(node.operand)
        if isinstance(node.op, ast.USub):
            return -operand
        if isinstance(node.op, ast.UAdd):
            return +operand
        raise self._refusal(node, f"The operator {type(node.op).__name__} is outside the script language")

    def _list(self, node: ast.List) -> object:
        return self._bounded(node, lambda: _weighed([self._evaluate(element) for element in node.elts]))

    def _tuple(self, node: ast.Tuple) -> object:
        return self._bounded(node, lambda: _weighed(tuple(self._evaluate(element) for element in node.elts)))

    def _dict(self, node: ast.Dict) -> object:
        items: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise self._refusal(node, "** is outside the script language")
            # In an assignment to an item Python takes the value first; in a dict the key comes first.
            made_key = self._evaluate(key)
            items[made_key] = self._evaluate(value)
        return self._bounded(node, lambda: _weighed(items))

    def _bounded(self, node: ast.expr, make: Callable[[], object]) -> object:
        try:
            return make()
        except TooLargeError as error:
            raise self._refusal(node, f"Expected a smaller value: {error}") from None

    def _refusal(self, node: ast.expr | ast.stmt, message: str, hint: str = "") -> ScriptRuntimeError:
        end_column = (node.end_col_offset or 0) + 1 if node.end_lineno == node.lineno else None
        return ScriptRuntimeError(
            message, line=node.lineno, column=node.col_offset + 1, end_column=end_column, hint=hint
        )

    # --- the functions that are the interpreter's own -----------------------------------------

    def _print(self, *values: object, sep: str | None = None, end: str | None = None) -> None:
        for name, text in (("sep", sep), ("end", end)):
            if text is not None and not isinstance(text, str):
                raise TypeError(f"{name} must be None or a string, not {type(text).__name__}")
        separator = " " if sep is None else sep
        check_weight(sum(weigh(value) for value in values) + len(separator) * len(values))
        self._output(separator.join(map(str, values)) + ("\n" if end is None else end))

    def _open(self, path: str, mode: str = "r", *, encoding: str | None = None) -> object:
        if not isinstance(path, str):
            raise TypeError(f"open: expected a path, found {type(path).__name__}")
        if mode == "wb" and path == os.devnull:
            # Nothing can be lost there, and http.client's UnimplementedFileMode has no other way.
            return Path(path).open("wb")
        if mode not in _READ_MODES:
            raise ValueError(f"open: expected the mode 'rb' or 'r', for reading, found {mode!r}")
        if "b" in mode:
            return Path(path).open("rb")
        return Path(path).open("r", encoding=encoding or "utf-8")


def _read_file(file: Any, size: Any = None) -> object:
    if size is not None and (not isinstance(size, int) or 0 <= size <= MAX_WEIGHT):
        return file.read(size)
    data = file.read(MAX_WEIGHT + 1)
    check_weight(len(data))
    return data


def _bytearray(source: object = b"") -> bytearray:
    if isinstance(source, int):
        check_weight(source)
    if not isinstance(source, int | bytes | bytearray):
        raise TypeError(f"bytearray: expected a length or bytes, found {type(source).__name__}")
    return bytearray(source)


def _check_arguments(function: Function, positional: list[object], keywords: dict[str, object]) -> None:
    if function.positional is not None and len(positional) > function.positional:
        raise TypeError(f"{function.name}() takes {function.positional} arguments in a script")
    if "safe" in function.keywords:
        check_set(keywords.get("safe", positional[1] if len(positional) > 1 else None))
    if keywords.get("doseq") and positional:
        check_repeated_names(positional[0])
    weight = sum(weigh(value) for value in (*positional, *keywords.values()))
    # What print() and len() are given is not copied; the others give something longer.
    growth = 1 if function.implementation in {None, len} else _ARGUMENT_GROWTH
    if weight * growth > MAX_WEIGHT:
        raise TooLargeError(f"the arguments take more than {MAX_WEIGHT // growth // (1024 * 1024)} MiB")


def _weighed(value: object) -> object:
    weigh(value)
    return value


def _gives(name: str, make: Callable[..., object], positional: list[Any], keywords: dict[str, Any]) -> bool:
    try:
        return name in inspect.signature(make).bind(*positional, **keywords).arguments
    except TypeError:
        # The call is going to say so itself, with its own words.
        return True
