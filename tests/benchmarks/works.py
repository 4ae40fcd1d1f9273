"""What is measured: works, each done by any client that has the calls for it."""

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.benchmarks.canned import MIB, SMALL_CHUNKS, Address
from tests.benchmarks.clients import BASE, FLOOR, OWN, TAPPED, Client
from tests.benchmarks.peers import installed_peers

PIECE = 64 * 1024
UPLOAD = 100 * MIB

Do = Callable[[Callable[[], Any], int], float]
"""Does a work so many times, with sessions that it opens; gives the seconds that it took."""


class Work(NamedTuple):
    """One row of the table."""

    title: str
    warm_up: int
    """How often it is done before anything is measured."""

    do: Do
    wanted: float | None
    """How many times faster than `http.client` it has to be."""

    server: str = "plain"
    """`plain` or `tls` for the canned server, or `nginx`."""

    needs: str = "fetch"
    """The call that a session has to have."""

    tapped: bool = False
    """Whether the clients with a tap are measured too."""


def _kept(once: Callable[[Any], None]) -> Do:
    """Make a work of what is done again and again on one connection, which is opened before the time begins."""

    def do(open_session: Callable[[], Any], times: int) -> float:
        session = open_session()
        once(session)
        begin = time.perf_counter()
        for _ in range(times):
            once(session)
        seconds = time.perf_counter() - begin
        session.close()
        return seconds

    return do


def _fetch(method: str, target: str, body: bytes | None = None) -> Do:
    def once(session: Any) -> None:
        assert len(session.fetch(method, target, body)) == 13

    return _kept(once)


def _connect_and_get(open_session: Callable[[], Any], times: int) -> float:
    begin = time.perf_counter()
    for _ in range(times):
        session = open_session()
        assert len(session.fetch("GET", "/13")) == 13
        session.close()
    return time.perf_counter() - begin


def _pieces(target: str, size: int) -> Do:
    def once(session: Any) -> None:
        assert sum(map(len, session.pieces(target, PIECE))) == size

    return _kept(once)


def _read_into(open_session: Callable[[], Any], times: int) -> float:
    buffer = bytearray(PIECE)

    def once(session: Any) -> None:
        assert session.read_into("/mib", buffer) == MIB

    return _kept(once)(open_session, times)


def _upload(open_session: Callable[[], Any], times: int) -> float:
    with tempfile.TemporaryFile() as file:
        os.truncate(file.fileno(), UPLOAD)

        def once(session: Any) -> None:
            file.seek(0)
            assert len(session.upload("/13", file, UPLOAD)) == 13

        return _kept(once)(open_session, times)


WORKS = [
    Work("GET 13 B, 12 fields", 40, _fetch("GET", "/13"), 3.8, tapped=True),
    Work("GET 13 B, new heads", 40, _fetch("GET", "/13-new-heads"), None),
    Work("GET 13 B, 50 fields", 20, _fetch("GET", "/13-of-50-fields"), 5.5, tapped=True),
    Work("POST 1 KiB", 40, _fetch("POST", "/13", bytes(1024)), 3.9, tapped=True),
    Work("GET over TLS", 30, _fetch("GET", "/13"), 2.4, server="tls"),
    Work("connection per GET", 20, _connect_and_get, 1.7),
    Work("1 MiB, read(64 KiB)", 4, _pieces("/mib", MIB), 1.6, needs="pieces", tapped=True),
    Work("1 MiB, readinto(64 KiB)", 4, _read_into, 2.6, needs="read_into"),
    Work("1 MiB in chunks of 16 KiB", 4, _pieces("/mib-chunked", MIB), 1.5, needs="pieces", tapped=True),
    Work("10,000 chunks of 10 B", 4, _pieces("/chunks", 10 * SMALL_CHUNKS), 3.0, needs="pieces"),
    Work("upload of 100 MiB", 1, _upload, 2.9, needs="upload"),
    Work("GET 13 B from nginx", 40, _fetch("GET", "/13"), None, server="nginx"),
    Work("1 MiB from nginx", 4, _pieces("/mib", MIB), None, server="nginx", needs="pieces"),
]


def clients_of(work: Work, addresses: dict[str, Address]) -> list[Client]:
    """Give the clients that can do a work."""
    address = addresses[work.server]
    everybody = [BASE, OWN, FLOOR, *installed_peers(), *(TAPPED if work.tapped else [])]
    # The floor knows Content-Length only.
    chunked = "chunks" in work.title
    able = []
    for client in everybody:
        if client is FLOOR and chunked:
            continue
        session = client.open(address)
        if hasattr(session, work.needs):
            able.append(client)
        session.close()
    return able
