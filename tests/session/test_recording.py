"""The recording: streams, elements, and the links between lines, events and bytes."""

import itertools
import sys
import threading
from contextlib import suppress

import pytest

from tests.session.told import Told, error
from workbench.protocol import tap
from workbench.protocol.notes import make_event
from workbench.session.connection_record import _HANDLERS
from workbench.session.entries import EntryLog
from workbench.session.events import LineReturned, LineStarted, ScriptStarted
from workbench.session.leaves import NOT_PARSED_YET, describe_leaf_kind
from workbench.session.recording import Recording


@pytest.fixture
def recording() -> Recording:
    return Recording()


def test_every_event_of_the_tap_has_its_place_in_a_record():
    every_kind = {
        kind
        for kind in vars(tap).values()
        if isinstance(kind, type) and issubclass(kind, tap.Event) and kind is not tap.Event
    }

    assert set(_HANDLERS) == every_kind


def test_entries_keep_events_in_order_with_their_lines(recording):
    recording.append(LineStarted(1, 4), line=4)
    recording.append(LineReturned(2, 4, "None"))

    assert [(entry.index, type(entry.event), entry.line) for entry in recording.entries] == [
        (0, LineStarted, 4),
        (1, LineReturned, 0),
    ]
    assert recording.entries[-1].index == 1
    assert [entry.index for entry in recording.entries[1:]] == [1]


def test_queued_bytes_are_buffered_until_the_kernel_takes_them(recording):
    told = Told(recording.append)

    told.request_line()
    queued = recording.at()
    told.send_all()

    connection = recording.connection(1)
    assert connection.sent.slice(0, 99) == b"GET / HTTP/1.1\r\n"
    assert connection.sent_length == connection.sent.length == 16
    assert (queued.connection.queued_length, queued.connection.sent_length) == (16, 0)


def test_received_bytes_without_an_element_are_not_parsed_yet(recording):
    told = Told(recording.append)
    told.request()
    told.receive(b"HTTP/1.1 200 OK\r\nrest")
    told.parse(tap.StatusLineParsed, 17, "version", "HTTP/1.1", 200, "OK")

    connection = recording.at().connection
    leaves = list(connection.leaves("received", 0, 100))

    assert [(leaf.kind, leaf.start, leaf.end) for leaf in leaves] == [
        ("version", 0, 17),
        (NOT_PARSED_YET, 17, 21),
    ]
    assert connection.leaf_at("received", 18).kind == NOT_PARSED_YET
    assert connection.leaf_at("received", 21) is None
    assert connection.element_at("received", 18) is None
    assert describe_leaf_kind(NOT_PARSED_YET) == "received, not parsed yet"


def test_element_of_a_byte_is_the_entry_that_parsed_it(recording):
    told = Told(recording.append)
    told.request()
    told.response()

    entry = recording.element_at(1, "received", 3)

    assert isinstance(entry.event, tap.StatusLineParsed)
    assert recording.element_at(1, "received", 3, entry.index - 1) is None
    assert recording.leaf_at(1, "received", 3, entry.index - 1).kind == NOT_PARSED_YET
    assert recording.leaf_at(2, "received", 3) is None
    assert recording.element_at(2, "received", 3) is None


def test_element_that_comes_late_is_found_all_the_same(recording):
    told = Told(recording.append)
    told.receive(b"0123456789")
    told.parsed = 5
    told.parse(tap.BytesLeft, 5, "unparsed")
    told.parsed = 0
    told.parse(tap.ExcessReceived, 5, "excess")

    leaves = list(recording.at().connection.leaves("received", 0, 10))

    assert [(leaf.kind, leaf.start, leaf.end) for leaf in leaves] == [("excess", 0, 5), ("unparsed", 5, 10)]


def test_byte_leads_to_the_transfer_that_brought_it(recording):
    told = Told(recording.append)
    told.receive(b"abc")
    told.receive(b"de")
    told.request_line()
    told.send_all()

    record = recording.connection(1)

    assert [record.transfer_at("received", offset) for offset in (0, 2, 3, 4)] == [0, 0, 1, 1]
    assert record.transfer_at("received", 5) is None
    assert record.transfer_at("sent", 0) == 3


def test_line_leads_to_its_entries_and_bytes(recording):
    recording.append(ScriptStarted(0, 1, "a.py", "", 0))
    told = Told(lambda event: recording.append(event, line=2))
    recording.append(LineStarted(0, 2), line=2)
    told.request()
    recording.append(LineReturned(0, 2, ""), line=2)
    told.listen = lambda event: recording.append(event, line=3)
    told.response()

    assert [list(found) for found in recording.entries_of_line(2)] == [list(range(1, 8))]
    assert recording.spans_of_line(2) == ((1, ("sent", 0, 29)),)
    assert recording.spans_of_line(3) == ((1, ("received", 0, told.received)),)
    assert recording.entries_of_line(99) == ()
    assert recording.spans_of(1) == recording.spans_of_line(2)


