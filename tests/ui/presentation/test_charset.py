"""Which charset the characters of content are in, and who says so."""

from encodings.aliases import aliases

import pytest

from workbench.ui.presentation.charset import decode_text
from workbench.ui.presentation.media_type import Kind, MediaType


@pytest.mark.parametrize(
    ("data", "charset", "text", "used", "problem"),
    [
        pytest.param("é".encode(), "utf-8", "é", "utf-8", "", id="as declared"),
        pytest.param(b"\xe9", "ISO-8859-1", "é", "iso8859-1", "", id="declared latin-1"),
        pytest.param(b"\xef\xbb\xbfe", "", "e", "utf-8", "", id="mark"),
        pytest.param(b"\xff\xfee\x00", "", "e", "utf-16-le", "", id="mark of utf-16"),
        pytest.param(b"\xff\xfee\x00", "utf-16", "e", "utf-16-le", "", id="mark and its family agree"),
        pytest.param(b"\xff\xfe\0\0e\0\0\0", "", "e", "utf-32-le", "", id="mark of utf-32"),
        pytest.param(b"\xef\xbb\xbfe", "koi8-r", "e", "utf-8", "byte order mark says utf-8", id="mark wins"),
        pytest.param("é".encode(), "", "é", "utf-8", "", id="fits utf-8"),
        pytest.param(b"a\xe9", "", "aé", "iso-8859-1", "byte 1 is no UTF-8", id="fits nothing"),
        pytest.param(b"a\xe9", "utf-8", "a\\xe9", "utf-8", "byte 1 is no utf-8: e9", id="declared and wrong"),
        pytest.param(b"e", "klingon", "e", "utf-8", "nobody here knows the charset klingon", id="unknown"),
        pytest.param(b"e", "zlib", "e", "utf-8", "nobody here knows the charset zlib", id="no charset"),
        pytest.param(b"e", "rot13", "e", "utf-8", "nobody here knows the charset rot13", id="a cipher"),
        pytest.param(b"\\x41", "unicode_escape", "\\x41", "utf-8", "nobody here knows", id="escapes"),
        pytest.param(b"e", "\x1b[2J", "e", "utf-8", "␛[2J", id="a charset that is an attack"),
    ],
)
def test_characters_come_from_the_declared_charset_or_the_mark_or_what_fits(
    data, charset, text, used, problem
):
    media_type = MediaType("text/plain", {"charset": charset} if charset else {})

    found = decode_text(data, Kind.TEXT, media_type, whole=True)

    assert (found.text, found.charset) == (text, used)
    assert problem in found.problem
    assert bool(found.problem) is bool(problem)


@pytest.mark.parametrize(
    ("kind", "data", "charset", "expected"),
    [
        pytest.param(
            Kind.XML, b"<?xml version='1.0' encoding='windows-1251'?><a>\xc4</a>", "", ("Д", "XML declaration", ""), id="xml"
        ),
        pytest.param(
            Kind.XML, b"<?xml version='1.0' encoding='windows-1251'?><a>\xc4</a>", "latin-1", ("Ä", "Content-Type", ""),
            id="a parameter goes before",
        ),
        pytest.param(
            Kind.XML, b"<a encoding='windows-1251'>\xc4</a>", "", ("Ä", "a guess", "byte 27 is no UTF-8"), id="no declaration"
        ),
        pytest.param(
            Kind.XML, b"<?xml version='1.0' encoding='utf-16'?><a>x</a>", "", ("x", "it fits", "is not in it itself"),
            id="a declaration that cannot be true",
        ),
        pytest.param(Kind.HTML, b"<head><META CHARSET=koi8-r>\xe4", "", ("Д", "meta element", ""), id="html"),
        pytest.param(
            Kind.HTML, b"<meta http-equiv='Content-Type' content='text/html; charset=koi8-r'>\xe4", "",
            ("Д", "meta element", ""), id="html of old",
        ),
        pytest.param(
            Kind.HTML, b" " * 1024 + b"<meta charset=koi8-r>\xe4", "", ("ä", "a guess", "no UTF-8"), id="too late in html"
        ),
        pytest.param(Kind.TEXT, b"<meta charset=koi8-r>\xe4", "", ("ä", "a guess", "no UTF-8"), id="text"),
    ],
)  # fmt: skip
def test_xml_and_html_may_name_their_charset_themselves(kind, data, charset, expected):
    media_type = MediaType("text/html", {"charset": charset} if charset else {})

    found = decode_text(data, kind, media_type, whole=True)

    letter, origin, problem = expected
    assert letter in found.text
    assert found.origin == origin
    assert problem in found.problem if problem else not found.problem


def test_json_is_utf_8_whatever_is_declared():
    media_type = MediaType("application/json", {"charset": "iso-8859-1"})

    assert decode_text('"é"'.encode(), Kind.JSON, media_type, whole=True).text == '"é"'


def test_character_that_is_cut_by_the_bound_is_no_problem():
    cut = "aé".encode()[:-1]

    assert decode_text(cut, Kind.TEXT, MediaType(""), whole=False) == ("a", "utf-8", "it fits", "")
    assert decode_text(cut, Kind.TEXT, MediaType(""), whole=True).problem


@pytest.mark.parametrize("charset", ["utf-16", "UTF-32"])
def test_text_without_byte_order_mark_is_big_endian(charset):
    """A server may say so of any bytes, and Python's decoder raises what is no UnicodeDecodeError."""
    data = "née".encode(f"{charset}-be")

    text = decode_text(data, Kind.TEXT, MediaType("text/plain", {"charset": charset}), whole=True)

    assert text == ("née", f"{charset.lower()}-be", "Content-Type", "")


@pytest.mark.parametrize("charset", sorted({*aliases.values(), "utf_16", "utf_32", "palmos"}))
def test_no_charset_that_a_server_may_name_fails_on_any_bytes(charset):
    media_type = MediaType("text/plain", {"charset": charset})

    for data in (b"", b"a", bytes(range(256)), bytes(range(255, -1, -1)), b"\x80\x00\xd8\x00" * 3):
        for whole in (True, False):
            assert isinstance(decode_text(data, Kind.TEXT, media_type, whole=whole).text, str)
