"""The source tree as data for the tests of this folder: files, and what each of them imports.

Imports are read from the syntax tree and nothing is executed, so a deferred import inside a function
counts as much as one at the top of a file.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workbench"

REQUIRED_PARTS = (
    "cli",
    "endings.py",
    "lab",
    "lab/scenarios",
    "protocol",
    "protocol/wire",
    "session",
    "ui",
    "ui/presentation",
    "ui/styles",
)
"""Parts that the rules speak about. A rule about a part that has moved would hold for no file at all."""


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, with the place that imports it."""

    path: Path
    """The importing file, relative to the root of the repository."""

    line: int

    name: str
    """Dotted and absolute. `from http import client` gives `http.client`."""

    def is_of(self, module: str) -> bool:
        """Whether this imports `module` or something inside it."""
        return self.name == module or self.name.startswith(module + ".")

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.name}"


def source_files(part: str = "") -> list[Path]:
    """The Python files of one part of `workbench/`: a folder, or a single file such as `endings.py`."""
    start = PACKAGE / part
    return [start] if start.suffix == ".py" else sorted(start.rglob("*.py"))


def imports_of(path: Path) -> Iterator[Import]:
    """Every import statement of a file, wherever it stands; one item for each imported name."""
    for node in ast.walk(ast.parse(path.read_bytes(), filename=str(path))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _imported_names(node):
                yield Import(path.relative_to(ROOT), node.lineno, name)


def imports_of_part(part: str = "") -> list[Import]:
    """Every import below one part of `workbench/`, or of all of it."""
    return [found for path in source_files(part) for found in imports_of(path)]


def _imported_names(statement: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    # Relative imports are banned by ruff, so `module` is the whole path.
    return [f"{statement.module}.{alias.name}" for alias in statement.names]
