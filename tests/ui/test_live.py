"""The whole program without a terminal: real lab, real client, real steps."""

from importlib import resources

import pytest

from tests.ports import closed_port
from tests.ui.driving import SIZES, live_app, screen_text, step, until, write_call
from workbench.ui.opening import Target
from workbench.ui.presentation.layout import Pane


def show(app, pilot, pane: Pane):
    return pilot.press(str(list(Pane).index(pane) + 1))


@pytest.mark.parametrize("size", [SIZES[0], SIZES[-1]])
async def test_newcomer_sees_a_whole_exchange_after_six_steps(size):
    async with live_app(Target(), size) as (app, pilot):
        for _ in range(6):
            await step(app, pilot)

        assert app.screen.view.status.mode == "finished"
        seen = {}
        for pane in Pane:
            await show(app, pilot, pane)
            await pilot.pause()
            seen[pane] = screen_text(app)
        assert "Hello, world" in seen[Pane.SCRIPT]
        assert "GET /hello HTTP/1.1␍␊" in seen[Pane.WIRE]
        assert "Content-Length: 13␍␊" in seen[Pane.WIRE]
        assert "MessageCompleted" in seen[Pane.EVENTS]
        assert "response  200 OK" in seen[Pane.MESSAGE]


async def test_keys_that_come_faster_than_calls_return_are_carried_out_in_turn():
    async with live_app(Target()) as (app, pilot):
        await pilot.press("n", "n", "n", "n", "n", "n")

        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        assert not app.screen.query_one("Problem").display


async def test_wire_follows_bytes_that_become_rows_when_they_are_parsed():
    async with live_app(Target(lab_name="chunked-trailers"), (160, 45)) as (app, pilot):
        for _ in range(5):
            await step(app, pilot)

        lines = app.screen.query_one("#wire-lines")
        assert "end of trailer section" in lines.line_text(len(lines.source) - 1)
        assert "end of trailer section" in screen_text(app)


async def test_exception_takes_the_place_of_the_message():
    async with live_app(Target(lab_name="garbage-status-line"), (120, 36)) as (app, pilot):
        await step(app, pilot, "c")

        text = screen_text(app)
        assert "✗ BadStatusLine" in text
        assert "HTTPException › Exception" in text
        assert "4 Exception" in text


async def test_call_inside_a_call_is_told_which_key_ends_it():
    async with live_app(Target(), (120, 36)) as (app, pilot):
        await step(app, pilot, "s")
        await step(app, pilot, "s")
        assert app.screen.view.status.inside_call
        await write_call(app, pilot, "print(1)")
        await pilot.press("enter")
        await until(pilot, lambda: "Inside a call" in screen_text(app))

        assert "n finishes the line, r restarts" in screen_text(app)


async def test_exception_is_not_that_of_an_earlier_exchange():
    async with live_app(Target(), (120, 36)) as (app, pilot):
        await step(app, pilot, "c")
        for call in ('conn.putrequest("GET", "/hello")', "conn.getresponse()"):
            await write_call(app, pilot, call)
            await step(app, pilot, "enter")
        await pilot.press("escape", "4")
        assert "✗ ResponseNotReady" in screen_text(app)

        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: "exchange 1 of 2" in screen_text(app))
        assert "is a          " not in screen_text(app)
        assert "response  200 OK" in screen_text(app)

        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: "exchange 2 of 2" in screen_text(app))
        assert "is a          " in screen_text(app)


async def test_exception_is_not_said_to_be_explained_where_it_is_no_more():
    async with live_app(Target(lab_name="garbage-status-line"), (120, 36)) as (app, pilot):
        await step(app, pilot, "c")
        assert "4 explains it" in screen_text(app)

        await write_call(app, pilot, "conn.close()")
        await step(app, pilot, "enter")
        text = screen_text(app)
        assert "4 Message" in text
        assert "raised BadStatusLine" in text
        assert "explains it" not in text


async def test_restart_after_an_exception_shows_nothing_of_the_old_exchange():
    async with live_app(Target(lab_name="garbage-status-line"), (160, 45)) as (app, pilot):
        await step(app, pilot, "c")
        await step(app, pilot, "r")

        text = screen_text(app)
        assert "BadStatusLine" not in text
        assert "received ←" not in text


async def test_call_of_the_call_line_becomes_part_of_the_script():
    async with live_app(Target()) as (app, pilot):
        await step(app, pilot)
        await write_call(app, pilot, "conn.close()")
        await step(app, pilot, "enter")

        assert app.screen.view.source.rstrip().endswith("conn.close()")
        assert app.screen.query_one("#call").value == ""


