"""What works on every screen: help, the palette, jumping, copying, colours, the mouse, leaving."""

from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import ModalScreen, Screen
from textual.theme import Theme, ThemeProvider
from textual.widgets import Input

from workbench.config import load_config
from workbench.ui.chosen_theme import save_theme
from workbench.ui.commands import EVERYWHERE, bindings
from workbench.ui.keys import key_names_of
from workbench.ui.mouse import give_mouse, has_mouse
from workbench.ui.presentation.help_text import NO_TOPIC
from workbench.ui.presentation.key_names import with_keys
from workbench.ui.theme import FALLBACK_THEME
from workbench.ui.widgets.line_view import LineView

Result = TypeVar("Result")

PICTURES_OF_A_KEY = 3
"""What a key changes is drawn at once in so many pictures. One or two of them may be of what happened before it."""


class ProgramScreen(Screen[Result]):
    """Carries out what works everywhere."""

    help_topic: ClassVar[str] = NO_TOPIC
    """What its help is about, where nothing that has the focus has a topic of its own."""

    _pictures_at_once = 0

    def draw_at_once(self) -> None:
        """Have what a key changes wait for no frame. Called when the key comes."""
        self._pictures_at_once = PICTURES_OF_A_KEY

    def on_idle(self) -> None:
        """Draw what a key has changed. Textual's next frame comes up to two sixtieths of a second after the last."""
        if self._pictures_at_once and self.is_current and self._needs_picture:
            self._pictures_at_once -= 1
            self._on_timer_update()

    @property
    def _needs_picture(self) -> bool:
        # As Textual asks before it waits for its next frame.
        return bool(
            self._dirty_widgets or self._layout_required or self._scroll_required or self._repaint_required
        )

    def topic_here(self) -> str:
        """Name what has the focus, for help."""
        nodes = [*self.focused.ancestors_with_self, self] if self.focused is not None else [self]
        topics = (getattr(node, "help_topic", NO_TOPIC) for node in nodes)
        return next((topic for topic in topics if topic), NO_TOPIC)

    def action_help(self) -> None:
        """Explain what has the focus."""
        from workbench.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.topic_here(), in_dialog=isinstance(self, Dialog)))

    def action_cheat_sheet(self) -> None:
        """Show the main keys on one screen."""
        from workbench.ui.screens.help import CheatSheet

        self.app.push_screen(CheatSheet())

    def action_jump(self) -> None:
        """Put letters on every place of the screen."""
        from workbench.ui.screens.jump import jump_on

        jump_on(self)

    def action_palette(self) -> None:
        """Find any command."""
        self.app.action_command_palette()

    def action_theme(self) -> None:
        """Choose the colours, and keep the choice."""
        from workbench.ui.palette import Palette

        self.app.theme_changed_signal.unsubscribe(self)
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)
        self.app.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes…"))

    def _theme_changed(self, theme: Theme) -> None:
        self.app.theme_changed_signal.unsubscribe(self)
        if self.app.no_color and theme.ansi:
            # Textual would draw black on black.
            self.app.theme = FALLBACK_THEME
        self.run_worker(lambda: self._keep(theme.name), name="theme", group="theme", thread=True)

    def _keep(self, theme: str) -> None:
        try:
            save_theme(theme, load_config().settings.theme)
        except OSError as error:
            words = f"The theme holds until the end only, it cannot be kept: {error}"
            self.app.call_from_thread(self.app.notify, words, severity="warning", markup=False)

    def action_mouse(self) -> None:
        """Give the mouse to the terminal, or take it back."""
        mine = not has_mouse(self.app)
        give_mouse(self.app, mine)
        words = (
            "Clicks go to the workbench again"
            if mine
            else "The mouse is the terminal's: {mouse} takes it back"
        )
        self.app.notify(with_keys(words, key_names_of(self)), markup=False)

    def action_suspend(self) -> None:
        """Stop the process, as ctrl+z does in any program; nothing happens where no shell waits for it."""
        self.app.action_suspend_process()

    async def action_quit(self) -> None:
        """Leave."""
        await self.app.action_quit()

    def action_copy(self) -> None:
        """Copy what is selected, or the line under the cursor."""
        text = self.get_selected_text()
        focused = self.focused
        if not text and isinstance(focused, Input):
            text = focused.selected_text
        if not text and isinstance(focused, LineView):
            text = focused.line_text(focused.cursor)
        if text:
            self.app.copy_to_clipboard(text)
        else:
            # ctrl+c is what many press to leave a program.
            words = with_keys("Nothing is selected. {quit} leaves the workbench", key_names_of(self))
            self.app.notify(words, markup=False)


class Dialog(ProgramScreen[Result], ModalScreen[Result]):
    """A screen over another one. What works everywhere works there too."""

    # Textual takes a style from the first base alone, so that of its modal screens would be lost: what is
    # below stays in sight.
    DEFAULT_CSS = """
    Dialog { background: $background 60%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(EVERYWHERE)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close this screen, and whatever lies over it.

        What a thread worked at may be done while help is read, or after the screen was closed; and a key that is
        pressed twice may come twice before the first has done its work. Textual would close the screen that is on
        top then, and end the program where that is the last one.
        """
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while not self.is_active:
            self.app.pop_screen()
        return super().dismiss(result)
