"""The named states of the screen: each is a view, drawn from a recording made by hand."""

import base64
from dataclasses import replace

from tests.ui.certificate import LAB_CERTIFICATE
from tests.ui.conversation import Conversation
from workbench.protocol.tap import ErrorFact
from workbench.protocol.wire.diagnostics import Code
from workbench.protocol.wire.span import Span
from workbench.session.preview import Preview
from workbench.session.recording import Recording
from workbench.session.status import StepperStatus
from workbench.ui.held_server import HeldServer
from workbench.ui.view import View

ORIGIN = "http://127.0.0.1:8080"

HELLO = """from http.client import HTTPConnection
conn = HTTPConnection("127.0.0.1", 8080)
conn.putrequest("GET", "/hello")
conn.putheader("Accept", "text/plain")
conn.endheaders()
r1 = conn.getresponse()
r1.read()
"""

HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    b"Date: Thu, 01 Jan 2026 12:00:00 GMT\r\n"
    b"Server: workbench-lab\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
)


def view_of(conversation: Conversation, name: str, status: StepperStatus, **rest) -> View:
    last_index = len(conversation.recording.entries) - 1
    status = replace(status, entry_index=last_index)
    return View(
        name=name,
        origin=ORIGIN,
        source=conversation.source,
        recording=conversation.recording,
        last_index=last_index,
        status=status,
        **rest,
    )


def start() -> View:
    """The first thing that anybody sees."""
    return View(
        name="lab: hello",
        origin=ORIGIN,
        source=HELLO,
        recording=Recording(),
        last_index=-1,
        status=StepperStatus("ready", 2),
        preview=Preview("makes a connection object; nothing is sent"),
    )


def _request(talk: Conversation, *, upto_fields: bool = False) -> None:
    talk.start_line(2)
    talk.end_line("<workbench.protocol.client.HTTPConnection object at 0x7f0011223344>")
    talk.start_line(3)
    talk.call("putrequest", "'GET', '/hello'")
    talk.put_request("GET", "/hello")
    talk.put_field("Host", "127.0.0.1:8080", automatic=True)
    talk.put_field("Accept-Encoding", "identity", automatic=True)
    talk.state("REQUEST_STARTED", "putrequest")
    talk.returned("putrequest")
    talk.end_line()
    talk.start_line(4)
    talk.call("putheader", "'Accept', 'text/plain'")
    talk.put_field("Accept", "text/plain")
    talk.returned("putheader")
    talk.end_line()
    if upto_fields:
        return
    talk.start_line(5)
    talk.call("endheaders")
    talk.end_header_section()
    talk.connect()
    talk.send()
    talk.complete_request()
    talk.state("REQUEST_SENT", "endheaders")
    talk.returned("endheaders")
    talk.end_line()


def _head(talk: Conversation, *fields: tuple[str, str]) -> None:
    talk.status_line(200, "OK")
    talk.field("Date", "Thu, 01 Jan 2026 12:00:00 GMT")
    talk.field("Server", "workbench-lab")
    talk.field("Content-Type", "text/plain; charset=utf-8")
    for name, value in fields:
        talk.field(name, value)
    talk.header_section()


def buffered() -> View:
    """A request that is queued, and not sent."""
    talk = Conversation(HELLO)
    _request(talk, upto_fields=True)
    preview = Preview("sends 91 bytes → Request-sent", b"\r\n", True, "REQUEST_SENT")
    return view_of(
        talk, "lab: hello", StepperStatus("paused", 5), preview=preview, breakpoints=frozenset({6})
    )


def exchanged() -> View:
    """After one whole exchange."""
    talk = Conversation(HELLO)
    _request(talk)
    talk.start_line(6)
    talk.call("getresponse")
    talk.receive(HEAD + b"Content-Length: 13\r\n\r\nHello, world\n")
    _head(talk, ("Content-Length", "13"))
    talk.framing(6, "length", 13, "Content-Length says 13 bytes")
    talk.persistence(True, "HTTP/1.1 without Connection: close")
    talk.state("UNREAD_RESPONSE", "getresponse")
    talk.returned("getresponse", "<workbench.protocol.response.HTTPResponse object at 0x7f00>")
    talk.end_line("<workbench.protocol.response.HTTPResponse object at 0x7f00>")
    talk.start_line(7)
    talk.call("read")
    talk.content(13)
    talk.complete(True, "all 13 bytes of Content-Length came")
    talk.state("IDLE", "read")
    talk.returned("read", "b'Hello, world\\n'")
    talk.end_line("b'Hello, world\\n'")
    talk.finish()
    return view_of(talk, "lab: hello", StepperStatus("finished", 0))


