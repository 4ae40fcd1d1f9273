"""The wire: every byte of the connection, as text or as hexadecimal."""

from textual import events
from textual.app import ComposeResult
from textual.reactive import reactive

from workbench.session.connection_moment import ConnectionMoment
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.fault import find_fault
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.source import FixedLines
from workbench.ui.presentation.wire_hex import WireHex, bytes_per_row
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_text import WireLengths, WireText, row_width_for
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.pane import PaneFrame


class WirePane(PaneFrame):
    """Pane 2."""

    hexadecimal = reactive(False)
    """Whether bytes are shown as numbers."""

    def __init__(self) -> None:
        super().__init__(Pane.WIRE)
        self._index: WireIndex | None = None
        self._shown_length = 0

    def compose(self) -> ComposeResult:
        """One list of rows."""
        yield LineView(id="wire-lines")

    def title_notes(self) -> Line:
        """Say which of the two views it is."""
        shown, other = ("hex", "text") if self.hexadecimal else ("text", "hex")
        return (Piece(f"  as {shown}", Role.STRONG), Piece(" · "), Piece("w", Role.KEY), Piece(f" {other}"))

    def on_mount(self) -> None:
        """Draw the title for the first time."""
        self.draw_title()

    def watch_view(self, view: View) -> None:
        """Show another moment."""
        self._draw(view)

    def watch_hexadecimal(self) -> None:
        """Show the same bytes in the other way."""
        lines = self.query_one(LineView)
        source = lines.source
        entry = source.entry_of_row(lines.cursor) if isinstance(source, (WireText, WireHex)) else None
        self._shown_length = -1
        self._draw(self.view)
        self.draw_title()
        if entry is not None:
            self.show_entry(entry)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the list knows its size
        """Cut the rows for another width."""
        self._draw(self.view)

    def show_entry(self, index: int) -> None:
        """Go to the bytes of an entry, if it has any."""
        lines = self.query_one(LineView)
        if isinstance(lines.source, (WireText, WireHex)):
            row = lines.source.first_row_of_entry(index)
            if row is not None:
                lines.point(row)

    def entry_at(self, row: int) -> int | None:
        """Find the entry whose bytes a row shows."""
        source = self.query_one(LineView).source
        return source.entry_of_row(row) if isinstance(source, (WireText, WireHex)) else None

    def _draw(self, view: View) -> None:
        lines = self.query_one(LineView)
        connection = view.moment.connection
        if connection is None or not (connection.queued_length or connection.received_length):
            self._index = None
            lines.show_cursor = False
            lines.source = FixedLines(empty_lines(Pane.WIRE, view))
            return
        lines.show_cursor = True
        lines.source = self._source(view, connection)
        length = connection.queued_length + connection.received_length
        if length != self._shown_length:
            self._shown_length = length
            lines.point(len(lines.source) - 1)

    def _source(self, view: View, connection: ConnectionMoment) -> WireText | WireHex:
        if self._index is None or self._index.record is not connection.record:
            self._index = WireIndex(connection.record, view.recording.entries)
        lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)
        width = self.query_one(LineView).scrollable_content_region.width or self.size.width
        error = view.moment.failure
        fault = find_fault(view.moment, error) if error else None
        if self.hexadecimal:
            return WireHex(self._index, lengths, bytes_per_row(width))
        return WireText(self._index, lengths, row_width_for(width), fault)
