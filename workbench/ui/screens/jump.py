"""Jump mode: letters on every place of a screen, of which one types those of the place to go to.

A place is a line of a list, an input, a list that has no cursor, or whatever can be clicked: tabs,
connections, the keys of the footer. They are found on the screen as it is drawn, so that what is not
to be seen has no letters, and nothing has to be told to this module.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.await_complete import AwaitComplete
from textual.geometry import Offset, Region, Size
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from workbench.ui.presentation.jump_labels import LETTERS, jump_labels
from workbench.ui.widgets.line_view import LineView

HINT = " type the letters of a place; any other key goes back "

MOST_PLACES = 400
"""More than any terminal shows that somebody reads."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can go."""

    at: Offset
    """The cell of the screen that its letters stand on."""

    widget: Widget
    row: int | None = None
    """The line of a list."""

    action: str = ""
    """What a click does, as Textual writes it."""


def jump_on(screen: Screen[Any]) -> None:
    """Put letters on a screen, and go where they lead."""
    places = sorted(_places(screen), key=lambda place: (place.at.y, place.at.x))[:MOST_PLACES]
    if not places:
        return
    labelled = dict(zip(jump_labels(len(places)), places, strict=True))

    def go(place: Place | None) -> None:
        if place is not None:
            _go_to(screen, place)

    screen.app.push_screen(JumpScreen(screen, labelled), go)


def _go_to(screen: Screen[Any], place: Place) -> None:
    if place.action:
        screen.call_later(screen.app.run_action, place.action, place.widget)
        return
    place.widget.focus(scroll_visible=False)
    if place.row is not None and isinstance(place.widget, LineView):
        place.widget.go_to(place.row)


# --- finding places -------------------------------------------------------------------------


def _places(screen: Screen[Any]) -> Iterator[Place]:
    taken: set[Offset] = set()
    for place in (*_links(screen), *_lines_and_inputs(screen)):
        if place.at not in taken:
            taken.add(place.at)
            yield place


def _lines_and_inputs(screen: Screen[Any]) -> Iterator[Place]:
    for widget in screen.focus_chain:
        region = widget.content_region.intersection(screen.region)
        if not region or not _is_on_top(screen, widget, region.offset):
            continue
        if isinstance(widget, LineView) and widget.show_cursor and len(widget.source):
            yield from _lines(widget, region)
        else:
            yield Place(region.offset, widget)


def _lines(view: LineView, region: Region) -> Iterator[Place]:
    first = view.scroll_offset.y
    for row in range(first, min(first + region.height, len(view.source))):
        yield Place(region.offset + Offset(0, row - first), view, row)


def _is_on_top(screen: Screen[Any], widget: Widget, at: Offset) -> bool:
    """Say whether a widget is what is seen at a cell, and not something that lies over it."""
    top, _ = screen.get_widget_at(*at)
    return top is widget or widget in top.ancestors


def _links(screen: Screen[Any]) -> Iterator[Place]:
    """Find what can be clicked, where its text begins."""
    for y, strip in enumerate(_drawn(screen)):
        x, before = 0, ""
        for segment in strip:
            action = segment.style.meta.get("@click", "") if segment.style is not None else ""
            if action and action != before and isinstance(action, str):
                widget, _ = screen.get_widget_at(x, y)
                indent = len(segment.text) - len(segment.text.lstrip())
                yield Place(Offset(x + indent, y), widget, action=action)
            before = action
            x += segment.cell_length


def _drawn(screen: Screen[Any]) -> list[Strip]:
    return screen._compositor.render_strips()  # noqa: SLF001 - what is on the screen, as it is drawn


# --- the screen with letters ----------------------------------------------------------------


class JumpScreen(ModalScreen[Place | None]):
    """The screen below, standing still, with letters on it.

    Args:
        below: The screen.
        places: Where each label leads. All labels have one length.
    """

    DEFAULT_CSS = "JumpScreen { background: transparent; }"

    def __init__(self, below: Screen[Any], places: Mapping[str, Place]) -> None:
        super().__init__()
        self._places = places
        self._layer = JumpLayer(_drawn(below), {label: place.at for label, place in places.items()})

    def compose(self) -> "Iterator[Widget]":
        """One layer over everything."""
        yield self._layer

    def on_key(self, event: events.Key) -> None:
        """Take a letter; whatever else is pressed goes back."""
        event.stop()
        event.prevent_default()
        if event.key == "backspace":
            self._layer.typed = self._layer.typed[:-1]
        elif event.character is not None and event.character in LETTERS:
            self._take(self._layer.typed + event.character)
        else:
            self.dismiss(None)
        self._layer.refresh()

    def _take(self, typed: str) -> None:
        if typed in self._places:
            self.dismiss(self._places[typed])
        elif any(label.startswith(typed) for label in self._places):
            self._layer.typed = typed
        else:
            self.app.bell()

    def dismiss(self, result: Place | None = None) -> AwaitComplete:
        """Close, unless it is closed already, as `Dialog` does."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def on_click(self) -> None:
        """Go back."""
        self.dismiss(None)

    def on_resize(self, event: events.Resize) -> None:
        """Go back: everything is in another place now."""
        if event.size != self._layer.drawn_size and self.is_current:
            self.dismiss(None)


class JumpLayer(Widget):
    """Draws strips that were drawn before, dimmed, with labels over them.

    Args:
        drawn: The lines of the screen below.
        labels: Where each label stands.
    """

    COMPONENT_CLASSES = {"jump-layer--label", "jump-layer--below"}  # noqa: RUF012 - Textual's

    DEFAULT_CSS = """
    JumpLayer {
        width: 100%;
        height: 100%;
        & > .jump-layer--label { background: $warning; color: $background; text-style: bold; }
    }
    """

    def __init__(self, drawn: list[Strip], labels: Mapping[str, Offset]) -> None:
        super().__init__()
        self._drawn = drawn
        self._labels = labels
        self.typed = ""
        """The letters that were typed so far."""

    @property
    def drawn_size(self) -> Size:
        """The size of the screen that was drawn."""
        return Size(self._drawn[0].cell_length if self._drawn else 0, len(self._drawn))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen below, and the labels that stand on it."""
        if y >= len(self._drawn):
            return Strip.blank(self.size.width)
        strip = Strip([Segment(text, _dimmed(style)) for text, style, _ in self._drawn[y]])
        style = self.get_component_rich_style("jump-layer--label")
        for label, at in self._labels.items():
            if at.y == y and label.startswith(self.typed):
                rest = label[len(self.typed) :]
                before, after = strip.crop(0, at.x), strip.crop(at.x + len(rest), strip.cell_length)
                strip = Strip.join([before, Strip([Segment(rest, style)]), after])
        if y == 0:
            strip = Strip.join(
                [strip.crop(0, max(0, strip.cell_length - len(HINT))), Strip([Segment(HINT, style)])]
            )
        return strip.crop(0, self.size.width)


def _dimmed(style: Style | None) -> Style | None:
    """Take away what makes text stand out, and what can be clicked."""
    if style is None:
        return None
    return Style(color=style.color, bgcolor=style.bgcolor, dim=True)
