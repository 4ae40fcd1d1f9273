"""Bytes in the forms in which they are copied, and the chooser of them."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocol.wire.span import Span
from workbench.ui.presentation.copy_choices import (
    CopyLines,
    CopyRange,
    choice_words,
    copied_line,
    copy_choices,
)
from workbench.ui.presentation.copy_formats import SLICE, CopyFormat, format_bytes
from workbench.ui.presentation.find_query import parse_query
from workbench.ui.presentation.piece import plain

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def formatted(form, data):
    return b"".join(format_bytes(form, lambda start, end: data[start:end], 0, len(data)))


def test_raw_is_the_bytes():
    assert formatted(CopyFormat.RAW, HEAD) == HEAD


def test_hex_is_pairs_of_digits_sixteen_a_line():
    assert formatted(CopyFormat.HEX, bytes(18)) == b"00 " * 15 + b"00\n00 00"


def test_python_of_one_line_is_one_literal():
    assert formatted(CopyFormat.PYTHON, b"Host: a\r\n") == b"b'Host: a\\r\\n'"


def test_python_of_more_lines_has_a_literal_for_each():
    assert formatted(CopyFormat.PYTHON, HEAD).decode() == (
        "(\n    b'GET / HTTP/1.1\\r\\n'\n    b'Host: a\\r\\n'\n    b'\\r\\n'\n)"
    )


@given(st.binary(max_size=400))
def test_python_reads_back_as_the_bytes(data):
    assert ast.literal_eval(formatted(CopyFormat.PYTHON, data).decode()) == data


@given(st.binary(min_size=1, max_size=400))
def test_hex_reads_back_as_the_bytes(data):
    text = formatted(CopyFormat.HEX, data).decode()

    assert bytes.fromhex(text) == data
    assert parse_query(f"hex:{text}").needle == data


@pytest.mark.parametrize("form", CopyFormat)
def test_long_ranges_are_the_same_as_short_ones_put_together(form):
    data = bytes(range(256)) * (2 * SLICE // 256) + b"end"
    read = {
        CopyFormat.RAW: lambda text: text,
        CopyFormat.HEX: lambda text: bytes.fromhex(text.decode()),
        CopyFormat.PYTHON: lambda text: ast.literal_eval(text.decode()),
    }[form]

    assert read(formatted(form, data)) == data


@pytest.mark.parametrize("form", CopyFormat)
def test_forms_ask_for_few_bytes_at_once(form):
    asked = []

    def read(start, end):
        asked.append(end - start)
        return bytes(end - start)

    for _ in format_bytes(form, read, 0, 3 * SLICE):
        pass

    assert max(asked) <= SLICE


# --- the chooser -------------------------------------------------------------------------


def ranges():
    return [
        CopyRange("field line", Span("sent", 16, 25)),
        CopyRange("this row", Span("sent", 16, 25)),
        CopyRange("everything sent", Span("sent", 0, len(HEAD))),
        CopyRange("everything received", Span("received", 0, 0)),
    ]


def test_same_bytes_are_offered_once_and_none_not_at_all():
    names = [choice.range.name for choice in copy_choices(ranges())]

    assert names == ["field line"] * 3 + ["everything sent"] * 3


def test_line_has_a_digit_a_name_a_form_and_the_beginning():
    lines = CopyLines(copy_choices(ranges()), {"sent": lambda start, end: HEAD[start:end]})

    assert [plain(lines.line(number, 80)) for number in range(4)] == [
        " 1  field line, 9 bytes        raw           Host: a␍␊",
        " 2                             hex           48 6f 73 74 3a 20 61 0d 0a",
        " 3                             Python bytes  b'Host: a\\r\\n'",
        " 4  everything sent, 27 bytes  raw           GET / HTTP/1.1␍␊Host: a␍␊␍␊",
    ]


@pytest.mark.parametrize(
    ("way", "where", "reason", "words"),
    [
        pytest.param("tool", "xclip", "", "Copied with xclip: field line as hex, 26 bytes", id="tool"),
        pytest.param(
            "terminal",
            "",
            "",
            "Sent to the terminal (OSC 52): field line as hex, 26 bytes. It does not say whether it took it",
            id="terminal",
        ),
        pytest.param(
            "file",
            "/state/x\x1b.hex",
            "too much",
            "Saved in /state/x␛.hex: field line as hex, 26 bytes; too much",
            id="file",
        ),
    ],
)
def test_what_is_said_is_what_is_known(way, where, reason, words):
    what = choice_words(copy_choices(ranges())[1], 26)

    assert plain(copied_line(way, what, where, reason)) == words
