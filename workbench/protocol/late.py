"""Fields of events that are made when one of them is first looked at.

A tap hears of dozens of events in the time that an exchange takes, and looks at few of their fields. So those that
take long to make, such as leaves, or the `repr()` of an argument, may wait: until somebody asks for one of them, the
event holds in `source` what they are made of. Whatever could change or be large meanwhile does not wait.

An event of which all fields are given, as one that is read from a file, never has a source. Nobody can tell the two
apart by looking.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.serializer import field_line_leaves, request_line_leaves
from workbench.protocol.wire.span import Span, StreamName, tile
from workbench.protocol.wire.start_line import parse_status_line
from workbench.protocol.wire.target import target_form

Arguments = tuple[Any, ...] | list[Any]
"""Those that were given by position; or else, in a list, they and those that were given by name."""


class Sourced:
    """What has room for a source. It is no field of an event: not compared, not written to a file."""

    __slots__ = ("source",)

    source: Any


class Late:
    """Makes the fields of an event that are not there yet."""

    __slots__ = ()

    given: ClassVar[tuple[str, ...]] = ()
    """The fields that are never late, beside those that every event has."""

    if TYPE_CHECKING:

        def values(self, source: Any) -> tuple[Any, ...]:
            """Give all fields but those that every event has. Where it is defined, `self` is Any: it is an event."""

    else:

        def __post_init__(self) -> None:
            # All fields were given. To find that there is no source takes longer.
            self.source = None

        def __getattr__(self, name: str) -> Any:
            # Two threads may come here at once: the second makes the same, or finds it made.
            if name != "source" and (source := getattr(self, "source", None)) is not None:
                for field, value in zip(self.__slots__, self.values(source), strict=True):
                    setattr(self, field, value)
                self.source = None
            return object.__getattribute__(self, name)


# --- calls -------------------------------------------------------------------------------

_LONGEST = 200


class LateArguments(Late):
    """Makes the words for the arguments of a call."""

    __slots__ = ()
    given = ("name",)

    def values(self: Any, source: Arguments) -> tuple[Any, ...]:
        """The source is the arguments."""
        args, kwargs = source if isinstance(source, list) else (source, {})
        return self.name, format_arguments(args, kwargs)


class LateResult(Late):
    """Makes the words for the result of a call."""

    __slots__ = ()
    given = ("name",)

    def values(self: Any, source: object) -> tuple[Any, ...]:
        """The source is the result, which is not None."""
        return self.name, describe(source)


def keep_result(event: Any, result: object) -> None:
    """Give an event the result that it tells of, or the words for it where they cannot wait."""
    if stay((result,)):
        event.source = result
    else:
        event.result, event.source = describe(result), None


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


Place = tuple[StreamName, int, int]
"""A stream, where the bytes begin in it, and where they end."""


Origin = tuple[object, int]
"""Of what an element is made that may come again, and where it begins: of the same come the same fields, but for the
offsets."""


class LateElement(Late):
    """Makes what an event says of its bytes. They have one leaf at least."""

    __slots__ = ()

    if TYPE_CHECKING:

        def place(self, source: Any) -> Place:
            """Say where the bytes lie."""

        def origin(self, source: Any) -> Origin:
            """Say of what all fields are made. Not every class has it: what is made of numbers is made anew."""


class _Queued(LateElement):
    """Bytes that were queued. The source is where they begin."""

    __slots__ = ()

    def place(self: Any, source: int) -> Place:
        """Say where the bytes lie."""
        return "sent", source, source + len(self.data)


class LateSectionEnd(_Queued):
    """Makes the place of the empty line that was queued."""

    __slots__ = ()
    given = ("data",)

    def origin(self: Any, source: int) -> Origin:
        """The empty line is always the same."""
        return "", source

    def values(self: Any, source: int) -> tuple[Any, ...]:
        """Span, bytes, leaves."""
        return Span(*self.place(source)), self.data, tile(source, ("section_end", len(self.data)))


class LateRequestLine(_Queued):
    """Makes the place of a request-line, and the form of its target."""

    __slots__ = ()
    given = ("data", "method", "target", "http_version")

    def origin(self: Any, source: int) -> Origin:
        """What was asked for: a target with spaces in it may make the same line of something else."""
        return (self.data, self.method, self.target), source

    def values(self: Any, source: int) -> tuple[Any, ...]:
        """Span, bytes, leaves, method, target, form of the target, version."""
        data, method, target, version = self.data, self.method, self.target, self.http_version
        sent_target = data[len(method) + 1 : -len(version) - 3]
        leaves = request_line_leaves(source, method.encode(), sent_target, version.encode())
        span = Span(*self.place(source))
        return span, data, leaves, method, target, target_form(method, target), version


class LateSentField(_Queued):
    """Makes the place and the parts of a field line that was queued."""

    __slots__ = ()
    given = ("data", "automatic")

    def origin(self: Any, source: int) -> Origin:
        """The line, and who added it."""
        return (self.data, self.automatic), source

    def values(self: Any, source: int) -> tuple[Any, ...]:
        """Span, bytes, leaves, name, value, whether it is automatic."""
        line = self.data[:-2]
        name, _, value = line.decode("latin-1").partition(": ")
        leaves = field_line_leaves(source, line)
        return Span(*self.place(source)), self.data, leaves, name, value, self.automatic


class LateStatusLine(LateElement):
    """Makes the place and the parts of a status-line. The source is the line, which can be read, and its begin."""

    __slots__ = ()

    def place(self, source: tuple[bytes, int]) -> Place:
        """Say where the bytes lie."""
        line, start = source
        return "received", start, start + len(line)

    def origin(self, source: tuple[bytes, int]) -> Origin:
        """The line, and where it begins, are the source."""
        return source

    def values(self, source: tuple[bytes, int]) -> tuple[Any, ...]:
        """Span, leaves, version, status code, reason phrase."""
        line, _ = parse_status_line(*source)
        assert line is not None
        version, reason_phrase = line.http_version.decode("latin-1"), line.reason_phrase.decode("latin-1")
        return Span(*self.place(source)), line.leaves, version, line.status_code, reason_phrase


class LateReceivedField(LateElement):
    """Makes the place and the parts of a field line that was parsed. The source is its section, which is regular."""

    __slots__ = ()
    given = ("section", "index")

    def place(self: Any, source: FieldSection) -> Place:
        """Say where the bytes lie."""
        line, start = source.raw_lines[self.index]
        return "received", start, start + len(line)

    def origin(self: Any, source: FieldSection) -> Origin:
        """The line, and where it stands."""
        line, start = source.raw_lines[self.index]
        return (line, self.section, self.index), start

    def values(self: Any, source: FieldSection) -> tuple[Any, ...]:
        """Span, leaves, section, index, name, value."""
        line = source.lines[self.index]
        name, value = line.name.decode("latin-1"), line.value.decode("latin-1")
        return Span("received", line.start, line.end), line.leaves, self.section, self.index, name, value


class LateReceivedEnd(LateElement):
    """Makes the place of the empty line that was parsed. The source is the section before it, and its length."""

    __slots__ = ()

    def place(self, source: tuple[FieldSection, int]) -> Place:
        """Say where the bytes lie."""
        section, length = source
        return "received", section.end, section.end + length

    def origin(self, source: tuple[FieldSection, int]) -> Origin:
        """The length of the empty line, and what was before it."""
        section, length = source
        return (length, section.field_count), section.end

    def values(self, source: tuple[FieldSection, int]) -> tuple[Any, ...]:
        """Span, leaves, number of fields."""
        section, length = source
        return Span(*self.place(source)), tile(section.end, ("section_end", length)), section.field_count


class LateContent(LateElement):
    """Makes the place of content. The source is where it begins, and its length."""

    __slots__ = ()
    given = ("content_offset",)

    def place(self, source: tuple[int, int]) -> Place:
        """Say where the bytes lie."""
        start, length = source
        return "received", start, start + length

    def values(self: Any, source: tuple[int, int]) -> tuple[Any, ...]:
        """Span, leaves, the content before it."""
        start, length = source
        return Span(*self.place(source)), tile(start, ("content", length)), self.content_offset
