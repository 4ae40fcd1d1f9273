"""The screen stays up, whatever is done to it; and when it goes, the terminal is as it was.

Each of these starts the real program in a real terminal.
"""

import os
import random
import signal
import sys

import pytest

from tests.ui.terminal import PATIENCE_SECONDS, Terminal

READY = "▶".encode()
CTRL_C, CTRL_Q, CTRL_Z, ESC = b"\x03", b"\x11", b"\x1a", b"\x1b"
WHOLE_ESC = b"\x1b[27u"
"""Escape as terminals that know the Kitty protocol send it: no key behind it makes it alt and that key."""


def leave(terminal: Terminal):
    """Quit, and see that nothing was wrong before."""
    terminal.press(CTRL_Q)
    terminal.read_to_the_end()

    assert terminal.process.returncode == 0
    assert b"Traceback" not in terminal.output
    assert b"mistake" not in terminal.output
    assert terminal.as_a_shell_needs_it


def test_terminal_may_change_its_size_at_any_moment(open_terminal):
    """In the middle of everything, to anything: the steps go on, and the last size is drawn."""
    random_ = random.Random(1)
    terminal = open_terminal("--lab", "chunked-trailers", size=(160, 45))
    terminal.resize(80, 24)  # before there is a screen
    terminal.read_until(READY)
    keys = [b"s", b"s", b"u", b"d", b"w", b"m", b"\t", b"z", b"?", ESC, b"B", ESC, b"y", ESC, b"i", ESC]
    for _ in range(60):
        width, height = random_.choice([(1, 1), (20, 5), (60, 15), (80, 24), (120, 36), (160, 45), (300, 90)])
        terminal.resize(width, height)
        terminal.press(random_.choice(keys))
        terminal._read(random_.choice([0, 0.01, 0.05]))
    # A dialog may have its help over it, and that the sheet of keys.
    for keys in (WHOLE_ESC, WHOLE_ESC, WHOLE_ESC, WHOLE_ESC, WHOLE_ESC, b"p", b"c"):
        terminal.resize(120, 36)
        terminal.press(keys)
        # Keys that come all at once need not be carried out in their order.
        terminal.read_for(0.3)
    terminal.read_until(b"has ended")

    leave(terminal)


@pytest.mark.parametrize(
    ("opening", "there", "twice"),
    [
        pytest.param(b"F", b"Which call?", b"\r", id="form"),
        pytest.param(b"g", b"type the letters", b"0", id="jump"),
        pytest.param(b"e(\x1b", b"changes nothing", b"d", id="question"),
    ],
)
def test_dialog_that_a_key_closes_twice_closes_nothing_else(open_terminal, opening, there, twice):
    """A key that repeats comes again before it has done its work."""
    terminal = open_terminal("--lab", "hello")
    terminal.read_until(READY)
    for key in opening:
        terminal.press(bytes([key]))
        terminal.read_for(0.1)
    terminal.read_until(there)
    terminal.press(twice * 4)
    terminal.read_for(0.5)
    terminal.press(ESC)
    terminal.read_for(0.3)

    leave(terminal)


def test_ctrl_c_ends_nothing_once_there_is_a_screen(open_terminal):
    """Neither before the workbench is loaded, nor while a call waits for a server that never answers."""
    terminal = open_terminal("--lab", "stall")
    terminal.read_until(b"opening the workbench")
    terminal.press(CTRL_C + b"c")
    terminal.read_until(b"waiting for")
    terminal.press(CTRL_C + CTRL_C)
    terminal.read_until(b"Sent to the terminal (OSC 52)")
    terminal.press(b"x")
    terminal.read_until(b"you aborted line 5")

    leave(terminal)


def test_ctrl_c_before_the_screen_ends_the_program_in_a_line(open_terminal):
    """The interpreter itself is not ours: it may say KeyboardInterrupt before our first line."""
    terminal = open_terminal("--lab", "hello", program=(sys.executable, "-c", LATE_SCREEN))
    terminal.read_until(b"imported")
    terminal.press(CTRL_C)
    terminal.read_to_the_end()

    assert terminal.process.returncode == 130
    assert b"Traceback" not in terminal.output
    assert terminal.as_a_shell_needs_it


