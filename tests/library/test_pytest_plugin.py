"""The fixture, in runs of pytest of their own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT

PASSES = """\
from workbench.lab import LabServer, find_scenario
from workbench.protocol import HTTPConnection


def test_hello(http_recording):
    with LabServer() as lab:
        host, port = lab.open(find_scenario("hello"))
        connection = HTTPConnection(host, port)
        connection.request("GET", "/hello", headers={"Cookie": "id=canary"})
        connection.getresponse().read()
        connection.close()
    assert [one.status for one in http_recording.asked] == [EXPECTED]
"""


def pytest(tmp_path: Path, source: str, *options: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "test_it.py"
    path.write_text(source)
    # Only this plugin: which others are installed is not the matter.
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "workbench.pytest_plugin",
    ]
    return subprocess.run(
        [*command, *options, f"--rootdir={tmp_path}", str(path)],
        capture_output=True, text=True, timeout=100, check=False, env=environment, cwd=tmp_path,
    )  # fmt: skip


def test_fixture_records_the_test(tmp_path: Path) -> None:
    result = pytest(tmp_path, PASSES.replace("EXPECTED", "200"))

    assert "1 passed" in result.stdout, result.stdout


def test_report_of_a_failed_test_tells_the_exchanges(tmp_path: Path) -> None:
    result = pytest(tmp_path, PASSES.replace("EXPECTED", "404"))

    assert "1 failed" in result.stdout
    assert "- HTTP exchanges -" in result.stdout
    assert "< HTTP/1.1 200 OK␍␊" in result.stdout
    assert "test_it.py::test_hello: calls of a program" in result.stdout


def test_run_that_does_not_use_the_fixture_loads_nothing_of_ours(tmp_path: Path) -> None:
    source = """\
import sys

def test_modules():
    ours = sorted(name for name in sys.modules if name.partition(".")[0] == "workbench")
    assert ours == ["workbench", "workbench.pytest_plugin"]
"""
    result = pytest(tmp_path, source)

    assert "1 passed" in result.stdout, result.stdout


def test_fixture_is_listed_with_its_words(tmp_path: Path) -> None:
    result = pytest(tmp_path, "", "--fixtures")

    assert "http_recording" in result.stdout
    assert "Record every HTTP exchange of the test" in result.stdout
