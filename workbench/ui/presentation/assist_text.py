"""What can be typed, and what a call takes, in lines."""

from collections.abc import Iterator, Sequence

from workbench.session.assist.offers import Assistance, Offer
from workbench.session.assist.signature import Parameter, Signature
from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role, Tone, cut, width_of

LABEL_CELLS = 34
"""Room for what is offered; the words about it begin behind that."""

MARK = "▸ "


class OfferLines:
    """A list of offers: a source of lines for a view."""

    def __init__(self, offers: Sequence[Offer], chosen: int) -> None:
        self._offers = offers
        self._chosen = chosen
        longest = max((len(offer.label) for offer in offers), default=0)
        self._label_cells = min(longest, LABEL_CELLS)

    def __len__(self) -> int:
        return len(self._offers)

    @property
    def columns(self) -> int:
        """Say 0: every line is cut to the width."""
        return 0

    def line(self, number: int, width: int) -> Line:
        """Make one line: what is offered, and what is known of it."""
        offer = self._offers[number]
        here = number == self._chosen
        name, bracket, arguments = visible(offer.label).partition("(")
        label = cut((Piece(name, Role.NAME), Piece(bracket + arguments, Role.DIM)), self._label_cells)
        gap = self._label_cells - width_of(label) + 2
        words: Line = (Piece(visible(offer.help), Role.PLAIN if here else Role.DIM),)
        if offer.error:
            words = (Piece(f"raises {offer.error} now", Role.WARNING),)
        return cut((Piece(MARK if here else "  ", Role.KEY), *label, Piece(" " * gap), *words), width)


def signature_lines(assistance: Assistance, width: int) -> tuple[Line, ...]:
    """Say what the call takes, what the argument at the cursor is, and what it raises.

    Args:
        assistance: What is known of the place of the cursor.
        width: In cells; nothing is longer.
    """
    signature = assistance.signature
    if signature is None:
        return ()
    lines = [_head(signature, assistance.parameter, width)]
    if assistance.parameter is not None:
        parameter = signature.parameters[assistance.parameter]
        if parameter.help or parameter.type:
            lines.append(parameter_line(parameter))
    if assistance.error:
        lines.append(
            (
                Piece(f"raises {assistance.error} now", Role.WARNING),
                Piece(": not legal in this state", Role.DIM),
            )
        )
    elif signature.raises:
        names = ", ".join(dict.fromkeys(name for name, _ in signature.raises))
        lines.append((Piece("may raise ", Role.DIM), Piece(visible(names))))
    return tuple(cut(line, width) for line in lines)


def parameter_line(parameter: Parameter) -> Line:
    """Say what an argument is."""
    kind = f" {parameter.type}" if parameter.type else ""
    return (
        Piece(parameter.name, Role.NAME),
        Piece(kind, Role.DIM),
        Piece(f": {parameter.help}" if parameter.help else ""),
    )


def _head(signature: Signature, current: int | None, width: int) -> Line:
    """Write the call with the argument at the cursor lit; a long one begins there."""
    pieces = list(_call_pieces(signature, current))
    summary = (Piece(f"  {visible(signature.summary)}", Role.DIM),)
    whole = (Piece(signature.name, Role.STRONG), Piece("("), *pieces, Piece(")"))
    if width_of(whole) <= width or current is None:
        return (*whole, *summary)
    lit = next(at for at, piece in enumerate(pieces) if piece.role is Role.LIT)
    if width_of((*whole[:2], *pieces[: lit + 1])) < width:
        return whole
    return (Piece(signature.name, Role.STRONG), Piece("(… "), *pieces[lit:], Piece(")"))


def _call_pieces(signature: Signature, current: int | None) -> Iterator[Piece]:
    if not signature.known:
        yield Piece("…", Role.DIM)
        return
    for count, (number, text) in enumerate(signature.pieces()):
        if count:
            yield Piece(", ", Role.DIM)
        here = number is not None and number == current
        yield Piece(visible(text), Role.LIT if here else Role.PLAIN, Tone.NONE)
