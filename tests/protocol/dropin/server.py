"""The server and the proxy that real clients talk to, plain and over TLS.

The server is the standard library's, so that nobody here judges their own work. It keeps
connections open, and says in `X-Connection` which one an answer came over.
"""

import gzip
import itertools
import selectors
import socket
import socketserver
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit
from xmlrpc.server import SimpleXMLRPCDispatcher

TIMEOUT_SECONDS = 10.0
LARGE = bytes(range(256)) * 4096
"""1 MiB, which no single segment holds."""

S3_NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class Handler(BaseHTTPRequestHandler):
    """One method for each path: `GET /chunked` is `get_chunked`; others are objects that can be put."""

    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT_SECONDS
    server: "Server"

    def setup(self) -> None:
        self.number = next(self.server.numbers)
        super().setup()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of the base
        """Say nothing."""

    # --- what the methods do ---------------------------------------------------------------

    def do_GET(self) -> None:
        name = urlsplit(self.path).path.strip("/")
        answer = getattr(self, f"get_{name or 'buckets'}", None)
        if answer is None:
            self.get_object()
        else:
            answer()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        body = self.read_body()
        if self.path == "/RPC2":
            self.reply(self.server.rpc._marshaled_dispatch(body), "text/xml")
        else:
            how = self.headers.get("Transfer-Encoding", "length")
            self.reply(body, "application/octet-stream", {"X-Framing": how})

    def do_PUT(self) -> None:
        self.server.objects[self.path] = self.read_body()
        self.reply(b"", headers={"ETag": '"etag"'})

    def handle_expect_100(self) -> bool:
        if "refused" not in self.path:
            return super().handle_expect_100()
        self.close_connection = True
        error = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
        self.reply(error, "application/xml", {"Connection": "close"}, status=403)
        return False

    # --- answers -----------------------------------------------------------------------------

    def get_hello(self) -> None:
        self.reply(b"hello", "text/plain", {"X-Twice": "1"}, more=[("X-Twice", "2")])

    def get_large(self) -> None:
        self.reply(LARGE)

    def get_gzip(self) -> None:
        self.reply(gzip.compress(b"squeezed"), headers={"Content-Encoding": "gzip"})

    def get_redirect(self) -> None:
        self.reply(b"elsewhere", headers={"Location": "/hello"}, status=302)

    def get_early(self) -> None:
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
        self.reply(b"after the hints")

    def get_missing(self) -> None:
        self.reply(b"nothing here", status=404)

    def get_chunked(self) -> None:
        self.send_head(200, {"Transfer-Encoding": "chunked", "Trailer": "Checksum"})
        for chunk in (b"one ", b"two ", LARGE, b" three"):
            self.wfile.write(b"%X\r\n%s\r\n" % (len(chunk), chunk))
        self.wfile.write(b"0\r\nChecksum: 42\r\n\r\n")

    def get_until_close(self) -> None:
        self.send_head(200, {"Connection": "close"})
        self.wfile.write(b"until the end")
        self.close_connection = True

    def get_cut(self) -> None:
        self.send_head(200, {"Content-Length": "10"})
        self.wfile.write(b"half")
        self.close_connection = True

    def get_buckets(self) -> None:
        names = "".join(f"<Bucket><Name>{name}</Name></Bucket>" for name in ("one", "two"))
        listing = (
            f"<ListAllMyBucketsResult {S3_NAMESPACE}><Buckets>{names}</Buckets></ListAllMyBucketsResult>"
        )
        self.reply(listing.encode(), "application/xml")

    def get_object(self) -> None:
        found = self.server.objects.get(self.path)
        if found is None:
            error = b"<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>"
            self.reply(error, "application/xml", status=404)
        else:
            self.reply(found)

    # --- the parts of an answer ----------------------------------------------------------------

    def reply(
        self,
        content: bytes,
        content_type: str = "application/octet-stream",
        headers: dict[str, str] | None = None,
        *,
        more: list[tuple[str, str]] | None = None,
        status: int = 200,
    ) -> None:
        fields = {"Content-Type": content_type, "Content-Length": str(len(content)), **(headers or {})}
        self.send_head(status, fields, more)
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_head(
        self, status: int, headers: dict[str, str], more: list[tuple[str, str]] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in [*headers.items(), ("X-Connection", str(self.number)), *(more or [])]:
            self.send_header(name, value)
        self.end_headers()

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            assert self.rfile.readline() == b"\r\n"
        assert self.rfile.readline() == b"\r\n"
        return b"".join(chunks)


class Server(ThreadingHTTPServer):
    """Serves until it is closed."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.numbers = itertools.count(1)
        self.objects: dict[str, bytes] = {}
        self.rpc = SimpleXMLRPCDispatcher(allow_none=True)
        self.rpc.register_function(lambda *numbers: sum(numbers), "add")
        self.rpc.register_function(lambda text: text, "say")
        self._context = context
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def url(self) -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://localhost:{self.server_port}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(TIMEOUT_SECONDS)
        if self._context is not None:
            # In the thread of this connection, so that a slow handshake stops no other.
            request = self._context.wrap_socket(request, server_side=True)
        try:
            super().finish_request(request, client_address)
        finally:
            if isinstance(request, ssl.SSLSocket):
                _end_tls(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or does not like the certificate, is no failure of the server."""

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


def _end_tls(tls: ssl.SSLSocket) -> None:
    # An end in order, which a client can tell from a cut: close_notify, whose answer may not come.
    with suppress(OSError, ValueError):
        tls.settimeout(0.2)
        tls.unwrap()
    tls.close()


class ProxyHandler(socketserver.BaseRequestHandler):
    """Answers one request: a tunnel for CONNECT, and for anything else a word about it."""

    server: "Proxy"

    def handle(self) -> None:
        self.request.settimeout(TIMEOUT_SECONDS)
        with suppress(OSError), self.request.makefile("rb") as file:
            method, target, _ = file.readline().decode("ascii").split()
            head = b"".join(iter(file.readline, b"\r\n"))
            self.server.requests.append((method, target, head))
            if method != "CONNECT":
                self._answer(200, "OK", f"forwarded {target}".encode())
            elif target.startswith("refused.test"):
                self._answer(403, "Forbidden", b"not there")
            else:
                host, _, port = target.rpartition(":")
                with socket.create_connection((host, int(port)), TIMEOUT_SECONDS) as upstream:
                    self.request.sendall(b"HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n")
                    _pump(self.request, upstream)

    def _answer(self, status: int, reason: str, content: bytes) -> None:
        head = f"HTTP/1.1 {status} {reason}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        self.request.sendall(head.encode("ascii") + content)


class Proxy(socketserver.ThreadingTCPServer):
    """A forward proxy, which keeps what it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.requests: list[tuple[str, str, bytes]] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until a side ends."""
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while ready := selector.select(TIMEOUT_SECONDS):
            for key, _ in ready:
                source: Any = key.fileobj
                data = source.recv(65536)
                if not data:
                    return
                key.data.sendall(data)
