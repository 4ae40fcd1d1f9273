"""The app, and the way into it from the command line.

It imports little: the first frame is drawn before the rest of the program is loaded.
"""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.events import Event, InputEvent, Key, Paste
from textual.filter import LineFilter
from textual.screen import Screen

from workbench.config import Config
from workbench.endings import ExitCode, ending_of
from workbench.ui.copying_app import CopyingApp
from workbench.ui.leaving import leaving_on_signals
from workbench.ui.screens.start import StartScreen
from workbench.ui.theme import FALLBACK_THEME, HIGH_CONTRAST
from workbench.ui.turns import KeyDone, Turns
from workbench.ui.typed_bytes import take_any_bytes

if TYPE_CHECKING:
    from textual.binding import Keymap
    from textual.command import Provider

    from workbench.ui.bench import Bench
    from workbench.ui.loading import Loaded
    from workbench.ui.tuning import Rest

NO_CONFIG = Config()
"""That of a user without a file."""


class CannotStart(Exception):  # noqa: N818 - an answer to what was asked for
    """There is nothing to show. The message names what was asked for, and the way out."""


def _command_provider() -> "type[Provider]":
    from workbench.ui.palette import CommandProvider

    return CommandProvider


def _call_provider() -> "type[Provider]":
    from workbench.ui.call_palette import CallProvider

    return CallProvider


