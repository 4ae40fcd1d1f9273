"""What the find bar says: how many were found, what is wrong with a query, which keys go on."""

from workbench.ui.presentation.find_query import WrongQuery
from workbench.ui.presentation.find_search import MOST_HITS, Search
from workbench.ui.presentation.piece import Line, Piece, Role

PLACEHOLDER = r"text, hex:0d 0a, or re:\d+"


def typing_line() -> Line:
    """Say what one can do while the query is typed."""
    return (
        Piece("Enter", Role.KEY),
        Piece(" finds  ", Role.DIM),
        Piece("↑ ↓", Role.KEY),
        Piece(" earlier ones  ", Role.DIM),
        Piece("Esc", Role.KEY),
        Piece(" closes", Role.DIM),
    )


def wrong_line(error: WrongQuery) -> Line:
    """Point at the character that is wrong, from the line below."""
    return (Piece(" " * error.column), Piece("▲ ", Role.ERROR), Piece(error.words, Role.ERROR))


def nothing_line() -> Line:
    """Say that there are no bytes yet."""
    return (Piece("There are no bytes to search yet", Role.WARNING),)


def slow_line() -> Line:
    """Say that an expression was given up."""
    return (
        Piece(
            "The expression takes too long here: nested repeats such as (a+)+ can take for ever", Role.ERROR
        ),
    )


def found_line(search: Search, number: int, *, keys: tuple[str, str], stale: bool) -> Line:
    """Say which of how many hits it is.

    Args:
        search: It may still go on.
        number: Of the hit that the reader is at, in the order in which they were found.
        keys: Those for the next hit and the one before.
        stale: Whether bytes have come that were not searched.
    """
    following, before = keys
    go_on = (
        Piece(following, Role.KEY),
        Piece(" next  ", Role.DIM),
        Piece(before, Role.KEY),
        Piece(" previous  ", Role.DIM),
        Piece("Esc", Role.KEY),
        Piece(" closes", Role.DIM),
    )
    more = (Piece("  new bytes came: search again", Role.WARNING),) if stale else ()
    return (_count(search, number), *more, Piece("  "), *(go_on if search.hits else go_on[4:]))


def _count(search: Search, number: int) -> Piece:
    if search.full:
        return Piece(f"the first {MOST_HITS} of many", Role.WARNING)
    if not search.done:
        percent = 100 * search.searched // max(1, search.total)
        found = f"{len(search.hits)} found, " if search.hits else ""
        return Piece(f"{found}searching: {percent} %", Role.STRONG)
    if not search.hits:
        return Piece("not found", Role.WARNING)
    return Piece(f"{search.ordinal(number)} of {len(search.hits)}", Role.STRONG)
