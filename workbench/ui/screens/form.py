"""The form of a call: a field for each argument, with its type, its default and its help."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Label, TextArea

from workbench.session.assist.fields import (
    FieldKind,
    Form,
    WrongValueError,
    kind_of_field,
    missing_imports,
    quoted,
    source_of_call,
)
from workbench.session.assist.place import OpenCall, Place, PlaceKind
from workbench.session.assist.scope import Scope
from workbench.session.assist.signature import Parameter
from workbench.session.assist.values import values_for
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.call_form import (
    RESULT,
    call_preview,
    field_lines,
    missing_words,
    result_lines,
    would_raise,
)
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.steady_text_area import SteadyTextArea
from workbench.ui.widgets.text_lines import TextLines

Run = Callable[[str], str]
"""Runs a call, and says why it does not run; nothing when it does."""

ROOM_AROUND_FIELDS = 15
"""Lines for the summary, the help, the call and the borders."""

_WAYS = (
    ("form-run", "runs it"),
    ("form-next", "goes to the next field"),
    ("dialog-close", "closes"),
)


class _Completion(Suggester):
    """Completes a field by the first value that begins with what is typed."""

    def __init__(self, values: Callable[[], list[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._values = values

    async def get_suggestion(self, value: str) -> str | None:
        """Give the whole value, what was typed as it was typed."""
        found = next((one for one in self._values() if one.lower().startswith(value.lower())), None)
        return value + found[len(value) :] if found else None


class _Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The fields. The arrow keys go from one to the next, which scrolls as well."""


