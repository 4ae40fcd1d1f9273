"""What the screen needs of a session, whichever kind of session it is."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from textual.message import Message

from workbench.session.assist.scope import Scope
from workbench.session.breakpoint import Breakpoint
from workbench.session.breakpoints import PlacedBreakpoint
from workbench.ui.lab_host import LabHost

Post = Callable[[Message], object]


class Bench(Protocol):
    """What the screen needs of a session. Commands raise `CommandRefused` with words for the user."""

    lab: LabHost
    """The server that belongs to the program."""

    @property
    def busy(self) -> bool:
        """Whether a command is being carried out, at this very moment."""

    def start(self, post: Post) -> None:
        """Begin to post. Called once, in the event loop."""

    def key_pressed(self) -> None:
        """Note, in the event loop, that a key came: what shows it goes before a view."""

    def open(self) -> None:
        """Make the session. Called once, in a thread of its own: it may take a second."""

    def step_over(self) -> None:
        """Execute one statement."""

    def step_into(self) -> None:
        """Go on to the next event."""

    def continue_(self) -> None:
        """Run to the next breakpoint, or to the end."""

    def run_to_line(self, line: int) -> None:
        """Run up to a line."""

    @property
    def breakpoints(self) -> tuple[PlacedBreakpoint, ...]:
        """All breakpoints."""

    def toggle_breakpoint(self, line: int) -> None:
        """Set or clear a breakpoint on a line."""

    def add_breakpoint(self, text: str) -> None:
        """Add the breakpoint that a text stands for.

        Raises:
            BreakpointError: It is none.
        """

    def remove_breakpoint(self, breakpoint_: Breakpoint) -> None:
        """Delete a breakpoint."""

    def enable_breakpoint(self, breakpoint_: Breakpoint, enabled: bool) -> None:
        """Switch a breakpoint on or off."""

    def abort(self) -> None:
        """End the run."""

    def restart(self) -> bool:
        """Begin again: with what is in the file now, or with what is on the screen if that is not saved.

        Returns:
            Whether the file has changed and was left alone, because what is on the screen would be lost.

        Raises:
            CannotOpen: The file cannot be read any more.
        """

    @property
    def file(self) -> Path | None:
        """Where the script is saved; None for one that has no file."""

    @property
    def unsaved(self) -> bool:
        """Whether the script has a file, and the file has something else."""

    @property
    def filled_in(self) -> Mapping[str, str]:
        """What in the script holds until the lab ends, such as its port, by its place; nothing for other scripts."""

    def use_script(self, text: str) -> None:
        """Begin again with another text. The file stays as it is.

        Raises:
            ScriptError: It is not in the script language. Nothing was changed.
        """

    def save_script(self, text: str, path: Path | None = None) -> Path:
        """Write a text to the file of the script, and begin again with it where it is another one.

        In a thread: a disk may take its time.

        Args:
            text: The script.
            path: A file that is the script's from now on; None for the one it has.

        Returns:
            The file. The script of a recording is written, and stays without one.

        Raises:
            OSError: It cannot be written. Nothing was changed.
        """

    def reload_script(self) -> None:
        """Begin again with what is in the file. In a thread, for the same reason.

        Raises:
            CannotOpen: The file cannot be read any more.
        """

    def run_call(self, source: str) -> None:
        """Add a call to the script and run it."""

    def scope(self) -> Scope:
        """Say what the names stand for that a call can use now."""

    def load_scenario(self, name: str, *, run: bool) -> None:
        """Load a scenario of the lab in the place of the script. In a thread: the server may have to start.

        Args:
            name: Which one.
            run: Run it to its end at once, or to the first breakpoint.

        Raises:
            UnknownScenario: There is none of this name.
            ValueError: The file of one is wrong; the message says where.
            OSError: The server cannot listen.
        """

    def load_text(self, name: str, text: str) -> None:
        """Load the text of a script in the place of the script. In a thread: a run may have to end.

        Args:
            name: For the title bar.
            text: The script.
        """

    def is_shown(self, path: Path) -> bool:
        """Say whether a recording is what is shown.

        Raises:
            OSError: There is no such file.
        """

    def open_recording(self, path: Path) -> None:
        """Show a recording in the place of the session, which ends. In a thread: it may take seconds.

        Raises:
            CannotOpen: It is no recording, or cannot be read.
        """

    def close(self) -> None:
        """End everything. It may take a second."""
