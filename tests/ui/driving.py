"""Running the app in a test, and waiting for it."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from tests.ui.benches import StillBench
from workbench.ui.app import WorkbenchApp
from workbench.ui.bridge import LiveBench
from workbench.ui.opening import Target
from workbench.ui.view import View

SIZES = [
    pytest.param((80, 24), id="80x24"),
    pytest.param((120, 36), id="120x36"),
    pytest.param((160, 45), id="160x45"),
]

PATIENCE_SECONDS = 60
"""How long a test waits for what must happen, on a machine that does much else."""


async def until(pilot: Pilot, condition: Callable[[], bool]) -> None:
    """Let the app work until something is true."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await pilot.pause()
    await pilot.pause()


async def settle(pilot: Pilot) -> None:
    """Let the app open, and draw what it has to show."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def press(pilot: Pilot, *keys: str) -> None:
    """Press keys, and wait until they have done their work and the screen in front is laid out.

    Textual waits until the process seems to be idle, and so it seems too where the machine gives it no time.
    """
    app = pilot.app
    await pilot.press(*keys)
    await until(pilot, lambda: not app._turns.under_way and app.screen._compositor.size == app.size)


def screen_text(app: WorkbenchApp) -> str:
    """Everything that is on the screen, as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@asynccontextmanager
async def still_app(view: View, size: tuple[int, int] = (120, 36), *, toasts: bool = False):
    """Run the app over a view that stands still."""
    bench = StillBench(view)
    app = WorkbenchApp(bench)
    async with app.run_test(size=size, notifications=toasts) as pilot:
        await settle(pilot)
        yield app, pilot, bench


@asynccontextmanager
async def live_app(target: Target, size: tuple[int, int] = (120, 36)):
    """Run the app over a live session."""
    app = WorkbenchApp(LiveBench(target))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await until(pilot, lambda: app.screen.view.name != "" or app.screen.query_one("Problem").display)
        yield app, pilot


async def step(app: WorkbenchApp, pilot: Pilot, key: str = "n") -> None:
    """Press a key that goes on, and wait until the call has returned and is shown."""
    before = app.screen.view
    await pilot.press(key)
    await until(
        pilot,
        lambda: (
            app.screen.view is not before
            and not app.bench.busy
            and app.screen.view.status == app.bench.status
        ),
    )


async def write_call(app: WorkbenchApp, pilot: Pilot, source: str) -> None:
    """Go to the call line and have a call there: a key for each letter would take a second."""
    await pilot.press("i")
    app.screen.query_one("#call").value = source
    await pilot.pause()
