"""The limit on a computation that holds the interpreter's lock."""

import re
import signal
import threading

import pytest

from workbench.ui.time_limit import TookTooLong, time_limit

ENDLESS = re.compile(b"(a+)+b")


def test_expression_without_end_is_ended():
    with pytest.raises(TookTooLong), time_limit(0.05):
        ENDLESS.search(b"a" * 60)


def test_limit_leaves_nothing_behind():
    before = signal.getsignal(signal.SIGALRM)

    with time_limit(60):
        pass

    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_other_threads_compute_without_a_limit():
    done = threading.Event()

    def compute():
        with time_limit(60):
            done.set()

    thread = threading.Thread(target=compute)
    thread.start()
    thread.join(10)

    assert done.is_set()
