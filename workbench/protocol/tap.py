"""The events of a connection, and how they reach a tap.

A tap is a callable that takes one event. It is called in the thread that does the I/O, in order, before the next thing
happens: a tap that blocks stops the exchange, which is how stepping works. One that can wait takes notes instead
(`notes.NotingTap`), which costs less. A tap that raises is detached and logged, and the exchange goes on. Without a tap
nothing here is reached: each event site is one `is None` test.

Events are facts, so their names are in the past tense. They hold plain values only, so that a recording can be written
to disk. Bytes appear once: in the `...Buffered` events for the `sent` stream (in the order in which they are queued) and
in `BytesReceived` for the `received` stream. Everything else points into those streams with spans.

Call events (`CallStarted`, `CallReturned`, `CallRaised`) nest: `request()` calls
`putrequest()`. Every other event happens inside some call, but for those that end a response which is collected unread.
"""

from dataclasses import dataclass

from workbench.protocol.errors import ErrorFact as ErrorFact  # noqa: PLC0414 - part of the vocabulary
from workbench.protocol.late import Late
from workbench.protocol.wire.diagnostics import Code, Severity
from workbench.protocol.wire.span import Leaf, Span


@dataclass(slots=True)
class Event(Late):
    """What every event says. Not frozen, which would make each three times as dear to build."""

    seq: int
    """Grows by at least one from event to event, over all connections of the process."""

    time_ns: int
    """`time.perf_counter_ns()`, taken beside the I/O that the event is about; one for all that is parsed, or decided, in
    one step: a head, the lines of a section, where the message ends. Where a whole call was noted at once (`whole_calls`),
    its events have the time at which it began, or bytes went or came, whichever came last before them."""

    connection: int
    """Which pair of byte streams, from 1 on in the process: a connection object opened again gets a new one.
    A call that closes its connection ends on the one that it began on."""

    exchange: int
    """Which exchange on that connection, from 1 on; 0 before the first `putrequest()`. Interim responses share it."""


# --- calls -------------------------------------------------------------------------------


@dataclass(slots=True)
class CallStarted(Event):
    """A method of the API was entered."""

    name: str
    """`HTTPConnection.putrequest`, `HTTPResponse.read`, ..."""

    arguments: str
    """The arguments as written in a call, each `repr()` cut at 200 characters."""


@dataclass(slots=True)
class CallReturned(Event):
    """The call that was entered last, and has not ended, returned."""

    name: str
    result: str
    """`repr()` of the result, cut at 200 characters."""


@dataclass(slots=True)
class CallRaised(Event):
    """The call that was entered last, and has not ended, raised."""

    name: str
    error: ErrorFact


@dataclass(slots=True)
class StateChanged(Event):
    """The logical state of the connection changed (`wire.state`)."""

    before: str
    after: str
    """One of the six names of `wire.state.State`, such as `REQUEST_STARTED`."""

    cause: str
    """The method that changed it, such as `putrequest`."""


# --- the connection ----------------------------------------------------------------------


@dataclass(slots=True)
class HostLookupStarted(Event):
    """The name is about to be resolved."""

    host: str
    port: int


@dataclass(slots=True)
class HostLookupFinished(Event):
    """The name was resolved, or could not be."""

    addresses: tuple[str, ...]
    error: str | None = None
    elapsed_ns: int = 0
    """How long the look-up took. Who was held by a tap before it, was not held by the resolver."""


@dataclass(slots=True)
class ConnectStarted(Event):
    """A TCP connection to one address is about to be tried."""

    address: str
    port: int


@dataclass(slots=True)
class Connected(Event):
    """The TCP connection is open."""

    address: str
    port: int
    local_address: str
    local_port: int
    elapsed_ns: int = 0


@dataclass(slots=True)
class ConnectFailed(Event):
    """This address did not answer; the next one, if any, is tried."""

    address: str
    port: int
    error: str
    elapsed_ns: int = 0