def sent_content(data: bytes) -> View:
    """A request whose content is whatever is given; its answer has not come yet."""
    talk = Conversation(HELLO)
    talk.put_request("POST", "/echo")
    talk.end_header_section()
    talk.put_content(data)
    talk.send()
    return view_of(talk, "lab: echo", StepperStatus("paused", 6))


def chunked() -> View:
    """A chunked response with an extension and a trailer section."""
    talk = Conversation(HELLO)
    _request(talk)
    talk.start_line(6)
    talk.call("getresponse")
    body = b"5;name=value\r\nhello\r\n7\r\n, world\r\n0\r\nX-Checksum: 1234\r\n\r\n"
    talk.receive(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body)
    _head(talk, ("Transfer-Encoding", "chunked"))
    talk.framing(4, "chunked", None, "chunked is the final transfer coding")
    talk.persistence(True, "HTTP/1.1 without Connection: close")
    talk.state("UNREAD_RESPONSE", "getresponse")
    talk.returned("getresponse", "<HTTPResponse>")
    talk.end_line("<workbench.protocol.response.HTTPResponse object at 0x7f00>")
    talk.start_line(7)
    talk.call("read")
    talk.chunk_header(5, ";name=value")
    talk.content(5)
    talk.chunk_end()
    talk.chunk_header(7)
    talk.content(7)
    talk.chunk_end()
    talk.chunk_header(0)
    talk.field("X-Checksum", "1234", section="trailer")
    talk.trailer_section()
    talk.complete(True, "the last chunk and the trailer section came")
    talk.state("IDLE", "read")
    talk.returned("read", "b'hello, world'")
    talk.end_line("b'hello, world'")
    talk.finish()
    return view_of(talk, "lab: chunked-trailers", StepperStatus("finished", 0))


def conflict() -> View:
    """A response with two framings, one of which was followed: something was found, and nothing raised."""
    talk = Conversation(HELLO)
    _request(talk)
    talk.start_line(6)
    talk.call("getresponse")
    body = b"d\r\nHello, world\n\r\n0\r\n\r\n"
    talk.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
    talk.status_line(200, "OK")
    talk.field("Content-Length", "5")
    talk.field("Transfer-Encoding", "chunked")
    talk.header_section()
    words = "both Transfer-Encoding and Content-Length; Transfer-Encoding decides"
    talk.diagnostic(Code.CL_TE, Span("received", 17, 36), "RFC 9112 section 6.3", words, "accepted")
    talk.framing(3, "chunked", None, "chunked overrides Content-Length")
    talk.persistence(False, "the framing is doubtful")
    talk.state("IDLE", "getresponse")
    talk.returned("getresponse", "<HTTPResponse>")
    talk.end_line("<workbench.protocol.response.HTTPResponse object at 0x7f00>")
    talk.start_line(7)
    talk.call("read")
    talk.chunk_header(13)
    talk.content(13)
    talk.chunk_end()
    talk.chunk_header(0)
    talk.trailer_section()
    talk.complete(True, "the last chunk and the trailer section came")
    talk.close("the framing is doubtful")
    talk.returned("read", "b'Hello, world\\n'")
    talk.end_line("b'Hello, world\\n'")
    talk.finish()
    return view_of(talk, "lab: cl-te-conflict", StepperStatus("finished", 0))


def truncated() -> View:
    """A response whose server closed before its end."""
    talk = Conversation(HELLO)
    _request(talk)
    talk.start_line(6)
    talk.call("getresponse")
    talk.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nThis is all you will get.\n")
    talk.status_line(200, "OK")
    talk.field("Content-Length", "100")
    talk.header_section()
    talk.framing(6, "length", 100, "Content-Length is 100")
    talk.persistence(True, "HTTP/1.1 without Connection: close")
    talk.state("UNREAD_RESPONSE", "getresponse")
    talk.returned("getresponse", "<HTTPResponse>")
    talk.end_line("<workbench.protocol.response.HTTPResponse object at 0x7f00>")
    talk.start_line(7)
    talk.call("read")
    talk.end_of_stream(20_000)
    words = "The connection ended before the body did at byte 66, 74 bytes missing (RFC 9112 section 8)"
    talk.diagnostic(Code.BODY_TRUNCATED, Span("received", 66, 66), "RFC 9112 section 8", words)
    talk.content(26)
    talk.complete(False, "the end was not reached")
    talk.close("the server closed before the end of the response")
    talk.state("IDLE", "close")
    error = ErrorFact("IncompleteRead", ("IncompleteRead", "HTTPException", "Exception"), words, (), None, 66)
    talk.raised("read", error)
    talk.fail_line(error)
    return view_of(talk, "lab: truncated-body", StepperStatus("failed", 7, error=error))


