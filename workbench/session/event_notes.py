"""Events in words, one line each, for a transcript.

The bytes themselves are the transcript's own matter; here is what was decided about them. An
event that says nothing beyond its bytes has no words.
"""

import ipaddress
from collections.abc import Callable
from typing import Any

from workbench.protocol import tap
from workbench.session.visible import visible


def note_of(event: tap.Event) -> str:
    """Give the words for an event as visible text; empty when it has none."""
    words = _WORDS.get(type(event))
    return visible(words(event)) if words else ""


def _lookup(event: tap.HostLookupFinished) -> str:
    if event.error or (len(event.addresses) == 1 and _is_address(event.addresses[0])):
        return ""
    return f"looked up: {', '.join(event.addresses)}"


def _lookup_started(event: tap.HostLookupStarted) -> str:
    return "" if _is_address(event.host) else f"looking up {event.host}"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _tls(event: tap.TlsEstablished) -> str:
    if event.verified:
        return f"{event.tls_version}, certificate verified: {event.subject}"
    return f"{event.tls_version}, certificate not verified: anybody could be at the other end"


def _framing(event: tap.FramingDecided) -> str:
    return f"framing: {event.reason} (RFC 9112 section 6.3, rule {event.rule})"


def _completed(event: tap.MessageCompleted) -> str:
    length = count(event.content_length, "byte")
    if event.complete:
        return f"response complete: {length} of content"
    return f"response cut short after {length} of content: {event.reason}"


def _tls_end(event: tap.EndOfStreamReceived) -> str:
    return "the server ended the connection" + (
        " without the TLS closure alert" if event.tls_truncated else ""
    )


def _diagnostic(event: tap.DiagnosticFound) -> str:
    section = "" if event.section in event.words else f" ({event.section})"
    return f"! {event.severity}, {event.action}: {event.words}{section}"


def count(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


_WORDS: dict[type[tap.Event], Callable[[Any], str]] = {
    tap.HostLookupStarted: _lookup_started,
    tap.HostLookupFinished: _lookup,
    tap.Connected: lambda event: f"connected to {event.address} port {event.port}",
    tap.ConnectFailed: lambda event: f"no connection to {event.address} port {event.port}: {event.error}",
    tap.TlsEstablished: _tls,
    tap.TlsFailed: lambda event: f"no TLS: {event.error}",
    tap.TunnelStarted: lambda event: f"asking the proxy for a tunnel to {event.authority}",
    tap.TunnelEstablished: lambda event: f"the proxy opened the tunnel with {event.status_code}",
    tap.TunnelRefused: lambda event: (
        f"the proxy refused the tunnel: {event.status_code} {event.reason_phrase}"
    ),
    tap.ConnectionReused: lambda _: "the connection of the exchange before is used again",
    tap.EndOfStreamReceived: _tls_end,
    tap.ConnectionClosed: lambda event: f"connection closed: {event.reason}",
    tap.RequestCompleted: lambda event: "" if event.complete else f"request cut short: {event.reason}",
    tap.ContinueAwaited: lambda event: f"waiting {event.timeout_seconds:g} s for 100 (Continue)",
    tap.ContinueResolved: lambda event: f"the wait for 100 (Continue) ended: {event.outcome}",
    tap.InterimResponseParsed: lambda event: (
        f"interim response {event.status_code}: the final one is to come"
    ),
    tap.BytesSkipped: lambda event: f"{count(len(event.span), 'byte')} passed over: {event.reason}",
    tap.FramingDecided: _framing,
    tap.PersistenceDecided: lambda event: (
        f"connection {'stays open' if event.persistent else 'will not be used again'}: {event.reason}"
    ),
    tap.CodingDecoded: lambda event: (
        f"transfer coding {event.coding}: {count(event.coded_length, 'byte')} "
        f"became {count(event.content_length, 'byte')}"
    ),
    tap.TrailerSectionParsed: lambda event: f"trailer section: {count(event.field_count, 'field line')}",
    tap.MessageCompleted: _completed,
    tap.ExcessReceived: lambda event: f"{count(len(event.span), 'byte')} came after the end of the response",
    tap.BytesLeft: lambda event: f"{count(len(event.span), 'byte')} came and were never read",
    tap.DiagnosticFound: _diagnostic,
}
