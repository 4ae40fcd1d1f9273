"""Every example that a document or a docstring gives is run, against the lab."""

import ast
import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.lab import LabServer, find_scenario

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workbench"

EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(text, id=f"{path.name}:{path.read_text('utf-8')[: match.start()].count(chr(10)) + 2}")
    for path in sorted(ROOT.glob("*.md"))
    for match in EXAMPLE.finditer(path.read_text("utf-8"))
    for text in match.groups()
]
DOCTESTED = sorted(
    path for path in PACKAGE.rglob("*.py") if re.search(r"^ +>>> ", path.read_text("utf-8"), re.MULTILINE)
)


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    """The port of the server that the examples call localhost port 8000."""
    with LabServer() as lab:
        yield lab.origin(find_scenario("hello")).rpartition(":")[2]


def against_the_lab(example: str, port: str) -> str:
    here = example.replace('"localhost", 8000', f'"127.0.0.1", {port}')
    return here.replace("localhost:8000/", f"127.0.0.1:{port}/hello")


def run(*words: str, folder: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        timeout=100,
        check=False,
        text=True,
        cwd=folder,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5
    assert {"protocol/__init__.py", "library/recording.py"} <= {
        str(path.relative_to(PACKAGE)) for path in DOCTESTED
    }


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_runs(example: str, port: str, tmp_path: Path) -> None:
    path = tmp_path / "test_example.py"
    path.write_text(against_the_lab(example, port), "utf-8")

    if "\ndef test_" in example:
        run(
            "-m",
            "pytest",
            "-q",
            "-p",
            "workbench.pytest_plugin",
            "-p",
            "no:cacheprovider",
            str(path),
            folder=tmp_path,
        )
    else:
        run("-W", "error", str(path), folder=tmp_path)


def test_first_example_of_the_readme_is_in_the_script_language(port: str, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(against_the_lab(EXAMPLES[0].values[0], port), "utf-8")

    assert "printed: 200 OK" in run("-m", "workbench", "run", str(path), folder=tmp_path)


@pytest.mark.parametrize(
    ("word", "printed"),
    [
        pytest.param("def tell(", "the end of the body: Content-Length is ", id="tap"),
        pytest.param("dropin", "b'Hello, world\\n'\n", id="drop-in"),
        pytest.param("with record(", "curl --include", id="record"),
    ],
)
def test_example_prints_what_it_is_there_for(word: str, printed: str, port: str, tmp_path: Path) -> None:
    example = next(one.values[0] for one in EXAMPLES if word in one.values[0])

    assert printed in run("-c", against_the_lab(example, port), folder=tmp_path)


@pytest.mark.parametrize("path", DOCTESTED, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_examples_of_docstrings_run(path: Path, port: str) -> None:
    failures: list[str] = []
    tree = ast.parse(path.read_bytes())
    documented = [
        node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    ]
    texts = [text for node in documented if ">>> " in (text := ast.get_docstring(node) or "")]
    for text in texts:
        test = doctest.DocTestParser().get_doctest(against_the_lab(text, port), {}, path.name, str(path), 0)
        doctest.DocTestRunner().run(test, out=failures.append)

    assert texts
    assert failures == []
