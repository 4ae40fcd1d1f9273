"""The state rail, drawn from the table of the states that the client keeps to."""

from workbench.protocol.wire.state import TRANSITIONS, State, Transition, error_for, legal_calls, title
from workbench.ui.presentation.piece import Line, Piece, Role, cut, width_of

SHORTCUTS = frozenset({"request", "close"})
"""Calls that stand for several others, or that are always there: not a way along the rail."""


def _chain(start: State, known: frozenset[State]) -> tuple[Transition, ...]:
    """Follow the table from a state through new ones, until it leads home or to a state drawn before.

    Args:
        start: Where to begin.
        known: The states of the chains drawn before.
    """
    rows: list[Transition] = []
    seen = {start}
    state = start
    while True:
        ways = [
            row
            for row in TRANSITIONS
            if row.before is state and row.after is not state and row.call not in SHORTCUTS
        ]
        home = [way for way in ways if way.after is start]
        new = [way for way in ways if way.after not in known | seen]
        row = (home + new + ways)[0]
        rows.append(row)
        if row.after in known | seen:
            return tuple(rows)
        seen.add(row.after)
        state = row.after


def _branch(chain: tuple[Transition, ...]) -> State:
    """Find the first state of a chain that leads to one beside it."""
    known = {row.before for row in chain}
    return next(
        row.before
        for row in TRANSITIONS
        if row.before in known and row.after not in known and row.call not in SHORTCUTS
    )


MAIN_CHAIN = _chain(State.IDLE, frozenset())
"""One exchange after the other."""

SECOND_CHAIN = _chain(_branch(MAIN_CHAIN), frozenset(row.before for row in MAIN_CHAIN))
"""Another request begins while a response is unread."""

CALLS = tuple(dict.fromkeys(row.call for row in TRANSITIONS))
"""Every call of the table, once."""


def rail_lines(state: State, width: int, full: bool, *, shut_down: bool = False) -> tuple[Line, ...]:
    """Draw the rail.

    Args:
        state: The logical state of the connection.
        width: In cells.
        full: All six states, and the calls in a line of their own; else one line.
        shut_down: Whether no call leads on any more.
    """
    if not full:
        here = (*_lit(state), Piece(" "))
        return (cut((*here, *call_words(state, width - width_of(here), shut_down)), width),)
    main = frozenset(row.before for row in MAIN_CHAIN)
    return (
        cut(_way(MAIN_CHAIN, state, frozenset(), shut_down), width),
        cut(_way(SECOND_CHAIN, state, main, shut_down), width),
        cut(call_words(state, width, shut_down), width),
    )


def _way(chain: tuple[Transition, ...], state: State, drawn: frozenset[State], shut_down: bool) -> Line:
    """Draw one chain. A state is lit where it is drawn first, so that only one place is lit."""
    pieces = [*_box(chain[0].before, state, drawn)]
    drawn |= {chain[0].before}
    for row in chain:
        pieces.append(Piece(f"─{row.call}▸", Role.KEY if row.before is state and not shut_down else Role.DIM))
        pieces.extend(_box(row.after, state, drawn))
        drawn |= {row.after}
    return tuple(pieces)


def _box(state: State, current: State, drawn: frozenset[State]) -> Line:
    if state in drawn:
        return (Piece(f" {title(state)} ", Role.DIM),)
    return _lit(state) if state is current else (Piece(f" {title(state)} "),)


def _lit(state: State) -> Line:
    # The marks on both sides tell it without colour too.
    return (Piece("▐", Role.KEY), Piece(title(state), Role.LIT), Piece("▌", Role.KEY))


def legal_now(state: State, shut_down: bool) -> str:
    """List the calls that are legal: in a state, or on a connection that an abort has shut down."""
    return "close" if shut_down else ", ".join(legal_calls(state))


def call_words(state: State, width: int, shut_down: bool = False) -> Line:
    """Name the calls that are legal in a state, and what the others would raise.

    Args:
        state: The logical state of the connection.
        width: In cells. An exception whose calls do not fit is left out, because half of them would mislead,
            and "…" stands for it.
        shut_down: Whether the connection is, whatever its state.
    """
    line: Line = (Piece(" legal now: ", Role.DIM), Piece(legal_now(state, shut_down), Role.GOOD))
    if shut_down:
        return (*line, Piece("   connection shut down", Role.WARNING))
    raising: dict[str, list[str]] = {}
    for call in CALLS:
        error = error_for(state, call)
        if error:
            raising.setdefault(error, []).append(call)
    separator, more = "   would raise: ", Piece(" …", Role.DIM)
    for number, (error, calls) in enumerate(raising.items(), 1):
        longer = (*line, Piece(f"{separator}{error} ({', '.join(calls)})", Role.DIM))
        if width_of(longer if number == len(raising) else (*longer, more)) > width:
            return (*line, more) if number > 1 else line
        line, separator = longer, " · "
    return line
