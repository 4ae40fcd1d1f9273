"""The title bar: what is loaded, where it goes, which exchange this is, and is the connection kept."""

from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.visible import visible
from workbench.ui.presentation.connection_words import condition
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, cut, joined, spread, width_of
from workbench.ui.view import View

GAP = Piece("   ")


def title_line(view: View, width: int, past: Line = EMPTY) -> Line:
    """Make the title bar.

    Args:
        view: What is shown.
        width: In cells. What does not fit is left out from the right.
        past: What says that it is not the present; it takes the first place.
    """
    brand = past or (Piece("workbench", Role.HEADING),)
    connection, exchange = view.connection, view.exchange
    what: Line = (Piece(visible(view.name), Role.STRONG),)
    if view.policy:
        # What is raised depends on it, and the script does not say so.
        what = (*what, Piece(f" · {view.policy} policy", Role.WARNING))
    where = [(Piece(visible(view.origin), Role.TARGET),)] if view.origin else []
    if view.recorded:
        where = [(Piece(view.recorded, Role.WARNING),)]
    count = [(Piece(_exchange_words(connection, exchange)),)] if connection and exchange else []
    right = (*verdict(connection), Piece(" ")) if connection else ()
    room = width - width_of(right) - 1
    first = [past] if past else []
    choices = (
        [brand, what, *where, *count],
        [*first, what, *where, *count],
        [*first, what, *count],
        [*first, what],
        first or [what],
    )
    lines = [(Piece(" "), *joined(choice, GAP)) for choice in choices]
    # Behind a number there is a whole gap: "exchange 2 of 2 open" would be read as one.
    needed = [
        width_of(line) + (2 if count and choice[-1] is count[0] else 0)
        for choice, line in zip(choices, lines, strict=True)
    ]
    fitting = (line for line, cells in zip(lines, needed, strict=True) if cells <= room)
    left = next(fitting, cut(lines[-1], max(0, room)))
    return spread(left, right, width)


def _exchange_words(connection: ConnectionMoment, exchange: ExchangeMoment) -> str:
    # Those that came later count, too: in the past this says how far back it is.
    count = connection.record.exchanges[-1].number
    return f"exchange {max(1, exchange.number)} of {max(1, count)}"


def verdict(connection: ConnectionMoment) -> Line:
    """Say the version of the last response, and whether the connection is kept."""
    if connection.tunnel_for is not None:
        return (condition(connection),)
    version: list[Piece] = []
    exchange = connection.exchange
    response = exchange.response if exchange else None
    if response and response.status_line:
        version = [Piece(visible(response.status_line.event.http_version)), Piece(" · ", Role.DIM)]
    if connection.tls:
        version.insert(0, Piece(f"{visible(connection.tls.tls_version)} ", Role.GOOD))
    if connection.tunnel_refused:
        return (Piece("tunnel refused", Role.ERROR),)
    if connection.closed_reason is not None:
        return (*version, Piece("closed", Role.WARNING))
    if connection.shut_down_at is not None:
        return (*version, Piece("shut down", Role.WARNING))
    if not connection.open:
        return (*version, Piece("not connected", Role.DIM))
    if response and response.persistence:
        kept = response.persistence.event.persistent
        return (
            *version,
            Piece("kept open", Role.GOOD) if kept else Piece("closes after this", Role.WARNING),
        )
    return (*version, Piece("open", Role.GOOD))
