"""The last row of the wire, where the server closed."""

import pytest

from tests.session.storage.recorded import record_scenario
from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.session.recording import Recording
from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.wire_end import EndedWire, find_end
from workbench.ui.presentation.wire_hex import WireHex
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_text import WireLengths, WireText


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("truncated-body", "the server closed: 74 of 100 bytes never came"),
        ("truncated-chunk", "the server closed: the last chunk never came"),
        ("trailers-cut", "the server closed: the trailer section is cut"),
        ("status-line-cut", "the server closed: the head is cut"),
        ("head-cut", "the server closed: the head is cut"),
        ("no-response", "the server closed: no response came"),
        ("half-close", "the server closed"),
        ("close-delimited", "the server closed"),
    ],
)
def test_end_says_who_closed_and_what_never_came(scenario, words):
    recording = record_scenario(scenario, Recording())

    end = find_end(recording.at().connection)

    assert plain(end.words) == words


def test_end_is_that_of_the_response_that_was_read_where_more_was_asked_for_already():
    talk = Conversation("a = 1\n" * 9)
    states._request(talk)
    talk.call("getresponse")
    talk.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nThis is all you will get.\n")
    talk.status_line(200, "OK")
    talk.field("Content-Length", "100")
    talk.header_section()
    talk.framing(6, "length", 100, "Content-Length is 100")
    talk.returned("getresponse", "<HTTPResponse>")
    states._request(talk)
    assert talk.exchange == 2
    talk.exchange = 1
    talk.end_of_stream(20_000)

    end = find_end(talk.recording.at().connection)

    assert plain(end.words) == "the server closed: 74 of 100 bytes never came"


def test_connection_that_is_open_has_no_end():
    assert find_end(states.exchanged().moment.connection) is None


@pytest.mark.parametrize(
    "make", [lambda *those: WireText(*those, 64), lambda *those: WireHex(*those, 16)], ids=["text", "hex"]
)
def test_row_of_the_end_is_behind_those_of_the_bytes(make):
    view = states.truncated()
    connection = view.moment.connection
    index = WireIndex(connection.record, view.recording.entries)
    rows = make(index, WireLengths(view.last_index, connection.sent_length, connection.received_length))
    end = find_end(connection)
    ended = EndedWire(rows, end)
    last = len(ended) - 1

    assert last == len(rows)
    assert plain(ended.line(last, 80)) == ("         ←    66 the server closed: 74 of 100 bytes never came")
    assert ended.row_of_entry(end.entry) == ended.row_of("received", 66) == last
    assert ended.entry_of_row(last) == ended.entry_at_column(last, 20) == end.entry
    assert len(ended.span_of_row(last)) == 0
    for number in range(last):
        assert ended.line(number, 80) == rows.line(number, 80)
        assert ended.span_of_row(number) == rows.span_of_row(number)
        assert ended.entry_of_row(number) == rows.entry_of_row(number)
