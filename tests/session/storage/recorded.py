"""Recordings of real exchanges, and everything that can be asked of one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.lab import LabServer, find_scenario
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


def record_scenario(name: str, recording: Recording) -> Recording:
    """Run a scenario of the lab to its end."""
    scenario = find_scenario(name)
    with LabServer() as lab:
        lab.open(scenario)
        stepper = Stepper(
            parse_script(lab.script_for(scenario), name), Recorder(recording), breakpoints=Breakpoints()
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
