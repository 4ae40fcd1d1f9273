"""Fields of events that are made when one of them is first looked at.

A tap hears of dozens of events in the time that an exchange takes, and looks at few of their fields. So those that
take long to make, such as leaves, or the `repr()` of an argument, may wait: until somebody asks for one of them, the
event holds in `source` what they are made of. Whatever could change or be large meanwhile does not wait.

An event of which all fields are given, as one that is read from a file, never has a source. Nobody can tell the two
apart by looking.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.serializer import field_line_leaves, request_line_leaves
from workbench.protocol.wire.span import Span, StreamName, tile
from workbench.protocol.wire.start_line import parse_status_line
from workbench.protocol.wire.target import target_form

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


class Sourced:
    """What has room for a source. It is no field of an event: not compared, not written to a file."""

    __slots__ = ("source",)

    source: Any


class Late:
    """Makes the fields of an event that are not there yet."""

    __slots__ = ()

    if TYPE_CHECKING:

        def make(self, source: Any) -> None:
            """Set all fields that can be late. Where it is defined, `self` is Any: they are those of the event."""

    else:

        def __getattr__(self, name: str) -> Any:
            # Two threads may come here at once: the second makes the same, or finds it made.
            if name != "source" and (source := getattr(self, "source", None)) is not None:
                self.make(source)
                self.source = None
            return object.__getattribute__(self, name)


# --- calls -------------------------------------------------------------------------------

_LONGEST = 200


class LateArguments(Late):
    """Makes the words for the arguments of a call."""

    __slots__ = ()

    def make(self: Any, source: Arguments) -> None:
        """The source is what was given by position, and what by name."""
        self.arguments = format_arguments(*source)


class LateResult(Late):
    """Makes the words for the result of a call."""

    __slots__ = ()

    def make(self: Any, source: object) -> None:
        """The source is the result, which is not None."""
        self.result = describe(source)


def stay(values: Iterable[Any]) -> bool:
    """Say whether `describe` will give the same for values later, and they need not go until then."""
    for value in values:
        kind = value.__class__
        if kind is str or kind is bytes:
            if len(value) > _LONGEST:
                return False
        elif value is not None and kind is not bool and kind is not int:
            return False
    return True


def format_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Write the arguments of a call as in a program."""
    positional = [describe(value) for value in args]
    return ", ".join(positional + [f"{name}={describe(value)}" for name, value in kwargs.items()])


_LONG = (str, bytes, bytearray)


def describe(value: object) -> str:
    """`repr()`, cut; a body of a gigabyte is cut before, not after."""
    if isinstance(value, _LONG) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]!r}..."
    text = repr(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


# --- elements ----------------------------------------------------------------------------


class LateLeaf(Late):
    """Makes the place of bytes that have one meaning."""

    __slots__ = ()

    def make(self: Any, source: tuple[StreamName, str, int, int]) -> None:
        """The source is the stream, the kind of the leaf, where it begins and where it ends."""
        stream, kind, start, end = source
        self.span = Span(stream, start, end)
        self.leaves = tile(start, (kind, end - start))


class LateRequestLine(Late):
    """Makes the place of a request-line, and the form of its target."""

    __slots__ = ()

    def make(self: Any, source: int) -> None:
        """The source is where the line begins."""
        sent_target = self.data[len(self.method) + 1 : -len(self.http_version) - 3]
        self.span = Span("sent", source, source + len(self.data))
        self.leaves = request_line_leaves(
            source, self.method.encode(), sent_target, self.http_version.encode()
        )
        self.target_form = target_form(self.method, self.target)


class LateSentField(Late):
    """Makes the place and the parts of a field line that was queued."""

    __slots__ = ()

    def make(self: Any, source: int) -> None:
        """The source is where the line begins."""
        line = self.data[:-2]
        self.span = Span("sent", source, source + len(self.data))
        self.leaves = field_line_leaves(source, line)
        self.name, _, self.value = line.decode("latin-1").partition(": ")


class LateStatusLine(Late):
    """Makes the place and the parts of a status-line."""

    __slots__ = ()

    def make(self: Any, source: tuple[bytes, int]) -> None:
        """The source is the line, which can be read, and where it begins."""
        line, _ = parse_status_line(*source)
        assert line is not None
        self.leaves = leaves = line.leaves
        self.span = Span("received", line.start, leaves[-1].end)
        self.http_version = line.http_version.decode("latin-1")
        self.status_code = line.status_code
        self.reason_phrase = line.reason_phrase.decode("latin-1")


class LateReceivedField(Late):
    """Makes the place and the parts of a field line that was parsed."""

    __slots__ = ()

    def make(self: Any, source: tuple[FieldSection, int]) -> None:
        """The source is the section, and which line of it."""
        section, number = source
        line = section.lines[number]
        self.span = Span("received", line.start, line.end)
        self.leaves = tile(line.start, *line.parts)
        self.name, self.value = line.name.decode("latin-1"), line.value.decode("latin-1")
