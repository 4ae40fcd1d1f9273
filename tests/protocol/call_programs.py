"""Programs of calls that can be run again and again in the same way, with one tap or another.

The peer is the other end of a pair of sockets, in the same thread: what it sends comes when the program waits for it,
piece by piece. So a program depends on nothing but itself.
"""

import gc
import io
import re
import select
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout, suppress
from functools import partial
from typing import Any, NamedTuple

from workbench.protocol import (
    DEFAULT,
    LENIENT,
    STRICT,
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    receivers,
)
from workbench.protocol.notes import NotingTap
from workbench.protocol.reporter import Tap
from workbench.protocol.wire.state import State

_ADDRESS = re.compile("0x[0-9a-f]+")
_RESULT_LENGTH = 300


class PairedSocket(socket.socket):
    """One end of a pair, whose other end sends the next piece when somebody waits for it."""

    def __init__(self) -> None:
        ours, self.peer = socket.socketpair()
        super().__init__(ours.family, ours.type, ours.proto, fileno=ours.detach())
        self.peer.setblocking(False)
        self.script: list[bytes | None] = []
        """What the peer sends; None where it closes its side."""

        self.received = bytearray()
        """What it received, up to when something was last waited for."""

    def setsockopt(self, *_: Any) -> None:
        """It is of another family than what is wanted here is for."""

    def play(self, step: bytes | None) -> None:
        """Have the peer send, or close."""
        with suppress(OSError):
            if step is None:
                self.peer.shutdown(socket.SHUT_WR)
            else:
                self.peer.send(step)

    def recv(self, size: int, flags: int = 0) -> bytes:
        self._wait()
        return super().recv(size, flags)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        self._wait()
        return super().recv_into(buffer, nbytes, flags)

    def _wait(self) -> None:
        with suppress(OSError):
            while data := self.peer.recv(1 << 20):
                self.received += data
        if self.gettimeout() == 0 or select.select([self], [], [], 0)[0]:
            return
        if not self.script:
            raise TimeoutError("timed out")
        self.play(self.script.pop(0))

    def close(self) -> None:
        super().close()
        self.peer.close()


class Overriding(HTTPConnection):
    """Puts its own in the place of two methods."""

    def putheader(self, header: Any, *values: Any) -> None:
        super().putheader(header, *values)

    def getresponse(self) -> Any:
        return super().getresponse()


class OverridingRequest(HTTPConnection):
    """Begins its requests itself."""

    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        super().putrequest(method, url, *args, **kwargs)
        self.putheader("X-Own", "1")


class OverridingWhole(HTTPConnection):
    """Asks its base, with one field more."""

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **more: Any) -> None:
        super().request(method, url, body, {"X-Whole": "1", **(headers or {})}, **more)


class OverridingResponse(HTTPResponse):
    """Puts its own in the place of two methods."""

    def read(self, amt: int | None = None) -> bytes:
        return super().read(amt)

    def readinto(self, buffer: Any, /) -> int:
        return super().readinto(buffer)


class ConnectionOfOverriding(HTTPConnection):
    """Its responses are of another class."""

    response_class = OverridingResponse


