"""What curl makes of each scenario, where that is not what the scenario promises, and why.

A scenario that is in neither table is one that curl sees as it is promised: a GET of `/hello`, exit code 0, the
promised status code and content.
"""

from dataclasses import dataclass

VERSION = "7.88."
"""The release that the deviations were read from. Others agree about what is right, and not about what is wrong."""

UNSUPPORTED, BAD_URL, WEIRD_REPLY, PARTIAL_FILE, TIMED_OUT, TLS_FAILED = 1, 3, 8, 18, 28, 35
BAD_CALL, EMPTY_REPLY, RECEIVE_ERROR, UNVERIFIED, BAD_ENCODING = 43, 52, 56, 60, 61

SHORT = ("--max-time", "3")
"""Where nothing more comes. Enough for what does come, on a machine that is busy."""


@dataclass(frozen=True)
class Row:
    """How curl is called, and what comes of it. None stands for what is promised."""

    why: str = ""
    """Why that is not what is promised. Empty where it is."""

    options: tuple[str, ...] = ()
    """`{origin}`, `{cafile}` and `{client_certificate}` are filled in."""

    urls: tuple[str, ...] = ("{origin}/hello",)
    code: int = 0
    status: int | None = None
    content: bytes | None = None
    goes_on: bool = False
    """The content is only the beginning."""


def one_after_the_other(*paths: str, content: bytes, why: str = "") -> Row:
    """Ask for several paths in one call. The content is that of all responses."""
    return Row(why, urls=tuple(f"{{origin}}{path}" for path in paths), content=content)


def fails(code: int, why: str, content: bytes = b"", status: int | None = None) -> Row:
    """Expect an error. Without a status, curl has seen none."""
    return Row(why, code=code, status=status or 0, content=content)


def post(content: str, *options: str, method: str = "POST", **expected: object) -> Row:
    """Send content."""
    return Row(options=("--request", method, "--data-binary", content, *options), **expected)


def through_proxy(*options: str, url: str = "http://example.test/hello", **expected: object) -> Row:
    """Take the scenario for a proxy."""
    options = ("--noproxy", "", "--proxy", "{origin}", *options)
    return Row(options=options, urls=(url,), **expected)


HELLO = b"Hello, world\n"
STRICTER = "curl has no strict policy"

