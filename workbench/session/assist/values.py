"""Values that an argument often has, where there are few enough to list them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.session.assist.place import OpenDict, Place
from workbench.session.assist.scope import Scope
from workbench.session.assist.signature import Parameter
from workbench.session.assist.words import FIELD_NAMES, METHODS, field_named

POLICIES = {
    "STRICT": "refuse whatever the RFCs forbid",
    "DEFAULT": "raise where http.client does, and where going on is dangerous",
    "LENIENT": "go on wherever that is possible",
}
_LISTED = {
    "method": METHODS,
    "url": {"/": "the root of the server"},
    "mode": {"rb": "bytes", "r": "text"},
    "encoding": {"utf-8": "", "latin-1": "one byte a character", "ascii": ""},
}
"""Strings with what they mean, by the name of the parameter."""

_FIELD_PARAMETERS = frozenset({"header", "name"})
"""What http.client calls the name of a field."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an argument often has."""

    text: str
    """A string without its quotes, or an expression."""

    help: str
    quoted: bool = True
    """Whether it is a string."""


def values_for(parameter: Parameter, place: Place, scope: Scope) -> Iterator[Value]:
    """Yield the values that an argument often has.

    Args:
        parameter: Which argument it is.
        place: Where it is written.
        scope: Whose policies and whose response count.
    """
    if parameter.name in _LISTED:
        yield from (Value(text, words) for text, words in _LISTED[parameter.name].items())
    elif parameter.name == "headers":
        if place.dict is not None:
            yield from _dict_values(place.dict)
    elif parameter.name in _FIELD_PARAMETERS and place.call is not None:
        yield from _names(scope, response=not place.call.callee.endswith("putheader"))
    elif parameter.rest and place.call is not None and place.call.arguments:
        yield from _field_values(place.call.arguments[0])
    elif parameter.type.startswith("Policy"):
        known = (name for name in POLICIES if scope.knows(name))
        yield from (Value(name, POLICIES[name], quoted=False) for name in known)
    elif parameter.type == "bool":
        yield from (Value(text, "", quoted=False) for text in ("True", "False"))


def _dict_values(open_dict: OpenDict) -> Iterator[Value]:
    if open_dict.key:
        yield from _field_values(open_dict.key)
        return
    given = {_string(key).lower() for key in open_dict.keys}
    yield from (
        Value(known.name, known.help)
        for known in FIELD_NAMES
        if known.in_request and known.name.lower() not in given
    )


def _names(scope: Scope, *, response: bool) -> Iterator[Value]:
    """Yield names of fields: those that came first, where a response is asked for one."""
    came = dict.fromkeys(scope.field_names) if response else {}
    for name in came:
        known = field_named(name)
        yield Value(name, known.help if known else "came in the response")
    lower = {name.lower() for name in came}
    for known in FIELD_NAMES:
        if (known.in_response if response else known.in_request) and known.name.lower() not in lower:
            yield Value(known.name, known.help)


def _field_values(name: str) -> Iterator[Value]:
    known = field_named(_string(name))
    if known is not None:
        yield from (Value(value, "") for value in known.values)


def _string(source: str) -> str:
    """Give the text of a literal; empty where it is none."""
    try:
        value = ast.literal_eval(source)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return ""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""
