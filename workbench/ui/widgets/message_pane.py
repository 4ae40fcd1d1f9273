"""The message: an exchange as a tree and in other tabs, or the card of an exception when a call raised."""

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style

from workbench.ui.commands import BY_ID
from workbench.ui.keys import key_names_of, keys_of
from workbench.ui.messages import EntryChosen, PaneRequested
from workbench.ui.presentation.connection_words import failed_connection
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.exception_card import CardText
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.message_tab import MessageTab, tab_labels
from workbench.ui.presentation.message_tree import exchange_nodes, rows
from workbench.ui.presentation.source import FixedLines
from workbench.ui.presentation.tree_path import keys_to_open, path_to_entry
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.pane import PaneFrame, styled
from workbench.ui.widgets.tab_view import TabView
from workbench.ui.widgets.tree_view import TreeLines, TreeView


class MessagePane(PaneFrame):
    """Pane 4."""

    show_tree = reactive(False)
    """Whether the exchange is shown although there is an exception to explain."""

    tab: reactive[MessageTab] = reactive(MessageTab.TREE)
    """What is shown of the exchange."""

    toggled: reactive[frozenset[str]] = reactive(frozenset())
    """The keys of the nodes that the reader opened or closed."""

    def __init__(self) -> None:
        super().__init__(Pane.MESSAGE)
        self._failure: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        """The tree, the other tabs and the card share one place."""
        yield TreeView(id="tree-lines")
        yield TabView()
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

    def on_mount(self) -> None:
        """Draw the title for the first time."""
        self.draw_title()

    def watch_show_tree(self) -> None:
        """Change between the two."""
        self._draw()
        self.draw_title()

    def watch_tab(self) -> None:
        """Show something else of the exchange."""
        self._draw()
        self.draw_title()

    def watch_toggled(self) -> None:
        """Draw the tree again."""
        self._draw()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the list knows its size
        """Wrap the card for another width, and name as many tabs as there is room for."""
        self._draw()
        self.draw_title()

    @property
    def explains(self) -> bool:
        """Whether the card is shown."""
        return self.view.explained_here and not self.show_tree

    @property
    def shows_alarm(self) -> bool:
        """Whether it is the exception that is shown."""
        return self.explains

    @property
    def help_topic(self) -> str:
        """What help is about: the tab that is shown, or the card."""
        return "card" if self.explains else f"message-{self.tab.value}"

    def list_in_front(self) -> LineView:
        """Give the list that can have the focus."""
        tab = "#tree-lines" if self.tab is MessageTab.TREE else "#tab-lines"
        return self.query_one("#card-lines" if self.explains else tab, LineView)

    def turn(self, by: int) -> None:
        """Go through the tabs; the card of an exception is one of them while there is one."""
        leaves: list[MessageTab | None] = [*([None] if self.view.explained_here else []), *MessageTab]
        shown = None if self.explains else self.tab
        self.show_tab(leaves[(leaves.index(shown) + by) % len(leaves)])

    def show_tab(self, tab: MessageTab | None) -> None:
        """Show a tab; None for the card of the exception."""
        if tab is not None:
            self.tab = tab
        self.show_tree = tab is not None

    def title_extra(self) -> Content:
        """Name the tabs of this pane. A click on one shows it."""
        taken = sum(len(self._tab(pane).plain) + 2 for pane in self.tabs or (self.pane,))
        key = keys_of(self.screen, BY_ID["message_tab"], only_first=True)
        extra = Content("")
        shown = None if self.explains else self.tab
        for label in tab_labels(shown, key, self.size.width - taken - 2):
            text = styled(label.piece.text, label.piece.role)
            if label.tab is not None:
                text = text.stylize(Style.from_meta({"@click": f"screen.message_show('{label.tab.value}')"}))
            extra = extra.append(text)
        return extra

    def _draw(self) -> None:
        tree = self.query_one("#tree-lines", LineView)
        card = self.query_one("#card-lines", LineView)
        moment = self.view.moment
        error = moment.failure
        self._bring_to_front(self.list_in_front(), tree, card, self.query_one(TabView))
        if error is not None:
            width = card.scrollable_content_region.width or self.size.width
            text = CardText(moment, error, width, key_names_of(self), failed_connection(self.view))
            card.source = FixedLines(text.lines())
        connection, exchange = self.view.connection, self.view.exchange
        if connection is None or exchange is None:
            tree.show_cursor = False
            tree.source = FixedLines(empty_lines(Pane.MESSAGE, self.view, key_names_of(self)))
            return
        tree.show_cursor = True
        tree.source = TreeLines(list(rows(exchange_nodes(connection, exchange), self.toggled)))

    def _bring_to_front(self, front: LineView, *lists: LineView) -> None:
        focused = any(one.has_focus for one in lists)
        for one in lists:
            one.display = one is front
        if focused:
            front.focus(scroll_visible=False)
        if isinstance(front, TabView):
            front.tab = self.tab
            front.view = self.view

    @on(LineView.Pointed, "#tab-lines")
    def _line_pointed(self, event: LineView.Pointed) -> None:
        index = self.query_one(TabView).entry_at(event.number)
        if index is not None:
            self.post_message(EntryChosen(index, Pane.MESSAGE))

    @on(TabView.Followed)
    def _line_followed(self, event: TabView.Followed) -> None:
        self.post_message(EntryChosen(event.index, Pane.MESSAGE))
        self.post_message(PaneRequested(Pane.WIRE))

    @on(LineView.Chosen, "#tree-lines")
    def _toggle(self, event: LineView.Chosen) -> None:
        source = event.view.source
        if isinstance(source, TreeLines) and source.rows[event.number].node.children is not None:
            self.toggled = self.toggled ^ {source.rows[event.number].node.key}

    def show_entry(self, index: int) -> None:
        """Go to the node that tells of an entry, opening what it lies in."""
        self.query_one(TabView).show_entry(index)
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
