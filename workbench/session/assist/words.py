"""Words of HTTP that can stand in a call: methods, names of fields, and values that they often have.

The fields are those of RFC 9110, 9111, 9112 and 6265, and of IANA's registry the ones that people write
by hand. The lists only help to type: a call takes any token for a method and for a field name.
"""

from dataclasses import dataclass

METHODS = {
    "GET": "transfer a representation of the target (RFC 9110 section 9.3.1)",
    "HEAD": "as GET, without the content of the response (9.3.2)",
    "POST": "let the target process the content (9.3.3)",
    "PUT": "replace the target by the content (9.3.4)",
    "DELETE": "remove the target (9.3.5)",
    "CONNECT": "open a tunnel to the target (9.3.6)",
    "OPTIONS": "ask what can be done with the target (9.3.7)",
    "TRACE": "have the request itself sent back (9.3.8)",
    "PATCH": "change the target in part (RFC 5789)",
}
"""Those of RFC 9110 section 9.3, and PATCH."""

_TYPES = ("application/json", "text/plain; charset=utf-8", "text/html; charset=utf-8", "application/xml")
_CODINGS = ("gzip", "deflate", "br", "zstd", "identity")


@dataclass(frozen=True, slots=True)
class FieldName:
    """A header field."""

    name: str
    where: str
    """`request`, `response` or `both`."""

    help: str
    values: tuple[str, ...] = ()
    """Values that it often has."""

    @property
    def in_request(self) -> bool:
        """Whether a request may have it."""
        return self.where != "response"

    @property
    def in_response(self) -> bool:
        """Whether a response may have it."""
        return self.where != "request"


