"""Each behaviour that the lab is there to show has a scenario that really shows it.

`test_promises.py` and `tests/protocol/test_lab_promises.py` play them all; here stands which of them is about
what, and what must be in its bytes for that.
"""

import re
from collections.abc import Callable

import pytest

from workbench.lab import Scenario, load_scenarios
from workbench.lab.steps import Close, Drip, ExpectBody, HalfClose, Reset, Send, StartTls

SCENARIOS = load_scenarios()

Shows = Callable[[Scenario], object]


def sends(pattern: bytes) -> Shows:
    """Expect this in what the server sends."""
    return lambda scenario: re.search(pattern, sent_by(scenario), re.DOTALL)


def calls(text: str) -> Shows:
    """Expect this in the script."""
    return lambda scenario: text in scenario.script


def has(kind: type) -> Shows:
    """Expect a step of this kind."""
    return lambda scenario: any(isinstance(step, kind) for step in scenario.steps)


def raises(name: str, code: str | None = None) -> Shows:
    """Expect the promise of an exception, and of a diagnostic."""
    return lambda scenario: (
        scenario.promise.exception == name and (code is None or code in scenario.promise.diagnostics)
    )


def tls(**options: object) -> Shows:
    """Expect these TLS options."""
    return lambda scenario: all(getattr(scenario.tls, name) == value for name, value in options.items())


def sent_by(scenario: Scenario) -> bytes:
    """Join what the server sends, as far as it does not only repeat itself."""
    pieces = []
    for step in scenario.steps:
        if isinstance(step, Send):
            pieces.append(step.data * min(step.times, 1000))
        elif isinstance(step, Drip):
            pieces.append(step.data)
    return b"".join(pieces)


def size_of(scenario: Scenario) -> int:
    """Count the bytes that the server sends."""
    steps = [step for step in scenario.steps if isinstance(step, Send)]
    return sum(step.size or len(step.data) * step.times for step in steps)


