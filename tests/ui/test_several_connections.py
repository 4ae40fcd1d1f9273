"""Several connections in one session: which of them the panes tell of."""

from dataclasses import replace

import pytest

from tests.ui import states
from tests.ui.driving import SIZES, live_app, screen_text, step, still_app, until
from tests.ui.states import BANK, SHOP, index_of
from workbench.lab import LabServer, find_scenario
from workbench.protocol import tap
from workbench.ui.opening import Target
from workbench.ui.screens.connections import ConnectionsScreen


def pane_text(app, name):
    lines = app.screen.query_one(f"#{name}-lines")
    return "\n".join(lines.line_text(number) for number in range(len(lines.source)))


def cursor_line(app, name):
    lines = app.screen.query_one(f"#{name}-lines")
    return lines.line_text(lines.cursor)


def point_at_event(app, index):
    """Put the cursor of the event list on an event, as a key does."""
    app.screen.query_one("#event-lines")._move(index)


# --- following ---------------------------------------------------------------------------


async def test_panes_follow_the_connection_of_the_event_under_the_cursor():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        assert "▐Request-sent▌" in screen_text(app)
        assert "POST /order" in pane_text(app, "wire")
        assert "exchange 2 of 2" in screen_text(app)

        point_at_event(app, index_of(view, tap.FieldLineParsed, BANK))
        await pilot.pause()

        assert app.screen.view.connection.number == BANK
        assert "▐Idle▌" in screen_text(app)
        assert "exchange 1 of 1" in screen_text(app)
        assert "/rates" in pane_text(app, "wire")
        assert "/order" not in pane_text(app, "wire")
        assert "Content-Length: 9" in cursor_line(app, "wire")
        assert "/rates" in pane_text(app, "tree")
        assert "Content-Length: 9" in cursor_line(app, "tree")
        assert "r1 = bank.getresponse()" in cursor_line(app, "script")


async def test_message_follows_the_exchange_of_the_event_under_the_cursor():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        assert "/cart" not in pane_text(app, "tree")

        point_at_event(app, index_of(view, tap.StatusLineParsed, SHOP))
        await pilot.pause()

        assert "exchange 1 of 2" in screen_text(app)
        assert "/cart" in pane_text(app, "tree")
        assert "200 OK" in cursor_line(app, "tree")
        assert "/order" in pane_text(app, "wire")


@pytest.mark.parametrize(
    ("presses", "words"),
    [
        pytest.param(0, "EUR 1.07", id="text"),
        pytest.param(1, "EUR 1.07", id="hex"),
        pytest.param(2, "9 bytes of", id="ladder"),
    ],
)
async def test_each_view_of_the_wire_follows(presses, words):
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        await pilot.press(*["w"] * presses)
        own = pane_text(app, "wire")
        point_at_event(app, index_of(view, tap.BytesReceived, BANK))
        await pilot.pause()
        assert words in pane_text(app, "wire")

        await pilot.press("3", "end")
        assert pane_text(app, "wire") == own


async def test_line_of_the_script_leads_to_its_connection():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        await pilot.press("1", "home", *["down"] * 4)

        assert app.screen.view.connection.number == BANK
        assert "/rates" in cursor_line(app, "wire")
        assert "LineStarted line 5" in cursor_line(app, "event")
        assert "/rates" in pane_text(app, "tree")


async def test_bytes_and_nodes_lead_to_events_of_their_own_connection():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        point_at_event(app, index_of(view, tap.StatusLineParsed, BANK))
        await pilot.press("2", "home")
        assert "RequestLineBuffered GET /rates" in cursor_line(app, "event")
        assert "bank.request" in cursor_line(app, "script")

        await pilot.press("4", "end")
        assert "PersistenceDecided" in cursor_line(app, "event")
        assert app.screen.view.connection.number == BANK


async def test_travelling_follows_the_connection_of_each_moment():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        app.screen.travel(lambda traveller: traveller.go(index_of(view, tap.BytesSent, BANK)))
        await pilot.pause()
        assert app.screen.view.connection.number == BANK
        assert "/rates" in pane_text(app, "tree")
        assert "EUR" not in pane_text(app, "wire")

        await pilot.press("p")
        assert app.screen.view is view
        assert "/order" in pane_text(app, "tree")


async def test_what_happens_next_is_followed_wherever_the_cursor_was():
    whole = states.several()
    at = index_of(whole, tap.StatusLineParsed, SHOP)
    async with still_app(replace(whole, last_index=at), (160, 45)) as (app, pilot, bench):
        point_at_event(app, index_of(whole, tap.StatusLineParsed, BANK))
        await pilot.pause()
        assert app.screen.view.connection.number == BANK

        bench.show(whole)
        await pilot.pause()

        assert app.screen.view is whole
        assert "/order" in pane_text(app, "wire")


# --- choosing ----------------------------------------------------------------------------


def strip_text(app):
    return screen_text(app).split("\n")[1]


async def test_one_connection_has_no_strip():
    async with still_app(states.exchanged(), (160, 45)) as (app, _, _):
        assert not app.screen.query_one("ConnectionStrip").display
        assert "▐Idle▌" in screen_text(app).split("\n")[1]


