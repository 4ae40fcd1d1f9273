"""Spans, diagnostics, the grammar and sections, where no case of bytes reaches them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocol.errors import HTTPException, exception_for, explain
from workbench.protocol.policy import DEFAULT, LENIENT, STRICT, Action
from workbench.protocol.wire.diagnostics import Code, Diagnostic, Severity, facts
from workbench.protocol.wire.fields import parse_field_section
from workbench.protocol.wire.framing import decide_framing
from workbench.protocol.wire.grammar import FIELD_LINE, SECTION_END, TOKEN
from workbench.protocol.wire.span import Leaf, Span, tile


def test_length_of_a_span_is_its_bytes() -> None:
    assert len(Span("received", 3, 10)) == 7


def test_part_without_bytes_has_no_leaf() -> None:
    assert tile(5, ("name", 2), ("ows", 0), ("value", 3)) == (Leaf("name", 5, 7), Leaf("value", 7, 10))


@pytest.mark.parametrize("code", Code)
def test_words_of_a_diagnostic_are_one_sentence_with_its_rule(code: Code) -> None:
    severity, section, words = facts(code)

    assert severity in Severity
    assert re.fullmatch(r"RFC 911[02] section [0-9]+(\.[0-9]+){0,3}", section)
    assert words == words.strip()
    assert not words.endswith(".")
    assert words[0].islower() or words.startswith(("205", "101", "HTTP", "TLS", "Content-", "Transfer-"))


@pytest.mark.parametrize("code", Code)
def test_policies_agree_that_strict_refuses_most(code: Code) -> None:
    order = [Action.RAISE, Action.ACCEPT, Action.IGNORE]

    places = [order.index(policy[code]) for policy in (STRICT, DEFAULT, LENIENT)]
    assert places == sorted(places)


@pytest.mark.parametrize("code", Code)
def test_every_diagnostic_becomes_an_exception_of_the_old_tree(code: Code) -> None:
    for context in ("status line", "field line", "trailer", "framing", "chunk", "body"):
        found = Diagnostic(code, 7, 9, b"\r" * 200, context)

        exception = exception_for(found)

        assert isinstance(exception, HTTPException)
        assert exception.diagnostic is found


def test_explanation_says_what_where_the_bytes_and_the_rule() -> None:
    found = Diagnostic(Code.CHUNK_SIZE, 312, 314, b"zz", "chunk", "a detail")

    assert explain(found) == (
        "Expected a hexadecimal chunk size of 1 to 16 digits at byte 312: b'zz', a detail "
        "(RFC 9112 section 7.1)"
    )


def test_explanation_cuts_long_bytes() -> None:
    assert "b'" + "z" * 80 + "'..." in explain(Diagnostic(Code.CHUNK_SIZE, 0, 500, b"z" * 500, "chunk"))


@given(data=st.binary(max_size=60))
def test_field_line_pattern_tiles_any_bytes(data: bytes) -> None:
    matches = [match.group() for match in FIELD_LINE.finditer(data)]

    assert b"".join(matches) == data
    assert all(match.endswith(b"\n") for match in matches[:-1])


@given(data=st.binary(max_size=40))
def test_section_with_any_bytes_is_covered_by_its_lines(data: bytes) -> None:
    section = parse_field_section(data, 0)

    assert b"".join(line.raw for line in section.lines) == data
    leaves = [leaf for line in section.lines for leaf in line.leaves]
    assert [leaf.start for leaf in leaves] + [len(data)] == [0, *(leaf.end for leaf in leaves)]
    assert all(0 <= found.start <= found.end <= len(data) for found in section.diagnostics)
    assert all(data[found.start : found.end] == found.found for found in section.diagnostics)


@pytest.mark.parametrize("end", [b"\n\n", b"\n\r\n"])
def test_section_ends_at_an_empty_line_of_either_kind(end: bytes) -> None:
    assert SECTION_END.search(b"a\r" + end) is not None
    assert SECTION_END.search(b"a\r\n \r\n") is None


def test_token_is_what_the_rfc_lists() -> None:
    allowed = {byte for byte in range(256) if TOKEN.fullmatch(bytes([byte]))}

    assert bytes(sorted(allowed)).decode() == (
        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"
    )


def test_values_of_one_name_are_found_in_any_case_of_letters() -> None:
    section = parse_field_section(b"A: 1\r\nB: x\r\na: 2\r\n", 0)

    assert section.values(b"c") == []
    assert section.values(b"a") == [b"1", b"2"]
    assert [line.start for line in section.lines_named(b"a")] == [0, 12]


@pytest.mark.parametrize("zeros", [0, 3, 19, 40])
def test_leading_zeros_of_a_content_length_count_for_nothing(zeros: int) -> None:
    section = parse_field_section(b"Content-Length: " + b"0" * zeros + b"12\r\n", 0)

    framing, diagnostics = decide_framing("GET", 200, 11, section)

    assert (framing.rule, framing.length, diagnostics) == (6, 12, [])


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        pytest.param(b"A: b\r\nSet-Cookie: key\r\n", ": b'A', b'Set-Cookie'", id="no values"),
        pytest.param(b"", "", id="empty"),
        pytest.param(b"N\x1bme: x\r\n", r": b'N\x1bme'", id="control characters"),
        pytest.param(b"no colon\r\n", "", id="no field"),
        pytest.param(b"N: x\r\n" * 10, ": " + "b'N', " * 8 + "2 more", id="many fields"),
        pytest.param(b"N" * 90 + b": x\r\n", f": b'{'N' * 40}'", id="a long name"),
    ],
)
def test_section_is_shown_by_its_place_and_some_names(data: bytes, shown: str) -> None:
    section = parse_field_section(data, 17)

    assert repr(section) == f"<FieldSection of bytes 17 to {17 + len(data)}{shown}>"
