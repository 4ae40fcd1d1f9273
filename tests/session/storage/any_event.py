"""Any event whatever, of any kind: hypothesis strategies made from the types of the fields."""

from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from workbench.protocol.tap import ErrorFact
from workbench.protocol.wire.diagnostics import Code, Severity
from workbench.protocol.wire.span import LEAF_KINDS, Leaf, Span

_NUMBERS = st.integers(0, 2**63)
_RANGES = st.tuples(st.integers(0, 10**12), st.integers(0, 10**6)).map(lambda one: (one[0], one[0] + one[1]))

_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    int: _NUMBERS,
    # Lone surrogates too: what a peer sends may become such a text.
    str: st.text(st.characters(), max_size=40),
    bool: st.booleans(),
    float: st.floats(0, allow_infinity=False),
    bytes: st.one_of(st.binary(max_size=40), st.binary(max_size=3).map(lambda few: few * 3000)),
    Span: st.builds(lambda stream, ends: Span(stream, *ends), st.sampled_from(("sent", "received")), _RANGES),
    Leaf: st.builds(lambda kind, ends: Leaf(kind, *ends), st.sampled_from(sorted(LEAF_KINDS)), _RANGES),
    Code: st.sampled_from(Code),
    Severity: st.sampled_from(Severity),
}


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of field."""
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if kind is ErrorFact:
        return any_event(ErrorFact)
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        if arguments[-1] is ...:
            return st.lists(any_of(arguments[0]), max_size=6).map(tuple)
        return st.tuples(*map(any_of, arguments))
    return st.one_of(*(st.none() if one is type(None) else any_of(one) for one in arguments))


def any_event(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any event of a kind."""
    types = get_type_hints(kind)
    return st.builds(kind, *(any_of(types[field.name]) for field in fields(kind)))
