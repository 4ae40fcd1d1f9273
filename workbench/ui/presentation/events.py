"""One line for each event of a recording: when, which way, what, and its words."""

from collections.abc import Callable
from typing import Any

from workbench.protocol import tap
from workbench.session import events as session_events
from workbench.session.visible import visible
from workbench.ui.presentation.peer_words import peer_words
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.quantity import bytes_words, milliseconds
from workbench.ui.presentation.values import value_words

Words = Callable[[Any], Line]

SENT = Piece("→", Role.SENT)
RECEIVED = Piece("←", Role.RECEIVED)
HERE = Piece("·", Role.DIM)
CALL = Piece("▸", Role.HEADING)
WRONG = Piece("✗", Role.ERROR)
SERVER = Piece("├", Role.DIM)


def words(*parts: str | Piece) -> Line:
    """Put plain words and pieces of another role into one line, with a space between them.

    All of them are made visible here: a peer wrote some, and a file of a colleague may hold any.
    """
    pieces: list[Piece] = []
    for part in parts:
        piece = Piece(part) if isinstance(part, str) else part
        piece = piece._replace(text=visible(piece.text))
        if piece.text:
            pieces.extend((Piece(" "), piece) if pieces else (piece,))
    return tuple(pieces)


def dim(text: str) -> Piece:
    """Give text of secondary weight."""
    return Piece(text, Role.DIM)


def _address(event: Any) -> Piece:
    return Piece(f"{event.address} port {event.port}")


def _error_parts(event: Any) -> Line:
    return (Piece(event.error.class_name, Role.ERROR), Piece(event.error.message))


def _size(event: Any) -> Piece:
    return Piece(bytes_words(len(event.span)))


def _field(event: Any) -> Line:
    return words(
        Piece(event.name, Role.NAME),
        Piece(event.value, Role.VALUE),
        dim("automatic") if getattr(event, "automatic", False) else dim(""),
        dim("trailer") if getattr(event, "section", "") == "trailer" else dim(""),
    )


def _verdict(event: Any) -> Line:
    kept = Piece("kept open", Role.GOOD) if event.persistent else Piece("to be closed", Role.WARNING)
    return words(kept, dim(event.reason))


def _completion_parts(event: Any) -> Line:
    whole = Piece("complete", Role.GOOD) if event.complete else Piece("incomplete", Role.ERROR)
    return (whole, dim(event.reason))


def _count(event: Any) -> Line:
    noun = "field line" if event.field_count == 1 else "field lines"
    return words(f"{event.field_count} {noun}")