def failed() -> View:
    """A status line that is none."""
    talk = Conversation(HELLO)
    _request(talk)
    talk.start_line(6)
    talk.call("getresponse")
    talk.receive(b"SSH-2.0-OpenSSH_9.6\r\n")
    talk.malformed(21)
    words = "Expected a status-line: b'SSH-2.0-OpenSSH_9.6'"
    talk.diagnostic(Code.STATUS_LINE, Span("received", 0, 19), "RFC 9112 section 4", words)
    error = ErrorFact(
        "BadStatusLine",
        ("BadStatusLine", "HTTPException", "Exception"),
        "Expected a status-line at byte 0: b'SSH-2.0-OpenSSH_9.6' (RFC 9112 section 4)",
        (("line", "'SSH-2.0-OpenSSH_9.6'"),),
        None,
        0,
    )
    talk.state("IDLE", "close")
    talk.close("the response is malformed")
    talk.raised("getresponse", error)
    talk.fail_line(error)
    return view_of(talk, "lab: garbage-status-line", StepperStatus("failed", 6, error=error))


def aborted(message: str = "interrupted") -> View:
    """A call that was stopped while it read the head."""
    talk = Conversation("r1 = conn.getresponse()")
    talk.put_request("GET", "/")
    talk.send()
    talk.start_line(1)
    talk.receive(b"HTTP/1.1 200 OK\r\n")
    error = ErrorFact("ConnectionAbortedError", ("ConnectionAbortedError", "OSError"), message)
    talk.close("ConnectionAbortedError while reading the head")
    talk.fail_line(error, aborted=True)
    return view_of(talk, "", StepperStatus("aborted", 1, error=error))


def shut_down(*, read_again: bool = False) -> View:
    """A read that was stopped while it waited for more content, and perhaps another one after it."""
    talk = Conversation("r1 = conn.getresponse()\nr1.read()\nr1.read()")
    _whole_request(talk, 0, "GET", "/", 8080)
    talk.start_line(1)
    talk.call("getresponse")
    talk.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    talk.status_line(200, "OK")
    talk.field("Content-Length", "100")
    talk.header_section()
    talk.persistence(True, "HTTP/1.1 without Connection: close")
    talk.state("UNREAD_RESPONSE", "getresponse")
    talk.end_line()
    error = ErrorFact("ConnectionAbortedError", ("ConnectionAbortedError", "OSError"), "interrupted")
    for line in (2, 3) if read_again else (2,):
        talk.start_line(line)
        talk.call("read")
        talk.fail_transport("interrupted", 1_000_000)
        talk.raised("read", error)
        talk.fail_line(error, aborted=line == 2)
    return view_of(talk, "", StepperStatus("failed" if read_again else "aborted", line, error=error))


def held() -> View:
    """A server that is played by hand, and has sent the first bytes of its response."""
    talk = Conversation(HELLO)
    _request(talk)
    response = HEAD + b"Content-Length: 13\r\n\r\nHello, world\n"
    talk.report("opened")
    talk.report("waiting", note="for a request head")
    talk.report("received", "sent", talk.recording.connection(1).sent.slice(0, 92))
    talk.report(
        "held", note="next: send 153 bytes: 'HTTP/1.1 200 OK\\r\\nDate: Thu, 01 Jan 2026 '…", left=153
    )
    talk.start_line(6)
    talk.call("getresponse")
    talk.report("sent", "received", response[:12])
    talk.receive(response[:12])
    following = "' OK\\r\\nDate: Thu, 01 Jan 2026 12:00:00 GMT\\r'…"
    talk.report("held", note=f"next: {following}", left=141)
    server = HeldServer(True, True, following, 141, 1)
    return view_of(talk, "lab: hello", StepperStatus("paused", 6, inside_call=True), server=server)


CATALOGUE = base64.b64decode(
    "H4sIAAAAAAACAz2MQQqDMBQFryJvHYpGrOVfQ3c1i9CGNhBNMD9QkNy9ESHbmTfvgGWzRtDzgH2DRoFNrwaE2ejguVmS"
    "vHcDBMJuX4V38ja0Aqw/Z4T49TsXG9knhsriunnUmymcouZ9TVVWZWR+DNqSc4V71g4k8x8Nnu73lAAAAA=="
)
"""JSON, as gzip made it once: another zlib would make other bytes of it."""


