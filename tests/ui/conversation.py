"""Recordings made by hand, event by event, so that a picture drawn from one never changes.

A `Conversation` knows where each element lies and what time it is: every event is a tenth of a
millisecond after the one before.
"""

from workbench.protocol import tap
from workbench.protocol.tap import ErrorFact
from workbench.protocol.wire.diagnostics import Code, Severity
from workbench.protocol.wire.span import Leaf, Span, StreamName, tile
from workbench.session import events
from workbench.session.recording import Recording

STEP_NS = 100_000

OF_ONE_CONNECTION = ("exchange", "_at", "_taken", "_given", "_content", "_fields", "_chunks", "_state")
"""What a `Conversation` remembers of each connection."""


class Conversation:
    """Builds a recording the way a recorder would have written it."""

    def __init__(self, source: str = "", name: str = "lab: example", recording: Recording | None = None):
        self.recording = recording or Recording()
        self.source = source
        self.line = 0
        self._time = 1_000_000_000
        self._seq = 0
        self._others: dict[int, dict] = {}
        self._reported: dict[str, int] = {}
        self._begin_connection(1)
        self._append(events.ScriptStarted(self._now(), 1, name, source, 0))

    def _begin_connection(self, number: int):
        self.connection = number
        self.exchange = 0
        self._at: dict[str, int] = {"sent": 0, "received": 0}
        self._taken = 0
        self._given = 0
        self._content = 0
        self._fields = 0
        self._chunks = 0
        self._state = "IDLE"

    def use(self, connection: int):
        """Go on with another connection: a new one, or where one was left."""
        self._others[self.connection] = {name: getattr(self, name) for name in OF_ONE_CONNECTION}
        self._begin_connection(connection)
        for name, value in self._others.pop(connection, {}).items():
            setattr(self, name, value)

    # --- the script ---------------------------------------------------------------------

    def start_line(self, line: int):
        self.line = line
        self._append(events.LineStarted(self._now(), line))

    def end_line(self, result: str = ""):
        self._append(events.LineReturned(self._now(), self.line, result))
        self.line = 0

    def fail_line(self, error: ErrorFact, *, aborted: bool = False):
        self._append(events.LineRaised(self._now(), self.line, error, aborted))
        self._append(events.ScriptFinished(self._now(), "aborted" if aborted else "failed"))
        self.line = 0

    def finish(self):
        self._append(events.ScriptFinished(self._now(), "finished"))

    # --- calls and the connection -------------------------------------------------------

    def call(self, name: str, arguments: str = ""):
        self._tap(tap.CallStarted, f"HTTPConnection.{name}", arguments)

    def returned(self, name: str, result: str = "None"):
        self._tap(tap.CallReturned, f"HTTPConnection.{name}", result)

    def raised(self, name: str, error: ErrorFact):
        self._tap(tap.CallRaised, f"HTTPConnection.{name}", error)

    def state(self, after: str, cause: str):
        self._tap(tap.StateChanged, self._state, after, cause)
        self._state = after

    def connect(self, port: int = 8080):
        self._tap(tap.HostLookupStarted, "127.0.0.1", port)
        self._tap(tap.HostLookupFinished, ("127.0.0.1",), None, 30_000)
        self._tap(tap.ConnectStarted, "127.0.0.1", port)
        self._tap(tap.Connected, "127.0.0.1", port, "127.0.0.1", 40000, 80_000)

    def open_tunnel(self, authority: str, connection: int, port: int = 3128):
        """Ask a proxy for a tunnel, on streams of its own."""
        opened_for = self.connection
        self.connect(port)
        self._tap(tap.TunnelStarted, authority)
        self.use(connection)
        self.put_request("CONNECT", authority)
        self.put_field("Host", authority, automatic=True)
        self.end_header_section()
        self.send()
        self.receive(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.status_line(200, "Connection established")
        self.header_section()
        self.framing(2, "none", 0, "a 2xx response to CONNECT opens a tunnel")
        self.complete(True, "the tunnel begins")
        self.use(opened_for)
        self._tap(tap.TunnelEstablished, 200)
        self.use(connection)
        self.close("the tunnel is open")
        self.use(opened_for)

    def secure(self, certificate: bytes = b"", *, verified: bool = True):
        self._tap(tap.TlsStarted, "lab.test")
        names = (
            ("commonName=lab.test", "commonName=Lab CA", "Jan  1 00:00:00 2030 GMT")
            if verified
            else ("",) * 3
        )
        self._tap(
            tap.TlsEstablished,
            "TLSv1.3",
            "TLS_AES_256_GCM_SHA384",
            "http/1.1",
            verified,
            certificate,
            *names,
            60_000,
        )

    def refuse_tls(self, error: str):
        self._tap(tap.TlsStarted, "lab.test")
        self._tap(tap.TlsFailed, error, 60_000)

    def close(self, reason: str):
        self._tap(tap.ConnectionClosed, reason)

    # --- the request --------------------------------------------------------------------

    def put_request(self, method: str, target: str):
        self.exchange += 1
        data = f"{method} {target} HTTP/1.1\r\n".encode()
        span, leaves = self._queue(
            data,
            ("method", len(method)),
            ("sp", 1),
            ("target", len(target)),
            ("sp", 1),
            ("version", 8),
            ("eol", 2),
        )
        self._tap(tap.RequestLineBuffered, span, data, leaves, method, target, "origin-form", "HTTP/1.1")

    def put_field(self, name: str, value: str, *, automatic: bool = False):
        data = f"{name}: {value}\r\n".encode()
        span, leaves = self._queue(data, *_field_parts(name, value))
        self._tap(tap.FieldLineBuffered, span, data, leaves, name, value, automatic)

    def end_header_section(self):
        span, leaves = self._queue(b"\r\n", ("section_end", 2))
        self._tap(tap.HeaderSectionBuffered, span, b"\r\n", leaves)

    def put_content(self, data: bytes):
        span, leaves = self._queue(data, ("content", len(data)))
        self._tap(tap.ContentBuffered, span, data, leaves)

    def send(self):
        span = Span("sent", self._taken, self._at["sent"])
        self._taken = span.end
        self._tap(tap.BytesSent, span, 12_000)

    def complete_request(self):
        self._tap(tap.RequestCompleted, True, "all of it was handed to the kernel")

    # --- the response -------------------------------------------------------------------

    def receive(self, data: bytes, elapsed_ns: int = 850_000):
        span = Span("received", self._given, self._given + len(data))
        self._given = span.end
        self._tap(tap.BytesReceived, span, data, elapsed_ns)

    def status_line(self, code: int, reason: str, version: str = "HTTP/1.1"):
        self._fields = 0
        self._content = 0
        parts = [
            ("version", len(version)),
            ("sp", 1),
            ("code", 3),
            ("sp", 1),
            ("reason", len(reason)),
            ("eol", 2),
        ]
        span, leaves = self._parse(*parts)
        self._tap(tap.StatusLineParsed, span, leaves, version, code, reason)

    def field(self, name: str, value: str, *, section: str = "header"):
        span, leaves = self._parse(*_field_parts(name, value))
        self._tap(tap.FieldLineParsed, span, leaves, section, self._fields, name, value)
        self._fields += 1

    def header_section(self):
        span, leaves = self._parse(("section_end", 2))
        self._tap(tap.HeaderSectionParsed, span, leaves, self._fields)
        self._fields = 0

    def interim(self, code: int):
        self._tap(tap.InterimResponseParsed, code)

    def framing(self, rule: int, kind: str, length: int | None, reason: str):
        self._tap(tap.FramingDecided, rule, kind, length, reason)

    def persistence(self, persistent: bool, reason: str):
        self._tap(tap.PersistenceDecided, persistent, reason)

    def chunk_header(self, size: int, extension: str = ""):
        digits = len(f"{size:x}")
        span, leaves = self._parse(("chunk_size", digits), ("chunk_ext", len(extension)), ("eol", 2))
        self._tap(tap.ChunkHeaderParsed, span, leaves, self._chunks, size, extension)

    def chunk_end(self):
        span, leaves = self._parse(("chunk_end", 2))
        self._tap(tap.ChunkParsed, span, leaves, self._chunks)
        self._chunks += 1

    def trailer_section(self):
        span, leaves = self._parse(("section_end", 2))
        self._tap(tap.TrailerSectionParsed, span, leaves, self._fields)

    def content(self, size: int):
        span, leaves = self._parse(("content", size))
        self._tap(tap.ContentParsed, span, leaves, self._content)
        self._content += size

    def malformed(self, size: int):
        span, leaves = self._parse(("malformed", size))
        self._tap(tap.BytesSkipped, span, leaves, "it is no status-line")

    def complete(self, complete: bool, reason: str):
        self._tap(tap.MessageCompleted, complete, reason, self._content)

    def end_of_stream(self, elapsed_ns: int = 0, *, tls_truncated: bool = False):
        self._tap(tap.EndOfStreamReceived, tls_truncated, elapsed_ns)

    def fail_transport(self, error: str, elapsed_ns: int):
        self._tap(tap.TransportFailed, "receive", error, elapsed_ns)

    def diagnostic(self, code: Code, span: Span, section: str, words: str, action: str = "raised"):
        self._tap(tap.DiagnosticFound, code, Severity("error"), span, section, action, words)

    # --- places and times ---------------------------------------------------------------

    def report(
        self, kind: str, stream: StreamName | None = None, data: bytes = b"", note: str = "", left: int = 0
    ):
        """The server tells what it did or saw; of bytes, those that come next in a stream of the client's."""
        span = None
        if stream is not None:
            start = self._reported.get(stream, 0)
            span = Span(stream, start, start + len(data))
            self._reported[stream] = span.end
        head = data[: events.PEER_HEAD_BYTES]
        self._append(events.PeerReported(self._now(), self.connection, kind, span, head, note, left))

    def pause(self, nanoseconds: int):
        """Nothing happens, because somebody thinks."""
        self._time += nanoseconds

    def _now(self) -> int:
        self._time += STEP_NS
        return self._time

    def _tap(self, kind, *values):
        self._seq += 1
        self._append(kind(self._seq, self._now(), self.connection, self.exchange, *values))

    def _append(self, event):
        self.recording.append(event, self.line)

    def _queue(self, data: bytes, *parts: tuple[str, int]) -> tuple[Span, tuple[Leaf, ...]]:
        return self._place("sent", *parts)

    def _parse(self, *parts: tuple[str, int]) -> tuple[Span, tuple[Leaf, ...]]:
        return self._place("received", *parts)

    def _place(self, stream: StreamName, *parts: tuple[str, int]) -> tuple[Span, tuple[Leaf, ...]]:
        start = self._at[stream]
        end = start + sum(length for _, length in parts)
        self._at[stream] = end
        return Span(stream, start, end), tile(start, *parts)


def _field_parts(name: str, value: str) -> list[tuple[str, int]]:
    return [("name", len(name)), ("colon", 1), ("ows", 1), ("value", len(value.encode())), ("eol", 2)]
