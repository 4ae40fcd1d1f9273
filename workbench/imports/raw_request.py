"""A request as it is on the wire, from a file: request-line, field lines, an empty line, content."""

import re
from dataclasses import replace

from workbench.imports.errors import CannotImport
from workbench.session.address import AddressError
from workbench.session.plan import RequestPlan, plan_for_url

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) HTTP/1\.([01])")
_FIELD_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\0\r\n]*)")
_LINE = re.compile(rb"([^\n]*?)\r?\n|([^\n]+)\Z")

_SAY_WITH_WHOM = "Write a Host field into it, or give --origin http://HOST:PORT on the command line"


def import_raw_request(data: bytes, origin: str = "") -> RequestPlan:
    """Read a request.

    Args:
        data: Its bytes. Lines of the head may end with LF alone, as editors write them.
        origin: With whom it is to be made: `http://localhost:8000`; empty for what its target or Host says.

    Raises:
        CannotImport: It is no request that calls can make.
    """
    return _Reader(data).plan(origin)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._line = 0

    def plan(self, origin: str) -> RequestPlan:
        method, target, minor = self._request_line()
        fields = self._fields()
        chunked = any(n.lower() == "transfer-encoding" and v.lower().endswith("chunked") for n, v in fields)
        content, sizes = self._chunks() if chunked else (self._data[self._at :] or None, None)
        return replace(
            self._addressed(origin, target, fields),
            method=method,
            target=target,
            http_version=f"HTTP/1.{minor}",
            fields=tuple(fields),
            content=content,
            chunks=sizes,
            host_field=False,
            accept_encoding_field=False,
        )

    def _request_line(self) -> tuple[str, str, str]:
        line = self._next_line()
        while line == b"":  # A text may begin with empty lines.
            line = self._next_line()
        match = _REQUEST_LINE.fullmatch(line or b"")
        if match is None:
            column = self._bad_column(line or b"")
            raise self._fault(
                f"Expected a request-line such as GET / HTTP/1.1, found {line or b''!r:.80}", column
            )
        return match[1].decode(), match[2].decode(), match[3].decode()

    @staticmethod
    def _bad_column(line: bytes) -> int:
        """Say where a request-line stops being one."""
        good = re.match(
            rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+(?: (?:[\x21-\x7e]+(?: H?T?T?P?/?1?\.?)?)?)?)?", line
        )
        return (good.end() if good else 0) + 1

    def _fields(self) -> list[tuple[str, str]]:
        fields: list[tuple[str, str]] = []
        while (line := self._next_line()) not in (b"", None):
            assert line is not None
            if line[:1] in b" \t" and fields:
                raise self._fault(
                    "Expected a field line, found one that is folded", 1, "Write it in one line"
                )
            match = _FIELD_LINE.fullmatch(line)
            if match is None:
                name = re.match(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]*", line)
                column = (name.end() if name else 0) + 1
                raise self._fault(
                    f"Expected NAME: VALUE, found {line!r:.80}", column, "An empty line ends the fields"
                )
            fields.append((match[1].decode(), str(match[2].strip(b" \t"), "latin-1")))
        return fields

    def _chunks(self) -> tuple[bytes, tuple[int, ...]]:
        """Take chunk framing off."""
        content = bytearray()
        sizes: list[int] = []
        while True:
            line = self._next_line()
            if extended := re.match(rb"([0-9A-Fa-f]{1,8})[ \t]*;", line or b""):
                raise self._fault(
                    f"Expected a chunk with no extension, found {line or b''!r:.80}",
                    extended.end(1) + 1,
                    "No call sends it: leave it out",
                )
            if line is None or not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", line):
                raise self._fault(
                    f"Expected the size of a chunk, as hexadecimal digits, found {line or b''!r:.80}", 1
                )
            size = int(line, 16)
            if not size:
                self._end_of_chunks()
                return bytes(content), tuple(sizes)
            piece = self._data[self._at : self._at + size]
            content += piece
            sizes.append(size)
            self._at += size
            self._line += piece.count(b"\n")
            if len(piece) < size or self._next_line() != b"":
                raise self._fault(f"Expected {size} bytes of the chunk and a line end behind them", 1)

    def _end_of_chunks(self) -> None:
        """Go to the end: a text may end early, or with empty lines."""
        while (line := self._next_line()) is not None:
            if line:
                raise self._fault(
                    f"Expected nothing behind the last chunk, found {line!r:.80}",
                    1,
                    "Calls send no trailer fields; import one request at a time",
                )

    def _addressed(self, origin: str, target: str, fields: list[tuple[str, str]]) -> RequestPlan:
        host = next((value for name, value in fields if name.lower() == "host"), "")
        absolute = target.startswith(("http://", "https://"))
        address = origin or (target if absolute else f"http://{host}/" if host else "")
        if not address:
            raise CannotImport(
                "Expected a Host field or an address, to know with whom the request is to be made",
                hint=_SAY_WITH_WHOM,
            )
        try:
            return plan_for_url(address)
        except AddressError as error:
            raise CannotImport(str(error), hint=_SAY_WITH_WHOM) from None

    def _next_line(self) -> bytes | None:
        """Give the next line without its end; None behind the last one."""
        match = _LINE.match(self._data, self._at)
        if match is None:
            return None
        self._at = match.end()
        self._line += 1
        return match[1] if match[1] is not None else match[2]

    def _fault(self, message: str, column: int, hint: str = "") -> CannotImport:
        return CannotImport(message, max(self._line, 1), column, hint)
