"""The scroll bar of a list, which is drawn again where it looks different.

Textual draws one again whenever its list scrolls or grows. That of a long list hardly ever moves by as much as
the eighth of a cell that can be drawn, and each of its rows costs as much as a line of the list.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Self

from rich.color import Color
from rich.segment import Segment
from textual.filter import LineFilter
from textual.geometry import Region
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

Look = tuple[list[tuple[Segment, int]], Sequence[LineFilter]]
"""The cells of a bar, each with how often it comes, and what changes them before they are drawn."""


class SteadyScrollBar(ScrollBar):
    """A vertical scroll bar, one cell wide."""

    # Whoever sets the sizes calls `refresh` afterwards.
    window_virtual_size: Reactive[int] = Reactive(100, repaint=False)
    window_size: Reactive[int] = Reactive(0, repaint=False)
    position: Reactive[float] = Reactive(0, repaint=False)

    def __init__(self) -> None:
        super().__init__(vertical=True, name="vertical")
        self._drawn: Look | None = None
        self._strips: list[Strip] = []

    def watch_position(self) -> None:
        """Draw the bar again if it has moved."""
        self.refresh()

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Draw the bar again, unless it looks as it did."""
        if self._drawn is not None and not layout and not recompose and self._look() == self._drawn:
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Give the rows of the bar, made once for each look."""
        look = self._look()
        if look != self._drawn:
            self._drawn = look
            self._strips = self._make_strips(*look)
        return self._strips[crop.y : crop.bottom]

    def _look(self) -> Look:
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        style = self.app.console.get_style(bar.style)
        cells = self.renderer.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            back_color=style.bgcolor or Color.default(),
            bar_color=style.color or Color.default(),
        )
        runs = [list(run) for _, run in groupby(cells.segments, id)]
        drawn = Segment.apply_style((run[0] for run in runs), self.visual_style.rich_style)
        return list(zip(drawn, map(len, runs), strict=True)), self.get_line_filters()

    def _make_strips(self, cells: list[tuple[Segment, int]], filters: Sequence[LineFilter]) -> list[Strip]:
        strips = []
        _, background = self.background_colors
        for cell, count in cells:
            strip = Strip([cell], 1)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            strips += [strip] * count
        return strips
