"""`kill -9` at any moment costs at most what is being written: an event, or what a call had not shown yet."""

import json
import random
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from workbench.protocol import tap
from workbench.session.storage.loader import RecordingLoader

CONTENT = {"/small": b"spam", "/large": bytes(range(256)) * 40}
"""What the server answers with; the larger one does not stay in the lines."""

TIMES = 200


class _Server(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while line := self.rfile.readline():
                while self.rfile.readline() not in (b"\r\n", b""):
                    pass
                content = CONTENT[line.split()[1].decode()]
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content))
        except OSError:
            pass  # the client was killed


@pytest.fixture
def port():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Server) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_killed_program_loses_at_most_the_event_being_written(tmp_path, port):
    recorded = 0
    for recording, begun, ended, where in _killed("events", tmp_path, port):
        assert ended <= len(recording.entries) <= begun, where
        recorded += len(recording.entries)

    assert recorded > 10 * TIMES, "too little was recorded to show anything"


def test_killed_program_loses_nothing_of_a_call_that_ended(tmp_path, port):
    recorded = 0
    for recording, begun, ended, where in _killed("exchanges", tmp_path, port):
        whole = [entry for entry in recording.entries if isinstance(entry.event, tap.MessageCompleted)]
        assert ended <= len(whole) <= begun, where
        recorded += len(whole)

    assert recorded > TIMES, "too little was recorded to show anything"


def _killed(what, directory, port):
    """Give what each killed program has recorded, how much it had begun and ended to record, and its name."""
    seed = random.randrange(1 << 30)
    command = [sys.executable, "-m", "tests.session.storage.killed", what, directory, port, TIMES, seed]
    root = Path(__file__).parents[3]
    killed = subprocess.run([*map(str, command)], cwd=root, stdout=subprocess.PIPE, check=True, timeout=100)
    lives = [json.loads(line) for line in killed.stdout.splitlines()]
    assert len(lives) == TIMES
    for name, begun, ended in lives:
        path = directory / name
        if ended == 0 and (not path.exists() or b"\n" not in path.read_bytes()):
            continue  # killed while the file was made
        loader = RecordingLoader(path)
        recording = loader.load()
        where = f"seed {seed}, {name}: {loader.damage}"
        assert loader.damage is None or loader.damage.cut, where
        _check_content(recording, where)
        yield recording, begun, ended, where


def _check_content(recording, where):
    for exchange in recording.exchanges:
        moment = recording.at().connection_numbered(exchange.connection).exchange_numbered(exchange.number)
        line = moment.request_line
        if line is None or moment.response is None or moment.response.completion is None:
            continue
        assert moment.response.content() == CONTENT[line.event.target], where
        assert isinstance(recording.entries[moment.last_index].event, tap.Event)
