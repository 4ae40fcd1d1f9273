"""The fields of a response under the names of http.client: as a message, one by one, and as they came."""

import functools
from collections.abc import Iterable
from typing import Any

from workbench.protocol.content import Content
from workbench.protocol.errors import ResponseNotReady
from workbench.protocol.head import Head, HeadReader
from workbench.protocol.message import HTTPMessage, fill_message
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.grammar import TOKEN
from workbench.protocol.wire.trailers import FORBIDDEN_TRAILERS


class FieldsOfResponse(HeadReader):
    """A response as far as its fields go: those of its header section, and of its trailer section."""

    __slots__ = ("_content", "_final", "_section")

    _content: Content | None
    _final: Head | None
    """That of the response, once it was read."""

    _section: FieldSection | None
    """Its field lines, once somebody has looked at them."""

    # What is seldom needed stands in the class.

    _headers: Any = None
    _msg: Any = None
    _trailers: HTTPMessage | None = None

    @property
    def header_section(self) -> FieldSection | None:
        """The field lines as they came, each with its raw bytes and its place; None before `begin()`."""
        # It is made when it is first looked at: most programs look at the content alone.
        if self._section is None and self._final is not None:
            self._section = self._final.section(self._start)
        return self._section

    @property
    def headers(self) -> Any:
        """The header fields as an `HTTPMessage`; None before `begin()`."""
        # It is built when it is first looked at: most programs look at one field or none.
        if self._headers is None and self.header_section is not None:
            self._headers = fill_message(HTTPMessage(), self.header_section.pairs)
        return self._headers

    @headers.setter
    def headers(self, message: Any) -> None:
        self._headers = message

    @property
    def msg(self) -> Any:
        """The same object under its oldest name, until somebody puts another there, as urllib does."""
        return self.headers if self._msg is None else self._msg

    @msg.setter
    def msg(self, message: Any) -> None:
        self._msg = message

    @property
    def trailers(self) -> HTTPMessage | None:
        """The trailer fields, once the end of a chunked response was read; else None.

        Fields that must not be in a trailer section are left out; `trailer_section` has them.
        """
        section = self.trailer_section
        if self._trailers is None and section is not None:
            allowed = [pair for pair in section.pairs if pair[0].lower() not in FORBIDDEN_TRAILERS]
            self._trailers = fill_message(HTTPMessage(), allowed)
        return self._trailers

    @property
    def trailer_section(self) -> FieldSection | None:
        """The trailer fields as they came, each with its raw bytes and its place; else None."""
        return None if self._content is None else self._content.trailer_section

    def getheader(self, name: str, default: Any = None) -> Any:
        """Give the values of a header field, joined with `, `.

        Args:
            name: In any case of letters.
            default: What is given where there is no such field. If it can be iterated over and
                is no string, its members are joined likewise.

        Raises:
            ResponseNotReady: The head was not read yet.
        """
        values = self._header_values(name)
        if values:
            return ", ".join(values)
        if isinstance(default, str) or not isinstance(default, Iterable):
            return default
        return ", ".join(default)

    def _header_values(self, name: Any) -> list[str] | None:
        head = self._final
        # One field is found faster without the message, which a program may have changed, or replaced.
        if head is not None and self._headers is None and type(self).headers is _HEADERS:
            key = _field_key(name) if isinstance(name, str) else None
            if key is not None:
                return [value.decode("latin-1") for value in head.values(key)]
        if self.headers is None:
            raise ResponseNotReady
        values: list[str] | None = self.headers.get_all(name)
        return values

    def getheaders(self) -> list[tuple[str, str]]:
        """Give name and value of every header field, in order, duplicates kept.

        Raises:
            ResponseNotReady: The head was not read yet.
        """
        if self.headers is None:
            raise ResponseNotReady
        return list(self.headers.items())

    def info(self) -> Any:
        """Give the header fields, as urllib's responses do."""
        return self.headers


# As it is here: a subclass may have another.
_HEADERS = FieldsOfResponse.headers


@functools.lru_cache(maxsize=256)
def _field_key(name: str) -> bytes | None:
    """Give a field name as `FieldSection.values` takes it; None where it is no token."""
    return name.lower().encode("ascii") if name.isascii() and TOKEN.fullmatch(name.encode("ascii")) else None
