"""Forms for calls, from the list, the call line and the palette."""

import pytest
from textual.geometry import Region
from textual.widgets import Input

from tests.ui import states
from tests.ui.driving import SIZES, live_app, screen_text, settle, step, still_app, until, write_call
from workbench.session.status import CommandRefused
from workbench.ui.opening import Target
from workbench.ui.screens.calls import CallsScreen
from workbench.ui.screens.form import FieldArea, FormScreen


async def fill(app, pilot, **values):
    for name, value in values.items():
        entry = next(one for one in app.screen.query("Input, FieldArea") if one.name == name)
        if isinstance(entry, Input):
            entry.value = value
        else:
            entry.text = value
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_call_is_chosen_filled_in_and_run(size):
    async with still_app(states.buffered(), size) as (app, pilot, bench):
        await pilot.press("F")
        await pilot.pause()
        assert "conn: HTTPConnection, Request-started" in screen_text(app)

        await pilot.press(*"puth")
        await pilot.pause()
        assert "putheader(header, *values)" in screen_text(app)
        assert len(app.screen.query_one("LineView").source) == 2

        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        text = screen_text(app)
        assert "Queue a field line." in text
        assert "header *" in text
        assert "The field name, a token." in text
        assert "header: Expected text, found nothing" in text

        await pilot.press("enter")
        assert "✗ header: Expected text, found nothing" in screen_text(app)

        await pilot.press(*"accept-e")
        await pilot.pause()
        await pilot.press("right", "tab", *"gzip")
        assert '>>> conn.putheader("accept-encoding", "gzip")' in screen_text(app)
        assert "values  text" in screen_text(app)

        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, FormScreen))
        assert bench.given == [("run_call", 'conn.putheader("accept-encoding", "gzip")')]


async def test_list_of_calls_says_when_none_has_the_words_and_enter_opens_nothing():
    async with still_app(states.buffered()) as (app, pilot, _):
        await pilot.press("F", *"zzz")
        await pilot.pause()

        assert "No call that can be made now has all of these words" in screen_text(app)

        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, CallsScreen)


async def test_call_that_would_raise_says_so_in_the_list_and_in_its_form():
    async with still_app(states.buffered()) as (app, pilot, _):
        await pilot.press("F", *"getresp")
        await pilot.pause()
        assert "raises ResponseNotReady now" in screen_text(app)

        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        assert "It raises ResponseNotReady in the state" in screen_text(app)
        assert ">>> r2 = conn.getresponse()" in screen_text(app)


async def test_values_of_several_lines_and_names_of_results():
    async with still_app(states.buffered(), (80, 24)) as (app, pilot, bench):
        await pilot.press("F", *"conn.request", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await fill(app, pilot, method="POST", url="/form", headers="Accept: */*\nAccept: text/plain")
        assert "✗ headers: Accept stands twice" in screen_text(app)

        await fill(app, pilot, headers="Accept: */*\nX-Id: 7", body="a=1")
        await pilot.press("f10")
        await until(pilot, lambda: not isinstance(app.screen, FormScreen))

        call = 'conn.request("POST", "/form", "a=1", {"Accept": "*/*", "X-Id": "7"})'
        assert bench.given == [("run_call", call)]


async def test_long_form_leaves_room_for_its_help_and_its_call():
    async with still_app(states.buffered(), (80, 24)) as (app, pilot, _):
        await pilot.press("F", *"HTTPSC", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press("l", "up")

        await until(pilot, lambda: "result                  conn2" in screen_text(app))
        assert "What the script calls the result" in screen_text(app)
        assert '>>> conn2 = HTTPSConnection("l")' in screen_text(app)


async def test_refused_call_stays_in_its_form():
    async with still_app(states.buffered()) as (app, pilot, bench):
        bench.refusal = CommandRefused("A call is running")
        await pilot.press("F", *"conn.close", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press("enter")
        await pilot.pause()
        assert "✗ A call is running" in screen_text(app)

        await pilot.press("escape")
        assert not isinstance(app.screen, FormScreen)


async def test_form_of_the_call_that_is_typed_begins_with_it():
    async with still_app(states.buffered()) as (app, pilot, bench):
        await write_call(app, pilot, 'conn.putheader("X-Id", ')
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        assert app.screen.query(Input).first().value == "X-Id"

        await pilot.press("7", "enter")
        await until(pilot, lambda: not isinstance(app.screen, FormScreen))
        assert bench.given == [("run_call", 'conn.putheader("X-Id", "7")')]
        assert app.screen.query_one("#call").value == ""


async def test_arrow_keys_and_clicks_choose_a_call():
    async with still_app(states.buffered()) as (app, pilot, _):
        await pilot.press("F", *"conn", "down", "down", "up")
        await pilot.pause()
        lines = app.screen.query_one("LineView")
        assert lines.source.form_at(lines.cursor).target == "conn.endheaders"

        await pilot.click("#calls LineView", offset=(4, 1))
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        assert "conn.putheader()" in screen_text(app)

        await pilot.press("escape", "F", "escape")
        assert not isinstance(app.screen, CallsScreen)


async def test_palette_opens_the_form_of_a_call():
    async with still_app(states.buffered()) as (app, pilot, _):
        await pilot.press("ctrl+p", *"conn.putheader")
        options = app.screen.query_one("CommandList")
        await until(pilot, lambda: options.option_count > 0)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))

        assert "conn.putheader()" in screen_text(app)


async def test_whole_exchange_is_filled_in_by_somebody_who_writes_no_python():
    async with live_app(Target(), (120, 36)) as (app, pilot):
        port = int(app.screen.view.origin.rpartition(":")[2])
        for words, values in [
            ("HTTPConnection", {"host": "127.0.0.1", "port": str(port), "policy": "STRICT"}),
            ("conn2.request", {"method": "GET", "url": "/hello"}),
            ("conn2.getresponse", {}),
            ("r2.read", {}),
        ]:
            await pilot.press("F")
            app.screen.query_one(Input).value = words
            await pilot.pause()
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, FormScreen))
            await fill(app, pilot, **values)
            await step_form(app, pilot)

        source = app.screen.view.source
        assert "from workbench.protocol import STRICT\n" in source
        assert f'conn2 = HTTPConnection("127.0.0.1", {port}, policy=STRICT)\n' in source
        assert source.endswith('conn2.request("GET", "/hello")\nr2 = conn2.getresponse()\nr2.read()\n')
        assert "Hello, world" in screen_text(app)


async def step_form(app, pilot):
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, FormScreen))
    await until(pilot, lambda: not app.bench.busy and app.screen.view.status == app.bench.status)
    await settle(pilot)


async def test_call_line_writes_the_imports_that_a_call_needs():
    async with live_app(Target()) as (app, pilot):
        await write_call(app, pilot, 'c = HTTPSConnection("localhost")')
        await step(app, pilot, "enter")

        assert "from http.client import HTTPSConnection\nc = HTTPS" in app.screen.view.source


async def test_area_of_a_form_is_blank_where_it_is_drawn_once_more_after_the_form_was_closed():
    async with still_app(states.exchanged()) as (app, pilot, _):
        await pilot.press("F", *"conn.request", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        area = app.screen.query(FieldArea).first()

        await pilot.press("escape")
        await until(pilot, lambda: not area.is_attached)

        assert [strip.text for strip in area.render_lines(Region(0, 0, 9, 2))] == [" " * 9] * 2
