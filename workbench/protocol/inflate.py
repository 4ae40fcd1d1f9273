"""The codings gzip and deflate, taken off a little at a time (RFC 9110 section 8.4.1).

They are the same whether they are transfer codings (RFC 9112 section 7.2) or content codings.
"""

import zlib
from typing import Any

InflateError = zlib.error
"""The bytes are not what the coding says."""

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class Inflater:
    """Takes one coding off.

    No call inflates more than it was asked for, so a few bytes cannot fill the memory.

    Args:
        coding: `gzip`, `x-gzip` or `deflate`.
    """

    def __init__(self, coding: bytes) -> None:
        self._coding = coding
        self._inflater: Any = None
        """None where a coded stream may begin or the content may end."""

        self._waiting = b""

    @property
    def hungry(self) -> bool:
        """Whether all that was fed has been used up."""
        return not self._waiting

    @property
    def unfinished(self) -> bool:
        """Whether a coded stream has begun, and not ended."""
        return self._inflater is not None

    def feed(self, data: bytes) -> None:
        """Give coded bytes, once the last ones are used up."""
        self._waiting = data

    def inflate(self, limit: int) -> bytes:
        """Inflate what waits, and what is still held of what came before.

        Args:
            limit: At most so many bytes are given, and at least one is meant: 0 is no limit to zlib.

        Raises:
            InflateError: The bytes are not what the coding says.
        """
        if self._inflater is None:
            if not self._waiting:
                return b""
            self._inflater = zlib.decompressobj(self._window_bits())
        data: bytes = self._inflater.decompress(self._waiting, limit)
        self._waiting = self._inflater.unconsumed_tail
        if self._inflater.eof:
            # A gzip stream may have several members, one behind the other.
            self._waiting = self._inflater.unused_data
            self._inflater = None
        return data

    def _window_bits(self) -> int:
        """What zlib wants to be told about the stream that begins."""
        if self._coding != b"deflate":
            return _GZIP
        # deflate means zlib, and many servers send it without the zlib header, whose first byte
        # names the method in its low half (RFC 1950 section 2.2). No compressor begins a raw stream so.
        return _ZLIB if self._waiting[0] & 0x0F == 8 else _RAW_DEFLATE
