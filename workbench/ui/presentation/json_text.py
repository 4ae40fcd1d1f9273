"""JSON, indented for reading.

The text is laid out again token by token, never built anew from values: what the sender wrote stays
as it is written, two members of one name and the digits of a number included. So JSON that is cut
short can be laid out, too.
"""

import json
import re
from typing import Any, NoReturn

from workbench.ui.presentation.text_fault import TextFault

INDENT = "  "
MOST_INDENTED = 20
"""Levels that are indented. Deeper ones stand below each other: an array in an array in an array, ten
thousand times, is 20 kB to send, and would be 200 MB of spaces."""

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"?|[{}\[\],:]|[ \t\r\n]+|[^"{}\[\],:\s]+|.', re.DOTALL)


def find_json_fault(text: str) -> TextFault | None:
    """Find the first place where a text is no JSON (RFC 8259)."""
    try:
        # Numbers are not made, so that one of a million digits costs nothing.
        json.loads(text, parse_int=_nothing, parse_float=_nothing, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return TextFault(error.msg, error.lineno, error.colno)
    except _ConstantFoundError as found:
        name = found.args[0]
        at = _place_of(text, name)
        before = text[:at]
        return TextFault(f"{name} is no JSON value", before.count("\n") + 1, at - before.rfind("\n"))
    except RecursionError:
        return TextFault("nested too deeply to be checked", 1, 1)
    return None


class _ConstantFoundError(ValueError):
    """Python reads NaN and Infinity; JSON has neither."""


def _nothing(_: str) -> Any:
    return None


def _refuse(name: str) -> NoReturn:
    raise _ConstantFoundError(name)


def _place_of(text: str, name: str) -> int:
    """Find a name that stands outside strings."""
    return next((match.start() for match in _TOKEN.finditer(text) if match.group() == name), 0)


def indent_json(text: str) -> str:
    """Lay JSON out with a member or an element a line."""
    parts: list[str] = []
    depth = 0
    opened = False
    for match in _TOKEN.finditer(text):
        lexeme = match.group()
        if lexeme.isspace():
            continue
        closes = lexeme in ("}", "]")
        if closes:
            depth = max(0, depth - 1)
        # A line ends behind what opens and before what closes, but not between the two.
        if opened is not closes:
            parts.append(_new_line(depth))
        opened = lexeme in ("{", "[")
        if opened:
            depth += 1
        parts.append(": " if lexeme == ":" else lexeme)
        if lexeme == ",":
            parts.append(_new_line(depth))
    return "".join(parts)


def _new_line(depth: int) -> str:
    return "\n" + INDENT * min(depth, MOST_INDENTED)
