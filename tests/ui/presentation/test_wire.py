"""The wire as text and as hexadecimal: every byte, once, in a bounded number of steps."""

import itertools
import tracemalloc

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.protocol.wire.span import LEAF_KINDS
from workbench.session.entries import EntryLog
from workbench.ui.presentation.piece import Role, Tone, plain
from workbench.ui.presentation.roles import LEAF_ROLES
from workbench.ui.presentation.wire_hex import WireHex, bytes_per_row
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_rows import LARGE_ELEMENT, row_starts
from workbench.ui.presentation.wire_text import WireLengths, WireText, row_width_for, text_of

WIDTH = 100


def wire_of(view, row_width=64):
    connection = view.moment.connection
    index = WireIndex(connection.record, view.recording.entries)
    lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)
    return WireText(index, lengths, row_width)


def lines_of(source, width=WIDTH):
    return [plain(source.line(number, width)).rstrip() for number in range(len(source))]


def large(size: int):
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(size))
    talk.status_line(200, "OK")
    talk.header_section()
    talk.content(size)
    return states.view_of(talk, "large", states.StepperStatus("finished", 0))


def test_every_kind_of_leaf_has_a_role():
    assert set(LEAF_ROLES) == set(LEAF_KINDS)


def test_text_begins_with_the_request_line_and_ends_with_the_content():
    lines = lines_of(wire_of(states.exchanged()))

    assert lines[0].startswith("sent     →     0 GET /hello HTTP/1.1␍␊")
    assert lines[0].endswith("request-line")
    assert lines[5].startswith("received ←     0 HTTP/1.1 200 OK␍␊")
    assert lines[-1].startswith("         ←   140 Hello, world␊")


def test_buffered_bytes_are_ghosts_and_say_so():
    wire = wire_of(states.buffered())

    assert all("buffered" in line for line in lines_of(wire))
    assert any(piece.tone is Tone.GHOST for piece in wire.line(0, WIDTH))


def test_sent_bytes_are_no_ghosts():
    wire = wire_of(states.exchanged())

    pieces = [piece for number in range(len(wire)) for piece in wire.line(number, WIDTH)]
    assert not any(piece.tone is Tone.GHOST for piece in pieces)


def test_automatic_field_lines_say_so():
    lines = lines_of(wire_of(states.exchanged()))

    assert "automatic" in lines[1]
    assert "automatic" not in lines[3]


def test_buffered_is_the_last_word_that_a_narrow_row_drops():
    line = plain(wire_of(states.buffered()).line(2, 62))

    assert line.rstrip().endswith("buffered")
    assert "automatic" not in line


def test_bytes_that_are_not_parsed_yet_are_shown_as_such():
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"HTTP/1.1 200 OK\r\nDate")

    lines = lines_of(wire_of(states.view_of(talk, "", states.StepperStatus("paused", 1))))

    assert lines[-2].startswith("received ←     0 HTTP/1.1 200 OK␍␊")
    assert "not parsed yet" in lines[-1]


@pytest.mark.parametrize(
    ("width", "words"), [(80, "received, not parsed yet"), (62, " not parsed yet"), (50, "␍␊")]
)
def test_bytes_that_are_not_parsed_yet_are_told_in_what_room_there_is(width, words):
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"X-Checksum: 7f83b165 7f83b\r\n")
    wire = wire_of(states.view_of(talk, "", states.StepperStatus("paused", 1)))

    shown = plain(wire.line(len(wire) - 1, width))
    assert shown.rstrip().endswith(words)
    assert len(shown) <= width


def test_row_with_a_finding_has_its_code_as_a_warning():
    wire = wire_of(states.conflict())
    marked = {
        number: piece.text
        for number in range(len(wire))
        for piece in wire.line(number, WIDTH)
        if piece.role is Role.WARNING
    }

    (number,) = marked
    assert plain(wire.line(number, WIDTH)).rstrip().endswith("field line · CL_TE")
    assert "Content-Length: 5" in plain(wire.line(number, WIDTH))


@pytest.mark.parametrize(
    ("width", "words"), [(56, "␍␊ field line · CL_TE"), (43, "␍␊ CL_TE"), (42, "␍␊    !"), (38, "␍␊")]
)
def test_code_of_a_finding_is_the_last_word_that_a_narrow_row_drops(width, words):
    wire = wire_of(states.conflict())
    number = next(
        number for number in range(len(wire)) if "Content-Length" in plain(wire.line(number, WIDTH))
    )

    assert plain(wire.line(number, width)).rstrip().endswith(words)


def test_finding_is_not_shown_before_it_was_found():
    view = states.conflict()
    found = view.moment.exchange.diagnostics[0].index
    before, after = (wire_of(view.at(index)) for index in (found - 1, found))

    assert "CL_TE" not in "".join(lines_of(before))
    assert "CL_TE" in "".join(lines_of(after))
    assert before.settled.basis[1:] != after.settled.basis[1:]


def test_second_exchange_is_announced():
    talk = Conversation("")
    for _ in range(2):
        talk.put_request("GET", "/")
        talk.end_header_section()

    lines = lines_of(wire_of(states.view_of(talk, "", states.StepperStatus("paused", 1))))

    assert lines[2] == "exchange 2"


