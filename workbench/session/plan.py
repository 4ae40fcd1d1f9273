"""A plan: one request that could be made, with whom and over what.

A plan is what a recorded exchange, a curl command, a HAR entry and the options of `workbench send`
have in common; a call script, a curl command and a program are made from one. It says what is to be
on the wire, not which calls put it there.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session.address import split_url
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is asked for a tunnel."""

    host: str
    port: int
    fields: tuple[tuple[str, str], ...] = ()
    """Field lines of the CONNECT request, beside Host."""

    @property
    def authority(self) -> str:
        """Host and port, as in a URL."""
        return f"{bracketed(self.host)}:{self.port}"


@dataclass(frozen=True, slots=True)
class TlsPlan:
    """What is trusted, and what is shown."""

    cafile: str | None = None
    """A PEM file of the authorities to trust; None for the system's."""

    cert_file: str | None = None
    key_file: str | None = None
    verified: bool = True
    """Whether the server has to prove who it is."""


@dataclass(frozen=True, slots=True)
class RequestPlan:
    """One request."""

    scheme: str
    """`http` or `https`."""

    host: str
    port: int
    method: str
    target: str
    """The request-target, as it stands in the request-line."""

    fields: tuple[tuple[str, str], ...] = ()
    """Field lines in their order, without those of `automatic`. Values are latin-1 text."""

    content: bytes | None = None
    """Without chunk framing; None where nothing is sent behind the header section."""

    content_file: str | None = None
    """A file with the content, in place of `content`."""

    chunks: tuple[int, ...] | None = None
    """The sizes of the chunks it is sent in; None where it is not. Their sum is its length, or they are
    empty: one chunk."""

    host_field: bool = True
    """Whether Host is added by the client, from `host` and `port`."""

    accept_encoding_field: bool = True
    """Whether `Accept-Encoding: identity` is added by the client."""

    http_version: str = "HTTP/1.1"
    proxy: Proxy | None = None
    tls: TlsPlan = field(default_factory=TlsPlan)
    timeout_seconds: float | None = None
    policy: str = ""
    """`STRICT`, `LENIENT`, or empty for the default."""

    expect_timeout_seconds: float | None = None
    """How long the content waits for 100 (Continue) where it is expected; None for what the policy says."""

    raw: bytes | None = None
    """The whole request, where it is none that calls could make."""

    @property
    def default_port(self) -> bool:
        """Whether the port is the one that the scheme has."""
        return self.port == DEFAULT_PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """Host and port, as in a URL and in Host."""
        return bracketed(self.host) if self.default_port else self.host_and_port

    @property
    def host_and_port(self) -> str:
        """The same with the port, whichever it is."""
        return f"{bracketed(self.host)}:{self.port}"

    @property
    def url(self) -> str:
        """The target URI, as far as the target gives one (RFC 9112 section 3.3)."""
        if self.target.startswith(("http://", "https://")):
            return self.target
        path = self.target if self.target.startswith("/") else ""
        return f"{self.scheme}://{self.authority}{path}"

    @property
    def field_names(self) -> frozenset[str]:
        """The names of the fields, in lower case."""
        return frozenset(name.lower() for name, _ in self.fields)

    def all_fields(self) -> list[tuple[str, str]]:
        """Give the field lines as they are sent, those that the client adds included."""
        added = []
        if self.host_field and self.http_version != "HTTP/1.0":
            added.append(("Host", self.authority))
        if self.accept_encoding_field and self.http_version != "HTTP/1.0":
            added.append(("Accept-Encoding", "identity"))
        return [*added, *self.fields]


