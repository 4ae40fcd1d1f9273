"""A tab of the message pane that is a list of lines: content, timing, TLS, lint."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.message_tab import MessageTab
from workbench.ui.presentation.source import FixedLines
from workbench.ui.presentation.tab_text import TabLines, TabText
from workbench.ui.view import NOTHING, View
from workbench.ui.widgets.line_view import LineView


class TabView(LineView):
    """Draws one tab of an exchange."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("tab")

    view: reactive[View] = reactive(NOTHING, init=False)
    """What is shown."""

    tab: reactive[MessageTab] = reactive(MessageTab.TREE, init=False)
    """Which tab. Nothing is drawn for the tree, which has a widget of its own."""

    @dataclass
    class Followed(Message):
        """The reader wants to see what a line is about."""

        index: int
        """The index of its entry."""

    def __init__(self) -> None:
        super().__init__(id="tab-lines")
        self._text = TabText()
        self._lines = TabLines(FixedLines())

    def watch_view(self) -> None:
        """Show another moment."""
        self._draw_tab()

    def watch_tab(self) -> None:
        """Show another tab, from its top."""
        self.set_reactive(LineView.cursor, 0)
        self.scroll_home(animate=False, immediate=True)
        self._draw_tab()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the lines for another width."""
        self._draw_tab()
        super().on_resize(event)

    def entry_at(self, row: int) -> int | None:
        """Find the entry that a line is about."""
        return self._lines.entry_at(row)

    def show_entry(self, index: int) -> None:
        """Go to the line about an entry, if there is one. Content is all about one."""
        entries = self._lines.entries
        if self.display and self.tab is not MessageTab.CONTENT and index in entries:
            self.point(entries.index(index))

    def action_follow(self) -> None:
        """Go to what the line under the cursor is about."""
        index = self.entry_at(self.cursor)
        if index is not None:
            self.post_message(self.Followed(index))

    def _draw_tab(self) -> None:
        if self.tab is MessageTab.TREE:
            return
        # Whether there will be a scroll bar depends on the lines, so there always is room for one.
        width = max(1, self.outer_size.width - self.styles.scrollbar_size_vertical)
        self._lines = self._text.lines(self.tab, self.view, width, key_names_of(self))
        self.show_cursor = self.view.connection is not None
        self.source = self._lines.source
