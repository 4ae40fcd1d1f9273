"""A response with each kind of framing, and the least that a response can be read from."""

import io

HEAD = b"HTTP/1.1 200 Fine\r\nX-Two: a\r\nX-One: 1\r\nx-two: b\r\n"
LINES = b"first\nsecond\n\nthe last"
BODIES = {
    "length": b"Content-Length: %d\r\n\r\n%b" % (len(LINES), LINES),
    "chunked": b"Transfer-Encoding: chunked\r\n\r\n"
    + b"".join(
        b"%X\r\n%b\r\n" % (len(LINES[at : at + 4]), LINES[at : at + 4]) for at in range(0, len(LINES), 4)
    )
    + b"0\r\nX-Trailer: t\r\n\r\n",
    "close": b"\r\n" + LINES,
    "length and close": b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(LINES), LINES),
}


class FakeSocket:
    """What http.client's own tests give a response instead of a socket."""

    def __init__(self, data: bytes) -> None:
        self.file = io.BytesIO(data)

    def makefile(self, mode: str) -> io.BytesIO:
        assert mode == "rb"
        return self.file
