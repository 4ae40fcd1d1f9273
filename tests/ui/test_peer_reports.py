"""Both ends of a connection in one recording: what the lab reports of the session's own connections."""

import socket
import threading

import pytest

from tests.ui import states
from workbench.lab import LabServer, find_scenario
from workbench.protocol import tap
from workbench.session.entries import EntryLog
from workbench.session.events import PEER_HEAD_BYTES, PeerReported, ScriptStarted
from workbench.session.interpreter import Interpreter
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.saving import save_recording
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.peer_reports import PeerReports
from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.script_text import next_lines
from workbench.ui.presentation.waiting import waited_for
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_ladder import WireLadder
from workbench.ui.presentation.wire_text import WireLengths

TIMEOUT_SECONDS = 10.0


class Session:
    """Runs scenarios against a lab, and records both ends."""

    def __init__(self, lab):
        self.lab = lab
        self.recording = Recording()
        self.recorder = Recorder(self.recording)
        self.reports = PeerReports(self.recorder)
        self.closed = threading.Semaphore(0)
        lab.subscribe(self.reports)
        lab.subscribe(lambda event: self.closed.release() if event.kind in ("closed", "reset") else None)

    def run(self, name, until_closed=1):
        text = self.lab.script_for(find_scenario(name))
        pen = self.recorder.start_run(name, text)
        interpreter = Interpreter(
            tap=pen.write,
            on_connection=lambda _: None,
            output=lambda _: None,
            default_timeout=TIMEOUT_SECONDS,
        )
        try:
            for statement in parse_script(text, name).statements:
                interpreter.execute(statement)
        except Exception:  # noqa: BLE001 - some scenarios end so
            pass
        finally:
            interpreter.close()
        for _ in range(until_closed):
            assert self.closed.acquire(timeout=TIMEOUT_SECONDS)
        self.reports.flush()
        return self.recording

    def told(self, connection):
        events = [entry.event for entry in self.recording.entries]
        return [one for one in events if isinstance(one, PeerReported) and one.connection == connection]

    def ladder(self, connection):
        return ladder_of(self.recording, connection)


def ladder_of(recording, connection):
    moment = recording.at().connection_numbered(connection)
    lengths = WireLengths(len(recording.entries) - 1, moment.sent_length, moment.received_length)
    index = WireIndex(moment.record, recording.entries)
    return WireLadder(index, lengths, moment.queued_length, 0)


def lines_of(ladder):
    return [plain(ladder.line(number, 120)) for number in range(len(ladder))]


@pytest.fixture
def session():
    with LabServer(pace=0) as lab:
        yield Session(lab)


@pytest.mark.parametrize("name", ["hello", "hello-tls"])
def test_recording_holds_what_the_server_received_and_sent(session, name):
    recording = session.run(name)

    connection = recording.at().connection_numbered(1)
    told = session.told(1)
    kinds = [one.kind for one in told]
    assert kinds[0] == "opened"
    assert [kind for kind in kinds if kind in ("received", "sent")] == ["received", "sent"]
    for one in told:
        if one.span is not None:
            assert one.span.start == 0
            assert one.span.end == connection.length(one.span.stream)
            assert one.head == connection.bytes(one.span.stream, 0, PEER_HEAD_BYTES)


def test_owners_are_found_without_reading_every_event(session, monkeypatch):
    read = []
    outline = EntryLog.outline
    monkeypatch.setattr(
        EntryLog, "outline", lambda log, index: read.append(log.kind(index)) or outline(log, index)
    )

    session.run("hello")

    assert session.told(1)
    assert set(read) == {ScriptStarted, tap.Connected}


def test_ladder_shows_both_ends_on_one_scale(session):
    session.run("hello-tls")

    lines = lines_of(session.ladder(1))
    times = [float(line[:9]) for line in lines[1:]]
    assert lines[0].endswith("what it carried, and ├ the server's log")
    assert times == sorted(times)
    words = " ".join(lines)
    for expected in ("├ accepted", "├ TLS established TLSv1.3", "├ received", "├ sent", "GET /hello"):
        assert expected in words
    received = next(at for at, line in enumerate(lines) if "│◀" in line and "status-line" in line)
    sent = next(at for at, line in enumerate(lines) if "├ sent" in line)
    assert sent < received


