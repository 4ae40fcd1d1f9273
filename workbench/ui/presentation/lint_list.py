"""What is wrong, or worth a look: our own diagnostics, and httplint's notes where it is installed.

Every row knows the bytes that it is about, so that Enter can go there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.protocol import tap
from workbench.protocol.wire.diagnostics import Severity
from workbench.protocol.wire.span import Span
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.facts import Fact
from workbench.session.httplint_notes import (
    HOW_TO_GET_HTTPLINT,
    LintNote,
    httplint_is_installed,
    httplint_notes,
)
from workbench.session.visible import visible
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, width_of, wrapped
from workbench.ui.presentation.quantity import counted
from workbench.ui.presentation.wire_text import text_pieces

MOST_FINDINGS = 200
MOST_BYTES = 48
"""Bytes of one finding that are shown."""

LEVEL_WIDTH = len("warning  ")

_SEVERITIES = {
    Severity.ERROR: Piece(f"{'error':<{LEVEL_WIDTH}}", Role.ERROR),
    Severity.WARNING: Piece(f"{'warning':<{LEVEL_WIDTH}}", Role.WARNING),
    Severity.INFO: Piece(f"{'info':<{LEVEL_WIDTH}}", Role.DIM),
}

_LEVELS = {
    "bad": Piece(f"{'bad':<{LEVEL_WIDTH}}", Role.ERROR),
    "warning": Piece(f"{'warning':<{LEVEL_WIDTH}}", Role.WARNING),
    "info": Piece(f"{'info':<{LEVEL_WIDTH}}", Role.DIM),
    "good": Piece(f"{'good':<{LEVEL_WIDTH}}", Role.GOOD),
}


@dataclass(frozen=True, slots=True)
class LintRow:
    """One row."""

    line: Line
    index: int | None = None
    """The index of the entry that it is about."""

    span: Span | None = None
    """The bytes that it is about, where they are known better than by the entry."""


def lint_rows(
    connection: ConnectionMoment, exchange: ExchangeMoment, width: int, keys: KeyNames
) -> list[LintRow]:
    """List everything.

    Args:
        connection: Where the bytes are.
        exchange: What was found in it.
        width: The cells of a line.
        keys: Those of the user.
    """
    found = exchange.diagnostics
    rows = [LintRow((Piece("workbench", Role.HEADING), *_count(len(found), keys)))]
    for fact in found[:MOST_FINDINGS]:
        rows.extend(_diagnostic(connection, fact, width))
    if len(found) > MOST_FINDINGS:
        rows.append(LintRow((Piece(f"… {len(found) - MOST_FINDINGS} more in the event list", Role.DIM),)))
    return [*rows, LintRow(EMPTY), *_from_httplint(connection, exchange, width)]


def _count(number: int, keys: KeyNames) -> Line:
    words = (
        f"  {counted(number, 'finding')}; {{tab-follow}} goes to the bytes" if number else "  nothing found"
    )
    return key_pieces(words, keys)


def _diagnostic(
    connection: ConnectionMoment, fact: Fact[tap.DiagnosticFound], width: int
) -> Iterator[LintRow]:
    event = fact.event
    level = _SEVERITIES[event.severity]
    first = (
        level,
        Piece(str(event.code), Role.STRONG),
        Piece(f"  {event.action} · {event.section}", Role.DIM),
    )
    yield LintRow(first, fact.index, event.span)
    for text in wrapped(visible(event.words), max(20, width - LEVEL_WIDTH)):
        yield LintRow((Piece(" " * LEVEL_WIDTH), Piece(text)), fact.index, event.span)
    span = event.span
    data = connection.bytes(span.stream, span.start, min(span.end, span.start + MOST_BYTES))
    if data:
        where = Piece(f"{' ' * LEVEL_WIDTH}{span.stream} {span.start}  ", Role.DIM)
        more = (Piece("…", Role.DIM),) if len(span) > MOST_BYTES else ()
        yield LintRow((where, *text_pieces(data, Role.MALFORMED), *more), fact.index, span)


def _from_httplint(connection: ConnectionMoment, exchange: ExchangeMoment, width: int) -> Iterator[LintRow]:
    name = Piece("httplint", Role.HEADING)
    if not httplint_is_installed():
        how = (Piece("  is not installed: ", Role.DIM), Piece(HOW_TO_GET_HTTPLINT, Role.KEY))
        yield LintRow((name, *how))
        return
    try:
        notes = httplint_notes(connection, exchange)
    except Exception as error:  # noqa: BLE001 - what a peer sent may find any fault in somebody else's parser
        words = f"  failed: {type(error).__name__}: {visible(str(error))}"
        yield LintRow((name, Piece(words, Role.ERROR)))
        return
    yield LintRow((name, Piece(f"  {counted(len(notes), 'note')}", Role.DIM)))
    for note in notes[:MOST_FINDINGS]:
        yield from _note(note, width)


def _note(note: LintNote, width: int) -> Iterator[LintRow]:
    level = _LEVELS.get(note.level, _LEVELS["info"])
    texts = wrapped(visible(note.summary), max(20, width - LEVEL_WIDTH))
    about = Piece(f"{note.message} · {note.category}", Role.DIM)
    indent = Piece(" " * LEVEL_WIDTH)
    for number, text in enumerate(texts[:-1]):
        yield LintRow((level if number == 0 else indent, Piece(text)), note.index)
    last = (level if len(texts) == 1 else indent, Piece(texts[-1]))
    beside = (*last, Piece("  "), about)
    if width_of(beside) <= width:
        yield LintRow(beside, note.index)
    else:
        yield LintRow(last, note.index)
        yield LintRow((indent, about), note.index)
