"""The lines of a recording."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.storage.any_event import any_event
from workbench.protocol import tap
from workbench.session.entries import OfLine
from workbench.session.storage.encoder import EventEncoder
from workbench.session.storage.format import (
    KINDS,
    EventDecoder,
    Header,
    NotARecordingError,
    decode_header,
    encode_header,
)
from workbench.session.storage.values import loaded, spilled_of


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=20)
@given(data=st.data(), line=st.integers(0, 2**32 - 1))
def test_every_event_comes_back_as_it_was(kind, data, line):
    event = data.draw(any_event(KINDS[kind]))
    bodies = bytearray()

    def spill(body):
        if len(body) <= 1000:
            return body.decode("latin-1")
        bodies.extend(body)
        return [len(bodies) - len(body), len(body)]

    encoded = EventEncoder(spill).encode_all([OfLine(event, line)], int)
    (read,), read_line = EventDecoder(Header.now("")).decode(encoded)

    assert encoded.isascii()
    assert encoded.count(b"\n") == 1
    assert sum(map(len, spilled_of(read))) == len(bodies)
    assert loaded(read, lambda offset, length: bytes(bodies[offset : offset + length])) == event
    assert read_line == line
    assert type(read) is type(event)


def test_header_says_which_fields_the_events_have():
    header = Header.now("lab: hello")

    line = encode_header(header)

    assert decode_header(line) == header
    assert json.loads(line)["events"]["ConnectStarted"] == [
        "seq", "time_ns", "connection", "exchange", "address", "port",
    ]  # fmt: skip
    assert json.loads(line)["notes"]["Head"] == ["seq", "time_ns", "connection", "exchange", "start", "data"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET / HTTP/1.1\r\n", id="no JSON"),
        pytest.param(b"[1, 2]", id="no object"),
        pytest.param(b'{"format": "HAR"}', id="another format"),
        pytest.param(b"[" * 100_000, id="nested too deep"),
    ],
)
def test_file_that_is_no_recording_is_refused(line):
    with pytest.raises(NotARecordingError, match="Expected a recording"):
        decode_header(line)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b'{"format": "workbench recording", "version": 1, "eve', id="cut"),
        pytest.param(b'{"format": "workbench recording", "version": "one"}', id="no number"),
        pytest.param(b'{"format": "workbench recording", "events": {}, "version": 1e999}', id="no end"),
    ],
)
def test_first_line_that_is_damaged_is_told_as_one(line):
    with pytest.raises(NotARecordingError, match="Line 1 of this recording is damaged"):
        decode_header(line)


HEADER = Header(
    1, "1", 0, 0, "", {"ConnectStarted": ("seq", "time_ns", "connection", "exchange", "address", "port")}, {}
)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(b'["Connect', "a list in JSON", id="cut"),
        pytest.param(b"{}", "a list in JSON", id="no list"),
        pytest.param(b"[]", "a list in JSON", id="empty"),
        pytest.param(b'[["ConnectStarted"], 0]', "a kind of event", id="no kind"),
        pytest.param(b'["Elsewhere", 0]', "a kind of event", id="unknown kind"),
        pytest.param(b'["ConnectStarted", -1, 1, 2, 3, 4, "a", 80]', "number of a line", id="line"),
        pytest.param(
            b'["ConnectStarted", 0, 1, 2, 3, 4, "a"]', "6 fields of ConnectStarted, found 5", id="too few"
        ),
        pytest.param(b'["ConnectStarted", 0, 1, 2, 3, 4, "a", "80"]', "a number, found '80'", id="no number"),
        pytest.param(
            b'["ConnectStarted", 0, 1, 2, 3, true, "a", 80]', "a number, found True", id="truth value"
        ),
        pytest.param(b'["ConnectStarted", 0, 1, 2, 3, 4, 7, 80]', "text, found 7", id="no text"),
        pytest.param(
            b'["ConnectStarted", 0, 1, 2, 3, 18446744073709551616, "a", 80]', "a number", id="beyond 64 bits"
        ),
    ],
)
def test_line_that_is_no_event_is_refused_in_words(line, words):
    with pytest.raises(ValueError, match=words):
        EventDecoder(HEADER).decode(line)


def test_fields_of_another_version_are_found_by_their_names():
    names = ("address", "colour", "port", "exchange", "connection", "time_ns", "seq")
    other = Header(2, "9", 0, 0, "", {"ConnectStarted": names}, {})

    (event,), _ = EventDecoder(other).decode(b'["ConnectStarted", 0, "::1", "red", 80, 4, 3, 2, 1]')

    assert event == tap.ConnectStarted(1, 2, 3, 4, "::1", 80)


def test_field_that_an_older_version_did_not_have_gets_its_default():
    names = ("seq", "time_ns", "connection", "exchange", "error")

    (event,), _ = EventDecoder(Header(1, "0", 0, 0, "", {"TlsFailed": names}, {})).decode(
        b'["TlsFailed", 0, 1, 2, 3, 4, "x"]'
    )

    assert event.elapsed_ns == 0