@pytest.mark.parametrize("size", SIZES)
async def test_strip_names_each_connection_and_its_state(size):
    async with still_app(states.several(), size) as (app, _, _):
        assert "1 shop" in strip_text(app)
        assert "Request-sent▌" in strip_text(app)
        assert "2 bank 127.0.0.1:8081 Idle" in strip_text(app)
        assert "C connections" in strip_text(app)


async def test_click_on_a_tab_chooses_its_connection():
    async with still_app(states.several(), (160, 45)) as (app, pilot, _):
        strip = app.screen.query_one("ConnectionStrip")
        await pilot.click(strip, offset=(strip_text(app).index("bank"), 0))
        assert app.screen.view.connection.number == BANK
        assert app.screen.view.chosen
        assert "chosen: Esc follows" in strip_text(app)

        await pilot.click(strip, offset=(strip_text(app).index("connections"), 0))
        assert isinstance(app.screen, ConnectionsScreen)


async def test_next_connection_is_shown_and_stayed_with():
    whole = states.several()
    earlier = replace(whole, last_index=index_of(whole, tap.StatusLineParsed, SHOP))
    async with still_app(earlier, (160, 45)) as (app, pilot, bench):
        await pilot.press("o")
        assert app.screen.view.connection.number == BANK
        assert "EUR 1.07" in cursor_line(app, "wire")

        bench.show(whole)
        await pilot.pause()
        assert app.screen.view.connection.number == BANK
        assert "▐Idle▌" in screen_text(app)

        await pilot.press("O")
        assert app.screen.view.connection.number == SHOP
        await pilot.press("escape")
        assert not app.screen.view.chosen
        assert "chosen" not in strip_text(app)


async def test_travelling_stays_with_a_chosen_connection():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        await pilot.press("o", "u", "u", "U")
        assert app.screen.view.past
        assert app.screen.view.chosen
        assert app.screen.view.connection.number == BANK
        assert "/rates" in pane_text(app, "tree")
        assert "▶ 10" in cursor_line(app, "script") or "▶10" in cursor_line(app, "script")

        app.screen.travel(lambda traveller: traveller.go(index_of(view, tap.StatusLineParsed, BANK)))
        assert "200 OK" in cursor_line(app, "tree")
        assert app.screen.view.chosen


async def test_follow_is_in_the_palette_and_ends_the_choice():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        await pilot.press("o")
        await pilot.press("ctrl+p", *"follow the connection")
        await pilot.pause()
        await until(pilot, lambda: app.screen.query_one("CommandList").option_count > 0)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.view is view)


async def test_list_of_connections_shows_what_each_is_and_its_exchanges():
    async with still_app(states.several(), (120, 36)) as (app, pilot, _):
        await pilot.press("C")
        text = screen_text(app)
        assert "1 shop  127.0.0.1:8080  open · Request-sent · 2 exchanges" in text
        assert "1 GET /cart → 200 OK 9 bytes of content" in text
        assert "2 POST /order → no response yet" in text
        assert "2 bank  127.0.0.1:8081  open · Idle · 1 exchange" in text

        lines = app.screen.query_one("LineView")
        assert "/order" in lines.line_text(lines.cursor)
        assert "▐Request-sent▌" in rail_in_list(app)
        await pilot.press("down")
        assert "▐Idle▌" in rail_in_list(app)


def rail_in_list(app):
    return "".join(piece.text for line in app.screen.query_one("TextLines").lines for piece in line)


@pytest.mark.parametrize(
    ("keys", "connection", "exchange", "chosen"),
    [
        pytest.param(["2"], BANK, 1, True, id="digit"),
        pytest.param(["down", "enter"], BANK, 1, True, id="connection"),
        pytest.param(["up", "enter"], SHOP, 1, True, id="exchange"),
        pytest.param(["f"], SHOP, 2, False, id="follow"),
        pytest.param(["home", "enter"], SHOP, 2, False, id="row that follows"),
        pytest.param(["9"], SHOP, 2, False, id="no such digit"),
        pytest.param(["escape"], SHOP, 2, False, id="nothing"),
    ],
)
async def test_what_is_picked_is_shown(keys, connection, exchange, chosen):
    async with still_app(states.several(), (120, 36)) as (app, pilot, _):
        await pilot.press("C", *keys)
        await pilot.pause()
        if isinstance(app.screen, ConnectionsScreen):
            await pilot.press("escape")

        view = app.screen.view
        assert (view.connection.number, view.exchange.number, view.chosen) == (connection, exchange, chosen)


async def test_click_in_the_list_picks():
    async with still_app(states.several(), (120, 36)) as (app, pilot, _):
        await pilot.press("C")
        await pilot.pause()
        await pilot.click(app.screen.query_one("LineView"), offset=(8, 5))
        await pilot.pause()

        assert app.screen.view.connection.number == BANK
        assert app.screen.view.exchange.number == 1


