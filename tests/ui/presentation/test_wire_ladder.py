"""The ladder: a rung for each transfer and for each thing that happened to the connection."""

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.ui.presentation.piece import Piece, Tone, plain
from workbench.ui.presentation.wire_carried import MOST_ELEMENTS, carried
from workbench.ui.presentation.wire_element import RUNGS
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_ladder import RUNG_WORDS, WireLadder, fold, rows_of_rung
from workbench.ui.presentation.wire_text import WireLengths

WIDTH = 110


def ladder_of(view, rung_rows=1):
    connection = view.moment.connection
    index = WireIndex(connection.record, view.recording.entries)
    lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)
    start = view.recording.entries.event(0).time_ns
    return WireLadder(index, lengths, connection.queued_length, start, rung_rows)


def lines_of(source, width=WIDTH):
    return [plain(source.line(number, width)).rstrip() for number in range(len(source))]


def test_transfer_with_a_finding_has_its_code():
    line = next(line for line in lines_of(ladder_of(states.conflict()), 200) if "status-line" in line)

    assert line.endswith("empty line · CL_TE · after 0.850 ms")


def conversation(*pieces: bytes):
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    for piece in pieces:
        talk.receive(piece)
    return talk


def carried_in(talk, stream, start, end):
    view = states.view_of(talk, "", states.StepperStatus("paused", 1))
    index = WireIndex(view.moment.connection.record, view.recording.entries)
    return carried(index, Span(stream, start, end), view.last_index)


def test_every_rung_that_is_no_transfer_has_words():
    assert set(RUNG_WORDS) == RUNGS - {tap.BytesSent, tap.BytesReceived}


def test_rungs_are_in_the_order_in_which_they_happened():
    lines = lines_of(ladder_of(states.exchanged()))

    assert lines[0].split() == ["ms", "client", "server", "what", "it", "carried"]
    assert [line.split("│")[1].strip("╌─▶◀ ") for line in lines[1:]] == [
        "look-up",
        "connect",
        "connected",
        "92 bytes",
        "153 bytes",
    ]


def test_arrow_points_the_way_the_bytes_went():
    lines = lines_of(ladder_of(states.exchanged()))

    assert "─▶│ request-line, 3 field lines, empty line" in lines[-2]
    assert "│◀─" in lines[-1]


def test_transfer_says_what_it_carried_and_what_it_took():
    last = lines_of(ladder_of(states.exchanged()))[-1]

    words = "status-line, 4 field lines, empty line, 13 bytes of content · after 0.850 ms"
    assert last.endswith(words)


def test_time_is_that_of_the_event():
    view = states.exchanged()
    ladder = ladder_of(view)
    entries = view.recording.entries

    for number in range(1, len(ladder)):
        event = entries.event(ladder.entry_of_row(number))
        expected = f"{(event.time_ns - entries.event(0).time_ns) / 1e6:.3f}"
        assert plain(ladder.line(number, WIDTH)).split()[0] == expected


def test_buffered_bytes_are_the_ghost_of_a_rung():
    ladder = ladder_of(states.buffered())
    line = ladder.line(len(ladder) - 1, WIDTH)

    assert plain(line).endswith("buffered · request-line, 3 field lines")
    assert any(piece.tone is Tone.GHOST for piece in line)
    assert ladder.span_of_row(len(ladder) - 1).start == 0


def test_second_exchange_is_named_at_its_first_rung():
    talk = conversation()
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()

    lines = lines_of(ladder_of(states.view_of(talk, "", states.StepperStatus("paused", 1))))

    assert "exchange 2 · request-line" in lines[2]
    assert "exchange" not in lines[1]


def test_end_of_the_connection_has_rungs():
    talk = conversation()
    talk.end_of_stream()
    talk.close("the server closed the connection")

    lines = lines_of(ladder_of(states.view_of(talk, "", states.StepperStatus("paused", 1))))

    assert "◀╌" in lines[2]
    assert "server closed" in lines[2]
    assert "closed" in lines[3]
    assert lines[3].endswith("the server closed the connection")


