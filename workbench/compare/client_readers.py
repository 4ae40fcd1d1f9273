"""The two that read from a socket: our own client, and the one of Python's standard library.

This is the one module of the program that imports `http.client`: to compare with it.
"""

import platform
from collections.abc import Callable, Iterator
from http.client import HTTPException as StandardHTTPException
from http.client import HTTPResponse as StandardHTTPResponse
from http.client import IncompleteRead as StandardIncompleteRead
from typing import Any

from workbench import __version__
from workbench.compare.opinion import Opinion
from workbench.compare.received import PIECE_BYTES, NothingMore, ReceivedBytes, RecordedSocket
from workbench.protocol import HTTPException, HTTPResponse
from workbench.protocol.policy import DEFAULT, Policy

WHOLE_BYTES = 1 << 24
"""More than that is read piece by piece."""

_VERSIONS = {9: "0.9", 10: "1.0", 11: "1.1"}


def read_with_workbench(received: ReceivedBytes, policy: Policy = DEFAULT) -> Opinion:
    """Read with `workbench.protocol`.

    Args:
        received: What the peer sent.
        policy: What to do about bytes that the RFCs forbid.
    """
    opinion = Opinion(f"workbench {__version__}", note=f"the policy is {policy.name}")
    sock = RecordedSocket(received)
    response = HTTPResponse(sock, method=received.method or None, policy=policy)
    _read(response, received, opinion, HTTPException, _pieces)
    opinion.interim = [interim.status for interim in response.informational]
    if opinion.fields is not None:
        opinion.trailers = list(response.trailers.items()) if response.trailers else []
    _count_left(opinion, sock)
    return opinion


def read_with_http_client(received: ReceivedBytes) -> Opinion:
    """Read with `http.client` of the Python that runs this."""
    opinion = Opinion(
        f"http.client {platform.python_version()}", note="gives no interim responses and no trailers"
    )
    sock = RecordedSocket(received)
    response = StandardHTTPResponse(sock, method=received.method or None)  # type: ignore[arg-type]
    whole = received.end == "closed" and received.length <= WHOLE_BYTES
    _read(response, received, opinion, StandardHTTPException, _whole if whole else _pieces_of_all)
    _count_left(opinion, sock)
    return opinion


def _read(
    response: Any,
    received: ReceivedBytes,
    opinion: Opinion,
    failures: type[Exception],
    content: Callable[[Any], Iterator[bytes]],
) -> None:
    """Read the head and the content, noting each thing as soon as it is known."""
    try:
        response.begin()
        opinion.http_version = _VERSIONS.get(response.version, str(response.version))
        opinion.status, opinion.reason = response.status, response.reason
        opinion.fields = list(response.headers.items())
        if received.method == "CONNECT" and 200 <= response.status < 300:
            return  # What follows is the tunnel (RFC 9110 section 9.3.6).
        if response.status == 101:
            return  # What follows is another protocol (section 15.2.2).
        for data in content(response):
            opinion.content.append(data)
    except NothingMore:
        opinion.wait()
    except (failures, ValueError, OSError) as error:
        partial = getattr(error, "partial", b"")
        opinion.content.append(partial if isinstance(partial, bytes) else b"")
        opinion.fail(error)


def _pieces(response: Any) -> Iterator[bytes]:
    """Give what is there, and only then ask for more: what came before the recording ended is not lost."""
    while data := response.read1(PIECE_BYTES):
        yield data


def _whole(response: Any) -> Iterator[bytes]:
    """Give all of it. Of the ways to read, only this one makes `http.client` notice that some is missing."""
    yield response.read()


def _pieces_of_all(response: Any) -> Iterator[bytes]:
    """Give what is there, and notice what is missing as `_whole` would."""
    yield from _pieces(response)
    if response.length:
        raise StandardIncompleteRead(b"", response.length)


def _count_left(opinion: Opinion, sock: RecordedSocket) -> None:
    if opinion.ending == "complete":
        opinion.left = sock.rest()
