"""A session on disk: written as it happens, opened again, and run anew."""

import os
import re
from pathlib import Path

from tests.session.storage.recorded import live_recording, record_scenario
from tests.ui.driving import live_app, screen_text, step, until
from workbench.session.recorder import Recorder
from workbench.session.storage.directory import RecordingDirectory
from workbench.session.storage.loader import RecordingLoader
from workbench.ui.app import WorkbenchApp
from workbench.ui.bridge import LiveBench
from workbench.ui.opening import Target
from workbench.ui.presentation.layout import Pane


async def test_session_is_on_disk_as_it_happens():
    async with live_app(Target()) as (app, pilot):
        for _ in range(3):
            await step(app, pilot)
        (stored,) = RecordingDirectory().recordings()
        loader = RecordingLoader(stored.path)
        there = loader.load()
        shown = app.screen.view.recording

        assert stored.name.endswith("-hello")
        assert loader.damage is None
        assert [entry.event for entry in there.entries] == [entry.event for entry in shown.entries]

    assert RecordingDirectory().recordings()


async def test_session_in_which_nothing_happened_leaves_no_file():
    async with live_app(Target()):
        assert RecordingDirectory().recordings()

    assert RecordingDirectory().recordings() == []


async def test_recording_is_looked_at_offline_and_its_script_run_anew(tmp_path):
    path = tmp_path / "session.jsonl"
    record_scenario("hello", live_recording(path, "lab: hello"))
    os.truncate(path, path.stat().st_size - 3)

    async with live_app(Target(recording_path=path), (160, 45)) as (app, pilot):
        await until(pilot, lambda: "damaged" in app.screen.view.recorded)
        assert "Hello, world" in screen_text(app)
        assert "The last event was cut" in screen_text(app)
        assert "r runs its script anew" in screen_text(app)

        await pilot.press("escape", "n")
        assert "This is a recording, in which nothing runs: r runs its script anew" in screen_text(app)

        await pilot.press("U")
        await until(pilot, lambda: app.screen.view.past is not None)
        await pilot.press(str(list(Pane).index(Pane.WIRE) + 1))
        assert "past" in screen_text(app)

        await pilot.press("r")
        await until(pilot, lambda: app.screen.view.status.mode == "ready")
        await step(app, pilot, "c")
        assert app.screen.view.status.mode == "finished"
        assert app.screen.view.recorded == ""
        assert len(RecordingDirectory().recordings()) == 1


async def test_recorded_script_that_was_edited_is_run_as_it_was_recorded(tmp_path):
    """Against the lab of this start, which listens elsewhere."""
    path = tmp_path / "session.jsonl"
    record_scenario(
        "hello",
        live_recording(path, "lab: hello"),
        edited=lambda text: re.sub(r", (\d+)\)", r", port=\1, timeout=7)", text).replace("read()", "read(5)"),
    )

    async with live_app(Target(recording_path=path), (160, 45)) as (app, pilot):
        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        recorded = app.screen.view.source
        await pilot.press("r")
        await until(pilot, lambda: app.screen.view.status.mode == "ready")
        assert "r1.read(5)" in app.screen.view.source
        assert app.screen.view.source != recorded

        await step(app, pilot, "c")
        assert app.screen.view.status.mode == "finished"
        assert not app.screen.query_one("Problem").display


async def test_recorded_script_that_names_no_port_of_the_lab_is_run_and_it_is_said(tmp_path):
    path = tmp_path / "session.jsonl"
    record_scenario(
        "hello",
        live_recording(path, "lab: hello"),
        edited=lambda text: re.sub(r"conn = (.*), (\d+)\)", r"port = \2\nconn = \1, port)", text),
    )

    async with live_app(Target(recording_path=path), (160, 45)) as (app, pilot):
        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        recorded = app.screen.view.source
        await pilot.press("r")
        await until(pilot, lambda: app.screen.view.status.mode == "ready")
        await until(pilot, lambda: app.screen.query_one("Problem").display)

        assert app.screen.view.source == recorded
        assert "names no port of the lab" in screen_text(app)


async def test_recording_of_several_scripts_names_the_one_that_is_shown(tmp_path):
    """The file has the name of the first, and what runs anew is the one on the screen."""
    path = tmp_path / "session.jsonl"
    recording = live_recording(path, "lab: hello")
    recorder = Recorder(recording)
    for name in ("hello", "post-echo"):
        record_scenario(name, recording, recorder)

    async with live_app(Target(recording_path=path), (160, 45)) as (app, pilot):
        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        assert "lab: post-echo" in screen_text(app)

        assert app.screen.view.at(5).name == "lab: hello"
        assert app.screen.view.at(app.screen.view.last_index - 1).name == "lab: post-echo"

        await pilot.press("r")
        await until(pilot, lambda: app.screen.view.status.mode == "ready")
        assert app.screen.view.name == "lab: post-echo"


async def test_file_that_is_no_recording_is_refused_in_words(tmp_path, monkeypatch):
    # By its name alone: with a long path before it the words would be on two lines.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "session.jsonl").write_bytes(b"{}\n")

    async with live_app(Target(recording_path=Path("session.jsonl"))) as (app, pilot):
        await until(pilot, lambda: "Expected a recording" in screen_text(app))


async def test_session_goes_on_in_memory_when_it_cannot_be_written(private_home):
    (private_home / "state" / "workbench").write_text("a file where the directory would be")

    async with live_app(Target(), (160, 45)) as (app, pilot):
        await until(pilot, lambda: app.screen.query_one("Problem").display)
        assert "The recording cannot be written to disk" in screen_text(app)
        await step(app, pilot, "c")

        assert app.screen.view.status.mode == "finished"


async def test_script_of_a_recording_is_saved_and_it_is_said_where(tmp_path):
    path = tmp_path / "session.jsonl"
    record_scenario("hello", live_recording(path, "lab: hello"))
    app = WorkbenchApp(LiveBench(Target(recording_path=path)))
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        await pilot.press("ctrl+s")
        app.screen.query_one("Input").value = str(tmp_path / "saved.py")
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "saved.py").exists() and "Saved as" in screen_text(app))

        assert "Saved as None" not in screen_text(app)
