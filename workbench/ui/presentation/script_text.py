"""The script pane: each line with its marks and what it came to, and what the next step does."""

import re
from collections.abc import Mapping

from workbench.session.preview import Preview
from workbench.session.run_record import LineOutcome
from workbench.session.script_error import ScriptError
from workbench.session.status import StepperStatus
from workbench.session.visible import visible
from workbench.ui.presentation.events import describe_event
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.past import past_lines
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.python_text import python_columns, python_lines
from workbench.ui.presentation.values import value_words
from workbench.ui.presentation.wire_text import text_pieces
from workbench.ui.view import View

STEPPED = "step"
"""The stepper's reason for a pause that was asked for, which needs no words."""

PREVIEW_BYTES = 400
"""More than a preview has room for."""

_CONNECTION = re.compile(r"(HTTPS?Connection) to \S+ port [0-9]+")


class ScriptText:
    """The lines of a script with their marks: a source of lines for a view."""

    def __init__(
        self,
        source: str,
        *,
        arrow: int = 0,
        breakpoints: frozenset[int] = frozenset(),
        disabled: frozenset[int] = frozenset(),
        outcomes: Mapping[int, LineOutcome] | None = None,
        error: ScriptError | None = None,
    ) -> None:
        self._source = source.rstrip("\n")
        self._lines = python_lines(self._source)
        self._digits = max(2, len(str(len(self._lines))))
        self._arrow = arrow
        self._breakpoints = breakpoints
        self._disabled = disabled
        self._outcomes = outcomes or {}
        self._error = error

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def margin(self) -> int:
        """The cells before the code: breakpoint, arrow, number."""
        return self._digits + 2

    @property
    def columns(self) -> int:
        """The cells of the longest line of code; outcomes are cut instead."""
        return python_columns(self._source) + 10

    def line(self, number: int, width: int) -> Line:  # noqa: ARG002 - the widget cuts
        """Make one line: breakpoint, arrow, number, code, outcome."""
        at = number + 1
        here = at == self._arrow
        return (
            Piece("●" if at in self._breakpoints else "○" if at in self._disabled else " ", Role.ERROR),
            Piece("▶" if here else " ", Role.KEY),
            Piece(f"{at:>{self._digits}} ", Role.STRONG if here else Role.DIM),
            *self._lines[number],
            *self._outcome(at),
        )

    def _outcome(self, at: int) -> Line:
        if self._error is not None and self._error.line == at:
            # What is wrong stands below the script, where there is room for it.
            return (Piece(f"   ✗ column {self._error.column}", Role.ERROR),)
        outcome = self._outcomes.get(at)
        return outcome_words(outcome) if outcome else ()


def outcome_words(outcome: LineOutcome) -> Line:
    """Say what a line came to, for its end."""
    if outcome.kind == "running":
        return (Piece("   … under way", Role.WARNING),)
    if outcome.kind == "returned":
        return (Piece(f"   {short_value(outcome.text)}", Role.DIM),)
    if outcome.kind == "aborted":
        return (Piece("   ✗ aborted", Role.WARNING),)
    name = outcome.error.class_name if outcome.error else "raised"
    return (Piece(f"   ✗ {name}", Role.ERROR),)


def short_value(text: str) -> str:
    """Shorten what a value is said to be for the end of a line: a tick for None, a class for an object."""
    if not text:
        return "✓"
    # Where a connection leads stands in the line itself.
    return "→ " + _CONNECTION.sub(r"\1", value_words(text))


def next_lines(view: View, keys: KeyNames) -> tuple[Line, ...]:
    """Say what the next step does, or what to do when there is none.

    Args:
        view: What is shown.
        keys: Those of the user.

    Returns:
        Lines for below the script: what happens next first, then its bytes.
    """
    status = view.status
    if view.past is not None:
        return past_lines(view, keys)
    if view.script_error is not None:
        return _error_lines(view.script_error, keys)
    if status.inside_call:
        return _inside_lines(view, keys)
    if status.mode in ("ready", "paused"):
        return _preview_lines(status, view.preview, keys)
    words, role, ways_on = _ENDINGS["recorded" if view.recorded else status.mode]
    if status.mode == "failed" and not view.recorded and view.explained_here:
        # Not after a call that went well since, nor on another connection: the card is not there then.
        ways_on = f"{{pane-message}} explains it, {ways_on}"
    ways = key_pieces(ways_on, keys)
    if status.error is None:
        return ((*((Piece(words, role),) if words else ()), *ways),)
    if status.mode == "aborted" and not view.recorded:
        return ((Piece(f"you aborted line {status.line}: ", role), *ways),)
    line = f"line {status.line} raised {visible(status.error.class_name)}"
    return ((Piece(line, Role.ERROR),), ways)


_ENDINGS = {
    "recorded": ("a recording: ", Role.WARNING, "{earlier} looks back, {restart} runs its script anew"),
    "running": ("running: ", Role.WARNING, "{abort} aborts"),
    "finished": ("the script has ended: ", Role.GOOD, "{restart} runs it again, {call_line} adds a call"),
    "failed": ("", Role.ERROR, "{restart} runs the script again, {call_line} adds a call"),
    "aborted": (
        "you aborted the run: ",
        Role.WARNING,
        "{restart} runs the script again, {call_line} adds a call",
    ),
}
"""What the run has come to, its role, and what can be done, by the stepper's mode, and for a recording from a file."""


def _error_lines(error: ScriptError, keys: KeyNames) -> tuple[Line, ...]:
    place = (Piece(f"line {error.line}, column {error.column}: ", Role.ERROR), Piece(visible(error.message)))
    hint = ((Piece(visible(error.hint), Role.DIM),),) if error.hint else ()
    return (
        place,
        *hint,
        key_pieces("{edit} mends it here; or correct the file, then {restart} reads it again", keys),
    )


def _inside_lines(view: View, keys: KeyNames) -> tuple[Line, ...]:
    """Name the event that a call is held at."""
    entry = view.recording.at(view.status.entry_index).own_entry
    if entry is None:
        return ()
    event = entry.event
    reason = view.status.reason
    why = (Piece(f"  ({visible(reason)})", Role.DIM),) if reason != STEPPED else ()
    return (
        (
            Piece(f"inside line {view.status.line}, at ", Role.HEADING),
            Piece(f"{type(event).__name__} ", Role.STRONG),
            *describe_event(event),
            *why,
        ),
        key_pieces("{step_into} goes to the next event, {step_over} finishes the line", keys),
    )


def _preview_lines(status: StepperStatus, preview: Preview | None, keys: KeyNames) -> tuple[Line, ...]:
    if not status.line:
        return (key_pieces("no calls yet: {edit} edits the script, {call_line} adds a call", keys),)
    runs = key_pieces(f"{{step_over}} runs line {status.line}", keys, Role.HEADING)
    if status.reason not in ("", STEPPED, f"line {status.line}"):
        runs = (*runs, Piece(f" ({visible(status.reason)})", Role.DIM))
    if preview is None:
        return (runs,)
    role = Role.ERROR if preview.error else Role.PLAIN
    lines: list[Line] = [(*runs, Piece(": ", Role.HEADING), Piece(visible(preview.text), role))]
    if preview.data:
        lines.extend(_byte_lines(preview.data[:PREVIEW_BYTES]))
    return tuple(lines)


def _byte_lines(data: bytes) -> list[Line]:
    arrow = Piece("  → ", Role.SENT)
    return [(arrow, *text_pieces(part, Role.DIM)) for part in data.splitlines(keepends=True)]
