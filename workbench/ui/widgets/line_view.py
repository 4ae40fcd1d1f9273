"""A list of lines that makes only those on the screen, with a cursor.

The base of every pane. Its cost is that of one screen, however long the list is: Textual's own
lists keep a rendered line for each row, which takes seconds for ten thousand of them.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.piece import Line, plain
from workbench.ui.presentation.source import FixedLines, LineSource, lines_kept
from workbench.ui.widgets.painter import Painter
from workbench.ui.widgets.scroll_bar import SteadyScrollBar

MOST_SELECTED_LINES = 10_000
"""Lines that a selection may hold. More would be made, one by one, while the reader waits."""


MOST_MADE_LINES = 1000
"""More than any screen shows at once."""


class LineView(ScrollView, can_focus=True):
    """Draws the lines of a source."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("list")

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-view--cursor"}

    DEFAULT_CSS = """
    LineView {
        scrollbar-size-horizontal: 0;
        scrollbar-size-vertical: 1;
        & > .line-view--cursor { background: $foreground 8%; color: $foreground; }
        &:focus > .line-view--cursor { background: $primary 30%; color: $foreground; }
    }
    """

    source: var[LineSource] = var(FixedLines, init=False, always_update=True)
    """The lines. Another object whenever they changed; those that look different are drawn again."""

    cursor: var[int] = var(0, init=False)
    """The number of the line under the cursor."""

    follow = var(False)
    """Whether the last line stays in sight while lines are added."""

    show_cursor = var(True)

    @dataclass
    class Pointed(Message):
        """The reader moved the cursor."""

        view: "LineView"
        number: int
        column: int | None = None
        """The cell of the line that was clicked on; None when a key moved it."""

        @property
        def control(self) -> "LineView":
            """The view, for handlers that are bound to a selector."""
            return self.view

    @dataclass
    class Chosen(Message):
        """The reader pressed Enter on a line, or clicked on it."""

        view: "LineView"
        number: int

        @property
        def control(self) -> "LineView":
            """The view, for handlers that are bound to a selector."""
            return self.view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id, classes=classes)
        self._painter = Painter(self)
        self._width = 0
        self._made: dict[int, Line] = {}
        """Lines of the source that were made already."""

        self._drawn: dict[int, tuple[Line | None, bool]] = {}
        """What is on the screen for a number: the line, and whether the cursor is on it."""

        self._strips: dict[int, tuple[Hashable, Strip]] = {}
        """What was made for a number, and of what."""

        self._rows: dict[int, Strip] = {}
        """What was given for a place on the screen, as long as nothing there is to be drawn again."""

        self._rows_for: object = None
        """What all of these depend on."""

    # --- values in ----------------------------------------------------------------------

    def watch_source(self, before: LineSource, source: LineSource) -> None:
        """Take the new lines over, and keep the place."""
        count, kept = len(source), lines_kept(source, before)
        self._take_size(Size(max(source.columns, 1), count))
        if self.follow and count:
            self.point(count - 1)
        elif self.cursor >= count:
            self.set_reactive(LineView.cursor, max(0, count - 1))
            self.refresh_line(self.cursor)
        self._made = {number: line for number, line in self._made.items() if number < kept}
        self._refresh_changed(kept)

    def _refresh_changed(self, first: int) -> None:
        """Draw the lines again that look different now; most of them do not when one line is added.

        Args:
            first: The number of the first that may.
        """
        if self._in_frame:
            self.refresh()
            return
        top, room = self.scroll_offset.y, self.scrollable_content_region.size
        there = [number for number in range(max(first, top), top + room.height) if number - top in self._rows]
        for number, look in zip(there, self._looks(there, room.width), strict=True):
            if self._drawn.get(number) != look:
                self.refresh_line(number)

    def _looks(self, numbers: Sequence[int], width: int) -> list[tuple[Line | None, bool]]:
        """Give the lines with these numbers, each with whether the cursor is on it; None where there is none."""
        count = len(self.source)
        cursor = self.cursor if self.show_cursor else -1
        lines = (self._line(number, width) if number < count else None for number in numbers)
        return [(line, number == cursor) for number, line in zip(numbers, lines, strict=True)]

    def _take_size(self, size: Size) -> None:
        if size == self.virtual_size:
            return
        if self.styles.is_auto_height:
            self.virtual_size = size
            return
        # Setting it lays out the screen and draws all of it again, for each line that is added. That is
        # needed where a scroll bar comes or goes, and `_scroll_update` notices.
        self.set_reactive(Widget.virtual_size, size)
        if self.container_size:
            self._scroll_update(size)

    def point(self, number: int) -> None:
        """Put the cursor on a line and scroll there."""
        count = len(self.source)
        self.cursor = max(0, min(number, count - 1))
        self._show_cursor_line()

    def watch_show_cursor(self) -> None:
        """Draw the line under the cursor again."""
        self.refresh_line(self.cursor)

    def watch_cursor(self, before: int, after: int) -> None:
        """Draw the two lines again."""
        self.refresh_lines(before)
        self.refresh_lines(after)

    def _show_cursor_line(self) -> None:
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if not height:
            return  # not displayed now: the resize that comes with being displayed does it
        if top <= self.cursor < top + height:
            return
        target = self.cursor if self.cursor < top else self.cursor - height + 1
        # force: lines that have just outgrown the pane get their scroll bar with the next layout only,
        # and without one Textual does not scroll.
        self.scroll_to(y=target, animate=False, immediate=True, force=True)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the region is looked up
        """Keep the line under the cursor in sight."""
        self._show_cursor_line()

    # --- drawing ------------------------------------------------------------------------

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """Give the scroll bar, which is made when it is first asked for."""
        if self._vertical_scrollbar is None:
            bar = self._vertical_scrollbar = SteadyScrollBar()
            bar.display = False
            self.app._start_widget(self, bar)  # noqa: SLF001 - as Textual does it
        return self._vertical_scrollbar

    def notify_style_update(self) -> None:
        """Resolve all styles again."""
        super().notify_style_update()
        self._painter.forget()
        self._strips.clear()
        self._rows.clear()

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Draw all of it again, or some places."""
        if repaint:
            for region in regions:
                for place in region.line_range:
                    self._rows.pop(place, None)
            if not regions:
                self._rows.clear()
            elif not self._in_layout:
                return self  # Textual would lay the screen out anew to look for it
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    @property
    def _in_frame(self) -> bool:
        """Whether there is a border or a margin inside, which Textual is left to draw."""
        return any(self.styles.gutter)

    @property
    def _in_layout(self) -> bool:
        return all(node.styles.display != "none" for node in self.ancestors_with_self)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Give lines of the screen, and make those that are to be drawn again.

        Textual keeps what it made by the place on the screen, and makes all of it anew when a list
        scrolls by one line. Here it is kept by the number of the line, with all that Textual keeps in a strip.
        """
        if self._in_frame:
            return super().render_lines(crop)
        depends_on = (self.size, self.get_line_filters())
        if self._rows_for != depends_on:
            self._rows_for = depends_on
            self._rows.clear()
        missing = [place for place in crop.line_range if place not in self._rows]
        if missing:
            self._rows.update(zip(missing, self._finished(self._strips_of(missing)), strict=True))
        left, right = crop.column_span
        return [self._rows[place].crop(left, right) for place in crop.line_range]

    def _finished(self, strips: list[Strip]) -> list[Strip]:
        """Give strips as they are drawn: in the width of the widget, and filtered."""
        width, (_, background) = self.size.width, self.background_colors
        rest = Style(background=background).rich_style
        strips = [strip.adjust_cell_length(width, rest) for strip in strips]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Give one line of the screen, with what Textual looks for under the mouse: which character is where."""
        scroll_x, scroll_y = self.scroll_offset
        strip = self._strips_of([y])[0]
        return strip.apply_offsets(scroll_x, scroll_y + y) if scroll_y + y < len(self.source) else strip

    def _strips_of(self, places: Sequence[int]) -> list[Strip]:
        # What all lines have in common is looked up once: Textual goes through its tree for each of these.
        scroll_x, scroll_y = self.scroll_offset
        width, style = self.scrollable_content_region.width, self.visual_style
        selection = self.text_selection
        if len(self._drawn) > MOST_MADE_LINES:
            self._drawn.clear()
        height = self.size.height
        if len(self._strips) > 2 * height:
            # A strip takes some ten kilobytes with all that Textual keeps in it.
            seen = range(scroll_y, scroll_y + height)
            self._strips = {number: kept for number, kept in self._strips.items() if number in seen}
        strips = []
        numbers = [scroll_y + place for place in places]
        for number, look in zip(numbers, self._looks(numbers, width), strict=True):
            self._drawn[number] = look
            span = selection.get_span(number) if selection and look[0] is not None else None
            made_of = (look, scroll_x, width, style, span)
            kept = self._strips.get(number)
            if kept is None or kept[0] != made_of:
                strip = self._selected(self._make_strip(look, scroll_x, width, style), span, scroll_x)
                kept = self._strips[number] = made_of, strip
            strips.append(kept[1])
        return strips

    def _make_strip(self, look: tuple[Line | None, bool], scroll_x: int, width: int, style: Style) -> Strip:
        line, under_cursor = look
        if line is None:
            return Strip.blank(width, style.rich_style)
        if under_cursor:
            style += Style.from_styles(self.get_component_styles("line-view--cursor"))
        return self._cut(self._painter.strip(line, style), scroll_x, width, style)

    def _cut(self, strip: Strip, scroll_x: int, width: int, style: Style) -> Strip:
        length = strip.cell_length
        shown = strip.crop_extend(scroll_x, scroll_x + width, style.rich_style)
        if length > scroll_x + width:
            shown = Strip([*shown.crop(0, width - 1), Segment("…", style.rich_style)], width)
        return shown

    def _selected(self, strip: Strip, span: tuple[int, int] | None, scroll_x: int) -> Strip:
        if span is None:
            return strip
        # A span counts characters, a strip is cut by cells.
        text = strip.text
        start = cell_len(text[: max(0, span[0] - scroll_x)])
        end = cell_len(text[: max(0, span[1] - scroll_x)]) if span[1] >= 0 else strip.cell_length
        colours = self.screen.get_component_rich_style("screen--selection")
        before, inside, after = strip.divide([start, max(start, end), strip.cell_length])
        return Strip.join([before, inside.apply_style(colours), after])

    # --- copying ------------------------------------------------------------------------

    def line_text(self, number: int) -> str:
        """Give the text of one line; empty when there is none."""
        if not 0 <= number < len(self.source):
            return ""
        return plain(self._line(number, self.scrollable_content_region.width)).rstrip()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Give the selected text. Lines are made for the selection alone."""
        first = selection.start.y if selection.start else 0
        last = min(selection.end.y if selection.end else len(self.source) - 1, len(self.source) - 1)
        last = min(last, first + MOST_SELECTED_LINES)
        if last < first:
            return None
        width = self.scrollable_content_region.width
        lines = [plain(self._line(number, width)) for number in range(first, last + 1)]
        if selection.end is not None and selection.end.y == last:
            lines[-1] = lines[-1][: selection.end.x]
        if selection.start is not None:
            lines[0] = lines[0][selection.start.x :]
        return "\n".join(line.rstrip() for line in lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - all of it is drawn
        """Draw the selection."""
        self.refresh()

    def _line(self, number: int, width: int) -> Line:
        if width != self._width or len(self._made) > MOST_MADE_LINES:
            self._width = width
            self._made.clear()
        line = self._made.get(number)
        if line is None:
            line = self._made[number] = self.source.line(number, width)
        return line

    # --- keys and mouse -----------------------------------------------------------------

    def action_cursor(self, by: int) -> None:
        """Move the cursor by some lines."""
        self._move(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self._move(self.cursor + by * max(1, self.scrollable_content_region.height - 1))

    def action_edge(self, number: int) -> None:
        """Move the cursor to the first line, or to the last one (-1)."""
        self._move(number if number >= 0 else len(self.source) - 1)

    def action_sideways(self, by: int) -> None:
        """Scroll sideways by some columns."""
        self.scroll_to(x=max(0, self.scroll_offset.x + by), animate=False, immediate=True)

    def go_to(self, number: int) -> None:
        """Put the cursor on a line as a key does, and say so."""
        self._move(number)

    def _move(self, number: int, column: int | None = None) -> None:
        if not len(self.source):
            return
        self.point(number)
        self.post_message(self.Pointed(self, self.cursor, column))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse was pressed."""
        place = event.get_content_offset_capture(self) + self.scroll_offset
        number = place.y
        if number < len(self.source):
            self._move(number, place.x)
            self.post_message(self.Chosen(self, self.cursor))
