"""A screen with the commands of the wire: its views, finding, parts, copying."""

import asyncio
import os

from workbench.ui.copying import copy_out
from workbench.ui.copying_app import give_to_terminal
from workbench.ui.keys import key_names_of
from workbench.ui.presentation.copy_choices import (
    CALL_CHOICES,
    CallChoice,
    CopyChoice,
    CopyLines,
    choice_words,
    copied_line,
    copy_choices,
)
from workbench.ui.presentation.copy_formats import Read
from workbench.ui.presentation.empty import way_on
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.piece import Piece
from workbench.ui.presentation.wire_form import WireForm
from workbench.ui.screens.copy import CopyScreen
from workbench.ui.screens.export_commands import ExportCommandsScreen
from workbench.ui.widgets.notices import Hint, Problem
from workbench.ui.widgets.wire_pane import WirePane


class WireScreen(ExportCommandsScreen):
    """Has a `WirePane`, and carries out what the keys want of it."""

    # --- what the screen makes of it ----------------------------------------------------

    def action_pane_only(self, pane: Pane) -> None:
        """Go to a pane."""
        raise NotImplementedError

    # --- the commands -------------------------------------------------------------------

    def action_wire_view(self) -> None:
        """Change to the next view of the wire: text, hexadecimal, ladder."""
        self.action_wire_show(self.query_one(WirePane).form.following)

    def action_wire_show(self, name: str) -> None:
        """Show one view of the wire."""
        wire = self.query_one(WirePane)
        wire.form = WireForm(name)
        if not wire.display:
            self.action_pane_only(Pane.WIRE)

    def action_find(self) -> None:
        """Ask what to find on the wire."""
        self._to_wire().find()

    def action_find_next(self, by: int) -> None:
        """Go to the next hit on the wire, or to the one before."""
        self._to_wire().find_next(by)

    def action_next_part(self, by: int) -> None:
        """Go to the next part of the wire, or to the one before."""
        if not self._to_wire().go_to_part(by):
            self._say_no_bytes("go to")

    def _to_wire(self) -> WirePane:
        """Bring the wire to the front."""
        wire = self.query_one(WirePane)
        if not wire.has_focus_within or not wire.display:
            self.action_pane_only(Pane.WIRE)
        return wire

    def action_copy_as(self) -> None:
        """Choose bytes of the wire, and a form to copy them in."""
        connection = self.view.connection
        choices = copy_choices(self.query_one(WirePane).copy_ranges())
        if connection is None or not choices:
            self._say_no_bytes("copy")
            return
        record = connection.record
        read: dict[str, Read] = {"sent": record.sent.slice, "received": record.received.slice}

        asked = self.asked_exchange()

        def take(choice: CopyChoice | CallChoice | None) -> None:
            if isinstance(choice, CallChoice):
                assert asked is not None
                self.copy_call(choice, asked)
            elif choice is not None:
                self.run_worker(self._copy_out(choice, read[choice.range.span.stream]), group="copy")

        calls = CALL_CHOICES if asked is not None else ()
        self.app.push_screen(CopyScreen(CopyLines(choices, read, calls)), take)

    def _say_no_bytes(self, wanted: str) -> None:
        way = way_on(self.view, key_names_of(self))
        self.query_one(Hint).say((Piece(f"There are no bytes to {wanted} yet. "), *way))

    async def _copy_out(self, choice: CopyChoice, read: Read) -> None:
        try:
            copied = await asyncio.to_thread(copy_out, choice, read, os.environ)
        except OSError as error:
            self.query_one(Problem).say(f"The copy could not be written: {error}")
            return
        if copied.way == "terminal":
            give_to_terminal(self.app, copied.text)
        what = choice_words(choice, copied.size)
        self.query_one(Hint).say(copied_line(copied.way, what, copied.where, copied.reason))
