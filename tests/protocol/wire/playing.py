"""Plays the bytes of a response to a real connection, and tells what came of them."""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.protocol.wire.scripted_socket import ForeignSocket, ScriptedSocket
from workbench.protocol import HTTPConnection, HTTPException, IncompleteRead
from workbench.protocol import tap as events
from workbench.protocol.errors import describe_error
from workbench.protocol.policy import DEFAULT, Policy
from workbench.protocol.tap import ErrorFact, Event
from workbench.protocol.wire.span import LEAF_KINDS, Leaf

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Exchange:
    """What decides about a response, beside its bytes."""

    method: str = "GET"
    ends: bool = False
    """The server closes its side behind the bytes."""

    strict: bool = False
    """The old argument of the constructor, which is about HTTP/0.9 only."""

    upgrade: bool = False
    """The request asks for another protocol."""

    policy: Policy = DEFAULT


@dataclass
class Outcome:
    """What the calls of the API gave."""

    version: int | None = None
    status: int | None = None
    reason: str | None = None
    headers: Fields = ()
    informational: tuple[tuple[int, str, Fields], ...] = ()
    content: bytes | None = None
    trailers: Fields | None = None
    complete: bool | None = None
    failing_call: str | None = None
    error: ErrorFact | None = None


@dataclass
class Played:
    """An exchange that has been played to its end."""

    outcome: Outcome = field(default_factory=Outcome)
    events: list[Event] = field(default_factory=list)
    kept: bool = False
    """The connection was still open when the content had been read."""


Step = Callable[[Any], bytes]
"""One call that reads content of a response; nothing at the end."""


def play(
    pieces: Iterable[bytes], exchange: Exchange, *, tap: bool = True, step: Step | None = None
) -> Played:
    """Play pieces of bytes through a socket.

    Args:
        pieces: Each is what one receive call gives.
        exchange: What else decides.
        tap: Whether somebody listens.
        step: Read with as many of these as it takes, not with one `read()`.
    """
    return _play(ScriptedSocket(pieces, ends=exchange.ends), exchange, tap, step)


def play_file(data: bytes, exchange: Exchange) -> Played:
    """Play bytes through an object that is no socket and can only be read as a file."""
    return _play(ForeignSocket(data, ends=exchange.ends), exchange, True)


def play_in_turn(responses: Iterable[bytes], exchange: Exchange, *, tap: bool) -> list[Outcome]:
    """Play responses on one connection, each to a request of its own, as long as the connection is kept."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        # What is not there does not come.
        ours.setblocking(False)
        connection = HTTPConnection(
            "127.0.0.1", policy=exchange.policy, tap=(lambda _: None) if tap else None
        )
        connection.sock = ours
        outcomes = []
        for response in responses:
            connection.request(exchange.method, "/")
            theirs.sendall(response)
            outcome, _ = _exchange(connection)
            outcomes.append(outcome)
            if connection.sock is None or outcome.error is not None:
                break
        connection.close()
    return outcomes


def _exchange(connection: HTTPConnection, step: Step | None = None) -> tuple[Outcome, list[Any]]:
    """Read one response; give what came of it, and the response itself, if there is one."""
    outcome, responses = Outcome(), list[Any]()
    _call(outcome, "getresponse", lambda: responses.append(connection.getresponse()))
    for response in responses:
        _describe_head(outcome, response)
        _call(outcome, "read", lambda: _read(outcome, response, step))  # noqa: B023 - called at once
        outcome.trailers = None if response.trailers is None else tuple(response.trailers.items())
        outcome.complete = response.complete
    return outcome, responses


def _play(sock: Any, exchange: Exchange, tap: bool, step: Step | None = None) -> Played:
    played = Played()
    connection = HTTPConnection(
        "127.0.0.1",
        strict=exchange.strict,
        policy=exchange.policy,
        tap=played.events.append if tap else None,
    )
    connection.sock = sock
    fields = {"Connection": "upgrade", "Upgrade": "raw"} if exchange.upgrade else {}
    connection.request(exchange.method, "/", headers=fields)
    played.outcome, responses = _exchange(connection, step)
    played.kept = connection.sock is not None
    for open_thing in (*responses, connection):
        open_thing.close()
    return played


def _call(outcome: Outcome, name: str, call: Callable[[], object]) -> None:
    """Do a call. Nothing but these two may leave the package, whatever the peer sends."""
    try:
        call()
    except (HTTPException, OSError) as error:
        outcome.failing_call, outcome.error = name, describe_error(error)


def _read(outcome: Outcome, response: Any, step: Step | None) -> None:
    if step is None:
        outcome.content = response.read()
        return
    pieces: list[bytes] = []
    try:
        while piece := step(response):
            pieces.append(piece)
    except IncompleteRead as error:
        error.partial = b"".join([*pieces, error.partial])
        raise
    outcome.content = b"".join(pieces)


def _describe_head(outcome: Outcome, response: Any) -> None:
    outcome.version, outcome.status, outcome.reason = response.version, response.status, response.reason
    outcome.headers = tuple(response.getheaders())
    outcome.informational = tuple(
        (interim.status, interim.reason, tuple(interim.headers.items())) for interim in response.informational
    )


VOLATILE = (events.BytesReceived, events.ExcessReceived, events.BytesLeft, events.TransportFailed)
"""Events that say how the bytes came, and so depend on how they were cut."""


def is_volatile(event: Event) -> bool:
    """Whether the event depends on how the bytes were cut."""
    return isinstance(event, VOLATILE) or getattr(event, "code", None) == "EXCESS_DATA"


def received_bytes(played: Played) -> bytes:
    """Everything that was received, in order."""
    return b"".join(event.data for event in played.events if isinstance(event, events.BytesReceived))


def received_leaves(played: Played) -> list[Leaf]:
    """The leaves of the `received` stream, in the order of their places."""
    leaves: list[Leaf] = []
    for event in played.events:
        span = getattr(event, "span", None)
        if span is not None and span.stream == "received":
            leaves += getattr(event, "leaves", ())
    return sorted(leaves, key=lambda leaf: (leaf.start, leaf.end))


def assert_leaves_tile(played: Played) -> None:
    """Check that every received byte lies in exactly one leaf."""
    position = 0
    for leaf in received_leaves(played):
        assert leaf.kind in LEAF_KINDS
        assert (leaf.start, leaf.end > leaf.start) == (position, True), f"{leaf} does not begin at {position}"
        position = leaf.end
    assert position == len(received_bytes(played))
