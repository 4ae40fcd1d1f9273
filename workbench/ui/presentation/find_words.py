"""What the find bar says: how many were found, what is wrong with a query, which keys go on."""

from workbench.ui.presentation.empty import way_on
from workbench.ui.presentation.find_query import WrongQuery
from workbench.ui.presentation.find_search import MOST_HITS, Search
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.view import View

PLACEHOLDER = r"text, hex:0d 0a, or re:\d+"


def typing_line(keys: KeyNames) -> Line:
    """Say what one can do while the query is typed."""
    enter = (Piece("Enter", Role.KEY), Piece(" finds  ", Role.DIM))
    return (*enter, *key_pieces("{find-earlier} {find-later} earlier ones  {back} closes", keys))


def wrong_line(error: WrongQuery) -> Line:
    """Point at the character that is wrong, from the line below."""
    return (Piece(" " * error.column), Piece("▲ ", Role.ERROR), Piece(error.words, Role.ERROR))


def nothing_line(view: View, keys: KeyNames) -> Line:
    """Say that there are no bytes yet, and how to get some."""
    return (Piece("There are no bytes to search yet. ", Role.WARNING), *way_on(view, keys))


def slow_line() -> Line:
    """Say that an expression was given up."""
    return (
        Piece(
            "The expression takes too long here: nested repeats such as (a+)+ can take for ever", Role.ERROR
        ),
    )


def found_line(search: Search, number: int, *, keys: KeyNames, stale: bool) -> Line:
    """Say which of how many hits it is.

    Args:
        search: It may still go on.
        number: Of the hit that the reader is at, in the order in which they were found.
        keys: Those of the user.
        stale: Whether bytes have come that were not searched.
    """
    go_on = "{find_next} next  {find_next-back} previous  " if search.hits else ""
    more = (Piece("  new bytes came: search again", Role.WARNING),) if stale else ()
    return (_count(search, number), *more, Piece("  "), *key_pieces(f"{go_on}{{back}} closes", keys))


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
