"""A screen from which recordings can be listed and opened."""

from functools import partial
from pathlib import Path

from workbench.ui.opening import CannotOpen
from workbench.ui.screens.lab_commands import LabCommandsScreen
from workbench.ui.screens.sessions import SessionsScreen
from workbench.ui.widgets.notices import Problem


class SessionCommandsScreen(LabCommandsScreen):
    """Opens the list of sessions, and what is chosen from it."""

    def action_sessions(self) -> None:
        """List the recordings."""
        try:
            screen = SessionsScreen()
        except OSError as error:
            self.query_one(Problem).say(f"There is no place for recordings: {error}")
            return
        self.app.push_screen(screen, self._open_chosen)

    def _open_chosen(self, path: Path | None) -> None:
        if path is None:
            return
        try:
            shown = self.bench.is_shown(path)
        except OSError as error:
            self.query_one(Problem).say(f"Cannot open {path}: {error.strerror}")
            return
        if not shown:
            self.app.run_worker(partial(self._open, path), name="open recording", thread=True)

    def _open(self, path: Path) -> None:
        try:
            self.bench.open_recording(path)
        except CannotOpen as error:
            self.app.call_from_thread(self.query_one(Problem).say, str(error))