def test_tunnel_and_what_goes_through_it_have_reports_of_their_own(session):
    session.run("tunnel")

    assert [one.head[:8] for one in session.told(2) if one.kind == "received"] == [b"CONNECT "]
    through = [one for one in session.told(1) if one.span is not None]
    assert [one.span.start for one in through] == [0, 0]
    assert through[0].head.startswith(b"GET ")


def test_reports_of_a_run_before_are_not_in_the_run_after(session):
    session.run("hello")
    # Its end reaches the log while the next run is under way.
    recording = session.run("reset-before-head")

    second = recording.runs[1].first_index
    assert {
        entry.event.connection
        for entry in recording.entries[second:]
        if isinstance(entry.event, PeerReported)
    } == {2}
    assert session.told(2)[-1].kind == "reset"


def test_connections_of_others_are_not_recorded(session):
    address = session.lab.open(find_scenario("hello"))
    for _ in range(70):
        with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as other:
            other.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert other.recv(10)

    recording = session.run("hello", until_closed=71)

    assert {one.connection for one in session.told(1)} == {1}
    assert sum(isinstance(entry.event, PeerReported) for entry in recording.entries) == len(session.told(1))


def test_large_body_is_reported_by_its_size(session):
    """The client reads a little of it and closes: the rest was sent, and never received."""
    session.run("large-body")

    sent = [one for one in session.told(1) if one.kind == "sent"]
    assert sent[-1].span.end > session.recording.at().connection_numbered(1).received_length
    assert max(len(one.head) for one in sent) == PEER_HEAD_BYTES
    ladder = session.ladder(1)
    last = max(row for row in range(len(ladder)) if "├ sent" in plain(ladder.line(row, 120)))
    assert ladder.span_of_row(last) is None


def test_time_travel_hides_what_was_reported_later(session):
    recording = session.run("hello")
    first = next(e.index for e in recording.entries if isinstance(e.event, PeerReported))

    index = WireIndex(recording.connection(1), recording.entries)
    before = WireLadder(index, WireLengths(first - 1, 0, 0), 0, 0)
    at = WireLadder(index, WireLengths(first, 0, 0), 0, 0)

    assert len(at) == len(before) + 1
    assert "├" not in "".join(plain(before.line(number, 120)) for number in range(len(before)))
    assert at.entry_of_row(at.row_of_entry(first)) == first


def test_recording_that_was_saved_has_both_ends(session, tmp_path):
    save_recording(session.run("hello-tls"), tmp_path / "both.jsonl", "both")

    opened = RecordingLoader(tmp_path / "both.jsonl").load()

    assert lines_of(session.ladder(1)) == lines_of(ladder_of(opened, 1))


def test_tunnel_is_known_behind_a_report(session):
    """A report may stand between the event that starts the tunnel and the first of the asking."""
    recording = session.run("tunnel")
    started = next(e.index for e in recording.entries if isinstance(e.event, tap.TunnelStarted))
    again = Recording()
    for entry in recording.entries:
        again.append(entry.event, entry.line)
        if entry.index == started:
            again.append(PeerReported(entry.event.time_ns, 1, "waiting"))

    assert again.at().connection_numbered(2).tunnel_for == 1


def test_report_is_not_what_the_client_waits_for_or_is_held_at():
    view = states.held()

    assert isinstance(view.recording.entries[-1].event, PeerReported)
    assert isinstance(view.moment.own_entry.event, tap.BytesReceived)
    assert "getresponse" in waited_for(view.moment)
    held_at = plain(next_lines(view, USUAL_KEYS.word)[0])
    assert held_at.startswith("inside line 6, at BytesReceived")
