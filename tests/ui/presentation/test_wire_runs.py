"""The order of the elements of a connection, and the rows that they take."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocol import tap
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog
from workbench.session.exchange_list import OpenExchanges
from workbench.session.stream import ByteStream
from workbench.ui.presentation import wire_runs
from workbench.ui.presentation.wire_rows import LARGE_ELEMENT, LINES_UNTIL, RowReader
from workbench.ui.presentation.wire_runs import WireRuns

STREAMS = ("sent", "received")


def add(record, stream, start, index):
    record.elements(stream).add(start, start + 1, index)


def told(runs):
    """The elements that the runs tell of, in their order: stream, start, entry."""
    found = []
    for position in range(len(runs)):
        run = runs.run_of(position)
        columns, place = runs.columns(run), runs.place(run, position)
        found.append((runs.stream(run), columns.starts[place], columns.indexes[place]))
    return found


@given(
    st.lists(st.tuples(st.sampled_from(STREAMS), st.integers(0, 9), st.integers(1, 3)), max_size=30),
    st.integers(1, 4),
    st.data(),
)
def test_elements_are_told_in_the_order_of_their_entries_however_late_they_come(elements, at_once, data):
    record = ConnectionRecord(1, 1, 0, 1, EntryLog(), OpenExchanges())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire_runs, "MOST_AT_ONCE", at_once)
        runs = WireRuns(record)
        expected, last = [], -1
        for stream, start, gap in elements:
            last += gap
            add(record, stream, start, last)
            expected.append((stream, start, last))
            if data.draw(st.booleans()):
                while not runs.extend(last):
                    pass
        while not runs.extend(last + 1):
            pass

    moment = data.draw(st.integers(-1, last + 1))
    assert told(runs) == expected
    assert runs.count_at(moment) == len([one for one in expected if one[2] <= moment])
    streams = [runs.stream(run) for run in range(len(runs.positions))]
    assert all(first != second for first, second in itertools.pairwise(streams))
    assert [runs.end_of(run) for run in range(len(streams))] == [
        *runs.positions[1:],
        *([len(runs)] if streams else []),
    ]


def test_elements_are_taken_in_up_to_a_moment():
    record = ConnectionRecord(1, 1, 0, 1, EntryLog(), OpenExchanges())
    for index in range(6):
        add(record, STREAMS[index % 2], index, index)
    runs = WireRuns(record)

    assert runs.extend(3)
    assert told(runs) == [(STREAMS[index % 2], index, index) for index in range(4)]
    assert runs.late == 0


class CountedStream(ByteStream):
    """Says how much of it was read."""

    read = 0

    def slice(self, start, end):
        data = super().slice(start, end)
        self.read += len(data)
        return data


KINDS = (tap.FieldLineParsed, tap.ContentParsed)


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.text("a\r\n", max_size=30)), min_size=1, max_size=20),
    st.integers(1, 8),
)
def test_rows_are_counted_as_they_begin(elements, width):
    stream = ByteStream()
    reader = RowReader(stream, width)

    for kind, text in elements:
        start = stream.length
        stream.append(text.encode())
        assert reader.count(kind, start, stream.length) == len(reader.starts(kind, start, stream.length))


@pytest.mark.parametrize(
    ("kind", "start", "size"),
    [
        pytest.param(tap.ChunkHeaderParsed, 0, 3, id="one line"),
        pytest.param(tap.FieldLineParsed, 0, LARGE_ELEMENT, id="large"),
        pytest.param(tap.ContentParsed, LINES_UNTIL, 100, id="far into the content"),
    ],
)
def test_rows_are_counted_without_a_look_at_the_bytes(kind, start, size):
    stream = CountedStream()
    stream.append(bytes(start + size))
    reader = RowReader(stream, 8)

    assert reader.count(kind, start, start + size) == len(reader.starts(kind, start, start + size))
    assert stream.read == 0


def test_bytes_of_many_small_elements_are_read_about_once():
    stream = CountedStream()
    for _ in range(1000):
        stream.append(b"0123456789")
    reader = RowReader(stream, 64)

    rows = [reader.count(tap.ContentParsed, start, start + 10) for start in range(0, 10_000, 10)]

    assert rows == [1] * 1000
    assert stream.read < 2 * stream.length
