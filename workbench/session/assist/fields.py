r"""The arguments of a call as somebody fills them in who does not write Python.

What is typed into a field is the value itself: `text/plain` is a str, `7` a number where one is
expected. Who wants more writes a literal, `b"\x00"`, or an expression behind an equals sign:
`= open("picture.png", "rb")`.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.session.assist.scope import Scope
from workbench.session.assist.signature import Parameter, Signature

_LITERAL = re.compile(r"[bBrR]{0,2}['\"]")
_WORDS_OF_TRUTH = {"true": "True", "yes": "True", "1": "True", "false": "False", "no": "False", "0": "False"}


class FieldKind(StrEnum):
    """What is typed into a field."""

    TEXT = "text"
    BYTES = "bytes"
    NUMBER = "whole number"
    DECIMAL = "number"
    NUMBER_OR_TEXT = "number or text"
    BOOLEAN = "True or False"
    FIELDS = "Name: value, one a line"
    EXPRESSION = "Python expression"


_KINDS = {
    "body": FieldKind.TEXT,
    "message_body": FieldKind.BYTES,
    "data": FieldKind.BYTES,
    "headers": FieldKind.FIELDS,
    "default": FieldKind.TEXT,
    "name": FieldKind.TEXT,
    "file": FieldKind.TEXT,
    "mode": FieldKind.TEXT,
    "encoding": FieldKind.TEXT,
}
"""Of the parameters whose annotation does not say it, by name."""

_KINDS_OF_TYPES = {
    "str": FieldKind.TEXT,
    "int": FieldKind.NUMBER,
    "float": FieldKind.DECIMAL,
    "bool": FieldKind.BOOLEAN,
    "bytes": FieldKind.BYTES,
}

EXAMPLES = {
    "method": "GET",
    "url": "/",
    "host": "localhost",
    "port": "8000",
    "header": "Accept",
    "values": "text/plain",
    "name": "Content-Type",
    "headers": "Accept: text/plain",
    "body": "spam=1",
    "data": 'b"more\\r\\n"',
    "message_body": "spam=1",
    "timeout": "5",
    "strict": "1",
    "source_address": '("127.0.0.1", 0)',
    "context": "ssl.create_default_context()",
    "policy": "LENIENT",
    "buffer": "bytearray(1024)",
    "level": "1",
}


class WrongValueError(Exception):
    """What was typed into a field is no value for it.

    Attributes:
        field: The name of the parameter.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Form:
    """A call to be filled in."""

    target: str
    """What is called, as it is written: `conn.putheader`, `HTTPConnection`."""

    signature: Signature
    result: str = ""
    """The name that its value gets; empty where it gets none."""

    error: str = ""
    """The exception that the call would raise in the state that the connection is in."""


def kind_of_field(parameter: Parameter) -> FieldKind:
    """Say what is typed into the field of a parameter."""
    if parameter.name in _KINDS:
        return _KINDS[parameter.name]
    types = [one.strip() for one in parameter.type.split("|")]
    if types[:2] == ["int", "str"]:
        return FieldKind.NUMBER_OR_TEXT
    return _KINDS_OF_TYPES.get(types[0], FieldKind.EXPRESSION)


def source_of_call(form: Form, typed: Mapping[str, str]) -> str:
    """Write the call.

    Args:
        form: What is called.
        typed: What was typed, by the names of the parameters; empty text for what is left out.

    Raises:
        WrongValueError: What was typed is no value for its field, or something is missing.
    """
    arguments: list[str] = []
    by_place = True
    for parameter in form.signature.parameters:
        source = source_of_value(parameter, typed.get(parameter.name, ""))
        if not source:
            by_place = by_place and parameter.rest
        elif by_place and (parameter.positional or parameter.rest):
            arguments.append(source)
        elif parameter.by_name:
            by_place = False
            arguments.append(f"{parameter.name}={source}")
        else:
            raise WrongValueError(parameter.name, "Expected the fields before this one to be filled in, too")
    call = f"{form.target}({', '.join(arguments)})"
    return f"{form.result} = {call}" if form.result else call


def source_of_value(parameter: Parameter, text: str) -> str:
    """Write one argument as Python does; empty where it is left out.

    Raises:
        WrongValueError: It is no value for this parameter, or missing.
    """
    kind = kind_of_field(parameter)
    stripped = text.strip()
    if not stripped:
        if parameter.required:
            # An empty request-target stands for the root; nothing else can be empty and mean something.
            raise WrongValueError(parameter.name, f"Expected {kind}, found nothing")
        return ""
    if kind is FieldKind.EXPRESSION or stripped.startswith("="):
        return _expression(parameter, stripped.removeprefix("=").strip())
    if _LITERAL.match(stripped) and kind is not FieldKind.FIELDS:
        return _expression(parameter, stripped)
    if stripped == "None" and ("None" in parameter.type or parameter.default == "None"):
        return "None"
    return _WRITERS[kind](parameter, text)