SEARCH = """from http.client import HTTPConnection
conn = HTTPConnection("127.0.0.1", 8080)
form = "q=tea+pot&name=J%C3%BCrgen&page=1"
fields = {"Accept-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
conn.request("POST", "/search", form, fields)
r1 = conn.getresponse()
r1.read()
"""


def gzipped_json() -> View:
    """A form that was posted, and the JSON that came back, with a content coding on it."""
    talk = Conversation(SEARCH)
    talk.start_line(5)
    talk.call("request", "'POST', '/search'")
    talk.put_request("POST", "/search")
    talk.put_field("Host", "127.0.0.1:8080", automatic=True)
    talk.put_field("Accept-Encoding", "gzip")
    talk.put_field("Content-Type", "application/x-www-form-urlencoded")
    form = b"q=tea+pot&name=J%C3%BCrgen&page=1"
    talk.put_field("Content-Length", str(len(form)), automatic=True)
    talk.end_header_section()
    talk.put_content(form)
    talk.connect()
    talk.send()
    talk.complete_request()
    talk.state("REQUEST_SENT", "request")
    talk.returned("request")
    talk.end_line()
    talk.start_line(6)
    talk.call("getresponse")
    coded = CATALOGUE
    head = HEAD.replace(b"text/plain; charset=utf-8", b"application/json")
    head += b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(coded)
    talk.receive(head)
    talk.status_line(200, "OK")
    talk.field("Date", "Thu, 01 Jan 2026 12:00:00 GMT")
    talk.field("Server", "workbench-lab")
    talk.field("Content-Type", "application/json")
    talk.field("Content-Encoding", "gzip")
    talk.field("Content-Length", str(len(coded)))
    talk.header_section()
    talk.framing(6, "length", len(coded), f"Content-Length says {len(coded)} bytes")
    talk.persistence(True, "HTTP/1.1 without Connection: close")
    talk.state("UNREAD_RESPONSE", "getresponse")
    talk.returned("getresponse", "<HTTPResponse>")
    talk.end_line()
    talk.start_line(7)
    talk.call("read")
    talk.receive(coded)
    talk.content(len(coded))
    talk.complete(True, f"all {len(coded)} bytes of Content-Length came")
    talk.state("IDLE", "read")
    talk.returned("read", "b'...'")
    talk.end_line()
    talk.finish()
    return view_of(talk, "lab: gzip-json", StepperStatus("finished", 0))


def secured() -> View:
    """A response over TLS, read with long thought between the calls."""
    talk = Conversation(HELLO)
    talk.start_line(5)
    talk.call("endheaders")
    talk.put_request("GET", "/hello")
    talk.end_header_section()
    talk.connect()
    talk.secure(LAB_CERTIFICATE)
    talk.send()
    talk.complete_request()
    talk.state("REQUEST_SENT", "endheaders")
    talk.returned("endheaders")
    talk.end_line()
    talk.pause(2_345_000_000)
    talk.start_line(6)
    talk.call("getresponse")
    talk.receive(HEAD + b"Content-Length: 13\r\n\r\n", 4_200_000)
    _head(talk, ("Content-Length", "13"))
    talk.framing(6, "length", 13, "Content-Length says 13 bytes")
    talk.persistence(True, "HTTP/1.1 without Connection: close")
    talk.state("UNREAD_RESPONSE", "getresponse")
    talk.returned("getresponse", "<HTTPResponse>")
    talk.end_line()
    talk.pause(800_000_000)
    talk.start_line(7)
    talk.call("read")
    for piece in (b"Hello", b", world\n"):
        talk.receive(piece, 1_100_000)
        talk.content(len(piece))
    return view_of(talk, "lab: tls-hello", StepperStatus("paused", 7, inside_call=True))


SHOP_AND_BANK = """from http.client import HTTPConnection
shop = HTTPConnection("127.0.0.1", 8080)
bank = HTTPConnection("127.0.0.1", 8081)
shop.request("GET", "/cart")
bank.request("GET", "/rates")
r1 = bank.getresponse()
r1.read()
r2 = shop.getresponse()
r2.read()
shop.request("POST", "/order")
r3 = shop.getresponse()
r3.read()
"""


