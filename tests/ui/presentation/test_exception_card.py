"""The card of an exception: what, where, why, and what is possible now."""

import dataclasses

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from tests.ui.reading import text_of
from workbench.protocol import tap
from workbench.protocol.tap import ErrorFact
from workbench.session.remedies import REMEDIES, SWITCHED
from workbench.session.status import StepperStatus
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.presentation.exception_card import CardText

KEYS = USUAL_KEYS.word


def card_text(view, width=80):
    return text_of(CardText(view.moment, view.moment.failure, width, KEYS).lines())


def test_card_says_what_where_and_what_is_possible_now():
    text = card_text(states.failed())

    for words in (
        "✗ BadStatusLine",
        "HTTPException › Exception",
        "Expected a status-line at byte 0",
        "6: r1 = conn.getresponse()",
        "received ← offset 0, 19 bytes; RFC 9112 section 4",
        "SSH-2.0-OpenSSH_9.6␍␊",
        "left in       Idle",
        "legal now     putrequest, request, close",
        "what now      What 127.0.0.1 port 8080 sent is not an HTTP response",
        "again         status-line-broken of the lab: F2 finds it, or workbench --lab",
        "avoid         Begin with a status line such as HTTP/1.1 200 OK",
        "r restarts",
    ):
        assert words in text


@pytest.mark.parametrize("name", [name for name, remedy in REMEDIES.items() if not remedy.scenario])
def test_card_says_how_to_see_again_what_no_scenario_shows(name):
    view = states.failed()
    error = dataclasses.replace(
        view.moment.failure, class_name=name, lineage=(name, "Exception"), offset=None
    )
    talk = Conversation("")
    talk.start_line(1)
    talk.fail_line(error)
    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)), 300)

    assert f"again         {REMEDIES[name].again}" in text
    assert f"avoid         {REMEDIES[name].avoid}" in text


@pytest.mark.parametrize(
    ("status", "kind", "switched"), [(101, "none", True), (200, "tunnel", True), (200, "close", False)]
)
def test_card_tells_the_silence_of_another_protocol_from_one_in_http(status, kind, switched):
    error = ErrorFact("TimeoutError", ("TimeoutError", "OSError", "Exception"), "timed out")
    talk = Conversation("r.read()")
    talk.start_line(1)
    talk.connect()
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(f"HTTP/1.1 {status} OK\r\n\r\n".encode())
    talk.status_line(status, "OK")
    talk.header_section()
    talk.framing(1, kind, None, "a reason")
    talk.fail_line(error)
    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)), 300)

    assert (
        "what now      The connection to 127.0.0.1 port 8080 speaks another protocol now" in text
    ) == switched
    assert (f"again         {SWITCHED.again}" in text) == switched
    assert ("was silent for too long" in text) == (not switched)


@pytest.mark.parametrize(
    ("name", "message", "words"),
    [
        ("CannotSendRequest", "Idle", "No request can begin in the state Unread-response"),
        (
            "CannotSendHeader",
            "CannotSendHeader()",
            "Nothing can be added to the head of a request in the state",
        ),
        ("ResponseNotReady", "Idle", "No response can be had in the state Unread-response"),
    ],
)
def test_card_of_a_call_in_the_wrong_order_says_why_in_words(name, message, words):
    """http.client has the name of a state as its message, in which an unread response is Idle, or has none."""
    error = ErrorFact(name, (name, "ImproperConnectionState", "HTTPException", "Exception"), message)
    talk = Conversation("conn.getresponse()")
    talk.start_line(1)
    talk.state("UNREAD_RESPONSE", "getresponse")
    talk.fail_line(error)
    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)), 120)

    assert f"because       {words}" in text
    assert "left in       Unread-response" in text


def test_card_of_an_unknown_class_gives_no_advice():
    view = states.failed()
    error = dataclasses.replace(view.moment.failure, class_name="Odd", lineage=("Odd",), offset=None)
    talk = Conversation("")
    talk.start_line(1)
    talk.fail_line(error)
    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)))

    assert "what now" not in text
    assert "avoid" not in text
    assert "r restarts" in text


@pytest.mark.parametrize("width", [20, 40, 62, 78])
def test_card_stays_within_its_width(width):
    wide = [line for line in card_text(states.failed(), width).split("\n") if len(line) > width]

    assert all("restarts" in line or "SSH" in line for line in wide)


def test_card_of_bytes_that_cannot_be_read_shows_them_as_hex():
    talk = Conversation("r1 = conn.getresponse()")
    talk.start_line(1)
    talk.receive(b"\x00\x01garbage")
    talk.malformed(9)
    talk.diagnostic(tap.Code.STATUS_LINE, tap.Span("received", 0, 2), "RFC 9112 section 4", "Expected more")
    error = ErrorFact("BadStatusLine", ("BadStatusLine", "Exception"), "no")
    talk.fail_line(error)

    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)))

    assert "00 01" in text
    assert "␀␁garbage" in text


def test_card_shows_what_was_kept():
    talk = Conversation("r1.read()")
    talk.start_line(1)
    talk.receive(b"abc")
    error = ErrorFact(
        "IncompleteRead", ("IncompleteRead", "Exception"), "cut", (("partial", "b'abc'"),), b"abc"
    )
    talk.fail_line(error)

    assert "3 bytes of content: abc" in card_text(
        states.view_of(talk, "", StepperStatus("failed", 1, error=error))
    )


@pytest.mark.parametrize(
    ("offset", "shown"),
    [
        pytest.param(3, "abc", id="everything before"),
        pytest.param(30, "…ghijklmnopqrstuvwxyz0123", id="the end of what is before"),
    ],
)
def test_card_marks_that_more_bytes_came_before(offset, shown):
    talk = Conversation("r1.read()")
    talk.start_line(1)
    talk.receive(b"abcdefghijklmnopqrstuvwxyz0123"[:offset])
    error = ErrorFact("IncompleteRead", ("IncompleteRead", "Exception"), "cut", (), offset=offset)
    talk.fail_line(error)

    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)))

    assert shown in [line.strip() for line in text.split("\n")]


def test_card_of_an_abort_says_who_did_it_what_is_kept_and_what_is_possible():
    text = card_text(states.aborted(), 100)

    assert text.startswith("✗ You aborted this call\nso it raised  ConnectionAbortedError › OSError\n")
    assert "16 bytes sent and 17 bytes received stay in all panes" in text
    assert "left in       Idle, connection closed\n" in text
    assert "a restart makes a new one" in " ".join(text.split())
    assert "because" not in text


def test_card_of_an_abort_that_shut_the_connection_down_offers_nothing_but_to_close_it():
    text = card_text(states.shut_down(), 100)

    assert "left in       Unread-response, connection shut down\nlegal now     close\n" in text


def test_card_of_a_call_after_an_abort_blames_the_abort():
    text = " ".join(card_text(states.shut_down(read_again=True), 100).split())

    assert text.startswith("✗ ConnectionAbortedError is a OSError because interrupted in line 3")
    assert "what now An earlier call on this connection was aborted, which shut it down" in text
    assert "during the call" not in text
    assert "avoid" not in text


def test_card_of_an_abort_that_left_a_thread_behind_says_why():
    text = card_text(states.aborted("Aborted while a name was being looked up"), 100)

    assert "because       Aborted while a name was being looked up" in text
