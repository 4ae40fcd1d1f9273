"""When views are made: keys first, and the script's thread has its part of the time."""

import asyncio
import time

import pytest

from tests.ui import states
from tests.ui.driving import still_app
from workbench.ui.pacer import (
    MOST_BETWEEN_VIEWS,
    SECONDS_BETWEEN_VIEWS,
    SECONDS_OF_A_KEY,
    SHARE_OF_TIME,
    Pacer,
)


class Clock:
    """A loop whose time goes on when it is told to, and the time that its thread computes."""

    def __init__(self):
        self.now = 100.0
        self.computed = 7.0
        self._due = []

    def time(self):
        return self.now

    def call_soon_threadsafe(self, callback, *, context):
        self.call_later(0, callback, context=context)

    def call_later(self, seconds, callback, *, context):
        timer = Timer(self.now + seconds, callback, context)
        self._due.append(timer)
        return timer

    def go_on(self, seconds):
        end = self.now + seconds
        while due := [one for one in self._due if one.at <= end]:
            timer = min(due, key=lambda one: one.at)
            self._due.remove(timer)
            self.now = max(self.now, timer.at)
            if not timer.cancelled:
                timer.context.run(timer.callback)
        self.now = end


class Timer:
    def __init__(self, at, callback, context):
        self.at = at
        self.callback = callback
        self.context = context
        self.cancelled = False

    def cancel(self):
        self.cancelled = True


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: clock)
    monkeypatch.setattr(time, "thread_time", lambda: clock.computed)
    return clock


class Views:
    """Notes when views are made, each of which takes so long to be shown, and asks for the next one."""

    def __init__(self, clock, seconds=0.0):
        self.clock = clock
        self.seconds = seconds
        self.times = []
        self.busy = True
        self.pacer = Pacer(self._send, busy=lambda: self.busy)
        self.pacer.start()

    def _send(self):
        self.times.append(self.clock.now)
        self.clock.computed += self.seconds
        self.pacer.changed()

    @property
    def pauses(self):
        return [after - before for before, after in zip(self.times, self.times[1:], strict=False)]


def test_views_that_cost_little_come_as_fast_as_pictures(clock):
    views = Views(clock, seconds=SECONDS_BETWEEN_VIEWS * SHARE_OF_TIME / 2)

    views.pacer.changed()
    clock.go_on(1)

    assert views.pauses == pytest.approx([SECONDS_BETWEEN_VIEWS] * len(views.pauses))
    assert len(views.pauses) > 20


def test_views_that_cost_much_leave_the_others_their_part_of_the_time(clock):
    cost = 1.5 * SECONDS_BETWEEN_VIEWS * SHARE_OF_TIME
    views = Views(clock, seconds=cost)

    views.pacer.changed()
    clock.go_on(1)

    assert views.pauses == pytest.approx([cost / SHARE_OF_TIME] * len(views.pauses))


def test_a_view_comes_at_last_whatever_it_costs(clock):
    views = Views(clock, seconds=10)

    views.pacer.changed()
    clock.go_on(1)

    assert views.pauses == pytest.approx([MOST_BETWEEN_VIEWS] * len(views.pauses))
    assert views.pauses


def test_a_view_waits_until_a_key_is_answered(clock):
    views = Views(clock)
    views.pacer.changed()
    clock.go_on(SECONDS_BETWEEN_VIEWS / 2)
    first = views.times[-1]
    clock.go_on(SECONDS_BETWEEN_VIEWS / 2)

    views.pacer.key_pressed()
    pressed = clock.now
    clock.go_on(1)

    assert views.times[views.times.index(first) + 1] == pytest.approx(pressed + SECONDS_OF_A_KEY)


def test_a_view_comes_at_last_whoever_types(clock):
    views = Views(clock)
    views.pacer.changed()

    for _ in range(100):
        clock.go_on(SECONDS_OF_A_KEY / 2)
        views.pacer.key_pressed()

    assert views.pauses[1:] == pytest.approx([MOST_BETWEEN_VIEWS] * len(views.pauses[1:]))
    assert len(views.pauses) > 5


def test_between_calls_no_view_waits_for_its_turn(clock):
    views = Views(clock, seconds=10)
    views.busy = False
    views.pacer.changed()

    clock.go_on(SECONDS_BETWEEN_VIEWS / 2)
    views.pacer.key_pressed()
    clock.go_on(1)

    assert views.pauses == pytest.approx([SECONDS_BETWEEN_VIEWS] * len(views.pauses))
    assert views.pauses


def test_the_view_of_a_command_that_is_done_waits_for_nothing(clock):
    views = Views(clock, seconds=10)
    views.pacer.changed()
    clock.go_on(MOST_BETWEEN_VIEWS / 2)

    views.pacer.key_pressed()
    views.pacer.finished()
    clock.go_on(0)

    assert views.times[-1] == clock.now


def test_nothing_is_made_when_it_has_stopped(clock):
    views = Views(clock)
    views.pacer.changed()

    views.pacer.stop()
    views.pacer.key_pressed()
    clock.go_on(1)

    assert not views.times


async def test_what_a_key_changes_waits_for_no_frame(monkeypatch):
    async with still_app(states.exchanged()) as (app, pilot, bench):
        pictures = []
        monkeypatch.setattr(app.screen._update_timer, "resume", lambda: None)
        monkeypatch.setattr(app, "_display", lambda _, picture: pictures.append(picture))

        await pilot.press("up")
        assert pictures
        assert bench.keys_pressed
