"""A screen on which the script can be edited."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from textual import on
from textual.timer import Timer

from workbench.session.drafts import Draft, load_draft, remove_draft, save_draft
from workbench.session.filled_in import NOTHING_FILLED_IN
from workbench.session.script_error import ScriptError
from workbench.session.script_file import plain_text
from workbench.session.status import CommandRefused
from workbench.ui.commands import BY_ID
from workbench.ui.keys import keys_of
from workbench.ui.opening import CannotOpen
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.screens.ask import Answer, AskScreen
from workbench.ui.screens.path import PathScreen
from workbench.ui.screens.writing import WritingScreen
from workbench.ui.turns import MOST_SECONDS
from workbench.ui.view import NOTHING
from workbench.ui.widgets.assist_box import AssistBox
from workbench.ui.widgets.notices import Hint, Problem
from workbench.ui.widgets.script_editor import ScriptEditor
from workbench.ui.widgets.script_pane import ScriptPane

logger = logging.getLogger(__name__)

SECONDS_UNTIL_DRAFT = 1.0
"""At most so much typing is lost when the machine goes down."""

_DROP = Answer("d", "drop", "Drop what was typed")


class EditingScreen(WritingScreen):
    """Has a `ScriptPane`, in which the script can be edited."""

    def __init__(self, classes: str) -> None:
        super().__init__(classes)
        self._draft_timer: Timer | None = None
        self._edited_script = ""
        """Which script the editor has: its path, or its name."""

        self._filled_in = NOTHING_FILLED_IN
        """What in that script another start of the lab would have otherwise."""

        self._typed: str | None = None
        """What stands in the editor and is nowhere else; None for nothing."""

    @property
    def editor(self) -> ScriptEditor | None:
        """The editor, while it is open."""
        return self.query_one(ScriptPane).editor

    @property
    def _script_key(self) -> str:
        file = self.bench.file
        return str(file.absolute()) if file is not None else self.traveller.present.name

    # --- beginning ----------------------------------------------------------------------

    async def action_edit(self) -> None:
        """Edit the script."""
        if self.editor is not None:
            self.action_pane_only(Pane.SCRIPT)
        elif self.view is NOTHING:
            self._hint("Nothing is loaded yet")
        elif self.view.recorded:
            key = keys_of(self, BY_ID["restart"], only_first=True)
            self._hint(f"This is a recording: {key} runs its script anew, and then it can be edited")
        else:
            self.to_present()
            opened = asyncio.Event()
            self.run_worker(self._begin(opened), name="edit", group="edit", exclusive=True)
            # What is typed behind this key is for the editor, or for what is asked first.
            with suppress(TimeoutError):
                await asyncio.wait_for(opened.wait(), MOST_SECONDS)

    async def _begin(self, opened: asyncio.Event) -> None:
        present, key = self.traveller.present, self._script_key
        text = plain_text(present.source)
        filled_in = self.bench.filled_in
        draft = await asyncio.to_thread(_load_draft, key, filled_in)
        taken = False
        if draft is not None and draft.text != text:
            opened.set()
            answer = await self.app.push_screen_wait(
                AskScreen(
                    f"There is a draft of {present.name} that was never saved, of "
                    f"{draft.saved_at.astimezone():%Y-%m-%d %H:%M}.",
                    (
                        Answer("t", "take", "Take it, and go on with it in the editor"),
                        Answer("o", "other", "Edit the script as it is, and drop the draft"),
                    ),
                )
            )
            if not answer:
                return
            taken = answer == "take"
        line = self.query_one(ScriptPane).line
        self.action_pane_only(Pane.SCRIPT)
        self._edited_script, self._filled_in = key, filled_in
        editor = await self.query_one(ScriptPane).edit(text, line, self.query_one(AssistBox))
        if draft is not None and taken:
            editor.load_edited(draft.text)
        elif draft is not None:
            await asyncio.to_thread(_remove_draft, key)
        self._tell_of_errors()
        editor.focus(scroll_visible=False)
        opened.set()

    # --- while it is typed --------------------------------------------------------------

    @on(ScriptEditor.Checked)
    def _checked(self, message: ScriptEditor.Checked) -> None:
        message.stop()
        self._tell_of_errors()

    def _tell_of_errors(self) -> None:
        file = self.bench.file
        self.query_one(ScriptPane).tell_of_errors(file.name if file else "")

    @on(ScriptEditor.Edited)
    def _edited(self, message: ScriptEditor.Edited) -> None:
        message.stop()
        self.query_one(Problem).hide()
        self.query_one(Hint).hide()
        editor = self.editor
        self._typed = editor.text if editor is not None and editor.changed else None
        if self._draft_timer is None:
            # Not begun anew at every key: who types without a pause has a draft as well.
            self._draft_timer = self.set_timer(SECONDS_UNTIL_DRAFT, self._draft_is_due)

    def _draft_is_due(self) -> None:
        self._draft_timer = None
        self._save_draft()

    def _stop_draft_timer(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None

    def _save_draft(self) -> None:
        key, text, filled_in = self._edited_script, self._typed, self._filled_in
        if text is not None:
            self.run_worker(
                lambda: _save_draft(key, text, filled_in), name="draft", group="draft", thread=True
            )

    def on_unmount(self) -> None:
        """Keep what was typed when the program ends, whatever the reason."""
        if self._typed is not None:
            _save_draft(self._edited_script, self._typed, self._filled_in)

    def leave_other_script(self) -> None:
        """Close the editor when another script was loaded: what was typed stays as a draft of its own."""
        editor = self.editor
        if editor is not None and self._edited_script != self._script_key:
            self._save_draft()
            self.run_worker(self._close(), name="close", group="close")

    # --- using it -----------------------------------------------------------------------

    def use_edited(self) -> bool:
        """Run what was typed from the top, and close the editor. False when it cannot be run."""
        editor = self.editor
        if editor is None:
            return True
        text = editor.text
        if editor.changed:
            self._typed = text
            if editor.check():
                error = editor.error_here
                assert error is not None
                editor.to_error(error)
                self._hint(f"This cannot run yet: line {error.line} has an error")
                return False
            try:
                self.bench.use_script(text)
            except (ScriptError, CommandRefused) as error:
                self._hint(str(error))
                return False
            self.to_present()
        self._forget_draft(keep=self.bench.file is not None and editor.changed)
        self.run_worker(self._close(), name="close", group="close")
        return True

    async def _close(self) -> None:
        self._stop_draft_timer()
        self._typed = None
        focused = self.editor is not None and self.editor.has_focus
        await self.query_one(ScriptPane).stop_editing()
        if focused:
            self.action_pane_only(Pane.SCRIPT)

    def _forget_draft(self, *, keep: bool = False) -> None:
        key = self._edited_script
        self._stop_draft_timer()
        if keep:
            self._save_draft()
        else:
            self.run_worker(lambda: _remove_draft(key), name="draft", group="draft", thread=True)

    # --- saving -------------------------------------------------------------------------

    def action_save_script(self) -> None:
        """Write the script to its file, and run what was edited."""
        if self.view is NOTHING:
            self._hint("Nothing is loaded yet")
        elif self.bench.file is not None:
            self.run_worker(self._save(None), name="save", group="save", exclusive=True)
        elif self.editor is None:
            self.action_save_script_as()
        elif self.use_edited():
            self.app.notify("The script has no file; Save as, in the palette, gives it one", markup=False)

    def action_save_script_as(self) -> None:
        """Ask for a file, and write the script to it."""
        if self.view is NOTHING:
            self._hint("Nothing is loaded yet")
            return

        def save(path: Path | None) -> None:
            if path is not None:
                self.run_worker(self._save(path), name="save", group="save", exclusive=True)

        file = self.bench.file
        self.app.push_screen(PathScreen(str(file) if file else "explore.py"), save)

    async def _save(self, path: Path | None) -> bool:
        """Write the script, and load it where it is another than the one that runs."""
        editor = self.editor
        text = editor.text if editor is not None else plain_text(self.traveller.present.source)
        try:
            saved = await asyncio.to_thread(self.bench.save_script, text, path)
        except OSError as error:
            where = path or self.bench.file
            self.query_one(Problem).say(
                f"Cannot write {where}: {error.strerror or error}",
                (
                    Piece(
                        "Nothing is lost: the text is still here. Save as, in the palette, writes it elsewhere",
                        Role.DIM,
                    ),
                ),
            )
            return False
        self.to_present()
        if editor is not None and self.editor is editor:
            self._forget_draft()
            self._edited_script = self._script_key
            editor.original = text
            if not editor.check():
                await self._close()
        self.app.notify(f"Saved as {saved}", markup=False)
        return True

    def action_reload_script(self) -> None:
        """Read the script from its file again."""
        self.run_worker(self._reload(), name="edit", group="edit", exclusive=True)

    async def _reload(self) -> None:
        file, editor = self.bench.file, self.editor
        if file is None:
            self._hint("The script has no file to be read from")
            return
        if self.bench.unsaved or (editor is not None and editor.changed):
            question = (
                f"What is on the screen is not saved in {file.name}, and is dropped when the file is read."
            )
            answer = await self.app.push_screen_wait(
                AskScreen(question, (Answer("r", "read", f"Read {file.name}, and drop what is here"),))
            )
            if not answer:
                return
        try:
            await asyncio.to_thread(self.bench.reload_script)
        except CannotOpen as error:
            self.query_one(Problem).say(str(error))
            return
        self.to_present()
        if editor is not None:
            self._forget_draft()
            await self._close()

    # --- leaving ------------------------------------------------------------------------

    def leave_editor(self) -> None:
        """Close the editor; ask first, when something would be lost."""
        editor = self.editor
        if editor is None:
            return
        if editor.changed:
            self.run_worker(self._ask_to_leave(editor), name="edit", group="edit", exclusive=True)
        else:
            self.run_worker(self._close(), name="close", group="close")

    async def _ask_to_leave(self, editor: ScriptEditor) -> None:
        file = self.bench.file
        errors = editor.check()
        answers = []
        if not errors:
            more = f", and leave {file.name} as it is" if file else ""
            answers.append(Answer("u", "use", f"Use it: run it from the top{more}"))
        if file is not None:
            answers.append(
                Answer(
                    "s", "save", f"Save it in {file.name}" + ("" if errors else ", and run it from the top")
                )
            )
        wrong = f" It has an error in line {errors[0].line}, so it cannot run." if errors else ""
        question = f"The script was changed.{wrong}"
        answer = await self.app.push_screen_wait(AskScreen(question, (*answers, _DROP)))
        if answer == "use":
            self.use_edited()
        elif answer == "save":
            if await self._save(None):
                await self._close()
        elif answer == "drop":
            self.query_one(Hint).hide()
            self._forget_draft()
            await self._close()

    async def action_quit(self) -> None:
        """Leave the workbench; ask first, when something would be lost. Who is asked and insists, leaves."""
        editor = self.editor
        at_stake = self.bench.unsaved or (editor is not None and editor.changed)
        if at_stake and not isinstance(self.app.screen, AskScreen):
            self.run_worker(self._ask_to_quit(), name="quit", group="quit", exclusive=True)
        else:
            self.app.exit()

    async def _ask_to_quit(self) -> None:
        file = self.bench.file
        answers = [
            Answer(
                "q",
                "quit",
                "Quit without saving" + ("; what is in the editor stays as a draft" if self.editor else ""),
            )
        ]
        if file is not None:
            answers.insert(0, Answer("s", "save", f"Save it in {file.name}, and quit"))
        answer = await self.app.push_screen_wait(AskScreen("The script is not saved.", answers))
        if answer == "quit" or (answer == "save" and await self._save(None)):
            self.app.exit()

    def tell_of_other_file(self) -> None:
        """Say that the file has changed, and was not read: what is on the screen would be lost."""
        file = self.bench.file
        name = file.name if file is not None else "The file"
        key = keys_of(self, BY_ID["reload_script"], only_first=True)
        self.app.notify(
            f"{name} has changed too, and what is here is not saved: {key} reads the file", markup=False
        )

    def _hint(self, words: str) -> None:
        self.query_one(Hint).say((Piece(words, Role.STRONG),))


def _load_draft(script: str, filled_in: Mapping[str, str]) -> Draft | None:
    try:
        return load_draft(script, filled_in)
    except OSError as error:
        logger.warning("The draft of %s cannot be read: %s", script, error)
        return None


def _save_draft(script: str, text: str, filled_in: Mapping[str, str]) -> None:
    try:
        save_draft(script, text, filled_in)
    except OSError as error:
        logger.warning("The draft of %s cannot be written: %s", script, error)


def _remove_draft(script: str) -> None:
    try:
        remove_draft(script)
    except OSError as error:
        logger.warning("The draft of %s cannot be removed: %s", script, error)
