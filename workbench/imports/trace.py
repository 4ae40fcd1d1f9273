"""What `curl --trace FILE` or `--trace-ascii FILE` wrote: the bytes of both directions.

With `--trace` they are exact. With `--trace-ascii` line ends are known, and whatever else is no printable ASCII is a dot.
"""

import re
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from workbench.imports.conversation import Conversation
from workbench.imports.errors import CannotImport
from workbench.imports.raw_request import import_raw_request
from workbench.session.plan import bracketed

_PREFIX = r"(?:\d\d:\d\d:\d\d\.\d+ )?(?:\[[\d-]+\] )?"
_TRANSFER = re.compile(
    _PREFIX + r"(=>|<=) (Send|Recv) (header|data|SSL data), (\d{1,15}) bytes \(0x[0-9a-f]+\)"
)
_INFO = re.compile(_PREFIX + r"== Info: (.*)")
_ROW = re.compile(r"([0-9a-f]{4,}): (.*)", re.DOTALL)
_HEX = re.compile(r"((?:[0-9a-f]{2} ){1,16}) *(.*)")
_CONNECTED = re.compile(
    r"Connected to (\S+) \(([^)]*)\) port (\d+)|Established connection to (\S+) \(([^ )]+) port (\d+)\)"
)
_REUSED = re.compile(r"Re-?using existing (?:\w+: )?connection (?:#\d+ )?with host (\S+)")


@dataclass(slots=True)
class _Server:
    """Who was connected to; without a name while curl tries."""

    host: str = ""
    address: str = ""
    port: str = ""
    tls: bool = False

    @property
    def origin(self) -> str:
        """As in a URL; empty while it has no name."""
        if not self.host:
            return ""
        return f"{'https' if self.tls else 'http'}://{bracketed(self.host)}:{self.port}"


class _Request(NamedTuple):
    server: _Server | None
    sent: bytearray
    received: bytearray


class _Transfer(NamedTuple):
    sent: bool
    kind: str
    length: int
    line: int
    server: _Server | None
    rows: list[tuple[int, str]]


def import_trace(text: str) -> list[Conversation]:
    """Read a trace.

    Args:
        text: The file. Its bytes are latin-1.

    Raises:
        CannotImport: It is no trace, or no request is in it.
    """
    transfers = _read(text)
    requests: list[_Request] = []
    exact = all(_HEX.fullmatch(row.rstrip("\r")) for transfer in transfers for _, row in transfer.rows)
    for transfer in transfers:
        if transfer.kind == "SSL data":
            continue
        data = _bytes_of(transfer, exact=exact)
        if _begins_after_interim(transfer, data, requests):
            data = b"\r\n" + data
        begins = transfer.sent and transfer.kind == "header"
        if begins or not requests:
            if not begins:
                raise CannotImport("Expected a request before anything else, found data", transfer.line)
            requests.append(_Request(transfer.server, bytearray(), bytearray()))
        (requests[-1].sent if transfer.sent else requests[-1].received).extend(data)
    if not requests:
        raise CannotImport("Expected a line such as '=> Send header, 83 bytes (0x53)', found none")
    return [_conversation(request) for request in requests]


def _begins_after_interim(transfer: _Transfer, data: bytes, requests: list[_Request]) -> bool:
    """Whether curl has left out the empty line of an interim response in front of this one, as some versions do."""
    received = requests[-1].received if requests else b""
    is_status_line = not transfer.sent and transfer.kind == "header" and data.startswith(b"HTTP/1.")
    return is_status_line and len(received) > 0 and not received.endswith(b"\r\n\r\n")


def _read(text: str) -> list[_Transfer]:
    transfers: list[_Transfer] = []
    servers: dict[str, _Server] = {}
    server: _Server | None = None
    in_info = False
    for number, line in enumerate(text.split("\n"), start=1):
        match = _TRANSFER.fullmatch(line.rstrip("\r"))
        if match:
            in_info = False
            transfers.append(_Transfer(match[2] == "Send", match[3], int(match[4]), number, server, []))
        elif info := _INFO.fullmatch(line.rstrip("\r")):
            in_info = True
            server = _server_after(info[1], server, servers)
        elif (row := _ROW.fullmatch(line)) and transfers and not in_info:
            transfers[-1].rows.append((int(row[1], 16), row[2]))
        elif line.strip() and not in_info:
            raise CannotImport(
                f"Expected a line of a trace, found {line[:60]!r}", number, 1, "curl --trace FILE writes one"
            )
    return transfers


def _server_after(info: str, server: _Server | None, servers: dict[str, _Server]) -> _Server | None:
    """Say with whom curl talks after it has said something, and remember by their names those whom it was connected to."""
    if info.lstrip().startswith("Trying "):
        return _Server()
    if connected := _CONNECTED.search(info):
        # curl 7.88 says so in front of what it says about TLS, 8.23 behind it.
        server = _Server() if server is None or server.host else server
        server.host, server.address, server.port = (group for group in connected.groups() if group)
        servers[server.host] = server
        return server
    if reused := _REUSED.match(info):
        return servers.get(reused[1], server)
    if server is not None and info.startswith(("SSL connection using", "TLSv", "ALPN")):
        server.tls = True
    return server


def _bytes_of(transfer: _Transfer, *, exact: bool) -> bytes:
    """Put the rows together, which hold as many bytes as the head of the transfer says."""
    data = bytearray()
    ends = [offset for offset, _ in transfer.rows[1:]] + [transfer.length]
    for line, (offset, row), end in zip(count(transfer.line + 1), transfer.rows, ends, strict=False):
        if offset != len(data):
            raise CannotImport(f"Expected the row of byte {len(data):04x}, found {offset:04x}", line)
        data += _exact_bytes(row, end - offset, line) if exact else _text_bytes(row, end - offset, line)
    if len(data) != transfer.length:
        raise CannotImport(f"Expected {transfer.length} bytes, found {len(data)}", transfer.line)
    return bytes(data)


def _exact_bytes(row: str, length: int, line: int) -> bytes:
    """Read a row of `--trace`."""
    digits = _HEX.fullmatch(row.rstrip("\r"))
    data = bytes.fromhex(digits[1]) if digits else b""
    if len(data) != length:
        raise CannotImport(f"Expected a row of {length} bytes, found {len(data)}", line, 7)
    return data


def _text_bytes(row: str, length: int, line: int) -> bytes:
    """Read a row of `--trace-ascii`, which ends where a line does, or after 64 characters."""
    text = row.encode("latin-1", "replace")
    missing = length - len(text)
    if missing in (0, 2):
        return text + b"\r\n"[:missing]
    if missing in (1, -1):
        return (text.removesuffix(b"\r") + b"\n")[:length]
    raise CannotImport(f"Expected a row of {length} bytes, found {len(text)} characters", line, 7)


def _conversation(request: _Request) -> Conversation:
    server = request.server
    plan = import_raw_request(bytes(request.sent), server.origin if server else "")
    return Conversation(plan, bytes(request.received), server.address if server else "")
