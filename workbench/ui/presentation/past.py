"""What says that the screen shows the past, and how to get out of it."""

from workbench.session.visible import visible
from workbench.ui.presentation.events import describe_event
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.view import Past, View


def past_line(past: Past, key: str) -> Line:
    """Say where in the recording it is, for the top of the screen.

    Args:
        past: Where.
        key: The user's key that leads to the present.
    """
    run = f"run {past.run} of {past.run_count} · " if past.run_count > 1 else ""
    return (
        Piece(f" {run}event {past.position} of {past.count} — past ", Role.LIT),
        Piece(" "),
        Piece(key, Role.KEY),
        Piece(" present", Role.DIM),
    )


def past_lines(view: View, keys: KeyNames) -> tuple[Line, ...]:
    """Say which event it is, and what the keys do there, for below the script."""
    event = view.recording.entries.event(view.last_index)
    reason = view.status.reason
    return (
        (
            *((Piece("past, ", Role.HEADING), Piece(f"{visible(reason)}, ", Role.DIM)) if reason else ()),
            Piece("after " if reason else "past, after ", Role.HEADING),
            Piece(f"{type(event).__name__} ", Role.STRONG),
            *describe_event(event),
        ),
        key_pieces(
            "{step_over} goes to the next line, {later} to the next event, {earlier} back, "
            "{present} to the present; nothing is sent",
            keys,
        ),
    )
