"""A capture file (pcapng) for Wireshark and its like.

Nothing was captured: the packets are made up around the recorded bytes, so that what reads captures can
read a recording. Addresses, ports, times and the order of the transfers are the recorded ones. What TLS
carried stands in the packets without TLS; a connection to port 443 is given the port 80, where readers
expect HTTP, and its packets say so.

> https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html
"""

import ipaddress
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from workbench import __version__
from workbench.export.exporter import Exporter
from workbench.export.subject import CannotExport, Subject
from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.visible import visible

SEGMENT_BYTES = 1460
"""What an Ethernet frame leaves for a segment of TCP over IPv4."""

LINKTYPE_RAW = 101
"""Packets begin with their IP header, of version 4 or 6."""

_SECTION, _INTERFACE, _PACKET, _SECRETS = 0x0A0D0D0A, 1, 6, 10
_TLS_KEY_LOG = 0x544C534B
_END, _COMMENT, _APPLICATION, _RESOLUTION = 0, 1, 4, 9
_NANOSECONDS = b"\x09"

_FIN, _SYN, _RST, _PSH, _ACK = 1, 2, 4, 8, 16
_TCP, _TTL, _WINDOW = 6, 64, 65535

_SOME_ADDRESS = ipaddress.ip_address("192.0.2.1")
"""Nobody has it (RFC 5737)."""

_FIRST_PORT = 49152
"""Of those that systems give to clients (RFC 6335 section 6)."""

_MOST_COMMENT = 1000
"""Bytes. An option has two bytes for its length."""


def export_pcapng(subject: Subject) -> Iterator[bytes]:
    """Yield the file block by block."""
    connections = {one.number: one for one in subject.connections}
    flows = {number: _Flow.of(one) for number, one in connections.items() if one.address is not None}
    # What is said to a proxy first goes over the same connection as what then goes through it.
    flows |= {n: flows[one.tunnel_for] for n, one in connections.items() if one.tunnel_for in flows}
    if not flows:
        raise CannotExport("no connection was made, so that there is nothing to capture")
    yield _section(subject.secrets_line)
    yield _block(_INTERFACE, struct.pack("<HHI", LINKTYPE_RAW, 0, 0) + _options((_RESOLUTION, _NANOSECONDS)))
    if subject.tls_keys:
        # Each block of secrets stands before the packets that it is for.
        body = struct.pack("<II", _TLS_KEY_LOG, len(subject.tls_keys)) + _padded(subject.tls_keys)
        yield _block(_SECRETS, body)
    for entry in subject.recording.entries:
        event = entry.event
        if isinstance(event, tap.Event) and event.connection in flows:
            time_ns = subject.unix_time_ns(event.time_ns)
            spans = []
            if isinstance(event, tap.BytesSent | tap.BytesReceived):
                spans = subject.spans(event.connection, event.span)
            for packet, comment in flows[event.connection].packets(
                event, connections[event.connection], spans
            ):
                yield _packet_block(packet, time_ns, comment)


# --- blocks --------------------------------------------------------------------------------------


def _section(comment: str) -> bytes:
    application = f"Workbench {__version__}".encode()
    options = _options((_COMMENT, _comment(comment)), (_APPLICATION, application))
    return _block(_SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + options)


def _packet_block(packet: bytes, time_ns: int, comment: str) -> bytes:
    # Not before 1970, where a clock that was set, or a changed file, has it.
    time = struct.pack("<Q", max(0, time_ns) & 0xFFFFFFFFFFFFFFFF)
    head = struct.pack("<I4s4sII", 0, time[4:], time[:4], len(packet), len(packet))
    options = _options((_COMMENT, _comment(comment))) if comment else b""
    return _block(_PACKET, head + _padded(packet) + options)


def _comment(text: str) -> bytes:
    return visible(text).encode()[:_MOST_COMMENT].decode("utf-8", "ignore").encode()


def _block(kind: int, body: bytes) -> bytes:
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def _options(*options: tuple[int, bytes]) -> bytes:
    coded = [struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options]
    return b"".join([*coded, struct.pack("<HH", _END, 0)])


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


# --- packets -------------------------------------------------------------------------------------


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(slots=True)
class _End:
    """One end of a connection."""

    address: _Address
    port: int
    sequence: int
    """Of the next byte it sends."""


