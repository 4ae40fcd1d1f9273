"""Taking the codings off content, with a bound on everything.

A few kilobytes can be coded so that they fill a disk when they are decoded, or so that they keep a
decoder busy and give nothing. So there is a bound on what comes out, on what goes into each
decoder, and on how many decoders there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.session.decoders import DecodeFailedError, Decoder, DecoderMissingError, make_decoder

MOST_CODINGS = 5
"""What curl takes off, too. One is usual, two are rare."""

MOST_TAKEN = 1 << 20
"""Bytes that one decoder is given at most: a fifth of a second, for the worst there is."""

PIECE_SIZE = 1 << 14


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out."""

    data: bytes
    """Content, at most as much as was asked for."""

    whole: bool
    """Whether that is all: nothing is left, and every coded stream has ended."""

    undone: tuple[str, ...] = ()
    """The codings that were taken off, in the order in which that was done."""

    obstacle: str = ""
    """The coding that could not be taken off. `data` still has it on then."""

    missing_package: bool = False
    """Whether a package would do it."""

    fault: str = ""
    """What was wrong with the coded bytes. `data` is what came before."""


class _Stage:
    """One decoder, and where its bytes come from."""

    def __init__(self, decoder: Decoder, source: Iterator[bytes]) -> None:
        self.decoder = decoder
        self._source = source
        self._taken = 0
        self.exhausted = False
        """Whether the bound was met before the end of the source."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            if self.decoder.hungry and not self._fed():
                return
            data = self.decoder.inflate(PIECE_SIZE)
            if data:
                yield data

    def _fed(self) -> bool:
        """Feed the decoder; False at the end, or when it has had enough."""
        if self._taken >= MOST_TAKEN:
            self.exhausted = True
            return False
        piece = next(self._source, b"")
        self._taken += len(piece)
        if piece:
            self.decoder.feed(piece)
        return bool(piece)


def decode(pieces: Iterable[bytes], codings: Sequence[str], limit: int) -> Decoded:
    """Take codings off.

    Args:
        pieces: The coded content. No more pieces are taken than are needed; none is empty.
        codings: Their names, in the order in which they were applied.
        limit: The most bytes of content to give.
    """
    named = [coding.lower() for coding in codings if coding.lower() != "identity"]
    stages: list[_Stage] = []
    source = iter(pieces)
    for coding in reversed(named):
        try:
            decoder = make_decoder(coding) if len(named) <= MOST_CODINGS else None
        except DecoderMissingError:
            return _coded(pieces, limit, coding, missing_package=True)
        if decoder is None:
            return _coded(pieces, limit, coding)
        stages.append(_Stage(decoder, source))
        source = iter(stages[-1])
    data, fault = _gather(source, limit)
    whole = not fault and len(data) <= limit and next(_quietly(source), None) is None and _all_ended(stages)
    return Decoded(data[:limit], whole, tuple(reversed(named)), fault=fault)


def _all_ended(stages: Iterable[_Stage]) -> bool:
    return not any(stage.exhausted or stage.decoder.unfinished for stage in stages)


def _coded(pieces: Iterable[bytes], limit: int, coding: str, *, missing_package: bool = False) -> Decoded:
    data, _ = _gather(iter(pieces), limit)
    return Decoded(data[:limit], False, obstacle=coding, missing_package=missing_package)


def _gather(source: Iterator[bytes], limit: int) -> tuple[bytes, str]:
    """Collect pieces until there are enough bytes, and say what went wrong meanwhile."""
    found = bytearray()
    try:
        while len(found) < limit:
            piece = next(source, b"")
            if not piece:
                break
            found += piece
    except DecodeFailedError as error:
        return bytes(found), str(error)
    return bytes(found), ""


def _quietly(source: Iterator[bytes]) -> Iterator[bytes]:
    """Look for more. What is wrong with it does not matter: it is not shown."""
    try:
        yield from source
    except DecodeFailedError:
        yield b""
