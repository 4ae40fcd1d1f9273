"""What four readers make of the same bytes, from real exchanges with a real socket."""

import io
import json
from typing import Any

import pytest

from tests.protocol.peer import ByteServer, Play
from workbench.compare import (
    ReceivedBytes,
    available_readers,
    client_readers,
    compare_exchange,
    received_bytes,
)
from workbench.compare.client_readers import read_with_http_client, read_with_workbench
from workbench.compare.command import compare_recording
from workbench.compare.comparison import Comparison, compare
from workbench.compare.opinion import Opinion
from workbench.compare.text import comparison_lines
from workbench.protocol import HTTPConnection, HTTPException
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.stream import ByteStream

OWN = (read_with_workbench, read_with_http_client)


SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nabc"


def received(data: bytes, method: str = "GET", end: Any = "closed") -> ReceivedBytes:
    stream = ByteStream()
    stream.append(data)
    return ReceivedBytes(method, "/", stream, 0, len(data), end)


def differing(data: bytes, method: str = "GET", end: Any = "closed") -> set[str]:
    """Name the rows in which our own client and http.client differ."""
    bytes_ = received(data, method, end)
    return {row.label for row in compare([reader(bytes_) for reader in OWN]).differences}


@pytest.mark.parametrize(
    ("data", "method", "expected"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "GET", set(), id="of a length"),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\nok", "GET", set(), id="until close"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n", "GET", set(),
            id="chunked",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "HEAD", set(), id="to HEAD"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", "CONNECT", set(), id="to CONNECT"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "GET", set(), id="cut"),
        pytest.param(SWITCHING, "GET", set(), id="to another protocol"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: 1\r\n 2\r\n\r\nok", "GET", {"field A"}, id="folded"
        ),
    ],
)  # fmt: skip
def test_readers_differ_where_they_are_known_to(data: bytes, method: str, expected: set[str]) -> None:
    assert differing(data, method) == expected


