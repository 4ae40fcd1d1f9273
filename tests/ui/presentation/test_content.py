"""What the content tab says: kinds, charsets, layout, notes, bounds."""

import gzip
import json

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.session.status import StepperStatus
from workbench.ui.presentation.charset import decode_text
from workbench.ui.presentation.coloured import LONGEST_COLOURED, MOST_COLOURED, ColouredText, marked
from workbench.ui.presentation.content_text import MOST_SHOWN, ContentText
from workbench.ui.presentation.form_text import MOST_MEMBERS, form_lines, multipart_lines
from workbench.ui.presentation.json_text import MOST_INDENTED, find_json_fault, indent_json
from workbench.ui.presentation.markup_text import break_markup, find_xml_fault
from workbench.ui.presentation.media_type import Kind, MediaType, kind_of, parse_media_type
from workbench.ui.presentation.pages import Lines, Listing, Page, breaks
from workbench.ui.presentation.piece import Piece, Role, Tone, plain, width_of

REQUEST = "GET", "/"


def response(body: bytes, *fields: tuple[str, str], upto: int | None = None, reason: str = ""):
    """A view of an exchange whose response has this body; `upto`: so many bytes of it were read."""
    talk = Conversation()
    talk.start_line(1)
    talk.put_request(*REQUEST)
    talk.end_header_section()
    talk.connect()
    talk.send()
    talk.complete_request()
    fields = (*fields, ("Content-Length", str(len(body))))
    came = len(body) if upto is None else upto
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    talk.receive(f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body[:came])
    talk.status_line(200, "OK")
    for name, value in fields:
        talk.field(name, value)
    talk.header_section()
    talk.framing(6, "length", len(body), f"Content-Length says {len(body)} bytes")
    if came:
        talk.content(came)
    if reason or came == len(body):
        talk.complete(not reason, reason or "all of it came")
    return states.view_of(talk, "lab: example", StepperStatus("paused", 1))


def page_of(view, width=100):
    moment = view.moment
    return Page(ContentText().blocks(moment.connection, moment.exchange), width)


def rows_of(view, width=100):
    page = page_of(view, width)
    return [plain(page.line(number, width)) for number in range(len(page))]


def text_of(view, width=100):
    return "\n".join(rows_of(view, width))


# --- kinds -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "data", "kind"),
    [
        pytest.param("application/json", b"", Kind.JSON, id="json"),
        pytest.param("Application/Problem+JSON; charset=utf-8", b"", Kind.JSON, id="suffix json"),
        pytest.param("application/x-ndjson", b"", Kind.JSON_LINES, id="json lines"),
        pytest.param("text/html;charset=x", b"", Kind.HTML, id="html"),
        pytest.param("image/svg+xml", b"", Kind.XML, id="suffix xml"),
        pytest.param("application/x-www-form-urlencoded", b"", Kind.FORM, id="form"),
        pytest.param("multipart/form-data; boundary=x", b"", Kind.MULTIPART, id="multipart"),
        pytest.param("text/anything", b"", Kind.TEXT, id="any text"),
        pytest.param("image/png", b"{}", Kind.IMAGE, id="image"),
        pytest.param("application/octet-stream", b"{}", Kind.BINARY, id="what is said counts"),
        pytest.param(None, b'\xef\xbb\xbf {"a": 1}', Kind.JSON, id="looks like json"),
        pytest.param(None, b"\n<!DOCTYPE HTML>", Kind.HTML, id="looks like html"),
        pytest.param(None, b"<?xml version='1.0'?>", Kind.XML, id="looks like xml"),
        pytest.param(None, b"words", Kind.TEXT, id="looks like text"),
        pytest.param(None, b"\xff\xfew\x00", Kind.TEXT, id="utf-16 by its mark"),
        pytest.param(None, b"\x89PNG\r\n\x1a\n\x00", Kind.BINARY, id="looks like nothing"),
    ],
)
def test_content_is_shown_by_what_it_is_said_to_be_and_else_by_its_look(value, data, kind):
    assert kind_of(parse_media_type(value), data) is kind


def test_parameter_may_be_quoted():
    assert parse_media_type('text/html; a=b; Charset="ut\\f-8"; charset=x').parameters == {
        "a": "b",
        "charset": "utf-8",
    }


# --- charsets ----------------------------------------------------------------------------


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


# --- JSON --------------------------------------------------------------------------------


