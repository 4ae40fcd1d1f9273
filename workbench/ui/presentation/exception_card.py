"""The exception card: what was raised, what was expected and where, and what is possible now."""

from collections.abc import Iterator

from workbench.protocol.tap import ErrorFact
from workbench.protocol.wire.state import State, title
from workbench.session.connection_moment import INTERRUPTED
from workbench.session.moment import Moment
from workbench.session.remedies import FAULTS, remedy_for, words_now
from workbench.session.script_file import plain_text
from workbench.session.visible import visible
from workbench.ui.presentation.fault import find_fault
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, Tone, wrapped
from workbench.ui.presentation.quantity import bytes_words
from workbench.ui.presentation.state_rail import legal_now
from workbench.ui.presentation.wire_text import text_of, text_pieces

LABEL_WIDTH = 14
CONTEXT = 24
"""Bytes shown before and after the offending ones."""

MOST_OFFENDING = 64
MOST_KEPT = 60

ABORTED = "The connection was shut down, so this call cannot be taken up again; a restart makes a new one"
"""What a person can do after an abort."""

ABORTED_BEFORE = (
    "An earlier call on this connection was aborted, which shut it down; a restart makes a new connection"
)
"""What a person can do where no class of exceptions tells the reason."""

OUT_OF_TURN = {
    "CannotSendRequest": "No request can begin in the state {state}",
    "CannotSendHeader": "Nothing can be added to the head of a request in the state {state}",
    "ResponseNotReady": "No response can be had in the state {state}",
}
"""Why a call is refused that comes in the wrong order. http.client gives the name of the state, or nothing at all."""


