"""Progress: after a second, on a terminal, and gone when it is over."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workbench.cli import main
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


def test_nothing_is_written_to_a_pipe_or_for_what_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_AFTER_SECONDS", 3600.0)
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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["show", "{}"], ["reading", "looking for secrets in"], id="show"),
        pytest.param(["show", "{}", "--list"], ["reading", "looking for secrets in"], id="list"),
        pytest.param(["export", "trace", "{}", "-o", "o"], ["reading", "looking for secrets in", "writing o: 0 bytes"], id="export"),
        pytest.param(["import", "trace", "t", "-o", "o"], ["reading the trace", "writing o: 0 bytes"], id="import"),
        pytest.param(
            ["import", "trace", "t", "--save", "r"],
            ["reading the trace", "having the answers read once more", "saving r"],
            id="replay",
        ),
        pytest.param(["run", "{}", "--save", "r", "--json"], ["reading", "saving r", "looking for secrets in"], id="save"),
        pytest.param(["compare", "{}"], ["reading"], id="compare"),
    ],
)  # fmt: skip
def test_whatever_may_take_long_is_told(
    words: list[str],
    told: list[str],
    saved: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = str(saved("chunked-trailers"))
    monkeypatch.chdir(tmp_path)
    main(["export", "trace", path, "-o", "t"])
    said: list[str] = []

    @contextmanager
    def listen(words: Callable[[], str]) -> Iterator[None]:
        said.append(words())
        yield

    for name in ("recordings", "output", "importing"):
        monkeypatch.setattr(f"workbench.cli.{name}.progress", listen)
    main([word.replace("{}", path) for word in words])

    assert len(said) == len(told)
    assert [one for one, begin in zip(said, told, strict=True) if not one.startswith(begin)] == []
