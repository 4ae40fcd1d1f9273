"""The frame of a pane: its number, its name, and tabs where several panes share a place."""

from textual.containers import Vertical
from textual.content import Content, Span
from textual.reactive import reactive, var
from textual.style import Style
from textual.widget import Widget

from workbench.ui.keys import key_names_of
from workbench.ui.presentation.key_names import KeyNames
from workbench.ui.presentation.layout import NUMBERS, PANE_NAMES, Pane
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.theme import ROLE_STYLES
from workbench.ui.view import NOTHING, View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of


def switch_words(tabs: tuple[Pane, ...], keys: KeyNames) -> Line:
    """Name the keys that change between tabs: a number alone does not look like a key."""
    if len(tabs) <= 1:
        return ()
    words = [key_of_pane(pane, keys) for pane in tabs]
    usual = words == [str(number) for number in NUMBERS.values()]
    return (
        Piece(f"{words[0]}-{words[-1]}" if usual else " ".join(words), Role.KEY),
        Piece(" switch panes", Role.DIM),
    )


def key_of_pane(pane: Pane, keys: KeyNames) -> str:
    """Give the key that goes to a pane, which stands before its name."""
    return keys(f"pane-{pane.value}")


def styled(text: str, role: Role) -> Content:
    """Make content in the style of a role, whichever theme is chosen when it is drawn."""
    return Content(text, spans=[Span(0, len(text), ROLE_STYLES[role])])


class PaneFrame(Vertical):
    """A pane with its border. Subclasses hold what is in it."""

    DEFAULT_CSS = """
    PaneFrame {
        border: round $foreground 40%;
        height: 1fr;
        width: 1fr;
        padding: 0;
        &:focus-within { border: round $accent; }
    }
    """

    view: var[View] = var(NOTHING)
    """What is shown."""

    tabs: reactive[tuple[Pane, ...]] = reactive(())
    """The panes that share this place, itself among them."""

    alarm = reactive(False)
    """Whether the message pane has an exception to explain."""

    findings = reactive(0)
    """What was found wrong in the exchange that the message pane shows, counted."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(id=pane.value)
        self.pane = pane

    @property
    def help_topic(self) -> str:
        """What help is about while the pane has the focus."""
        return self.pane.value

    def list_in_front(self) -> Widget:
        """Give what takes the keys."""
        return self.query_one(LineView)

    def watch_tabs(self) -> None:
        """Draw the title again."""
        self.draw_title()

    def watch_alarm(self) -> None:
        """Draw the title again."""
        self.draw_title()

    def watch_findings(self) -> None:
        """Draw the title again."""
        self.draw_title()

    def title_notes(self) -> Line:
        """Say more, behind the name of the pane."""
        return ()

    @property
    def shows_alarm(self) -> bool:
        """Whether the pane for messages shows the exception, as far as this pane knows."""
        return True

    def title_extra(self) -> Content:
        """Make what stands behind the name of the pane: its notes."""
        return content_of(self.title_notes())

    def draw_title(self) -> None:
        """Make the title of the border: the tabs, and the notes of this pane."""
        tabs = [self._tab(pane) for pane in self.tabs or (self.pane,)]
        self.border_title = Content("  ").join(tabs).append(self.title_extra())
        self.border_subtitle = content_of(switch_words(self.tabs, key_names_of(self)))

    def _tab(self, pane: Pane) -> Content:
        alarmed = pane is Pane.MESSAGE and self.alarm
        excited = alarmed and self.shows_alarm
        # Where the message is shown instead of the exception, it has the name of what is shown.
        name = "Exception" if excited else f"{PANE_NAMES[pane]}{' ✗' if alarmed else ''}"
        text = f"{key_of_pane(pane, key_names_of(self))} {name}"
        role = Role.ERROR if excited else Role.DIM
        if pane is self.pane:
            shared = len(self.tabs) > 1
            role = Role.LIT if shared else Role.ERROR if excited else Role.HEADING
            text = f" {text} " if shared else text
        click = Style.from_meta({"@click": f"screen.pane('{pane.value}')"})
        tab = styled(text, role)
        if pane is Pane.MESSAGE and self.findings and not alarmed:
            tab = tab.append(styled(f"{'' if text.endswith(' ') else ' '}!{self.findings}", Role.WARNING))
        return tab.stylize(click)
