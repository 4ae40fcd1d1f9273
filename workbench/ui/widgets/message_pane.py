"""The message: the exchange as a tree, or the card of an exception when a call raised."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.exception_card import CardText
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.message_tree import TreeRow, exchange_nodes, row_line, rows
from workbench.ui.presentation.piece import Line
from workbench.ui.presentation.source import FixedLines
from workbench.ui.presentation.tree_path import keys_to_open, path_to_entry
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.pane import PaneFrame


class TreeLines:
    """The visible nodes of a tree, as lines."""

    def __init__(self, tree_rows: list[TreeRow]) -> None:
        self.rows = tree_rows

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def columns(self) -> int:
        """Room to scroll sideways in."""
        return 400

    def line(self, number: int, width: int) -> Line:  # noqa: ARG002 - the widget cuts
        """Make one line."""
        return row_line(self.rows[number])


class TreeView(LineView):
    """A list of nodes that open and close."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "toggle_node", "Open or close", show=False),
        Binding("right", "open(True)", "Open", show=False),
        Binding("left", "open(False)", "Close", show=False),
    ]

    def action_toggle_node(self) -> None:
        """Ask for the node under the cursor to open or close."""
        self.post_message(self.Chosen(self, self.cursor))

    def action_open(self, wanted: bool) -> None:
        """Open or close the node under the cursor."""
        source = self.source
        if isinstance(source, TreeLines) and len(source):
            row = source.rows[self.cursor]
            if row.node.children is not None and row.is_open is not wanted:
                self.post_message(self.Chosen(self, self.cursor))


class MessagePane(PaneFrame):
    """Pane 4."""

    show_tree = reactive(False)
    """Whether the tree is shown although there is an exception to explain."""

    toggled: reactive[frozenset[str]] = reactive(frozenset())
    """The keys of the nodes that the reader opened or closed."""

    def __init__(self) -> None:
        super().__init__(Pane.MESSAGE)
        self._failure: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        """The tree and the card share one place."""
        yield TreeView(id="tree-lines")
        card = LineView(id="card-lines")
        card.show_cursor = False
        yield card

    def watch_view(self, view: View) -> None:
        """Show another moment. A new exception comes to the front."""
        outcome = view.moment.last_outcome
        failure = (outcome.line, outcome.first_index) if outcome and outcome.error else None
        if failure != self._failure:
            self._failure = failure
            self.show_tree = False
            self.query_one("#card-lines", LineView).scroll_home(animate=False)
        self._draw()

    def watch_show_tree(self) -> None:
        """Change between the two."""
        self._draw()

    def watch_toggled(self) -> None:
        """Draw the tree again."""
        self._draw()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the list knows its size
        """Wrap the card for another width."""
        self._draw()

    @property
    def explains(self) -> bool:
        """Whether the card is shown."""
        return self.view.failed and not self.show_tree

    def list_in_front(self) -> LineView:
        """Give the list that can have the focus."""
        return self.query_one("#card-lines" if self.explains else "#tree-lines", LineView)

    def _draw(self) -> None:
        tree = self.query_one("#tree-lines", LineView)
        card = self.query_one("#card-lines", LineView)
        moment = self.view.moment
        error = moment.failure
        focused = tree.has_focus or card.has_focus
        card.display, tree.display = self.explains, not self.explains
        if focused:
            self.list_in_front().focus(scroll_visible=False)
        if error is not None:
            width = card.scrollable_content_region.width or self.size.width
            card.source = FixedLines(CardText(moment, error, width).lines())
        connection, exchange = moment.connection, moment.exchange
        if connection is None or exchange is None:
            tree.show_cursor = False
            tree.source = FixedLines(empty_lines(Pane.MESSAGE, self.view))
            return
        tree.show_cursor = True
        tree.source = TreeLines(list(rows(exchange_nodes(connection, exchange), self.toggled)))

    @on(LineView.Chosen, "#tree-lines")
    def _toggle(self, event: LineView.Chosen) -> None:
        source = event.view.source
        if isinstance(source, TreeLines) and source.rows[event.number].node.children is not None:
            self.toggled = self.toggled ^ {source.rows[event.number].node.key}

    def show_entry(self, index: int) -> None:
        """Go to the node that tells of an entry, opening what it lies in."""
        tree = self.query_one("#tree-lines", LineView)
        if not isinstance(tree.source, TreeLines):
            return
        path = path_to_entry([row.node for row in tree.source.rows if row.depth == 0], index)
        if path is None:
            return
        self.toggled = self.toggled ^ keys_to_open(path, self.toggled)
        for number, row in enumerate(tree.source.rows):
            if row.node.key == path.node.key:
                tree.point(number)

    def entry_at(self, row: int) -> int | None:
        """Find the entry that a node is drawn from; a line of content is of the node around it."""
        source = self.query_one("#tree-lines", LineView).source
        if not isinstance(source, TreeLines) or row >= len(source.rows):
            return None
        depth = source.rows[row].depth
        for around in reversed(source.rows[: row + 1]):
            if around.depth <= depth and around.node.index is not None:
                return around.node.index
            depth = min(depth, around.depth)
        return None
