"""One decoder for each content coding, all with the same four members (RFC 9110 section 8.4).

gzip and deflate come with Python. br and zstd come with packages that not everybody needs: without
them the coding is known, and cannot be taken off here.
"""

from importlib import import_module
from typing import Any, Protocol

from workbench.protocol.inflate import InflateError, Inflater

HOW_TO_GET_CODINGS = "pip install 'http-workbench[codings]'"

LARGEST_ZSTD_WINDOW_LOG = 23
"""8 MiB.

> recipients MUST support a window size of up to and including 8 MB    (RFC 9659 section 3)

and no sender may ask for more, so a larger one is an attempt on our memory."""


class DecodeFailedError(ValueError):
    """The bytes are not what their coding says."""


class DecoderMissingError(LookupError):
    """The package for a coding is not installed."""


class Decoder(Protocol):
    """Takes one coding off, no more of it at a time than it is asked for."""

    @property
    def hungry(self) -> bool:
        """Whether it needs to be fed."""

    @property
    def unfinished(self) -> bool:
        """Whether a coded stream has begun, and not ended."""

    def feed(self, data: bytes) -> None:
        """Give coded bytes, once it is hungry."""

    def inflate(self, limit: int) -> bytes:
        """Give at most `limit` bytes of content.

        Raises:
            DecodeFailedError: The bytes are not what the coding says.
        """


class ZlibDecoder(Inflater):
    """gzip and deflate."""

    def inflate(self, limit: int) -> bytes:
        """Give some content."""
        try:
            return super().inflate(limit)
        except InflateError as error:
            # The first half is a number of zlib's and says nothing more.
            raise DecodeFailedError(str(error).rpartition(": ")[2]) from error


class BrotliDecoder:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._module = _load("brotli", "br")
        self._decompressor: Any = self._module.Decompressor()
        self._waiting = b""
        self._begun = False

    @property
    def hungry(self) -> bool:
        """Whether it needs to be fed."""
        return not self._waiting and bool(self._decompressor.can_accept_more_data())

    @property
    def unfinished(self) -> bool:
        """Whether the stream has begun, and not ended."""
        return self._begun and not self._decompressor.is_finished()

    def feed(self, data: bytes) -> None:
        """Give coded bytes."""
        self._waiting = data
        self._begun = self._begun or bool(data)

    def inflate(self, limit: int) -> bytes:
        """Give some content."""
        if self._begun and self._decompressor.is_finished():
            raise DecodeFailedError("bytes follow the end of the coded stream")
        data, self._waiting = self._waiting, b""
        try:
            content: bytes = self._decompressor.process(data, output_buffer_limit=limit)
        except self._module.error as error:
            raise DecodeFailedError(str(error)) from error
        return content


class ZstdDecoder:
    """Zstandard (RFC 8878)."""

    def __init__(self) -> None:
        self._module = _load_zstd()
        self._decompressor: Any = None
        self._waiting = b""

    @property
    def hungry(self) -> bool:
        """Whether it needs to be fed."""
        return not self._waiting and (self._decompressor is None or bool(self._decompressor.needs_input))

    @property
    def unfinished(self) -> bool:
        """Whether a frame has begun, and not ended."""
        return self._decompressor is not None

    def feed(self, data: bytes) -> None:
        """Give coded bytes."""
        self._waiting = data

    def inflate(self, limit: int) -> bytes:
        """Give some content. Several frames may stand behind one another."""
        if self._decompressor is None:
            parameter = self._module.DecompressionParameter.window_log_max
            options = {parameter: LARGEST_ZSTD_WINDOW_LOG}
            self._decompressor = self._module.ZstdDecompressor(options=options)
        data, self._waiting = self._waiting, b""
        try:
            content: bytes = self._decompressor.decompress(data, limit)
        except self._module.ZstdError as error:
            raise DecodeFailedError(str(error)) from error
        if self._decompressor.eof:
            self._waiting = self._decompressor.unused_data
            self._decompressor = None
        return content


def make_decoder(coding: str) -> Decoder | None:
    """Make the decoder of a coding, given in lower case; None for one that nobody here knows.

    Raises:
        DecoderMissingError: The package for it is not installed.
    """
    if coding in ("gzip", "x-gzip", "deflate"):
        return ZlibDecoder(coding.encode())
    if coding == "br":
        return BrotliDecoder()
    return ZstdDecoder() if coding == "zstd" else None


def _load(module: str, coding: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise DecoderMissingError(coding) from error


def _load_zstd() -> Any:
    try:
        return import_module("compression.zstd")  # Python 3.14
    except ImportError:
        return _load("backports.zstd", "zstd")
