"""The lab's server played by hand from the screen: held, let go on by steps and by bytes, and released."""

import pytest

from tests.ui import states
from tests.ui.driving import live_app, screen_text, still_app, until
from workbench.session.events import PeerReported
from workbench.session.leaves import NOT_PARSED_YET
from workbench.ui.held_server import HeldServer
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.opening import Target
from workbench.ui.presentation.piece import plain, width_of
from workbench.ui.presentation.server_bar import server_line
from workbench.ui.widgets.server_bar import ServerBar

NEXT = HeldServer(True, True, "send 113 bytes: 'HTTP/1.1 200 OK\\r\\nContent-Type: text/plai'…", 113, 1)

PAUSING = """
name = "pausing"
group = "Tests"
title = "A server that pauses"
teaches = "It waits for a key. Then it goes on."
section = "RFC 9112"
order = 1
script = '''
from http.client import HTTPConnection
conn = HTTPConnection("{host}", {port})
conn.request("GET", "/")
r1 = conn.getresponse()
'''
[promise]
status = 204
[[steps]]
do = "expect_head"
[[steps]]
do = "pause"
[[steps]]
do = "send"
lines = ["HTTP/1.1 204 No Content", ""]
"""


def line(held, width, count=1):
    made = server_line(held, count, width, USUAL_KEYS.word)
    assert width_of(made) <= width
    return plain(made)


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_bar_says_how_much_is_left_and_names_the_keys_at_every_width(width):
    text = line(NEXT, width)

    assert text.startswith(" server held: 113 bytes left · next: send")
    assert all(key in text.split() for key in (".", ",", "h"))


def test_bar_says_how_many_bytes_a_key_sends():
    assert ", 3 bytes · ; other number" in line(NEXT, 160, count=3)


def test_bar_says_whose_turn_it_is():
    assert "waits for the client" in line(HeldServer(True), 80)
    assert "h releases" in line(HeldServer(True), 80)
    assert line(HeldServer(False, True), 80).split() == ["server", "pauses", ".", "goes", "on"]
    assert "2 connections in turn" in line(HeldServer(True, True, "close", 0, 2), 80)


def received(app) -> int:
    connection = app.screen.view.connection
    return connection.received_length if connection is not None else 0


def held(app) -> HeldServer:
    return app.screen.view.server or HeldServer(False)


async def test_class_watches_the_parser_wait_and_decide():
    """A chunk size that is split over two sends: nothing is known of it before its line is whole."""
    async with live_app(Target(lab_name="chunked-trailers")) as (app, pilot):
        await pilot.press("h")
        await until(pilot, lambda: "server held: waits for the client" in screen_text(app))
        await pilot.press("c")
        await until(pilot, lambda: held(app).left == 113)
        assert app.bench.busy  # the call waits, and the keys go on working
        await pilot.press("full_stop")
        await until(pilot, lambda: held(app).left == 74)
        await until(pilot, lambda: received(app) == 113)

        await pilot.press("comma")
        await until(pilot, lambda: received(app) == 114 and held(app).left == 73)
        assert "73 bytes left" in screen_text(app)
        chunk_size = app.screen.view.connection.leaf_at("received", 113)
        assert chunk_size.kind == NOT_PARSED_YET
        await pilot.press("semicolon", "f1")
        await until(pilot, lambda: "How many bytes the held server sends" in screen_text(app))
        await pilot.press("escape", "x", "enter")
        await pilot.pause()
        assert "Expected a number from 1 to" in screen_text(app)
        await pilot.press("backspace", "2", "5", "enter")
        await until(pilot, lambda: received(app) == 139)
        assert app.screen.view.connection.leaf_at("received", 113).index is not None
        await pilot.press("comma")
        await until(pilot, lambda: received(app) == 164)

        await pilot.press("h")
        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        assert app.screen.view.server is None
        assert not app.screen.query_one(ServerBar).display
        reported = [
            e.event.kind for e in app.screen.view.recording.entries if isinstance(e.event, PeerReported)
        ]
        assert reported.count("held") == 5


async def test_server_is_held_while_the_client_is_stepped_into():
    async with live_app(Target(lab_name="hello-tls")) as (app, pilot):
        await pilot.press("h", *"nnnn")
        await until(pilot, lambda: held(app).waits)
        await pilot.press("s")
        await until(pilot, lambda: app.screen.view.status.inside_call)
        for _ in range(2):
            before = received(app)
            await pilot.press("s")
            await until(pilot, lambda: app.bench.busy)
            await pilot.press("comma")
            await until(pilot, lambda before=before: received(app) == before + 1 and not app.bench.busy)

        # Another run plays by hand too; its server is not kept waiting by the connection before.
        await pilot.press("r", "c")
        await until(pilot, lambda: held(app).waits and held(app).connections == 1 and held(app).left == 93)
        await pilot.press("full_stop")
        await until(pilot, lambda: app.screen.view.status.mode == "finished")


async def test_another_scenario_plays_by_itself():
    async with live_app(Target()) as (app, pilot):
        await pilot.press("h", "f2", "down", "t")
        await until(pilot, lambda: "1 played, 1 as promised" in screen_text(app))
        await pilot.press("escape")
        await pilot.pause()

        assert app.screen.view.server is None


async def test_keys_say_why_they_do_nothing(tmp_path):
    script = tmp_path / "own.py"
    script.write_text("print(1)\n")
    async with live_app(Target(script_path=script)) as (app, pilot):
        await pilot.press("h")
        await pilot.pause()
        assert "This script is no scenario of the lab" in screen_text(app)
    async with live_app(Target()) as (app, pilot):
        await pilot.press("full_stop")
        await pilot.pause()
        assert " The server plays by itself: h holds it " in screen_text(app)
        await pilot.press("h", "comma")
        await until(pilot, lambda: "it is the client's turn" in screen_text(app))


async def test_refused_server_does_not_tell_of_the_keys_of_the_script():
    async with live_app(Target()) as (app, pilot):
        await pilot.press("c")
        await until(pilot, lambda: app.screen.view.status.ended)
        for keys, words in (
            (["comma"], "itself: h holds it "),
            (["h", "full_stop"], "it is the client's turn "),
        ):
            await pilot.press(*keys)
            await pilot.pause()
            assert words in screen_text(app)


async def test_key_ends_a_pause(tmp_path):
    (tmp_path / "pausing.toml").write_text(PAUSING)
    async with live_app(Target(lab_name="pausing", scenario_directory=tmp_path)) as (app, pilot):
        await pilot.press("c")
        await until(pilot, lambda: "server pauses" in screen_text(app))

        await pilot.press("full_stop")

        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        assert app.screen.view.server is None


async def test_number_is_not_taken_when_the_dialog_is_closed():
    async with still_app(states.start()) as (app, pilot, _):
        await pilot.press("semicolon", "7", "escape")
        await pilot.pause()

        assert app.screen.query_one(ServerBar).count == 1
