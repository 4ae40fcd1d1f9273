"""The list of breakpoints: each with its text form and where it stops, and help for typing another."""

from collections.abc import Sequence

from workbench.session.breakpoint import (
    Breakpoint,
    BytesBreakpoint,
    EventBreakpoint,
    ExceptionBreakpoint,
    HeaderBreakpoint,
    LineBreakpoint,
    StateBreakpoint,
)
from workbench.session.breakpoint_text import EXAMPLES, BreakpointError, suggest_breakpoints
from workbench.session.breakpoints import PlacedBreakpoint
from workbench.session.moment import Moment
from workbench.session.script_file import plain_text
from workbench.session.visible import visible
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, width_of, wrapped

TEXT_WIDTH = 28
"""Room for the text form of most of them."""

ENABLED_MARK = Piece("●", Role.ERROR)
DISABLED_MARK = Piece("○", Role.ERROR)

BETWEEN = " · "


def breakpoint_line(placed: PlacedBreakpoint, source: str) -> Line:
    """Make the line of one of them: mark, text form, and where it stops."""
    text = str(placed.breakpoint)
    return (
        Piece(" "),
        ENABLED_MARK if placed.enabled else DISABLED_MARK,
        Piece(f" {text:<{TEXT_WIDTH}}", Role.STRONG if placed.enabled else Role.DIM),
        *(() if placed.enabled else (Piece(" off:", Role.WARNING),)),
        Piece(f" {visible(where_it_stops(placed.breakpoint, source))}", Role.DIM),
    )


def where_it_stops(breakpoint_: Breakpoint, source: str) -> str:
    """Say in words where a breakpoint stops a run.

    Args:
        breakpoint_: Of any kind.
        source: The text of the script.
    """
    match breakpoint_:
        case LineBreakpoint(line=line):
            lines = plain_text(source).split("\n")
            return (
                f"before {lines[line - 1].strip()}" if line <= len(lines) else "the script has no such line"
            )
        case EventBreakpoint():
            return "at each of these events"
        case HeaderBreakpoint():
            return "at such field lines, sent or received"
        case StateBreakpoint():
            return "when the connection enters it"
        case ExceptionBreakpoint():
            return "when a call raises it, or a subclass"
        case BytesBreakpoint(direction=direction):
            return f"when so many bytes of the run are {direction}"
    return ""


def no_breakpoints() -> tuple[Line, ...]:
    """Say what to do where there is none yet."""
    return (
        EMPTY,
        (Piece("  There is no breakpoint yet. Type where to stop, below; Enter adds it.", Role.DIM),),
    )


def field_names_met(moment: Moment) -> list[str]:
    """List the names of the field lines of the last exchange, the newest first."""
    exchange = moment.exchange
    if exchange is None:
        return []
    response = exchange.response
    received = [fact.event.name for fact in response.header_section] if response else []
    sent = [fact.event.name for fact in exchange.request_header_section]
    return list(dict.fromkeys([*received, *sent]))


def suggestion_lines(text: str, header_names: Sequence[str], width: int, height: int) -> tuple[Line, ...]:
    """List what may be typed, one text behind the other.

    Args:
        text: What was typed so far.
        header_names: Names of field lines that the session has met.
        width: In cells.
        height: How many lines there is room for.
    """
    first = "for example" if not text.strip() else "it may become"
    found = suggest_breakpoints(text, header_names) if text.strip() else list(EXAMPLES)
    found = [one for one in found if one.lower() != text.strip().lower()]
    if not found:
        return ()
    lines: list[Line] = [(Piece(f"{first}: ", Role.DIM),)]
    for number, one in enumerate(found):
        gap = BETWEEN if number else ""
        if width_of(lines[-1]) + len(gap) + len(one) > width:
            if len(lines) == height:
                lines[-1] = (*lines[-1], Piece(" …", Role.DIM))
                break
            lines.append(())
            gap = ""
        lines[-1] = (*lines[-1], Piece(gap, Role.DIM), Piece(one))
    return tuple(lines)


def wrong_lines(error: BreakpointError, width: int) -> tuple[Line, ...]:
    """Say what is wrong with a text, and what was perhaps meant."""
    words = [(Piece(line, Role.ERROR),) for line in wrapped(visible(f"✗ {error}"), width)]
    hint = [(Piece(visible(error.hint), Role.STRONG),)] if error.hint else []
    return (*words, *hint)
