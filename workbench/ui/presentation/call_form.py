"""The list of calls that can be made, and the words of a form that is filled in."""

from collections.abc import Iterable

from workbench.session.assist.calls import CallGroup
from workbench.session.assist.fields import EXAMPLES, FieldKind, Form, kind_of_field
from workbench.session.assist.signature import Parameter
from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role, cut, width_of
from workbench.ui.presentation.python_text import python_lines

CALL_CELLS = 38
"""Room for a call; what it does stands behind."""

RESULT = "="
"""The field that holds the name of the result; no parameter is called so."""


class CallLines:
    """A heading for each object, and below it its calls: a source of lines for a view.

    Args:
        groups: The calls.
        wanted: Words that must be in a call or in what it does; empty for all.
    """

    def __init__(self, groups: Iterable[CallGroup], wanted: str) -> None:
        self._rows: list[tuple[str, Form | None]] = []
        words = wanted.lower().split()
        for group in groups:
            forms = [form for form in group.forms if all(word in _searched(form) for word in words)]
            if forms:
                self._rows.append((group.title, None))
                self._rows.extend(("", form) for form in forms)
        if not self._rows:
            self._rows.append(("No call that can be made now has all of these words", None))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def columns(self) -> int:
        """Say 0: every line is cut to the width."""
        return 0

    def form_at(self, number: int) -> Form | None:
        """Give the call of a line; None for a heading."""
        return self._rows[number][1] if 0 <= number < len(self._rows) else None

    def next_form(self, number: int, by: int) -> int:
        """Find the next line with a call, in a direction; the line itself when there is none."""
        at = number + by
        while 0 <= at < len(self._rows):
            if self._rows[at][1] is not None:
                return at
            at += by
        return number

    def line(self, number: int, width: int) -> Line:
        """Make one line."""
        title, form = self._rows[number]
        if form is None:
            return cut((Piece(f" {visible(title)}", Role.HEADING),), width)
        signature = form.signature
        name = form.target.rpartition(".")[2]
        call = cut(
            (Piece(f"   {visible(name)}", Role.NAME), Piece(f"({signature.listed()})", Role.DIM)), CALL_CELLS
        )
        gap = Piece(" " * (CALL_CELLS - width_of(call) + 2))
        words = Piece(visible(signature.summary))
        if form.error:
            words = Piece(f"raises {form.error} now", Role.WARNING)
        return cut((*call, gap, words), width)


def _searched(form: Form) -> str:
    return f"{form.target} {form.signature.summary}".lower()


def field_lines(parameter: Parameter) -> tuple[Line, ...]:
    """Say what a field takes."""
    kind = kind_of_field(parameter)
    default = f"by default {parameter.default}" if parameter.default else "may be left empty"
    need = "needed" if parameter.required else default
    example = EXAMPLES.get(parameter.name, "")
    examples = (Piece("for example ", Role.DIM), Piece(example, Role.STRING)) if example else ()
    more = _more_words(kind)
    return (
        (Piece(parameter.name, Role.NAME), Piece(f"  {kind}, {need}", Role.DIM)),
        (Piece(visible(parameter.help) or "No words about it"),),
        (*examples, Piece(f"{'; ' if example and more else ''}{more}", Role.DIM)),
    )


def _more_words(kind: FieldKind) -> str:
    if kind is FieldKind.FIELDS:
        return "Enter begins another line"
    return "" if kind is FieldKind.EXPRESSION else "what begins with = is a Python expression"


def result_lines() -> tuple[Line, ...]:
    """Say what the name of the result is for."""
    return (
        (Piece("result", Role.NAME), Piece("  a name, may be left empty", Role.DIM)),
        (Piece("What the script calls the result, to use it in the calls that follow."),),
    )


def call_preview(source: str) -> tuple[Line, ...]:
    """Show what is going to be written, in its colours."""
    return tuple((Piece(">>> ", Role.KEY), *line) for line in python_lines(source))


def missing_words(name: str, message: str, *, wrong: bool) -> tuple[Line, ...]:
    """Say what a field still needs."""
    role = Role.ERROR if wrong else Role.DIM
    return ((Piece("✗ " if wrong else "  ", role), Piece(f"{name}: ", role), Piece(visible(message), role)),)


def would_raise(form: Form) -> tuple[Line, ...]:
    """Say which exception the call would raise now."""
    if not form.error:
        return ()
    return ((Piece(f"It raises {form.error} in the state that the connection is in now", Role.WARNING),),)
