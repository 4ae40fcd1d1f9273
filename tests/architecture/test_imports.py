"""Who may import what (ARCHITECTURE.md, invariants 1 to 5), read from the files themselves.

import-linter holds the same invariants over the import graph, where it also sees chains of imports. It
cannot name `http.client`, and a contract about a package that is gone would be an error there; this side
sees single names, and says which line is wrong.
"""

import pytest

from tests.architecture.sources import (
    PACKAGE,
    REQUIRED_PARTS,
    Import,
    imports_of_part,
    source_files,
)

NO_IO_MODULES = ("socket", "ssl", "select", "threading", "asyncio", "time", "http", "email", "urllib")

MAY_IMPORT_SOCKETS = ("workbench/protocol/transport/", "workbench/lab/")

MAY_IMPORT_HTTP_CLIENT = ("workbench/compare/client_readers.py",)
"""The module that gives a second opinion, alone."""

UI = "workbench/ui/"


def violations(imports: list[Import], *modules: str) -> list[str]:
    return [str(found) for found in imports if any(found.is_of(module) for module in modules)]


@pytest.mark.parametrize("part", REQUIRED_PARTS)
def test_part_has_files(part: str) -> None:
    """Without this, every rule below would hold for a part that somebody renamed."""
    if part.endswith(".py"):
        files = source_files(part)
    else:
        files = [path for path in (PACKAGE / part).glob("*") if path.is_file()]

    assert [path for path in files if path.stat().st_size > 0]


def test_imports_are_read_from_a_part_that_has_some() -> None:
    """The reader of imports itself: the transport exists to import socket and ssl."""
    names = {found.name for found in imports_of_part("protocol/transport")}

    assert {"socket", "ssl"} <= names


def test_wire_imports_nothing_that_does_io() -> None:
    assert violations(imports_of_part("protocol/wire"), *NO_IO_MODULES) == []


def test_wire_imports_nothing_of_workbench_but_wire() -> None:
    outside = [
        str(found)
        for found in imports_of_part("protocol/wire")
        if found.is_of("workbench") and not found.is_of("workbench.protocol.wire")
    ]

    assert outside == []


def test_only_transport_and_lab_import_sockets() -> None:
    elsewhere = [found for found in imports_of_part() if not str(found.path).startswith(MAY_IMPORT_SOCKETS)]

    assert violations(elsewhere, "socket", "ssl", "select", "selectors") == []


def test_http_client_is_imported_for_a_second_opinion_only() -> None:
    imports = [found for found in imports_of_part() if str(found.path) not in MAY_IMPORT_HTTP_CLIENT]

    assert violations(imports, "http.client", "urllib.request") == []


def test_lab_imports_nothing_from_protocol() -> None:
    assert violations(imports_of_part("lab"), "workbench.protocol") == []


def test_only_ui_imports_textual() -> None:
    """Stronger than invariant 5 asks: it holds for parts that do not exist yet, and for the command."""
    elsewhere = [found for found in imports_of_part() if not str(found.path).startswith(UI)]

    assert violations(imports_of_part("ui"), "textual") != []
    assert violations(elsewhere, "textual", "rich") == []


def test_presentation_imports_no_textual() -> None:
    """Values become text without an app, so the text is tested without one."""
    assert violations(imports_of_part("ui/presentation"), "textual") == []


def test_screen_names_no_connection_class() -> None:
    """The screen sees the network through the session, or what it did would be in no recording."""
    connection_classes = ("workbench.protocol.HTTPConnection", "workbench.protocol.HTTPSConnection")

    assert violations(imports_of_part("ui"), *connection_classes) == []


def test_nothing_imports_what_executes_data() -> None:
    """Nothing in a script, lesson or recording file can execute code (invariant 9)."""
    assert violations(imports_of_part(), "pickle", "marshal", "shelve", "runpy", "code", "codeop") == []
