"""Two exchanges side by side."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.presentation.side_by_side import Pair, SideBySide, StreamPair, compare_streams, heading_of
from workbench.ui.presentation.source import FixedLines
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines

WAYS = (("side_by_side-next", "goes to the next difference"), ("side_by_side-close", "closes"))


class SideBySideScreen(Dialog[None]):
    """Shown over the list of sessions.

    Args:
        pair: The exchanges.
    """

    help_topic = "side_by_side"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("side_by_side")

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self._pair = pair
        self._streams: tuple[StreamPair, ...] = ()

    def compose(self) -> ComposeResult:
        """Put the names above the bytes."""
        with Vertical(id="side-by-side") as box:
            box.border_title = "Two exchanges"
            box.border_subtitle = content_of(ways_line(WAYS, key_names_of(self)))
            yield TextLines()
            yield LineView()

    def on_mount(self) -> None:
        """Look for the differences, which takes a while in a large exchange."""
        lines = self.query_one(LineView)
        lines.source = FixedLines(((Piece(" comparing …", Role.DIM),),))
        lines.focus()
        self.run_worker(self._compare, thread=True)

    def _compare(self) -> None:
        streams = compare_streams(self._pair)
        self.app.call_from_thread(self._show, streams)

    def _show(self, streams: tuple[StreamPair, ...]) -> None:
        self._streams = streams
        self._draw()
        self.action_next()

    def on_resize(self) -> None:
        """Fit the columns into another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        lines = self.query_one(LineView)
        width = lines.scrollable_content_region.width
        self.query_one(TextLines).lines = tuple(heading_of(self._pair, width))
        if self._streams:
            lines.source = SideBySide(self._pair, self._streams, width)

    def action_next(self) -> None:
        """Go to the next first difference, and round again."""
        lines = self.query_one(LineView)
        if isinstance(lines.source, SideBySide) and (rows := lines.source.differences()):
            lines.point(next((row for row in rows if row > lines.cursor), rows[0]))

    def action_close(self) -> None:
        """Go back to the list."""
        self.dismiss()
