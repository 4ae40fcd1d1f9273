"""The find bar: what to find, how far the search is, and which of the hits the reader is at."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label
from textual.worker import Worker

from workbench.protocol.wire.span import Span
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.find_query import Query, WrongQuery, parse_query
from workbench.ui.presentation.find_search import Search
from workbench.ui.presentation.find_words import (
    PLACEHOLDER,
    found_line,
    nothing_line,
    slow_line,
    typing_line,
    wrong_line,
)
from workbench.ui.presentation.piece import Line
from workbench.ui.time_limit import TookTooLong, time_limit
from workbench.ui.view import View
from workbench.ui.widgets.text_lines import TextLines

SECONDS_FOR_A_SLICE = 0.3
"""No honest expression takes as long for 128 KiB; one that does would hold the screen up for ever."""

MOST_REMEMBERED = 100


class FindBar(Vertical):
    """One line to type in, and one that answers."""

    help_topic = "find"

    DEFAULT_CSS = """
    FindBar {
        height: 2;
        display: none;
        background: $boost;
        Horizontal { height: 1; }
        Label { width: 2; color: $text-accent; text-style: bold; }
        Input { width: 1fr; background: transparent; }
        TextLines { height: 1; padding: 0 0 0 2; text-wrap: nowrap; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("find")

    @dataclass
    class Requested(Message):
        """The reader wants something to be found. The answer is `run`."""

        query: Query

    @dataclass
    class HitReached(Message):
        """The reader is at another hit."""

        hit: Span

    @dataclass
    class HitsChanged(Message):
        """There are more of them, or none any longer."""

    @dataclass
    class Closed(Message):
        """The reader is done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.search: Search | None = None
        self._number = -1
        self._stale = False
        self._remembered: list[str] = []
        self._recalled = 0
        self._worker: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """The input, and below it what there is to say."""
        with Horizontal():
            yield Label("/ ", markup=False)
            entry = Input(placeholder=PLACEHOLDER, compact=True, id="find")
            entry.cursor_blink = False
            yield entry
        yield TextLines(id="find-note")

    # --- values in ----------------------------------------------------------------------

    def open(self) -> None:
        """Take the focus. What was typed last is selected: typing replaces it, Enter finds it again."""
        self.display = True
        entry = self.query_one(Input)
        if not entry.value and self._remembered:
            entry.value = self._remembered[-1]
        self._recalled = len(self._remembered)
        entry.focus(scroll_visible=False)
        self._say(typing_line(key_names_of(self)))

    @property
    def hit(self) -> Span | None:
        """The hit that the reader is at."""
        found = self.search.hits if self.search is not None else []
        return found[self._number] if 0 <= self._number < len(found) else None

    def run(self, search: Search) -> None:
        """Search, in slices between which keys are answered, and go to the first hit."""
        self.stop()
        self.search, self._number, self._stale = search, -1, False
        self._worker = self.run_worker(self._go_through(search), group="find", exclusive=True)

    def say_nothing_there(self, view: View) -> None:
        """Answer that there are no bytes to search."""
        self._say(nothing_line(view, key_names_of(self)))

    def stop(self) -> None:
        """Give the search up, and forget what it found."""
        if self._worker is not None:
            self._worker.cancel()
        self.search, self._worker, self._number = None, None, -1
        self.post_message(self.HitsChanged())

    def move(self, by: int) -> None:
        """Go to the next hit, or to the one before (-1); from the last to the first."""
        search = self.search
        if search is None or not search.hits:
            return
        number = self._number + by
        if search.done:
            number %= len(search.hits)
        if 0 <= number < len(search.hits):
            self._reach(number)

    def note_lengths(self, queued: int, received: int) -> None:
        """Say so when bytes came that were not searched."""
        stale = self.search is not None and self.search.lengths != (queued, received)
        if stale != self._stale:
            self._stale = stale
            self._tell()

    # --- the search ---------------------------------------------------------------------

    async def _go_through(self, search: Search) -> None:
        while not search.done:
            before = len(search.hits)
            try:
                with time_limit(SECONDS_FOR_A_SLICE):
                    search.step()
            except TookTooLong:
                self.stop()
                self._say(slow_line())
                return
            if self._number < 0 and search.hits:
                self._reach(0)
            elif len(search.hits) != before:
                self.post_message(self.HitsChanged())
            self._tell()
            await asyncio.sleep(0)

    def _reach(self, number: int) -> None:
        self._number = number
        assert self.search is not None
        self.post_message(self.HitReached(self.search.hits[number]))
        self._tell()

    def _tell(self) -> None:
        if self.search is not None:
            keys = key_names_of(self)
            self._say(found_line(self.search, self._number, keys=keys, stale=self._stale))

    def _say(self, line: Line) -> None:
        self.query_one(TextLines).lines = (line,)

    # --- keys ---------------------------------------------------------------------------

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._remember(event.value)
        try:
            query = parse_query(event.value)
        except WrongQuery as error:
            self.stop()
            event.input.cursor_position = error.column
            self._say(wrong_line(error))
            return
        self.post_message(self.Requested(query))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input.has_focus:
            self._say(typing_line(key_names_of(self)))

    def _remember(self, text: str) -> None:
        if text and text not in self._remembered[-1:]:
            self._remembered = [*self._remembered[1 - MOST_REMEMBERED :], text]
        self._recalled = len(self._remembered)

    def action_recall(self, by: int) -> None:
        """Bring back what was typed before."""
        place = self._recalled + by
        if 0 <= place <= len(self._remembered):
            self._recalled = place
            entry = self.query_one(Input)
            entry.value = self._remembered[place] if place < len(self._remembered) else ""
            entry.cursor_position = len(entry.value)

    def close(self) -> None:
        """Leave. Escape does, the key of the screen that goes back."""
        self.stop()
        self.display = False
        self.post_message(self.Closed())
