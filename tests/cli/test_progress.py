"""Progress: after a second, on a terminal, and gone when it is over."""

import io
import threading

import pytest

from workbench.cli import progress as module
from workbench.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_line_is_written_while_it_goes_on_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_AFTER_SECONDS", 0.0)
    asked, err = threading.Event(), Terminal()

    def words() -> str:
        asked.set()
        return "received 5 bytes"

    with progress(words, err):
        assert asked.wait(10)

    assert err.getvalue().startswith("\r\x1b[Kreceived 5 bytes")
    assert err.getvalue().endswith("\r\x1b[K")


def test_nothing_is_written_to_a_pipe_or_for_what_is_quick() -> None:
    pipe, terminal = io.StringIO(), Terminal()

    with progress(lambda: "words", pipe), progress(lambda: "words", terminal):
        pass

    assert (pipe.getvalue(), terminal.getvalue()) == ("", "")
