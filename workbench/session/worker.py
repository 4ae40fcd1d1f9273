"""The worker: one run of a script, in a thread of its own.

The protocol between the threads
--------------------------------
Two threads meet here: the user's, which gives commands and never waits, and the worker's, which
executes statements and is the only one that touches connections (but for `interrupt()`).

One condition, which the stepper shares among its workers, guards the command, the status and the
two flags `_aborting` and `_retired`. It is held for a few assignments at a time, and nothing that
could wait is called meanwhile: no tap, no listener, no interpreter, no I/O. Recording takes the
recorder's lock, which is a leaf: whoever holds it never asks for the condition. So there is no
order of locks to get wrong.

The worker waits in two places only: between two statements (`_main`), and inside a call (`_gate`,
which the tap runs, so that the connection waits with it). Both wait for the same three things: a
command, an abort, or the end. A command is accepted only from a status that the worker publishes
on its way to one of these places, and sets the status to `running`; so there is never more than one
command, and none is lost.

An abort opens the gate, keeps it open, and interrupts the connections, so that whatever
the worker is blocked in raises. What cannot be interrupted (the look-up of a name, opening
a named pipe) is given up: the pen is retired, so that nothing the thread does later is
recorded; when it comes back, it closes its connections and ends. A look-up is given up at once,
anything else after `ABORT_GRACE_SECONDS`.

The tap can also be called in other threads, and inside the worker's own bookkeeping, when the
garbage collector closes a connection. Such an event is recorded and never waits: the gate is for
the worker's thread while it executes a statement (`_armed`), and for nobody else.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from workbench.protocol import describe_error
from workbench.protocol.tap import ErrorFact, Event, HostLookupFinished, HostLookupStarted
from workbench.session.breakpoint import SoFar
from workbench.session.breakpoints import Breakpoints, reason_of
from workbench.session.events import (
    LineRaised,
    LineReturned,
    LineStarted,
    Printed,
    ScriptExtended,
    ScriptFinished,
    SessionEvent,
)
from workbench.session.recorder import Pen, Recorder
from workbench.session.script import Script, Statement
from workbench.session.status import StepperStatus
from workbench.session.values import result_text

logger = logging.getLogger(__name__)

ABORT_GRACE_SECONDS = 1.0
"""How long an interrupted call may take to come back before its thread is given up. Interrupting
takes effect within a system call; a second is a hundred times what a busy machine needs."""


class Interruptible(Protocol):
    """What the worker asks of a connection."""

    def interrupt(self) -> None:
        """Make whatever is blocked on the connection raise. Safe from any thread."""


class StatementRunner(Protocol):
    """What the worker asks of an interpreter."""

    namespace: dict[str, Any]

    def execute(self, statement: Statement) -> object:
        """Carry out a statement."""

    def close(self) -> None:
        """Close every connection, response and file that the script opened."""


class InterpreterFactory(Protocol):
    """Makes the interpreter of a run."""

    def __call__(
        self,
        *,
        tap: Callable[[Event], None],
        on_connection: Callable[[Any], None],
        output: Callable[[str], None],
    ) -> StatementRunner:
        """Make one whose connections report to `tap`, and which reports each connection."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How far to run."""

    kind: Literal["over", "into", "continue", "line"]
    line: int = 0
    """For `line`: stop before the first statement that ends there or later."""


@dataclass(frozen=True, slots=True)
class Call:
    """Execute statements from the call line, and go back to where the run stood."""

    script: Script
    """The script with the call in it."""

    statements: tuple[Statement, ...]
    status: StepperStatus
    """Where the run stood."""


OVER = Plan("over")