BEHAVIOURS = {
    "framing": {
        "6.3 item 1, HEAD": ("head-request", calls('"HEAD"')),
        "6.3 item 1, 1xx": ("interim-framing", sends(rb"HTTP/1.1 103 .*Content-Length: \d+.*HTTP/1.1 200 ")),
        "6.3 item 1, 204": ("no-content-204-framed", sends(rb"HTTP/1.1 204 .*Content-Length: ")),
        "6.3 item 1, 304": ("not-modified-304", sends(rb"HTTP/1.1 304 .*Content-Length: [1-9]")),
        "6.3 item 2, 2xx to CONNECT": ("tunnel", calls("set_tunnel")),
        "6.3 item 3, both fields": ("cl-te-conflict", sends(rb"Content-Length.*Transfer-Encoding: chunked")),
        "6.3 item 4, chunked is final": ("te-gzip-chunked", sends(rb"Transfer-Encoding: gzip, chunked")),
        "6.3 item 4, chunked is not final": ("te-chunked-gzip", sends(rb"Transfer-Encoding: chunked, gzip")),
        "6.3 item 4, in a request": ("sent-te-gzip", calls('"gzip"')),
        "6.3 item 5, one value": ("cl-list", sends(rb"Content-Length: 13, 13")),
        "6.3 item 5, two values": ("cl-conflict", raises("FramingError", "CL_CONFLICT")),
        "6.3 item 5, no number": ("cl-negative", raises("FramingError", "CL_SYNTAX")),
        "6.3 item 6, a length": ("hello", sends(rb"Content-Length: 13\r\n\r\nHello, world\n$")),
        "6.3 item 6, cut short": ("truncated-body", raises("IncompleteRead", "BODY_TRUNCATED")),
        "6.3 item 7, a request without": ("request-without-content", has(ExpectBody)),
        "6.3 item 8, until the close": ("close-delimited", has(Close)),
    },
    "chunked": {
        "extensions": ("chunked-trailers", sends(rb"7;part=1\r\n")),
        "trailers": ("chunked-trailers", sends(rb"0;last\r\nX-Checksum: ")),
        "size that is no number": ("bad-chunk-size", sends(rb"\r\nzz\r\n")),
        "size with 0x": ("chunk-size-0x", sends(rb"\r\n0x5\r\n")),
        "size below zero": ("chunk-size-negative", sends(rb"\r\n-5\r\n")),
        "size of 17 digits": ("chunk-size-overflow", sends(rb"\r\n10000000000000005\r\n")),
        "size that is missing": ("chunk-size-missing", sends(rb"5\r\nHello\r\n\r\n")),
        "size with a space": ("chunk-size-space", sends(rb"5 +\r\n")),
        "data longer than its size": ("chunk-end-missing", raises("ChunkError", "CHUNK_END")),
        "data that ends in LF": ("chunk-end-lf", raises("ChunkError", "CHUNK_END_LF")),
        "extension without an end": ("chunk-ext-long", raises("LineTooLong")),
        "cut short": ("truncated-chunk", raises("IncompleteRead", "CHUNKED_TRUNCATED")),
        "trailers cut short": ("trailers-cut", has(Close)),
        "trailers malformed": ("trailers-malformed", sends(rb"0\r\n.*[^:]\r\n")),
        "trailers without an end": ("trailers-endless", raises("HTTPException")),
    },
    "status lines": {
        "no code": ("garbage-status-line", raises("BadStatusLine", "STATUS_CODE")),
        "four digits": ("status-four-digits", sends(rb"^HTTP/1.1 0200 ")),
        "799": ("status-799", sends(rb"^HTTP/1.1 799 ")),
        "no reason": ("no-reason", sends(rb"^HTTP/1.1 200 \r\n")),
        "another version": ("unknown-protocol", raises("UnknownProtocol")),
        "too long": ("status-line-long", raises("LineTooLong")),
        "cut short": ("status-line-cut", raises("BadStatusLine", "TRUNCATED_STATUS_LINE")),
    },
    "field lines": {
        "no colon": ("no-colon", raises("InvalidHeaderLine", "NO_COLON")),
        "no name": ("no-field-name", raises("InvalidHeaderLine", "EMPTY_NAME")),
        "space before the colon": ("space-before-colon", sends(rb"\w :")),
        "folded": ("obs-fold", sends(rb"\r\n[ \t]+\S")),
        "NUL": ("nul-in-value", sends(rb"\0")),
        "several of one name": ("fields-of-one-name", sends(rb"Set-Cookie: .*Set-Cookie: ")),
        "cut short": ("head-cut", raises("IncompleteHead", "TRUNCATED_HEAD")),
    },
    "persistence": {
        "keep-alive": ("keep-alive-twice", sends(rb"The first page\nHTTP/1.1 200 OK.*The second page\n")),
        "close": ("connection-close", sends(rb"Connection: close\r\n")),
        "1.0": ("http10-close", sends(rb"^HTTP/1.0 200 ")),
        "1.0 with keep-alive": ("http10-keep-alive", sends(rb"^HTTP/1.0 200 .*(?i:keep-alive)")),
        "unsolicited bytes": ("unsolicited-bytes", sends(rb"first\nHTTP/1.1 200 OK")),
        "an unsolicited response": ("stolen-answer", raises("UnsolicitedResponse")),
        "pipelining": ("pipelining", calls('r1 = conn.getresponse()\nconn.request("GET", "/two")\nr1.read()')),
        "two connections": ("kept-or-new", lambda scenario: scenario.script.count("HTTPConnection(") == 2),
    },
    "interim responses": {
        "100": ("continue-then-ok", sends(rb"^HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")),
        "102": ("processing-102", sends(rb"HTTP/1.1 102 Processing\r\n")),
        "103": ("interim-103", sends(rb"HTTP/1.1 103 Early Hints\r\n.*HTTP/1.1 200 OK")),
        "101": ("upgrade-101", sends(rb"^HTTP/1.1 101 Switching Protocols\r\n")),
        "101 that nobody asked for": ("unexpected-upgrade", raises("UnexpectedUpgrade")),
        "without an end": ("endless-interim", raises("HTTPException")),
    },
    "no content": {
        "HEAD": ("head-request", calls('"HEAD"')),
        "HEAD that has some": ("head-with-content", sends(rb"\r\n\r\n.")),
        "204": ("no-content-204", sends(rb"^HTTP/1.1 204 ")),
        "304": ("not-modified-304", sends(rb"^HTTP/1.1 304 ")),
        "205": ("reset-content-205", sends(rb"^HTTP/1.1 205 ")),
        "205 that has some": ("reset-content-wrong", sends(rb" 205 .*\r\n\r\n.+")),
    },
    "redirects and authentication": {
        "301, 302 and 307 in a chain": ("redirect-chain", sends(rb" 301 .* 302 .* 307 .* 200 ")),
        "302": ("redirect", sends(rb" 302 ")),
        "303": ("redirect-303", sends(rb" 303 ")),
        "307": ("redirect-307", sends(rb" 307 ")),
        "Basic": ("basic-auth", sends(rb" 401 .*WWW-Authenticate: Basic .* 200 ")),
        "Digest": ("digest-auth", sends(rb" 401 .*WWW-Authenticate: Digest .* 200 ")),
        "of a proxy": ("proxy-auth", sends(rb" 407 .*Proxy-Authenticate: ")),
    },
    "content codings": {
        "gzip": ("gzip-json", sends(rb"Content-Encoding: gzip\r\n")),
        "deflate": ("deflate", sends(rb"Content-Encoding: deflate\r\n")),
        "br": ("brotli", sends(rb"Content-Encoding: br\r\n")),
        "a bomb": ("gzip-bomb", lambda scenario: size_of(scenario) < 100_000 and b"67264" in sent_by(scenario)),
        "two of them": ("codings-stacked", sends(rb"Content-Encoding: deflate, gzip\r\n")),
    },
    "ranges and conditional requests": {
        "a range": ("range-206", sends(rb" 206 .*Content-Range: bytes ")),
        "several ranges": ("range-multipart", sends(rb" 206 .*multipart/byteranges")),
        "a range that is not there": ("range-416", sends(rb" 416 .*Content-Range: bytes \*/")),
        "If-Range": ("if-range", calls("If-Range")),
        "If-None-Match": ("not-modified-304", calls("If-None-Match")),
        "If-Modified-Since": ("if-modified-since", calls("If-Modified-Since")),
        "If-Match": ("if-match-412", calls("If-Match")),
    },
    "CONNECT tunnels": {
        "accepted": ("tunnel", sends(rb"^HTTP/1.1 200 [^\n]*\r\n\r\nHTTP/1.1 200 OK")),
        "refused": ("refused-tunnel", raises("TunnelError")),
        "with 1xx": ("tunnel-interim", sends(rb"^HTTP/1.1 102 .*HTTP/1.1 200 ")),
        "with credentials": ("tunnel-with-credentials", calls("Proxy-Authorization")),
        "HTTPS inside": ("tunnel-tls", has(StartTls)),
    },
    "TLS": {
        "valid": ("hello-tls", tls(certificate="trusted", close_notify=True)),
        "self-signed": ("tls-self-signed", tls(certificate="self_signed")),
        "of an unknown authority": ("tls-untrusted", tls(certificate="untrusted")),
        "expired": ("tls-expired", tls(certificate="expired")),
        "wrong host": ("tls-wrong-host", tls(certificate="wrong_host")),
        "client certificate, accepted": ("tls-client-certificate", tls(client_certificate="required")),
        "client certificate, refused": ("tls-certificate-required", raises("SSLError")),
        "close without close_notify": ("tls-truncation", tls(close_notify=False)),
    },
    "slowness": {
        "drip": ("slow-drip", has(Drip)),
        "stall before the head": ("stall", lambda scenario: not sent_by(scenario) and scenario.promise.hangs),
        "stall in the head": ("stall-in-head", raises("TimeoutError")),
        "stall in the body": ("stall-in-body", raises("TimeoutError")),
    },
    "size": {
        "1 GB body": ("large-body", lambda scenario: size_of(scenario) > 1 << 30),
        "200 fields": ("many-fields", lambda scenario: sent_by(scenario).count(b"\r\n") > 200),
        "64 KB line": ("field-line-64k", lambda scenario: size_of(scenario) > 1 << 16),
        "a longer line": ("long-field-line", raises("LineTooLong")),
    },
    "uploads": {
        "early response while uploading": ("early-response-upload", calls("* 16000000")),
        "early response, and no more read": ("early-response", lambda scenario: not has(ExpectBody)(scenario)),
    },
    "smuggling shapes": {
        "CL+TE": ("cl-te-conflict", sends(rb"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")),
        "duplicate CL": ("cl-conflict", sends(rb"Content-Length: 5\r\nContent-Length: 13\r\n")),
        "obs-fold": ("obs-fold", sends(rb"\r\n[ \t]+\S")),
        "bare CR": ("bare-cr-in-value", sends(rb"a\rContent-Length: 5\r\n")),
        "bare LF": ("bare-lf", sends(rb"[^\r]\n\n")),
        "chunk-ext LF": ("chunk-ext-lf", sends(rb"\r\n5;a\nHello\r\n")),
    },
    "the rest": {
        "terminal control sequences": ("terminal-escapes", sends(rb"\x1b\]52;")),
        "HTTP/0.9": ("http09", lambda scenario: b"HTTP/" not in sent_by(scenario)),
        "response splitting": ("response-splitting", sends(rb" 302 .*\r\n\r\nHTTP/1.1 200 ")),
        "request splitting": ("request-splitting", raises("ValueError", "SENT_VALUE")),
        "reset": ("reset-midway", has(Reset)),
        "half-close": ("half-close", has(HalfClose)),
    },
}  # fmt: skip
"""By family and behaviour: the scenario, and what makes it that behaviour."""


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        pytest.param(*row, id=f"{family}: {behaviour}")
        for family, rows in BEHAVIOURS.items()
        for behaviour, row in rows.items()
    ],
)
def test_behaviour_has_a_scenario_that_shows_it(name: str, shows: Shows) -> None:
    assert shows(SCENARIOS[name])


def test_there_are_at_least_sixty_scenarios() -> None:
    assert len(SCENARIOS) >= 60
