"""Two exchanges side by side, and the first byte that differs."""

import pytest

from tests.session.told import Told
from workbench.session.exchange_bytes import exchange_span
from workbench.session.recording import Recording
from workbench.ui.presentation.piece import Tone, plain
from workbench.ui.presentation.side_by_side import MarkedExchange, SideBySide, compare_streams, heading_of


def exchange(body, number=0, *others):
    recording = Recording()
    told = Told(recording.append)
    for one in (body, *others):
        told.request()
        told.response(one)
    return MarkedExchange(recording, recording.exchanges[number], "it")


def shown(one, other, width=100):
    pair = (one, other)
    rows = SideBySide(pair, compare_streams(pair), width)
    return rows, [rows.line(number, width) for number in range(len(rows))]


def marked(lines):
    return [
        (number, piece.text)
        for number, line in enumerate(lines)
        for piece in line
        if piece.tone is Tone.OFFENDING
    ]


def test_exchanges_that_are_alike_say_so():
    rows, lines = shown(exchange(b"spam"), exchange(b"spam"))

    assert plain(lines[0]) == " sent 29 bytes and 29 bytes: no byte differs"
    assert rows.differences() == []
    assert marked(lines) == []


def test_first_byte_that_differs_is_marked_on_both_sides():
    rows, lines = shown(exchange(b"one\ntwo\nthree\n"), exchange(b"one\ntwX\nthrXe\n"))

    (row,) = rows.differences()
    assert marked(lines) == [(row, "o"), (row, "X")]
    assert "tw" in plain(lines[row])
    assert "the first difference is at byte" in plain(lines[5])


def test_exchange_that_is_longer_differs_where_the_other_ends():
    _, lines = shown(exchange(b"spam"), exchange(b"spam", 0, b"later"))
    assert marked(lines) == []

    rows, lines = shown(exchange(b"\n" * 9), exchange(b"\n" * 9 + b"more"))
    # Content-Length differs first, so only the content is looked at.
    assert rows.differences()
    assert marked(lines)


def test_end_of_the_shorter_one_is_marked():
    one, other = exchange(b"spam"), exchange(b"spam")
    told = Told(other.recording.append)
    told.exchange = 1
    told.received = told.parsed = other.recording.connection(1).received.length
    told.content = 4
    told.read(b"eggs")

    rows, lines = shown(one, other)

    assert [text for _, text in marked(lines)] == ["e", "ends here"] or [
        text for _, text in marked(lines)
    ] == [
        "ends here",
        "e",
    ]
    assert rows.differences() == [marked(lines)[0][0]]


def test_large_exchanges_are_shown_in_full_rows_behind_their_beginning():
    one, other = bytearray(b"ab\n" * 100_000), bytearray(b"ab\n" * 100_000)
    other[250_000:250_001] = b"X"
    rows, _ = shown(exchange(bytes(one)), exchange(bytes(other)), 80)

    (row,) = rows.differences()

    assert [piece.text for piece in rows.line(row, 80) if piece.tone is Tone.OFFENDING] == ["b", "X"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_bytes_of_an_exchange_are_its_own_also_where_requests_overtake(number):
    recording = Recording()
    told = Told(recording.append)
    for _ in range(3):
        told.request()
    for answered in (1, 2, 3):
        told.exchange = answered
        told.content = 0
        told.response(b"answer %d" % answered)
    record = recording.exchanges[number]
    connection = recording.connection(1)

    sent, received = exchange_span(recording, record, "sent"), exchange_span(recording, record, "received")

    assert connection.sent.slice(sent.start, sent.end).count(b"GET / HTTP/1.1\r\n") == 1
    assert connection.received.slice(received.start, received.end).endswith(b"answer %d" % (number + 1))
    assert connection.received.slice(received.start, received.end).count(b"HTTP/1.1 200 OK") == 1


def test_headings_name_both_within_the_width():
    (line,) = heading_of((exchange(b"a"), exchange(b"b")), 60)

    assert plain(line).split() == ["A", "it", "│", "B", "it"]
