"""The bridge between the session's threads and the event loop."""

import asyncio
import threading

from tests.ui.driving import PATIENCE_SECONDS, live_app, step, until
from workbench.protocol import tap
from workbench.ui.bridge import LiveBench
from workbench.ui.messages import ProblemFound
from workbench.ui.opening import Source, Target
from workbench.ui.pacer import SECONDS_BETWEEN_VIEWS


def event(number):
    return tap.HostLookupStarted(number, number, 1, 0, "host", 80)


async def test_ten_thousand_events_become_few_views_and_the_last_shows_all():
    posted = []
    bench = LiveBench(Target())
    bench._source = Source("x", "")
    bench.start(posted.append)
    started = asyncio.get_running_loop().time()

    async def all_shown():
        # Nobody sets an event when a view is posted; the loop goes round until one has come.
        while not posted or posted[-1].view.last_index < 9_999:  # noqa: ASYNC110
            await asyncio.sleep(0)

    writer = threading.Thread(target=lambda: [bench._recorder(event(n)) for n in range(10_000)])
    writer.start()
    await asyncio.wait_for(all_shown(), PATIENCE_SECONDS)
    writer.join()

    elapsed = asyncio.get_running_loop().time() - started
    assert len(posted) <= elapsed / SECONDS_BETWEEN_VIEWS + 2


async def test_recorder_never_waits_for_the_screen():
    """The loop is blocked here, as by a slow terminal, and the thread of the I/O goes on."""
    bench = LiveBench(Target())
    bench._source = Source("x", "")
    bench.start(lambda message: None)
    finished = threading.Event()

    def write():
        for number in range(1000):
            bench._recorder(event(number))
        finished.set()

    threading.Thread(target=write).start()

    assert finished.wait(timeout=10)


async def test_views_after_closing_are_not_posted():
    posted = []
    bench = LiveBench(Target())
    bench._source = Source("x", "")
    bench.start(posted.append)
    bench._opened.set()
    bench.close()

    bench._recorder(event(1))
    await asyncio.sleep(0)

    assert posted == []


def test_events_after_the_loop_ended_do_no_harm():
    bench = LiveBench(Target())
    bench._source = Source("x", "")

    async def begin():
        bench.start(lambda message: None)

    asyncio.run(begin())
    bench._recorder(event(1))

    assert len(bench._recorder.recording.entries) == 1


async def test_file_that_cannot_be_read_is_a_problem_with_its_name(tmp_path):
    posted = []
    bench = LiveBench(Target(script_path=tmp_path / "missing.py"))
    bench.start(posted.append)

    await asyncio.to_thread(bench.open)
    await asyncio.sleep(0)

    problems = [message for message in posted if isinstance(message, ProblemFound)]
    assert "missing.py" in problems[0].words
    bench.close()


async def test_view_tells_of_nothing_that_the_recording_does_not_hold_yet():
    async with live_app(Target()) as (app, pilot):
        for _ in range(6):
            await step(app, pilot)
            view = app.screen.view

            assert view.status.entry_index <= view.last_index


async def test_thread_of_the_session_ends_with_the_app():
    before = set(threading.enumerate())
    async with live_app(Target(lab_name="stall")) as (app, pilot):
        await pilot.press("c")
        await until(pilot, lambda: app.bench.busy)
        own = set(threading.enumerate()) - before - {threading.current_thread()}

    # Pool threads belong to asyncio.run, which ends them after the test.
    for thread in [one for one in own if not one.name.startswith("asyncio_")]:
        thread.join(10)
        assert not thread.is_alive()