async def test_braces_go_from_exchange_to_exchange():
    async with still_app(states.several(), (160, 45)) as (app, pilot, _):
        await pilot.press("left_curly_bracket")
        assert "/cart" in pane_text(app, "tree")
        assert "GET /cart" in cursor_line(app, "wire")
        assert "RequestLineBuffered GET /cart" in cursor_line(app, "event")
        assert "shop.request" in cursor_line(app, "script")

        await pilot.press("left_curly_bracket")
        assert "This is the first exchange of the connection" in screen_text(app)
        await pilot.press("right_curly_bracket")
        assert "/order" in pane_text(app, "tree")
        await pilot.press("right_curly_bracket")
        assert "This is the last exchange of the connection" in screen_text(app)


async def test_keys_say_so_where_there_is_nothing_to_choose():
    async with still_app(states.start()) as (app, pilot, _):
        for key in ("C", "o", "right_curly_bracket"):
            await pilot.press(key)
            assert "There is no connection yet" in screen_text(app)
            await pilot.press("escape")
    async with still_app(states.exchanged()) as (app, pilot, _):
        await pilot.press("o")
        assert "There is only one connection" in screen_text(app)


async def test_restart_follows_the_new_run():
    async with live_app(Target(lab_name="tunnel"), (160, 45)) as (app, pilot):
        await step(app, pilot, "c")
        await pilot.press("o")
        assert app.screen.view.chosen
        await step(app, pilot, "r")
        await step(app, pilot, "c")

        assert not app.screen.view.chosen
        assert app.screen.view.connection.ordinal == 1
        assert app.screen.view.connection.number == 3
        assert "1 conn" in strip_text(app)


REDIRECTED = """from http.client import HTTPConnection
here = HTTPConnection("127.0.0.1", {here})
there = HTTPConnection("localhost", {there})
here.request("GET", "/old")
r1 = here.getresponse()
r1.getheader("Location")
there.request("GET", "/hello")
r2 = there.getresponse()
r2.read()
r1.read()
"""


async def test_redirect_to_another_origin_is_walked_through(tmp_path):
    """Two servers, and a response that is read when the other connection has been used already."""
    script = tmp_path / "redirected.py"
    with LabServer() as lab:
        ports = {name: lab.open(find_scenario(name))[1] for name in ("redirect", "hello")}
        script.write_text(REDIRECTED.format(here=ports["redirect"], there=ports["hello"]))
        async with live_app(Target(script_path=script), (160, 45)) as (app, pilot):
            seen = []
            for _ in range(9):
                await step(app, pilot)
                shown = app.screen.view.connection
                seen.append(shown and (shown.ordinal, shown.state))

            assert seen == [
                None,
                None,
                (1, "REQUEST_SENT"),
                (1, "UNREAD_RESPONSE"),
                (1, "UNREAD_RESPONSE"),
                (2, "REQUEST_SENT"),
                (2, "UNREAD_RESPONSE"),
                (2, "IDLE"),
                (1, "IDLE"),
            ]
            assert f"1 here 127.0.0.1:{ports['redirect']} Idle" in strip_text(app)
            assert f"2 there localhost:{ports['hello']} Idle" in strip_text(app)
            await pilot.press("o")
            assert "Hello, world" in pane_text(app, "wire")
            assert "302" not in pane_text(app, "wire")


# --- what the panes say ------------------------------------------------------------------


async def test_events_say_which_connection_they_are_about():
    async with still_app(states.several(), (160, 45)) as (app, _, _):
        text = pane_text(app, "event")

        assert "5 #2 → RequestLineBuffered GET /rates" in text
        assert "4 #1 → RequestLineBuffered GET /cart" in text
        assert "5    ▸ LineStarted line 5" in text


async def test_find_and_copy_are_about_the_connection_that_is_shown():
    async with still_app(states.several(), (160, 45)) as (app, pilot, _):
        await pilot.press("o", "slash", *"order", "enter")
        bar = app.screen.query_one("FindBar")
        await until(pilot, lambda: bar.search is not None and bar.search.done)
        assert bar.search.hits == []
        await pilot.press("escape", "2", "end", "y")
        await pilot.pause()

        lines = app.screen.query_one("LineView")
        assert "content" in lines.line_text(0)
        assert "EUR 1.07" in lines.line_text(0)


async def test_card_is_that_of_the_connection_that_failed():
    async with still_app(states.one_of_two_failed(), (160, 45)) as (app, pilot, _):
        assert app.screen.query_one("#card-lines").display
        assert "on            connection 2 bank" in pane_text(app, "card")

        await pilot.press("o")
        assert app.screen.view.connection.number == SHOP
        assert not app.screen.query_one("#card-lines").display
        assert "/cart" in pane_text(app, "tree")

        await pilot.press("escape")
        assert app.screen.query_one("#card-lines").display


@pytest.mark.parametrize("size", SIZES)
async def test_tunnel_is_explained_in_the_place_of_its_rail(size):
    async with still_app(states.tunnelled(), size) as (app, pilot, _):
        assert "1 conn" in strip_text(app)
        assert "2 CONNECT for 1" in strip_text(app)

        await pilot.press("o")

        assert "CONNECT asks the proxy for a tunnel to example.test:80: answered 200" in screen_text(app)
        assert "legal now" not in screen_text(app)
        assert "answered 200" in screen_text(app).split("\n")[0]
