"""A screen on which calls are typed."""

import logging
from dataclasses import replace

from textual import on

from workbench.session.assist.fields import missing_imports
from workbench.session.assist.offers import Assistance, assist
from workbench.session.assist.scope import Scope
from workbench.session.call_history import CallHistory, load_calls, save_call
from workbench.session.script_error import ScriptError
from workbench.session.status import CommandRefused
from workbench.ui.messages import CallRequested
from workbench.ui.presentation.breakpoint_list import field_names_met
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.screens.wire_commands import WireScreen
from workbench.ui.secret_names import redacted_fields_of
from workbench.ui.view import NOTHING, View
from workbench.ui.widgets.call_line import CallInput, CallLine
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.notices import Hint, Problem
from workbench.ui.widgets.script_editor import ScriptEditor

logger = logging.getLogger(__name__)


class WritingScreen(WireScreen):
    """Has a `CallLine`, and runs what is typed there."""

    def __init__(self, classes: str) -> None:
        super().__init__(classes)
        self.history = CallHistory()
        self._scope: tuple[View, Scope] = (NOTHING, Scope())

    # --- what the screen makes of it ----------------------------------------------------

    def refused(self, error: CommandRefused) -> None:
        """Show why a command makes no sense now."""
        raise NotImplementedError

    def accepted(self) -> None:
        """Take away what was said about an earlier command."""
        raise NotImplementedError

    # --- help with typing ---------------------------------------------------------------

    def on_mount(self) -> None:
        """Read the calls of earlier starts. In a thread, for the first picture does not wait for a disk."""
        self.run_worker(self._load_history, name="history", thread=True)

    def _load_history(self) -> None:
        try:
            calls = load_calls()
        except OSError as error:
            logger.warning("The calls of earlier starts cannot be read: %s", error)
            return
        self.app.call_from_thread(self.history.put_before, calls)

    def scope(self) -> Scope:
        """Say what the names stand for, with the fields of the last response."""
        present = self.traveller.present
        if self._scope[0] is not present:
            scope = replace(self.bench.scope(), field_names=field_names_met(present.moment))
            self._scope = (present, scope)
        return self._scope[1]

    def assist_call(self, text: str, cursor: int) -> Assistance:
        """Say what can stand at a place of the call line."""
        return assist(text, cursor, self.scope())

    @on(LineView.Chosen, "AssistBox LineView")
    def _offer_clicked(self, message: LineView.Chosen) -> None:
        if isinstance(self.focused, ScriptEditor):
            self.focused.take(message.number)
        else:
            self.query_one(CallLine).take(message.number)

    # --- the call line ------------------------------------------------------------------

    def action_call_line(self) -> None:
        """Go to the call line."""
        self.query_one(Hint).hide()
        self.query_one(CallLine).start()

    @on(CallInput.Edited)
    def _call_edited(self) -> None:
        # What was said about the line before is not true of this one.
        self.accepted()

    @on(CallRequested)
    def _call_requested(self, message: CallRequested) -> None:
        self.remember(message.source)
        try:
            self.bench.run_call("\n".join((*missing_imports(message.source, self.scope()), message.source)))
        except ScriptError as error:
            # The line that it would have in the script is nowhere to be seen yet; the column is.
            self.query_one(Problem).say(
                f"column {error.column}: {error.message}",
                ((Piece(error.hint, Role.DIM),) if error.hint else ()),
            )
        except CommandRefused as error:
            self.refused(error)
        else:
            self.to_present()
            self.accepted()
            self.query_one(CallLine).accepted()

    def remember(self, call: str) -> None:
        """Keep a call, also one that cannot be run: whoever gives it up may want it back."""
        if self.history.add(call):
            self.run_worker(lambda: self._write_down(call), name="history", group="history", thread=True)

    def _write_down(self, call: str) -> None:
        try:
            save_call(call, redacted_fields_of(self.app))
        except OSError as error:
            logger.warning("A call cannot be written to the history: %s", error)
