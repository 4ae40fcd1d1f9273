"""A screen from which what happened goes out, and what others wrote comes in."""

import asyncio
import os
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording
from workbench.session.visible import visible
from workbench.ui.copying_app import give_to_terminal
from workbench.ui.presentation.copy_choices import CallChoice, copied_line
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.presentation.quantity import bytes_words
from workbench.ui.screens.session_commands import SessionCommandsScreen
from workbench.ui.secret_names import redacted_fields_of
from workbench.ui.widgets.notices import Hint, Problem

if TYPE_CHECKING:
    from workbench.ui.copying import Copied
    from workbench.ui.screens.importing import ImportResult


class AskedExchange(NamedTuple):
    """An exchange that can be made again."""

    recording: Recording
    record: ExchangeRecord

    def number(self) -> int:
        """Say which of the recording it is, from 1 on. In a thread: all that are before it are looked at."""
        from workbench.session.plan import asked_exchanges

        own = (self.record.connection, self.record.number)
        places = ((one.connection, one.number) for one in asked_exchanges(self.recording))
        return next(number for number, place in enumerate(places, 1) if place == own)


class ExportCommandsScreen(SessionCommandsScreen):
    """Exports the session, copies exchanges as what makes them again, and imports."""

    _pasted = ""
    """What was in the import when it was closed without one."""

    def asked_exchange(self) -> AskedExchange | None:
        """Give the exchange that the panes tell of; None where nothing was asked."""
        from workbench.session.plan import was_asked

        recording, exchange = self.view.recording, self.view.exchange
        if exchange is None or not was_asked(recording, exchange.record):
            return None
        return AskedExchange(recording, exchange.record)

    # --- out ------------------------------------------------------------------------------

    def action_export(self) -> None:
        """Choose a form, and write the session, the exchange or the screen to a file."""
        from workbench.ui.screens.export import ExportScreen

        recording = self.view.recording
        if not len(recording.entries):
            self.query_one(Hint).say((Piece("There is nothing to export yet"),))
            return
        # Before anything lies over it.
        asked = self.asked_exchange()
        picture = self.app.export_screenshot(title="Workbench")
        screen = ExportScreen(
            _file_stem(self.view.name),
            lambda: recording,
            exchange=asked.number if asked is not None else None,
            picture=picture,
            listed=redacted_fields_of(self.app),
        )
        self.app.push_screen(screen, self._exported)

    def _exported(self, done: str | None) -> None:
        if done:
            self.query_one(Hint).say((Piece(visible(done), Role.GOOD),))

    def copy_call(self, choice: CallChoice, asked: AskedExchange) -> None:
        """Copy an exchange as what makes its request again.

        Args:
            choice: In which form.
            asked: The exchange.
        """
        self.run_worker(self._copy_call(choice, asked), group="copy")

    async def _copy_call(self, choice: CallChoice, asked: AskedExchange) -> None:
        from workbench.export import CannotExport

        try:
            number, copied, secrets = await asyncio.to_thread(self._copied, choice, asked)
        except CannotExport as error:
            self.query_one(Problem).say(f"There is no {choice.form} of this exchange: {error}")
            return
        except OSError as error:
            self.query_one(Problem).say(f"The copy could not be written: {error}")
            return
        if copied.way == "terminal":
            give_to_terminal(self.app, copied.text)
        what = f"exchange {number} as {choice.form}, {bytes_words(copied.size)}, {secrets}"
        self.query_one(Hint).say(copied_line(copied.way, what, copied.where, copied.reason))

    def _copied(self, choice: CallChoice, asked: AskedExchange) -> "tuple[int, Copied, str]":
        from workbench.export import Subject, find_exporter
        from workbench.ui.copying import copy_text

        number = asked.number()
        subject = Subject.of(
            asked.recording,
            secrets=choice.secrets,
            listed=redacted_fields_of(self.app),
            numbers=[number],
        )
        text = b"".join(find_exporter(choice.form).export(subject)).decode("utf-8", "replace")
        return number, copy_text(text, os.environ), subject.secrets_words

    # --- in -------------------------------------------------------------------------------

    def action_import(self) -> None:
        """Paste what another program wrote about a request."""
        from workbench.ui.screens.importing import ImportScreen

        self.to_present()
        self.app.push_screen(ImportScreen(self._pasted), self._imported)

    def _imported(self, result: "ImportResult | None") -> None:
        if result is None:
            return
        self._pasted = result.text
        if result.imported is not None and self.bench.unsaved:
            self.query_one(Problem).say(
                "The script is not saved. Save it, and import again: what was pasted is kept"
            )
        elif result.imported is not None:
            self._pasted = ""
            self.app.run_worker(partial(self._open_imported, result), name="open import", thread=True)

    def _open_imported(self, result: "ImportResult") -> None:
        """Open a recording of what has answers, and the script of what has none. In a thread."""
        from workbench.session.storage.directory import RecordingDirectory

        imported = result.imported
        assert imported is not None
        if not imported.has_answers:
            self.bench.load_text(f"imported {result.form}", imported.script)
            return
        try:
            writer = RecordingDirectory().begin(f"imported {result.form}")
            try:
                for entry in imported.recording(f"imported {result.form}").entries:
                    writer.write(entry.event, entry.line)
            finally:
                writer.close()
        except OSError as error:
            self.app.call_from_thread(
                self.query_one(Problem).say, f"The recording cannot be written: {error}"
            )
            return
        self._open(writer.path)


def _file_stem(name: str) -> str:
    """Make a name of a session fit for a file."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "session"
