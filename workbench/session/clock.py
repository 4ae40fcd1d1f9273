"""From when the times of a run are counted.

A run begins when its script is loaded, and then somebody reads it: the time until the first key says
nothing about any call or any server. So times are counted from the first thing that the run does.
"""

from workbench.session.events import PeerReported, ScriptStarted
from workbench.session.recording import Recording


def start_of_run_ns(recording: Recording, index: int) -> int:
    """Return the time from which the times of a run are counted, on the clock of the events.

    Args:
        recording: What was recorded.
        index: Of any entry of the run.

    Returns:
        The time of the first entry after the `ScriptStarted` that is no server's, which may still
        speak of the run before; that of the `ScriptStarted` while there is no other.

    Raises:
        LookupError: There is no such entry.
    """
    run = recording.run_at(index)
    if run is None:
        raise LookupError(f"Expected the index of an entry, got {index}")
    events = recording.entries
    first = events.event(run.first_index)
    if not isinstance(first, ScriptStarted):
        return first.time_ns
    rest = map(events.event, range(run.first_index + 1, len(events)))
    return next((one for one in rest if not isinstance(one, PeerReported)), first).time_ns