def test_json_is_laid_out_without_changing_what_was_written():
    text = '{"a":1.50,"a":[],"b":{"c":[1e999,"x, {y}: \\" z"]},"d":{}}'

    laid_out = indent_json(text)

    assert laid_out == (
        '{\n  "a": 1.50,\n  "a": [],\n  "b": {\n    "c": [\n      1e999,\n      "x, {y}: \\" z"\n    ]\n  },\n'
        '  "d": {}\n}'
    )
    assert indent_json(laid_out) == laid_out


def test_json_that_is_cut_is_laid_out_as_far_as_it_came():
    assert indent_json('{"a":[1,"tw') == '{\n  "a": [\n    1,\n    "tw'


def test_json_as_deep_as_it_likes_stays_small():
    assert len(indent_json("[" * 10_000)) < 10_000 * (2 * MOST_INDENTED + 2)
    assert "deep" in find_json_fault("[" * 100_000).words


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param('{"a": 1,\n "b" 2}', 2, 6, id="a colon is missing"),
        pytest.param('{"a": "NaN",\n "b": NaN}', 2, 7, id="NaN"),
        pytest.param("", 1, 1, id="nothing"),
        pytest.param("[1] 2", 1, 5, id="something behind"),
    ],
)
def test_fault_of_json_has_a_place(text, line, column):
    fault = find_json_fault(text)

    assert (fault.line, fault.column) == (line, column)


@pytest.mark.parametrize("text", ['{"a": [1, -2.5e3, true, null, "\\u00e9"]}', "9" * 10_000, '"x"'])
def test_json_without_fault_has_none(text):
    assert find_json_fault(text) is None


def test_invalid_json_is_shown_as_it_came_with_the_place_marked():
    view = response(b'{"a": 1,\n\t"b" 2}', ("Content-Type", "application/json"))

    rows = rows_of(view)
    page = page_of(view)
    line = page.line(len(page) - 1, 100)

    assert any("no JSON: Expecting ':' delimiter at line 2, column 6" in row for row in rows)
    assert rows[-2:] == ['   1 {"a": 1,', '   2     "b" 2}']
    assert [piece.text for piece in line if piece.tone is Tone.OFFENDING] == ["2"]


# --- markup ------------------------------------------------------------------------------


def test_markup_in_one_line_is_broken_at_its_tags():
    text = "<ul>" + "".join(f"<li><b>{number}</b><br>more" for number in range(30)) + "</li></ul>"

    lines = break_markup(text, html=True).split("\n")

    assert lines[:5] == ["<ul>", "  <li>", "    <b>0</b>", "    <br>", "    more"]


def test_markup_in_one_line_that_is_short_is_broken_as_well():
    text = '<a x="1"><b>t</b><c/></a>'

    for end in ("", "\n"):
        assert break_markup(text + end, html=False).split("\n") == [
            '<a x="1">',
            "  <b>t</b>",
            "  <c/>",
            "</a>",
        ]


def test_markup_with_lines_of_its_own_stays_as_it_is():
    text = "<a>\n <b>x</b>\n</a>\n"

    assert break_markup(text, html=False) == text


def test_what_is_preformatted_keeps_its_spaces():
    text = "<p>" + "x" * 300 + "<pre>  <b>two</b>\n   three</pre></p>"

    assert "<pre>  <b>two</b>\n   three</pre>" in break_markup(text, html=True)


@pytest.mark.parametrize(
    "text",
    ["<" * 60_000, "<pre " * 12_000, "<![CDATA[" * 6_000, "<pre>" + "</pre   " * 8_000, "<a b='" * 10_000],
    ids=["angles", "open pre", "cdata", "closes", "quotes"],
)
def test_broken_markup_is_laid_out_without_losing_a_character(text):
    laid_out = break_markup(text, html=True)

    assert "".join(laid_out.split()) == "".join(text.split())


def test_fault_of_xml_has_a_place():
    fault = find_xml_fault("<a>\n  <b></c>\n</a>")

    assert (fault.words, fault.line, fault.column) == ("mismatched tag", 2, 8)


def test_entities_are_not_put_in():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "x">{entities}<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&e11;&f;</a>'

    assert find_xml_fault(bomb) is None


# --- forms -------------------------------------------------------------------------------


def test_form_is_a_list_of_names_and_values():
    lines = form_lines(b"q=tea+pot&n%C3%A4me=%e2%98%95&flag&x=%00%1b&bad=%zz%ff")

    assert [plain(line) for line in lines] == [
        "q = tea pot",
        "näme = ☕",
        "flag",
        "x = ␀␛",
        "bad = %zz\\xff",
    ]


def test_form_without_end_is_cut():
    lines = form_lines(b"&".join(b"a=1" for _ in range(MOST_MEMBERS + 3)))

    assert len(lines) == MOST_MEMBERS + 1
    assert plain(lines[-1]) == "… 3 members more"


