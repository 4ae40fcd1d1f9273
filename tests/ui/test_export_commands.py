"""What goes out of the workbench and what comes in: the export, copies of an exchange, the import."""

import threading
from pathlib import Path

import pytest
from textual.events import Paste

from tests.ui import states
from tests.ui.benches import StillBench
from tests.ui.driving import PATIENCE_SECONDS, live_app, screen_text, settle, step, still_app, until
from workbench.config import Config, Settings
from workbench.export.exporter import Exporter
from workbench.session import plan
from workbench.ui.app import WorkbenchApp
from workbench.ui.opening import Target
from workbench.ui.screens import export
from workbench.ui.screens.importing import form_of
from workbench.ui.widgets.steady_text_area import with_single_line_ends

SECRET = "YWxhZGRpbjpvcGVuc2VzYW1l"


def saved(folder: Path, pattern: str) -> bytes:
    (path,) = folder.glob(pattern)
    return path.read_bytes()


async def test_session_exchange_and_screen_are_exported_without_secrets(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with live_app(Target(lab_name="basic-auth"), (120, 36)) as (app, pilot):
        await step(app, pilot, "c")
        assert SECRET[:8] in screen_text(app)

        await pilot.press("f4")
        assert "Secrets are redacted" in screen_text(app)
        assert "all exchanges, to" in screen_text(app)
        await pilot.press("end", "enter")
        await until(pilot, lambda: "Written: " in screen_text(app))
        picture = saved(tmp_path, "*.svg").decode()
        assert picture.startswith("<svg")
        assert "Authorization" in picture
        assert SECRET[:8] not in picture
        assert SECRET[-5:] not in picture

        await pilot.press("f4", "down", "down", "o")
        assert "this exchange alone" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "Written: " in screen_text(app) and list(tmp_path.glob("*.sh")) != [])
        command = saved(tmp_path, "lab-basic-auth.sh").decode()
        assert command.count("curl ") == 1
        assert "Authorization: ***" in command

        await pilot.press("f4", "down", "down", "s")
        assert "Secrets are left in" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: list(tmp_path.glob("*-2.sh")) != [])
        assert SECRET in saved(tmp_path, "lab-basic-auth-2.sh").decode()


async def test_names_of_the_settings_are_redacted_and_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = Config(Settings(redacted_fields=frozenset(("accept", "x-key"))))
    app = WorkbenchApp(StillBench(states.exchanged()), config)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f4", "down", "down")
        assert "userinfo, 2 names of yours" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "Written: lab-hello.sh, secrets redacted, in" in screen_text(app))

    assert "Accept: **********" in saved(tmp_path, "*.sh").decode()


async def test_exchange_is_copied_as_what_makes_it_again(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with live_app(Target(lab_name="basic-auth"), (120, 36)) as (app, pilot):
        await step(app, pilot, "c")
        for key, words, text in (
            ("c", "exchange 2 as curl", "curl --include"),
            ("p", "exchange 2 as python", "import http.client"),
            ("s", "exchange 2 as script", "from http.client import HTTPConnection"),
            ("t", "exchange 2 as pytest", "def test_get_private"),
        ):
            await pilot.press("y")
            assert "Secrets of the exchange are redacted" in screen_text(app)
            await pilot.press(key)
            await until(pilot, lambda words=words: words in screen_text(app))
            assert "secrets redacted" in screen_text(app)
            assert text in app.clipboard
            assert SECRET not in app.clipboard

        await pilot.press("y", "x", "c")
        await until(pilot, lambda: "secrets left in" in screen_text(app))
        assert SECRET in app.clipboard


async def test_what_is_pasted_becomes_a_script_and_mistakes_are_shown_where_they_are():
    async with live_app(Target(), (120, 36)) as (app, pilot):
        await pilot.press("ctrl+p", *"Import")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        area = app.screen.query_one("TextArea")
        area.text = "curl http://localhost:8000/ \\\n  --http2"
        await pilot.press("ctrl+s")
        assert "✗ line 2, column 3 of this curl command: --http2 is not supported" in screen_text(app)
        assert area.cursor_location == (1, 2)
        await pilot.press("escape")

        app.screen.action_import()
        await settle(pilot)
        area = app.screen.query_one("TextArea")
        assert area.text.endswith("--http2")
        app.post_message(Paste("curl http://localhost:8000/x -d a=1"))
        await pilot.pause()
        assert area.text == "curl http://localhost:8000/x -d a=1"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "imported curl" in screen_text(app))
        assert 'conn.putrequest("POST", "/x"' in app.screen.view.source

        app.screen.action_import()
        await settle(pilot)
        assert app.screen.query_one("TextArea").text == ""


