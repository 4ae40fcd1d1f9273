"""Request-targets and hosts (RFC 9112 section 3.2, RFC 9110 section 4.2)."""

import functools
import ipaddress
import re
from typing import NamedTuple

UNSENDABLE = re.compile("[\0-\x20\x7f]")
"""What would end or split the request-line: control characters and the space."""

UNSENDABLE_IN_TARGET = re.compile("[^\x21-\x7e]")
"""The same, and what has no place in a URI, where it has to be percent-encoded (RFC 3986 section 2)."""

MAX_HOST_LENGTH = 255
"""Characters of a host. A name in the DNS takes up to 255 bytes (RFC 1035 section 2.3.4)."""

_NOT_IN_A_NAME = re.compile(r"[/?#@:\[\]\\\0-\x20\x7f]")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


class HostPort(NamedTuple):
    """Where to connect."""

    host: str
    """Without brackets."""

    port: int | None
    """None where none was given, or an empty one."""


class AbsoluteTarget(NamedTuple):
    """The parts of an absolute-form target that matter for sending it."""

    authority: str
    """Host and port as written, without userinfo."""

    without_userinfo: str
    """The whole target, without userinfo."""

    has_userinfo: bool


def target_form(method: str, target: str) -> str:
    """Name the form of a request-target (RFC 9112 section 3.2), or give `` for none of them."""
    if method == "CONNECT":
        return "authority-form"
    if target == "*":
        return "asterisk-form"
    if target.startswith("/"):
        return "origin-form"
    return "absolute-form" if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target) else ""


def split_absolute(target: str) -> AbsoluteTarget | None:
    """Take an http or https address apart, or give None for any other target.

    > A sender MUST NOT generate the userinfo subcomponent (and its "@" delimiter) when an
    > "http" or "https" URI reference is generated within a message as a target URI or field
    > value.                                                      (RFC 9110 section 4.2.4)
    """
    scheme = _SCHEME.match(target)
    if scheme is None:
        return None
    authority = re.split("[/?#]", target[scheme.end() :], maxsplit=1)[0]
    rest = target[scheme.end() + len(authority) :]
    _, at, host = authority.rpartition("@")
    return AbsoluteTarget(host, scheme.group() + host + rest, bool(at))


@functools.lru_cache(maxsize=64, typed=True)
def parse_host(host: str, port: int | str | None) -> HostPort:
    """Split a port off a host, and take brackets off an IP literal.

    Args:
        host: `example.org`, `example.org:8080`, `[::1]:80` or `::1` where a port is given.
        port: The port that was given beside it.

    Raises:
        ValueError: The host or the port cannot be one; the message says which and why.
    """
    if port is None:
        # A colon inside the brackets of an IP literal is part of the address.
        colon = host.rfind(":")
        if colon > host.rfind("]"):
            host, text = host[:colon], host[colon + 1 :]
            port = _parse_port(text) if text else None
            if ":" in host and not host.startswith("["):
                raise ValueError(f"Expected one port, or an IPv6 address in brackets: {host + ':' + text!r}")
    if host.startswith("[") != host.endswith("]"):
        raise ValueError(f"Expected an IP literal between [ and ]: {host!r}")
    if host.startswith("["):
        host = host[1:-1]
        _check_ip_literal(host)
    to_ascii_host(host)
    return HostPort(host, _check_port(port))


@functools.lru_cache(maxsize=64)
def check_host(host: str) -> None:
    """Refuse a host that would split the Host field or the request-line (CVE-2019-18348).

    Raises:
        ValueError: It has a control character or a space.
    """
    if unsendable := UNSENDABLE.search(host):
        raise ValueError(
            f"Expected a host without control characters and spaces, got {unsendable.group()!r} in {host!r}"
        )


def _check_ip_literal(host: str) -> None:
    """Refuse a name in brackets, in which other software may find another host (CVE-2025-0938)."""
    try:
        ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        raise ValueError(f"Expected an IPv6 address between [ and ], got {host[:80]!r}") from None


def _parse_port(text: str) -> int:
    if not re.fullmatch("[0-9]+", text):
        raise ValueError(f"nonnumeric port: {text!r}")
    # Six digits are out of range whatever follows them, and cost nothing to convert.
    return int((text.lstrip("0") or "0")[:6])


def _check_port(port: int | str | None) -> int | None:
    if isinstance(port, str):
        port = _parse_port(port)
    if port is not None and not 0 <= port <= 65535:
        raise ValueError(f"Expected a port from 0 to 65535, got {port}")
    return port


@functools.lru_cache(maxsize=64)
def host_field(host: str, port: int | None, default_port: int) -> str:
    """Give the value of the Host field (RFC 9110 section 7.2).

    Args:
        host: Without brackets. A zone is left out: it means something on this machine only.
        port: Left out where it is the default.
        default_port: That of the scheme.
    """
    if ":" in host:
        host = f"[{host.partition('%')[0]}]"
    return host if port in (None, default_port) else f"{host}:{port}"


@functools.lru_cache(maxsize=64)
def to_ascii_host(host: str) -> str:
    """A name with other letters than ASCII's is sent in its IDNA form.

    Raises:
        ValueError: It has none, or one that means something else than a name.
    """
    # IDNA takes time in proportion to the square of the length (CVE-2022-45061).
    if len(host) > MAX_HOST_LENGTH:
        raise ValueError(f"Expected a host of up to {MAX_HOST_LENGTH} characters, got {len(host)}")
    if host.isascii():
        return host
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"Expected a host that has an IDNA form, got {host[:80]!r}: {error}") from None
    # Some letters stand for several, a delimiter among them (CVE-2019-9636, CVE-2019-10160).
    if delimiter := _NOT_IN_A_NAME.search(name):
        raise ValueError(
            f"Expected a host without {delimiter.group()!r}, which is in the IDNA form of {host!r}"
        )
    return name