@dataclass(slots=True)
class TlsStarted(Event):
    """The TLS handshake is about to begin."""

    server_name: str


@dataclass(slots=True)
class TlsEstablished(Event):
    """The TLS handshake succeeded. From here on the streams hold what TLS carries."""

    tls_version: str
    cipher: str
    alpn_protocol: str | None
    verified: bool
    """False when the context does not check the certificate."""

    certificate: bytes
    """The server's certificate in DER form; empty when it was not asked for."""

    subject: str
    issuer: str
    not_after: str
    """Empty, like `subject` and `issuer`, when the certificate was not verified."""

    elapsed_ns: int = 0


@dataclass(slots=True)
class TlsFailed(Event):
    """The TLS handshake failed."""

    error: str
    elapsed_ns: int = 0


@dataclass(slots=True)
class TunnelStarted(Event):
    """A CONNECT request is about to be sent to the proxy."""

    authority: str


@dataclass(slots=True)
class TunnelEstablished(Event):
    """The proxy answered with 2xx: from here on the bytes are the tunnelled server's."""

    status_code: int


@dataclass(slots=True)
class TunnelRefused(Event):
    """The proxy answered with something other than 2xx."""

    status_code: int
    reason_phrase: str


@dataclass(slots=True)
class ConnectionReused(Event):
    """A request begins on a connection that has carried an exchange before."""

    idle_ns: int


@dataclass(slots=True)
class EndOfStreamReceived(Event):
    """The peer closed its side in order: no more bytes will come."""

    tls_truncated: bool = False
    """TLS ended without close_notify, so that somebody else may have cut the stream."""

    elapsed_ns: int = 0


@dataclass(slots=True)
class TransportFailed(Event):
    """Receiving or sending failed: a reset, a time-out, an interruption."""

    operation: str
    """`receive` or `send`."""

    error: str
    elapsed_ns: int = 0


@dataclass(slots=True)
class ConnectionClosed(Event):
    """Our side closed the connection."""

    reason: str


# --- bytes -------------------------------------------------------------------------------


@dataclass(slots=True)
class BytesSent(Event):
    """The kernel took these bytes of the `sent` stream, in one call."""

    span: Span
    elapsed_ns: int


@dataclass(slots=True)
class BytesReceived(Event):
    """One receive call gave these bytes, which are now the end of the `received` stream."""

    span: Span
    data: bytes
    elapsed_ns: int


# --- the request -------------------------------------------------------------------------


@dataclass(slots=True)
class RequestLineBuffered(Event):
    """A request-line was queued."""

    span: Span
    data: bytes
    leaves: tuple[Leaf, ...]
    method: str
    target: str
    target_form: str
    """`origin-form`, `absolute-form`, `authority-form`, `asterisk-form`, or `` (none)."""

    http_version: str


@dataclass(slots=True)
class FieldLineBuffered(Event):
    """A field line was queued."""

    span: Span
    data: bytes
    leaves: tuple[Leaf, ...]
    name: str
    value: str
    automatic: bool
    """True when the library added it, not the caller."""


@dataclass(slots=True)
class HeaderSectionBuffered(Event):
    """The empty line that ends the header section was queued."""

    span: Span
    data: bytes
    leaves: tuple[Leaf, ...]


@dataclass(slots=True)
class ContentBuffered(Event):
    """A piece of the body was queued: content, or a whole chunk with its framing."""

    span: Span
    data: bytes
    leaves: tuple[Leaf, ...]


@dataclass(slots=True)
class RequestCompleted(Event):
    """The whole request was handed to the kernel, or sending it stopped early."""

    complete: bool
    reason: str


@dataclass(slots=True)
class ContinueAwaited(Event):
    """`Expect: 100-continue` was sent; the body waits for the server's word."""

    timeout_seconds: float


@dataclass(slots=True)
class ContinueResolved(Event):
    """The wait for 100 (Continue) ended."""

    outcome: str
    """`100`, `final response` or `timeout`."""