@dataclass(slots=True)
class _Flow:
    """The segments of one connection."""

    client: _End
    server: _End
    comment: str
    ended: bool = False
    identification: int = 0

    @classmethod
    def of(cls, connection: ConnectionMoment) -> "_Flow":
        connected = connection.fact(tap.Connected)
        assert connected is not None
        event = connected.event
        port, remarks = event.port, []
        if connection.tls is not None:
            port = 80 if event.port == 443 else event.port
            remarks.append(f"TLS was taken off; the port was {event.port}")
        server, client = _address(event.address), _address(event.local_address)
        if server is None:
            server = _SOME_ADDRESS
            remarks.append(f"the address is made up; the server was {event.address}")
        if client is None or client.version != server.version:
            client = ipaddress.ip_address("::" if server.version == 6 else "0.0.0.0")  # noqa: S104 - no address at all
        # Without one, as where an archive was imported, two connections would be one.
        client_port = event.local_port or _FIRST_PORT + connection.number % (1 << 14)
        return cls(
            _End(client, client_port & 0xFFFF, 1000), _End(server, port & 0xFFFF, 5000), "; ".join(remarks)
        )

    def packets(
        self, event: tap.Event, connection: ConnectionMoment, spans: list[Span]
    ) -> Iterator[tuple[bytes, str]]:
        """Yield the packets that an event stands for, each with a remark.

        Args:
            event: Of a connection that this flow carries.
            connection: Has the bytes of the event.
            spans: Where they are, of one that brought some.
        """
        match event:
            case tap.Connected():
                yield self._segment(self.client, _SYN), self.comment
                self.client.sequence += 1
                yield self._segment(self.server, _SYN | _ACK), ""
                self.server.sequence += 1
                yield self._segment(self.client, _ACK), ""
            case tap.BytesSent() | tap.BytesReceived():
                sender = self.client if isinstance(event, tap.BytesSent) else self.server
                for span in spans:
                    yield from self._data(sender, connection.bytes(span.stream, span.start, span.end))
            case tap.EndOfStreamReceived():
                yield from self._fin(self.server)
            case tap.TransportFailed(error=error) if "reset" in error.lower():
                self.ended = True
                yield self._segment(self.server, _RST | _ACK), error
            case tap.ConnectionClosed(reason=reason) if not self.ended and connection.tunnel_for is None:
                self.ended = True
                yield from self._fin(self.client, reason)

    def _data(self, sender: _End, data: bytes) -> Iterator[tuple[bytes, str]]:
        for start in range(0, len(data), SEGMENT_BYTES):
            piece = data[start : start + SEGMENT_BYTES]
            yield self._segment(sender, _PSH | _ACK, piece), ""
            sender.sequence += len(piece)
        yield self._segment(self._other(sender), _ACK), ""

    def _fin(self, sender: _End, remark: str = "") -> Iterator[tuple[bytes, str]]:
        yield self._segment(sender, _FIN | _ACK), remark
        sender.sequence += 1
        yield self._segment(self._other(sender), _ACK), ""

    def _other(self, end: _End) -> _End:
        return self.server if end is self.client else self.client

    def _segment(self, sender: _End, flags: int, data: bytes = b"") -> bytes:
        receiver = self._other(sender)
        # A SYN acknowledges nothing yet.
        acknowledged = receiver.sequence if flags & _ACK else 0
        head = struct.pack(
            "!HHIIBBHHH",
            sender.port,
            receiver.port,
            sender.sequence & 0xFFFFFFFF,
            acknowledged & 0xFFFFFFFF,
            5 << 4,
            flags,
            _WINDOW,
            0,
            0,
        )
        source, target = sender.address.packed, receiver.address.packed
        pseudo = source + target + struct.pack("!IHBB", len(head) + len(data), 0, 0, _TCP)
        checksum = _checksum(pseudo + head + data)
        segment = head[:16] + struct.pack("!H", checksum) + head[18:] + data
        return self._ip_head(source, target, len(segment)) + segment

    def _ip_head(self, source: bytes, target: bytes, length: int) -> bytes:
        if len(source) == 16:
            return struct.pack("!IHBB", 6 << 28, length, _TCP, _TTL) + source + target
        self.identification = (self.identification + 1) & 0xFFFF
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, self.identification, 0x4000, _TTL, _TCP, 0)
        checksum = _checksum(head + source + target)
        return head[:10] + struct.pack("!H", checksum) + source + target


def _address(text: str) -> _Address | None:
    """Read an address; None where it is none, such as the name of a host that an archive has."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _checksum(data: bytes) -> int:
    """The checksum of IP and TCP (RFC 1071)."""
    padded = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


EXPORTER = Exporter(
    "pcapng", ".pcapng", "a capture for Wireshark, around the recorded bytes", export_pcapng, binary=True
)
