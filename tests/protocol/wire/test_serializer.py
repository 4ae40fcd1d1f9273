"""From values to the bytes of a request, and what is said about values that must not be sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocol.wire.chunked import parse_chunk_header
from workbench.protocol.wire.diagnostics import Code
from workbench.protocol.wire.fields import parse_field_section
from workbench.protocol.wire.serializer import (
    check_field_line,
    check_method,
    chunk_leaves,
    field_line_leaves,
    request_line_leaves,
    serialize_chunk,
    serialize_field_line,
    serialize_request_line,
)
from workbench.protocol.wire.span import Leaf, tile


def _kinds(leaves: tuple[Leaf, ...]) -> list[tuple[str, int]]:
    assert [leaf.start for leaf in leaves[1:]] == [leaf.end for leaf in leaves[:-1]]
    return [(leaf.kind, leaf.end - leaf.start) for leaf in leaves]


def test_request_line_is_tiled() -> None:
    line = serialize_request_line(b"GET", b"/a", b"HTTP/1.1")
    leaves = request_line_leaves(7, b"GET", b"/a", b"HTTP/1.1")

    assert line == b"GET /a HTTP/1.1"
    assert _kinds(leaves) == [
        ("method", 3), ("sp", 1), ("target", 2), ("sp", 1), ("version", 8), ("eol", 2),
    ]  # fmt: skip
    assert (leaves[0].start, leaves[-1].end) == (7, 7 + len(line) + 2)


@pytest.mark.parametrize("method", [b"GET", b"x-~!#$%&'*+.^_`|9"])
def test_method_that_is_a_token_is_sent(method: bytes) -> None:
    assert check_method(method) == []


@pytest.mark.parametrize("method", [b"", b"GET ", b"A:B", b"\x7f", b"G\r\nX: y", b"G\xc3\x89T", b"GET\n"])
def test_method_that_is_no_token_is_reported(method: bytes) -> None:
    (found,) = check_method(method)

    assert (found.code, found.start, found.end, found.found) == (Code.METHOD_TOKEN, 0, len(method), method)


@pytest.mark.parametrize(
    ("values", "line", "kinds"),
    [
        pytest.param([b"v"], b"N: v", [("value", 1)], id="one value"),
        pytest.param([b""], b"N: ", [], id="an empty value"),
        pytest.param(
            [b"a", b"b"], b"N: a\r\n\tb", [("value", 1), ("fold", 3), ("value", 1)], id="two values"
        ),
        pytest.param(
            [b"a\r\n  b\n\tc"],
            b"N: a\r\n  b\n\tc",
            [("value", 1), ("fold", 4), ("value", 1), ("fold", 2), ("value", 1)],
            id="a value that is folded already",
        ),
        pytest.param([b"a: b"], b"N: a: b", [("value", 4)], id="a value that looks like a field line"),
    ],
)
def test_field_line_is_tiled(values: list[bytes], line: bytes, kinds: list[tuple[str, int]]) -> None:
    serialized = serialize_field_line(b"N", values)
    leaves = field_line_leaves(10, serialized)

    assert serialized == line
    assert _kinds(leaves) == [("name", 1), ("colon", 1), ("ows", 1), *kinds, ("eol", 2)]
    assert (leaves[0].start, leaves[-1].end) == (10, 10 + len(line) + 2)


@pytest.mark.parametrize(
    ("name", "values", "codes"),
    [
        pytest.param(b"X-Y", [b"a b\t\xe9"], [], id="a line that all may read"),
        pytest.param(b"X Y", [b"a"], [(Code.SENT_NAME_TOKEN, 0, 3)], id="a space in the name"),
        pytest.param(b" X", [b"a"], [(Code.SENT_NAME, 0, 2)], id="a space before the name"),
        pytest.param(b"X:Y", [b"a"], [(Code.SENT_NAME, 0, 3)], id="a colon in the name"),
        pytest.param(b"", [b"a"], [(Code.SENT_NAME, 0, 0)], id="an empty name"),
        pytest.param(b"X\r\nY", [b"a"], [(Code.SENT_NAME, 0, 4)], id="a line end in the name"),
        pytest.param(b"X", [b"a\r\nY: b"], [(Code.SENT_VALUE, 3, 10)], id="a field in the value"),
        pytest.param(b"X", [b"a\nb"], [(Code.SENT_VALUE, 3, 6)], id="an LF in the value"),
        pytest.param(b"X", [b"a\rb"], [(Code.SENT_VALUE, 3, 6)], id="a CR in the value"),
        pytest.param(b"X", [b"a\0b"], [(Code.SENT_VALUE, 3, 6)], id="a NUL in the value"),
        pytest.param(b"X", [b"a\r\n"], [(Code.SENT_VALUE, 3, 6)], id="a line end behind the value"),
        pytest.param(b"X", [b"a", b"b"], [(Code.SENT_OBS_FOLD, 4, 7)], id="two values"),
        pytest.param(b"X", [b"a\r\n b"], [(Code.SENT_OBS_FOLD, 4, 7)], id="a folded value"),
        pytest.param(
            b"X",
            [b"a\r", b"b"],
            [(Code.SENT_VALUE, 3, 9), (Code.SENT_OBS_FOLD, 5, 8)],
            id="a CR that the fold would hide",
        ),
        pytest.param(
            b"X",
            [b"a", b"\nb"],
            [(Code.SENT_VALUE, 3, 9)],
            id="an LF behind a fold",
        ),
        pytest.param(b"X", [b"a\x07"], [], id="a control character that ends nothing"),
    ],
)
def test_field_line_that_must_not_be_sent_is_reported(
    name: bytes, values: list[bytes], codes: list[tuple[Code, int, int]]
) -> None:
    found = [
        (diagnostic.code, diagnostic.start, diagnostic.end) for diagnostic in check_field_line(name, values)
    ]

    assert found[: len(codes)] == codes
    assert {code for code, _, _ in found[len(codes) :]} <= {Code.SENT_OBS_FOLD}


def test_report_of_a_long_value_shows_what_is_around_the_fault() -> None:
    (found,) = check_field_line(b"X", [b"a" * 100 + b"\0" + b"b" * 100])

    assert found.found == b"a" * 20 + b"\0" + b"b" * 20


tokens = st.from_regex(rb"\A[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")


@given(name=tokens, values=st.lists(st.binary(max_size=12), min_size=1, max_size=3))
def test_line_without_a_report_is_read_as_one_field(name: bytes, values: list[bytes]) -> None:
    codes = {diagnostic.code for diagnostic in check_field_line(name, values)}
    section = parse_field_section(serialize_field_line(name, values) + b"\r\n", 0)

    if codes <= {Code.SENT_OBS_FOLD}:
        assert [line_name for line_name, _ in section.pairs] == [name]


@pytest.mark.parametrize("data", [b"x", b"x" * 10, bytearray(b"y" * 300), memoryview(b"z" * 16)])
def test_chunk_is_tiled_and_can_be_read(data: bytes) -> None:
    chunk = serialize_chunk(data)
    leaves = chunk_leaves(5, len(data))

    header, diagnostics = parse_chunk_header(chunk[: chunk.index(b"\n") + 1], 5)
    assert header is not None
    assert (header.size, diagnostics) == (len(data), [])
    assert tile(header.start, *header.parts) == leaves[:2]
    assert _kinds(leaves)[2:] == [("content", len(data)), ("chunk_end", 2)]
    assert leaves[-1].end == 5 + len(chunk)


def test_chunk_without_data_is_the_last_one() -> None:
    assert serialize_chunk(b"") == b"0\r\n\r\n"
    assert _kinds(chunk_leaves(0, 0)) == [("chunk_size", 1), ("eol", 2), ("section_end", 2)]
