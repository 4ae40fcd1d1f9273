"""What is special about some bytes of the wire: at fault, found, or chosen."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from workbench.protocol.wire.span import Span, StreamName
from workbench.ui.presentation.fault import Fault
from workbench.ui.presentation.piece import Tone

HitsIn = Callable[[StreamName, int, int], Iterable[Span]]
"""Gives what was found in a range of bytes, in order."""


def _nothing(stream: StreamName, start: int, end: int) -> Iterable[Span]:  # noqa: ARG001 - a `HitsIn`
    return ()


@dataclass(frozen=True)
class Marks:
    """The marked bytes of one connection at one moment."""

    fault: Fault | None = None
    chosen: Span | None = None
    """The part that the reader points at, here or in another pane."""

    hits_in: HitsIn = _nothing
    """What the find bar found."""

    hit: Span | None = None
    """The one of these that the reader is at."""

    def tones(self, stream: StreamName, start: int, end: int) -> list[Tone] | None:
        """Say what is special about each byte of a row; None when nothing is, as nearly always."""
        ranges = list(self._ranges(stream, start, end))
        if not ranges:
            return None
        tones = [Tone.NONE] * (end - start)
        for span, tone in ranges:
            for offset in range(max(span.start, start), min(span.end, end)):
                tones[offset - start] = tone
        return tones

    def _ranges(self, stream: StreamName, start: int, end: int) -> Iterator[tuple[Span, Tone]]:
        """Yield the marked ranges that touch a row. Where two meet, the later one is seen."""
        for span, tone in self._single():
            if span.stream == stream and span.start < end and start < span.end:
                yield span, tone
        for hit in self.hits_in(stream, start, end):
            yield hit, Tone.FOUND_HERE if hit == self.hit else Tone.FOUND

    def _single(self) -> Iterator[tuple[Span, Tone]]:
        if self.chosen is not None:
            yield self.chosen, Tone.CHOSEN
        if self.fault is not None:
            yield Span(self.fault.stream, self.fault.start, self.fault.end), Tone.OFFENDING


def split_by_tone(
    tones: list[Tone] | None, start: int, end: int, tone: Tone
) -> Iterator[tuple[int, int, Tone]]:
    """Cut a range where its tone changes.

    Args:
        tones: As `Marks.tones` gives them.
        start: Place of the first byte among them.
        end: Place after the last.
        tone: That of bytes that are not marked.

    Yields:
        Start, end and tone of each part.
    """
    if tones is None:
        yield start, end, tone
        return
    for marked, group in groupby(tones[start:end]):
        size = len(list(group))
        yield start, start + size, tone if marked is Tone.NONE else marked
        start += size
