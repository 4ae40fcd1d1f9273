"""The way to the node of an entry, through nodes that may be closed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.ui.presentation.message_tree import Node


class TreePath(NamedTuple):
    """A node, and those that it lies in, the outermost first."""

    around: tuple[Node, ...]
    node: Node


def path_to_entry(roots: Sequence[Node], index: int) -> TreePath | None:
    """Find the node that tells of an entry.

    Args:
        roots: The tree.
        index: Of the entry.

    Returns:
        The innermost node of that entry. An entry without one, such as the end of a chunk, is told
        of by the last node before it. None for an entry before the whole tree.
    """
    best: TreePath | None = None
    for path in _walk(roots, ()):
        found = path.node.index
        if found is None or found > index:
            continue
        # Among nodes of one entry the later one lies deeper: a list begins with its first item.
        if best is None or best.node.index is None or found >= best.node.index:
            best = path
    return best


def keys_to_open(path: TreePath, toggled: frozenset[str]) -> frozenset[str]:
    """Say which nodes around it have to be toggled for a node to be seen."""
    return frozenset(node.key for node in path.around if node.open is (node.key in toggled))


def _walk(nodes: Sequence[Node], around: tuple[Node, ...]) -> Iterator[TreePath]:
    for node in nodes:
        yield TreePath(around, node)
        if node.children is not None:
            yield from _walk(node.children(), (*around, node))
