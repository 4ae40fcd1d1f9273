"""`workbench lab` without a process of its own."""

import dataclasses
import io
import json
import queue
import socket
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab.conftest import FILE, TIMEOUT_SECONDS
from tests.ports import kept_port
from workbench.lab import load_scenarios
from workbench.lab.command import Serving, run_lab

SERVING = {field.name for field in dataclasses.fields(Serving)}


def run(**options: Any) -> tuple[int, str, str]:
    """Run the command, told to stop as soon as it serves. Returns exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    serving = Serving(**{name: options.pop(name) for name in SERVING & set(options)})
    arguments = {"scenario_names": (), "list_only": False, "as_json": False} | options
    code = run_lab(serving, **arguments, out=out, err=err, wait=lambda _: None)
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
    """Serve two scenarios in a thread: the JSON, the stop event, and the exit code to be."""
    out, stop, code = ServedText(), threading.Event(), queue.Queue()

    def serve() -> None:
        code.put(
            run_lab(
                Serving(),
                scenario_names=("tls-unverified", "hello"),
                list_only=False,
                as_json=True,
                out=out,
                err=io.StringIO(),
                wait=lambda _: stop.wait(),
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
    assert entry["promise"]["status"] == 200
    assert set(entry) == {
        *("name", "group", "title", "teaches", "section", "tls", "needs_own_port", "steps"),
        *("script", "promise"),
    }


def test_addresses_are_printed_before_the_wait(serving: Any) -> None:
    text, stop, code = serving
    document = json.loads(text)

    hello, tls = document["scenarios"]
    assert (hello["name"], tls["name"]) == ("hello", "tls-unverified")
    assert document["cafile"].endswith("ca.pem")
    with urllib.request.urlopen(hello["url"], timeout=TIMEOUT_SECONDS) as response:
        assert response.read() == b"Hello, world\n"
    # Who names a scenario that no path can reach has asked for its port.
    assert tls["url"] is None
    assert tls["origin"].startswith("https://localhost:")
    assert hello["origin"] is None

    stop.set()
    assert code.get(timeout=TIMEOUT_SECONDS) == 0


def test_table_has_one_line_for_each_scenario() -> None:
    code, out, err = run(scenario_names=("hello", "stall", "tls-expired"))

    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].split() == ["hello", "/hello/", "A", "GET", "with", "Content-Length"]
    assert lines[1].startswith("stall")
    assert lines[2].split()[1].startswith("https://localhost:")
    assert lines[4].startswith("http://127.0.0.1:")
    assert lines[5].startswith("https://localhost:")
    assert lines[-2:] == ["Ctrl+C stops the lab.", "The lab has stopped."]


def test_whole_lab_is_served_when_no_name_is_given() -> None:
    _, out, _ = run()

    assert {line.split()[0] for line in out.partition("\n\n")[0].splitlines()} == set(load_scenarios())
    assert out.count("(needs a port of its own)") > 10
    assert "scenarios need a port of their own: --ports NAME" in out


@pytest.mark.parametrize(
    ("own_ports", "count"),
    [
        pytest.param(("hello", "tunnel"), 2, id="those that are named"),
        pytest.param((), len(load_scenarios()), id="all of them"),
    ],
)
def test_port_of_its_own_is_given_on_request(own_ports: tuple[str, ...], count: int) -> None:
    code, out, _ = run(own_ports=own_ports, as_json=True)

    entries = json.loads(out)["scenarios"]
    own = {entry["name"]: entry["origin"] for entry in entries if entry["origin"]}
    assert code == 0
    assert len(entries) == len(load_scenarios())
    assert len(set(own.values())) == count
    assert set(own_ports) <= set(own)


def test_ports_can_be_chosen() -> None:
    with kept_port() as port, kept_port() as tls_port:
        document = json.loads(run(port=port, tls_port=tls_port, as_json=True)[1])

    assert document["origin"] == f"http://127.0.0.1:{port}"
    assert document["tls_origin"] == f"https://localhost:{tls_port}"


def test_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = run(port=port)

    assert (code, out) == (2, "")
    assert (
        f"Cannot listen on 127.0.0.1: Address already in use (while attempting to bind on address ('127.0.0.1', {port})"
        in err
    )


def test_network_is_warned_of() -> None:
    code, _, err = run(host="0.0.0.0", scenario_names=("hello",))

    assert (code, err) == (0, "workbench lab: Whoever can reach this machine can connect\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"scenario_names": ("helo",)}, "no scenario 'helo' (did you mean hello", id="name"),
        pytest.param({"own_ports": ("helo",)}, "no scenario 'helo' (did you mean hello", id="port"),
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