class Worker:
    """One run of a script.

    Args:
        script: What to run.
        recorder: What to record with.
        interpreter_factory: Makes the interpreter.
        breakpoints: Where to pause.
        condition: Guards the status of all workers of a stepper, and is notified of its changes.
        changed: Called after each change of the status, with no lock held.
    """

    def __init__(
        self,
        script: Script,
        recorder: Recorder,
        *,
        interpreter_factory: InterpreterFactory,
        breakpoints: Breakpoints,
        condition: threading.Condition,
        changed: Callable[[], None],
    ) -> None:
        self.script = script
        self._recorder = recorder
        self._breakpoints = breakpoints
        self._condition = condition
        self._changed = changed
        self._pen: Pen = recorder.start_run(script.name, script.source)
        self.interpreter = interpreter_factory(
            tap=self._tap, on_connection=self._note_connection, output=self._print
        )
        self._pending = deque(script.statements)
        self._connections: list[Interruptible] = []
        self._plan = OVER
        # Guarded by the condition.
        self._command: Plan | Call | None = None
        self._aborting = False
        self._retired = False
        self._grace: threading.Timer | None = None
        self._status = self._stamped(StepperStatus("ready", self._next_line()))
        # Written by the worker's thread alone.
        self._armed = False
        self._in_lookup = False
        self._so_far = SoFar()
        self._thread = threading.Thread(target=self._main, name="workbench-script", daemon=True)
        self._thread.start()

    # --- called by the stepper, in the user's thread -------------------------------------

    @property
    def status(self) -> StepperStatus:
        """Where the run stands."""
        return self._status

    @property
    def retired(self) -> bool:
        """Whether the thread is on its way out, or lost, and takes no command any more."""
        return self._retired

    @property
    def thread(self) -> threading.Thread:
        """The worker's thread, for tests."""
        return self._thread

    def pending(self) -> list[Statement]:
        """Return the statements to come. For the user's thread, while the worker is idle."""
        return list(self._pending)

    def pending_steps(self) -> list[Statement]:
        """Return the steps to come. For the user's thread, while the worker is idle."""
        return [statement for statement in self._pending if statement.is_step]

    def give(self, command: Plan | Call, line: int) -> None:
        """Hand over a command. The caller holds the condition, and has looked at the status."""
        self._command = command
        self._set(StepperStatus("running", line))

    def abort(self) -> None:
        """Begin to end the run, and return at once. A run that has ended meanwhile stays as it ended."""
        with self._condition:
            before = self._status
            if before.mode == "ready" or before.ended:
                return
            self._aborting = True
            self._set(StepperStatus("running", before.line, reason="aborting"))
            in_call = before.mode == "running" or before.inside_call
            hopeless = in_call and self._in_lookup
            if in_call and not hopeless:
                self._grace = threading.Timer(
                    ABORT_GRACE_SECONDS, self._give_up, ["Aborted in a call that cannot be interrupted"]
                )
                self._grace.daemon = True
                self._grace.start()
        self._changed()
        if in_call:
            self._interrupt()
        if hopeless:
            self._give_up("Aborted while a name was being looked up, which cannot be interrupted")

    def retire(self) -> None:
        """End the run for good: its thread ends as soon as it can, and is not heard any more."""
        with self._condition:
            before = self._status
            self._retired = True
            self._cancel_grace()
            if not before.ended:
                self._set(StepperStatus("aborted", before.line, reason="ended by the user"))
            self._condition.notify_all()
        self._retire_pen("The run was ended")
        self._interrupt()

    # --- ending what cannot be waited for ------------------------------------------------

    def _give_up(self, words: str) -> None:
        """Leave the thread behind in what it is blocked in."""
        with self._condition:
            if self._retired or not self._aborting:
                return
            self._retired = True
            line = self._status.line
            self._condition.notify_all()
        error = self._retire_pen(words)
        with self._condition:
            self._aborting = False
            self._set(StepperStatus("aborted", line, error=error, reason=words))
        self._changed()

    def _retire_pen(self, words: str) -> ErrorFact:
        error = describe_error(ConnectionAbortedError(words))
        last_events: list[SessionEvent] = []
        now = time.perf_counter_ns()
        if self._pen.line:
            last_events.append(LineRaised(now, self._pen.line, error, aborted=True))
        self._pen.retire(*last_events, ScriptFinished(now, "aborted"))
        return error

    def _interrupt(self) -> None:
        for connection in tuple(self._connections):
            connection.interrupt()

    def _cancel_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    # --- the thread ----------------------------------------------------------------------

    def _main(self) -> None:
        while True:
            with self._condition:
                while self._command is None and not self._aborting and not self._retired:
                    self._condition.wait()
                if self._retired:
                    break
                aborting = self._aborting
                command, self._command = self._command, None
            if isinstance(command, Call):
                # An abort that came before it began ends it, and not the run.
                self._run_call(command)
            elif aborting:
                self._end("aborted", self._next_line(), None)
            elif command is not None:
                self._run_plan(command)
        self._close_everything()

    def _run_plan(self, plan: Plan) -> None:
        """Execute statements until the plan, as it is by then, says to stop."""
        self._plan = plan
        stepped = False
        while self._pending:
            statement = self._pending[0]
            reason = self._reason_to_stop_before(statement) if stepped else ""
            if reason:
                self._rest(StepperStatus("paused", statement.line, reason=reason))
                return
            if not self._begin(statement):
                self._end("aborted", statement.line, None)
                return
            self._pending.popleft()
            error = self._execute(statement)
            if self._aborting or error is not None:
                self._end("aborted" if self._aborting else "failed", statement.line, error)
                return
            stepped = stepped or statement.is_step
        self._end("finished", 0, None)

    def _run_call(self, call: Call) -> None:
        """Execute a call from the call line, and go back to where the run stood."""
        self._plan = OVER
        # The call may need the names that the imports at the top bind.
        while self._pending and not self._pending[0].is_step:
            statement = self._pending.popleft()
            error = self._execute(statement)
            if error is not None:
                self._end("failed", statement.line, error)
                return
        self.script = call.script
        statement = call.statements[0]
        self._pen.write(ScriptExtended(time.perf_counter_ns(), statement.line, call.script.source))
        error = None
        for statement in call.statements:
            if not self._begin(statement):
                break
            error = self._execute(statement)
            if error is not None:
                break
        with self._condition:
            aborted, self._aborting = self._aborting, False
            self._cancel_grace()
        self._rest(_status_after_call(call.status, statement.line, error, aborted=aborted))

    def _begin(self, statement: Statement) -> bool:
        """Publish that a statement runs from now on; False when the run is being ended."""
        with self._condition:
            if self._aborting or self._retired:
                return False
            self._set(StepperStatus("running", statement.line))
        self._changed()
        return True

    def _execute(self, statement: Statement) -> ErrorFact | None:
        """Execute one statement, and return what it raised."""
        self._pen.line = statement.line
        self._pen.write(LineStarted(time.perf_counter_ns(), statement.line))
        ended: SessionEvent
        error = None
        try:
            self._armed = True
            value = self.interpreter.execute(statement)
            self._armed = False
            ended = LineReturned(time.perf_counter_ns(), statement.line, result_text(value))
        except Exception as exception:  # noqa: BLE001 - whatever a call raises is what the user came to see
            self._armed = False
            error = describe_error(exception)
            ended = LineRaised(time.perf_counter_ns(), statement.line, error, aborted=self._aborting)
        self._in_lookup = False
        self._pen.write(ended)
        self._pen.line = 0
        return error

    def _reason_to_stop_before(self, statement: Statement) -> str:
        """Say why to stop before a statement; empty to go on. Imports are run along."""
        if not statement.is_step:
            return ""
        stopped_by = self._breakpoints.at_lines(statement.line, statement.end_line)
        if stopped_by:
            return reason_of(stopped_by)
        if self._plan.kind == "line":
            return f"line {statement.line}" if statement.end_line >= self._plan.line else ""
        return "" if self._plan.kind == "continue" else "step"

    def _end(
        self, outcome: Literal["finished", "failed", "aborted"], line: int, error: ErrorFact | None
    ) -> None:
        self._pen.write(ScriptFinished(time.perf_counter_ns(), outcome))
        with self._condition:
            self._aborting = False
            self._command = None
            self._cancel_grace()
            if not self._retired:
                self._set(StepperStatus(outcome, line, error=error, reason=_END_REASONS[outcome]))
        self._changed()

    def _rest(self, status: StepperStatus) -> None:
        """Publish a status that the worker waits in, unless the run is being ended."""
        with self._condition:
            if not self._aborting and not self._retired:
                self._set(status)
        self._changed()

    def _set(self, status: StepperStatus) -> None:
        """Change the status. The caller holds the condition, and calls `_changed` without it."""
        self._status = self._stamped(status)
        self._condition.notify_all()

    def _stamped(self, status: StepperStatus) -> StepperStatus:
        return replace(status, entry_index=len(self._recorder.recording.entries) - 1)

    def _next_line(self) -> int:
        return next((statement.line for statement in self._pending if statement.is_step), 0)

    def _close_everything(self) -> None:
        """Close what the run left open, in the thread that used it."""
        try:
            self.interpreter.close()
        except OSError as error:
            logger.debug("Closing the connections of a run: %s", error)
        self._connections.clear()
        self.interpreter.namespace.clear()

    # --- called inside a statement -------------------------------------------------------

    def _tap(self, event: Event) -> None:
        if not self._pen.write(event):
            # The run was given up while the thread was blocked. Let the next call fail, too.
            self._interrupt()
            return
        if isinstance(event, (HostLookupStarted, HostLookupFinished)):
            self._in_lookup = isinstance(event, HostLookupStarted)
        stopped_by = self._breakpoints.at_event(event, self._so_far)
        self._so_far.take_in(event)
        if self._armed and threading.get_ident() == self._thread.ident and not self._aborting:
            reason = reason_of(stopped_by) or ("step" if self._plan.kind == "into" else "")
            if reason:
                self._gate(reason)

    def _gate(self, reason: str) -> None:
        """Hold the call, and with it the connection, until the user says how to go on."""
        self._armed = False
        self._rest(StepperStatus("paused", self._pen.line, inside_call=True, reason=reason))
        with self._condition:
            while self._command is None and not self._aborting and not self._retired:
                self._condition.wait()
            command, self._command = self._command, None
        if isinstance(command, Plan):
            self._plan = command
        self._armed = True

    def _note_connection(self, connection: Interruptible) -> None:
        self._connections.append(connection)
        # An abort interrupts those that it finds. This one may have come too late to be found.
        if self._aborting or self._retired:
            connection.interrupt()

    def _print(self, text: str) -> None:
        self._pen.write(Printed(time.perf_counter_ns(), self._pen.line, text))


_END_REASONS = {
    "finished": "end of the script",
    "failed": "the call raised",
    "aborted": "aborted",
}


def _status_after_call(
    before: StepperStatus, line: int, error: ErrorFact | None, *, aborted: bool
) -> StepperStatus:
    """Say where a run stands after a call from the call line.

    Args:
        before: Where it stood.
        line: The line of the call.
        error: What the call raised.
        aborted: Whether the user aborted it.
    """
    if error is None and not aborted:
        return before
    outcome: Literal["aborted", "failed"] = "aborted" if aborted else "failed"
    if before.ended:
        return StepperStatus(outcome, line, error=error, reason=_END_REASONS[outcome])
    # Beside a line of the script, which is another one than that of the call.
    return replace(
        before, error=error, reason="after a call that " + ("was aborted" if aborted else "raised")
    )