LATE_SCREEN = """
import select, sys
import workbench.cli.screen as screen
from workbench.cli import main
def late(*target):
    print("imported", flush=True)
    select.select([], [], [], 60)
screen._open_screen = late
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=str
)
def test_signal_leaves_the_terminal_as_it_was(open_terminal, number, code):
    terminal = open_terminal("--lab", "stall")
    terminal.read_until(READY)
    terminal.press(b"c")
    terminal.read_until(b"waiting for")

    terminal.process.send_signal(number)
    terminal.read_to_the_end()

    assert terminal.process.returncode == code
    assert b"Traceback" not in terminal.output
    assert terminal.as_a_shell_needs_it


def test_app_that_is_stuck_is_ended_all_the_same(open_terminal):
    terminal = open_terminal(program=(sys.executable, "-c", STUCK))
    terminal.read_until(READY)
    terminal.press(b"n")
    terminal.read_until(b"stuck")

    terminal.process.send_signal(signal.SIGTERM)
    terminal.read_to_the_end()

    assert terminal.process.returncode == 143
    assert terminal.as_a_shell_needs_it


STUCK = """
import os, sys
from workbench.ui.widgets.events_pane import EventsPane

def stuck(pane, view):
    if view.last_index > 2:
        os.write(1, b"stuck")
        while True:
            pass

EventsPane.watch_view = stuck
from workbench.ui.app import run_app
sys.exit(run_app())
"""


def test_terminal_that_goes_away_ends_even_a_program_that_hears_no_hang_up(open_terminal):
    """As with nohup. Textual alone would read from what is not there, as fast as it can, for ever."""
    program = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); import sys; from workbench.cli import main; sys.exit(main())"
    terminal = open_terminal(program=(sys.executable, "-c", program))
    terminal.read_until(READY)

    os.close(terminal.master)
    terminal.master = -1

    assert terminal.process.wait(PATIENCE_SECONDS) != 0


def test_ctrl_z_gives_the_shell_back_and_fg_the_screen(open_terminal):
    shell = f"set -m; {sys.executable} -m workbench; echo left=$?; read; fg; echo ended=$?"
    terminal = open_terminal("-c", shell, program=("bash",))
    terminal.read_until(READY)
    terminal.press(b"n")
    terminal.read_until(b"n runs line 3")

    terminal.press(CTRL_Z)
    terminal.read_until(b"left=147")  # 128 and SIGSTOP, which is how Textual stops a process
    assert terminal.as_a_shell_needs_it

    del terminal.output[:]
    terminal.press(b"\r")
    terminal.read_until(b"n runs line 3")
    terminal.press(b"n")
    terminal.read_until(b"n runs line 4")
    terminal.press(CTRL_Q)
    terminal.read_until(b"ended=0")


def test_mistake_in_the_program_leaves_words_and_a_report(open_terminal, private_home):
    """No variables, and nothing of a peer as it came: what failed, where, and a file that says more."""
    terminal = open_terminal(program=(sys.executable, "-c", MISTAKE))
    terminal.read_until(READY)
    terminal.press(b"nn")
    terminal.read_to_the_end()

    assert terminal.process.returncode == 70
    assert terminal.as_a_shell_needs_it
    words = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2]
    assert "a mistake in the program ended it: RuntimeError: no way ␛]0;evil␇".encode() in words
    assert b"secret" not in words
    (report,) = (private_home / "state" / "workbench" / "crashes").iterdir()
    assert str(report).encode() in words.replace(b"\r\n", b"")
    assert "in broken" in report.read_text("utf-8")


MISTAKE = """
import sys
from workbench.ui.widgets.events_pane import EventsPane

def broken(pane, view):
    content = b"secret"
    if view.last_index > 2:
        raise RuntimeError("no way \\x1b]0;evil\\x07")

EventsPane.watch_view = broken
from workbench.ui.app import run_app
sys.exit(run_app())
"""


def test_what_is_typed_before_the_workbench_is_loaded_is_carried_out(open_terminal):
    terminal = open_terminal()
    terminal.read_until(b"opening the workbench")
    terminal.press(b"nnn")
    terminal.read_until(b"GET /hello", b"putrequest")

    leave(terminal)


def test_bytes_that_are_no_utf_8_end_nothing(open_terminal):
    terminal = open_terminal()
    terminal.read_until(READY)

    terminal.press(b"i")
    terminal.read_until(b"Leave this line")
    terminal.press(b"\xff\xc3(\xe9) caf\xe9")
    terminal.press(b"(end)")

    terminal.read_until(b"end")
    terminal.press(ESC)
    leave(terminal)


def test_keys_that_come_at_once_go_where_the_one_before_has_led(open_terminal):
    """Else `c` would run the script, and `x` abort it."""
    terminal = open_terminal()
    terminal.read_until(READY)

    terminal.press(b"iconn.xclose")

    terminal.read_until(b"conn.xclose")
    terminal.press(ESC)
    leave(terminal)
