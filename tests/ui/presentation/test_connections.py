"""What is said of connections: the strip, the list, and the words of both."""

from dataclasses import replace

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.protocol import tap
from workbench.protocol.tap import ErrorFact
from workbench.session.status import StepperStatus
from workbench.ui.presentation.connection_list import ConnectionLines, Pick
from workbench.ui.presentation.connection_strip import strip_parts
from workbench.ui.presentation.connection_words import condition, exchange_line, tunnel_lines
from workbench.ui.presentation.piece import plain, width_of
from workbench.ui.presentation.wire_indexes import MOST_KEPT, WireIndexes
from workbench.ui.subject import Subject

SIZES = [60, 80, 120, 160]


def strip_of(view, width):
    parts = strip_parts(view, "C", "Esc", width)
    assert width_of(part.piece for part in parts) == width
    return plain(part.piece for part in parts)


def many(count):
    talk = Conversation("c.request()")
    for number in range(1, count + 1):
        talk.use(number)
        talk.put_request("GET", f"/{number}")
    return states.view_of(talk, "many", StepperStatus("paused", 1))


# --- the strip ---------------------------------------------------------------------------


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("subject", [None, Subject(2, chosen=True)], ids=["followed", "chosen"])
def test_strip_fills_its_line_and_marks_what_is_shown(subject, width):
    text = strip_of(replace(states.several(), subject=subject), width)

    assert "▐2 bank" in text if subject else "▐1 shop" in text
    assert ("chosen: Esc follows" in text) == bool(subject)


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("shown", [1, 2, 500, 999, 1000])
def test_strip_of_many_connections_stays_around_the_one_that_is_shown(shown, width):
    view = replace(many(1000), subject=Subject(shown))
    text = strip_of(view, width)

    assert f"▐{shown} Idle▌" in text
    if shown == 500:
        assert "‹" in text
        assert "›" in text


def test_part_of_the_strip_knows_its_connection():
    parts = strip_parts(states.several(), "C", "Esc", 120)

    assert {part.connection for part in parts if "shop" in part.piece.text} == {1}
    assert {part.connection for part in parts if "bank" in part.piece.text} == {2}
    assert parts[-1].connection is None


def test_strip_says_which_connections_are_closed():
    assert "2 bank 127.0.0.1:8081 closed" in strip_of(states.one_of_two_failed(), 120)
    assert "Idle" not in strip_of(states.one_of_two_failed(), 120)


def test_connection_that_an_abort_shut_down_is_said_to_be():
    view = states.shut_down()

    assert condition(view.connection).text == "shut down"
    assert "▐1 127.0.0.1:8080 shut down▌" in strip_of(view, 120)


def test_strip_without_connections_is_empty():
    assert strip_of(states.start(), 80).strip() == "C connections"


# --- the list ----------------------------------------------------------------------------


def test_list_has_a_row_for_each_connection_and_exchange():
    lines = ConnectionLines(states.several())

    picks = [lines.pick_at(row) for row in range(len(lines))]

    assert picks == [Pick(None), Pick(1), Pick(1, 1), Pick(1, 2), Pick(2), Pick(2, 1)]
    assert [lines.row_of(pick) for pick in picks] == list(range(len(lines)))
    assert lines.row_of(Pick(7)) == 0
    assert lines.row_of(Pick(2, 9)) == lines.row_of(Pick(2))


@pytest.mark.parametrize(
    "view", [states.several(), states.tunnelled(), many(30)], ids=["two", "tunnel", "many"]
)
@pytest.mark.parametrize("width", [40, 76, 130])
def test_rows_of_the_list_fit(view, width):
    lines = ConnectionLines(view)

    assert all(width_of(lines.line(row, width)) <= width for row in range(len(lines)))