@pytest.mark.parametrize("rung_rows", [1, 2])
def test_every_byte_is_found_at_the_rung_that_carried_it(rung_rows):
    view = states.exchanged()
    ladder = ladder_of(view, rung_rows)
    connection = view.moment.connection

    for stream in ("sent", "received"):
        for offset in range(connection.length(stream)):
            span = ladder.span_of_row(ladder.row_of(stream, offset))
            assert span.stream == stream
            assert span.start <= offset < span.end


@pytest.mark.parametrize("rung_rows", [1, 2])
def test_entry_is_found_at_its_rung(rung_rows):
    view = states.exchanged()
    ladder = ladder_of(view, rung_rows)

    for number in range(1, len(ladder)):
        first_row = number - (number - 1) % rung_rows
        assert ladder.row_of_entry(ladder.entry_of_row(number)) == first_row
    assert ladder.row_of_entry(0) is None


def test_element_is_found_at_the_rung_of_its_first_byte():
    view = states.exchanged()
    ladder = ladder_of(view)
    request_line = view.moment.exchange.request_line

    assert ladder.row_of_entry(request_line.index) == ladder.row_of("sent", 0)


def test_bytes_of_an_unfinished_line_are_not_parsed_yet():
    talk = conversation(b"HTTP/1.1 200 OK\r\nDate")
    talk.status_line(200, "OK")

    assert carried_in(talk, "received", 0, 21) == "status-line, 4 bytes not parsed yet"


def test_line_that_began_in_the_transfer_before_is_its_rest():
    talk = conversation(b"HTTP/1.1 20", b"0 OK\r\n")
    talk.status_line(200, "OK")

    assert carried_in(talk, "received", 11, 17) == "rest of the status-line"


def test_content_is_counted_without_the_framing_of_chunks():
    view = states.chunked()
    connection = view.moment.connection
    index = WireIndex(connection.record, view.recording.entries)

    words = carried(index, Span("received", 0, connection.received_length), view.last_index)

    assert words == (
        "status-line, 4 field lines, empty line, 3 chunk headers, 12 bytes of content, "
        "1 trailer field line, empty line"
    )


def test_thousands_of_chunks_cost_no_more_than_some():
    size = MOST_ELEMENTS
    talk = conversation(b"1\r\na\r\n" * size)
    for _ in range(size):
        talk.chunk_header(1)
        talk.content(1)
        talk.chunk_end()

    assert carried_in(talk, "received", 0, 6 * size).endswith("bytes of content, and more")


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_words_keep_half_of_a_row_at_least(width):
    ladder = ladder_of(states.exchanged())
    before, _, _ = plain(ladder.line(4, width)).rpartition("│")

    assert len(before) <= max(width // 2, 30)


def test_words_that_do_not_fit_go_on_in_the_second_row_of_a_rung():
    ladder = ladder_of(states.exchanged(), rows_of_rung(64))

    lines = lines_of(ladder, 64)

    assert len(lines) == 1 + 2 * 5
    assert lines[-2].endswith("│ status-line, 4 field lines, empty")
    assert lines[-1] == " " * 10 + "│" + " " * 18 + "│ line, 13 bytes of content · after 0.850 ms"
    assert lines[2].rstrip() == " " * 10 + "│" + " " * 18 + "│"


@pytest.mark.parametrize(
    ("room", "first", "rest"),
    [
        pytest.param(20, "one two three", "", id="it fits"),
        pytest.param(9, "one two", "three", id="at a space"),
        pytest.param(7, "one two", "three", id="at a space just behind"),
        pytest.param(2, "one two three", "", id="not even a word fits"),
    ],
)
def test_line_folds(room, first, rest):
    line = (Piece("one "), Piece("two"), Piece(" three"))

    assert [plain(part) for part in fold(line, room)] == [first, rest]