ROWS: dict[str, Row] = {
    # --- other calls than a GET, and what is promised comes of them
    "post-echo": post("spam=1&eggs=2&bacon=0"),
    "post-chunked": post("spam eggs bacon", "--header", "Transfer-Encoding: chunked"),
    "keep-alive-twice": one_after_the_other("/one", "/two", content=b"The first page\nThe second page\n"),
    "http10-keep-alive": one_after_the_other("/one", "/two", content=b"The first page\nThe second page\n"),
    "pipelining": one_after_the_other("/one", "/two", content=b"The first page\nThe second page\n"),
    "connection-close": one_after_the_other("/one", "/two", content=b"Ask me once\nAsk me once\n"),
    "kept-or-new": one_after_the_other("/one", "/two", content=b"You asked for /one\nYou asked for /two\n"),
    "reopened": one_after_the_other("/one", "/two", content=b"You asked for /one\nYou asked for /two\n"),
    "redirect": Row(options=("--location",), urls=("{origin}/old",)),
    "redirect-chain": Row(options=("--location",), urls=("{origin}/a",)),
    "redirect-303": Row(options=("--location", "--data", "tea=2"), urls=("{origin}/order",)),
    "redirect-307": Row(options=("--location", "--data", "spam=1"), urls=("{origin}/old",)),
    "basic-auth": Row(options=("--anyauth", "--user", "aladdin:opensesame")),
    "digest-auth": Row(options=("--digest", "--user", "Mufasa:Circle of Life"), urls=("{origin}/dir/index.html",)),
    "proxy-auth": through_proxy("--proxy-anyauth", "--proxy-user", "aladdin:opensesame"),
    "request-without-content": Row(options=("--request", "POST")),
    "head-request": Row(options=("--head", "--output", "/dev/null")),
    "head-with-content": Row(options=("--head", "--output", "/dev/null")),
    "continue-then-ok": post("0123456789", "--header", "Expect: 100-continue", method="PUT"),
    "continue-refused": post("0123456789", "--header", "Expect: 100-continue", method="PUT"),
    "early-response": post("x" * 1000, method="PUT"),
    "early-response-upload": post("x" * 100_000, method="PUT"),
    "http09": Row(options=("--http0.9",), status=0),
    "slow-chunks": Row(content=b"data: first\n\ndata: second\n\ndata: third\n\n"),
    "strict-remarks": one_after_the_other("/one", "/two", content=b"HelloThe end\n"),
    "sent-cl-te": post("spam", "--header", "Transfer-Encoding: chunked", "--header", "Content-Length: 4", "--http1.1"),
    "userinfo": through_proxy(url="http://example.test/page"),
    "tunnel": through_proxy("--proxytunnel"),
    "tunnel-interim": through_proxy(
        "--proxytunnel", code=RECEIVE_ERROR, status=0, content=b"", why="ends at the interim response"
    ),
    "tunnel-201": through_proxy("--proxytunnel"),
    "tunnel-with-credentials": through_proxy("--proxytunnel", "--proxy-user", "aladdin:opensesame"),
    "tunnel-tls": through_proxy(url="https://localhost/secret"),
    "tls-unverified": Row(options=("--insecure",)),
    "tls-client-certificate": Row(options=("--cert", "{client_certificate}")),
    # --- errors that both find
    "truncated-body": fails(PARTIAL_FILE, "", b"This is all you will get.\n", 200),
    "cl-negative": fails(WEIRD_REPLY, "", status=200),
    "bad-chunk-size": fails(RECEIVE_ERROR, "", b"hello", 200),
    "chunk-size-0x": fails(BAD_CALL, "", b"Hello", 200),
    "chunk-size-negative": fails(RECEIVE_ERROR, "", b"Hello", 200),
    "chunk-size-overflow": fails(RECEIVE_ERROR, "", status=200),
    "chunk-size-missing": fails(RECEIVE_ERROR, "", b"Hello", 200),
    "chunk-end-missing": fails(RECEIVE_ERROR, "", b"Hello", 200),
    "truncated-chunk": fails(PARTIAL_FILE, "", b"hello wor", 200),
    "te-unknown": fails(BAD_ENCODING, "", status=200),
    "te-syntax": fails(BAD_ENCODING, "", status=200),
    "te-corrupt": fails(BAD_ENCODING, "", HELLO, 200),
    "garbage-status-line": fails(UNSUPPORTED, ""),
    "leading-crlf-repeated": fails(UNSUPPORTED, ""),
    "leading-space": fails(UNSUPPORTED, ""),
    "status-four-digits": fails(UNSUPPORTED, ""),
    "version-two-digits": fails(UNSUPPORTED, ""),
    "icy": fails(UNSUPPORTED, ""),
    "not-http": fails(UNSUPPORTED, ""),
    "status-line-broken": fails(UNSUPPORTED, ""),
    "status-line-cut": fails(EMPTY_REPLY, ""),
    "no-colon": fails(WEIRD_REPLY, "", status=200),
    "nul-in-value": fails(WEIRD_REPLY, "", status=200),
    "no-response": fails(EMPTY_REPLY, ""),
    "reset-before-head": fails(RECEIVE_ERROR, ""),
    "reset-midway": fails(RECEIVE_ERROR, "", b"So far, so good\n", 200),
    "stall": Row(options=SHORT, code=TIMED_OUT, status=0, content=b""),
    "stall-timeout": Row(options=SHORT, code=TIMED_OUT, status=0, content=b""),
    "stall-in-body": Row(options=SHORT, code=TIMED_OUT, status=200, content=b"The first half\n"),
    "stall-in-head": Row(options=SHORT, code=TIMED_OUT, status=200, content=b""),
    "refused-tunnel": through_proxy("--proxytunnel", code=RECEIVE_ERROR, status=0, content=b""),
    "tunnel-credentials": through_proxy("--proxytunnel", code=RECEIVE_ERROR, status=0, content=b""),
    "tls-untrusted": fails(UNVERIFIED, ""),
    "tls-self-signed": fails(UNVERIFIED, ""),
    "tls-wrong-host": fails(UNVERIFIED, ""),
    "tls-expired": fails(UNVERIFIED, ""),
    "tls-truncated-body": fails(PARTIAL_FILE, "", b"Is this all?\n", 200),
    "tls-certificate-required": fails(TLS_FAILED, ""),
    "tls-to-plain-port": Row(urls=("https://localhost:{port}/hello",), code=TLS_FAILED, status=0, content=b""),
    "plain-to-tls-port": Row(urls=("http://localhost:{port}/hello",), code=EMPTY_REPLY, status=0, content=b""),
    # --- where curl does something else
    "cl-huge": Row("ignores a length of more than 63 bits", status=200, content=b"This is all\n"),
    "cl-conflict": Row("takes the last of the two lengths", status=200, content=HELLO),
    "cl-plus": Row("reads +5 as 5", status=200, content=b"Hello"),
    "reset-content-wrong": Row("reads the content that a 205 must not have", status=205, content=b"form\n"),
    "trailers-cut": fails(PARTIAL_FILE, "wants the end of the trailer section", b"Hello", 200),
    "trailers-malformed": fails(BAD_CALL, "refuses the trailer line, which is of no use to it", b"Hello", 200),
    "te-chunked-gzip": fails(RECEIVE_ERROR, "takes the codings off in the wrong order", status=200),
    "te-identity": Row(
        "does not know where the content ends, and waits", SHORT, code=TIMED_OUT, status=200, content=HELLO
    ),
    "te-chunked-twice": Row("takes the coding off once", status=200, content=HELLO),
    "endless-interim": Row("has no limit, and takes the end for the end of a response", status=200, content=b""),
    "upgrade-101": fails(EMPTY_REPLY, "has nothing that speaks the other protocol", status=101),
    "unexpected-upgrade": Row(
        "shows what follows, and waits for more", SHORT, code=TIMED_OUT, status=101, content=b"What is this?\n"
    ),
    "unknown-protocol": Row("looks at the first digit of the version alone", status=200, content=b""),
    "leading-crlf": fails(UNSUPPORTED, "takes the empty line for HTTP/0.9"),
    "version-minor": fails(UNSUPPORTED, "knows HTTP/1.0 and HTTP/1.1 only"),
    "version-lower-case": Row("reads the version in any case", status=200, content=HELLO),
    "http09-line": fails(UNSUPPORTED, "wants to be told of HTTP/0.9"),
    "status-line-long": Row("waits for the end of the line, up to 100 KB", SHORT, code=TIMED_OUT, status=0, content=b""),
    "long-field-line": Row("takes lines of 100 KB", status=200, content=b""),
    "many-fields": Row("counts bytes and not fields", status=200, content=b""),
    "no-field-name": Row("ignores the line", status=200, content=HELLO),
    "field-name-space": Row("ignores the line", status=200, content=HELLO),
    "fold-first": fails(BAD_CALL, "refuses it", status=200),
    "head-cut": Row("takes the end for the end of the header section", status=200, content=b""),
    "stolen-answer": one_after_the_other(
        "/one", "/two", content=b"first\npoison\n", why="takes the poison for its answer"
    ),
    "large-body": Row(
        "is stopped early here", ("--limit-rate", "1M", *SHORT), code=TIMED_OUT, status=200, content=b"0123456789abcde\n", goes_on=True
    ),
    "bare-cr-in-value": Row("takes the CR for a part of the value", status=200, content=HELLO),
    "bare-cr-in-status": Row("takes the CR for a part of the reason", status=200, content=HELLO),
    "te-space-before-colon": Row("knows no field of that name", status=200, content=b"0\r\n\r\n"),
    "chunk-end-lf": Row("accepts LF alone", status=200, content=b"Hello"),
    "chunk-ext-long": Row("has no limit for extensions", status=200, content=b"Hello"),
    "chunk-ext-lf": Row("accepts LF alone", status=200, content=b"Hello"),
    "chunk-ext-cr": Row("ignores the whole extension", status=200, content=b"Hello"),
    "trailers-endless": Row("has no limit for trailers", status=200, content=b"Hello"),
    "strict-refuses": Row(STRICTER, status=200, content=HELLO),
    "strict-excess": Row(STRICTER),
    "lenient-reads-on": fails(UNSUPPORTED, "curl has no lenient policy"),
    "method-not-a-token": Row("sends what it is told", ("--request", "GET /admin"), status=200, content=HELLO),
    "target-with-space": Row(
        "refuses the address as well", urls=("{origin}/two words",), code=BAD_URL, status=0, content=b""
    ),
    "port-out-of-range": Row("refuses the address as well", urls=("http://127.0.0.1:65536/",), code=BAD_URL, status=0, content=b""),
    "sent-te-http10": post(
        "spam\neggs\n", "--http1.0", "--header", "Transfer-Encoding: chunked", why="counts as we do, if it must"
    ),
}  # fmt: skip

CANNOT = {
    **dict.fromkeys(
        ("request-too-early", "header-too-early", "response-too-early", "no-auto-open", "unreadable-file"),
        "it is about the order or the arguments of calls, and curl has no calls",
    ),
    **dict.fromkeys(
        (
            "sent-name-space",
            "sent-name-colon",
            "request-splitting",
            "send-anything",
            "sent-fold",
            "short-content",
        ),
        "it is about bytes that the library refuses to send, and curl's options cannot spell them",
    ),
    "sent-te-gzip": "curl adds chunked by itself",
    "two-at-once": "curl makes one connection where one is enough",
    "fragment": "curl takes the fragment off",
}
"""Scenarios that say nothing about curl, each with the reason."""