def test_list_marks_what_is_shown_and_whether_it_was_chosen():
    view = replace(states.several(), subject=Subject(2, chosen=True))
    lines = ConnectionLines(view)

    marked = [lines.pick_at(row) for row in range(len(lines)) if plain(lines.line(row, 80)).startswith("▶")]

    assert marked == [Pick(2), Pick(2, 1)]


def test_tunnel_and_its_connect_know_each_other():
    view = states.tunnelled()
    lines = ConnectionLines(view)
    text = "\n".join(plain(lines.line(row, 130)) for row in range(len(lines)))

    assert "1 conn           example.test:80 via proxy 127.0.0.1:3128  open · Idle · 1 exchange" in text
    assert "2 CONNECT for 1  proxy 127.0.0.1:3128" in text
    assert "answered 200 · 1 exchange" in text
    words = "\n".join(
        plain(line) for line in tunnel_lines(view.recording, view.moment.connection_numbered(2))
    )
    assert "to example.test:80: answered 200" in words
    assert "on connection 1" in words


# --- how a connection stands -------------------------------------------------------------


def tell_nothing(talk):
    """The request is queued, and that is all."""


def connect(talk):
    talk.connect()


def close(talk):
    talk.connect()
    talk.close("the script closed it")


def server_closes(talk):
    talk.connect()
    talk.end_of_stream()


def refuse_tunnel(talk):
    talk.connect()
    talk._tap(tap.TunnelRefused, 403, "Forbidden")


def fail(talk):
    talk.connect()
    talk.fail_transport("Connection reset by peer", 0)


@pytest.mark.parametrize(
    ("tell", "words"),
    [
        pytest.param(tell_nothing, "not connected", id="not connected"),
        pytest.param(connect, "open", id="open"),
        pytest.param(close, "closed", id="closed"),
        pytest.param(server_closes, "closed by the server", id="by the server"),
        pytest.param(fail, "failed", id="failed"),
        pytest.param(refuse_tunnel, "tunnel refused", id="tunnel refused"),
    ],
)
def test_condition_of_a_connection(tell, words):
    talk = Conversation("conn.connect()")
    talk.put_request("GET", "/")
    tell(talk)

    connection = talk.recording.at().connection
    assert condition(connection).text == words
    assert connection.open == (words in ("open", "closed by the server", "failed"))


def test_condition_of_a_connect_that_is_not_answered():
    view = states.tunnelled()
    answer = next(e.index for e in view.recording.entries if type(e.event).__name__ == "StatusLineParsed")

    connection = view.recording.at(answer - 1).connection_numbered(2)

    assert condition(connection).text == "asks the proxy"


def test_exchange_says_how_far_it_is():
    talk = Conversation("conn.request()")
    said = []

    def say():
        said.append(plain(exchange_line(talk.recording.at().exchange)))

    talk.put_request("GET", "/cart")
    say()
    talk.end_header_section()
    talk.send()
    talk.complete_request()
    say()
    talk.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    talk.status_line(200, "OK")
    say()
    talk.field("Content-Length", "5")
    talk.header_section()
    talk.content(5)
    say()
    talk.complete(False, "as asked")
    say()
    talk.raised("read", ErrorFact("IncompleteRead", ("IncompleteRead", "Exception"), "as asked"))
    say()

    assert said == [
        "GET /cart → the request is not sent yet",
        "GET /cart → no response yet",
        "GET /cart → 200 OK unread",
        "GET /cart → 200 OK 5 bytes of content so far",
        "GET /cart → 200 OK 5 bytes of content incomplete",
        "GET /cart → IncompleteRead",
    ]


# --- the indexes of the wire -------------------------------------------------------------


def test_index_of_a_connection_is_kept_for_a_while():
    view = many(MOST_KEPT + 1)
    records = view.recording.connections
    indexes = WireIndexes()
    made = [indexes.of(record, view.recording.entries) for record in records]

    again = [indexes.of(record, view.recording.entries) for record in reversed(records)]

    assert [one in made for one in again] == [True] * MOST_KEPT + [False]
