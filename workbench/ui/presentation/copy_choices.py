"""What can be copied from where the reader is, and in which forms: the lines of the chooser."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.protocol.wire.span import Span
from workbench.session.visible import visible
from workbench.ui.presentation.copy_formats import CopyFormat, Read, format_bytes
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.quantity import bytes_words

PREVIEW_BYTES = 48

Way = Literal["tool", "terminal", "file"]


@dataclass(frozen=True)
class CopyRange:
    """Some bytes that one may want."""

    name: str
    """What they are: `field line`, `this row`, `everything sent`."""

    span: Span


@dataclass(frozen=True)
class CopyChoice:
    """Some bytes in a form."""

    range: CopyRange
    form: CopyFormat


@dataclass(frozen=True)
class CallChoice:
    """An exchange, as something that makes its request again."""

    form: str
    """The name of an exporter."""

    key: str
    secrets: bool = False
    """Whether credentials are left in."""


CALL_CHOICES = (
    CallChoice("script", "s"),
    CallChoice("python", "p"),
    CallChoice("curl", "c"),
    CallChoice("pytest", "t"),
)

_CALL_WORDS = {
    "script": "the calls, for Workbench and for Python",
    "python": "a program with http.client alone",
    "curl": "a command for a shell",
    "pytest": "a test that expects this answer",
}


def copy_choices(ranges: Iterable[CopyRange]) -> list[CopyChoice]:
    """List every range in every form. Of ranges with the same bytes the first one stays."""
    distinct: dict[Span, CopyRange] = {}
    for one in ranges:
        if len(one.span):
            distinct.setdefault(one.span, one)
    return [CopyChoice(one, form) for one in distinct.values() for form in CopyFormat]


class CopyLines:
    """The choices as lines, each with a digit to press and the beginning of what it gives."""

    def __init__(
        self, choices: Sequence[CopyChoice], read: dict[str, Read], calls: Sequence[CallChoice] = ()
    ) -> None:
        self.choices = choices
        self.calls = calls
        self._read = read
        names = (_EXCHANGE, *(_range_words(choice.range) for choice in choices))
        self._names = max(map(len, names))

    def __len__(self) -> int:
        return len(self.choices) + len(self.calls)

    def choice(self, number: int) -> CopyChoice | CallChoice:
        """Give the choice of a line."""
        count = len(self.choices)
        return self.choices[number] if number < count else self.calls[number - count]

    @property
    def columns(self) -> int:
        """Say 0: what does not fit is cut."""
        return 0

    def line(self, number: int, width: int) -> Line:  # noqa: ARG002 - the widget cuts
        """Make one line."""
        choice = self.choice(number)
        if isinstance(choice, CallChoice):
            return self._call_line(choice, begins=choice is self.calls[0])
        begins = number == 0 or self.choices[number - 1].range is not choice.range
        name = _range_words(choice.range) if begins else ""
        span = choice.range.span
        end = min(span.end, span.start + PREVIEW_BYTES)
        preview = b"".join(format_bytes(choice.form, self._read[span.stream], span.start, end))
        text = preview.decode("utf-8", "replace")
        if choice.form is not CopyFormat.RAW:
            text = " ".join(text.split())  # its line ends are those of the form, not of the bytes
        # Three forms of three ranges at most: a digit for each. What makes the request again has letters.
        return (
            Piece(f" {number + 1} ", Role.KEY),
            Piece(f" {name:<{self._names}}  ", Role.STRONG),
            Piece(f"{choice.form:<13} "),
            Piece(visible(text), Role.DIM),
        )

    def _call_line(self, choice: CallChoice, *, begins: bool) -> Line:
        return (
            Piece(f" {choice.key} ", Role.KEY),
            Piece(f" {_EXCHANGE if begins else '':<{self._names}}  ", Role.STRONG),
            Piece(f"{choice.form:<13} "),
            Piece(_CALL_WORDS[choice.form], Role.DIM),
        )


_EXCHANGE = "this exchange"


def _range_words(one: CopyRange) -> str:
    return f"{one.name}, {bytes_words(len(one.span))}"


def choice_words(choice: CopyChoice, size: int) -> str:
    """Name what was copied, and the bytes of its form."""
    return f"{choice.range.name} as {choice.form}, {bytes_words(size)}"


def copied_line(way: Way, what: str, where: str, reason: str = "") -> Line:
    """Say what became of a copy: only what is known.

    Args:
        way: How it was done.
        what: Names what was copied.
        where: The name of the tool, or the path of the file.
        reason: Why it is a file.
    """
    if way == "tool":
        return (Piece("Copied with ", Role.GOOD), Piece(where, Role.STRONG), Piece(f": {what}"))
    if way == "terminal":
        return (
            Piece("Sent to the terminal (OSC 52): ", Role.WARNING),
            Piece(f"{what}. It does not say whether it took it", Role.PLAIN),
        )
    return (
        Piece("Saved in ", Role.GOOD),
        Piece(visible(where), Role.STRONG),
        Piece(f": {what}; {reason}"),
    )
