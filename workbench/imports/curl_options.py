"""The options of curl, as far as they say something about a request: one table."""

from typing import Literal, NamedTuple

Kind = Literal["value", "flag", "ignored value", "ignored flag", "unsupported value", "unsupported flag"]


class Option(NamedTuple):
    """One option.

    Attributes:
        name: The long one, without its dashes.
        kind: Whether a value follows, and whether it matters.
        hint: Of one that is not supported: what to do instead.
    """

    name: str
    kind: Kind
    hint: str = ""


_VALUES = (
    "request header data data-ascii data-raw data-binary data-urlencode json form form-string user proxy-user cookie "
    "user-agent referer proxy upload-file cert key cacert url max-time connect-timeout request-target range "
    "oauth2-bearer proxy-header url-query noproxy"
)
_FLAGS = "get head insecure http1.0 http1.1 path-as-is globoff compressed proxytunnel location"
_IGNORED_VALUES = (
    "output write-out dump-header trace trace-ascii stderr retry retry-delay retry-max-time limit-rate max-redirs "
    "cookie-jar keepalive-time speed-limit speed-time output-dir ciphers curves tls13-ciphers tls-max max-filesize proto "
    "proto-redir happy-eyeballs-timeout-ms local-port etag-save alt-svc hsts libcurl expect100-timeout create-file-mode"
)
_IGNORED_FLAGS = (
    "silent show-error include verbose fail fail-with-body remote-name remote-header-name no-buffer progress-bar "
    "no-progress-meter trace-time trace-ids no-keepalive tcp-nodelay disable create-dirs no-sessionid ipv4 basic raw "
    "ipv6 tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 ssl-no-revoke ssl-revoke-best-effort location-trusted post301 post302 post303 "
    "remote-time remote-name-all retry-all-errors retry-connrefused fail-early tcp-fastopen styled-output xattr "
    "suppress-connect-headers remove-on-error junk-session-cookies"
)
_UNSUPPORTED_VALUES = {
    "connect-to": "Write the address to connect to into the script, and the other one into Host",
    "resolve": "Write the address to connect to into the script, and the name into Host",
    "unix-socket": "A script connects to a host and a port",
    "abstract-unix-socket": "A script connects to a host and a port",
    "socks5": "A script goes through HTTP proxies alone",
    "socks5-hostname": "A script goes through HTTP proxies alone",
    "socks4": "A script goes through HTTP proxies alone",
    "preproxy": "A script goes through one proxy at most",
    "config": "Write its options into the command",
    "netrc-file": "Write -u USER:PASSWORD into the command",
    "aws-sigv4": "Copy the Authorization that curl -v shows into the command",
    "time-cond": "Write If-Modified-Since with -H",
    "continue-at": "Write the range: -r FROM-",
    "etag-compare": "Write If-None-Match with -H",
    "interface": "Add source_address=(ADDRESS, 0) to the connection in the script",
}
_UNSUPPORTED_FLAGS = {
    "http2": "A script speaks HTTP/1.1: leave it out",
    "http2-prior-knowledge": "A script speaks HTTP/1.1: leave it out",
    "http3": "A script speaks HTTP/1.1: leave it out",
    "http0.9": "Give the policy to the connection in the script",
    "digest": "Copy the Authorization that curl -v shows into the command",
    "ntlm": "NTLM is bound to a connection, which a script cannot follow",
    "negotiate": "Copy the Authorization that curl -v shows into the command",
    "anyauth": "Name one way: --basic",
    "netrc": "Write -u USER:PASSWORD into the command",
    "next": "Import one request at a time",
    "parallel": "Import one request at a time",
}

OPTIONS: dict[str, Option] = {
    **{name: Option(name, "value") for name in _VALUES.split()},
    **{name: Option(name, "flag") for name in _FLAGS.split()},
    **{name: Option(name, "ignored value") for name in _IGNORED_VALUES.split()},
    **{name: Option(name, "ignored flag") for name in _IGNORED_FLAGS.split()},
    **{name: Option(name, "unsupported value", hint) for name, hint in _UNSUPPORTED_VALUES.items()},
    **{name: Option(name, "unsupported flag", hint) for name, hint in _UNSUPPORTED_FLAGS.items()},
}
"""Every option that is known, by its long name."""

SHORT = {
    "X": "request", "H": "header", "d": "data", "F": "form", "u": "user", "U": "proxy-user", "b": "cookie",
    "A": "user-agent", "e": "referer", "x": "proxy", "T": "upload-file", "E": "cert", "m": "max-time", "r": "range",
    "G": "get", "I": "head", "k": "insecure", "0": "http1.0", "g": "globoff", "p": "proxytunnel", "L": "location",
    "o": "output", "w": "write-out", "D": "dump-header", "c": "cookie-jar", "Y": "speed-limit", "y": "speed-time",
    "s": "silent", "S": "show-error", "i": "include", "v": "verbose", "f": "fail", "O": "remote-name",
    "J": "remote-header-name", "N": "no-buffer", "#": "progress-bar", "q": "disable", "4": "ipv4",
    "K": "config", "n": "netrc", "Z": "parallel", ":": "next", "6": "ipv6", "1": "tlsv1", "R": "remote-time",
    "z": "time-cond", "C": "continue-at", "j": "junk-session-cookies",
}  # fmt: skip
"""Short options, by their letter."""

WAYS = {
    **dict.fromkeys(("data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json"), "-d"),
    **dict.fromkeys(("form", "form-string"), "-F"),
    "upload-file": "-T",
    "head": "-I",
}
"""Which way of making a request an option takes. curl refuses two of them in one command."""
