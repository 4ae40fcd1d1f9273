"""The second opinion: what other readers make of the bytes of the exchange that the panes show."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from workbench.compare.comparison import Comparison
from workbench.compare.readers import missing_readers
from workbench.compare.received import received_bytes
from workbench.compare.second_opinion import compare_exchange
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.opinion_text import OpinionLines, opinion_lines, opinion_title
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.presentation.source import FixedLines
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of

ROOM_AROUND = 4
"""Lines of the screen that are not of the table: borders, and something of the workbench."""


class OpinionScreen(Dialog[None]):
    """Shown over the workbench.

    Args:
        recording: What was recorded.
        exchange: One of its exchanges. All that has come of its answer is read, whatever moment is shown.
    """

    help_topic = "opinion"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("opinion")

    def __init__(self, recording: Recording, exchange: ExchangeRecord) -> None:
        super().__init__()
        self._recording = recording
        self._exchange = exchange
        self._received = received_bytes(recording, exchange).length
        self._comparison: Comparison | None = None
        self._everything = True

    def compose(self) -> ComposeResult:
        """One table."""
        with Vertical(id="opinion"):
            yield LineView()

    def on_mount(self) -> None:
        """Ask the readers, in a thread: content may be long."""
        lines = self.query_one(LineView)
        lines.show_cursor = False
        lines.focus()
        lines.source = FixedLines([(Piece(" The others are reading …", Role.DIM),)])
        self._draw()
        self.run_worker(self._ask, name="opinion", thread=True)

    def on_resize(self) -> None:
        """Lay the table out for another width."""
        self.call_after_refresh(self._draw)

    def _ask(self) -> None:
        comparison = compare_exchange(self._recording, self._exchange)
        self.app.call_from_thread(self._answered, comparison)

    def _answered(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._draw()

    def _draw(self) -> None:
        box = self.query_one("#opinion")
        box.border_title = opinion_title(self._exchange.number, self._received, self._comparison)
        does = "shows differences alone" if self._everything else "shows all"
        ways = (("opinion-everything", does), ("opinion-close", "closes"))
        box.border_subtitle = content_of(ways_line(ways, key_names_of(self)))
        if self._comparison is not None:
            lines = self.query_one(LineView)
            width = lines.scrollable_content_region.width
            lines.source = OpinionLines(
                [*opinion_lines(self._comparison, missing_readers(), width, everything=self._everything)]
            )
            lines.styles.height = max(1, min(len(lines.source), self.size.height - ROOM_AROUND))

    def action_everything(self) -> None:
        """Show what all agree about too, or not."""
        self._everything = not self._everything
        self._draw()
