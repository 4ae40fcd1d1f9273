"""Progress: after a second, on a terminal, and gone when it is over."""

import io
import threading

import pytest

from workbench.cli import progress as module
from workbench.cli.progress import progress
from workbench.cli.waiting import told_while_waiting


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


class Watched(Terminal):
    """Says when something was written."""

    def __init__(self) -> None:
        super().__init__()
        self.told = threading.Event()

    def write(self, text: str) -> int:
        if "nothing new" in text:
            self.told.set()
        return super().write(text)


def test_run_of_which_nothing_is_heard_is_told_below_its_transcript(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.001)
    screen = Watched()

    with told_while_waiting(screen, screen) as (out, err):
        assert screen.told.wait(10)
        # `print` writes a line in two pieces: it is not written over between them.
        out.write("received")
        screen.told.clear()
        assert not screen.told.wait(0.05)
        out.write(" 5 bytes\n")
        assert screen.told.wait(10)
        err.write("ended\n")

    shown = [line.rpartition("\r\x1b[K")[2] for line in screen.getvalue().split("\n")]
    assert shown == ["received 5 bytes", "ended", ""]


def test_run_into_pipes_is_written_as_it_is() -> None:
    out, err = io.StringIO(), io.StringIO()

    with told_while_waiting(out, err) as streams:
        assert streams == (out, err)