@pytest.mark.parametrize(
    ("data", "width", "starts"),
    [
        pytest.param(b"", 4, [], id="nothing"),
        pytest.param(b"ab\ncd", 4, [0, 3], id="behind each LF"),
        pytest.param(b"abcdefgh", 4, [0, 4], id="after the width"),
        pytest.param(b"abcd\r\n", 4, [0], id="CR LF stays on its row"),
        pytest.param(b"\n\n", 4, [0, 1], id="LF alone"),
    ],
)
def test_rows_begin(data, width, starts):
    assert row_starts(data, 0, width) == starts


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, LARGE_ELEMENT - 1, LARGE_ELEMENT, 100_000])
def test_rows_cover_every_byte_once(size):
    view = large(size)
    wire = wire_of(view)
    spans = [wire._index.row(number, 64) for number in range(wire._rows)]

    received = [(row.start, row.end) for row in spans if row.element.stream == "received"]
    assert received[0][0] == 0
    assert all(first[1] == second[0] for first, second in itertools.pairwise(received))
    assert received[-1][1] == view.moment.connection.received_length


def test_row_of_a_large_element_takes_few_bytes_of_the_stream(monkeypatch):
    view = large(5_000_000)
    wire = wire_of(view)
    taken = []
    stream = view.moment.connection.record.received
    slice_ = stream.slice
    monkeypatch.setattr(stream, "slice", lambda start, end: taken.append(end - start) or slice_(start, end))

    wire.line(len(wire) - 2, WIDTH)

    assert sum(taken) <= 200


@pytest.mark.parametrize("form", ["text", "hex"])
def test_screen_of_a_large_element_takes_little_memory(form):
    view = large(5_000_000)
    text = wire_of(view)
    rows = text if form == "text" else WireHex(text._index, text._lengths, 16)
    rows.line(len(rows) // 2, WIDTH)
    tracemalloc.start()

    for number in range(len(rows) // 2, len(rows) // 2 + 45):
        rows.line(number, WIDTH)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000


def test_long_recording_is_indexed_in_steps():
    talk = Conversation("")
    for _ in range(EntryLog.at_once):
        talk.put_request("GET", "/")
        talk.end_header_section()
    view = states.view_of(talk, "", states.StepperStatus("paused", 1))
    connection = view.moment.connection
    index = WireIndex(connection.record, view.recording.entries)
    lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)

    lengths_seen = []
    for _ in range(10):
        wire = WireText(index, lengths, 64)
        lengths_seen.append(len(wire))
        if wire.complete:
            break

    assert lengths_seen == sorted(set(lengths_seen))
    assert len(lengths_seen) == 3  # each exchange is two elements, and a look at whether it is another one
    assert lengths_seen[-1] == 3 * EntryLog.at_once - 1  # each exchange but the first is announced


def test_index_looks_at_each_entry_once():
    view = states.exchanged()
    wire = wire_of(view)
    index = wire._index
    before = len(index)

    index.extend(view.last_index)

    assert len(index) == before


def test_entry_is_found_at_its_row_and_back():
    view = states.chunked()
    wire = wire_of(view)

    for position in range(len(wire._index)):
        entry = wire._index.element(position).entry
        assert wire.entry_of_row(wire.row_of_entry(entry)) == entry


def test_hex_shows_sixteen_bytes_with_their_characters_in_78_columns():
    view = states.exchanged()
    connection = view.moment.connection
    index = WireIndex(connection.record, view.recording.entries)
    lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)

    lines = lines_of(WireHex(index, lengths, bytes_per_row(78)), 78)

    assert bytes_per_row(78) == 16
    assert lines[0] == "sent →"
    assert lines[1] == "→     0  47 45 54 20 2f 68 65 6c  6c 6f 20 48 54 54 50 2f  GET /hello HTTP/"
    assert lines[-1] == "←   144  6f 2c 20 77 6f 72 6c 64  0a                       o, world·"


def test_hex_of_more_than_a_megabyte_has_its_bytes_below_one_another():
    view = large(1_100_000)
    connection = view.moment.connection
    lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)
    rows = WireHex(WireIndex(connection.record, view.recording.entries), lengths, 16)
    while not rows.complete:
        rows = WireHex(rows._index, lengths, 16)

    first, last = (plain(rows.line(rows.row_of("received", at), 90)) for at in (0, 1_050_000))

    assert first.index("48 54 54 50") == last.index("00 00 00 00") == 10
    assert len(first) == len(last) == rows.columns


def test_hex_finds_entries_and_rows():
    view = states.chunked()
    connection = view.moment.connection
    index = WireIndex(connection.record, view.recording.entries)
    lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)
    digits = WireHex(index, lengths, 16)

    first = index.element(0).entry
    assert digits.row_of_entry(first) == 1
    assert digits.entry_of_row(1) == first
    assert digits.row_of_entry(0) is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"a\r\n\t", "a␍␊␉", id="line ends and tab"),
        pytest.param(b"\x1b]0;x\x07", "␛]0;x␇", id="escape sequence"),
        pytest.param("é€".encode(), "é€", id="UTF-8"),
        pytest.param(b"\xff\xfe", "��", id="not UTF-8"),
        pytest.param("\x85".encode(), "‹U+0085›", id="C1"),
        pytest.param("\u202e".encode(), "‹U+202E›", id="bidirectional control"),
    ],
)
def test_bytes_become_text(data, text):
    assert text_of(data) == text


@pytest.mark.parametrize(("width", "bytes_in_row"), [(20, 24), (70, 48), (90, 64), (200, 96)])
def test_few_row_widths_serve_all_widths(width, bytes_in_row):
    assert row_width_for(width) == bytes_in_row


def test_control_glyphs_have_their_own_role():
    pieces = wire_of(states.exchanged()).line(0, WIDTH)

    assert [piece.text for piece in pieces if piece.role is Role.CONTROL] == ["␍", "␊"]