def quoted(text: str) -> str:
    """Write a text as Python does, in double quotes where that is no harder to read."""
    source = repr(text)
    return source if '"' in source or "\\'" in source else f'"{source[1:-1]}"'


def _expression(parameter: Parameter, source: str) -> str:
    try:
        call = ast.parse(f"f({source})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        call = None
    # What closes the bracket and opens another is one expression as well, and no argument.
    match call:
        case ast.Call(func=ast.Name(), args=arguments, keywords=[]) if parameter.rest or len(arguments) == 1:
            return source
        case _:
            raise WrongValueError(parameter.name, f"Expected a Python expression, found {source[:40]!r}")


def _text(parameter: Parameter, text: str) -> str:
    if parameter.name == "body":
        try:
            text.encode("latin-1")
        except UnicodeEncodeError as error:
            raise WrongValueError(
                parameter.name,
                f"Expected characters of latin-1, found {text[error.start]!r}: = {quoted(text)}.encode() sends UTF-8",
            ) from None
    return quoted(text)


def _bytes(_parameter: Parameter, text: str) -> str:
    if not text.isascii():
        return f"{quoted(text)}.encode()"
    return f"b{quoted(text)}"


def _number(parameter: Parameter, text: str) -> str:
    stripped = text.strip().replace("_", "")
    if not re.fullmatch(r"-?[0-9]{1,4000}", stripped):
        raise WrongValueError(parameter.name, f"Expected a whole number, found {text.strip()[:40]!r}")
    return str(int(stripped))


def _decimal(parameter: Parameter, text: str) -> str:
    stripped = text.strip()
    if not re.fullmatch(r"-?[0-9]{1,4000}(\.[0-9]*)?|-?\.[0-9]+", stripped):
        raise WrongValueError(parameter.name, f"Expected a number, found {stripped[:40]!r}")
    return stripped if "." in stripped else str(int(stripped))


def _number_or_text(_parameter: Parameter, text: str) -> str:
    stripped = text.strip()
    return str(int(stripped)) if re.fullmatch(r"[0-9]{1,20}", stripped) else quoted(stripped)


def _boolean(parameter: Parameter, text: str) -> str:
    found = _WORDS_OF_TRUTH.get(text.strip().lower())
    if found is None:
        raise WrongValueError(parameter.name, f"Expected True or False, found {text.strip()[:40]!r}")
    return found


def _fields(parameter: Parameter, text: str) -> str:
    items: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise WrongValueError(
                parameter.name, f"Expected Name: value in line {number}, found {line.strip()[:40]!r}"
            )
        if name.strip() in items:
            raise WrongValueError(
                parameter.name, f"{name.strip()} stands twice, and a dict has one value for each name"
            )
        items[name.strip()] = value.strip()
    return "{" + ", ".join(f"{quoted(name)}: {quoted(value)}" for name, value in items.items()) + "}"


_WRITERS = {
    FieldKind.TEXT: _text,
    FieldKind.BYTES: _bytes,
    FieldKind.NUMBER: _number,
    FieldKind.DECIMAL: _decimal,
    FieldKind.NUMBER_OR_TEXT: _number_or_text,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.FIELDS: _fields,
}


def typed_from(signature: Signature, arguments: Sequence[str]) -> dict[str, str]:
    """Fill fields in from positional arguments as they are written in Python, as far as that goes."""
    typed: dict[str, str] = {}
    for position, source in enumerate(arguments):
        number = signature.parameter_at(position)
        if number is None or not source or signature.parameters[number].name in typed:
            break
        parameter = signature.parameters[number]
        typed[parameter.name] = _typed(parameter, source)
    return typed


def _typed(parameter: Parameter, source: str) -> str:
    try:
        value = ast.literal_eval(source)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        # A string that is still being written.
        opened = source[:1] in "\"'" and source.count(source[0]) == 1
        return source[1:] if opened else f"= {source}"
    if isinstance(value, str) and _is_written_so(parameter, value):
        return value
    return (
        source if kind_of_field(parameter) is not FieldKind.TEXT or _LITERAL.match(source) else f"= {source}"
    )


def _is_written_so(parameter: Parameter, value: str) -> bool:
    """Whether a text, typed as it is, becomes the literal of itself."""
    try:
        return source_of_value(parameter, value) == quoted(value)
    except WrongValueError:
        return False


def missing_imports(source: str, scope: Scope) -> tuple[str, ...]:
    """Write the imports that a call needs, of names that have no value yet.

    Args:
        source: The call.
        scope: The names that have one.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    names = dict.fromkeys(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
    found = (_import_of(name, scope) for name in names if not scope.knows(name))
    return tuple(line for line in found if line)


def _import_of(name: str, scope: Scope) -> str:
    for module_name, module in scope.namespace.importable.items():
        if name in module.members:
            return f"from {module_name} import {name}"
        if name == module_name.partition(".")[0]:
            return f"import {module_name}"
    return ""
