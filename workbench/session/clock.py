"""From when the times of a run are counted.

A run begins when its script is loaded, and then somebody reads it: the time until the first key says
nothing about any call or any server. So times are counted from the first thing that the run does.
"""

from workbench.session.events import ScriptStarted
from workbench.session.recording import Recording


def start_of_run_ns(recording: Recording, index: int) -> int:
    """Return the time from which the times of a run are counted, on the clock of the events.

    Args:
        recording: What was recorded.
        index: Of any entry of the run.

    Returns:
        The time of the first entry after the `ScriptStarted`; that of the `ScriptStarted` while
        there is no other.

    Raises:
        LookupError: There is no such entry.
    """
    run = recording.run_at(index)
    if run is None:
        raise LookupError(f"Expected the index of an entry, got {index}")
    first = run.first_index
    loaded = isinstance(recording.entries.event(first), ScriptStarted)
    if loaded and first + 1 < len(recording.entries):
        first += 1
    return recording.entries.event(first).time_ns
