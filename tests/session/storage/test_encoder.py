"""What writes the lines of a recording writes what `json` would."""

import json
from copy import copy
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.storage.any_event import any_event
from workbench.protocol import tap
from workbench.protocol.calls import report_calls
from workbench.protocol.notes import NotingTap, each, make_event
from workbench.protocol.reporter import Reporter
from workbench.protocol.tapped import make_reporter
from workbench.protocol.wire.fields import parse_field_section
from workbench.protocol.wire.regular_head import parse_regular_head
from workbench.protocol.wire.start_line import parse_status_line
from workbench.session.entries import OfLine
from workbench.session.storage.encoder import EventEncoder
from workbench.session.storage.format import KINDS, EventDecoder, Header
from workbench.session.storage.forms import LONGEST_ELEMENT, _form_of
from workbench.session.storage.writer import LONGEST_INLINE


def spill(data):
    return data.decode("latin-1") if len(data) <= LONGEST_INLINE else [7, len(data)]


def plain(event, line):
    """The line of an event, made by going through its values."""

    def default(value):
        return (
            spill(value) if isinstance(value, bytes) else [getattr(value, one.name) for one in fields(value)]
        )

    values = [getattr(event, field.name) for field in fields(event)]
    text = json.dumps([type(event).__name__, line, *values], separators=(",", ":"), default=default)
    return text.encode() + b"\n"


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=20)
@given(data=st.data(), line=st.integers(0, 2**32 - 1))
def test_line_is_what_json_makes_of_the_values(kind, data, line):
    event = data.draw(any_event(KINDS[kind]))

    assert EventEncoder(spill).encode_all([OfLine(event, line)], int) == plain(event, line)


def test_event_of_the_tap_is_written_with_the_numbers_of_the_recording():
    event = tap.StateChanged(1, 2, 30, 40, "IDLE", "REQUEST_STARTED", "putrequest")

    assert EventEncoder(spill).encode_all([OfLine(event, 5)], {30: 3}.get) == plain(
        tap.StateChanged(1, 2, 3, 40, "IDLE", "REQUEST_STARTED", "putrequest"), 5
    )
    assert event.connection == 30


# --- events whose fields are late ---------------------------------------------------------------

# Few, so that the same comes again in another place.
_NAMES = st.sampled_from([b"A", b"Content-Type"])
_SPACE = st.sampled_from([b"", b" ", b"\t "])
_VALUES = st.sampled_from(
    [b"", b"x", b'say "b"', b"caf\xe9", b"x\\y \x7e", b"a\r\n b\r\n\tc", b" x\r\n" * 6 + b" y", b"long" * 400]
)
_FIELD_LINES = st.builds(
    lambda name, before, value, after: name + b":" + before + value + after + b"\r\n",
    _NAMES, _SPACE, _VALUES, _SPACE,
)  # fmt: skip
_SECTIONS = st.lists(_FIELD_LINES | st.sampled_from([b" : fold\r\n", b"no colon\r\n"]), max_size=4).map(
    b"".join
)


def _tell_request(reporter, data):
    method, target = data.draw(
        st.sampled_from([("GET", "/"), ("GE T", "/"), ("GE", "T /"), ("GET", "/" * 5000)])
    )
    reporter.queued_request_line(method, target, "HTTP/1.1", f"{method} {target} HTTP/1.1".encode())
    for name, value in data.draw(st.lists(st.tuples(_NAMES, _VALUES), max_size=3)):
        reporter.queued_field_line(name + b": " + value, data.draw(st.booleans()))
    reporter.queued_section_end()


def _tell_response(reporter, data, start):
    line = data.draw(
        st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 404 \r\n", b"HTTP/1.1 200 caf\xe9\n"])
    )
    if parse_status_line(line, start)[0] is not None:
        reporter.status_line(line, start)
    section = parse_field_section(data.draw(_SECTIONS), start + len(line))
    reporter.field_lines(section, data.draw(st.sampled_from(["header", "trailer"])), 0, section.line_count)
    reporter.section_end("HeaderSectionParsed", section, data.draw(st.sampled_from([b"\r\n", b"\n"])))
    reporter.content(section.end, 5, data.draw(st.integers(0, 9)))


class _Caller:
    def __init__(self, reporter):
        self.reporter = reporter
        report_calls(self, ("call",))

    def call(self, method, result, body):
        return result


def _call(reporter, data):
    result, body = [data.draw(st.sampled_from([None, b"ok", 1, True])) for _ in range(2)]
    _Caller(reporter).call("GET", result, body=body)


@settings(max_examples=200)
@given(data=st.data())
def test_event_whose_fields_are_late_is_written_as_the_same_one_made_at_once(data):
    events = []
    reporter = Reporter(events.append)
    for start in data.draw(st.lists(st.integers(0, 10**10), min_size=1, max_size=4)):
        _call(reporter, data)
        _tell_request(reporter, data)
        _tell_response(reporter, data, start)
    encoder = EventEncoder(spill)

    written = [encoder.encode_all([OfLine(event, 3)], int) for event in events]

    assert all(event.note is not None for event in events)
    assert written == [plain(copy(event), 3) for event in events]


