"""The wire: every byte of the connection, as text, as hexadecimal, or as a ladder."""

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style

from workbench.protocol.wire.span import Span, StreamName
from workbench.session.clock import start_of_run_ns
from workbench.session.connection_moment import ConnectionMoment
from workbench.ui.keys import key_names_of
from workbench.ui.messages import EntryChosen
from workbench.ui.presentation.copy_choices import CopyRange
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.fault import Fault, find_fault
from workbench.ui.presentation.find_search import Search
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.link import Place
from workbench.ui.presentation.piece import Line, Piece
from workbench.ui.presentation.source import FixedLines
from workbench.ui.presentation.wire_element import WireElement
from workbench.ui.presentation.wire_end import EndedWire, find_end
from workbench.ui.presentation.wire_form import WireForm, WireSource, form_notes
from workbench.ui.presentation.wire_hex import WireHex, bytes_per_row
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_indexes import WireIndexes
from workbench.ui.presentation.wire_ladder import WireLadder, rows_of_rung
from workbench.ui.presentation.wire_marks import Marks
from workbench.ui.presentation.wire_text import WireLengths, WireText, row_width_for
from workbench.ui.widgets.find_bar import FindBar
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.pane import PaneFrame

SECONDS_BETWEEN_SLICES = 1 / 250
"""The pause in which keys are answered, while a long recording is indexed slice by slice."""

SLICES_BETWEEN_PICTURES = 50
"""Drawing the rows takes longer than indexing a slice of them."""


