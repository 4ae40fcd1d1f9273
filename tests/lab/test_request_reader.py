"""The lab's reader of requests, given bytes as they come."""

import asyncio
import re
from collections.abc import Iterable, Iterator

import pytest

from workbench.lab import request_reader
from workbench.lab.request_reader import PeerClosed, RequestHead, RequestReader

HEAD = b"GET /x HTTP/1.1\r\nHost: lab\r\n\r\n"


def reader_of(pieces: Iterable[bytes]) -> RequestReader:
    rest: Iterator[bytes] = iter(pieces)

    async def receive() -> bytes:
        return next(rest, b"")

    return RequestReader(receive)


def by_bytes(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("before", [b"", b"\r\n", b"\r\n\r\n\n"])
def test_heads_are_the_same_however_they_come(before: bytes, line_end: bytes) -> None:
    data = (before + HEAD + HEAD.replace(b"/x", b"/y")).replace(b"\r\n", line_end) + b"rest"

    async def heads(pieces: Iterable[bytes]) -> tuple[RequestHead, RequestHead, bytes]:
        reader = reader_of(pieces)
        return await reader.read_head(), await reader.read_head(), await reader.read_bytes(4)

    found = [asyncio.run(heads(pieces)) for pieces in ([data], by_bytes(data))]

    assert found[0] == found[1]
    assert [head.target for head in found[0][:2]] == [b"/x", b"/y"]
    assert found[0][2] == b"rest"


@pytest.mark.parametrize(
    ("data", "clean"), [(b"", True), (b"\r\n", True), (b"GET", False), (b"\r\nG", False)]
)
def test_end_in_the_middle_of_a_head_is_told_from_one_before_it(data: bytes, clean: bool) -> None:
    with pytest.raises(PeerClosed) as caught:
        asyncio.run(reader_of(by_bytes(data)).read_head())

    assert caught.value.clean is clean


class Counting:
    """Counts the bytes that the end of a head is looked for in."""

    def __init__(self) -> None:
        self.looked_at = 0
        self._pattern = request_reader._HEAD_END

    def search(self, data: bytearray, start: int = 0) -> re.Match[bytes] | None:
        self.looked_at += len(data) - start
        return self._pattern.search(data, start)


def test_head_that_comes_byte_by_byte_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has one thread: what it did for each byte, all clients waited for."""
    counting = Counting()
    monkeypatch.setattr(request_reader, "_HEAD_END", counting)
    data = HEAD.replace(b"lab", b"a" * 2000)

    asyncio.run(reader_of(by_bytes(data)).read_head())

    assert counting.looked_at < 5 * len(data)