class Around:
    """Has a response inside."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._inside = HTTPResponse(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_inside"], name)


class ConnectionOfAround(HTTPConnection):
    """Its responses are inside of others."""

    response_class = Around


class RefusingResponse(HTTPResponse):
    """Goes on behind the head, by what it says: in no way that the connection expects."""

    def begin(self, **more: Any) -> None:
        super().begin(**more)
        if self.status == 204:
            raise HTTPException("no content is not wanted")
        if self.status == 205:
            self._close_conn()
        if self.status == 304 and self._connection is not None:
            connection = self._connection()
            assert connection is not None
            connection.close()


class ConnectionOfRefusing(HTTPConnection):
    """Its responses refuse some answers."""

    response_class = RefusingResponse


class ChangingClass(HTTPConnection):
    """Gives its responses another class when they were read as far as their head."""

    def getresponse(self) -> Any:
        response = super().getresponse()
        response.__class__ = OverridingResponse
        return response


CLASSES = {
    cls.__name__: cls
    for cls in (
        HTTPConnection, Overriding, OverridingRequest, OverridingWhole, ConnectionOfOverriding, ConnectionOfAround,
        ConnectionOfRefusing, ChangingClass,
    )
}  # fmt: skip
POLICIES = {"default": DEFAULT, "strict": STRICT, "lenient": LENIENT}


class Text(str):
    """As good as a `str`."""

    __slots__ = ()


class Done(NamedTuple):
    """What a program came to."""

    results: list[str]
    printed: str


class Run:
    """Does the steps of one program.

    Args:
        tap: Hears of them; None for none.
        cls: A key of `CLASSES`.
        options: Of the connection.
    """

    def __init__(self, tap: Tap | NotingTap | None, cls: str, options: dict[str, Any]) -> None:
        options = {**options, "policy": POLICIES[options["policy"]]} if "policy" in options else options
        self.connection: Any = CLASSES[cls]("a.test", tap=tap, **options)
        self.connection._create_connection = self._connect
        self._timeout = options.get("timeout")
        self.sockets: list[PairedSocket] = []
        self.responses: list[Any] = []

    def _connect(self, *_: Any) -> PairedSocket:
        sock = PairedSocket()
        sock.settimeout(self._timeout)
        self.sockets.append(sock)
        return sock

    def do(self, step: tuple[Any, ...]) -> str:
        """Do one step, and say what came of it."""
        try:
            result = getattr(self, step[0])(*step[1:])
        except Exception as error:  # noqa: BLE001 - it is what is asked for
            return f"{step[0]}: {type(error).__name__} {_ADDRESS.sub('', str(error))[:_RESULT_LENGTH]}"
        return f"{step[0]}: {_ADDRESS.sub('', repr(result))[:_RESULT_LENGTH]} {self.connection.state}"

    def end(self) -> None:
        """Close everything."""
        self.connection.close()
        for response in self.responses:
            response.close()
        self.responses.clear()
        for sock in self.sockets:
            sock.close()

    # --- steps: the connection -----------------------------------------------------------------

    def request(self, how: str, method: Any, url: Any, body: str, headers: Any, chunked: bool) -> None:
        made = self._make_body(body)
        more = {"encode_chunked": True} if chunked else {}
        # The same dictionary is not to be used by two runs.
        headers = dict(headers) if isinstance(headers, dict) else headers
        if how == "named":
            self.connection.request(method=method, url=url, body=made, headers=headers, **more)
        elif how == "mixed":
            self.connection.request(method, url, headers=headers, body=made, **more)
        elif made is None and headers is None:
            self.connection.request(method, url, **more)
        elif headers is None:
            self.connection.request(method, url, made, **more)
        else:
            self.connection.request(method, url, made, headers, **more)

    def call(self, name: str, *args: Any) -> Any:
        """Call another method of the connection."""
        return getattr(self.connection, name)(*args)

    def getresponse(self, pieces: list[bytes | None], at_once: bool) -> Any:
        """Get a response, which the peer sends."""
        if isinstance(self.connection.sock, PairedSocket):
            sock = self.connection.sock
            sock.script += pieces
            if at_once and sock.script:
                sock.play(sock.script.pop(0))
        self.responses.append(self.connection.getresponse())
        response = self.responses[-1]
        return (
            type(response).__name__,
            response.status,
            response.reason,
            response.will_close,
            response.version,
        )

    def settle(self) -> None:
        """Close the connection where no request can be made now."""
        if self.connection.state is not State.IDLE:
            self.connection.close()

    def set(self, name: str, value: Any) -> None:
        """Set something of the connection."""
        setattr(self.connection, name, value)

    def patch(self, name: str, way: str) -> None:
        """Put another in the place of a method of this connection."""
        own = getattr(self.connection, name)
        patches: dict[str, Callable[..., Any]] = {
            "through": partial(own),
            "nothing": lambda *args, **kwargs: None,
            "latin-1": lambda text: text.encode("latin-1"),
            "other": lambda _: b"GET /a b HTTP/1.1",
        }
        setattr(self.connection, name, patches[way])

    def unpatch(self) -> None:
        """Take all patches away."""
        for name in [name for name, value in vars(self.connection).items() if callable(value)]:
            if name != "_create_connection":
                delattr(self.connection, name)

    def peer(self, step: bytes | None) -> None:
        """The peer sends, or closes, without being asked."""
        if isinstance(self.connection.sock, PairedSocket):
            self.connection.sock.play(step)

    def replace_socket(self, kind: str) -> None:
        """Another socket, or none, in the place of that of the connection."""
        if kind == "closed" and self.connection.sock is not None:
            self.connection.sock.close()
        else:
            self.connection.sock = None if kind == "none" else self._connect()

    # --- steps: the last response ----------------------------------------------------------------

    def read(self, which: int, name: str, *args: Any) -> Any:
        """Call a method of a response."""
        if not self.responses:
            return None
        response = self.responses[max(which, -len(self.responses))]
        if name in ("readinto", "readinto1"):
            buffer = bytearray(*args)
            count = getattr(response, name)(buffer)
            return count, bytes(buffer[:20])
        if name == "attributes":
            return response.isclosed(), response.complete, response.length, response.headers.items()
        result = getattr(response, name)(*args)
        return type(result) if name == "fileno" else result

    def patch_read(self, name: str) -> None:
        """Put another in the place of a method of the last response."""
        if self.responses:
            own = getattr(self.responses[-1], name)
            setattr(self.responses[-1], name, partial(own))

    def drop(self) -> None:
        """Nobody has the last response any more."""
        # One with a method of its own holds itself.
        if self.responses and vars(self.responses.pop()):
            gc.collect()

    # --- bodies ----------------------------------------------------------------------------------

    def _make_body(self, kind: str) -> Any:
        if kind == "early":
            return self._early_body()
        return BODIES[kind]()

    def _early_body(self) -> Iterator[bytes]:
        yield b"first"
        self.peer(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
        yield b"second"
        yield b"third"


def _failing() -> Iterator[bytes]:
    yield b"first"
    raise LookupError("no more of it")


BODIES: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "empty": lambda: b"",
    "small": lambda: b"body",
    "lines": lambda: b"a\r\n\r\nb: c\r\n\r\n",
    "long": lambda: b"0123456789" * 30,
    "huge": lambda: b"0123456789" * 600,
    "str": lambda: "text",
    "no latin-1": lambda: "\u20ac",
    "bytearray": lambda: bytearray(b"array"),
    "memoryview": lambda: memoryview(b"view"),
    "file": lambda: io.BytesIO(b"of a file"),
    "text file": lambda: io.StringIO("of a file"),
    "iterable": lambda: iter([b"one", b"", b"two"]),
    "list": lambda: [b"one", b"two"],
    "failing": _failing,
    "number": lambda: 5,
}
"""By name what makes a body; `early` is one more, whose peer answers in the middle of it."""


def run(tap: Tap | NotingTap | None, cls: str, options: dict[str, Any], steps: Iterable[Any]) -> Done:
    """Run a program.

    Args:
        tap: Hears of it; None for none.
        cls: A key of `CLASSES`.
        options: Of the connection; the policy by its name.
        steps: Each the name of a method of `Run`, and what it takes.
    """
    # What the connection before this one left behind would be another for the first run.
    receivers._left_behind[0] = None
    printed = io.StringIO()
    collects = gc.isenabled()
    gc.disable()
    try:
        with redirect_stdout(printed):
            program = Run(tap, cls, options)
            results = [program.do(step) for step in steps]
            program.end()
    finally:
        if collects:
            gc.enable()
    return Done(results, printed.getvalue())