def bracketed(host: str) -> str:
    """Write a host as in a URL: an IPv6 address stands in brackets (RFC 3986 section 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def plan_for_url(url: str, method: str = "GET") -> RequestPlan:
    """Plan a request for an address.

    Args:
        url: An absolute http or https URL.
        method: Any token.

    Raises:
        AddressError: It is no such URL.
    """
    address = split_url(url)
    port = DEFAULT_PORTS[address.scheme] if address.port is None else address.port
    return RequestPlan(address.scheme, address.host.strip("[]"), port, method, address.target)


def plan_of(recording: Recording, record: ExchangeRecord) -> RequestPlan:
    """Take the request of a recorded exchange, so that it can be made once more.

    Args:
        recording: What was recorded.
        record: One of its exchanges.
    """
    connection, exchange = whole_exchange(recording, record)
    host, port, proxy = _other_end(recording, connection)
    https = _is_https(connection)
    established = connection.tls
    plan = RequestPlan(
        "https" if https else "http",
        host,
        port,
        method="GET",
        target="/",
        proxy=proxy,
        tls=TlsPlan(verified=established is None or established.verified),
    )
    line = exchange.request_line
    if line is None:
        return replace(plan, method="", target="", raw=sent_bytes(connection, exchange))
    plan = replace(
        plan,
        method=line.event.method,
        target=line.event.target,
        http_version=line.event.http_version,
        fields=tuple((fact.event.name, fact.event.value) for fact in exchange.request_header_section),
        host_field=False,
        accept_encoding_field=False,
        content=_content(connection, exchange),
        chunks=_chunks(exchange),
    )
    return plan if serialized(plan) == sent_bytes(connection, exchange) else _raw(plan, connection, exchange)


def whole_exchange(recording: Recording, record: ExchangeRecord) -> tuple[ConnectionMoment, ExchangeMoment]:
    """Give an exchange and its connection as they are at the end of a recording."""
    connection = recording.at().connection_numbered(record.connection)
    exchange = connection.exchange_numbered(record.number) if connection else None
    assert connection is not None
    assert exchange is not None
    return connection, exchange


def asked_exchanges(recording: Recording) -> list[ExchangeRecord]:
    """Give the exchanges in which something was asked, in the order in which they began.

    All exchanges are looked at, and read: in a long recording it takes seconds.
    """
    return [record for record in recording.exchanges if was_asked(recording, record)]


def was_asked(recording: Recording, record: ExchangeRecord) -> bool:
    """Say whether something was queued in an exchange, or came.

    A record of number 0 may hold no more than a finding about the connection.
    """
    return (
        _began_to_ask(recording, record)
        or bool(record.responses)
        or any(record.facts.all(kind) for kind in _ASKING)
    )


_ASKING: tuple[type[tap.Event], ...] = (tap.RequestLineBuffered, tap.ContentBuffered)

_FIRST_ENTRIES = 8


def _began_to_ask(recording: Recording, record: ExchangeRecord) -> bool:
    """Say whether one of the first entries of an exchange queued something: so it is as good as always.

    To ask a record for its facts may be to read all entries of the exchange.
    """
    for index in range(record.first_index, min(record.last_index + 1, record.first_index + _FIRST_ENTRIES)):
        if recording.entries.kind(index) in _ASKING:
            event: Any = recording.entries.outline(index)
            if (event.connection, event.exchange) == (record.connection, record.number):
                return True
    return False


def sent_span(exchange: ExchangeMoment) -> Span:
    """Say where the request lies in the `sent` stream; empty where nothing was queued."""
    kinds: tuple[type[Any], ...] = (
        tap.RequestLineBuffered,
        tap.FieldLineBuffered,
        tap.HeaderSectionBuffered,
        tap.ContentBuffered,
    )
    spans = [fact.event.span for kind in kinds for fact in exchange.facts(kind)]
    if not spans:
        return Span("sent", 0, 0)
    return Span("sent", min(span.start for span in spans), max(span.end for span in spans))


def sent_bytes(connection: ConnectionMoment, exchange: ExchangeMoment) -> bytes:
    """Give the whole request, queued bytes included."""
    span = sent_span(exchange)
    return connection.bytes("sent", span.start, span.end)


def serialized(plan: RequestPlan) -> bytes:
    """Give the bytes that the calls of a plan would send."""
    lines = [f"{plan.method} {plan.target} {plan.http_version}".encode("latin-1", "replace")]
    lines += [f"{name}: {value}".encode("latin-1", "replace") for name, value in plan.all_fields()]
    return b"\r\n".join([*lines, b"", b""]) + _framed(plan)


def split_chunks(content: bytes, sizes: tuple[int, ...]) -> list[bytes]:
    """Cut content into the pieces that chunks of these sizes hold."""
    pieces, position = [], 0
    for size in sizes or ((len(content),) if content else ()):
        pieces.append(content[position : position + size])
        position += size
    return pieces


def _framed(plan: RequestPlan) -> bytes:
    content = plan.content or b""
    if plan.chunks is None:
        return content
    pieces = split_chunks(content, plan.chunks)
    return b"".join(b"%X\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _raw(plan: RequestPlan, connection: ConnectionMoment, exchange: ExchangeMoment) -> RequestPlan:
    return replace(plan, raw=sent_bytes(connection, exchange))


def _other_end(recording: Recording, connection: ConnectionMoment) -> tuple[str, int, Proxy | None]:
    """Give the server's host and port, and the proxy on the way to it."""
    host, port = connection.target or connection.address or ("localhost", 80)
    authority = connection.authority
    if authority is None:
        return host, port, None
    server, _, number = authority.rpartition(":")
    return server.strip("[]"), int(number), Proxy(host, port, _tunnel_fields(recording, connection))


def _tunnel_fields(recording: Recording, connection: ConnectionMoment) -> tuple[tuple[str, str], ...]:
    """Give the field lines with which the proxy was asked, beside Host."""
    moments = [recording.at().connection_numbered(record.number) for record in recording.connections]
    asking = [one for one in moments if one is not None and one.tunnel_for == connection.number]
    facts = [
        fact.event for one in asking for exchange in one.exchanges for fact in exchange.request_header_section
    ]
    return tuple((event.name, event.value) for event in facts if event.name.lower() != "host")


def _is_https(connection: ConnectionMoment) -> bool:
    kinds = (tap.TlsStarted, tap.TlsEstablished, tap.TlsFailed)
    return any(connection.count(kind) for kind in kinds)


def _content(connection: ConnectionMoment, exchange: ExchangeMoment) -> bytes | None:
    spans = exchange.request_content_spans
    if not spans:
        return None
    return b"".join(connection.bytes("sent", span.start, span.end) for span in spans)


def _chunks(exchange: ExchangeMoment) -> tuple[int, ...] | None:
    """Give the sizes of the chunks; None where the request is not chunked."""
    leaves: list[Any] = [leaf for fact in exchange.facts(tap.ContentBuffered) for leaf in fact.event.leaves]
    if not any(leaf.kind == "chunk_size" for leaf in leaves):
        return None
    return tuple(leaf.end - leaf.start for leaf in leaves if leaf.kind in ("content", "raw"))
