"""Lines that stand for several events: what they say comes back, and what somebody has changed is found."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.storage.any_event import any_of
from tests.session.storage.recorded import (
    EVENTS_OF_EXCHANGE,
    LINES_OF_EXCHANGE,
    answers,
    live_recording,
    note_exchange,
)
from workbench.protocol import notes
from workbench.protocol.late import describe, words_for
from workbench.protocol.notes import (
    ANSWER,
    AUTOMATIC,
    BOUNDARY,
    HEAD,
    READ,
    REQUEST,
    VALUES,
    OfCall,
    each,
    make_event,
)
from workbench.protocol.tapped import make_reporter
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.redaction import redact_recording
from workbench.session.storage import index_file, loader
from workbench.session.storage.encoder import EventEncoder
from workbench.session.storage.format import EventDecoder, Header, decode_header
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.log import StoredLog
from workbench.session.storage.saving import save_recording
from workbench.session.storage.several import LONGEST_INLINE, write_several


@pytest.fixture
def path(tmp_path):
    return tmp_path / "session.jsonl"


def spill(data):
    return data.decode("latin-1")


def encode(*noted):
    return EventEncoder(spill).encode_all(noted, int)


def decode(line):
    return EventDecoder(Header.now("")).decode(line)[0]


# --- one line ---------------------------------------------------------------------------------

_FIELDS = st.lists(st.sampled_from([b"A: 1", b"Server:  x y ", b'B:"%d\\"', b"C:"]), max_size=5)
_BYTES = st.binary(max_size=40)

_HEADS = _FIELDS.map(lambda lines: b"".join(b"%b\r\n" % line for line in [b"HTTP/1.0 200 OK", *lines, b""]))
_CALLS = st.one_of(
    st.tuples(any_of(str), st.none(), st.just(())),
    st.tuples(any_of(str), any_of(str), st.just(())),
    st.tuples(any_of(str), st.lists(any_of(str), max_size=3).map(tuple), st.just(())),
    st.tuples(any_of(str), st.tuples(any_of(str), st.binary(max_size=300)), st.just(("body",))),
)
_BODIES = st.none() | st.binary(max_size=300)
_TIMES = any_of(int | None)


@st.composite
def whole_requests(draw):
    fields = draw(_FIELDS.map(lambda lines: [line for line in lines if b": " in line]))
    lines = [b"GET /a HTTP/1.1", b"Host: a", b"Accept-Encoding: identity", *fields, b"", b""]
    sent = draw(any_of(tuple[int, int, int] | None))
    end_ns = None if sent is None else draw(_TIMES)
    count = draw(st.integers(0, len(fields)))
    called = draw(_CALLS.filter(lambda called: called[1] is not None))
    return (
        *called,
        draw(any_of(int)),
        count,
        draw(any_of(int)),
        b"\r\n".join(lines),
        draw(_BODIES),
        sent,
        end_ns,
    )


@st.composite
def whole_answers(draw):
    """What is noted is noted up to any step."""
    head, steps = draw(_HEADS), draw(st.integers(0, 4))
    called = draw(_CALLS.filter(lambda called: steps or called[1] is not None))
    received = (*draw(any_of(tuple[int, int, int])), head + draw(_BYTES)), len(head)
    boundary = draw(st.tuples(*[any_of(of) for of in VALUES[BOUNDARY].values()]))
    parts = [
        *received,
        boundary,
        draw(any_of(tuple[str, str])),
        *draw(st.tuples(any_of(int), any_of(str), any_of(int))),
    ]
    known = [0, 1, 3, 4, 7][steps]
    return *called, *parts[:known], *[None] * (len(parts) - known)


@st.composite
def whole_reads(draw):
    called = draw(_CALLS)
    parts = [draw(any_of(VALUES[READ][name])) for name in ("taken", "completed", "states")]
    received = draw(st.none() | st.tuples(any_of(int), any_of(int), any_of(int), _BYTES))
    end_ns = draw(
        _TIMES
        if called[1] is not None or any(part is not None for part in (received, *parts))
        else any_of(int)
    )
    results = st.one_of(st.tuples(any_of(str), st.none()), st.tuples(st.none(), _BYTES | any_of(int)))
    return *called, received, *parts, end_ns, *draw(results)


OWN_VALUES = {
    AUTOMATIC: st.tuples(any_of(str), any_of(int), _BYTES, _BYTES),
    HEAD: st.tuples(
        any_of(int),
        _FIELDS.map(lambda lines: b"".join(b"%b\r\n" % line for line in [b"HTTP/1.0 200 OK", *lines, b""])),
    ),
    BOUNDARY: st.tuples(*[any_of(of) for of in VALUES[BOUNDARY].values()]),
    REQUEST: whole_requests(),
    ANSWER: whole_answers(),
    READ: whole_reads(),
}
"""What is noted of each kind that there is."""


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_events_of_a_line_are_those_of_its_note(kind, data):
    note = (kind, *[data.draw(any_of(int)) for _ in range(3)], *data.draw(OWN_VALUES[kind]))

    line = encode(note)
    events = decode(line)

    assert line.isascii()
    assert line.count(b"\n") == 1
    assert list(events) == [make_event(one, seq) for seq, one in enumerate(each(note), events[0].seq)]
    assert decode(encode(note))[0].seq >= events[-1].seq + 1
    count, values = write_several(note)
    assert (len(events), json.loads(f"[{values}]")) == (count, json.loads(line)[6:])
    assert values in line.decode()


MADE_UP = {
    "number": int, "truth": bool, "text": str, "data": bytes, "perhaps": int | None, "some": bytes | None,
    "words": str | None, "lines": tuple[bytes, ...], "arguments": OfCall.ARGUMENTS, "names": OfCall.NAMES,
    "result_words": OfCall.WORDS, "result": OfCall.RESULT, "last": int,
}  # fmt: skip

_PLAIN = st.one_of(st.none(), st.booleans(), any_of(int), any_of(str), st.binary(max_size=300))
_ARGUMENTS = st.one_of(
    st.tuples(any_of(str), st.just(())),
    st.tuples(st.lists(_PLAIN, max_size=3).map(tuple), st.just(())),
    st.tuples(st.tuples(_PLAIN, _PLAIN), st.just(("body",))),
)
_RESULTS = st.one_of(st.tuples(any_of(str), st.none()), st.tuples(st.none(), _PLAIN))


@given(data=st.data())
def test_kind_needs_no_more_than_its_values_and_what_gives_its_events(data):
    own = [data.draw(any_of(of)) for of in (int, bool, str)]
    own += [data.draw(_BYTES), data.draw(any_of(int | None)), data.draw(st.none() | _BYTES)]
    own += [data.draw(any_of(str | None)), data.draw(st.lists(_BYTES, max_size=3).map(tuple))]
    arguments, results = data.draw(_ARGUMENTS), data.draw(_RESULTS)
    own += [*arguments, *results, data.draw(any_of(int))]
    told = []

    def give(time_ns, connection, exchange, *values):
        told.append(values)
        return [("ConnectionReused", time_ns, connection, exchange, values[-1])] * 3

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(notes.VALUES, "MadeUp", MADE_UP)
        patch.setitem(notes.SEVERAL, "MadeUp", give)
        events = decode(encode(("MadeUp", 1, 2, 3, *own)))

    words, result = results
    read = [*own[:8], words_for(*arguments), (), describe(result) if words is None else words, None, own[-1]]
    assert told == [tuple(own), tuple(read)]
    assert [event.idle_ns for event in events] == [own[-1]] * 3


@pytest.mark.parametrize("kind", [AUTOMATIC, HEAD])
def test_note_with_more_bytes_than_a_line_takes_is_written_event_by_event(kind):
    data = b"HTTP/1.1 200 OK\r\nA: ".ljust(LONGEST_INLINE - 3, b"x") + b"\r\n\r\n"
    note = (kind, 1, 2, 3, *((0, data) if kind == HEAD else ("HTTPConnection", 0, data, b"B: 1")))

    lines = encode(note).splitlines()

    assert [json.loads(line)[0] for line in lines] == [one[0] for one in each(note)]
    assert write_several(note) is None


HEAD_LINE = encode((HEAD, 1, 2, 3, 40, b"HTTP/1.1 200 OK\r\nA: 1\r\n\r\n")).rstrip()


@pytest.mark.parametrize(
    ("find", "replacement", "words"),
    [
        pytest.param(b",40,", b",", "6 fields of Head, found 5", id="too few"),
        pytest.param(b",40,", b',"40",', "a number, found '40'", id="no number"),
        pytest.param(b",40,", b",-1,", "a number, found -1", id="below 0"),
        pytest.param(b'"HTTP', b'5,"HTTP', "6 fields of Head, found 7", id="too many"),
        pytest.param(b'"HTTP/1.1 200 OK', b'"200 OK', "what is noted of a Head", id="no status-line"),
        pytest.param(b'"HTTP/1.1 200 OK\\r\\nA: 1\\r\\n\\r\\n"', b"[0, 5000]", "text, found", id="spilled"),
        pytest.param(
            b'"HTTP/1.1 200 OK\\r\\nA: 1\\r\\n\\r\\n"', b'""', "what is noted of a Head", id="empty"
        ),
        pytest.param(b"200", b"\\u0100", "a character for each byte", id="no bytes"),
    ],
)
def test_line_that_is_no_note_is_refused_in_words(find, replacement, words):
    assert find in HEAD_LINE

    with pytest.raises(ValueError, match=words):
        decode(HEAD_LINE.replace(find, replacement))


@settings(max_examples=500)
@given(at=st.integers(0, len(HEAD_LINE) - 1), byte=st.sampled_from(b'0:9, "[]\\nx\x00'), gone=st.booleans())
def test_line_with_a_byte_changed_is_refused_or_is_of_whole_events(at, byte, gone):
    changed = HEAD_LINE[:at] + (b"" if gone else bytes([byte])) + HEAD_LINE[at + 1 :]
    try:
        events = decode(changed)
    except ValueError:
        return

    assert all(event.note is None and repr(event) for event in events)


def test_fields_of_another_version_are_found_by_their_names():
    names = ("data", "colour", "start", "exchange", "connection", "time_ns", "seq")
    header = replace(Header.now(""), version=3, notes={HEAD: names, "Elsewhere": ("seq",)})

    events, _ = EventDecoder(header).decode(
        b'["Head", 0, "HTTP/1.1 200 OK\\r\\n\\r\\n", "red", 40, 4, 3, 2, 1]'
    )
    assert [(event.seq, event.connection, event.span.start) for event in events] == [(1, 3, 40), (2, 3, 57)]

    with pytest.raises(ValueError, match="a kind of event that this version knows"):
        EventDecoder(header).decode(b'["Elsewhere", 0, 1]')
    with pytest.raises(ValueError, match="the field connection of Head"):
        EventDecoder(replace(header, notes={HEAD: names[:2]})).decode(b'["Head", 0, "", "red"]')


# --- a file -----------------------------------------------------------------------------------


def both(path, exchanges=3):
    """Note the same exchanges in memory and in a file."""
    recorders = Recorder(Recording()), Recorder(live_recording(path))
    for recorder in recorders:
        reporter = make_reporter(recorder)
        for _ in range(exchanges):
            note_exchange(reporter)
    return recorders


def comparable(recording):
    return [
        replace(entry.event, seq=0, time_ns=0, **_no_time(entry.event), connection=1)
        for entry in recording.entries
    ]


def _no_time(event):
    return {"elapsed_ns": 0} if hasattr(event, "elapsed_ns") else {}


def test_recording_of_notes_is_the_one_in_memory_read_in_any_way(path, monkeypatch):
    monkeypatch.setattr(index_file, "SMALLEST", 0)
    monkeypatch.setattr(loader, "SMALLEST", 0)
    memory, on_disk = both(path)
    lines = path.read_bytes().splitlines()[1:]
    live = on_disk.recording
    count = len(live.entries)
    of_file = RecordingLoader(path)
    of_file.load()
    of_index = RecordingLoader(path)

    assert (len(lines), count) == (3 * LINES_OF_EXCHANGE, 3 * EVENTS_OF_EXCHANGE)
    assert (of_file.damage, of_index.damage, of_index.done) == (None, None, True)
    assert comparable(memory.recording) == comparable(live)
    for one, other, another in zip(
        answers(live), answers(of_file.recording), answers(of_index.recording), strict=True
    ):
        assert one == other == another
    for log in (RecordingLoader(path).recording.entries, of_index.recording.entries):
        assert [log.event(index) for index in reversed(range(count))] == [
            live.entries.event(index) for index in reversed(range(count))
        ]


def test_events_of_a_line_are_made_at_once(path, monkeypatch):
    both(path)
    log = RecordingLoader(path).load().entries
    read = []
    read_event = StoredLog._read
    monkeypatch.setattr(StoredLog, "_read", lambda log, index: read.append(index) or read_event(log, index))
    for kept in (log._cache, log._older, log._new, log._older_new):
        kept.clear()
    kinds = [log.kind(index).__name__ for index in range(EVENTS_OF_EXCHANGE)]
    first = kinds.index("StatusLineParsed")

    for index in (first + 2, first, first + 1, first + 3):
        assert type(log.event(index)).__name__ == kinds[index]

    assert read == [first + 2]


@pytest.mark.parametrize("stops_at", range(EVENTS_OF_EXCHANGE + 1))
def test_reader_that_stopped_in_the_middle_of_a_line_goes_on_there(path, monkeypatch, stops_at):
    recorder = Recorder(live_recording(path))
    note_exchange(make_reporter(recorder))
    recording, take = recorder.recording, Recording._take

    def stopping(recording, event, line):
        if len(recording.log) == stops_at:
            raise KeyboardInterrupt
        return take(recording, event, line)

    with monkeypatch.context() as patch:
        patch.setattr(Recording, "_take", stopping)
        if stops_at < EVENTS_OF_EXCHANGE:
            with pytest.raises(KeyboardInterrupt):
                len(recording.entries)
            assert len(recording.log) == stops_at

    assert [entry.event for entry in recording.entries] == [
        entry.event for entry in RecordingLoader(path).load().entries
    ]
    assert len(recording.entries) == EVENTS_OF_EXCHANGE


@pytest.mark.parametrize(
    ("find", "replacement", "words"),
    [
        pytest.param(b'["Head",', b'["Heap",', "kind of event", id="another kind"),
        pytest.param(b'0,"HTTP/1.1 200', b'0,"HTTP/1.1 2xx', "what is noted of a Head", id="no head"),
        pytest.param(b'0,"HTTP/1.1 200 OK', b'0,"HTTP/1.1 200 OK' + b"!" * 20, "within", id="too long"),
        pytest.param(b'"HTTPConnection",16', b'"HTTPConnection",17', "the bytes from 16 on", id="elsewhere"),
    ],
)
def test_damaged_line_loses_its_events_all_of_them(path, find, replacement, words):
    both(path)
    data = path.read_bytes()
    at = data.index(find)
    path.write_bytes(data[:at] + replacement + data[at + len(find) :])
    opened = RecordingLoader(path)

    recording = opened.load()

    begin = data.rindex(b"\n", 0, at + 1) + 1
    assert words in opened.damage.reason
    assert (opened.damage.offset, opened.damage.cut) == (begin, False)
    assert len(recording.entries) == events_in(data[:begin])
    assert recording.entries[-1].event


def events_in(data):
    header, *lines = data.splitlines()
    decoder = EventDecoder(decode_header(header))
    return sum(len(decoder.decode(line)[0]) for line in lines)


def test_recording_cut_at_any_byte_opens_up_to_the_last_whole_line(path):
    both(path, 1)
    data = path.read_bytes()
    begin = data.index(b'["Head",')
    end = data.index(b"\n", begin) + 1

    for length in range(begin, end + 1):
        path.write_bytes(data[:length])
        opened = RecordingLoader(path)
        count = len(opened.load().entries)

        assert count == events_in(data[:begin] if length < end else data[:end])
        assert (opened.damage is None) == (length in (begin, end))
        assert opened.damage is None or opened.damage.cut


def test_secrets_of_notes_are_written_over_when_it_is_written_again(path, tmp_path):
    recorder = Recorder(live_recording(path))
    reporter = make_reporter(recorder)
    head = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=s3cr3tw0rd\r\n\r\n"
    reporter.queued_request_line("GET", "/", "HTTP/1.1", b"GET / HTTP/1.1")
    reporter.queued_automatic_fields("HTTPConnection", b"Authorization: Bearer s3cr3tt0k3n", b"A: b")
    reporter.received(head, 0)
    reporter.head(0, head)
    reporter.show()
    copy = redact_recording(RecordingLoader(path).load()).recording

    save_recording(copy, tmp_path / "copy.jsonl", "copy")

    assert path.read_bytes().count(b"s3cr3t") == 3
    assert b"s3cr3t" not in (tmp_path / "copy.jsonl").read_bytes()
    assert len(RecordingLoader(tmp_path / "copy.jsonl").load().entries) == len(recorder.recording.entries)
