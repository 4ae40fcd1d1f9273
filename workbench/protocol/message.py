"""Header sections as `email.message.Message`, filled by our own field parser.

The class is the one that http.client has promised since Python 3.0. The email package's parser
is not used: it drops every field behind a line that it does not understand.
"""

import email.message
from collections.abc import Iterable
from typing import TypeVar

from workbench.protocol.judge import Judge
from workbench.protocol.limits import FixedLimits, Limits
from workbench.protocol.policy import DEFAULT, Policy
from workbench.protocol.receive import ReceivedSection
from workbench.protocol.receivers import FileReceiver, ReadableFile
from workbench.protocol.wire.fields import parse_field_section


class HTTPMessage(email.message.Message):
    """The fields of a header section or trailer section, in their order, duplicates kept."""

    def getallmatchingheaders(self, name: str) -> list[str]:
        """Give the field lines of one name, as in http.client of Python 2.

        Args:
            name: In any case of letters.

        Returns:
            `Name: value` and a CRLF for each field line of that name, in order.
        """
        wanted = name.lower()
        return [f"{field}: {value}\r\n" for field, value in self.items() if field.lower() == wanted]


_LIMITS = FixedLimits()

_Message = TypeVar("_Message", bound=email.message.Message)


def fill_message(message: _Message, pairs: Iterable[tuple[bytes, bytes]]) -> _Message:
    """Put the fields of a section into an empty message.

    Args:
        message: Any subclass of `email.message.Message`.
        pairs: Names and values. Bytes become characters one to one (latin-1), as in http.client.
    """
    set_raw = message.set_raw
    for name, value in pairs:
        set_raw(name.decode("latin-1"), value.decode("latin-1"))
    message.set_payload("")
    return message


def parse_headers(fp: ReadableFile, _class: type[_Message] = HTTPMessage) -> _Message:  # type: ignore[assignment]
    """Read a header section from a file.

    Args:
        fp: A binary buffered reader that stands behind the start-line. It is read up to and
            including the empty line, or to its end.
        _class: The class of the message.

    Raises:
        LineTooLong: A line has more than 65536 bytes.
        HTTPException: There are more than 100 field lines, or more than 256 KiB.
        InvalidHeaderLine: A line cannot be read under the default policy.
    """
    lines, _, _ = receive_section(fp, _LIMITS)
    return parse_section(lines, _class, DEFAULT)


def receive_section(fp: ReadableFile, limits: Limits) -> ReceivedSection:
    """Read a header section from a file that goes on being the caller's.

    Args:
        fp: As for `parse_headers`.
        limits: What the section may have.

    Raises:
        LineTooLong: A line has more bytes.
        HTTPException: There are more field lines, or more bytes in all.
    """
    return _LentFile(fp).section(limits, limits.fields)


def parse_section(lines: bytes, message_class: type[_Message], policy: Policy) -> _Message:
    """Make a message of field lines.

    Raises:
        InvalidHeaderLine: The policy does not accept a line.
    """
    section = parse_field_section(lines, 0)
    Judge(policy, False, None).settle(section.diagnostics)
    return fill_message(message_class(), section.pairs)


class _LentFile(FileReceiver):
    """Reads a file that goes on being the caller's."""

    def close(self) -> None:
        """Leave it open, also when this object is collected."""
