"""From an address to the script that gets it.

Whatever is not plainly an address of http or https is refused with a sentence: a guess would
show bytes on the wire that nobody asked for.
"""

import ipaddress
import re
import urllib.parse
from typing import NamedTuple

CLASSES = {"http": "HTTPConnection", "https": "HTTPSConnection"}

MAX_HOST_LENGTH = 253
"""Characters of a host name in DNS (RFC 1035 section 2.3.4), looked at before IDNA, whose decoder
takes quadratic time."""

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?"
)
"""As in RFC 3986 appendix B. `urlsplit` judges brackets differently from one Python to the next,
and does not tell an empty query, which is sent, from none."""

_HOST_NAME = re.compile(r"[A-Za-z0-9._-]+")
_TARGET_CHARACTERS = "/?%:@!$&'()*+,;=~[]"
"""What stays as it is in a request-target; the rest, quotes among it, is percent-encoded."""


class AddressError(ValueError):
    """An address for which no script can be written; the message says what to write instead."""


class Address(NamedTuple):
    """The parts of a URL that make a request.

    Attributes:
        scheme: `http` or `https`.
        host: In brackets for an IPv6 address without a port.
        port: None for the default one.
        target: Path and query, as they are sent.
        fragment: It is not sent; empty without one.
    """

    scheme: str
    host: str
    port: int | None
    target: str
    fragment: str


def split_url(url: str) -> Address:
    """Take an address apart.

    Args:
        url: An absolute http or https URL.

    Raises:
        AddressError: It is something else.
    """
    _check_characters(url)
    scheme, authority, path, query, fragment = _split(url)
    host, port = _host_and_port(authority, url)
    target = urllib.parse.quote(path or "/", _TARGET_CHARACTERS)
    if query is not None:
        target += "?" + urllib.parse.quote(query, _TARGET_CHARACTERS)
    return Address(scheme, host, port, target, fragment or "")


def script_for_url(url: str) -> str:
    """Write the script that gets an address, one call a line.

    Args:
        url: An absolute http or https URL. Its query is kept; its fragment is never sent.

    Raises:
        AddressError: It is something else.
    """
    address = split_url(url)
    name = CLASSES[address.scheme]
    arguments = f'"{address.host}"' if address.port is None else f'"{address.host}", {address.port}'
    lines = [f"from http.client import {name}"]
    if address.fragment:
        lines.append(f"# The fragment #{address.fragment} stays here: it is never sent.")
    lines += [
        f"conn = {name}({arguments})",
        f'conn.putrequest("GET", "{address.target}")',
        "conn.endheaders()",
        "r1 = conn.getresponse()",
        "r1.read()",
    ]
    return "\n".join(lines) + "\n"


def _check_characters(url: str) -> None:
    for position, character in enumerate(url, start=1):
        if character == " " or not character.isprintable():
            name = "a space" if character == " " else f"the character U+{ord(character):04X}"
            coded = urllib.parse.quote(character, errors="replace")
            if "\udc80" <= character <= "\udcff":
                # What the command line had was no UTF-8 (`os.fsdecode`).
                name = f"the byte 0x{ord(character) & 0xFF:02X}"
                coded = urllib.parse.quote(character, errors="surrogateescape")
            raise AddressError(
                f"Expected an address without spaces and control characters, found {name} at position "
                f"{position}; write it as {coded}"
            )


def _split(url: str) -> tuple[str, str, str, str | None, str | None]:
    """Give scheme, authority, path, query and fragment; the last two are None where there is none."""
    match = _URL.fullmatch(url)
    if match is None:
        if re.match(r"https?:", url, re.IGNORECASE):
            raise AddressError(f"A URL without a host: {url[:80]!r}; write http://HOST/PATH")
        suggestion = f"; write http://{url[:80].lstrip('/')}" if url.strip("/") else ""
        raise AddressError(f"A URL without a scheme: {url[:80]!r}{suggestion or '; write http://HOST/PATH'}")
    scheme = match["scheme"].lower()
    if scheme not in CLASSES:
        raise AddressError(f"Expected http:// or https://, found {scheme}:// in {url[:80]!r}")
    return scheme, match["authority"], match["path"], match["query"], match["fragment"]


def _host_and_port(authority: str, url: str) -> tuple[str, int | None]:
    """Split an authority.

    Returns:
        The host, in brackets for an IPv6 address without a port, and the port, None for the default.
    """
    if "@" in authority:
        # Without the address itself: what stands before the @ may be a password.
        raise AddressError(
            "A URL with a user name: HTTP does not send it; leave it away and send the field Authorization, with "
            'conn.putheader("Authorization", ...) in a script or -H "Authorization: ..." of workbench send'
        )
    match = re.fullmatch(r"(\[[^]]*\]|[^]:[]*)(?::(.*))?", authority)
    if match is None or (":" in (match[2] or "")):
        raise AddressError(
            f"Expected HOST or HOST:PORT, found {authority[:80]!r}; an IPv6 address needs brackets"
        )
    host, port_text = match.groups()
    if not host or host == "[]":
        raise AddressError(f"A URL without a host: {url[:80]!r}; write http://HOST/PATH")
    port = _port(port_text) if port_text else None
    if host.startswith("["):
        address = _ipv6(host[1:-1])
        return (f"[{address}]", None) if port is None else (address, port)
    return _host_name(host), port


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise AddressError(f"Expected a port from 1 to 65535, found {text[:80]!r}")
    return int(text)


def _ipv6(text: str) -> str:
    try:
        return str(ipaddress.IPv6Address(text.replace("%25", "%", 1)))
    except ValueError:
        raise AddressError(f"Expected an IPv6 address in the brackets, found {text[:80]!r}") from None


def _host_name(host: str) -> str:
    name = host
    if len(host) <= MAX_HOST_LENGTH and not host.isascii():
        try:
            name = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise AddressError(f"Expected the name of a host, found {host[:80]!r}") from None
    if len(name) > MAX_HOST_LENGTH or not _HOST_NAME.fullmatch(name):
        raise AddressError(f"Expected the name of a host, found {host[:80]!r}")
    return name
