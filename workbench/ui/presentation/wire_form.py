"""The three views of the wire, and what they have in common."""

from enum import StrEnum
from typing import Protocol

from workbench.protocol.wire.span import Span, StreamName
from workbench.ui.presentation.key_names import KeyNames
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.source import LineSource


class WireForm(StrEnum):
    """How bytes are shown."""

    TEXT = "text"
    HEX = "hex"
    LADDER = "ladder"

    @property
    def following(self) -> "WireForm":
        """The next one, and after the last one the first."""
        forms = list(WireForm)
        return forms[(forms.index(self) + 1) % len(forms)]


class WireSource(LineSource, Protocol):
    """The rows of a connection at one moment, with the way from bytes to rows and back."""

    complete: bool
    """Whether all that the connection had come to is among the rows; where not, more are being indexed."""

    def span_of_row(self, number: int) -> Span | None:
        """Give the bytes that a row shows; None for a row without any."""

    def row_of(self, stream: StreamName, offset: int) -> int | None:
        """Find the row that shows a byte; None when none does."""

    def row_of_entry(self, entry: int) -> int | None:
        """Find the row of an entry; None when it has none in this view."""

    def entry_of_row(self, number: int) -> int | None:
        """Find the entry that a row is about; None when it is about none."""


def form_notes(shown: WireForm, keys: KeyNames) -> Line:
    """Name the views for the border, with the one that is shown and the key that changes it."""
    pieces = [Piece("  ")]
    for form in WireForm:
        if len(pieces) > 1:
            pieces.append(Piece(" · ", Role.DIM))
        pieces.append(Piece(form.value, Role.STRONG if form is shown else Role.DIM))
    return (*pieces, Piece("  "), Piece(keys("wire_view"), Role.KEY))