def test_reader_waits_where_the_recording_ends_and_the_peer_did_not() -> None:
    data = received(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", end="open")

    opinions = [reader(data) for reader in OWN]

    assert [opinion.ending for opinion in opinions] == ["waiting", "waiting"]
    assert [opinion.content.length for opinion in opinions] == [2, 2]


def test_bytes_after_the_response_are_counted() -> None:
    data = received(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1")

    assert [reader(data).left for reader in OWN] == [8, 8]


def test_large_content_that_is_cut_is_cut_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_readers, "WHOLE_BYTES", 10)
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"x" * 50

    assert differing(data) == set()
    assert read_with_http_client(received(data)).ending == "raised"


def test_what_follows_a_switch_is_no_content() -> None:
    """It belongs to the other protocol (RFC 9110 section 15.2.2)."""
    data = received(SWITCHING, end="open")._replace(asks_for_upgrade=True)

    opinions = [reader(data) for reader in available_readers()]

    assert compare(opinions).agrees
    assert [(opinion.content.length, opinion.ending) for opinion in opinions[:2]] == [(0, "complete")] * 2
    assert [opinion.left for opinion in opinions[:2]] == [3, 3]


def test_space_that_makes_the_difference_is_seen() -> None:
    lines = list(comparison_lines(compare([Opinion("one", reason="OK "), Opinion("two", reason="OK")]), 80))

    assert [line.split() for line in lines if "reason" in line] == [["≠", "reason", "'OK", "'", "'OK'"]]


def test_first_byte_of_content_that_differs_is_found() -> None:
    one, another = Opinion("one"), Opinion("another")
    one.content.append(b"x" * 100_000 + b"a")
    another.content.append(b"x" * 100_000 + b"b")

    (row,) = compare([one, another]).differences

    assert row.label == "content"
    assert row.cells == ("100001 bytes, from byte 100000 on b'a'", "100001 bytes, from byte 100000 on b'b'")


def test_what_a_reader_keeps_to_itself_differs_from_nothing() -> None:
    assert compare([Opinion("one", interim=[103]), Opinion("another")]).agrees


@pytest.mark.parametrize("name", ["h11", "httptools"])
def test_parser_that_is_installed_reads_the_same(name: str) -> None:
    pytest.importorskip(name)
    data = received(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n"
    )

    opinions = [reader(data) for reader in available_readers()]

    said = [opinion for opinion in opinions if opinion.reader.startswith(name)]
    assert compare([read_with_workbench(data), *said]).agrees
    assert [(opinion.interim, opinion.trailers) for opinion in said] == [([103], [("T", "1")])]


@pytest.mark.parametrize(
    ("data", "method", "end"),
    [
        pytest.param(b"", "GET", "closed", id="nothing"),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\nok", "GET", "closed", id="until close"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "GET", "closed", id="cut"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "GET", "failed", id="reset"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "HEAD", "open", id="to HEAD"),
    ],
)
def test_parser_says_nothing_of_what_it_is_not_told(data: bytes, method: str, end: str) -> None:
    pytest.importorskip("h11")
    pytest.importorskip("httptools")
    bytes_ = received(data, method, end)

    comparison = compare([reader(bytes_) for reader in available_readers()])

    assert comparison.agrees
    (row,) = [row for row in comparison.rows if row.label == "end"]
    assert row.cells[-1] is None


# --- from recordings -------------------------------------------------------------------------


def record(play: Play, calls: Any) -> Recording:
    """Record what calls do on a connection to a server that plays."""
    recording = Recording()
    server = ByteServer((play,))
    try:
        calls(server.connection(tap=Recorder(recording)))
    finally:
        server.stop()
    return recording


def comparisons(recording: Recording) -> list[Comparison]:
    return [compare_exchange(recording, exchange, OWN) for exchange in recording.exchanges]


def get(connection: HTTPConnection) -> None:
    connection.request("GET", "/")
    try:
        connection.getresponse().read()
    except HTTPException:
        pass


def test_each_exchange_of_a_connection_has_its_own_bytes() -> None:
    one = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
    two = b"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\ntwo"

    recording = record(
        lambda peer: peer.answer(one, two), lambda connection: [get(connection), get(connection)]
    )

    found = [received_bytes(recording, exchange) for exchange in recording.exchanges]
    assert [b"".join(bytes_.pieces()) for bytes_ in found] == [one, two]
    assert [comparison.agrees for comparison in comparisons(recording)] == [True, True]
    assert [comparison.opinions[0].status for comparison in comparisons(recording)] == [200, 404]


@pytest.mark.parametrize(("fields", "asks"), [({"Connection": "upgrade", "Upgrade": "x"}, True), ({}, False)])
def test_readers_are_told_whether_an_upgrade_was_asked_for(fields: dict[str, str], asks: bool) -> None:
    recording = record(
        lambda peer: peer.answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
        lambda connection: [connection.request("GET", "/", headers=fields), connection.getresponse().read()],
    )

    assert received_bytes(recording, recording.exchanges[0]).asks_for_upgrade is asks


def test_head_that_nobody_could_parse_is_compared_all_the_same() -> None:
    recording = record(lambda peer: peer.answer(b"HTTP/1.1 two OK\r\n\r\n"), get)

    (comparison,) = comparisons(recording)

    assert [opinion.exception.split(":")[0] for opinion in comparison.opinions] == ["BadStatusLine"] * 2


def test_opinion_says_what_was_found_where_str_of_the_error_has_counts_only() -> None:
    data = received(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")

    opinion = read_with_workbench(data)

    assert opinion.exception == (
        "ChunkError: Expected a hexadecimal chunk size of 1 to 16 digits at byte 47: b'zz' "
        "(RFC 9112 section 7.1)"
    )


def test_table_shows_control_characters_as_glyphs() -> None:
    data = received(b"HTTP/1.1 200 \x1b[2J\r\nContent-Length: 0\r\n\r\n")

    lines = list(comparison_lines(compare([reader(data) for reader in OWN]), 80, everything=True))

    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) <= 80


def test_command_writes_versioned_json_and_says_that_readers_differ() -> None:
    folded = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: 1\r\n 2\r\n\r\nok"
    recording = record(lambda peer: peer.answer(folded), get)
    out = io.StringIO()

    agree = compare_recording(recording, out=out, columns=80, as_json=True, everything=False)

    written = json.loads(out.getvalue())
    assert agree is False
    assert written["version"] == 1
    (exchange,) = written["exchanges"]
    assert exchange["readers"][0].startswith("workbench")
    assert [row["label"] for row in exchange["rows"] if row["differs"]][:1] == ["field A"]
