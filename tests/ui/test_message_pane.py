"""The tabs of the message pane: keys, palette, mouse, and the links of their lines."""

import pytest

from tests.ui import states
from tests.ui.driving import screen_text, still_app
from workbench.ui.presentation.message_tab import MessageTab


def pane(app):
    return app.screen.query_one("MessagePane")


def tab_lines(app):
    return app.screen.query_one("#tab-lines")


async def press(pilot, *keys):
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def test_key_goes_through_the_tabs_and_back_without_taking_the_focus():
    async with still_app(states.gzipped_json(), (160, 45)) as (app, pilot, _):
        seen = []
        for _ in MessageTab:
            await press(pilot, "m")
            seen.append(pane(app).tab)
        await press(pilot, "M")

        assert seen == [*list(MessageTab)[1:], MessageTab.TREE]
        assert pane(app).tab is MessageTab.LINT
        assert app.screen.query_one("#script-lines").has_focus
        assert "workbench  nothing found" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_key_shows_the_pane_first_where_it_cannot_be_seen(size):
    async with still_app(states.gzipped_json(), size) as (app, pilot, _):
        await press(pilot, "m")
        assert pane(app).has_focus_within
        assert pane(app).tab is MessageTab.TREE

        await press(pilot, "m")
        assert '"items": [' in screen_text(app)
        assert tab_lines(app).has_focus

        await press(pilot, "down", "down", "m")
        assert "wait for first byte" in screen_text(app)
        assert tab_lines(app).cursor == 0


async def test_border_names_the_tabs_and_a_click_shows_one():
    async with still_app(states.gzipped_json(), (160, 45)) as (app, pilot, _):
        frame = pane(app)
        assert "m tree · content · timing · TLS · lint" in screen_text(app)

        row = screen_text(app).splitlines()[frame.region.y]
        await pilot.click(offset=(row.index("TLS"), frame.region.y))
        await pilot.pause()

        assert frame.tab is MessageTab.TLS
        assert "This connection has no TLS" in screen_text(app)


async def test_every_tab_can_be_asked_for_by_name():
    async with still_app(states.gzipped_json(), (80, 24)) as (app, pilot, _):
        for tab in MessageTab:
            await app.screen.run_action(f"message_show('{tab.value}')")
            await pilot.pause()

            assert pane(app).tab is tab
            assert pane(app).display


async def test_card_of_an_exception_is_one_of_the_tabs_while_there_is_one():
    async with still_app(states.failed(), (160, 45)) as (app, pilot, _):
        assert pane(app).explains

        await press(pilot, "m")
        assert not pane(app).explains
        assert pane(app).tab is MessageTab.TREE

        await press(pilot, "m", "m", "m", "m")
        assert "STATUS_LINE  raised" in screen_text(app)
        await press(pilot, "m")
        assert pane(app).explains

        await press(pilot, "4", "4")
        assert pane(app).tab is MessageTab.LINT
        assert not pane(app).explains


async def test_enter_on_a_finding_goes_to_its_bytes():
    async with still_app(states.failed(), (160, 45)) as (app, pilot, _):
        await press(pilot, "4", "M")
        assert pane(app).tab is MessageTab.LINT
        app.screen.query_one("#wire-lines").point(0)

        await press(pilot, "down", "enter")

        wire = app.screen.query_one("#wire-lines")
        assert wire.has_focus
        assert "SSH-2.0" in wire.line_text(wire.cursor)


async def test_pointing_at_a_line_leads_the_other_panes_and_they_lead_it():
    async with still_app(states.gzipped_json(), (160, 45)) as (app, pilot, _):
        await press(pilot, "4", "m", "m")

        await press(pilot, "down")
        events = app.screen.query_one("#event-lines")
        assert "Connected" in events.line_text(events.cursor)

        await press(pilot, "3", "home")
        while "BytesSent" not in events.line_text(events.cursor):
            await press(pilot, "down")
        assert tab_lines(app).line_text(tab_lines(app).cursor).startswith("send")


async def test_nothing_recorded_says_which_key_comes_next():
    async with still_app(states.start(), (160, 45)) as (app, pilot, _):
        for words in ("The content ", "How long ", "TLS session ", "What is wrong, ", "The request "):
            await press(pilot, "m")

            assert words in screen_text(app)
