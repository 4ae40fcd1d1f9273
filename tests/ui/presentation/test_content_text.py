"""What the content tab says of both messages: their kinds, notes and bounds."""

import gzip
import json

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.session.status import StepperStatus
from workbench.ui.presentation.content_text import MOST_SHOWN, ContentText
from workbench.ui.presentation.pages import Page
from workbench.ui.presentation.piece import Role, Tone, plain

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


def test_invalid_json_is_shown_as_it_came_with_the_place_marked():
    view = response(b'{"a": 1,\n\t"b" 2}', ("Content-Type", "application/json"))

    rows = rows_of(view)
    page = page_of(view)
    line = page.line(len(page) - 1, 100)

    assert any("no JSON: Expecting ':' delimiter at line 2, column 6" in row for row in rows)
    assert rows[-2:] == ['   1 {"a": 1,', '   2     "b" 2}']
    assert [piece.text for piece in line if piece.tone is Tone.OFFENDING] == ["2"]


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
