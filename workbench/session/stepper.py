"""The stepper: a debugger for a script. It takes the commands; a `Worker` carries them out.

How the two threads talk to each other is written down in `workbench.session.worker`.
"""

import threading
from collections.abc import Callable
from itertools import takewhile

from workbench.session.assist.scope import Scope, scope_of_run
from workbench.session.breakpoints import Breakpoints
from workbench.session.interpreter import Interpreter
from workbench.session.listeners import Listener, Listeners
from workbench.session.namespace import default_namespace
from workbench.session.preview import Preview, preview_statement
from workbench.session.recorder import Recorder
from workbench.session.script import Script
from workbench.session.status import CommandRefused, StepperStatus
from workbench.session.worker import OVER, Call, InterpreterFactory, Plan, Worker


class Stepper:
    """A debugger for one script. Its methods are for one thread, the user's, and none of them waits.

    A command that makes no sense now raises `CommandRefused` with words for the user: stepping
    while a call runs or after the script has ended, aborting when nothing runs.

    Args:
        script: What to run. Nothing is executed before the first command.
        recorder: What to record with.
        interpreter_factory: Makes the interpreter of each run; None for the real one.
        breakpoints: Where to pause; they survive a restart.
    """

    def __init__(
        self,
        script: Script,
        recorder: Recorder,
        *,
        interpreter_factory: InterpreterFactory | None = None,
        breakpoints: Breakpoints | None = None,
    ) -> None:
        self._recorder = recorder
        self._interpreter_factory = interpreter_factory or Interpreter
        self._breakpoints = breakpoints or Breakpoints()
        self._condition = threading.Condition()
        self._listeners = Listeners()
        self._closed = False
        self._worker = self._new_worker(script)

    # --- what it says --------------------------------------------------------------------

    @property
    def script(self) -> Script:
        """The script, calls from the call line included."""
        return self._worker.script

    @property
    def status(self) -> StepperStatus:
        """Where the run stands. It may be read in any thread."""
        return self._worker.status

    @property
    def breakpoints(self) -> Breakpoints:
        """Where it pauses. They may be changed at any moment."""
        return self._breakpoints

    @property
    def recorder(self) -> Recorder:
        """What it records with; `stepper.recorder.recording` is what the views are drawn from."""
        return self._recorder

    def stops_at(self, line: int) -> bool:
        """Whether a run can stop before a line: whether a statement that is a step has it."""
        return any(one.is_step and one.line <= line <= one.end_line for one in self.script.statements)

    def preview(self) -> Preview | None:
        """Say what the next statement would do; None when no statement is next."""
        status = self.status
        if status.mode not in ("ready", "paused") or status.inside_call:
            return None
        run_along = list(self._worker.pending())
        step = next((statement for statement in run_along if statement.is_step), None)
        if step is None:
            return None
        del run_along[run_along.index(step) :]
        return preview_statement(self._interpreter_factory, self._worker.interpreter, step, run_along)

    def scope(self) -> Scope:
        """Say what the names stand for that a call can use now, and which get a value later."""
        worker = self._worker
        statements = worker.script.statements
        scope = scope_of_run(worker.interpreter.namespace, worker.script.namespace or default_namespace())
        if self.status.idle:
            # They run along with a call from the call line.
            imports = takewhile(lambda statement: not statement.is_step, worker.pending())
            scope = scope.with_imports(statement.node for statement in imports)
        return scope.with_later(statement.node for statement in statements)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have a listener called after every change of the status. Call what is returned to end that.

        It is called in the thread that made the change: the worker's, or the one that gave the
        command. It must return at once, and reads `status` itself, so that two changes in
        quick succession cannot arrive in the wrong order.
        """
        return self._listeners.subscribe(listener)

    def wait_until_idle(self, timeout: float) -> StepperStatus:
        """Wait until no command is being carried out. For tests, and for use without a screen.

        Args:
            timeout: In seconds.

        Returns:
            The status then.

        Raises:
            TimeoutError: A command is still being carried out.
        """
        with self._condition:
            if not self._condition.wait_for(lambda: self.status.idle, timeout):
                raise TimeoutError(f"Line {self.status.line} still runs after {timeout:g} s")
            return self.status

    # --- what it is told -----------------------------------------------------------------

    def step_over(self) -> None:
        """Execute one statement; from inside a call, finish its statement."""
        self._give(OVER)

    def step_into(self) -> None:
        """Go on to the next event inside the call, or into the next statement."""
        self._give(Plan("into"))

    def continue_(self) -> None:
        """Run to the next breakpoint, or to the end."""
        self._give(Plan("continue"))

    def run_to_line(self, line: int) -> None:
        """Run until the first statement that ends at a line or after it is next.

        A breakpoint before it stops the run, too.

        Args:
            line: From 1 on.
        """
        self._refuse_unless_steppable()
        steps = self._worker.pending_steps()
        # Before the first step nothing is behind that a restart could lead to again.
        if self.status.mode != "ready" and self.status.line and line < self.status.line:
            raise CommandRefused(f"Line {line} is behind; restart to run to it")
        if not self.status.inside_call and steps and line <= steps[0].end_line:
            raise CommandRefused(f"Line {steps[0].line} is next already")
        if not any(statement.end_line >= line for statement in steps):
            raise CommandRefused(f"No statement is left at line {line} or after it")
        self._give(Plan("line", line))

    def run_call(self, source: str) -> None:
        """Append a call to the script and execute it now, then go back to where the run stood.

        Args:
            source: The call, as in a script.

        Raises:
            ScriptError: It is not in the script language. Nothing was changed.
            CommandRefused: A call is running, or the run was given up.
        """
        self._refuse_if_closed()
        status = self.status
        if status.mode == "running":
            raise CommandRefused("A call is running")
        if status.inside_call:
            raise CommandRefused("Inside a call, which must end before another one begins")
        if self._worker.retired:
            raise CommandRefused("The run was given up; restart to go on")
        script = self.script.extended(source)
        added = script.statements[len(self.script.statements) :]
        if not added:
            raise CommandRefused("There is no call in this line")
        with self._condition:
            self._worker.give(Call(script, added, status), added[0].line)
        self._listeners.tell()

    def abort(self) -> None:
        """End the run at once, whatever it is blocked in. A call from the call line ends alone."""
        self._refuse_if_closed()
        status = self.status
        if status.mode == "ready" or status.ended:
            raise CommandRefused("Nothing is running")
        self._worker.abort()

    def restart(self, script: Script | None = None) -> None:
        """Begin again from the top on fresh connections, at any moment.

        The recording goes on: a new run begins in it.

        Args:
            script: A changed script; None for the present one, calls from the call line included.
        """
        self._refuse_if_closed()
        script = script or self.script
        self._worker.retire()
        worker = self._new_worker(script)
        with self._condition:
            self._worker = worker
            self._condition.notify_all()
        self._listeners.tell()

    def close(self) -> None:
        """End the run and its thread, and close all connections. Nothing can be done after this."""
        if not self._closed:
            self._closed = True
            self._worker.retire()
            self._listeners.tell()

    # --- inside --------------------------------------------------------------------------

    def _give(self, plan: Plan) -> None:
        with self._condition:
            self._refuse_unless_steppable()
            self._worker.give(plan, self.status.line)
        self._listeners.tell()

    def _refuse_unless_steppable(self) -> None:
        self._refuse_if_closed()
        status = self.status
        if status.mode == "running":
            raise CommandRefused("A call is running")
        if status.ended:
            raise CommandRefused("The script has ended")

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise CommandRefused("The session is closed")

    def _new_worker(self, script: Script) -> Worker:
        return Worker(
            script,
            self._recorder,
            interpreter_factory=self._interpreter_factory,
            breakpoints=self._breakpoints,
            condition=self._condition,
            changed=self._listeners.tell,
        )