def _whole_request(talk: Conversation, line: int, method: str, target: str, port: int | None = None) -> None:
    talk.start_line(line)
    talk.call("request", f"'{method}', '{target}'")
    talk.put_request(method, target)
    talk.put_field("Host", f"127.0.0.1:{8079 + talk.connection}", automatic=True)
    talk.end_header_section()
    if port is not None:
        talk.connect(port)
    talk.send()
    talk.complete_request()
    talk.state("REQUEST_SENT", "request")
    talk.returned("request")
    talk.end_line()


def _whole_response(talk: Conversation, line: int, content: bytes) -> None:
    talk.start_line(line)
    talk.call("getresponse")
    length = str(len(content))
    talk.receive(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode() + content)
    talk.status_line(200, "OK")
    talk.field("Content-Length", length)
    talk.header_section()
    talk.framing(6, "length", len(content), f"Content-Length says {length} bytes")
    talk.persistence(True, "HTTP/1.1 without Connection: close")
    talk.state("UNREAD_RESPONSE", "getresponse")
    talk.returned("getresponse", "<HTTPResponse>")
    talk.end_line("<HTTPResponse>")
    talk.start_line(line + 1)
    talk.call("read")
    talk.content(len(content))
    talk.complete(True, f"all {length} bytes of Content-Length came")
    talk.state("IDLE", "read")
    talk.returned("read", repr(content))
    talk.end_line(repr(content))


SHOP, BANK = 1, 2
"""The connections of `several`."""


def index_of(view: View, kind: type, connection: int, number: int = 0) -> int:
    """Find an event of a class on a connection."""
    found = [
        entry.index
        for entry in view.recording.entries
        if isinstance(entry.event, kind) and entry.event.connection == connection
    ]
    return found[number]


def several() -> View:
    """Two connections: one that has answered, and one with a second request under way."""
    talk = Conversation(SHOP_AND_BANK)
    for line in (2, 3):
        talk.start_line(line)
        talk.end_line("<workbench.protocol.client.HTTPConnection object at 0x7f0011223344>")
    _whole_request(talk, 4, "GET", "/cart", 8080)
    talk.use(2)
    _whole_request(talk, 5, "GET", "/rates", 8081)
    _whole_response(talk, 6, b"EUR 1.07\n")
    talk.use(1)
    _whole_response(talk, 8, b"2 apples\n")
    _whole_request(talk, 10, "POST", "/order")
    return view_of(talk, "shop.py", StepperStatus("paused", 11))


def one_of_two_failed() -> View:
    """Two connections, the second of which got no response that is one."""
    talk = Conversation(SHOP_AND_BANK)
    _whole_request(talk, 4, "GET", "/cart", 8080)
    talk.use(2)
    _whole_request(talk, 5, "GET", "/rates", 8081)
    talk.start_line(6)
    talk.call("getresponse")
    talk.end_of_stream()
    error = ErrorFact(
        "RemoteDisconnected",
        ("RemoteDisconnected", "ConnectionResetError", "BadStatusLine", "HTTPException", "Exception"),
        "Expected a status-line at byte 0, and the server closed its side",
    )
    talk.state("IDLE", "close")
    talk.close("the server closed its side")
    talk.raised("getresponse", error)
    talk.fail_line(error)
    return view_of(talk, "shop.py", StepperStatus("failed", 6, error=error))


TUNNEL = """from http.client import HTTPConnection
conn = HTTPConnection("127.0.0.1", 3128)
conn.set_tunnel("example.test", 80)
conn.request("GET", "/hello")
r1 = conn.getresponse()
r1.read()
"""


def tunnelled() -> View:
    """A request through a proxy: CONNECT has streams of its own, and the tunnel has others."""
    talk = Conversation(TUNNEL)
    talk.start_line(2)
    talk.end_line("<workbench.protocol.client.HTTPConnection object at 0x7f0011223344>")
    talk.start_line(3)
    talk.call("set_tunnel", "'example.test', 80")
    talk.returned("set_tunnel")
    talk.end_line()
    talk.start_line(4)
    talk.call("request", "'GET', '/hello'")
    talk.put_request("GET", "/hello")
    talk.put_field("Host", "example.test", automatic=True)
    talk.end_header_section()
    talk.open_tunnel("example.test:80", connection=2)
    talk.send()
    talk.complete_request()
    talk.state("REQUEST_SENT", "request")
    talk.returned("request")
    talk.end_line()
    _whole_response(talk, 5, b"Hello through the tunnel\n")
    talk.finish()
    return view_of(talk, "lab: tunnel", StepperStatus("finished", 0))
