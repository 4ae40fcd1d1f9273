"""What is settled for the process, so that keys do not wait and memory is not kept."""

import gc
import subprocess
import sys

import pytest

from tests.ui import states
from tests.ui.driving import still_app
from workbench.ui import tuning
from workbench.ui.tuning import LARGE_BLOCK, SECONDS_OF_REST, USUAL_COLLECTIONS_BEFORE_ALL, Rest

BLOCKS_OF_THEIR_OWN = """
import ctypes
import sys

from workbench.ui.tuning import LARGE_BLOCK, give_large_blocks_back

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
        "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]

info = getattr(ctypes.CDLL(None), "mallinfo2", None)
if info is None:
    sys.exit("no glibc")
info.restype = Info
if sys.argv[1] == "given back":
    give_large_blocks_back()
large = bytes(16 * LARGE_BLOCK)
del large
before = info().hblkhd
block = bytes(LARGE_BLOCK)
print(info().hblkhd - before >= len(block))
"""
"""Says whether a block is the system's again when it is freed, although a larger one was freed before."""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc is a C library of Linux")
@pytest.mark.parametrize(("way", "own"), [("given back", "True"), ("as usual", "False")])
def test_large_blocks_go_back_to_the_system(way, own):
    found = subprocess.run(
        [sys.executable, "-c", BLOCKS_OF_THEIR_OWN, way], capture_output=True, text=True, check=False
    )
    if "no glibc" in found.stderr:
        pytest.skip("another C library")

    assert found.stdout.strip() == own


class Loop:
    """Notes what is to be called when."""

    def __init__(self):
        self.handles = []

    def call_later(self, seconds, callback):
        handle = Handle(seconds, callback)
        self.handles.append(handle)
        return handle


class Handle:
    def __init__(self, seconds, callback):
        self.seconds = seconds
        self.callback = callback
        self.cancelled = False

    def cancel(self):
        self.cancelled = True


@pytest.mark.parametrize(("since", "collected"), [(USUAL_COLLECTIONS_BEFORE_ALL, 1), (3, 0)])
def test_garbage_is_looked_for_after_the_last_key(monkeypatch, since, collected):
    calls = []
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, since))
    monkeypatch.setattr(gc, "collect", lambda: calls.append("all"))
    loop = Loop()
    rest = Rest(loop)

    rest.put_off()
    rest.put_off()
    last = loop.handles[-1]
    last.callback()

    assert [one.cancelled for one in loop.handles[:2]] == [True, False]
    assert last.seconds == SECONDS_OF_REST
    assert len(calls) == collected


def test_it_is_looked_for_again_for_as_long_as_anything_goes_on(monkeypatch):
    looks = [5]
    monkeypatch.setattr(gc, "get_stats", lambda: [{"collections": looks[0]}, {}, {}])
    loop = Loop()
    Rest(loop).put_off()

    for number in (6, 7, 7):
        looks[0] = number
        loop.handles[-1].callback()

    assert len(loop.handles) == 3
    assert loop.handles[-1].seconds == SECONDS_OF_REST


async def test_keys_put_it_off():
    async with still_app(states.exchanged()) as (app, pilot, _):
        loop = Loop()
        app._rest = Rest(loop)

        await pilot.press("down")
        assert loop.handles


def test_process_is_tuned(monkeypatch):
    done = []
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    monkeypatch.setattr(gc, "enable", lambda: done.append("enable"))
    monkeypatch.setattr(gc, "set_threshold", lambda *given: done.append(given))
    monkeypatch.setattr(sys, "setswitchinterval", done.append)
    monkeypatch.setattr(tuning, "give_large_blocks_back", lambda: done.append(LARGE_BLOCK))

    tuning.tune()

    young, middle, _ = gc.get_threshold()
    assert done == [
        "freeze",
        "enable",
        (young, middle, tuning.COLLECTIONS_BEFORE_ALL),
        tuning.SECONDS_BETWEEN_THREADS,
        LARGE_BLOCK,
    ]
