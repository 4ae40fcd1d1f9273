"""The strip of connections: one tab for each, below the title, where there are several."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from workbench.session.connection_moment import ConnectionMoment
from workbench.ui.presentation.connection_words import condition, label, state_words, where
from workbench.ui.presentation.piece import Line, Piece, Role, width_of
from workbench.ui.view import View


class StripPart(NamedTuple):
    """Some characters of the strip."""

    piece: Piece
    connection: int | None = None
    """The number of the connection that a click on them chooses; None for what is no tab."""


def strip_parts(view: View, key: str, back: str, width: int) -> list[StripPart]:
    """Draw the strip.

    Args:
        view: What is shown.
        key: The user's key that lists the connections.
        back: The user's key that ends a choice.
        width: In cells. Where not all tabs fit, those around the one that is shown stay.
    """
    connections = view.moment.connections
    shown = view.connection
    here = next((at for at, one in enumerate(connections) if shown and one.number == shown.number), 0)
    hint: Line = (Piece(" "), Piece(key, Role.KEY), Piece(" connections ", Role.DIM))
    if view.chosen:
        follows = (Piece(back, Role.KEY), Piece(" follows  ", Role.DIM))
        hint = (Piece(" chosen: ", Role.WARNING), *follows, *hint[1:])
    room = width - width_of(hint)
    fitting = (_all(view, connections, words, room) for words in _WORDS)
    parts = next((tabs for tabs in fitting if tabs is not None), None)
    if parts is None:
        parts = _around(view, connections, here, room)
    gap = room - width_of(part.piece for part in parts)
    return [*parts, StripPart(Piece(" " * max(0, gap))), *map(StripPart, hint)]


def _how(connection: ConnectionMoment) -> str:
    """Say how a connection stands: its state, unless it is over or the talk of a CONNECT."""
    over = connection.closed_reason is not None or connection.tunnel_refused
    over = over or connection.tunnel_for is not None or connection.shut_down_at is not None
    return condition(connection).text if over else state_words(connection)


def _full(view: View, connection: ConnectionMoment) -> str:
    place = where(view.recording, connection)
    return " ".join(filter(None, (label(view.recording, connection), place, _how(connection))))


def _short(view: View, connection: ConnectionMoment) -> str:
    return f"{label(view.recording, connection)} {_how(connection)}"


def _shortest(view: View, connection: ConnectionMoment) -> str:
    return label(view.recording, connection)


_WORDS: tuple[Callable[[View, ConnectionMoment], str], ...] = (_full, _short, _shortest)
"""What a tab says: the first for which there is room."""

MOST_MEASURED = 40
"""Tabs that are tried for fitting. More never fit."""


def _all(
    view: View,
    connections: Sequence[ConnectionMoment],
    words: Callable[[View, ConnectionMoment], str],
    room: int,
) -> list[StripPart] | None:
    """Make a tab for each connection; None when they do not fit."""
    if len(connections) > MOST_MEASURED:
        return None
    parts = [part for one in connections for part in _tab(view, one, words(view, one))]
    return parts if width_of(part.piece for part in parts) <= room else None


def _around(view: View, connections: Sequence[ConnectionMoment], here: int, room: int) -> list[StripPart]:
    """Make the tabs that fit around the one that is shown, and say how many others there are."""
    first, last = here, here
    tabs = {here: _tab(view, connections[here], _short(view, connections[here]))}
    free = room - len("‹99999 99999›") - _width(tabs[here])
    while first > 0 or last < len(connections) - 1:
        following = last + 1 if last < len(connections) - 1 and last - here <= here - first else first - 1
        if following < 0:
            following = last + 1
        tab = _tab(view, connections[following], _shortest(view, connections[following]))
        free -= _width(tab)
        if free < 0:
            break
        tabs[following] = tab
        first, last = min(first, following), max(last, following)
    before, after = first, len(connections) - 1 - last
    return [
        *([StripPart(Piece(f"‹{before} ", Role.DIM), connections[first - 1].number)] if before else []),
        *(part for at in sorted(tabs) for part in tabs[at]),
        *([StripPart(Piece(f" {after}›", Role.DIM), connections[last + 1].number)] if after else []),
    ]


def _tab(view: View, connection: ConnectionMoment, words: str) -> list[StripPart]:
    shown = view.connection
    number = connection.number
    pieces: Line = (Piece(f" {words} ", Role.DIM),)
    if shown is not None and shown.number == number:
        # The marks on both sides tell it without colour too.
        pieces = (Piece("▐", Role.KEY), Piece(words, Role.LIT), Piece("▌", Role.KEY))
    return [StripPart(piece, number) for piece in pieces]


def _width(parts: Sequence[StripPart]) -> int:
    return width_of(part.piece for part in parts)
