"""Draws the table of `wire.state` for ARCHITECTURE.md.

    python -m tests.architecture.draw_states

writes the picture between two marks in that file. `test_state_picture.py` fails while it is another.
"""

from tests.architecture.sources import ROOT
from workbench.protocol.wire.state import TRANSITIONS, State, Transition, error_for

COMMAND = "python -m tests.architecture.draw_states"
DOCUMENT = ROOT / "ARCHITECTURE.md"
BEGIN = f"<!-- The states. Written by: {COMMAND} -->\n"
END = "<!-- The end of the states. -->\n"

CALLS = tuple(dict.fromkeys(row.call for row in TRANSITIONS))


def draw_states() -> str:
    """The table as a diagram in Mermaid, which without Mermaid is still a table, and the rest in words."""
    everywhere = [call for call in CALLS if leads_to_one_state_from_all(call)]
    words = [f"`{call}` leads to `{rows_of(call)[0].after}` from every state." for call in everywhere]
    words += [
        "Where a call has no arrow, " + ", ".join(refusals()) + "; the others leave the state as it is."
    ]
    width = max(map(len, State))
    diagram = [f"    {'[*]':{width}} --> {State.IDLE}"]
    diagram += [
        f"    {row.before:{width}} --> {row.after}: {row.call}"
        for row in TRANSITIONS
        if row.call not in everywhere
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *diagram, "```", "", *words, ""])


def rows_of(call: str) -> list[Transition]:
    return [row for row in TRANSITIONS if row.call == call]


def leads_to_one_state_from_all(call: str) -> bool:
    rows = rows_of(call)
    return len(rows) == len(State) and len({row.after for row in rows}) == 1


def refusals() -> list[str]:
    """What is raised by calls in a state that has no row for them."""
    errors = {call: error for call in CALLS for state in State if (error := error_for(state, call))}
    calls: dict[str, list[str]] = {}
    for call, error in errors.items():
        calls.setdefault(error, []).append(f"`{call}`")
    return [f"{' or '.join(names)} raises `{error}`" for error, names in calls.items()]


def put_between_marks(document: str, picture: str) -> str:
    """Replace what a document has between the marks.

    Raises:
        ValueError: It does not have both.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"Expected the lines {BEGIN!r} and {END!r}")
    return f"{before}{begin}{picture}{end}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(put_between_marks(DOCUMENT.read_text("utf-8"), draw_states()), "utf-8")
