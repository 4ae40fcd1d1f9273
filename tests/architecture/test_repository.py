"""What no file of the repository may hold: machine paths, registry hosts, sleeps, executed text.

The examples are put together from pieces, or this file would be its own first finding.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, imports_of, source_files

MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/(?:root|work|tmp/venv|home/\w+|Users/\w+)/")
"""Absolute paths of somebody's machine. `https://host/...` and relative paths do not match."""

REGISTRY_HOSTS = re.compile(r"pypi\.|pythonhosted\.|npmjs\.|crates\.io|rubygems\.", re.IGNORECASE)
"""Installing is pip's business, and where pip looks is its user's."""

TOP_LEVEL = {
    ".ci", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md",
    "pyproject.toml", "screenshots", "tests", "workbench",
}  # fmt: skip
"""The layout of the project, and the few files that any project has."""

EXECUTED_TEXT = {"eval", "exec", "compile", "__import__"}


def listed(*options: str) -> list[str]:
    """What git lists of the checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what belongs to the repository is unknown")
    listing = ["git", "ls-files", "-z", *options]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, timeout=100, check=True)
    return [name.decode() for name in done.stdout.split(b"\0") if name]


@cache
def tracked_files() -> list[Path]:
    """What git tracks or would track, so that a build or an environment in the checkout does not count."""
    paths = [ROOT / name for name in listed("--cached", "--others", "--exclude-standard")]
    return [path for path in paths if path.is_file()]


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a text file; nothing for a picture."""
    content = path.read_bytes()
    if b"\0" not in content:
        yield from enumerate(content.decode("utf-8", "replace").splitlines(), start=1)


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        for number, line in text_lines(path)
        if pattern.search(line)
    ]


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_bytes(), filename=str(path))):
        if isinstance(node, ast.Call):
            yield node


def calls_that(matches: Callable[[ast.Call], bool], paths: list[Path]) -> list[str]:
    """The place and the text of every matching call."""
    return [
        f"{path.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call)[:80]}"
        for path in paths
        for call in calls(path)
        if matches(call)
    ]


def is_pause(call: ast.Call) -> bool:
    """Whether a call lets time pass for its own sake: `sleep(1)` of anything, `pilot.pause(0.5)`.

    `asyncio.sleep(0)` and `pilot.pause()` only give way, so they are no pauses.
    """
    function = ast.unparse(call.func)
    duration = ast.unparse(call.args[0]) if call.args else "0"
    return (function.split(".")[-1] == "sleep" or function == "pilot.pause") and duration != "0"


def executes_text(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in EXECUTED_TEXT


def test_repository_files_are_found() -> None:
    names = {str(path.relative_to(ROOT)) for path in tracked_files()}

    assert {"README.md", "pyproject.toml", ".ci/run", "workbench/__init__.py"} <= names


def test_top_level_is_the_layout_of_the_project() -> None:
    assert {name.partition("/")[0] for name in listed()} == TOP_LEVEL


def test_no_file_names_a_machine_path() -> None:
    assert lines_matching(MACHINE_PATHS) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_matching(REGISTRY_HOSTS) == []


def test_no_code_imports_sleep() -> None:
    """Ruff bans it in the product; here the ban holds for the tests too."""
    found = [str(item) for path in python_files() for item in imports_of(path) if item.is_of("time.sleep")]

    assert found == []


def test_no_code_blocks_in_sleep() -> None:
    assert calls_that(lambda call: ast.unparse(call.func) == "time.sleep", python_files()) == []


def test_no_test_lets_time_pass() -> None:
    """A test waits for what it needs, with a bound. The lab may pause: that is what it plays."""
    tests = [path for path in python_files() if path.is_relative_to(ROOT / "tests")]

    assert tests
    assert calls_that(is_pause, tests) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("time.sle" + "ep(0.1)", True, id="time"),
        pytest.param("await asyncio.sle" + "ep(delay)", True, id="asyncio"),
        pytest.param("await asyncio.sle" + "ep(0)", False, id="asyncio-gives-way"),
        pytest.param("await pilot.pau" + "se(0.5)", True, id="pilot"),
        pytest.param("await pilot.pau" + "se()", False, id="pilot-gives-way"),
        pytest.param("stopped.wait(1)", False, id="event"),
    ],
)
def test_pause_is_recognised(source: str, expected: bool) -> None:
    call = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))

    assert is_pause(call) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("cd /ro" + "ot/project", True, id="root"),
        pytest.param('path = "/wo' + 'rk/main"', True, id="work"),
        pytest.param("/ho" + "me/alice/x", True, id="home"),
        pytest.param("http://127.0.0.1/wo" + "rk/", False, id="url"),
        pytest.param(".venv/bin/pytest", False, id="relative"),
    ],
)
def test_machine_path_is_recognised(line: str, expected: bool) -> None:
    assert bool(MACHINE_PATHS.search(line)) == expected


def test_no_product_code_executes_text() -> None:
    """A script is read with `ast` and interpreted (invariant 9)."""
    assert calls_that(executes_text, source_files()) == []
