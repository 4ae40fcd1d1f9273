"""Exchanges told event by event, as the protocol would, for recordings made by hand."""

import itertools
from collections.abc import Callable

from workbench.protocol import tap
from workbench.protocol.wire.span import Leaf, Span, tile


class Told:
    """One connection, told to a tap.

    Args:
        listen: Takes the events, such as `Recording.append`.
        connection: Its number.
    """

    _seq = itertools.count(1)

    def __init__(self, listen: Callable[[tap.Event], object], connection: int = 1) -> None:
        self.listen = listen
        self.connection = connection
        self.exchange = 0
        self.queued = 0
        self.received = 0
        self.parsed = 0
        self.sent = 0
        self.content = 0

    def tell(self, kind: type[tap.Event], *values: object) -> None:
        seq = next(self._seq)
        self.listen(kind(seq, seq * 1000, self.connection, self.exchange, *values))

    # --- calls and states ---

    def call(self, name: str) -> None:
        self.tell(tap.CallStarted, name, "")

    def returned(self, name: str) -> None:
        self.tell(tap.CallReturned, name, "None")

    def raised(self, name: str, error: tap.ErrorFact) -> None:
        self.tell(tap.CallRaised, name, error)

    def state(self, before: str, after: str, cause: str = "call") -> None:
        self.tell(tap.StateChanged, before, after, cause)

    # --- the request ---

    def queue(self, kind: type[tap.Event], data: bytes, leaf_kind: str, *values: object) -> None:
        start = self.queued
        self.queued += len(data)
        leaves = tile(start, (leaf_kind, len(data)))
        self.tell(kind, Span("sent", start, self.queued), data, leaves, *values)

    def request_line(self, method: str = "GET", target: str = "/") -> None:
        self.exchange += 1
        self.content = 0
        data = f"{method} {target} HTTP/1.1\r\n".encode()
        self.queue(tap.RequestLineBuffered, data, "method", method, target, "origin-form", "HTTP/1.1")

    def request_field(self, name: str, value: str, *, automatic: bool = False) -> None:
        data = f"{name}: {value}\r\n".encode()
        self.queue(tap.FieldLineBuffered, data, "name", name, value, automatic)

    def request_end(self) -> None:
        self.queue(tap.HeaderSectionBuffered, b"\r\n", "section_end")

    def send_all(self) -> None:
        self.tell(tap.BytesSent, Span("sent", self.sent, self.queued), 10)
        self.sent = self.queued
        self.tell(tap.RequestCompleted, True, "sent")

    def request(self) -> None:
        self.request_line()
        self.request_field("Host", "lab", automatic=True)
        self.request_end()
        self.send_all()

    # --- the response ---

    def receive(self, data: bytes) -> None:
        start = self.received
        self.received += len(data)
        self.tell(tap.BytesReceived, Span("received", start, self.received), data, 10)

    def parse(self, kind: type[tap.Event], length: int, leaf_kind: str, *values: object) -> None:
        start = self.parsed
        self.parsed += length
        leaves: tuple[Leaf, ...] = tile(start, (leaf_kind, length))
        self.tell(kind, Span("received", start, self.parsed), leaves, *values)

    def head(self, code: int, reason: str = "OK", *fields: tuple[str, str]) -> None:
        line = f"HTTP/1.1 {code} {reason}\r\n".encode()
        lines = [f"{name}: {value}\r\n".encode() for name, value in fields]
        self.receive(line + b"".join(lines) + b"\r\n")
        self.parse(tap.StatusLineParsed, len(line), "version", "HTTP/1.1", code, reason)
        for number, (name, value) in enumerate(fields):
            self.parse(tap.FieldLineParsed, len(lines[number]), "name", "header", number, name, value)
        self.parse(tap.HeaderSectionParsed, 2, "section_end", len(fields))

    def read(self, data: bytes) -> None:
        self.receive(data)
        self.parse(tap.ContentParsed, len(data), "content", self.content)
        self.content += len(data)

    def complete(self, *, complete: bool = True) -> None:
        self.tell(tap.MessageCompleted, complete, "length", self.content)

    def response(self, data: bytes = b"spam") -> None:
        self.head(200, "OK", ("Content-Length", str(len(data))))
        self.tell(tap.FramingDecided, 6, "length", len(data), f"rule 6: Content-Length: {len(data)}")
        self.read(data)
        self.complete()


def error(name: str, *bases: str, message: str = "it went wrong") -> tap.ErrorFact:
    return tap.ErrorFact(name, (name, *bases, "Exception"), message)
