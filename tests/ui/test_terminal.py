"""The program in a real terminal: what it writes, and that it ends when the terminal does."""

import os
import re
import signal

import pytest

from tests.ui.terminal import PATIENCE_SECONDS
from workbench.session.storage.directory import RecordingDirectory, in_use
from workbench.session.storage.loader import RecordingLoader


def test_no_control_sequence_of_a_server_reaches_the_terminal(open_terminal):
    terminal = open_terminal("--lab", "terminal-escapes", size=(160, 45))
    terminal.read_until("▶".encode(), b"Next")
    terminal.press(b"c")
    # Shown, so that the test cannot pass by looking too early: the field, and the content.
    terminal.read_until("␛]0;field␇".encode(), "␛]0;content␇".encode(), b"has ended")
    for keys in (b"2", b"z", b"w", b"w", b"z", b"3", b"4", b"1", b"\x03", b"?"):
        terminal.press(keys)
    # Help of whatever has the focus: keys that come all at once need not be carried out in their order.
    terminal.read_until(b"main keys on one screen")
    terminal.press(b"\x1b")
    terminal.press(b"\x11")
    terminal.read_to_the_end()

    assert terminal.process.returncode == 0
    output = bytes(terminal.output)
    for payload in (b"\x1b]0;", b"\x1b]52;c;ZXZpbA==", b"\x9b5m", b"\x9b31m", b"\x90q", b"\x9d0;c1"):
        assert payload not in output
    for character in ("\u0090", "\u009b", "\u009c", "\u009d", "\u202e", "\u2066", "\u200f"):
        assert character.encode() not in output
    assert b"\x7f" not in output
    # Textual clears the screen by itself, at the beginning and at the end, but never with this.
    assert b"\x1b[2J" not in output.split(b"has ended", 1)[1]


def test_program_ends_when_the_terminal_goes_away(open_terminal):
    terminal = open_terminal()
    terminal.read_until("▶".encode())

    os.close(terminal.master)
    terminal.master = -1

    assert terminal.process.wait(PATIENCE_SECONDS) != 0


def test_program_ends_when_the_terminal_goes_away_while_a_call_waits(open_terminal):
    terminal = open_terminal("--lab", "stall")
    terminal.read_until("▶".encode())
    terminal.press(b"c")
    terminal.read_until(b"waiting for")

    os.close(terminal.master)
    terminal.master = -1

    assert terminal.process.wait(PATIENCE_SECONDS) != 0


def test_program_that_is_killed_leaves_everything_that_was_seen(open_terminal):
    terminal = open_terminal("--lab", "stall-in-body")
    terminal.read_until("▶".encode())
    terminal.press(b"c")
    terminal.read_until(b"waiting for", b"more content")

    terminal.process.kill()
    terminal.process.wait(PATIENCE_SECONDS)

    (stored,) = RecordingDirectory().recordings()
    loader = RecordingLoader(stored.path)
    moment = loader.load().at()
    assert loader.damage is None or loader.damage.cut
    assert moment.ending is None
    assert moment.open_calls[-1].event.name == "HTTPResponse.read"
    assert moment.exchange.response.status_line.event.status_code == 200
    assert not in_use(stored.path)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_program_ends_when_it_is_told_to(open_terminal, signal_number):
    terminal = open_terminal()
    terminal.read_until("▶".encode())

    terminal.process.send_signal(signal_number)
    terminal.read_to_the_end()

    assert terminal.process.returncode is not None
    assert b"Traceback" not in terminal.output


def test_ctrl_c_does_not_quit_and_ctrl_q_does(open_terminal):
    terminal = open_terminal(size=(80, 24))
    terminal.read_until("▶".encode())
    terminal.press(b"\x03")
    terminal.press(b"n")
    terminal.read_until("→ HTTPConnection".encode())

    terminal.press(b"\x11")
    terminal.read_to_the_end()

    assert terminal.process.returncode == 0
    assert b"Traceback" not in terminal.output


def test_tiny_terminal_gets_one_sentence(open_terminal):
    terminal = open_terminal(size=(20, 5))
    terminal.read_until(b"60x15")
    terminal.press(b"\x11")
    terminal.read_to_the_end()

    assert terminal.process.returncode == 0
    assert b"Traceback" not in terminal.output


def test_size_is_that_of_the_terminal_and_not_of_the_environment(open_terminal):
    terminal = open_terminal(size=(20, 5), environment={"COLUMNS": "200", "LINES": "60"})

    terminal.read_until(b"60x15")


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "textual-dark"])
def test_screen_without_colour_can_be_read(open_terminal, theme):
    """Textual draws black on black for NO_COLOR with an ANSI theme."""
    terminal = open_terminal(environment={"NO_COLOR": "1", "TEXTUAL_THEME": theme})
    terminal.read_until("▶".encode(), b"Next")

    output = bytes(terminal.output)
    drawn = output[output.rindex(b"conn") - 200 :]
    assert b"\x1b[38;2;0;0;0;48;2;0;0;0m" not in drawn
    assert not re.search(rb"\x1b\[(?:[0-9;]*;)?30(?:;[0-9;]*)?;40m", drawn)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("--lab", "no-such-scenario"), b"no-such-scenario", id="lab name"),
        pytest.param(("http:///path",), b"URL without a host", id="URL without a host"),
        pytest.param(("no/such/script.py",), b"no/such/script.py", id="missing script"),
    ],
)
def test_what_cannot_be_opened_is_said_in_a_sentence(open_terminal, arguments, words):
    terminal = open_terminal(*arguments)
    terminal.read_to_the_end()

    assert terminal.process.returncode == 2
    assert words in terminal.output
    assert b"Traceback" not in terminal.output


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"PYTHONIOENCODING": "ascii"}, id="asked for"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="locale"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="letters alone"),
    ],
)
def test_encoding_without_our_glyphs_gets_ascii(open_terminal, environment):
    terminal = open_terminal(environment={"PYTHONIOENCODING": "", **environment})
    terminal.read_until(b"Next", b"HTTPConnection")
    terminal.press(b"\x11")
    terminal.read_to_the_end()

    assert terminal.process.returncode == 0
    assert terminal.output.isascii()
    # What Python writes of a character that the encoding lacks.
    assert re.search(rb"\\[uU]\d", terminal.plain) is None
