"""What one reader made of the bytes of an exchange."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.compare.content import Content
from workbench.protocol.errors import describe_error

FieldPair = tuple[str, str]
"""Name and value of a field line, the bytes as ISO-8859-1."""

Ending = Literal["complete", "waiting", "raised"]
"""The response was read to its end; or more bytes were expected and the peer had said nothing of an
end; or the reader raised."""


@dataclass
class Opinion:
    """What a reader says. None stands for what it keeps to itself, which differs from nothing.

    Attributes:
        reader: Its name, with its version.
        http_version: `1.1`, `1.0`, `0.9`.
        status: The status code of the final response.
        reason: Its reason phrase.
        interim: The status codes of the interim responses.
        fields: The field lines of the header section, in order.
        content: The content, without transfer codings.
        trailers: The field lines of the trailer section, in order.
        ending: How it ended. None for a reader that cannot be told what it would have to know.
        exception: Class and message of what it raised; empty when it raised nothing.
        left: How many bytes it left unread after the end of the response.
        note: What has to be known about this reader to be fair to it.
    """

    reader: str
    http_version: str | None = None
    status: int | None = None
    reason: str | None = None
    interim: list[int] | None = None
    fields: list[FieldPair] | None = None
    content: Content = field(default_factory=Content)
    trailers: list[FieldPair] | None = None
    ending: Ending | None = "complete"
    exception: str = ""
    left: int | None = None
    note: str = ""

    def wait(self) -> None:
        """Note that the reader expects more bytes than were recorded."""
        self.ending = "waiting"

    def fail(self, error: Exception) -> None:
        """Note what the reader raised."""
        self.ending = "raised"
        fact = describe_error(error)
        self.exception = f"{fact.class_name}: {fact.message}"


def text_of(data: bytes) -> str:
    """Give bytes of a head as text, one character for each (RFC 9110 section 5.5)."""
    return data.decode("iso-8859-1")
