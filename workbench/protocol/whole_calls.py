"""Notes that stand for all that an ordinary call of the API does, from its start to its end.

An exchange of some microseconds has more than forty events, and nearly every one is made of the same few calls that do the
same. What differs from one to the next is noted once for each call; what follows from it is not noted at all.

A call that goes in any other way is noted step by step (`holding`): its notes are then all that it did until then, and
what comes.
"""

from typing import Any

from workbench.protocol.late import format_arguments, stay
from workbench.protocol.several import Note, each_of_boundary, each_of_head, each_put

Part = tuple[Any, ...]
"""A few values that are noted together."""

REQUEST = "Request"
"""A request on a connection that was kept, up to its end."""

ANSWER = "Answer"
"""`getresponse()`, of a regular head that came at once."""

READ = "Read"
"""A call that reads content of a response."""

MOST = 4096
"""Bytes of a request, or of what was received, that are noted with all else: more are seldom few calls."""

COMPLETED = "everything was handed to the kernel"
"""Why a request is complete."""


def each_of_request(
    time_ns: int, connection: int, exchange: int, caller: str, arguments: Any, names: tuple[str, ...],
    idle_ns: int, field_count: int, start: int, head: bytes, body: bytes | None, sent: Part | None, end_ns: int | None,
) -> list[Note]:  # fmt: skip
    """Give the notes of a call of `request`.

    Args:
        time_ns: When it began. So for all that is done before bytes are sent.
        connection: Its number.
        exchange: The one that it begins.
        caller: The class.
        arguments: As in the note of a call that starts.
        names: Likewise.
        idle_ns: How long the connection had been idle.
        field_count: The field lines that the program gave; they are the last ones.
        start: Where the request lies in the stream.
        head: Its request-line and header section.
        body: Its content, sent as it is; None for none.
        sent: The bytes that the kernel took at once, when, and how long that took; None where it has not come to that.
        end_ns: When the call ended; None where it has not ended.
    """
    before, here = (time_ns, connection, exchange - 1), (time_ns, connection, exchange)
    request_line, host, coding, *lines = head[:-4].split(b"\r\n")
    method, target, version = request_line.decode("ascii").split(" ")
    put, end = f"{caller}.putrequest", f"{caller}.endheaders"
    put_arguments: tuple[Any, ...] = (method, target)
    put_names: tuple[str, ...] = ()
    if field_count:
        put_arguments, put_names = (method, target, False, False), ("skip_host", "skip_accept_encoding")
    at = start + len(request_line) + 2
    notes: list[Note] = [
        ("CallStarted", *before, f"{caller}.request", arguments, names),
        ("CallStarted", *before, put, put_arguments, put_names),
        ("ConnectionReused", *before, idle_ns),
        ("RequestLineBuffered", *here, start, request_line + b"\r\n", method, target, version),
        ("StateChanged", *here, "IDLE", "REQUEST_STARTED", "putrequest"),
        *each_put(here, caller, at, [host, coding], True),
        ("CallReturned", *here, put, None, None),
    ]
    at += len(host) + len(coding) + 4
    framing = lines[: len(lines) - field_count]
    notes += each_put(here, caller, at, framing, True)
    at += sum(map(len, framing)) + 2 * len(framing)
    notes += each_put(here, caller, at, lines[len(framing) :], False)
    given: Any = (body, False)
    given_names: tuple[str, ...] = ("encode_chunked",)
    if not stay(given):
        given, given_names = format_arguments((body,), {"encode_chunked": False}), ()
    behind = start + len(head)
    notes += [
        ("CallStarted", *here, end, given, given_names),
        ("StateChanged", *here, "REQUEST_STARTED", "REQUEST_SENT", "endheaders"),
        ("HeaderSectionBuffered", *here, behind - 2, b"\r\n"),
    ]
    if body:
        notes.append(("ContentBuffered", *here, behind, body, "content", len(body)))
    if sent is not None:
        count, sent_ns, elapsed_ns = sent
        notes.append(("BytesSent", sent_ns, connection, exchange, start, start + count, elapsed_ns))
    if end_ns is not None:
        ended = end_ns, connection, exchange
        notes += [
            ("RequestCompleted", *ended, True, COMPLETED),
            ("CallReturned", *ended, end, None, None),
            ("CallReturned", *ended, f"{caller}.request", None, None),
        ]
    return notes


def each_of_answer(
    time_ns: int, connection: int, exchange: int, name: str, arguments: Any, names: tuple[str, ...],
    received: Part | None, head_length: int | None, boundary: Part | None, states: Part | None,
    end_ns: int | None, kind_name: str | None, address: int | None,
) -> list[Note]:  # fmt: skip
    """Give the notes of a call of `getresponse`; what has None was not done.

    Args:
        time_ns: When it began.
        connection: Its number.
        exchange: Its number.
        name: The call.
        arguments: As in the note of a call that starts; None where that was noted.
        names: Likewise.
        received: When bytes had come, how long that took, where they lie in the stream, and they.
        head_length: How many of them are the head.
        boundary: What is in `FramingDecided`, then what is in `PersistenceDecided`.
        states: Those before and after.
        end_ns: When the call ended.
        kind_name: The class of the response, with its module.
        address: Where that lies in memory, which its `repr()` says.
    """
    notes, here = _each_begun((time_ns, connection, exchange), (name, arguments, names), received)
    if received is not None and head_length is not None:
        start, data = received[2:]
        notes += each_of_head(*here, start, data[:head_length])
    if boundary is not None:
        notes += each_of_boundary(*here, *boundary)
    if states is not None:
        notes.append(("StateChanged", *here, *states, "getresponse"))
    if end_ns is not None:
        words = f"<{kind_name} object at {address:#x}>"
        notes.append(("CallReturned", end_ns, connection, exchange, name, words, None))
    return notes


def each_of_read(
    time_ns: int, connection: int, exchange: int, name: str, arguments: Any, names: tuple[str, ...],
    received: Part | None, taken: Part | None, completed: Part | None, states: Part | None,
    end_ns: int | None, words: str | None, result: object,
) -> list[Note]:  # fmt: skip
    """Give the notes of a call that reads; what has None was not done.

    Args:
        time_ns: When it began.
        connection: Its number.
        exchange: Its number.
        name: The call.
        arguments: As in the note of a call that starts; None where that was noted.
        names: Likewise.
        received: As for `each_of_answer`.
        taken: Where the content lies that was handed out, its bytes, and those of content before it.
        completed: What is in `MessageCompleted`.
        states: Those before and after the end of the response.
        end_ns: When the call ended.
        words: For what it gave.
        result: What it gave, where `words` is None.
    """
    notes, here = _each_begun((time_ns, connection, exchange), (name, arguments, names), received)
    if taken is not None:
        notes.append(("ContentParsed", *here, *taken))
    if completed is not None:
        notes.append(("MessageCompleted", *here, *completed))
    if states is not None:
        notes.append(("StateChanged", *here, *states, "read"))
    if end_ns is not None:
        notes.append(("CallReturned", end_ns, connection, exchange, name, words, result))
    return notes


def _each_begun(
    here: tuple[int, int, int], called: Part, received: Part | None
) -> tuple[list[Note], tuple[int, int, int]]:
    """Give the notes of how a call begins, and time, connection and exchange of what comes then."""
    notes: list[Note] = [] if called[1] is None else [("CallStarted", *here, *called)]
    if received is None:
        return notes, here
    received_ns, elapsed_ns, start, data = received
    then = (received_ns, here[1], here[2])
    return [*notes, ("BytesReceived", *then, start, data, elapsed_ns)], then