def test_line_of_an_older_run_keeps_its_own_entries(recording):
    for run in (1, 2):
        recording.append(ScriptStarted(0, run, "a.py", "", 0))
        recording.append(LineStarted(0, 2), line=2)

    assert recording.entries_of_line(2, run=1) == (range(1, 2),)
    assert recording.entries_of_line(2) == (range(3, 4),)


def test_entries_of_the_script_are_found_among_all(recording):
    told = Told(recording.append)
    recording.append(LineStarted(0, 2), line=2)
    told.request()
    recording.append(LineReturned(0, 2, ""), line=2)
    returned = len(recording.entries) - 1

    assert list(recording.script_entries(0, returned + 1)) == [0, returned]
    assert list(recording.script_entries(1, returned + 1)) == [returned]
    assert list(recording.script_entries(0, returned)) == [0]


def test_call_leads_to_everything_inside_it(recording):
    told = Told(recording.append)
    told.call("HTTPConnection.request")
    told.call("HTTPConnection.putrequest")
    told.request_line()
    told.returned("HTTPConnection.putrequest")
    told.request_end()
    told.returned("HTTPConnection.request")
    told.receive(b"x")

    outer, inner = ((1, ("sent", 0, 18)),), ((1, ("sent", 0, 16)),)
    assert recording.spans_of(0) == outer
    assert recording.spans_of(1) == inner
    assert recording.spans_of(3) == inner
    assert recording.spans_of(5) == outer
    assert recording.spans_of(6) == ((1, ("received", 0, 1)),)


def test_call_that_goes_on_leads_to_everything_so_far(recording):
    told = Told(recording.append)
    told.call("HTTPConnection.request")
    told.request_line()

    assert recording.spans_of(0) == ((1, ("sent", 0, 16)),)


def test_bytes_before_an_element_that_came_early_are_not_parsed_yet(recording):
    told = Told(recording.append)
    told.receive(b"0123456789")
    told.parsed = 4
    told.parse(tap.BytesLeft, 2, "unparsed")

    leaves = list(recording.at().connection.leaves("received", 1, 99))

    assert [(leaf.kind, leaf.start, leaf.end, leaf.index) for leaf in leaves] == [
        (NOT_PARSED_YET, 1, 4, None),
        ("unparsed", 4, 6, 1),
        (NOT_PARSED_YET, 6, 10, None),
    ]


def test_exchanges_of_two_connections_come_in_order_of_their_beginning(recording):
    first, second = Told(recording.append, 1), Told(recording.append, 2)
    first.request()
    second.request()
    first.request()

    assert [(exchange.connection, exchange.number) for exchange in recording.exchanges] == [
        (1, 1),
        (2, 1),
        (1, 2),
    ]


def test_response_read_after_the_next_request_belongs_to_its_own_exchange(recording):
    told = Told(recording.append)
    told.request()
    told.head(200)
    told.request()
    told.exchange = 1
    told.read(b"late")

    first, second = recording.at().connection.exchanges
    assert first.response.content() == b"late"
    assert second.response is None
    assert len(recording.exchanges) == 2


def test_misuse_before_any_request_begins_no_exchange(recording):
    told = Told(recording.append)
    told.call("HTTPConnection.getresponse")
    told.raised("HTTPConnection.getresponse", error("ResponseNotReady", "ImproperConnectionState"))

    assert recording.exchanges == []


def test_reader_never_meets_half_an_event():
    recording = Recording()
    told = Told(recording.append)
    done = threading.Event()
    faults: list[str] = []

    def read() -> None:
        while not done.is_set():
            moment = recording.at()
            connection = moment.connection
            if connection is None:
                continue
            received = connection.received_length
            data = connection.bytes("received")
            leaves = list(connection.leaves("received", 0, received))
            if len(data) != received:
                faults.append("length")
            if leaves and (leaves[0].start != 0 or leaves[-1].end != received):
                faults.append("leaves")
            for exchange in connection.exchanges[-2:]:
                list(exchange.request_header_section)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(300):
        told.request()
        told.response()
    done.set()
    reader.join(10)

    assert faults == []


@pytest.mark.parametrize("when", range(1, 6))
def test_entries_stay_whole_after_ctrl_c_in_an_append(when):
    notes = [("StateChanged", 1, 1, 1, "IDLE", "IDLE", f"cause {number}") for number in range(3)]
    first, second, third = [make_event(note, seq) for seq, note in enumerate(notes, 10)]
    log, calls = EntryLog(), itertools.count(1)
    log.append(first, 1)

    def interrupted(frame, event, _):
        # The interpreter lets signals in when a function of its own has returned.
        if event == "c_return" and frame.f_code is EntryLog.append.__code__ and next(calls) == when:
            raise KeyboardInterrupt

    sys.setprofile(interrupted)
    with suppress(KeyboardInterrupt):
        log.append(second, 2)
    sys.setprofile(None)
    log.append(third, 3)

    found = [(entry.event.seq, entry.event.cause, entry.line) for entry in log]
    assert found in (
        [(10, "cause 0", 1), (12, "cause 2", 3)],
        [(10, "cause 0", 1), (11, "cause 1", 2), (12, "cause 2", 3)],
    )