# --- the response ------------------------------------------------------------------------


@dataclass(slots=True)
class StatusLineParsed(Event):
    """A status-line was parsed, of an interim or of the final response."""

    span: Span
    leaves: tuple[Leaf, ...]
    http_version: str
    status_code: int
    reason_phrase: str


@dataclass(slots=True)
class FieldLineParsed(Event):
    """A field line was parsed."""

    span: Span
    leaves: tuple[Leaf, ...]
    section: str
    """`header` or `trailer`."""

    index: int
    """Its place in the section, from 0 on."""

    name: str
    value: str


@dataclass(slots=True)
class BytesSkipped(Event):
    """Bytes that belong to no element were passed over."""

    span: Span
    leaves: tuple[Leaf, ...]
    reason: str


@dataclass(slots=True)
class HeaderSectionParsed(Event):
    """The empty line that ends the header section was reached."""

    span: Span
    """The empty line."""

    leaves: tuple[Leaf, ...]
    field_count: int


@dataclass(slots=True)
class InterimResponseParsed(Event):
    """The head just parsed was a 1xx (interim) response; the final one is still to come."""

    status_code: int


@dataclass(slots=True)
class FramingDecided(Event):
    """How the end of the response's body will be found."""

    rule: int
    """The number of the rule in RFC 9112 section 6.3, 1 to 8."""

    kind: str
    """`none`, `tunnel`, `chunked`, `length` or `close`."""

    length: int | None
    """The bytes of the body, where they are known beforehand."""

    reason: str
    """The rule in words, with the fields that decided."""


@dataclass(slots=True)
class PersistenceDecided(Event):
    """Whether the connection may carry another exchange after this one."""

    persistent: bool
    reason: str


@dataclass(slots=True)
class ChunkHeaderParsed(Event):
    """A chunk-size with its chunk-ext was parsed. Size 0 marks the last chunk."""

    span: Span
    leaves: tuple[Leaf, ...]
    index: int
    size: int
    extension: str


@dataclass(slots=True)
class ContentParsed(Event):
    """Content was handed to the caller, or laid by for it."""

    span: Span
    leaves: tuple[Leaf, ...]
    content_offset: int
    """How many bytes of content came before it."""


@dataclass(slots=True)
class CodingDecoded(Event):
    """A transfer coding was taken off to its end; chunked only where it is below another one."""

    coding: str
    coded_length: int
    """Bytes before it was taken off."""

    content_length: int
    """Bytes after."""


@dataclass(slots=True)
class ChunkParsed(Event):
    """The line end after the data of a chunk was reached."""

    span: Span
    """The line end."""

    leaves: tuple[Leaf, ...]
    index: int


@dataclass(slots=True)
class TrailerSectionParsed(Event):
    """The empty line that ends the trailer section was reached."""

    span: Span
    """The empty line."""

    leaves: tuple[Leaf, ...]
    field_count: int


@dataclass(slots=True)
class MessageCompleted(Event):
    """The response ended, in order or cut short."""

    complete: bool
    reason: str
    content_length: int
    """How many bytes of content were handed out."""


@dataclass(slots=True)
class ExcessReceived(Event):
    """Bytes came after the end of the message that no request asked for."""

    span: Span
    leaves: tuple[Leaf, ...]


@dataclass(slots=True)
class BytesLeft(Event):
    """Bytes were received, and never parsed, when the connection was closed."""

    span: Span
    leaves: tuple[Leaf, ...]


@dataclass(slots=True)
class DiagnosticFound(Event):
    """Something that the RFC does not allow, or a wise peer does not do."""

    code: Code
    severity: Severity
    span: Span
    """The bytes at fault."""

    section: str
    """Where the rule stands, such as `RFC 9112 section 5.1`."""

    action: str
    """`raised` or `accepted`."""

    words: str
    """What was found and what was done about it, in one sentence."""
