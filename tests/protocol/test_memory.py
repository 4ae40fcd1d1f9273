"""Memory follows what came, not what was promised (CVE-2025-13836)."""

import gzip
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import answers_and_closes
from workbench.protocol import IncompleteRead

MEGABYTE = 1_000_000
HUGE = 5_000_000_000

PROMISES = [
    pytest.param(b"Content-Length: %d\r\n\r\n0123456789" % HUGE, id="length"),
    pytest.param(b"Transfer-Encoding: chunked\r\n\r\n%x\r\n0123456789" % HUGE, id="chunk"),
]


@pytest.mark.parametrize("promise", PROMISES)
@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda response: response.read(), id="read"),
        pytest.param(lambda response: response.read(HUGE), id="read so many"),
        pytest.param(lambda response: response.readline(), id="readline"),
        pytest.param(lambda response: response.peek(HUGE) and response.read(), id="peek"),
    ],
)
def test_cve_2025_13836_promise_of_five_gigabytes_costs_little(
    serve: Serve, promise: bytes, read: Callable[[Any], object]
) -> None:
    connection = serve(answers_and_closes(b"HTTP/1.1 200 OK\r\n" + promise)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    tracemalloc.start()
    try:
        with pytest.raises(IncompleteRead) as caught:
            read(response)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert caught.value.partial == b"0123456789"
    assert caught.value.expected == HUGE - 10
    assert peak < MEGABYTE


def test_compressed_content_is_inflated_no_further_than_asked(serve: Serve) -> None:
    bomb = gzip.compress(bytes(50 * MEGABYTE))
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%x\r\n" % len(bomb)
    connection = serve(answers_and_closes(head + bomb + b"\r\n0\r\n\r\n")).connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    tracemalloc.start()
    try:
        assert response.read(1000) == bytes(1000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < MEGABYTE
    response.close()


def test_large_content_is_read_whole(serve: Serve) -> None:
    content = bytes(range(256)) * 40_000
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content)
    connection = serve(answers_and_closes(head + content)).connection()
    connection.request("GET", "/")

    assert connection.getresponse().read() == content


def test_large_content_is_read_into_memory_of_the_caller(serve: Serve) -> None:
    content = bytes(range(256)) * 40_000
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content)
    connection = serve(answers_and_closes(head + content)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    buffer = bytearray(len(content) + 1)

    assert response.readinto(buffer) == len(content)
    assert buffer == content + b"\0"


def test_large_content_is_in_memory_once_when_it_is_joined(serve: Serve) -> None:
    content = bytes(16 * MEGABYTE)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content)
    connection = serve(answers_and_closes(head + content)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    tracemalloc.start()
    try:
        read = response.read()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert read == content
    assert peak < 1.5 * len(content)
    connection.close()
