"""The lines of each tab of the message pane but the tree, each with the entry that it is about."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from workbench.session.recording import Recording
from workbench.session.timings import timings_of
from workbench.ui.presentation.content_text import ContentText, content_entry
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.key_names import KeyNames
from workbench.ui.presentation.lint_list import lint_rows
from workbench.ui.presentation.message_tab import MessageTab
from workbench.ui.presentation.pages import Page
from workbench.ui.presentation.source import FixedLines, LineSource
from workbench.ui.presentation.timing_text import timing_lines
from workbench.ui.presentation.tls_text import TlsText
from workbench.ui.view import View


class TabLines(NamedTuple):
    """What a tab shows."""

    source: LineSource
    entries: Sequence[int | None] = ()
    """For each line the index of the entry that it is about; a line that is not in it is about none."""

    def entry_at(self, row: int) -> int | None:
        """Find the entry that a line is about."""
        return self.entries[row] if 0 <= row < len(self.entries) else None


class TabText:
    """Makes the lines of the tabs, and keeps what is dear to make for as long as it is true."""

    def __init__(self) -> None:
        self._keys: KeyNames = str
        self._recording: Recording | None = None
        self._content_text = ContentText()
        self._key: tuple[object, ...] = ()
        self._lines = TabLines(FixedLines())

    def lines(self, tab: MessageTab, view: View, width: int, keys: KeyNames) -> TabLines:
        """Make the lines of a tab.

        Args:
            tab: Which. The tree is not made here.
            view: What is shown.
            width: The cells of a line.
            keys: Those of the user.
        """
        if view.connection is None or (view.exchange is None and tab is not MessageTab.TLS):
            return TabLines(FixedLines(empty_lines(tab, view, keys)))
        self._keys = keys
        return _MAKERS[tab](self, view, width)

    def _content(self, view: View, width: int) -> TabLines:
        connection, exchange = view.connection, view.exchange
        assert connection is not None
        assert exchange is not None
        if view.recording is not self._recording:
            self._recording, self._content_text, self._key = view.recording, ContentText(), ()
        key = (connection.number, exchange.number, exchange.last_index, width)
        if key != self._key:
            self._key = key
            keys = None if view.recorded else self._keys
            page = Page(self._content_text.blocks(connection, exchange, keys), width)
            entry = content_entry(exchange)
            self._lines = TabLines(page, [entry] * len(page) if entry is not None else ())
        return self._lines

    def _timing(self, view: View, width: int) -> TabLines:
        connection, exchange = view.connection, view.exchange
        assert connection is not None
        assert exchange is not None
        timings = timings_of(view.recording.entries, connection, exchange)
        lines = timing_lines(timings, width)
        return TabLines(FixedLines(lines), [step.index for step in timings.steps])

    def _tls(self, view: View, width: int) -> TabLines:
        connection = view.connection
        assert connection is not None
        return TabLines(FixedLines(TlsText(connection, width).lines()))

    def _lint(self, view: View, width: int) -> TabLines:
        connection, exchange = view.connection, view.exchange
        assert connection is not None
        assert exchange is not None
        rows = lint_rows(connection, exchange, width, self._keys)
        return TabLines(FixedLines([row.line for row in rows]), [row.index for row in rows])


_MAKERS: dict[MessageTab, Callable[[TabText, View, int], TabLines]] = {
    MessageTab.CONTENT: TabText._content,  # noqa: SLF001 - its own
    MessageTab.TIMING: TabText._timing,  # noqa: SLF001
    MessageTab.TLS: TabText._tls,  # noqa: SLF001
    MessageTab.LINT: TabText._lint,  # noqa: SLF001
}
