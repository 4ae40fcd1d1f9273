"""The stepper: runs a script in a worker thread, like a debugger."""

from collections.abc import Callable

from workbench.session.breakpoints import Breakpoints
from workbench.session.preview import Preview
from workbench.session.recorder import Recorder
from workbench.session.script import Script
from workbench.session.status import StepperStatus


class Stepper:
    """A debugger for one script. All methods are for one thread, the user's; none of them waits.

    A command that makes no sense now raises `CommandRefused` with words for the user: stepping
    while a call runs, or after the script has ended; aborting when nothing runs.
    """

    def __init__(self, script: Script, recorder: Recorder, *, breakpoints: Breakpoints | None = None) -> None:
        raise NotImplementedError

    @property
    def script(self) -> Script:
        """The script, calls from the call line included."""
        raise NotImplementedError

    @property
    def status(self) -> StepperStatus:
        """Where the run stands."""
        raise NotImplementedError

    @property
    def breakpoints(self) -> Breakpoints:
        """Where it pauses. They survive a restart."""
        raise NotImplementedError

    @property
    def recorder(self) -> Recorder:
        """What it records with; `stepper.recorder.recording` is what the views are drawn from."""
        raise NotImplementedError

    def step_over(self) -> None:
        """Execute one statement; from inside a call, finish the statement."""
        raise NotImplementedError

    def step_into(self) -> None:
        """Go on to the next event inside the call, or into the next statement."""
        raise NotImplementedError

    def continue_(self) -> None:
        """Run to the next breakpoint, or to the end."""
        raise NotImplementedError

    def run_to_line(self, line: int) -> None:
        """Run until the first statement at or after a line is next, or to a breakpoint before it."""
        raise NotImplementedError

    def abort(self) -> None:
        """End the run at once, whatever it is blocked in."""
        raise NotImplementedError

    def restart(self, script: Script | None = None) -> None:
        """Begin again from the top on fresh connections, at any moment.

        Args:
            script: A changed script; None for the present one, calls from the call line included.
        """
        raise NotImplementedError

    def run_call(self, source: str) -> None:
        """Append a call to the script and execute it now.

        Raises:
            ScriptError: It is not in the subset. Nothing was changed.
            CommandRefused: A call is running.
        """
        raise NotImplementedError

    def preview(self) -> Preview | None:
        """Say what the next statement would do; None when no statement is next."""
        raise NotImplementedError

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have a listener called after every change of the status. Call what is returned to end that.

        It is called in the thread that made the change: the worker's, or the one that gave the
        command. It must return at once, and reads `status` itself, so that two changes in
        quick succession cannot arrive in the wrong order. (In Textual: `post_message`.)
        """
        raise NotImplementedError

    def wait_until_idle(self, timeout: float) -> StepperStatus:
        """Wait until no command is being carried out. For tests and for use without a screen.

        Args:
            timeout: In seconds.

        Raises:
            TimeoutError: It still runs.
        """
        raise NotImplementedError

    def close(self) -> None:
        """End the run and the worker, and close all connections. Nothing can be done after this."""
        raise NotImplementedError