FIELD_NAMES: tuple[FieldName, ...] = (
    FieldName(
        "Accept",
        "request",
        "media types that the client prefers (RFC 9110 section 12.5.1)",
        ("*/*", "application/json", "text/html", "text/plain", "text/event-stream", "image/*"),
    ),
    FieldName(
        "Accept-Encoding",
        "request",
        "content codings that the client understands (12.5.3)",
        ("gzip", "gzip, deflate", "identity", "br", "zstd", "*;q=0"),
    ),
    FieldName(
        "Accept-Language", "request", "languages that the user prefers (12.5.4)", ("en", "en, de;q=0.5", "*")
    ),
    FieldName("Accept-Ranges", "response", "whether ranges can be asked for (14.3)", ("bytes", "none")),
    FieldName("Access-Control-Allow-Origin", "response", "who may read it (Fetch)", ("*",)),
    FieldName("Age", "response", "seconds since the origin server made it (RFC 9111 section 5.1)"),
    FieldName("Allow", "response", "methods that the target knows (RFC 9110 section 10.2.1)"),
    FieldName(
        "Authorization", "request", "credentials for the origin server (11.6.2)", ("Basic ", "Bearer ")
    ),
    FieldName(
        "Cache-Control",
        "both",
        "what caches may do (RFC 9111 section 5.2)",
        ("no-cache", "no-store", "max-age=0", "only-if-cached"),
    ),
    FieldName(
        "Connection",
        "both",
        "options of this connection alone (RFC 9110 section 7.6.1)",
        ("close", "keep-alive", "upgrade"),
    ),
    FieldName(
        "Content-Disposition",
        "both",
        "what to do with the content (RFC 6266)",
        ("attachment", "inline", "form-data"),
    ),
    FieldName("Content-Encoding", "both", "codings of the content (RFC 9110 section 8.4)", _CODINGS),
    FieldName("Content-Language", "both", "language of its readers (8.5)", ("en", "de")),
    FieldName("Content-Length", "both", "bytes of content (8.6)", ("0",)),
    FieldName("Content-Location", "both", "a URI of the representation (8.7)"),
    FieldName("Content-Range", "both", "which part of the whole the content is (14.4)", ("bytes 0-9/10",)),
    FieldName(
        "Content-Type",
        "both",
        "media type of the content (8.3)",
        (*_TYPES, "application/x-www-form-urlencoded", "multipart/form-data", "application/octet-stream"),
    ),
    FieldName("Cookie", "request", "what the server asked to send back (RFC 6265 section 4.2)"),
    FieldName("Date", "both", "when the message was made (RFC 9110 section 6.6.1)"),
    FieldName("ETag", "response", "which version of the representation it is (8.8.3)"),
    FieldName("Expect", "request", "wait for leave to send the content (10.1.1)", ("100-continue",)),
    FieldName("Expires", "response", "when it is stale (RFC 9111 section 5.3)"),
    FieldName("Forwarded", "request", "what proxies replaced (RFC 7239)", ("for=192.0.2.43; proto=http",)),
    FieldName("From", "request", "mail address of the user (RFC 9110 section 10.1.2)"),
    FieldName("Host", "request", "host and port of the target URI (7.2)"),
    FieldName("If-Match", "request", "only if the version is one of these (13.1.1)", ("*",)),
    FieldName("If-Modified-Since", "request", "only if it changed since then (13.1.3)"),
    FieldName("If-None-Match", "request", "only if the version is none of these (13.1.2)", ("*",)),
    FieldName("If-Range", "request", "the range if unchanged, else the whole (13.1.5)"),
    FieldName("If-Unmodified-Since", "request", "only if it did not change since then (13.1.4)"),
    FieldName(
        "Keep-Alive", "both", "how long an HTTP/1.0 connection stays (RFC 2068)", ("timeout=5, max=100",)
    ),
    FieldName("Last-Modified", "response", "when it was changed last (RFC 9110 section 8.8.2)"),
    FieldName("Link", "both", "related resources (RFC 8288)", ('</>; rel="next"',)),
    FieldName("Location", "response", "where to go instead, or what was made (RFC 9110 section 10.2.2)"),
    FieldName("Max-Forwards", "request", "hops for TRACE and OPTIONS (7.6.2)", ("0", "1")),
    FieldName("Origin", "request", "the site that asks (RFC 6454)", ("null",)),
    FieldName("Pragma", "request", "old form of Cache-Control (RFC 9111 section 5.4)", ("no-cache",)),
    FieldName(
        "Prefer",
        "request",
        "what the client would like (RFC 7240)",
        ("return=minimal", "return=representation", "respond-async"),
    ),
    FieldName("Proxy-Authenticate", "response", "how a proxy wants credentials (RFC 9110 section 11.7.1)"),
    FieldName("Proxy-Authorization", "request", "credentials for a proxy (11.7.2)", ("Basic ", "Bearer ")),
    FieldName("Range", "request", "parts of the representation (14.2)", ("bytes=0-99", "bytes=-100")),
    FieldName("Referer", "request", "where the address was found (10.1.3)"),
    FieldName("Retry-After", "response", "when to ask again (10.2.3)"),
    FieldName("Server", "response", "the software of the server (10.2.4)"),
    FieldName("Set-Cookie", "response", "what to send back from now on (RFC 6265 section 4.1)"),
    FieldName("Strict-Transport-Security", "response", "use TLS from now on (RFC 6797)"),
    FieldName(
        "TE",
        "request",
        "transfer codings that the client understands (RFC 9110 section 10.1.4)",
        ("trailers",),
    ),
    FieldName("Trailer", "both", "fields that come behind the content (6.6.2)"),
    FieldName(
        "Transfer-Encoding",
        "both",
        "codings of the message body (RFC 9112 section 6.1)",
        ("chunked", "gzip, chunked"),
    ),
    FieldName(
        "Upgrade", "both", "another protocol to go on with (RFC 9110 section 7.8)", ("websocket", "h2c")
    ),
    FieldName("User-Agent", "request", "the software of the client (10.1.5)"),
    FieldName("Vary", "response", "fields that the choice depended on (12.5.5)"),
    FieldName("Via", "both", "proxies in between (7.6.3)"),
    FieldName("WWW-Authenticate", "response", "how the server wants credentials (11.6.1)"),
)

_BY_NAME = {known.name.lower(): known for known in FIELD_NAMES}


def field_named(name: str) -> FieldName | None:
    """Give the field of a name, in any case of letters."""
    return _BY_NAME.get(name.lower())