class CardText:
    """The lines of a card.

    Args:
        moment: At which the exception was raised, or a later one.
        error: The exception.
        width: In cells.
        keys: Those of the user.
        connection: Which connection it was raised on, in words; empty where there is only one.
    """

    def __init__(
        self, moment: Moment, error: ErrorFact, width: int, keys: KeyNames, connection: str = ""
    ) -> None:
        self._moment = moment
        self._connection = connection
        self._error = error
        self._width = max(20, width)
        self._keys = keys

    def lines(self) -> tuple[Line, ...]:
        """Make all lines."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[Line]:
        outcome = self._moment.last_outcome
        aborted = outcome is not None and outcome.kind == "aborted"
        yield from self._abort_heading() if aborted else self._heading()
        yield from self._place()
        yield EMPTY
        yield from self._bytes()
        yield from self._kept()
        if aborted:
            yield from self._kept_by_abort()
        yield from self._attributes()
        yield from self._aftermath(with_reason=not aborted)
        yield EMPTY
        before = not aborted and self._aborted_before()
        now = ABORTED if aborted else ABORTED_BEFORE if before else self._now()
        if now:
            yield from self._part("what now", now)
        if not aborted and not before:
            yield from self._hints()
        ways = "{restart} restarts · {call_line} types a call · {pane-message} shows the message"
        yield (Piece(" " * LABEL_WIDTH), *key_pieces(ways, self._keys))

    def _heading(self) -> Iterator[Line]:
        error = self._error
        yield (Piece(f"✗ {visible(error.class_name)}", Role.ERROR),)
        lineage = " › ".join(error.lineage[1:])
        if lineage:
            yield from self._part("is a", lineage, Role.DIM)
        yield from self._part("because", self._reason() or "it gives no message", Role.STRONG)

    def _reason(self) -> str:
        """Say why, in words: also where the exception has nothing but the state to say."""
        words, connection = OUT_OF_TURN.get(self._error.class_name), self._moment.connection
        if words is None or connection is None:
            return self._error.message
        # Not the state of the message: there an unread response counts as Idle.
        return words.format(state=title(State(connection.state)))

    def _abort_heading(self) -> Iterator[Line]:
        error = self._error
        yield (Piece("✗ You aborted this call", Role.WARNING),)
        yield from self._part("so it raised", " › ".join(error.lineage), Role.DIM)
        if error.message != INTERRUPTED:
            yield from self._part("because", error.message, Role.STRONG)

    def _part(self, name: str, words: str, role: Role = Role.PLAIN) -> Iterator[Line]:
        """Give a label with words beside it, on as many lines as they take."""
        room = self._width - LABEL_WIDTH - 1
        for number, text in enumerate(wrapped(visible(words), room)):
            yield (Piece(f"{name if number == 0 else '':<{LABEL_WIDTH}}", Role.DIM), Piece(text, role))

    def _place(self) -> Iterator[Line]:
        outcome = self._moment.last_outcome
        if outcome is None:
            return
        source = plain_text(self._moment.script_source).split("\n")
        code = source[outcome.line - 1].strip() if 0 < outcome.line <= len(source) else ""
        yield from self._part("in line", f"{outcome.line}: {code}")
        if self._connection:
            yield from self._part("on", f"connection {self._connection}")
        connection = self._moment.connection
        if "OSError" not in self._error.lineage or connection is None or connection.target is None:
            return
        if connection.record.last_index >= outcome.first_index:
            host, port = connection.target
            yield from self._part("with", f"{host} port {port}")

    def _bytes(self) -> Iterator[Line]:
        connection = self._moment.connection
        fault = find_fault(self._moment, self._error)
        if connection is None or fault is None:
            return
        stream, start, end, section, _ = fault
        arrow = "←" if stream == "received" else "→"
        first = max(0, start - CONTEXT)
        data = connection.bytes(stream, first, min(end, start + MOST_OFFENDING) + CONTEXT)
        before = start - first
        size = min(end, start + MOST_OFFENDING) - start
        where = f"{stream} {arrow} offset {start}"
        words = f"{where}, {bytes_words(end - start)}" if end > start else f"{where}: nothing more came"
        yield from self._part("where", f"{words}; {section}" if section else words)
        yield (
            Piece(" " * LABEL_WIDTH),
            *((Piece("…", Role.DIM),) if first else ()),
            *text_pieces(data[:before], Role.DIM),
            *text_pieces(data[before : before + size], Role.MALFORMED, Tone.OFFENDING),
            *text_pieces(data[before + size :], Role.DIM),
        )
        if size and not data[before : before + size].decode("ascii", "replace").isprintable():
            shown = data[before : before + min(size, 16)].hex(" ")
            yield from self._part("as hex", shown + (" …" if size > 16 else ""), Role.MALFORMED)

    def _kept(self) -> Iterator[Line]:
        partial = self._error.partial
        if partial is None:
            return
        shown = text_of(partial[:MOST_KEPT]) + ("…" if len(partial) > MOST_KEPT else "")
        yield from self._part("kept", f"{bytes_words(len(partial))} of content: {shown}", Role.CONTENT)

    def _kept_by_abort(self) -> Iterator[Line]:
        connection = self._moment.connection
        if connection is not None:
            sent, received = bytes_words(connection.sent_length), bytes_words(connection.received_length)
            yield from self._part("kept", f"{sent} sent and {received} received stay in all panes")

    def _attributes(self) -> Iterator[Line]:
        error = self._error
        for name, value in error.attributes:
            # What the message says already would only be said again, and what is not the case says nothing.
            said = value.strip("'\"") in error.message or value in ("False", "None")
            if name != "partial" and not said:
                yield from self._part(f".{visible(name)}"[: LABEL_WIDTH - 1], value, Role.VALUE)

    def _aftermath(self, *, with_reason: bool) -> Iterator[Line]:
        connection = self._moment.connection
        if connection is None:
            return
        state = State(connection.state)
        closed, shut_down = connection.closed_reason, connection.shut_down_at is not None
        words = title(state)
        if shut_down:
            words += ", connection shut down"
        if closed is not None:
            words += f", connection closed: {closed}" if closed and with_reason else ", connection closed"
        yield from self._part("left in", words, Role.STRONG)
        yield from self._part("legal now", legal_now(state, shut_down), Role.GOOD)

    def _aborted_before(self) -> bool:
        """Say whether it is an earlier call that is to blame: that one was aborted."""
        connection, outcome = self._moment.connection, self._moment.last_outcome
        at = connection.shut_down_at if connection is not None else None
        return (
            self._error.message == INTERRUPTED
            and at is not None
            and outcome is not None
            and at < outcome.first_index
        )

    def _now(self) -> str:
        connection = self._moment.connection
        host, port = (connection.target if connection else None) or ("", 0)
        return words_now(
            self._error.lineage, f"{host} port {port}" if host else "", switched=self._is_switched()
        )

    def _is_switched(self) -> bool:
        connection = self._moment.connection
        return connection is not None and connection.switched

    def _hints(self) -> Iterator[Line]:
        """Say how to see it again, and how not to. What a diagnostic knows is closer than what a class knows."""
        fault = find_fault(self._moment, self._error)
        remedy = remedy_for(self._error.lineage, switched=self._is_switched())
        known = FAULTS.get(fault.code) if fault is not None else None
        scenario = known.scenario if known else remedy.scenario if remedy else ""
        if scenario:
            yield from self._part(
                "again", f"{scenario} of the lab: {self._keys('lab')} finds it, or workbench --lab {scenario}"
            )
        elif remedy is not None:
            yield from self._part("again", remedy.again)
        if known is not None:
            yield from self._part("avoid", known.avoid)
        elif remedy is not None:
            yield from self._part("avoid", remedy.avoid)