class FieldArea(SteadyTextArea):
    """Several lines, one for each header field."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(
            text, name=name, compact=True, tab_behavior="focus", soft_wrap=False, highlight_cursor_line=False
        )
        self.cursor_blink = False


class FormScreen(Dialog[bool]):
    """Shown over the workbench. Gives True when the call was run.

    Args:
        form: The call.
        scope: The names that have a value.
        run: Runs the call.
        typed: What is filled in already, by the names of the parameters.
    """

    DEFAULT_CSS = """
    FormScreen { align: center middle; }
    #form {
        width: 100%;
        max-width: 100;
        height: auto;
        max-height: 95%;
        border: round $accent;
        background: $surface;
        TextLines { padding: 0 1; }
        #form-fields {
            height: auto;
            margin: 1 0;
            Horizontal { height: 1; padding: 0 1; }
            Horizontal.-several { height: 3; }
            Label { width: 24; color: $text-primary; }
            Input, FieldArea { width: 1fr; background: $boost; }
            FieldArea { height: 3; padding: 0; }
        }
        #form-help { height: 4; border-top: solid $foreground 30%; }
        #form-call { border-top: solid $foreground 30%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("form") + local_bindings("dialog")

    def __init__(self, form: Form, scope: Scope, run: Run, typed: Mapping[str, str]) -> None:
        super().__init__()
        self._form = form
        self._scope = scope
        self._run_call = run
        self._begun = {RESULT: form.result, **typed}
        self._parameters = {one.name: one for one in form.signature.parameters}
        self._refusal = ""

    def compose(self) -> ComposeResult:
        """What the call does, its fields, what is known of the field in focus, and the call itself."""
        with Vertical(id="form") as box:
            box.border_title = content_of((Piece(f"{self._form.target}()", Role.STRONG),))
            box.border_subtitle = content_of(ways_line(_WAYS, key_names_of(self)))
            yield TextLines(id="form-summary")
            with _Fields(id="form-fields"):
                for parameter in self._form.signature.parameters:
                    yield from self._row(parameter.name, self._entry(parameter), required=parameter.required)
                if self._form.result:
                    yield from self._row("result", self._line(RESULT), required=False)
            yield TextLines(id="form-help")
            yield TextLines(id="form-call")

    def _row(self, label: str, entry: Widget, *, required: bool) -> ComposeResult:
        with Horizontal(classes="-several" if isinstance(entry, TextArea) else ""):
            yield Label(f"{label}{' *' if required else ''}", markup=False)
            yield entry

    def _entry(self, parameter: Parameter) -> Widget:
        if kind_of_field(parameter) is FieldKind.FIELDS:
            return FieldArea(self._begun.get(parameter.name, ""), parameter.name)
        default = parameter.default or ""
        return self._line(parameter.name, default, _Completion(lambda: self._values(parameter)))

    def _line(self, name: str, placeholder: str = "", suggester: Suggester | None = None) -> Input:
        entry = Input(
            self._begun.get(name, ""),
            placeholder=placeholder,
            name=name,
            compact=True,
            suggester=suggester,
            select_on_focus=False,
        )
        entry.cursor_blink = False
        return entry

    def on_mount(self) -> None:
        """Say what the call does, and begin with the first field that is empty."""
        words = (Piece(self._form.signature.summary),)
        self.query_one("#form-summary", TextLines).lines = (words, *would_raise(self._form))
        entries = list(self.query("Input, FieldArea"))
        empty = [one for one in entries if isinstance(one, Input) and not one.value and one.name != RESULT]
        if entries:
            (empty or entries)[0].focus()
        self._preview()

    def on_resize(self, event: events.Resize) -> None:
        """Leave room for the help and for the call, however many fields there are."""
        self.query_one("#form-fields").styles.max_height = max(3, event.size.height - ROOM_AROUND_FIELDS)

    # --- what is typed -------------------------------------------------------------------

    @property
    def _typed(self) -> dict[str, str]:
        typed = {one.name or "": one.value for one in self.query(Input)}
        return typed | {one.name or "": one.text for one in self.query(FieldArea)}

    def _source(self) -> str:
        """Write the call, behind the imports that it needs.

        Raises:
            WrongValueError: A field holds no value for it, or is empty and needed.
        """
        typed = self._typed
        result = typed.pop(RESULT, "").strip()
        if result and not result.isidentifier():
            raise WrongValueError(
                RESULT, f"Expected a name such as {self._form.result}, found {result[:40]!r}"
            )
        form = Form(self._form.target, self._form.signature, result)
        call = source_of_call(form, typed)
        return "\n".join((*missing_imports(call, self._scope), call))

    def _values(self, parameter: Parameter) -> list[str]:
        header = self._typed.get("header", "")
        arguments = (quoted(header),) if header else ()
        call = OpenCall(self._form.target, arguments, (), "")
        return [
            value.text for value in values_for(parameter, Place(PlaceKind.STRING, "", call=call), self._scope)
        ]

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        self._refusal = ""
        self._preview()

    def _preview(self, *, insist: bool = False) -> None:
        """Show the call, or what it still needs."""
        lines: tuple[Line, ...]
        try:
            lines = call_preview(self._source())
        except WrongValueError as error:
            wrong = insist or bool(self._typed.get(error.field, "").strip())
            lines = missing_words("result" if error.field == RESULT else error.field, str(error), wrong=wrong)
        if self._refusal:
            lines = ((Piece(f"✗ {self._refusal}", Role.ERROR),), *lines)
        self.query_one("#form-call", TextLines).lines = lines

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Explain the field."""
        parameter = self._parameters.get(event.widget.name or "")
        lines = field_lines(parameter) if parameter is not None else result_lines()
        self.query_one("#form-help", TextLines).lines = lines

    # --- commands ------------------------------------------------------------------------

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_run()

    def action_run(self) -> None:
        """Run the call; go to the field that is wrong when there is one."""
        try:
            source = self._source()
        except WrongValueError as error:
            self._preview(insist=True)
            self._entry_named(error.field).focus()
            return
        self._refusal = self._run_call(source)
        if self._refusal:
            self._preview()
        else:
            self.dismiss(True)

    def _entry_named(self, name: str) -> Widget:
        return next(one for one in self.query("Input, FieldArea") if one.name == name)

    def action_next(self) -> None:
        """Go to the next field."""
        self.focus_next("Input, FieldArea")

    def action_previous(self) -> None:
        """Go to the field before."""
        self.focus_previous("Input, FieldArea")

    def action_close(self) -> None:
        """Run nothing."""
        self.dismiss(False)
