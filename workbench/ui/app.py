"""The app, and the way into it from the command line."""

import asyncio
import os
import sys
from pathlib import Path
from typing import ClassVar

from textual.binding import Keymap
from textual.command import Provider

from workbench.config import Config
from workbench.endings import ExitCode
from workbench.lab import UnknownScenario, find_scenario
from workbench.ui.bridge import Bench, LiveBench
from workbench.ui.copying_app import CopyingApp
from workbench.ui.keys import KeyTable, table_of_keymap
from workbench.ui.messages import SettingsRefused
from workbench.ui.opening import CannotOpen, Target, read_target
from workbench.ui.palette import CommandProvider
from workbench.ui.screens.main import MainScreen
from workbench.ui.settings import judged
from workbench.ui.theme import FALLBACK_THEME, HIGH_CONTRAST

NO_CONFIG = Config()
"""That of a user without a file."""


class WorkbenchApp(CopyingApp):
    """The workbench.

    Args:
        bench: The session that it shows.
        config: What the user has settled.
    """

    TITLE = "workbench"
    CSS_PATH = "styles/workbench.tcss"
    COMMANDS: ClassVar[set[type[Provider]]] = {CommandProvider}  # type: ignore[assignment]
    BINDINGS: ClassVar = []

    def __init__(self, bench: Bench, config: Config = NO_CONFIG) -> None:
        super().__init__()
        self.bench = bench
        self.config = config
        self.set_keymap(KeyTable(config.settings.keymap).for_textual())
        self.register_theme(HIGH_CONTRAST)
        if config.settings.theme:
            self.theme = config.settings.theme
        if self.no_color and self.current_theme.ansi:
            self.theme = FALLBACK_THEME

    def set_keymap(self, keymap: Keymap) -> None:
        """Have other keys do the same things, and every hint name them."""
        super().set_keymap(keymap)
        self.key_table = table_of_keymap(keymap)

    def get_default_screen(self) -> MainScreen:
        """Give the screen of the workbench."""
        return MainScreen(self.bench)

    def on_mount(self) -> None:
        """Begin to open the session, in a thread: the first picture does not wait for it."""
        self.bench.start(self.screen.post_message)
        self.run_worker(self._open, name="open", thread=True)

    def _open(self) -> None:
        self.bench.open()
        if self.config.problems:
            # Behind what opening has to say, in the same panel.
            self.screen_stack[0].post_message(SettingsRefused(self.config.problems))

    async def on_unmount(self) -> None:
        """End the session. In a thread, because it waits for others to end."""
        await asyncio.to_thread(self.bench.close)


def run_app(
    *,
    url: str | None = None,
    script_path: str | Path | None = None,
    lab_name: str | None = None,
    recording_path: Path | None = None,
    scenario_directory: Path | None = None,
    config: Config = NO_CONFIG,
) -> int:
    """Open something on the screen, until the user leaves.

    Args:
        url: An address to get.
        script_path: A script to load.
        lab_name: A scenario of the lab. With nothing at all, the first one.
        recording_path: A recording to look at.
        scenario_directory: Scenario files of the user's own.
        config: What the user has settled.

    Returns:
        The exit code: 0, or 2 when there is no such thing to open.
    """
    path = Path(script_path) if script_path is not None else None
    target = Target(url, path, lab_name, recording_path, scenario_directory)
    try:
        if target.scenario_name is not None:
            find_scenario(target.scenario_name, scenario_directory)
        elif recording_path is None:
            read_target(target)
    except (CannotOpen, UnknownScenario, ValueError) as error:
        sys.stderr.write(f"workbench: {error}\n")
        return ExitCode.REFUSED
    for name in ("COLUMNS", "LINES"):
        # Some shells export the size of the window as it was once; the terminal itself knows better.
        os.environ.pop(name, None)
    settings = config.settings
    app = WorkbenchApp(LiveBench(target, settings), judged(config))
    try:
        app.run(mouse=settings.mouse)
    except KeyboardInterrupt:
        # ctrl+c is a key while the app runs; this is one that came before, or after.
        return ExitCode.INTERRUPTED
    return app.return_code or 0
