"""Nothing that a terminal would obey comes out of `visible`."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.session.values import MAX_RESULT_LENGTH, result_text
from workbench.session.visible import visible, visible_lines

ANY_TEXT = st.text(st.characters(exclude_categories=()))
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"}


def assert_seen(text):
    assert text.isprintable()
    assert not {unicodedata.category(character) for character in text} & UNSEEN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain", "plain", id="plain text"),
        pytest.param("", "", id="nothing"),
        pytest.param("a\r\n\tb", "a␍␊␉b", id="line end and tab"),
        pytest.param("\x00\x1b\x7f", "␀␛␡", id="NUL, ESC and DEL"),
        pytest.param("\x9b31m", "‹U+009B›31m", id="C1 control"),
        pytest.param("a\u202etxt.exe", "a‹U+202E›txt.exe", id="bidirectional override"),
        pytest.param("\u2066\u2069\u061c", "‹U+2066›‹U+2069›‹U+061C›", id="bidirectional isolates"),
        pytest.param("\u2028\u2029", "‹U+2028›‹U+2029›", id="line and paragraph separators"),
        pytest.param("\ud800", "‹U+D800›", id="lone surrogate"),
        pytest.param("\U000e0041", "‹U+E0041›", id="tag character"),
        pytest.param("é漢字🙂", "é漢字🙂", id="letters of the world"),
        pytest.param(b"caf\xc3\xa9\r\n", "café␍␊", id="bytes that are UTF-8"),
        pytest.param(b"caf\xe9", "caf‹0xE9›", id="bytes that are not"),
        pytest.param(b"\xc2\x9b", "‹U+009B›", id="C1 control in UTF-8"),
        pytest.param(b"\x9b", "‹0x9B›", id="C1 control as a byte"),
        pytest.param(b"\xed\xb2\x80", "‹0xED›‹0xB2›‹0x80›", id="surrogate spelt in bytes"),
    ],
)
def test_visible_shows_what_a_terminal_would_obey(text, shown):
    assert visible(text) == shown


@given(ANY_TEXT)
def test_visible_text_has_no_character_that_cannot_be_seen(text):
    assert_seen(visible(text))


@given(st.binary())
def test_visible_bytes_have_no_character_that_cannot_be_seen(data):
    assert_seen(visible(data))


@pytest.mark.parametrize("start", range(0, 0x110000, 0x10000))
def test_visible_covers_every_code_point(start):
    assert_seen(visible("".join(map(chr, range(start, start + 0x10000)))))


@given(st.binary())
def test_visible_takes_any_buffer(data):
    assert visible(bytearray(data)) == visible(memoryview(data)) == visible(data)


@given(st.text("abc é漢", max_size=20))
def test_visible_leaves_printable_text_alone(text):
    assert visible(text) == text


def test_visible_lines_keep_the_glyph_of_their_end():
    assert list(visible_lines(b"a\r\n\nb")) == ["a␍␊", "␊", "b"]


@given(st.binary())
def test_visible_lines_lose_no_line(data):
    assert len(list(visible_lines(data))) == data.count(b"\n") + (not data.endswith(b"\n") and data != b"")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param([1, "a"], "[1, 'a']", id="small"),
        pytest.param([0] * 99_999, f"[{'0, ' * 20}...]", id="many items"),
        pytest.param({"a": b"x" * 99_999}, None, id="large content"),
    ],
)
def test_result_is_written_without_all_of_a_large_value(value: object, text: str | None) -> None:
    found = result_text(value)

    assert found == text if text else len(found) == MAX_RESULT_LENGTH