class WirePane(PaneFrame):
    """Pane 2."""

    form = reactive(WireForm.TEXT)
    """Which of the three views is shown."""

    def __init__(self) -> None:
        super().__init__(Pane.WIRE)
        self._indexes = WireIndexes()
        self._index: WireIndex | None = None
        self._rows: WireSource | None = None
        self._shown_length = 0
        self._chosen: int | None = None
        self._more_coming = False
        self._slices = 0
        self._following = False

    def compose(self) -> ComposeResult:
        """One list of rows, and the find bar below it."""
        yield LineView(id="wire-lines")
        yield FindBar()

    @property
    def help_topic(self) -> str:
        """What help is about: the view that is shown."""
        return f"wire-{self.form.value}"

    def title_notes(self) -> Line:
        """Say which of the views it is."""
        return form_notes(self.form, key_names_of(self))

    def title_extra(self) -> Content:
        """Name the views. A click on one shows it."""
        return Content("").join(map(self._note, self.title_notes()))

    def _note(self, piece: Piece) -> Content:
        text = content_of((piece,))
        if piece.text not in tuple(WireForm):
            return text
        return text.stylize(Style.from_meta({"@click": f"screen.wire_show('{piece.text}')"}))

    def on_mount(self) -> None:
        """Draw the title for the first time."""
        self.draw_title()

    # --- values in ----------------------------------------------------------------------

    def watch_view(self) -> None:
        """Show another moment; while a call runs, not before as much is indexed as came with it."""
        if not self._waits_for_index():
            self._draw()

    def watch_form(self) -> None:
        """Show the same bytes in another way."""
        lines = self.query_one(LineView)
        entry, span = self.entry_here(), self.span_here()
        self._draw()
        self.draw_title()
        if self._rows is None:
            return
        row = self._rows.row_of_entry(entry) if entry is not None else None
        if row is None and span is not None:
            row = self._rows.row_of(span.stream, span.start)
        lines.point(len(self._rows) - 1 if row is None else row)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the list knows its size
        """Cut the rows for another width, and stay at the same bytes."""
        span = self.span_here()
        self._draw()
        row = self._rows.row_of(span.stream, span.start) if self._rows is not None and span else None
        if row is not None:
            self.query_one(LineView).point(row)

    # --- the place of the reader --------------------------------------------------------

    def entry_here(self) -> int | None:
        """Give the entry of the part that the reader points at; else that of the row."""
        return self._chosen if self._chosen is not None else self.entry_at(self.query_one(LineView).cursor)

    def span_here(self) -> Span | None:
        """Give the bytes of the row under the cursor."""
        row = self.query_one(LineView).cursor
        return self._rows.span_of_row(row) if self._rows is not None and row < len(self._rows) else None

    def entry_at(self, row: int) -> int | None:
        """Find the entry whose bytes a row shows."""
        return self._rows.entry_of_row(row) if self._rows is not None and row < len(self._rows) else None

    def show_place(self, place: Place) -> None:
        """Go to the rung or to the bytes of a place, if it has any here."""
        connection = self.view.connection
        if self._rows is None or connection is None or connection.number != place.connection:
            return
        row = self._rows.row_of_entry(place.entry)
        if row is None and place.span is not None:
            row = self._rows.row_of(place.span.stream, place.span.start)
        if row is None:
            return
        self._following = False
        self._chosen = place.entry if self.form is WireForm.LADDER else place.element
        if self.form is WireForm.HEX:
            self._draw()
        self.query_one(LineView).point(row)

    def on_line_view_pointed(self, event: LineView.Pointed) -> None:
        """Note the part that the reader went to. The message goes on, to the screen."""
        self._following = False
        rows = self._rows
        if isinstance(rows, WireHex | EndedWire) and event.column is not None:
            self._chosen = rows.entry_at_column(event.number, event.column)
        else:
            self._chosen = self.entry_at(event.number)
        if self.form is WireForm.HEX:
            self._draw()  # a row holds several parts there, so the chosen one is marked

    def go_to_part(self, by: int) -> bool:
        """Go to the next part of the message, or to the one before (-1). False when there is none at all."""
        index, lines = self._index, self.query_one(LineView)
        if index is None or self._rows is None or not len(index):
            return False
        if isinstance(self._rows, WireLadder):
            lines.action_cursor(self._rows.row_of_next(lines.cursor, by) - lines.cursor)
            return True
        here = self.entry_here()
        count = index.count_at(self.view.last_index)
        # On a row that is no part, such as one of unparsed bytes, the parts before it have ended.
        position = index.position_of(here) if here is not None else count
        position = max(0, min((count if position is None else position) + by, count - 1))
        element = index.element(position)
        self._go_to(element.entry, self._rows.row_of(element.stream, element.start))
        return True

    def _go_to(self, entry: int | None, row: int | None) -> None:
        """Go to a part and its row, and take the other panes along."""
        if row is None:
            return
        self._following = False
        self._chosen = entry
        if self.form is WireForm.HEX:
            self._draw()
        self.query_one(LineView).point(row)
        if entry is not None:
            self.post_message(EntryChosen(entry, Pane.WIRE))

    # --- copying ------------------------------------------------------------------------

    def copy_ranges(self) -> list[CopyRange]:
        """List what can be copied from here: the part, the row, all of the direction."""
        connection, row = self.view.connection, self.span_here()
        if connection is None or row is None:
            return []
        name = "this transfer" if self.form is WireForm.LADDER else "this row"
        ranges = [CopyRange(f"everything {row.stream}", self._direction(row.stream))]
        if len(row):
            ranges.insert(0, CopyRange(name, row))
        element = self._element_here()
        if element is not None:
            span = Span(element.stream, element.start, element.end)
            ranges.insert(0, CopyRange(element.name, span))
        return ranges

    def _direction(self, stream: StreamName) -> Span:
        connection = self.view.connection
        return Span(stream, 0, connection.length(stream) if connection is not None else 0)

    # --- finding ------------------------------------------------------------------------

    @property
    def finding(self) -> bool:
        """Whether the find bar is open."""
        return self.query_one(FindBar).display

    def find(self) -> None:
        """Ask what to find."""
        self.query_one(FindBar).open()

    def find_next(self, by: int) -> None:
        """Go to the next hit, or to the one before; without any, ask what to find."""
        bar = self.query_one(FindBar)
        if bar.display and bar.search is not None:
            bar.move(by)
        else:
            bar.open()

    def close_find(self) -> None:
        """Close the find bar."""
        self.query_one(FindBar).close()

    @on(FindBar.Requested)
    def _find(self, message: FindBar.Requested) -> None:
        connection, index = self.view.connection, self._index
        if connection is None or index is None:
            self.query_one(FindBar).say_nothing_there(self.view)
            return
        self.query_one(LineView).focus(scroll_visible=False)
        self.query_one(FindBar).run(
            Search(
                index,
                self.view.last_index,
                queued=connection.queued_length,
                received=connection.received_length,
                query=message.query,
                place=self.span_here(),
            )
        )

    @on(FindBar.HitReached)
    def _hit_reached(self, message: FindBar.HitReached) -> None:
        self._following = False
        self._chosen = None
        self._draw()
        self._show_hit(message.hit)

    def _show_hit(self, hit: Span) -> None:
        connection = self.view.connection
        if self._rows is None or connection is None:
            return
        element = connection.element_at(hit.stream, hit.start)
        self._go_to(element.index if element else None, self._rows.row_of(hit.stream, hit.start))

    @on(FindBar.HitsChanged)
    def _hits_changed(self) -> None:
        self._draw()

    @on(FindBar.Closed)
    def _find_closed(self) -> None:
        self.query_one(LineView).focus(scroll_visible=False)

    # --- drawing ------------------------------------------------------------------------

    def _draw(self) -> None:
        lines = self.query_one(LineView)
        connection = self.view.connection
        rows = self._make_rows(connection) if connection is not None else None
        if connection is None or rows is None or not len(rows):
            self._index = self._rows = None
            self._forget_hits()
            lines.show_cursor = False
            lines.source = FixedLines(empty_lines(Pane.WIRE, self.view, key_names_of(self)))
            return
        lines.show_cursor = True
        # Bytes that were one row while nobody had parsed them become several.
        outgrown = lines.cursor == len(lines.source) - 1 < len(rows) - 1
        self._rows = lines.source = rows
        length = connection.queued_length + connection.received_length
        if length != self._shown_length or outgrown:
            self._shown_length = length
            self._chosen = None
            self._following = True
        if self._following:
            lines.point(len(rows) - 1)
            self._following = not rows.complete
        self.query_one(FindBar).note_lengths(connection.queued_length, connection.received_length)
        if not rows.complete and not self._more_coming:
            # A long recording is indexed a piece at a time, so that keys are answered in between.
            self._more_coming = True
            # After the screen was drawn, or nothing would be drawn before all of it is indexed.
            self.call_after_refresh(self._draw_more)

    def _waits_for_index(self) -> bool:
        """Say whether `_draw_more` will draw the view: to draw it before as well would keep keys waiting twice."""
        connection = self.view.connection
        if self.view.status.idle or self._rows is None or self._index is None or connection is None:
            return False
        if self._index.record is not connection.record:
            return False
        if not self._more_coming:
            rows = self._make_rows(connection)
            if rows is not None and not rows.complete:
                self._more_coming = True
                self.set_timer(SECONDS_BETWEEN_SLICES, self._draw_more)
        return self._more_coming

    def _draw_more(self) -> None:
        """Index more of a long recording; show it now and then, and the hit that was not yet."""
        connection = self.view.connection
        rows = self._make_rows(connection) if connection is not None else None
        self._slices += 1
        if rows is not None and not rows.complete and self._slices % SLICES_BETWEEN_PICTURES:
            self.set_timer(SECONDS_BETWEEN_SLICES, self._draw_more)
            return
        self._more_coming = False
        self._draw()
        hit = self.query_one(FindBar).hit
        if hit is not None and not self._following and self._chosen is None:
            self._show_hit(hit)

    def _make_rows(self, connection: ConnectionMoment) -> WireSource | None:
        if self._index is None or self._index.record is not connection.record:
            self._index = self._indexes.of(connection.record, self.view.recording.entries)
            self._chosen = None
            self._following = True
            self._forget_hits()
        view, index = self.view, self._index
        lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)
        width = self.query_one(LineView).scrollable_content_region.width or self.size.width
        if self.form is WireForm.LADDER:
            # Counted as in the event list, so that a time can be found there.
            start_ns = start_of_run_ns(view.recording, connection.record.first_index)
            return WireLadder(index, lengths, connection.queued_length, start_ns, rows_of_rung(width))
        if not connection.queued_length and not connection.received_length:
            return None
        error = view.moment.failure
        fault = find_fault(view.moment, error) if error and view.failed_here else None
        rows = (
            WireHex(index, lengths, bytes_per_row(width), self._marks(fault, self._chosen_span()))
            if self.form is WireForm.HEX
            else WireText(index, lengths, row_width_for(width), self._marks(fault))
        )
        end = find_end(connection)
        return EndedWire(rows, end) if end is not None else rows

    def _marks(self, fault: Fault | None, chosen: Span | None = None) -> Marks:
        bar = self.query_one(FindBar)
        if bar.search is None:
            return Marks(fault, chosen)
        return Marks(fault, chosen, bar.search.hits_in, bar.hit)

    def _forget_hits(self) -> None:
        bar = self.query_one(FindBar)
        if bar.search is not None:
            bar.stop()

    def _element_here(self) -> WireElement | None:
        """Give the part that the reader points at."""
        entry = self.entry_here()
        position = self._index.position_of(entry) if self._index is not None and entry is not None else None
        return self._index.element(position) if self._index is not None and position is not None else None

    def _chosen_span(self) -> Span | None:
        element = self._element_here() if self._chosen is not None else None
        return Span(element.stream, element.start, element.end) if element is not None else None
