"""A connection remembers the field lines that it made. Nobody may notice."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workbench.protocol import HTTPConnection
from workbench.protocol.policy import BY_NAME

Field = tuple[Any, tuple[Any, ...]]


class _OfTheCaller(str):
    __slots__ = ()


# Few, so that they come again; some are equal and of other types, some cannot be sent.
_names = st.sampled_from(["X", "x", b"X", _OfTheCaller("X"), "Long", "no token", "", 1])
_values = st.sampled_from(
    [
        "1",
        1,
        True,
        b"1",
        _OfTheCaller("1"),
        "",
        " 1 ",
        "caf\xe9",
        "\u20ac",
        "a\r\nb",
        "a\r\n b",
        "v" * 600,
        None,
        1.0,
    ]
)
_fields = st.tuples(_names, st.lists(_values, min_size=1, max_size=2).map(tuple))


def outcome(connection: HTTPConnection, field: Field) -> bytes | tuple[str, str]:
    """Put a field; give its line, or what was raised."""
    name, values = field
    try:
        connection.putheader(name, *values)
    except (ValueError, TypeError) as error:
        return type(error).__name__, str(error)
    return connection._buffer[-1]


def begun(policy: str) -> HTTPConnection:
    connection = HTTPConnection("localhost", policy=BY_NAME[policy])
    connection.putrequest("GET", "/")
    return connection


@given(fields=st.lists(_fields, max_size=8), policy=st.sampled_from(sorted(BY_NAME)))
def test_field_line_is_the_same_whatever_was_put_before(fields: list[Field], policy: str) -> None:
    connection = begun(policy)

    in_turn = [outcome(connection, field) for field in fields]

    assert in_turn == [outcome(begun(policy), field) for field in fields]


def test_not_every_field_line_is_remembered() -> None:
    connection = begun("default")

    for number in range(1000):
        connection.putheader(f"X-{number}", "v")
    connection.putheader("Long", "v" * 100_000)

    kept = connection._plain_lines.values()
    assert len(kept) < 100
    assert sum(map(len, kept)) < 100_000
