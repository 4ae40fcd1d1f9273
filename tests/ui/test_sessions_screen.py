"""The list of sessions: open, name, delete, export, and two exchanges side by side."""

from tests.ui import states
from tests.ui.driving import live_app, screen_text, settle, step, still_app, until
from tests.ui.sessions import three_sessions
from workbench.session.storage.directory import RecordingDirectory
from workbench.ui.opening import Target
from workbench.ui.widgets.line_view import LineView


def row_with(app, words):
    lines = app.screen.query_one(LineView)
    rows = [lines.line_text(number) for number in range(len(lines.source))]
    return next(number for number, text in enumerate(rows) if words in text)


def point(app, words):
    app.screen.query_one(LineView).point(row_with(app, words))


async def listed(app, pilot):
    await pilot.press("f6")
    await settle(pilot)


async def test_sessions_are_listed_named_and_deleted(private_home):
    cut, whole, failed = three_sessions()
    async with still_app(states.start()) as (app, pilot, bench):
        await listed(app, pilot)
        text = screen_text(app)
        assert "2026-01-01 10:09  lab: chunked-trailers" in text
        assert "cut" in text.splitlines()[row_with(app, "chunked-trailers") + 2]
        assert "the good one  lab: hello" in text
        assert "1 exchange" in text

        point(app, "garbage")
        await pilot.press("x")
        assert "Delete c for good?" in screen_text(app)
        await pilot.press("escape", "y")
        assert failed.exists()
        await pilot.press("x", "y")
        await settle(pilot)
        assert not failed.exists()

        point(app, "chunked")
        await pilot.press("r", *"the good one", "enter")
        assert "There is a recording called 'the good one' already" in screen_text(app)
        await pilot.press("backspace", *"est", "enter")
        await settle(pilot)
        assert not cut.exists()
        assert "the good onest, and stays" in screen_text(app)
        assert {one.name for one in RecordingDirectory().recordings()} == {"the good one", "the good onest"}

        point(app, "the good one  ")
        await pilot.press("enter")
        await settle(pilot)
        assert bench.given[-1] == ("open_recording", whole)


async def test_two_exchanges_are_compared_side_by_side():
    three_sessions()
    async with still_app(states.start(), (120, 36)) as (app, pilot, _):
        await listed(app, pilot)
        await pilot.press("m")
        assert "shows the exchanges of this recording" in screen_text(app)
        for name in ("the good one", "chunked"):
            point(app, name)
            await pilot.press("space")
            await settle(pilot)
            await pilot.press("down", "m")
        assert "shows A and B side by side" in screen_text(app)

        await pilot.press("equals_sign")
        await settle(pilot)
        text = screen_text(app)
        assert "A  the good one, exchange 1" in text
        assert "B  a, exchange 1" in text
        assert "the first difference is at byte" in text
        await pilot.press("n", "escape")
        assert app.screen.query_one("#sessions")


async def test_session_is_exported_without_its_secrets(tmp_path, monkeypatch):
    three_sessions()
    directory = tmp_path / "whose name is longer than a line" / ("x" * 60)
    directory.mkdir(parents=True)
    monkeypatch.chdir(directory)
    async with still_app(states.start(), (80, 24)) as (app, pilot, _):
        await listed(app, pilot)
        point(app, "the good one")
        await pilot.press("e")
        assert "Secrets are redacted" in screen_text(app)
        await pilot.press("s")
        assert "Secrets are left in" in screen_text(app)
        await pilot.press("s", "enter")
        # However long the name of the directory is, which comes last.
        await until(pilot, lambda: "Written: the good one.har, no secret in it," in screen_text(app))

        written = directory / "the good one.har"
        assert written.read_bytes().startswith(b"{")
        assert written.stat().st_mode & 0o777 == 0o600


async def test_export_of_a_damaged_session_says_what_is_left_out(tmp_path, monkeypatch):
    three_sessions()
    monkeypatch.chdir(tmp_path)
    async with still_app(states.start(), (120, 36)) as (app, pilot, _):
        await listed(app, pilot)
        point(app, "chunked-trailers")
        await pilot.press("e", "enter")
        await until(pilot, lambda: "Written: " in screen_text(app))

        assert "The last event was cut while it was written" in screen_text(app)

        point(app, "the good one")
        await pilot.press("e", "enter")
        await until(pilot, lambda: "Written: the good one" in screen_text(app))

        assert "was cut" not in screen_text(app)


async def test_session_that_is_written_can_be_named_and_not_deleted():
    async with live_app(Target(), (120, 36)) as (app, pilot):
        await step(app, pilot)
        await listed(app, pilot)
        await pilot.press("x")
        assert "It is being written" in screen_text(app)
        await pilot.press("r", *"mine", "enter")
        await settle(pilot)
        # It is what is on the screen: to open it is to go back there.
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen.view.recorded == ""
        await step(app, pilot, "c")
        (stored,) = RecordingDirectory().recordings()

    assert stored.name == "mine"
    assert list(RecordingDirectory().recent.iterdir()) == []
    async with live_app(Target(recording_path=stored.path)) as (app, pilot):
        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        assert app.screen.view.recording.exchanges


async def test_list_without_sessions_says_what_makes_one():
    async with still_app(states.start()) as (app, pilot, _):
        await listed(app, pilot)
        await pilot.press("enter", "space", "m", "x", "y", "r", "e", "equals_sign")

        assert "There is no recording yet" in screen_text(app)


async def test_name_goes_to_the_recording_that_was_asked_about():
    three_sessions()
    async with still_app(states.start()) as (app, pilot, _):
        await listed(app, pilot)
        point(app, "the good one")
        await pilot.press("r")
        point(app, "garbage")

        await pilot.press("end", *"st", "enter")
        await settle(pilot)

        assert "the good onest, and stays" in screen_text(app)
        assert {one.name for one in RecordingDirectory().recordings()} == {"a", "c", "the good onest"}


async def test_name_with_brackets_is_shown_as_it_is():
    three_sessions()
    async with still_app(states.start()) as (app, pilot, _):
        await listed(app, pilot)
        point(app, "the good one")
        await pilot.press("r", "home", *"[b]x[]", "enter")
        await settle(pilot)

        await pilot.press("e")
        await pilot.pause()

        assert "Export [b]x[]the good one" in screen_text(app)
