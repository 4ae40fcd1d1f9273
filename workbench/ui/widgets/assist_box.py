"""The box above the line that is typed in: what can stand at the cursor, and what the call takes."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive

from workbench.session.assist.offers import Assistance, Offer
from workbench.ui.keys import key_names_of
from workbench.ui.presentation.assist_text import OfferLines, signature_lines
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Line
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines

MOST_OFFERS_SHOWN = 8

NONE_CHOSEN = -1

NOTHING_KNOWN = Assistance()

_WAYS_OF_FIRST = (("next_pane", "takes the first"), ("call-later", "chooses"), ("back", "closes"))
_WAYS_OF_CHOSEN = (("call-run", "takes it"), ("call-earlier", "goes back"), ("back", "closes"))


class AssistBox(Vertical):
    """Floats over what stands above it, so that nothing moves while one types."""

    DEFAULT_CSS = """
    AssistBox {
        display: none;
        overlay: screen;
        offset: 0 -100%;
        height: auto;
        border: round $accent;
        background: $surface;
        LineView { height: auto; }
        TextLines { display: none; padding: 0 1; background: $boost; text-wrap: nowrap; }
    }
    """

    assistance: reactive[Assistance] = reactive(NOTHING_KNOWN)
    """What is known of the place of the cursor."""

    chosen: reactive[int] = reactive(NONE_CHOSEN)
    """Which offer Enter takes; none before an arrow key was pressed."""

    open: reactive[bool] = reactive(False)
    """Whether the offers are shown."""

    notes: reactive[tuple[Line, ...]] = reactive(())
    """Lines to show where there is no call to explain."""

    def compose(self) -> ComposeResult:
        """The offers above the call."""
        offers = LineView()
        # The keys stay with the line that is typed in; a click chooses.
        offers.can_focus = False
        offers.show_cursor = False
        yield offers
        yield TextLines()

    @property
    def offer(self) -> Offer | None:
        """The one that Tab takes: the chosen one, or else the first."""
        offers = self.assistance.offers
        return offers[max(self.chosen, 0)] if self.open and offers else None

    def say(self, assistance: Assistance, *, open_offers: bool) -> None:
        """Show what is known of another place.

        Args:
            assistance: What is known.
            open_offers: Whether to list the offers.
        """
        self.chosen = NONE_CHOSEN
        self.assistance = assistance
        self.open = open_offers and bool(assistance.offers)
        self._draw()

    def close_offers(self) -> None:
        """List the offers no longer."""
        self.open = False
        self._draw()

    def choose(self, by: int) -> None:
        """Go down the list, or up (-1); up from the first leaves it."""
        self.chosen = max(NONE_CHOSEN, min(self.chosen + by, len(self.assistance.offers) - 1))
        self._draw()

    def on_resize(self) -> None:
        """Cut the lines for another width."""
        self._draw()

    def watch_notes(self) -> None:
        """Draw the notes."""
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        view, words = self.query_one(LineView), self.query_one(TextLines)
        width = max(1, self.container_size.width - 4)
        call = signature_lines(self.assistance, width) or self.notes
        view.display, words.display = self.open, bool(call)
        self.display = self.open or bool(call)
        if self.open:
            view.source = OfferLines(self.assistance.offers, self.chosen)
            view.styles.height = min(len(view.source), MOST_OFFERS_SHOWN)
            view.point(max(self.chosen, 0))
        words.lines = call
        ways = _WAYS_OF_FIRST if self.chosen == NONE_CHOSEN else _WAYS_OF_CHOSEN
        self.border_subtitle = content_of(ways_line(ways, key_names_of(self))) if self.open else ""