class WorkbenchApp(CopyingApp):
    """The workbench.

    Args:
        bench: The session that it shows; None for one that is still to be made.
        config: What the user has settled.
        load: Makes the session. Called in a thread, while there is a first frame to look at; may raise
            `CannotStart`.
    """

    TITLE = "workbench"
    CSS_PATH = "styles/workbench.tcss"
    COMMANDS: ClassVar = {_command_provider, _call_provider}
    BINDINGS: ClassVar = []

    def __init__(
        self,
        bench: "Bench | None" = None,
        config: Config = NO_CONFIG,
        load: "Callable[[], Loaded] | None" = None,
    ) -> None:
        super().__init__()
        self.bench = bench
        self.config = config
        self.refusal = ""
        """Why there is nothing to show."""

        self.crash: BaseException | None = None
        """What ended the app, if it was a mistake in it."""

        self._load = load
        self._turns = Turns(self, self._take_event)
        self._rest: Rest | None = None
        self._loop_of_app: asyncio.AbstractEventLoop | None = None
        self._ascii_filters: list[LineFilter] = []
        if config.settings.ascii:
            from workbench.session.visible import show_controls_in_ascii
            from workbench.ui.ascii_filter import AsciiFilter

            show_controls_in_ascii(True)
            self._ascii_filters.append(AsciiFilter())
        self.register_theme(HIGH_CONTRAST)
        if bench is not None:
            self._settle()
        if config.settings.theme in self.available_themes:
            self.theme = config.settings.theme
        if self.no_color and self.current_theme.ansi:
            self.theme = FALLBACK_THEME

    def set_keymap(self, keymap: "Keymap") -> None:
        """Have other keys do the same things, and every hint name them."""
        from workbench.ui.keys import table_of_keymap

        super().set_keymap(keymap)
        self.key_table = table_of_keymap(keymap)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Give what changes each line before it is drawn."""
        return [*super().get_line_filters(), *self._ascii_filters]

    def _settle(self) -> None:
        """Use the keys that the user has settled. Names were judged before."""
        from workbench.ui.keys import KeyTable

        self.set_keymap(KeyTable(self.config.settings.keymap).for_textual())

    def get_default_screen(self) -> Screen[Any]:
        """Give the screen of the workbench, or the one that is shown until there is a session."""
        return StartScreen() if self.bench is None else _main_screen(self.bench)

    async def on_event(self, event: Event) -> None:
        """Have what is typed, and what the mouse does, wait for its turn."""
        if isinstance(event, InputEvent | Paste) and not event.is_forwarded:
            await self._turns.take(event)
        else:
            await self._take_event(event)

    def on_key_done(self, message: KeyDone) -> None:
        """Have the next key go on, behind what this one has asked to be done later, such as another focus.

        A screen that it has opened answers when it is there.
        """
        self.screen.call_later(self.call_later, self._turns.done, message.number)

    async def _take_event(self, event: Event) -> None:
        """Have what can wait wait for the keys."""
        if self._rest is not None and isinstance(event, InputEvent):
            self._rest.put_off()
        if isinstance(event, Key) and self.bench is not None:
            self.bench.key_pressed()
            # Textual's own screens, such as the palette, have none.
            draw_at_once = getattr(self.screen, "draw_at_once", None)
            if draw_at_once is not None and not self._turns.waiting:
                draw_at_once()
        await super().on_event(event)

    async def action_quit(self) -> None:
        """Leave. The workbench asks first where something would be lost."""
        main = self.screen_stack[0]
        if isinstance(main, StartScreen):
            self.exit()
        else:
            await main.run_action("quit")

    def on_mount(self) -> None:
        """Begin to open the session, in a thread: the first picture does not wait for it."""
        self._loop_of_app = asyncio.get_running_loop()
        # After ctrl+z the terminal shows what the shell wrote, of which Textual knows nothing.
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh())
        if self.bench is not None:
            self._open(self.bench)
        elif self._load is not None:
            self.call_after_refresh(self.run_worker, self._start(self._load), name="load")

    async def _start(self, load: "Callable[[], Loaded]") -> None:
        try:
            bench, self.config = await asyncio.to_thread(load)
        except CannotStart as error:
            self.refusal = str(error)
            self.exit(return_code=ExitCode.REFUSED)
            return
        from workbench.ui.tuning import Rest, tune

        self.bench = bench
        self._settle()
        start = self.screen
        # A mode, not a screen on top: the workbench is the first screen of its stack, as it is in a test.
        self.add_mode("workbench", lambda: _main_screen(bench))
        await self.switch_mode("workbench")
        tune()
        self._rest = Rest(asyncio.get_running_loop())
        self._open(bench)
        if isinstance(start, StartScreen):
            for event in start.typed:
                self.post_message(event)

    def _open(self, bench: "Bench") -> None:
        bench.start(self.screen.post_message)
        self.run_worker(partial(self._open_in_thread, bench), name="open", thread=True)

    def _open_in_thread(self, bench: "Bench") -> None:
        bench.open()
        if self.config.problems:
            from workbench.ui.messages import SettingsRefused

            # Behind what opening has to say, in the same panel.
            self.screen_stack[0].post_message(SettingsRefused(self.config.problems))

    def action_command_palette(self) -> None:
        """Show the palette; before there is anything to command, keep its key."""
        if isinstance(self.screen, StartScreen):
            self.screen.keep(Key("ctrl+p", None))
        else:
            from workbench.ui.palette import Palette

            if not isinstance(self.screen, Palette):
                self.push_screen(Palette(id="--command-palette"))

    def leave(self, code: int) -> bool:
        """Leave soon, with an exit code. For a handler of signals; False while the app does not run."""
        loop = self._loop_of_app
        if loop is None or loop.is_closed():
            return False
        # Not to be done here: a signal comes in the middle of anything.
        loop.call_soon_threadsafe(partial(self.exit, return_code=code))
        return True

    def _fatal_error(self) -> None:
        # Textual calls this while it handles the exception. Its own prints the values of all variables.
        if self.crash is None:
            self.crash = sys.exc_info()[1] or self._exception
        self._close_messages_no_wait()

    async def on_unmount(self) -> None:
        """End the session. In a thread, because it waits for others to end."""
        if self.bench is not None:
            await asyncio.to_thread(self.bench.close)


def _main_screen(bench: "Bench") -> Screen[Any]:
    from workbench.ui.screens.main import MainScreen

    return MainScreen(bench)


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

    def load() -> "Loaded":
        from workbench.ui.loading import load_bench
        from workbench.ui.opening import Target

        path = Path(script_path) if script_path is not None else None
        target = Target(url, path, lab_name, recording_path, scenario_directory)
        return load_bench(target, config)

    for name in ("COLUMNS", "LINES"):
        # Some shells export the size of the window as it was once; the terminal itself knows better.
        os.environ.pop(name, None)
    app = WorkbenchApp(config=config, load=load)
    take_any_bytes()
    # What is loaded now stays. `tune` has garbage looked for again, when all of it is there.
    gc.disable()
    try:
        with leaving_on_signals(app.leave):
            app.run(mouse=config.settings.mouse)
    except KeyboardInterrupt as stop:
        # ctrl+c is a key while the app runs; this is one that came before, or after.
        return ending_of(stop)[1]
    finally:
        gc.enable()
    if app.crash is not None:
        from workbench.ui.crash import crash_words

        sys.stderr.write(crash_words(app.crash))
        return ExitCode.BROKEN
    if app.refusal:
        sys.stderr.write(f"workbench: {app.refusal}\n")
    return app.return_code or 0
