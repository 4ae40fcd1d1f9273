"""Carrying a copy out: with a tool, to the terminal, into a file."""

from pathlib import Path

import pytest

from tests.ui import states
from tests.ui.driving import screen_text, still_app, until, write_call
from workbench.protocol.wire.span import Span
from workbench.ui import copying
from workbench.ui.clipboard import MOST_FOR_A_TERMINAL, clipboard_tools, copy_folder, save_copy
from workbench.ui.copying import copy_out, copy_text
from workbench.ui.presentation.copy_choices import CopyChoice, CopyRange
from workbench.ui.presentation.copy_formats import CopyFormat


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """Tools of a desktop that write what they get into a file."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    taken = tmp_path / "taken"

    def make(name, exit_code=0):
        tool = folder / name
        tool.write_text(f"#!/bin/sh\ncat > {taken}\nexit {exit_code}\n")
        tool.chmod(0o755)

    make.taken = taken
    return make


@pytest.fixture
def environment(tmp_path):
    return {"XDG_STATE_HOME": str(tmp_path / "state"), "DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}


def copied(data, environment, form=CopyFormat.RAW):
    choice = CopyChoice(CopyRange("content", Span("received", 0, len(data))), form)
    return copy_out(choice, lambda start, end: data[start:end], environment)


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        pytest.param({}, [], id="no desktop"),
        pytest.param({"DISPLAY": ":0"}, ["xclip", "xsel"], id="X11"),
        pytest.param({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, ["wl-copy", "xclip", "xsel"], id="Wayland"),
    ],
)
def test_tools_are_those_of_the_desktop(environment, names, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")

    assert [command[0] for command in clipboard_tools(environment, which=str)] == names


def test_mac_has_its_own_tool(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")

    assert clipboard_tools({}, which=str) == [("pbcopy",)]


def test_tool_that_is_not_installed_is_not_tried():
    assert clipboard_tools({"DISPLAY": ":0"}, which=lambda name: None) == []


def test_tool_gets_the_bytes(tools, environment):
    tools("wl-copy")

    result = copied(b"Host: a\r\n", environment)

    assert result == ("tool", 9, "wl-copy", "", "")
    assert tools.taken.read_bytes() == b"Host: a\r\n"


def test_next_tool_is_tried_when_one_fails(tools, environment):
    tools("wl-copy", exit_code=1)
    tools("xclip")

    assert copied(b"a", environment).where == "xclip"


def test_terminal_comes_after_the_tools(environment):
    result = copied("é".encode(), {"XDG_STATE_HOME": environment["XDG_STATE_HOME"]})

    assert (result.way, result.text) == ("terminal", "é")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"\xff", "not UTF-8", id="no text"),
        pytest.param(b"a\0b", "NUL", id="NUL"),
        pytest.param(b"x" * (MOST_FOR_A_TERMINAL + 1), "more than terminals take", id="much"),
        pytest.param(b"x" * (1 << 22), "more than a clipboard is given", id="very much"),
    ],
)
def test_what_no_clipboard_can_hold_becomes_a_file(data, words, environment):
    result = copied(data, {"XDG_STATE_HOME": environment["XDG_STATE_HOME"]})

    assert result.way == "file"
    assert words in result.reason
    assert Path(result.where).read_bytes() == data


def test_bytes_that_are_no_text_are_text_in_hexadecimal(environment):
    result = copied(b"\xff\0", {"XDG_STATE_HOME": environment["XDG_STATE_HOME"]}, CopyFormat.HEX)

    assert (result.way, result.text) == ("terminal", "ff 00")


async def test_ctrl_c_and_inputs_copy_as_everything_else_does(tools, monkeypatch):
    """With a tool of the desktop first: a terminal does not say whether it took a text."""
    tools("xclip")
    monkeypatch.setenv("DISPLAY", ":0")
    async with still_app(states.start(), toasts=True) as (app, pilot, _):
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "Copied with xclip: " in screen_text(app))
        assert b'conn = HTTPConnection("127.0.0.1", 8080)' in tools.taken.read_bytes()

        await write_call(app, pilot, "conn.close()")
        await pilot.press("shift+home", "ctrl+c")
        await until(pilot, lambda: tools.taken.read_bytes() == b"conn.close()")
        assert app.clipboard == "conn.close()"


def test_selected_text_that_is_too_much_for_a_terminal_is_saved(environment):
    text = "é" * MOST_FOR_A_TERMINAL

    result = copy_text(text, {"XDG_STATE_HOME": environment["XDG_STATE_HOME"]})

    assert result.way == "file"
    assert Path(result.where).read_text("utf-8") == text


def test_file_is_for_its_user_alone(tmp_path):
    path, size = save_copy(tmp_path / "state" / "copies", "received-0-3", ".bin", [b"ab", b"c"])

    assert (path.read_bytes(), size) == (b"abc", 3)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_second_copy_leaves_the_first_one_alone(tmp_path):
    first, _ = save_copy(tmp_path, "sent-0-1", ".bin", [b"1"])
    second, _ = save_copy(tmp_path, "sent-0-1", ".bin", [b"2"])

    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")


def test_copy_that_cannot_be_finished_leaves_nothing_behind(tmp_path):
    def pieces():
        yield b"a"
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        save_copy(tmp_path, "sent-0-1", ".bin", pieces())

    assert list(tmp_path.iterdir()) == []


def test_folder_is_in_the_state_directory_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)

    assert copy_folder({}) == tmp_path / ".local" / "state" / "workbench" / "copies"
    assert copy_folder({"XDG_STATE_HOME": "/s"}).as_posix() == "/s/workbench/copies"
    assert copy_folder({"XDG_STATE_HOME": "relative"}) == copy_folder({})


def test_every_form_has_a_suffix():
    assert set(copying.SUFFIXES) == set(CopyFormat)
