"""Recordings of real exchanges, and everything that can be asked of one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from workbench.lab import LabServer, find_scenario
from workbench.protocol.reporter import Reporter, now_ns
from workbench.session.breakpoints import Breakpoints
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.stepper import Stepper
from workbench.session.storage.format import Header
from workbench.session.storage.log import LiveLog
from workbench.session.storage.writer import RecordingWriter


def live_recording(path: Path, name: str = "test") -> Recording:
    """A recording that is written to a file as it grows."""
    return Recording(LiveLog(lambda: RecordingWriter(path, Header.now(name))))


def record_scenario(
    name: str, recording: Recording, recorder: Recorder | None = None, edited: Callable[[str], str] = str
) -> Recording:
    """Run a scenario of the lab to its end, perhaps edited. Several go into one recording through one recorder."""
    scenario = find_scenario(name)
    with LabServer() as lab:
        lab.open(scenario)
        stepper = Stepper(
            parse_script(edited(lab.script_for(scenario)), f"lab: {name}"),
            recorder or Recorder(recording),
            breakpoints=Breakpoints(),
        )
        try:
            while not stepper.status.ended:
                stepper.continue_()
                stepper.wait_until_idle(20)
        finally:
            stepper.close()
    return recording


def copied(recording: Recording, into: Recording) -> Recording:
    """Append all of a recording to another one."""
    for entry in recording.entries:
        into.append(entry.event, entry.line)
    return into


def note_exchange(reporter: Reporter, body: bytes = b"spam") -> None:
    """Note a whole exchange, as a connection does it."""
    reporter.exchange += 1
    reporter.reading_exchange = reporter.exchange
    reporter.queued_request_line("GET", "/", "HTTP/1.1", b"GET / HTTP/1.1")
    reporter.queued_automatic_fields("HTTPConnection", b"Host: a", b"Accept-Encoding: identity")
    reporter.queued_section_end()
    reporter.sent(reporter.queued_length - reporter.sent_length, now_ns())
    head = b"HTTP/1.1 200 OK\r\nServer: notes\r\nContent-Length: %d\r\n\r\n" % len(body)
    start = reporter.received_length
    reporter.received(head + body, now_ns())
    reporter.head(start, head)
    reporter.content_expected((6, "length", len(body), "it says so", True, "it is kept"))
    reporter.content(reporter.received_length, len(body), 0)
    reporter.message_completed(True, "all of it came", len(body))
    reporter.show()


EVENTS_OF_EXCHANGE = 18
"""What is noted by `note_exchange`."""

LINES_OF_EXCHANGE = 9
"""In how many lines."""


def answers(recording: Recording) -> Iterator[Any]:
    """Everything that views ask, at every moment."""
    yield [(entry.event, entry.line) for entry in recording.entries]
    yield [(run.number, run.name, run.connections.until(10**9)) for run in recording.runs]
    for index in range(len(recording.entries)):
        yield index, recording.spans_of(index)
        yield from _moment(recording, index)


def _moment(recording: Recording, index: int) -> Iterator[Any]:
    moment = recording.at(index)
    yield moment.run, moment.line, moment.outcomes.keys(), moment.failure, moment.printed, moment.ending
    yield [entry.index for entry in moment.open_calls]
    yield moment.script_source
    for connection in moment.connections:
        yield connection.number, connection.state, connection.target, connection.address, connection.open
        for stream in ("sent", "received"):
            yield connection.bytes(stream)
            yield list(connection.leaves(stream, 0, 1 << 40))
        for exchange in connection.exchanges:
            yield exchange.number, exchange.request_line, exchange.request_content_spans, exchange.error
            yield (
                exchange.diagnostics,
                exchange.request_header_section,
                exchange.first_index,
                exchange.last_index,
            )
            for response in exchange.responses:
                yield response.status_line, response.header_section, response.framing, response.completion
                yield response.content()[:100_000], response.trailer_section, response.interim
