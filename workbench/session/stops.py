"""Where a run stops at its breakpoints, looked for in its recording: `continue` in the past.

The rules are the worker's (`workbench.session.worker`): before a statement that has a breakpoint, and
inside a call at an event that one is about. Nothing is executed. A long recording is passed over at
the cost of a look at the class of each event; what an event is like is asked for those that can matter.
"""

from typing import NamedTuple

from workbench.protocol.tap import CallRaised, ErrorFact, Event
from workbench.session.breakpoint import SoFar
from workbench.session.breakpoints import Breakpoints, reason_of
from workbench.session.entries import EntryLog
from workbench.session.events import ScriptStarted
from workbench.session.recording import Recording
from workbench.session.run_record import RunRecord
from workbench.session.script import parse_script
from workbench.session.script_error import ScriptError
from workbench.session.walk import entries_of_run


class Stop(NamedTuple):
    """A moment at which a run stops."""

    entry: int
    """The index of the entry after which it is."""

    reason: str
    """Which breakpoints stopped it, as the stepper says it; empty at the end of the recorded run."""


def next_stop(recording: Recording, index: int, breakpoints: Breakpoints) -> Stop:
    """Find where a run goes on to from a moment.

    Args:
        recording: What was recorded.
        index: Of the entry after which the moment is.
        breakpoints: Where to stop.

    Returns:
        The first moment after it that has a breakpoint; else the last of the run. From the last of a
        run it goes on in the run after it.
    """
    entries = entries_of_run(recording, index)
    if index >= entries.stop - 1:
        entries = entries_of_run(recording, index + 1)
    last = max(index, entries.stop - 1)
    at_line = _stop_at_line(recording, index, last, breakpoints)
    at_event = _stop_at_event(
        recording, range(max(index + 1, entries.start), (at_line.entry if at_line else last) + 1), breakpoints
    )
    return at_event or at_line or Stop(last, "")


def _stop_at_line(recording: Recording, index: int, last: int, breakpoints: Breakpoints) -> Stop | None:
    """Find the first statement to come with a breakpoint on one of its lines."""
    run = recording.run_at(last)
    if run is None or not breakpoints.lines:
        return None
    ends = _statement_ends(run, last)
    for started, line in run.line_changes.changes(index + 1, last):
        # The moment before a statement is after the entry before. Who is there already goes on.
        if line and started - 1 > index:
            stopped_by = breakpoints.at_lines(line, ends.get(line, line))
            if stopped_by:
                return Stop(started - 1, reason_of(stopped_by))
    return None


def _statement_ends(run: RunRecord, index: int) -> dict[int, int]:
    """Say for the first line of each statement which one is its last."""
    try:
        script = parse_script(run.sources.at(index) or "")
    except ScriptError:
        return {}  # what a program recorded need not be in the script language
    return {statement.line: statement.end_line for statement in script.statements}


def _stop_at_event(recording: Recording, entries: range, breakpoints: Breakpoints) -> Stop | None:
    """Find the first event with a breakpoint among entries of one run."""
    log = recording.entries
    so_far = _bytes_before(recording, entries.start)
    looked_at: dict[type, bool] = {}
    for index in entries:
        kind = log.kind(index)
        wanted = looked_at.get(kind)
        if wanted is None:
            wanted = looked_at[kind] = breakpoints.look_at(kind)
        if not wanted:
            continue
        event = log.outline(index)
        assert isinstance(event, Event)
        so_far.raising = _raising_before(log, index)
        stopped_by = breakpoints.at_event(event, so_far)
        so_far.take_in(event)
        # What happens between two lines, as when a collected connection closes, holds nobody.
        if stopped_by and log[index].line:
            return Stop(index, reason_of(stopped_by))
    return None


def _bytes_before(recording: Recording, index: int) -> SoFar:
    """Count the bytes that a run had sent and received before one of its entries."""
    run = recording.run_at(index)
    before = recording.at(index - 1)
    if run is None or before.run != run.number:
        return SoFar()
    return SoFar(
        sent=sum(one.sent_length for one in before.connections),
        received=sum(one.received_length for one in before.connections),
    )


def _raising_before(log: EntryLog, index: int) -> ErrorFact | None:
    """Return the exception that was on its way out of a call before an entry."""
    for before in range(index - 1, -1, -1):
        event = log.outline(before)
        if isinstance(event, Event):
            return event.error if isinstance(event, CallRaised) else None
        if isinstance(event, ScriptStarted):
            break
    return None
