"""Captures and traces: what the tools that know these formats make of them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.export.conftest import RecordScenario
from tests.session.told import Told
from workbench.export import CannotExport, Subject, find_exporter
from workbench.imports import import_text
from workbench.protocol import tap
from workbench.session.recording import Recording

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


def exported(name: str, recording: Recording, tls_keys: bytes = b"") -> bytes:
    return b"".join(find_exporter(name).export(Subject.of(recording, tls_keys=tls_keys)))


def tshark(path: Path, *options: str) -> list[list[str]]:
    # Some of the ports that a system gives out are those of another protocol for tshark (44321, 57000,
    # five more): what the bytes look like is to count for more.
    command = ["tshark", "-n", "-r", str(path), "-o", "tcp.try_heuristic_first:TRUE"]
    command += ["-T", "fields", "-E", "separator=|", *options]
    result = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    return [line.split("|") for line in result.stdout.splitlines()]


@needs_tshark
@pytest.mark.parametrize(
    ("name", "exchanges"),
    [
        pytest.param("keep-alive-twice", ["GET", "GET"], id="two on a connection"),
        pytest.param("chunked-trailers", ["GET"], id="chunked"),
        pytest.param("hello-tls", ["GET"], id="without its TLS"),
        # What goes through the tunnel is data of it for tshark.
        pytest.param("tunnel", ["CONNECT"], id="tunnel"),
    ],
)
def test_tshark_reads_the_exchanges_of_a_capture(
    name: str, exchanges: list[str], record_scenario: RecordScenario, tmp_path: Path
) -> None:
    path = tmp_path / "x.pcapng"
    path.write_bytes(exported("pcapng", record_scenario(name)))
    # Checksums are wrong where the packets are.
    rows = tshark(
        path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
        "-e", "http.request.method", "-e", "http.response.code", "-e", "_ws.expert.message",
        "-e", "tcp.checksum.status", "-e", "tcp.analysis.flags",
    )  # fmt: skip

    asked = [row[0] for row in rows if row[0]]
    came = [row[1] for row in rows if row[1]]
    assert asked == exchanges
    assert came == ["200"] * len(exchanges)
    # 1 says that a checksum is good. Nothing about lost, repeated or unseen segments.
    assert {row[3] for row in rows} == {"1"}
    assert {row[4] for row in rows} == {""}


@needs_tshark
def test_times_and_addresses_of_a_capture_are_the_recorded_ones(
    record_scenario: RecordScenario, tmp_path: Path
) -> None:
    recording = record_scenario("hello")
    path = tmp_path / "x.pcapng"
    path.write_bytes(exported("pcapng", recording))
    rows = tshark(path, "-e", "frame.time_epoch", "-e", "ip.dst", "-e", "tcp.dstport", "-e", "tcp.len")
    connection = recording.at().connections[0]
    started = recording.entries.event(0)

    assert rows[0][1:3] == [connection.address[0], str(connection.address[1])]
    assert 0 <= float(rows[0][0]) - started.unix_time_ns / 1e9 < 10
    assert sum(int(row[3]) for row in rows) == connection.sent_length + connection.received_length


@needs_tshark
def test_capture_holds_tls_keys_only_when_asked(record_scenario: RecordScenario, tmp_path: Path) -> None:
    keys = b"CLIENT_RANDOM " + b"ab" * 32 + b" " + b"cd" * 48 + b"\n"
    recording = record_scenario("hello")
    path = tmp_path / "x.pcapng"
    path.write_bytes(exported("pcapng", recording, keys))
    rows = tshark(path, "-e", "frame.number")

    assert keys in path.read_bytes()
    assert len(rows) > 6
    assert b"CLIENT_RANDOM" not in exported("pcapng", recording)


@needs_tshark
def test_exchanges_of_an_archive_without_addresses_are_captured(tmp_path: Path) -> None:
    """An imported answer was read again with nobody there: it has the name of a host, or an address alone."""
    entries = [
        {
            "request": {"method": "GET", "url": f"http://example.test/{number}", "headers": []},
            "response": {"status": 200, "headers": [], "content": {"text": "x"}},
            "serverIPAddress": address,
        }
        for number, address in enumerate(("", "", "2001:db8::1", "192.0.2.7", "not an address"))
    ]
    archive = json.dumps({"log": {"entries": entries}}).encode()
    path = tmp_path / "x.pcapng"
    path.write_bytes(exported("pcapng", import_text("har", archive).recording("x")))

    rows = tshark(
        path, "-e", "http.request.uri", "-e", "http.response.code", "-e", "tcp.analysis.flags",
        "-e", "ip.dst", "-e", "ipv6.dst",
    )  # fmt: skip

    asked = [(row[0], row[3] or row[4]) for row in rows if row[0]]
    assert asked == [
        ("/0", "192.0.2.1"),
        ("/1", "192.0.2.1"),
        ("/2", "2001:db8::1"),
        ("/3", "192.0.2.7"),
        ("/4", "192.0.2.1"),
    ]
    assert [row[1] for row in rows if row[1]] == ["200"] * 5
    assert {row[2] for row in rows} == {""}


def test_capture_of_a_changed_recording_has_what_fits() -> None:
    recording = Recording()
    told = Told(recording.append)
    told.tell(tap.Connected, "10.0.0.1", 1 << 40, "10.0.0.2", 1 << 40, 0)
    told.request()
    told.tell(tap.TransportFailed, "receive", "reset \ud800" + "x" * 100_000)

    assert b"x" * 500 in exported("pcapng", recording)


def test_capture_of_nothing_is_refused() -> None:
    with pytest.raises(CannotExport, match="no connection was made"):
        exported("pcapng", Recording())


@pytest.mark.parametrize("name", ["post-chunked", "chunked-trailers", "slow-drip", "pipelining"])
def test_trace_holds_every_byte_once_and_in_order(name: str, record_scenario: RecordScenario) -> None:
    recording = record_scenario(name)
    found = {"=>": b"", "<=": b""}
    direction = ""
    for line in exported("trace", recording).splitlines():
        if line[:2] in (b"=>", b"<=", b"=="):
            direction = line[:2].decode()
        else:
            found[direction] += bytes.fromhex(line[6:54].decode())

    connections = recording.at().connections
    assert found["=>"] == b"".join(one.bytes("sent") for one in connections)
    assert found["<="] == b"".join(one.bytes("received") for one in connections)


def test_trace_looks_like_that_of_curl(record_scenario: RecordScenario) -> None:
    lines = exported("trace", record_scenario("hello")).decode().splitlines()

    assert "<= Recv header, 17 bytes (0x11)" in lines
    assert "0000: 48 54 54 50 2f 31 2e 31 20 32 30 30 20 4f 4b 0d HTTP/1.1 200 OK." in lines
    assert "0010: 0a                                              ." in lines
    assert lines[-2].startswith("== Info: ") or lines[-1].startswith("== Info: ")


def test_raw_streams_are_the_bytes_alone(record_scenario: RecordScenario) -> None:
    recording = record_scenario("keep-alive-twice")
    connection = recording.at().connections[0]

    assert exported("raw-sent", recording) == connection.bytes("sent")
    assert exported("raw-received", recording) == connection.bytes("received")