DESCRIPTIONS: dict[type, tuple[Piece, Words]] = {
    tap.CallStarted: (CALL, lambda e: words(Piece(f"{e.name.rpartition('.')[2]}({e.arguments})"))),
    tap.CallReturned: (
        CALL,
        lambda e: words(dim(e.name.rpartition(".")[2]), dim("gave"), Piece(value_words(e.result))),
    ),
    tap.CallRaised: (
        WRONG,
        lambda e: words(dim(e.name.rpartition(".")[2]), dim("raised"), *_error_parts(e)),
    ),
    tap.StateChanged: (HERE, lambda e: words(dim(e.before), dim("to"), Piece(e.after, Role.STRONG))),
    tap.HostLookupStarted: (HERE, lambda e: words(Piece(e.host))),
    tap.HostLookupFinished: (
        HERE,
        lambda e: words(Piece(", ".join(e.addresses)), Piece(e.error or "", Role.ERROR)),
    ),
    tap.ConnectStarted: (HERE, lambda e: words(_address(e))),
    tap.Connected: (
        HERE,
        lambda e: words(_address(e), dim(f"from port {e.local_port}")),
    ),
    tap.ConnectFailed: (WRONG, lambda e: words(_address(e), Piece(e.error, Role.ERROR))),
    tap.TlsStarted: (HERE, lambda e: words(dim("for"), Piece(e.server_name))),
    tap.TlsEstablished: (
        HERE,
        lambda e: words(
            Piece(e.tls_version),
            Piece(e.cipher),
            Piece("verified", Role.GOOD) if e.verified else Piece("not verified", Role.WARNING),
        ),
    ),
    tap.TlsFailed: (WRONG, lambda e: words(Piece(e.error, Role.ERROR))),
    tap.TunnelStarted: (SENT, lambda e: words(dim("to"), Piece(e.authority))),
    tap.TunnelEstablished: (RECEIVED, lambda e: words(Piece(str(e.status_code), Role.STATUS))),
    tap.TunnelRefused: (
        WRONG,
        lambda e: words(Piece(str(e.status_code), Role.STATUS), Piece(e.reason_phrase, Role.STATUS)),
    ),
    tap.ConnectionReused: (HERE, lambda e: words(dim(f"idle for {milliseconds(e.idle_ns)}"))),
    tap.EndOfStreamReceived: (
        RECEIVED,
        lambda e: words(
            "the server closed its side",
            Piece("without TLS close_notify" if e.tls_truncated else "", Role.WARNING),
        ),
    ),
    tap.TransportFailed: (WRONG, lambda e: words(e.operation, Piece(e.error, Role.ERROR))),
    tap.ConnectionClosed: (HERE, lambda e: words(dim(e.reason))),
    tap.BytesSent: (SENT, lambda e: words(_size(e), dim(f"in {milliseconds(e.elapsed_ns)}"))),
    tap.BytesReceived: (
        RECEIVED,
        lambda e: words(_size(e), dim(f"after {milliseconds(e.elapsed_ns)}")),
    ),
    tap.RequestLineBuffered: (
        SENT,
        lambda e: words(Piece(e.method, Role.METHOD), Piece(e.target, Role.TARGET), _size(e)),
    ),
    tap.FieldLineBuffered: (SENT, _field),
    tap.HeaderSectionBuffered: (SENT, lambda _: words(dim("the empty line"))),
    tap.ContentBuffered: (SENT, lambda e: words(_size(e))),
    tap.RequestCompleted: (SENT, lambda e: words(*_completion_parts(e))),
    tap.ContinueAwaited: (HERE, lambda e: words(dim(f"for at most {e.timeout_seconds:g} s"))),
    tap.ContinueResolved: (RECEIVED, lambda e: words(dim("by"), Piece(e.outcome))),
    tap.StatusLineParsed: (
        RECEIVED,
        lambda e: words(
            Piece(str(e.status_code), Role.STATUS),
            Piece(e.reason_phrase, Role.STATUS),
            dim(e.http_version),
        ),
    ),
    tap.FieldLineParsed: (RECEIVED, _field),
    tap.BytesSkipped: (RECEIVED, lambda e: words(_size(e), dim(e.reason))),
    tap.HeaderSectionParsed: (RECEIVED, _count),
    tap.InterimResponseParsed: (
        RECEIVED,
        lambda e: words(Piece(str(e.status_code), Role.STATUS), dim("the final response follows")),
    ),
    tap.FramingDecided: (HERE, lambda e: words(f"rule {e.rule}", dim(e.reason))),
    tap.PersistenceDecided: (HERE, _verdict),
    tap.ChunkHeaderParsed: (
        RECEIVED,
        lambda e: words(
            "last chunk" if e.size == 0 else f"chunk {e.index}: {bytes_words(e.size)}",
            Piece(e.extension, Role.CHUNK),
        ),
    ),
    tap.ContentParsed: (RECEIVED, lambda e: words(_size(e))),
    tap.CodingDecoded: (
        HERE,
        lambda e: words(e.coding, f"{bytes_words(e.coded_length)} became {bytes_words(e.content_length)}"),
    ),
    tap.ChunkParsed: (RECEIVED, lambda e: words(dim(f"chunk {e.index} ends"))),
    tap.TrailerSectionParsed: (RECEIVED, _count),
    tap.MessageCompleted: (
        RECEIVED,
        lambda e: words(bytes_words(e.content_length), dim("of content"), *_completion_parts(e)),
    ),
    tap.ExcessReceived: (WRONG, lambda e: words(_size(e))),
    tap.BytesLeft: (WRONG, lambda e: words(_size(e), dim("never parsed"))),
    tap.DiagnosticFound: (
        WRONG,
        lambda e: words(Piece(str(e.code), Role.WARNING), Piece(e.words), dim(e.section)),
    ),
    session_events.LineStarted: (CALL, lambda e: words(dim(f"line {e.line}"))),
    session_events.LineReturned: (
        CALL,
        lambda e: words(dim(f"line {e.line}"), dim("gave"), Piece(value_words(e.result))),
    ),
    session_events.LineRaised: (WRONG, lambda e: words(dim(f"line {e.line}"), *_error_parts(e))),
    session_events.ScriptStarted: (CALL, lambda e: words(dim(f"run {e.run} of"), Piece(e.name))),
    session_events.ScriptExtended: (CALL, lambda e: words(dim(f"line {e.line} was added"))),
    session_events.Printed: (CALL, lambda e: words(Piece(e.text))),
    session_events.PeerReported: (SERVER, lambda e: (Piece("the server "), *peer_words(e))),
    session_events.ScriptFinished: (HERE, lambda e: words(dim(e.outcome))),
}
"""Every event that a recording can hold, with its mark and its words."""


def describe_event(event: Any) -> Line:
    """Give the words of an event, without its name and time."""
    return DESCRIPTIONS[type(event)][1](event)


def event_line(event: Any, *, start_ns: int, script_line: int | None) -> Line:
    """Give the whole line of an event.

    Args:
        event: Any event of a recording.
        start_ns: The time that times are counted from. What was before it has none.
        script_line: The line of the script that it happened in, if known.
    """
    mark, _ = DESCRIPTIONS[type(event)]
    name = type(event).__name__
    role = Role.ERROR if mark is WRONG else Role.PLAIN
    since_ns = event.time_ns - start_ns
    return (
        Piece(f"{since_ns / 1e6:10.3f}" if since_ns >= 0 else " " * 10, Role.DIM),
        Piece(f"{script_line or '':>4} ", Role.DIM),
        mark,
        Piece(f" {name} ", role),
        *describe_event(event),
    )