MULTIPART = (
    b"preamble\r\n--x\r\nContent-Disposition: form-data; name=a\r\n\r\nhello\r\n"
    b"--x\r\n\r\nno fields\r\n--x--\r\nepilogue"
)


def test_multipart_is_a_list_of_parts():
    text = "\n".join(plain(line) for line in multipart_lines(MULTIPART, "x"))

    assert text == (
        "part 1  5 bytes\n  Content-Disposition: form-data; name=a\n  hello\n\npart 2  9 bytes\n  no fields\n"
    )


@pytest.mark.parametrize(
    ("data", "boundary", "words"),
    [
        pytest.param(MULTIPART[:-12], "x", "closing boundary", id="cut"),
        pytest.param(MULTIPART, "", "names no boundary", id="no boundary"),
    ],
)
def test_multipart_says_what_is_missing(data, boundary, words):
    assert words in plain(multipart_lines(data, boundary)[-1])


# --- the whole ---------------------------------------------------------------------------


def test_content_of_both_messages_is_shown():
    text = text_of(states.gzipped_json())

    assert "request   33 bytes · form" in text
    assert "name = Jürgen" in text
    assert "response  130 bytes · JSON · utf-8 · gzip taken off: 148 bytes" in text
    assert '   5       "name": "Teapot \\u2615",' in text


def test_json_is_coloured():
    page = page_of(states.gzipped_json())
    roles = {piece.text: piece.role for number in range(len(page)) for piece in page.line(number, 100)}

    assert roles['"items"'] is Role.NAME
    assert roles['"short"'] is Role.STRING
    assert roles["12.50"] is Role.NUMBER
    assert roles["null"] is Role.KEYWORD


@pytest.mark.parametrize(
    ("view", "words"),
    [
        pytest.param(states.start, None, id="nothing yet"),
        pytest.param(states.buffered, "response  none so far", id="not sent"),
        pytest.param(states.exchanged, "text/plain; charset=utf-8 · utf-8 (Content-Type)", id="text"),
        pytest.param(states.failed, "response  its head is not complete", id="no head"),
    ],
)
def test_states_have_their_words(view, words):
    if words is None:
        assert view().moment.exchange is None
    else:
        assert words in text_of(view())


def test_content_that_was_not_read_yet_says_which_call_fetches_it():
    assert "nothing was read so far; read() fetches 5 bytes" in text_of(response(b"hello", upto=0))


def test_content_that_was_not_read_yet_comes_with_the_keys_unless_it_is_a_recording():
    view = response(b"hello", upto=0)
    words = "step_over runs the next call, call_line takes one that you type"

    with_keys = Page(ContentText().blocks(view.moment.connection, view.moment.exchange, str), 100)
    assert words in "\n".join(plain(with_keys.line(row, 100)) for row in range(len(with_keys)))
    assert words not in text_of(view)


def test_content_that_was_announced_as_empty_says_why():
    assert "no content: Content-Length says 0 bytes" in text_of(response(b""))


def test_content_that_goes_on_says_how_far_it_came():
    text = text_of(response(b"hello", ("Content-Type", "text/plain"), upto=2))

    assert "so far 2 bytes of 5; the end has not come yet" in text
    assert "   1 he" in text


