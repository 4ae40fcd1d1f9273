"""The kinds of content one by one, at places where a response would not ask them any more."""

import io
from collections.abc import Callable

import pytest

from workbench.protocol.chunks import ChunkedContent
from workbench.protocol.codings import decode_codings
from workbench.protocol.content import (
    Content,
    ContentOfLength,
    ContentUntilClose,
    NoContent,
)
from workbench.protocol.judge import Judge
from workbench.protocol.limits import DEFAULT_LIMITS
from workbench.protocol.policy import DEFAULT
from workbench.protocol.reading import Readable
from workbench.protocol.receivers import FileReceiver

settle = Judge(DEFAULT, strict=False, reporter=None).settle
Make = Callable[[FileReceiver], Content]


KINDS: dict[str, tuple[Make, bytes]] = {
    "none": (lambda receiver: NoContent(receiver, settle), b""),
    "length": (lambda receiver: ContentOfLength(receiver, settle, 5), b"hello"),
    "until close": (lambda receiver: ContentUntilClose(receiver, settle), b"hello"),
    "chunked": (
        lambda receiver: ChunkedContent(receiver, settle),
        b"5\r\nhello\r\n0\r\n\r\n",
    ),
    "coded": (
        lambda receiver: decode_codings(
            ContentUntilClose(receiver, settle), [b"deflate"], receiver, settle, DEFAULT_LIMITS
        ),
        b"\x01\x05\x00\xfa\xffhello",
    ),
}

every_kind = pytest.mark.parametrize("kind", KINDS)


def _make(kind: str) -> Content:
    make, body = KINDS[kind]
    return make(FileReceiver(io.BytesIO(body)))


def _drain(content: Content) -> bytes:
    return b"".join(iter(lambda: content.piece(2), b""))


@every_kind
def test_content_that_has_ended_gives_nothing_more(kind: str) -> None:
    content = _make(kind)

    assert _drain(content) == (b"" if kind == "none" else b"hello")
    assert (content.ended, content.failed) == (True, False)
    assert content.piece(5) == content.peek() == b""
    assert content.piece_into(memoryview(bytearray(5))) == 0


@every_kind
def test_content_that_was_shown_is_still_there(kind: str) -> None:
    content = _make(kind)
    shown = content.peek()
    expected = b"" if kind == "none" else b"hello"

    assert expected.startswith(shown)
    assert bool(shown) == bool(expected)
    assert content.read(None) == expected


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [("none", 0, 0), ("length", 5, 3), ("until close", None, None), ("chunked", None, None)],
)
def test_remaining_is_known_where_the_length_is(kind: str, before: int | None, after: int | None) -> None:
    content = _make(kind)

    assert content.remaining == before
    content.piece(2)
    assert content.remaining == after


def test_chunk_left_is_known_inside_a_chunk() -> None:
    content = _make("chunked")
    assert isinstance(content, ChunkedContent)

    assert content.chunk_left is None
    content.piece(2)
    assert content.chunk_left == 3
    _drain(content)
    assert content.chunk_left is None


def test_content_of_no_kind_gives_nothing() -> None:
    content = Content(FileReceiver(io.BytesIO()), settle)

    with pytest.raises(NotImplementedError):
        content.piece(1)
    with pytest.raises(NotImplementedError):
        content.peek()
    with pytest.raises(NotImplementedError):
        Readable().report()