class _Notes(NotingTap):
    def __init__(self):
        self.noted = []
        self.note = self.noted.append

    def take(self):
        pass


@settings(max_examples=200)
@given(data=st.data())
def test_notes_are_written_as_the_events_that_are_made_of_them(data):
    notes = _Notes()
    reporter = make_reporter(notes)
    for start in data.draw(st.lists(st.integers(0, 10**10), min_size=1, max_size=4)):
        _call(reporter, data)
        _tell_request(reporter, data)
        section = parse_field_section(data.draw(_SECTIONS), start)
        kind = data.draw(st.sampled_from(["header", "trailer"]))
        told = data.draw(st.integers(0, section.line_count))
        reporter.field_lines(section, kind, 0, told)
        reporter.field_lines(section, kind, told, section.line_count)
        head = parse_regular_head(b"HTTP/1.1 200 OK\r\n" + data.draw(_SECTIONS) + b"\r\n", 0)
        if head is not None:
            reporter.head(start, head.data)
        reporter.content_expected((6, "length", 5, "it says so", True, "it is kept"))
        lines = [
            name + b": " + value for name, value in data.draw(st.tuples(*[st.tuples(_NAMES, _VALUES)] * 2))
        ]
        reporter.queued_automatic_fields(data.draw(st.sampled_from(["A", 'B"'])), *lines)

    written = EventEncoder(spill).encode_all(notes.noted, lambda _: 1)

    assert_lines_of(written, notes.noted)


def assert_lines_of(written, noted):
    """Lines stand for all that was noted, in its order, on connection 1."""
    decoder, seq, left = EventDecoder(Header.now("")), 0, [one for note in noted for one in each(note)]
    for line in written.splitlines(keepends=True):
        events, _ = decoder.decode(line)
        assert events[0].seq > seq
        for seq, event in enumerate(events, events[0].seq):
            expected = replace(make_event(left.pop(0), seq), connection=1)
            # What is spilled is not read; no bytes of several events ever are.
            assert event == expected if len(events) > 1 else line == plain(expected, 0)
    assert left == []


# --- what comes again -----------------------------------------------------------------------------


def _tell_exchange(reporter, data, start):
    reporter.queued_request_line("GET", "/", "HTTP/1.1", b"GET / HTTP/1.1")
    reporter.queued_automatic_fields("HTTPConnection", b"Host: a", b"Accept-Encoding: identity")
    reporter.queued_field_line(b'A: "%d%%s"', automatic=False)
    reporter.head(start, data)
    reporter.field_lines(parse_field_section(b"A: 1\r\nB:\r\nC: 3\r\n", start), "trailer", 1, 3)
    reporter.content_expected((6, "length", 5, "it says so", True, "it is kept"))


def test_what_comes_again_is_written_in_its_own_place():
    notes = _Notes()
    reporter, data = make_reporter(notes), b"HTTP/1.1 200 OK\r\nServer: forms\r\nA:b \r\n\r\n"
    for start in (0, 7, 123_456, 10**10):
        reporter.queued_length = 3 * start
        _tell_exchange(reporter, data, start)

    written = EventEncoder(spill).encode_all(notes.noted, lambda _: 1)

    assert_lines_of(written, notes.noted)


def test_event_that_comes_again_keeps_its_number_and_the_line_of_the_script():
    events = []
    reporter, encoder = Reporter(events.append), EventEncoder(spill)
    for _ in range(4):
        _tell_exchange(reporter, b"HTTP/1.1 200 OK\r\nServer: events\r\n\r\n", 5)

    written = [encoder.encode_all([OfLine(event, 3)], int) for event in events]

    assert all(event.note is not None for event in events)
    assert written == [plain(copy(event), 3) for event in events]


@pytest.mark.parametrize("length", [LONGEST_ELEMENT, LONGEST_ELEMENT + 1])
def test_of_what_is_long_there_is_no_form(length):
    events = []
    _form_of.cache_clear()
    Reporter(events.append).queued_field_line(b"Long: ".ljust(length - 2, b"x"), automatic=False)

    assert EventEncoder(spill).encode_all([OfLine(events[0], 0)], int) == plain(copy(events[0]), 0)
    assert _form_of.cache_info().currsize == (length == LONGEST_ELEMENT)


def test_request_line_that_comes_again_is_of_its_own_version():
    """A program may send another line than is told of."""
    notes = _Notes()
    reporter = make_reporter(notes)
    for version in ("HTTP/1.1", "HTTP/1.1", "HTTP/1.0"):
        reporter.queued_request_line("GET", "/version", version, b"GET /version HTTP/1.1")

    written = EventEncoder(spill).encode_all(notes.noted, int).splitlines()

    assert [json.loads(line)[-1] for line in written] == ["HTTP/1.1", "HTTP/1.1", "HTTP/1.0"]
