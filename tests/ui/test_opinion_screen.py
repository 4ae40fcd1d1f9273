"""The second opinion on the screen: what others make of the bytes of the exchange that is shown."""

import pytest

from tests.ui import states
from tests.ui.driving import SIZES, live_app, screen_text, still_app, until
from workbench.ui.opening import Target
from workbench.ui.screens.main import MainScreen


async def test_differences_are_shown_side_by_side():
    async with live_app(Target(lab_name="interim-103")) as (app, pilot):
        await pilot.press("c")
        await until(pilot, lambda: app.screen.view.status.mode == "finished")

        await pilot.press("v")

        await until(pilot, lambda: "≠ status" in screen_text(app))
        text = screen_text(app)
        assert "exchange 1, 149 bytes received" in text
        [status] = [line for line in text.splitlines() if "≠ status" in line]
        assert {"200", "103"} <= set(status.split())
        assert "  version" in text
        await pilot.press("a")
        await pilot.pause()
        assert "  version" not in screen_text(app)
        await pilot.press("v")
        await pilot.pause()
        assert isinstance(app.screen, MainScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_opinion_is_about_the_exchange_that_the_panes_show(size):
    async with still_app(states.several(), size) as (app, pilot, _):
        # The other connection, whose exchange was answered in 47 bytes.
        await pilot.press("o", "v")
        await until(pilot, lambda: "all agree" in screen_text(app))

        assert "exchange 1, 47 bytes received · all agree" in screen_text(app)
        assert "Esc closes" in screen_text(app)


async def test_key_says_where_nothing_came_back():
    async with still_app(states.start()) as (app, pilot, _):
        await pilot.press("v")
        await pilot.pause()

        assert "Nothing has come back in this exchange" in screen_text(app)
