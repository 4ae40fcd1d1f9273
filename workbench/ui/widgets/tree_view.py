"""A list of nodes that open and close."""

from typing import ClassVar

from textual.binding import BindingType

from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.message_tree import TreeRow, row_line
from workbench.ui.presentation.piece import Line
from workbench.ui.widgets.line_view import LineView


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
    """Draws a tree."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("tree")

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
