"""The editor: the script changed in place, its errors, its file, its draft."""

import pytest
from textual.app import App, ComposeResult
from textual.events import Key, Paste

from tests.ui import states
from tests.ui.driving import SIZES, live_app, screen_text, settle, step, still_app, until
from workbench.session.drafts import load_draft
from workbench.ui.opening import Target
from workbench.ui.view import NOTHING
from workbench.ui.widgets.script_editor import ScriptEditor
from workbench.ui.widgets.steady_text_area import SteadyTextArea

SCRIPT = 'from http.client import HTTPConnection\nconn = HTTPConnection("127.0.0.1")\nprint("one")\n'


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return path


def editor(app):
    return app.screen_stack[0].editor


async def edit(app, pilot):
    await pilot.press("e")
    await until(pilot, lambda: editor(app) is not None and editor(app).has_focus)
    return editor(app)


async def closed(app, pilot):
    await until(pilot, lambda: editor(app) is None)
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_errors_are_marked_where_they_are_and_the_text_is_saved_and_run(path, size):
    async with live_app(Target(script_path=path), size) as (app, pilot):
        await pilot.press("down", "b")
        area = await edit(app, pilot)
        assert "^s writes script.py and runs it from the top" in screen_text(app)
        footer = screen_text(app).split("\n")[-1]
        assert "^s Save" in footer
        assert "Esc Leave the editor" in footer

        await pilot.press("enter", "up", *"conn.clos()")
        # Who types slowly is told of "conn.clo" before.
        await until(pilot, lambda: any("'clos'" in str(error) for error in area.errors))
        assert "line 3, column 1: HTTPConnection has no" in screen_text(app)
        assert "Did you mean close?" in screen_text(app)
        assert any("underline" in str(span.style) for span in area.get_line(2).spans)
        assert "4 ●print" in screen_text(app)

        await pilot.press("left", "left", "e")
        await until(pilot, lambda: not area.errors)
        await pilot.press("ctrl+s")
        await closed(app, pilot)

        saved = SCRIPT.replace("print", "conn.close()\nprint")
        assert path.read_text() == app.screen.view.source == saved
        assert app.screen.view.breakpoints == {4}
        assert app.screen.query_one("#script-lines").has_focus
        await step(app, pilot, "c")
        assert app.screen.view.status.line == 4


