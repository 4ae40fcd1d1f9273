"""Whether a connection may carry another exchange (RFC 9112 section 9.3)."""

from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.framing import Framing
from workbench.protocol.wire.grammar import OWS


def connection_options(section: FieldSection, name: bytes = b"connection") -> set[bytes]:
    """The options of the Connection field, in lower case (RFC 9110 section 7.6.1).

    They are members of a list: `disclose` is not `close`.
    """
    values = section.values(name)
    return (
        {member.strip(OWS).lower() for value in values for member in value.split(b",")} if values else set()
    )


def decide_persistence(version: int, section: FieldSection, framing: Framing) -> tuple[bool, str]:
    """Decide, and say why.

    Args:
        version: 10, or 11 for HTTP/1.1 and every minor version above.
        section: The header section of the final response.
        framing: A body that only ends with the connection leaves nothing to keep.

    Returns:
        True when the connection persists, and the reason in words.
    """
    if framing.kind == "close":
        return False, "the body ends when the connection does"
    if framing.kind == "tunnel":
        return False, "the connection is a tunnel now"
    if framing.must_close:
        return False, "the framing is doubtful, and the next message might begin anywhere"
    options = connection_options(section)
    # > If the "close" connection option is present (Section 9.6), the connection will not
    # > persist after the current response; else,
    if b"close" in options:
        return False, "Connection: close"
    # > If the received protocol is HTTP/1.1 (or later), the connection will persist after the
    # > current response; else,
    if version >= 11:
        return True, "HTTP/1.1 connections persist unless a side says close"
    # > If the received protocol is HTTP/1.0, the "keep-alive" connection option is present
    # > [...] the connection will persist after the current response; otherwise,
    if b"keep-alive" in options:
        return True, "Connection: keep-alive in an HTTP/1.0 response"
    # The Keep-Alive field alone, and Proxy-Connection, are older than any RFC. http.client
    # takes both for a yes, and so do we.
    if section.values(b"keep-alive") or b"keep-alive" in connection_options(section, b"proxy-connection"):
        return True, "a Keep-Alive or Proxy-Connection field in an HTTP/1.0 response"
    # > The connection will close after the current response.
    return False, "HTTP/1.0 connections close unless both sides say keep-alive"
