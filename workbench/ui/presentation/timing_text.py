"""The timing of an exchange as a waterfall: a bar for each phase, on one axis without the pauses."""

from workbench.session.timings import Phase, Step, Timings
from workbench.session.visible import visible
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, cut, width_of
from workbench.ui.presentation.quantity import counted

LABEL_WIDTH = max(map(len, Phase)) + 1
TIME_WIDTH = len("123 456.789 ms ")
MOST_STEPS = 100
MOST_WORDS = 16
"""Cells that the words behind the bars take from them at most."""

SHORTEST_ROOM = 12

FULL = "█"
THIN = "▏"
"""What takes less than one cell. No bar is shorter than what can be seen."""

_ROLES = {
    Phase.LOOKUP: Role.HEADING,
    Phase.CONNECT: Role.HEADING,
    Phase.TLS: Role.HEADING,
    Phase.SEND: Role.SENT,
    Phase.WAIT: Role.WARNING,
    Phase.HEAD: Role.RECEIVED,
    Phase.CONTENT: Role.RECEIVED,
    Phase.END: Role.RECEIVED,
    Phase.FAILED: Role.ERROR,
    Phase.CLOSE: Role.DIM,
    Phase.PAUSE: Role.DIM,
}


def duration(nanoseconds: int) -> str:
    """Say a duration in ms, with three digits after the point and groups of three before it."""
    return f"{nanoseconds / 1e6:,.3f} ms".replace(",", " ")


def timing_lines(timings: Timings, width: int) -> list[Line]:
    """Make the waterfall.

    Args:
        timings: Of an exchange.
        width: The cells of a line.
    """
    if not timings.steps:
        return [(Piece("Nothing has crossed the network for this exchange so far", Role.DIM),)]
    steps = timings.steps[:MOST_STEPS]
    room = max(8, width - LABEL_WIDTH - TIME_WIDTH - 1)
    # The last bar reaches to the right edge. What stands behind it needs a place, if there is any.
    longest = max(width_of(_words(step)) for step in steps)
    if room >= SHORTEST_ROOM + MOST_WORDS:
        room -= min(longest, MOST_WORDS)
    lines = [cut(_line(step, timings.axis_ns, room), width) for step in steps]
    if timings.cut or len(timings.steps) > len(steps):
        lines.append((Piece("… more than is shown; the event list has all of it", Role.DIM),))
    return [*lines, EMPTY, *_sums(timings)]


def _line(step: Step, axis_ns: int, room: int) -> Line:
    if step.phase is Phase.PAUSE:
        return (
            Piece(f"{step.phase:<{LABEL_WIDTH}}", Role.DIM),
            Piece(f"{duration(step.paused_ns):>{TIME_WIDTH - 1}} ", Role.DIM),
            Piece("nothing was under way", Role.DIM),
        )
    return (
        Piece(f"{step.phase:<{LABEL_WIDTH}}", _ROLES[step.phase]),
        Piece(f"{duration(step.elapsed_ns):>{TIME_WIDTH - 1}} ", Role.STRONG),
        *_bar(step, axis_ns, room),
        *_words(step),
    )


def _bar(step: Step, axis_ns: int, room: int) -> Line:
    """Draw the bar. Time in which the phase had begun and nothing of it happened is drawn as dots."""
    cells = [" "] * room

    def cell(at_ns: int) -> int:
        return min(room - 1, at_ns * room // max(1, axis_ns))

    for number in range(cell(step.places[0][0]), cell(step.places[-1][0])):
        cells[number] = "·"
    for start, length in step.places:
        begin, end = cell(start), cell(start + max(length, 1) - 1)
        if length * room >= axis_ns:
            cells[begin : end + 1] = [FULL] * (end + 1 - begin)
        elif cells[begin] != FULL:
            cells[begin] = THIN
    return (Piece("".join(cells).rstrip(), _ROLES[step.phase]),)


def _words(step: Step) -> Line:
    """Say more behind the bar where there is more to say."""
    words = [visible(step.words)] if step.words else []
    if len(step.places) > 1:
        noun = "send" if step.phase is Phase.SEND else "receive"
        words.append(counted(len(step.places), noun))
    if step.pauses:
        words.append(f"paused {duration(step.paused_ns)}")
    return (Piece(f" {', '.join(words)}", Role.DIM),) if words else EMPTY


def _sums(timings: Timings) -> list[Line]:
    parts = [
        ("network", timings.network_ns, "the peer, and the way to it"),
        ("our own work", timings.own_ns, "between those"),
    ]
    if timings.paused_ns:
        parts.append(("paused", timings.paused_ns, "not counted, left out above"))
    return [
        (
            Piece(f"{name:<{LABEL_WIDTH}}", Role.DIM),
            Piece(f"{duration(length):>{TIME_WIDTH - 1}} "),
            Piece(words, Role.DIM),
        )
        for name, length, words in parts
    ]
