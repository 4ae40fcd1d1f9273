"""A screen with forms for calls."""

from collections.abc import Mapping

from workbench.session.assist.calls import calls_now, form_for_call
from workbench.session.assist.fields import Form, typed_from
from workbench.session.assist.place import find_place
from workbench.session.script_error import ScriptError
from workbench.session.status import CommandRefused
from workbench.ui.screens.calls import CallsScreen
from workbench.ui.screens.editing import EditingScreen
from workbench.ui.screens.form import FormScreen
from workbench.ui.widgets.call_line import CallLine


class FormCommandsScreen(EditingScreen):
    """Opens the form of a call: the one that is being typed, or one that is chosen from a list."""

    def action_form(self) -> None:
        """Fill in a form for a call."""
        call = find_place(self.query_one(CallLine).text.rstrip(") ")).call
        form = form_for_call(call.callee, self.scope()) if call is not None else None
        if call is not None and form is not None:
            self.open_form(
                form,
                typed_from(
                    form.signature, (*call.arguments, call.current) if not call.keyword else call.arguments
                ),
            )
        else:
            self.app.push_screen(CallsScreen(tuple(calls_now(self.scope()))), self._chosen)

    def forms_now(self) -> list[Form]:
        """List the calls that can be made now, for the palette."""
        return [form for group in calls_now(self.scope()) for form in group.forms]

    def _chosen(self, form: Form | None) -> None:
        if form is not None:
            self.open_form(form, {})

    def open_form(self, form: Form, typed: Mapping[str, str]) -> None:
        """Show the form of a call.

        Args:
            form: Which call.
            typed: What is filled in already.
        """

        def done(ran: bool | None) -> None:
            if ran and typed:
                self.query_one(CallLine).accepted()

        self.app.push_screen(FormScreen(form, self.scope(), self._run_form, typed), done)

    def _run_form(self, source: str) -> str:
        try:
            self.bench.run_call(source)
        except ScriptError as error:
            return f"{error.message}. {error.hint}" if error.hint else error.message
        except CommandRefused as error:
            return str(error)
        self.remember(source.rsplit("\n", maxsplit=1)[-1])
        self.to_present()
        self.accepted()
        return ""