async def test_request_that_tmux_pastes_has_the_line_ends_that_it_had():
    """A CR for each LF, so two for each CRLF."""
    async with live_app(Target(), (120, 36)) as (app, pilot):
        app.screen.action_import()
        await settle(pilot)
        app.post_message(Paste("POST /form HTTP/1.1\r\rHost: localhost:8000\r\rContent-Length: 2\r\r\r\rhi"))
        await pilot.pause()
        await pilot.press("ctrl+s")

        await until(pilot, lambda: "imported raw" in screen_text(app))
        assert 'conn.endheaders(b"hi")' in app.screen.view.source


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        pytest.param("a\r\rb\r\r\r\rc", "a\rb\r\rc", id="CRLF by way of tmux"),
        pytest.param("a\rb\r\rc", "a\rb\r\rc", id="LF by way of tmux"),
        pytest.param("a\r\nb\r\n\r\nc", "a\r\nb\r\n\r\nc", id="CRLF"),
        pytest.param("a\r\rb", "a\r\rb", id="one empty line"),
        pytest.param("a\n\nb\n\nc", "a\n\nb\n\nc", id="LF"),
    ],
)
def test_paste_has_the_line_ends_that_were_copied(pasted, expected):
    assert with_single_line_ends(pasted) == expected


async def test_what_has_an_answer_is_stepped_through_offline():
    trace = (
        "=> Send header, 37 bytes (0x25)\n0000: GET / HTTP/1.1\n0010: Host: example.test\n0024: \n"
        "<= Recv header, 17 bytes (0x11)\n0000: HTTP/1.1 200 OK\n"
        "<= Recv header, 19 bytes (0x13)\n0000: Content-Length: 2\n"
        "<= Recv header, 2 bytes (0x2)\n0000: \n<= Recv data, 2 bytes (0x2)\n0000: ok\n"
    )
    trace = trace.replace("37 bytes (0x25)", "38 bytes (0x26)")
    async with live_app(Target(), (120, 36)) as (app, pilot):
        app.screen.action_import()
        await settle(pilot)
        app.screen.query_one("TextArea").text = trace
        await pilot.press("ctrl+s")
        await until(
            pilot, lambda: app.screen.view.recorded != "" and bool(app.screen.view.recording.exchanges)
        )

        exchange = app.screen.view.exchange
        assert exchange.response.status_line.event.status_code == 200
        assert "Content-Length: 2" in screen_text(app)


async def test_nothing_is_exported_before_anything_happened():
    async with still_app(states.start()) as (app, pilot, _):
        await pilot.press("f4")
        await settle(pilot)

        assert app.screen.query("#export") or "There is nothing to export yet" in screen_text(app)


def test_form_is_told_by_the_beginning():
    assert form_of("curl http://h/ -H 'X: HTTP/1.1'") == "curl"
    assert form_of("\n  GET / HTTP/1.1\nHost: h\n") == "raw"
    assert form_of('{"log": {}}') == "har"
    assert form_of("== Info: Trying\n") == "trace"
    assert form_of("12:00:00.000000 == Info: Trying\n") == "trace"
    assert form_of("") == "curl"


@pytest.fixture
def held_export(tmp_path, monkeypatch):
    """An export that waits in the middle, in a folder of its own."""
    go_on = threading.Event()

    def pieces(_):
        yield b"some"
        go_on.wait(PATIENCE_SECONDS)
        yield b" more"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(export, "EXPORTERS", [Exporter("held", ".held", "waits", pieces)])
    yield go_on
    go_on.set()


async def test_export_that_is_given_up_leaves_no_file(held_export, tmp_path):
    async with still_app(states.exchanged()) as (app, pilot, _):
        await pilot.press("f4", "enter")
        await until(pilot, lambda: list(tmp_path.iterdir()) != [])
        await pilot.press("escape")
        held_export.set()

        await until(pilot, lambda: list(tmp_path.iterdir()) == [])
        assert app.screen.query("#script-lines")


async def test_export_that_is_done_while_help_is_read_closes_itself(held_export, tmp_path):
    async with still_app(states.exchanged()) as (app, pilot, _):
        await pilot.press("f4", "enter")
        await until(pilot, lambda: list(tmp_path.iterdir()) != [])
        await pilot.press("f1")
        held_export.set()

        await until(pilot, lambda: "Written: " in screen_text(app))
        assert app.screen.query("#script-lines")
        assert saved(tmp_path, "*.held") == b"some more"


async def test_export_that_is_asked_for_twice_writes_one_file(held_export, tmp_path):
    async with still_app(states.exchanged()) as (app, pilot, _):
        await pilot.press("f4", "enter", "enter", "enter", "f1")
        await until(pilot, lambda: list(tmp_path.iterdir()) != [])
        held_export.set()

        await until(pilot, lambda: "Written: " in screen_text(app))
        await settle(pilot)
        assert saved(tmp_path, "*.held") == b"some more"


async def test_keys_of_copy_and_export_read_no_other_exchange(monkeypatch):
    """A recording may have a hundred thousand; their number is counted in a thread, when it is needed."""
    async with still_app(states.exchanged()) as (app, pilot, _):

        def refuse(_):
            raise AssertionError("all exchanges are read while a key waits")

        monkeypatch.setattr(plan, "asked_exchanges", refuse)
        for key in ("y", "f4"):
            await pilot.press(key)
            assert "this exchange" in screen_text(app)
            await pilot.press("escape")
