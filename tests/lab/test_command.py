"""`workbench lab` without a process of its own."""

import io
import json
import queue
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab.conftest import FILE, TIMEOUT_SECONDS
from workbench.lab import load_scenarios
from workbench.lab.command import run_lab


def run(**options: Any) -> tuple[int, str, str]:
    """Run the command, told to stop before it starts. Returns exit code, stdout and stderr."""
    out, err, stop = io.StringIO(), io.StringIO(), threading.Event()
    stop.set()
    arguments = {"scenario_names": (), "list_only": False, "as_json": False} | options
    code = run_lab(**arguments, out=out, err=err, stop=stop)
    return code, out.getvalue(), err.getvalue()


class ServedText(io.StringIO):
    """A stdout that tells when it was flushed: what a pipe's reader would see by then."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed: queue.Queue[str] = queue.Queue()

    def flush(self) -> None:
        self.flushed.put(self.getvalue())


@pytest.fixture
def serving() -> Iterator[tuple[str, threading.Event, queue.Queue[int]]]:
    """Serve `hello` and `hello-tls` in a thread: the JSON, the stop event, and the exit code to be."""
    out, stop, code = ServedText(), threading.Event(), queue.Queue()

    def serve() -> None:
        names = ("hello-tls", "hello")
        code.put(
            run_lab(
                scenario_names=names, list_only=False, as_json=True, out=out, err=io.StringIO(), stop=stop
            )
        )

    thread = threading.Thread(target=serve)
    thread.start()
    yield out.flushed.get(timeout=TIMEOUT_SECONDS), stop, code
    stop.set()
    thread.join(TIMEOUT_SECONDS)


def test_list_names_every_scenario() -> None:
    code, out, err = run(list_only=True)

    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(load_scenarios())


def test_list_as_json_has_what_a_program_needs() -> None:
    code, out, _ = run(list_only=True, as_json=True, scenario_names=("hello-tls",))

    (entry,) = json.loads(out)["scenarios"]
    assert code == 0
    assert entry["name"] == "hello-tls"
    assert entry["tls"] is True
    assert set(entry) == {"name", "group", "title", "teaches", "section", "tls", "script"}


def test_addresses_are_printed_before_the_wait(serving: Any) -> None:
    text, stop, code = serving
    document = json.loads(text)

    hello, tls = document["scenarios"]
    assert (hello["name"], tls["name"]) == ("hello", "hello-tls")
    assert tls["origin"].startswith("https://localhost:")
    assert document["cafile"].endswith("ca.pem")
    with urllib.request.urlopen(hello["origin"] + "/hello", timeout=TIMEOUT_SECONDS) as response:
        assert response.read() == b"Hello, world\n"

    stop.set()
    assert code.get(timeout=TIMEOUT_SECONDS) == 0


def test_table_has_one_line_for_each_scenario() -> None:
    code, out, err = run(scenario_names=("hello", "stall"))

    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].split("  ")[0] == "hello"
    assert "http://127.0.0.1:" in lines[0]
    assert lines[0].endswith("A GET with Content-Length")
    assert lines[1].startswith("stall")
    assert lines[-2:] == ["Ctrl+C stops the lab.", "The lab has stopped."]


def test_whole_lab_is_served_when_no_name_is_given() -> None:
    _, out, _ = run()

    assert {line.split()[0] for line in out.splitlines() if "//" in line} == set(load_scenarios())
    assert "CA file" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"scenario_names": ("helo",)}, "no scenario 'helo' (did you mean hello", id="name"),
        pytest.param({"host": "192.0.2.1"}, "Cannot listen on 192.0.2.1: ", id="address of another machine"),
        pytest.param({"host": "no.such.host.invalid"}, "Cannot listen on no.such.host.invalid: ", id="host"),
        pytest.param({"directory": Path("/nonexistent")}, "Expected a directory", id="directory"),
    ],
)
def test_wrong_argument_is_told_on_stderr(options: dict[str, Any], message: str) -> None:
    code, out, err = run(**options)

    assert (code, out) == (2, "")
    assert err.startswith("workbench lab: ")
    assert message in err
    assert err.count("\n") == 1


def test_own_scenarios_are_served_too(tmp_path: Path) -> None:
    (tmp_path / "made-up.toml").write_text(FILE + '[[steps]]\ndo = "close"\n')

    code, out, _ = run(directory=tmp_path, scenario_names=("made-up",))

    assert code == 0
    assert "A scenario of a test" in out
