"""The app, and the way into it from the command line."""

import asyncio
import os
import sys
from pathlib import Path
from typing import ClassVar

from textual.command import Provider

from workbench.endings import ExitCode
from workbench.lab import UnknownScenario
from workbench.ui.bridge import Bench, LiveBench
from workbench.ui.copying_app import CopyingApp
from workbench.ui.opening import CannotOpen, Target, read_target
from workbench.ui.palette import CommandProvider
from workbench.ui.screens.main import MainScreen
from workbench.ui.theme import FALLBACK_THEME, HIGH_CONTRAST


class WorkbenchApp(CopyingApp):
    """The workbench.

    Args:
        bench: The session that it shows.
    """

    TITLE = "workbench"
    CSS_PATH = "styles/workbench.tcss"
    COMMANDS: ClassVar[set[type[Provider]]] = {CommandProvider}  # type: ignore[assignment]
    BINDINGS: ClassVar = []

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        self.register_theme(HIGH_CONTRAST)
        if self.no_color and self.current_theme.ansi:
            self.theme = FALLBACK_THEME

    def get_default_screen(self) -> MainScreen:
        """Give the screen of the workbench."""
        return MainScreen(self.bench)

    def on_mount(self) -> None:
        """Begin to open the session, in a thread: the first picture does not wait for it."""
        self.bench.start(self.screen.post_message)
        self.run_worker(self.bench.open, name="open", thread=True)

    async def on_unmount(self) -> None:
        """End the session. In a thread, because it waits for others to end."""
        await asyncio.to_thread(self.bench.close)


def run_app(
    *,
    url: str | None = None,
    script_path: str | Path | None = None,
    lab_name: str | None = None,
) -> int:
    """Open something on the screen, until the user leaves.

    Args:
        url: An address to get.
        script_path: A script to load.
        lab_name: A scenario of the lab. With nothing at all, the first one.

    Returns:
        The exit code: 0, or 2 when there is no such thing to open.
    """
    target = Target(url, Path(script_path) if script_path is not None else None, lab_name)
    try:
        if target.scenario is None:
            read_target(target)
    except (CannotOpen, UnknownScenario, ValueError) as error:
        sys.stderr.write(f"workbench: {error}\n")
        return ExitCode.REFUSED
    for name in ("COLUMNS", "LINES"):
        # Some shells export the size of the window as it was once; the terminal itself knows better.
        os.environ.pop(name, None)
    app = WorkbenchApp(LiveBench(target))
    try:
        app.run()
    except KeyboardInterrupt:
        # ctrl+c is a key while the app runs; this is one that came before, or after.
        return ExitCode.INTERRUPTED
    return app.return_code or 0
