"""What a caller may give to the calls of a connection: what is allowed, and what is a mistake."""

import array
import io
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.fuzz.corpus import TOKENS


class CallersOwnError(Exception):
    """Raised by a body of the caller's. It passes through the client as it is."""


class Argument(NamedTuple):
    """One argument."""

    text: str
    """As it would be written in a program."""

    value: Any
    allowed: bool = True
    """False where ValueError and TypeError are what the caller deserves."""


def _raising_body() -> Iterator[bytes]:
    yield b"a piece"
    raise CallersOwnError


def _unreadable_file() -> Any:
    return Path(os.devnull).open("wb")


def _choose(
    rng: random.Random, allowed: tuple[Any, ...], mistakes: tuple[Any, ...], rate: float = 0.06
) -> Argument:
    if rng.random() < rate:
        value = rng.choice(mistakes)
        return Argument(repr(value), value, allowed=False)
    value = rng.choice(allowed)
    return Argument(repr(value), value)


def method(rng: random.Random) -> Argument:
    """A request method."""
    allowed = ("GET", "GET", "GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS", "M-SEARCH")
    return _choose(rng, allowed, ("", "G T", "GET\r\n", "g\xe9t", "\u20ac", None, 5, b"GET"))


def target(rng: random.Random) -> Argument:
    """A request-target."""
    allowed = ("/", "/", "/a?b", "", "*", "//x", "/#f", "http://u:p@h/x", "HTTP://h", "http://h:8/", "h:443")
    return _choose(
        rng, allowed, ("/a b", "/\r\nX: y", "/\xe9", "/\u20ac", "http://[::1", "http://h:x/", None, 7, b"/")
    )


def field_name(rng: random.Random) -> Argument:
    """A field name."""
    allowed = (
        *("X", "Accept", b"X-Bytes", "Content-Length", "Transfer-Encoding", "Connection"),
        *("Expect", "Upgrade", "Host"),
    )
    return _choose(rng, allowed, ("", "X Y", "X:", "X\r\n", "\xe9", "\u20ac", b"\xff", None, 5))


def field_value(rng: random.Random) -> Argument:
    """A field value."""
    allowed = ("y", "", b"\xff", 3, "0", "5", "close", "chunked", "100-continue", "gzip, chunked", "a\r\n b")
    return _choose(rng, allowed, ("a\r\nb", "a\nB: c", "\0", "\u20ac", None, 3.5, ["x"], b"a\rb"))


def headers(rng: random.Random) -> Argument:
    """Fields for `request`."""
    if rng.random() < 0.5:
        return Argument("{}", {})
    if rng.random() < 0.03:
        return Argument("'no mapping'", "no mapping", allowed=False)
    pairs = [(field_name(rng), field_value(rng)) for _ in range(rng.randint(1, 2))]
    pairs = [(name, value) for name, value in pairs if name.value.__hash__ is not None]
    allowed = all(name.allowed and value.allowed for name, value in pairs)
    mapping = {name.value: value.value for name, value in pairs}
    return Argument(repr(mapping), mapping, allowed)


_BODIES: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "b''": lambda: b"",
    "b'hello'": lambda: b"hello",
    "'text'": lambda: "text",
    "bytearray(b'x')": lambda: bytearray(b"x"),
    "memoryview(b'xyz')": lambda: memoryview(b"xyz"),
    "array.array('I', [1, 2])": lambda: array.array("I", [1, 2]),
    "io.BytesIO(b'file')": lambda: io.BytesIO(b"file"),
    "io.StringIO('text')": lambda: io.StringIO("text"),
    "[b'a', b'', bytearray(b'b')]": lambda: [b"a", b"", bytearray(b"b")],
    "(a generator)": lambda: (b"z" * size for size in (0, 3, 0, 9000)),
    "b'x' * 300_000": lambda: b"x" * 300_000,
    "io.BytesIO(b'x' * 3_000_000)": lambda: io.BytesIO(b"x" * 3_000_000),
}
_MISTAKEN_BODIES: dict[str, Callable[[], Any]] = {
    "5": lambda: 5,
    "object()": object,
    "['text']": lambda: ["text"],
    "[None]": lambda: [None],
    "'\\u20ac'": lambda: "\u20ac",
    "io.StringIO('\\u20ac')": lambda: io.StringIO("\u20ac"),
    "(a generator that raises)": _raising_body,
    "open(os.devnull, 'wb')": _unreadable_file,
}


def raw_body(rng: random.Random) -> Argument:
    """What `send` takes: no `str`, which only `request` encodes, and not nothing."""
    argument = body(rng)
    return argument._replace(allowed=argument.allowed and not isinstance(argument.value, str | None))


def body(rng: random.Random) -> Argument:
    """A body."""
    if rng.random() < 0.1:
        text = rng.choice(sorted(_MISTAKEN_BODIES))
        return Argument(text, _MISTAKEN_BODIES[text](), allowed=False)
    if rng.random() < 0.1:
        token = rng.choice(TOKENS)
        return Argument(repr(token), token)
    text = rng.choice(sorted(_BODIES))
    return Argument(text, _BODIES[text]())


def flag(rng: random.Random) -> Argument:
    """True or False."""
    return _choose(rng, (True, False), (True,))


def size(rng: random.Random) -> Argument:
    """How much to read."""
    return _choose(rng, (None, -1, 0, 1, 2, 5, 100, 70_000, 10**12), ("x", 1.5, b"1"), rate=0.04)


def tunnel_host(rng: random.Random) -> Argument:
    """A server behind a proxy."""
    return _choose(
        rng,
        ("localhost", "localhost:443", "::1", "[::1]:8", "h\xe9.test"),
        ("", "a b", "h:x", "[::1", "h\r\n", "a..b", None, 5),
    )