def test_content_that_was_cut_says_what_is_missing_and_why():
    body = gzip.compress(json.dumps({"numbers": list(range(2000))}).encode())
    fields = ("Content-Type", "application/json"), ("Content-Encoding", "gzip")

    text = text_of(response(body, *fields, upto=len(body) // 2, reason="the server closed"))

    assert f"incomplete: {len(body) // 2:,} bytes of {len(body):,} came: the server closed".replace(
        ",", " "
    ) in (text.replace(",", " "))
    assert '"numbers": [' in text
    assert "no JSON" not in text


def test_coded_stream_that_ends_too_early_is_told_from_a_response_that_does():
    text = text_of(response(gzip.compress(b"hello")[:-4], ("Content-Encoding", "gzip")))

    assert "the gzip stream ends too early" in text
    assert "incomplete" not in text


def test_coding_without_its_package_says_how_to_get_it(monkeypatch):
    def refuse(module):
        raise ImportError(module)

    monkeypatch.setattr("workbench.session.decoders.import_module", refuse)

    text = text_of(response(b"\x0b\x02\x80hi\x03", ("Content-Encoding", "br")))

    assert "br cannot be taken off without a package: pip install 'http-workbench[codings]'" in text
    assert "000000  0b 02 80 68 69 03" in text


def test_coding_that_is_not_what_it_says_is_told():
    text = text_of(response(b"plain words", ("Content-Encoding", "gzip"), ("Content-Type", "text/plain")))

    assert "the bytes are no gzip: incorrect header check" in text


def test_image_is_a_size_and_a_short_dump():
    body = b"\x89PNG\r\n\x1a\n" + bytes(1000)

    rows = rows_of(response(body, ("Content-Type", "image/png")))

    assert "response  1 008 bytes · image/png" in rows
    assert rows[-1] == "… 880 bytes more"
    assert rows[-9].startswith("000000  89 50 4e 47 0d 0a 1a 0a 00")


def test_content_without_a_type_says_what_it_looks_like():
    assert "no Content-Type; it looks like JSON" in text_of(response(b'{"a": 1}'))


def test_long_content_is_shown_up_to_a_bound():
    view = response(b"word " * 100_000, ("Content-Type", "text/plain"))

    assert "the first 128 KiB are shown; the wire has all of it" in text_of(view)


def test_bomb_is_shown_up_to_the_same_bound():
    body = gzip.compress(b"[" + b"0," * 5_000_000 + b"0]")

    page = page_of(response(body, ("Content-Type", "application/json"), ("Content-Encoding", "gzip")))

    assert len(page) < MOST_SHOWN


HOSTILE = "\x1b]0;title\x07 \x9b2J \u202e gnp \r bare \0 \x7f"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param("text/plain", HOSTILE.encode(), id="text"),
        pytest.param("text/plain; charset=iso-8859-1", HOSTILE.encode("latin-1", "ignore"), id="latin-1"),
        pytest.param(
            "application/json", json.dumps({HOSTILE: HOSTILE}, ensure_ascii=False).encode(), id="json"
        ),
        pytest.param("application/json", ("{" + HOSTILE).encode(), id="no json"),
        pytest.param("text/html", ("<p>" + HOSTILE).encode(), id="html"),
        pytest.param("application/xml", ("<p>" + HOSTILE).encode(), id="xml"),
        pytest.param("application/x-www-form-urlencoded", b"a=%1b%9b%E2%80%AE\x1b", id="form"),
        pytest.param("multipart/x; boundary=b", b"--b\r\nX: \x1b\r\n\r\n\x1b\x9b", id="multipart"),
        pytest.param("image/png", HOSTILE.encode(), id="image"),
        pytest.param("text/plain; charset=\x1b[2J", b"x", id="charset"),
        pytest.param("\x1b[2J", b"\x1b[2J", id="type"),
    ],
)
def test_no_control_character_of_a_server_gets_through(content_type, body):
    for row in rows_of(response(body, ("Content-Type", content_type))):
        assert row.isprintable()


# --- rows --------------------------------------------------------------------------------


def test_long_lines_are_wrapped_and_lose_nothing():
    page = Page([Listing(ColouredText("0123456789" * 9 + "\nshort", Kind.TEXT))], 45)

    rows = [plain(page.line(number, 45)) for number in range(len(page))]

    assert rows == ["   1 " + "0123456789" * 4, "     " + "0123456789" * 4, "     0123456789", "   2 short"]


def test_words_of_notes_stay_whole():
    page = Page([Lines([(Piece("one two three four five six"),)])], 16)

    assert [plain(page.line(number, 16)) for number in range(len(page))] == [
        "one two three ",
        "four five six",
    ]


@pytest.mark.parametrize("text", ["漢字かな" * 20, "é漢" * 33, "a" * 200, ""])
def test_rows_fit_in_cells(text):
    starts = list(breaks(text, 21))

    rows = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert "".join(rows) == text
    assert all(width_of([Piece(row)]) <= 21 for row in rows)


def test_colours_end_where_they_would_take_too_long():
    line = '{"a": 1}\n'
    text = ColouredText("x = 1;\n" * MOST_COLOURED, Kind.SCRIPT)
    long_line = ColouredText(line + '"' + "x" * LONGEST_COLOURED + '"\n' + line, Kind.JSON)

    assert [piece.role for piece in text.line(0)] != [Role.PLAIN]
    assert [piece.role for piece in text.line(MOST_COLOURED - 1)] == [Role.PLAIN]
    assert plain(long_line.line(2)) == '{"a": 1}'
    assert len(long_line.line(0)) > len(long_line.line(2)) == 1


def test_mark_behind_the_end_of_a_line_is_on_its_last_character():
    line = marked((Piece("ab"), Piece("cd")), 9)

    assert [(piece.text, piece.tone) for piece in line] == [
        ("ab", Tone.NONE),
        ("c", Tone.NONE),
        ("d", Tone.OFFENDING),
    ]
