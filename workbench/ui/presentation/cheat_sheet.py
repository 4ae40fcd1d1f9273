"""The cheat sheet: the main keys on one screen, in as many columns as fit."""

from collections.abc import Sequence

from workbench.ui.presentation.key_names import KeyNames
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, cut, width_of

SHEET: Sequence[tuple[str, Sequence[tuple[tuple[str, ...], str]]]] = (
    (
        "Run",
        (
            (("step_over",), "next call"),
            (("step_into",), "into the call"),
            (("continue",), "continue"),
            (("run_to_line",), "run to the line"),
            (("restart",), "restart"),
            (("abort",), "abort"),
            (("breakpoint",), "breakpoint here"),
            (("breakpoints",), "list breakpoints"),
            (("call_line",), "type a call"),
            (("edit",), "edit the script"),
        ),
    ),
    (
        "Time",
        (
            (("earlier", "later"), "event back, on"),
            (("line_before", "line_after"), "line back, on"),
            (("present",), "the present"),
        ),
    ),
    (
        "Panes",
        (
            (("pane-script", "pane-wire"), "script, wire"),
            (("pane-events", "pane-message"), "events, message"),
            (("next_pane",), "next pane"),
            (("maximise",), "this pane alone"),
            (("back",), "back"),
        ),
    ),
    (
        "Wire and message",
        (
            (("wire_view",), "text, hex, ladder"),
            (("next_part", "next_part-back"), "part on, back"),
            (("find",), "find"),
            (("find_next", "find_next-back"), "hit on, back"),
            (("copy_as",), "copy bytes as"),
            (("message_tab",), "message tab"),
            (("second_opinion",), "second opinion"),
            (("connections",), "connections"),
            (("next_connection",), "next connection"),
            (("next_exchange", "next_exchange-back"), "exchange on, back"),
        ),
    ),
    (
        "Program",
        (
            (("help",), "help, all keys"),
            (("palette",), "any command"),
            (("jump",), "jump by letters"),
            (("copy",), "copy line, text"),
            (("sessions",), "recordings"),
            (("quit",), "quit"),
        ),
    ),
    (
        "Server of the lab",
        (
            (("lab",), "all scenarios"),
            (("exceptions",), "all exceptions"),
            (("hold_server",), "hold it, let it go"),
            (("server_step",), "its next step"),
            (("server_bytes",), "its next byte"),
        ),
    ),
)
"""Groups of lines; each line has the commands whose keys it shows, and few words. Its test wants it to fit
80x24, and only to name commands that there are."""

COLUMN = 25
"""The cells of a column, of which three fit a dialog on 80 columns."""

KEYS_WIDTH = 5


def cheat_lines(width: int, keys: KeyNames) -> list[Line]:
    """Lay the sheet out.

    Args:
        width: In cells.
        keys: Those of the user.

    Returns:
        As few lines as it takes in columns of about one height.
    """
    groups = [_group(title, rows, keys) for title, rows in SHEET]
    count = max(1, min(len(groups), width // COLUMN))
    height = max(*map(len, groups), -(-(sum(map(len, groups)) + len(groups)) // count))
    while len(columns := _columns(groups, height)) > count:
        height += 1
    room = width // len(columns)
    return [tuple(piece for column in columns for piece in _cell(column, row, room)) for row in range(height)]


def _columns(groups: Sequence[list[Line]], height: int) -> list[list[Line]]:
    """Put groups below one another for as long as they fit, an empty line between them."""
    columns: list[list[Line]] = []
    for group in groups:
        if columns and len(columns[-1]) + 1 + len(group) <= height:
            columns[-1] += [EMPTY, *group]
        else:
            columns.append([*group])
    return columns


def _group(title: str, rows: Sequence[tuple[tuple[str, ...], str]], keys: KeyNames) -> list[Line]:
    lines: list[Line] = [(Piece(f" {title}", Role.HEADING),)]
    for commands, words in rows:
        shown = " ".join(keys(one) for one in commands)
        lines.append((Piece(f" {shown:<{KEYS_WIDTH}} ", Role.KEY), Piece(words)))
    return lines


def _cell(column: Sequence[Line], row: int, width: int) -> Line:
    line = cut(column[row], width - 1) if row < len(column) else EMPTY
    return (*line, Piece(" " * (width - width_of(line))))