async def test_calls_are_completed_and_explained_in_the_editor(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        area = await edit(app, pilot)
        box = app.screen.query_one("AssistBox")
        await pilot.press("down", *"conn.puth", "tab")
        await until(pilot, lambda: box.open)
        assert area.document[2].startswith("conn.putheader(")
        assert "The field name, a token." in screen_text(app)

        await pilot.press("down", "down", "enter")
        assert area.document[2].startswith('conn.putheader("Accept-Encoding"')
        await pilot.press("escape")
        assert not box.display
        assert editor(app) is area

        await pilot.press("down", "home", "tab")
        await until(pilot, lambda: box.open)
        await pilot.press("escape", "end", "space", "#", "tab")
        await until(pilot, lambda: not area.has_focus)


async def test_what_was_typed_can_be_undone(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        area = await edit(app, pilot)
        # What is typed within this time is undone together, and a busy machine takes its time to type.
        area.history.checkpoint_timer = 3600
        await pilot.press(*"xyz", "ctrl+z")
        assert not area.changed
        await pilot.press("ctrl+y")
        assert area.changed


async def test_editor_without_a_change_is_left_at_once(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        await edit(app, pilot)
        await pilot.press("escape")
        await closed(app, pilot)

        assert app.screen is app.screen_stack[0]
        assert "print" in screen_text(app)


async def test_leaving_asks_what_becomes_of_a_change(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        area = await edit(app, pilot)
        await pilot.press("#")
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert "The script was changed" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert area.text == f"{SCRIPT.replace('conn =', '#conn =')}"

        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert "so it cannot run" not in screen_text(app)
        await pilot.press("u")
        await closed(app, pilot)
        await until(pilot, lambda: app.screen.view.name == "script.py (not saved)")
        assert app.screen.view.source.startswith("from http.client import HTTPConnection\n#conn")
        assert path.read_text() == SCRIPT

        area = await edit(app, pilot)
        await pilot.press("down", *"oops", "escape")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert "so it cannot run" in screen_text(app)
        await pilot.press("d")
        await closed(app, pilot)
        assert "oops" not in screen_text(app)


async def test_words_about_an_error_go_with_the_text_that_has_it(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        await edit(app, pilot)
        await pilot.press("down", *"oops ", "f5")
        await until(pilot, lambda: "cannot run yet" in screen_text(app))

        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("d")
        await closed(app, pilot)
        assert "cannot run yet" not in screen_text(app)


async def test_keys_that_run_use_what_was_edited(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        area = await edit(app, pilot)
        await pilot.press("down", *"oops ", "f5")
        assert editor(app) is area
        assert "This cannot run yet: line 3 has an error" in screen_text(app)

        await pilot.press("ctrl+u")
        await until(pilot, lambda: "cannot run yet" not in screen_text(app))
        await pilot.press(*"#", "f5")
        await closed(app, pilot)
        await until(pilot, lambda: app.screen.view.status.mode == "finished")
        assert app.screen.view.source == SCRIPT.replace("print", "#print")
        assert path.read_text() == SCRIPT


async def test_save_that_fails_keeps_the_text(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        area = await edit(app, pilot)
        await pilot.press("#")
        path.unlink()
        path.mkdir()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen.query_one("Problem").display)

        assert "Cannot write" in screen_text(app)
        assert editor(app) is area
        assert area.changed


async def test_text_with_an_error_is_saved_as_it_is(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        area = await edit(app, pilot)
        await pilot.press(*"oops ", "ctrl+s")
        await until(pilot, lambda: "oops" in path.read_text())
        await settle(pilot)
        assert editor(app) is area
        assert not area.changed

        await pilot.press("escape")
        await closed(app, pilot)
        assert "mends it here" in screen_text(app)
        assert "e Edit" in screen_text(app).split("\n")[-1]


async def test_draft_survives_the_end_of_the_program(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        await edit(app, pilot)
        await pilot.press(*"# draft ")
        await pilot.pause()
    assert load_draft(str(path)).text == SCRIPT.replace("conn =", "# draft conn =")

    async with live_app(Target(script_path=path)) as (app, pilot):
        await pilot.press("e")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert "a draft of script.py that was never saved" in screen_text(app)
        await pilot.press("t")
        await until(pilot, lambda: editor(app) is not None and editor(app).changed)
        assert "# draft conn" in screen_text(app)

        await pilot.press("ctrl+s")
        await closed(app, pilot)
        assert path.read_text() == SCRIPT.replace("conn =", "# draft conn =")
    assert load_draft(str(path)) is None


@pytest.mark.parametrize("name", ["hello", "tls-client-certificate"])
async def test_draft_of_a_scenario_talks_to_the_server_of_this_start(name):
    async with live_app(Target(lab_name=name)) as (app, pilot):
        before = app.screen.view.source
        await edit(app, pilot)
        await pilot.press(*"# a", "enter")
        await pilot.pause()

    async with live_app(Target(lab_name=name)) as (app, pilot):
        text = app.screen.view.source
        assert text != before
        await pilot.press("e")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("t")
        await until(pilot, lambda: editor(app) is not None and editor(app).changed)
        assert sorted(editor(app).text.split("\n")) == sorted(["# a", *text.split("\n")])

        await pilot.press("f5")
        await until(
            pilot, lambda: app.screen.view.status.ended or app.screen.view.moment.connection is not None
        )
        await pilot.press("c")
        await until(pilot, lambda: app.screen.view.status.ended)
        assert app.screen.view.status.mode == "finished"


async def test_draft_is_written_while_the_keys_go_on(path, monkeypatch):
    monkeypatch.setattr("workbench.ui.screens.editing.SECONDS_UNTIL_DRAFT", 3600)
    async with live_app(Target(script_path=path)) as (app, pilot):
        area = await edit(app, pilot)
        await pilot.press("#")
        timer = app.screen._draft_timer
        await pilot.press("#")
        assert app.screen._draft_timer is timer is not None

        # As the timer does, a second after the first of the two keys.
        app.screen._draft_is_due()
        await settle(pilot)
        assert load_draft(str(path)).text == area.text
        timer.stop()
        await pilot.press("#")
        assert app.screen._draft_timer not in (timer, None)


async def test_quit_asks_while_something_is_not_saved(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        await edit(app, pilot)
        await pilot.press("#", "ctrl+q")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert "The script is not saved" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("s")
        await until(pilot, lambda: app._exit)

    assert path.read_text() == SCRIPT.replace("conn =", "#conn =")


async def test_who_insists_on_quitting_finds_a_draft_later(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        await edit(app, pilot)
        await pilot.press("#", "ctrl+q")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)

    assert path.read_text() == SCRIPT
    assert load_draft(str(path)).text == SCRIPT.replace("conn =", "#conn =")


async def test_file_that_changed_too_is_read_when_asked_for(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        await edit(app, pilot)
        await pilot.press("#", "f10")
        await closed(app, pilot)
        path.write_text(SCRIPT.replace("one", "three"))
        await pilot.press("r")
        await until(pilot, lambda: any("R reads the file" in one.message for one in app._notifications))
        assert "#conn" in app.screen.view.source

        await pilot.press("R")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert "is not saved in script.py" in screen_text(app)
        await pilot.press("r")
        await until(pilot, lambda: "three" in app.screen.view.source)
        assert app.screen.view.name == "script.py"


async def test_script_of_the_lab_is_edited_and_gets_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.py").write_text("# mine\n")
    async with live_app(Target()) as (app, pilot):
        await edit(app, pilot)
        await pilot.press(*"# a comment", "enter", "ctrl+s")
        await closed(app, pilot)
        assert "# a comment" in app.screen.view.source

        await app.screen.run_action("save_script_as")
        await pilot.pause()
        for name, words in [
            ("", "Expected the name"),
            ("no/such.py", "no directory"),
            ("taken.py", "Enter once more"),
        ]:
            app.screen.query_one("Input").value = name
            await pilot.press("enter")
            await pilot.pause()
            assert words in screen_text(app)
        app.screen.query_one("Input").value = "mine.py"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.view.name == "mine.py")

    assert "# a comment" in (tmp_path / "mine.py").read_text()
    assert (tmp_path / "taken.py").read_text() == "# mine\n"


async def test_another_script_closes_the_editor_and_leaves_a_draft(path):
    async with live_app(Target(script_path=path)) as (app, pilot):
        await edit(app, pilot)
        await pilot.press(*"# mine ")
        await pilot.pause()
        app.run_worker(lambda: app.bench.load_scenario("hello", run=False), thread=True)
        await closed(app, pilot)

        assert load_draft(str(path)).text == SCRIPT.replace("conn =", "# mine conn =")


async def test_text_with_control_characters_reaches_no_terminal(path):
    path.write_text("# \x1b]0;title\x07\tx\n")
    async with live_app(Target(script_path=path)) as (app, pilot):
        await edit(app, pilot)

        assert "\x1b" not in screen_text(app)
        assert "# ␛]0;title␇" in screen_text(app)


async def test_nothing_is_edited_before_something_is_loaded():
    async with still_app(NOTHING) as (app, pilot, _):
        await pilot.press("e")
        await pilot.pause()

        assert "Nothing is loaded yet" in screen_text(app)


ODD = "".join(map(chr, (0x0C, 0x0B, 0x1C, 0x85, 0x2028, 0x9B, 0x202E, 0xFEFF, 0x1B, 0x7F, 0xE000, 0xE0001)))


@pytest.mark.parametrize("widget", [ScriptEditor, SteadyTextArea], ids=["editor", "area"])
async def test_no_character_is_changed_or_reaches_the_terminal_as_it_is(widget):
    """Textual ends a line at a form feed, as at U+2028, and a terminal obeys what it is sent."""
    given = f"# é漢{ODD}end\n\tx = 1\n"

    class Area(App[None]):
        def compose(self) -> ComposeResult:
            yield widget(given, 1, (), None) if widget is ScriptEditor else widget(given)

    app = Area()
    async with app.run_test() as pilot:
        area = app.query_one(widget)
        assert area.text == given
        assert area.document.line_count == 3

        area.move_cursor((0, 0))
        app.screen.set_focus(area)
        app.post_message(Paste(f"-{ODD}-"))
        await pilot.pause()
        await pilot.press("x")

        assert area.text == f"-{ODD}-x{given}"
        assert area.get_text_range((0, 0), area.document.end) == area.text
        drawn = "".join(strip.text for strip in app.screen._compositor.render_strips())
        assert drawn.isprintable()
        assert "␌␋␜" in drawn

        area.select_all()
        area.action_cut()
        assert app.clipboard == f"-{ODD}-x{given}"
        area.undo()
        assert area.text == app.clipboard


async def test_what_is_typed_behind_the_key_of_the_editor_is_for_the_editor():
    """Its draft is looked for in a thread; each letter would be a command meanwhile."""
    async with still_app(states.start()) as (app, pilot, bench):
        for key in "exn":
            app.post_message(Key(key, key))
        await until(pilot, lambda: app.screen.editor is not None and app.screen.editor.has_focus)
        await until(pilot, lambda: "xn" in app.screen.editor.text)

        assert bench.given == []
