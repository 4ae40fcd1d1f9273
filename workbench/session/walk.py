"""Walking through the moments of a recording: to the line before, and to the line after.

Nothing is executed and nothing is sent. A debugger rests before a line: on the entry that ended the
line before it, or on the first of the run. These functions go from one resting place to another.
"""

from workbench.session.recording import Recording


def entries_of_run(recording: Recording, index: int) -> range:
    """Return the indexes of all entries, so far, of the run that an entry belongs to."""
    run = recording.run_at(index)
    if run is None:
        return range(0)
    position = recording.runs.index(run)
    following = recording.runs[position + 1 :][:1]
    return range(run.first_index, following[0].first_index if following else len(recording.entries))


def last_entry_on(recording: Recording, connection: int, index: int) -> int:
    """Return the last entry about a connection at a moment.

    Args:
        recording: What was recorded.
        connection: The number of a connection that had appeared by then.
        index: Of the entry after which the moment is.
    """
    record = recording.connection(connection)
    for found in range(min(index, record.last_index), record.first_index, -1):
        if getattr(recording.entries.outline(found), "connection", 0) == connection:
            return found
    return record.first_index


def line_at(recording: Recording, index: int) -> int:
    """Return the line that was being executed at a moment, or else the one that came next.

    Returns:
        The line, from 1 on; 0 when the run executed none after it.
    """
    run = recording.run_at(index)
    if run is None:
        return 0
    line = run.line_changes.at(index)
    if line:
        return line
    return next((one for _, one in run.line_changes.changes(index + 1, len(recording.entries)) if one), 0)


def after_line(recording: Recording, index: int) -> int:
    """Return the moment after the line that was being executed, or that came next.

    At the end of a run that is its last entry, and from there the first of the run that followed.
    """
    run = recording.run_at(index)
    entries = entries_of_run(recording, index)
    if run is not None:
        for change, line in run.line_changes.changes(index + 1, entries.stop - 1):
            if not line:
                return change
    last = len(recording.entries) - 1
    return min(entries.stop - 1 if index < entries.stop - 1 else index + 1, last)


def before_line(recording: Recording, index: int) -> int:
    """Return the moment before the line that was being executed, or else before the line before.

    At the beginning of a run that is the last entry of the run before it.
    """
    run = recording.run_at(index)
    if run is None:
        return max(0, index - 1)
    for change, line in run.line_changes.changes_back(index - 1):
        if not line:
            return change
    return run.first_index if index > run.first_index else max(0, index - 1)