async def test_illegal_call_shows_its_exception_and_the_way_on():
    async with live_app(Target(), (120, 36)) as (app, pilot):
        await step(app, pilot)
        await write_call(app, pilot, "conn.getresponse()")
        await step(app, pilot, "enter")

        text = screen_text(app)
        assert "✗ ResponseNotReady" in text
        assert "legal now" in text


async def test_mistyped_call_stays_in_the_line_and_says_what_is_wrong():
    async with live_app(Target()) as (app, pilot):
        await write_call(app, pilot, "import os")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one("Problem").display)

        assert app.screen.query_one("#call").value == "import os"
        assert "import os" not in app.screen.view.source


async def test_abort_ends_a_call_that_waits_for_a_silent_server():
    async with live_app(Target(lab_name="stall"), (120, 36)) as (app, pilot):
        await pilot.press("c")
        await until(pilot, lambda: app.screen.query_one("Waiting").display)
        assert "waiting for the head of the response" in screen_text(app)
        assert "x aborts" in screen_text(app)

        await pilot.press("x")

        await until(pilot, lambda: app.screen.view.status.mode == "aborted")
        assert not app.screen.query_one("Waiting").display


async def test_connection_of_a_call_that_was_aborted_is_said_to_be_shut_down(tmp_path):
    text = resources.files("workbench.lab.scenarios").joinpath("stall-in-body.toml").read_text()
    (tmp_path / "patient.toml").write_text(
        text.replace('"stall-in-body"', '"patient"').replace(", timeout=0.5", "")
    )
    async with live_app(Target(lab_name="patient", scenario_directory=tmp_path)) as (app, pilot):
        await pilot.press("c")
        await until(pilot, lambda: app.screen.query_one("Waiting").display)
        await pilot.press("x")
        await until(pilot, lambda: app.screen.view.status.mode == "aborted")

        heading, rail, *_ = screen_text(app).split("\n")
        assert heading.rstrip().endswith("HTTP/1.1 · shut down")
        assert rail.rstrip() == "▐Unread-response▌  legal now: close   connection shut down"


async def test_breakpoint_stops_a_run():
    async with live_app(Target()) as (app, pilot):
        await pilot.press("1", "down", "down", "down", "b")
        await step(app, pilot, "c")

        assert app.screen.view.status.mode == "paused"
        assert app.screen.view.status.line == app.screen.query_one("ScriptPane").line == 5


async def test_step_into_stops_inside_the_call():
    async with live_app(Target()) as (app, pilot):
        await step(app, pilot)
        await step(app, pilot, "s")

        assert app.screen.view.status.inside_call
        assert "inside line 3, at CallStarted putrequest" in screen_text(app)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param(
            'HTTPConnection("no-such-host.invalid")', ["gaierror", "no-such-host.invalid"], id="unknown host"
        ),
        pytest.param(
            'HTTPConnection("127.0.0.1", {closed})', ["ConnectionRefusedError", "{closed}"], id="refused port"
        ),
    ],
)
async def test_connection_that_fails_names_the_peer_and_the_way_out(tmp_path, script, words):
    with closed_port() as closed:
        path = tmp_path / "script.py"
        code = script.format(closed=closed)
        path.write_text(f'from http.client import HTTPConnection\nconn = {code}\nconn.request("GET", "/")\n')

        async with live_app(Target(script_path=path)) as (app, pilot):
            await step(app, pilot, "c")

            text = screen_text(app)
            for word in words:
                assert word.format(closed=closed) in text
            assert "what now" in text


async def test_certificate_that_does_not_verify_is_explained():
    async with live_app(Target(lab_name="tls-untrusted")) as (app, pilot):
        await step(app, pilot, "c")

        assert "SSLCertVerificationError" in screen_text(app)
        assert "cafile" in screen_text(app)


async def test_script_with_an_error_is_shown_at_line_and_column_and_read_again(tmp_path):
    path = tmp_path / "broken.py"
    path.write_text('from http.client import HTTPConnection\nconn = HTTPConnection("127.0.0.1"\n')
    async with live_app(Target(script_path=path)) as (app, pilot):
        assert "column" in screen_text(app)
        assert app.screen.view.script_error.line == 2

        path.write_text('from http.client import HTTPConnection\nconn = HTTPConnection("127.0.0.1")\n')
        await pilot.press("r")

        await until(pilot, lambda: app.screen.view.script_error is None)
        await step(app, pilot)
        assert app.screen.view.status.mode == "finished"


async def test_resize_at_any_moment_keeps_the_session():
    async with live_app(Target(), (160, 45)) as (app, pilot):
        for size in [(80, 24), (160, 45), (120, 36), (60, 15), (120, 36), (300, 80)]:
            await step(app, pilot)
            for one in [(20, 5), (1, 1), size]:
                await pilot.resize_terminal(*one)
                await pilot.pause()

        assert app.screen.view.status.mode == "finished"
        assert "Hello, world" in screen_text(app)
