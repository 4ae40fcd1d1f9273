"""`workbench compare`: ask every reader what came back in each exchange of a recording."""

import json
from typing import TextIO

from workbench.compare.readers import missing_readers
from workbench.compare.second_opinion import compare_exchange
from workbench.compare.text import FORMAT_VERSION, comparison_json, comparison_lines
from workbench.endings import ExitCode
from workbench.session.recording import Recording


def compare_recording(
    recording: Recording, *, out: TextIO, columns: int, as_json: bool, everything: bool
) -> ExitCode:
    """Write what all readers make of each exchange of a recording.

    Args:
        recording: What to compare.
        out: Takes the tables, or the JSON.
        columns: How wide a table may be.
        as_json: Write one JSON object: `version`, and `exchanges` with a comparison each.
        everything: Show the rows in which all agree, too.

    Returns:
        The exit code: 0 where all readers agree about everything, 1 where they do not.
    """
    agree, found = True, []
    for exchange in recording.exchanges:
        comparison = compare_exchange(recording, exchange)
        agree = agree and comparison.agrees
        if as_json:
            place = {"connection": exchange.connection, "exchange": exchange.number}
            found.append({**place, **comparison_json(comparison)})
        else:
            print(f"connection {exchange.connection}, exchange {exchange.number}", file=out)
            for line in comparison_lines(comparison, columns, everything=everything):
                print(line, file=out)
            print(file=out)
    if as_json:
        print(json.dumps({"version": FORMAT_VERSION, "exchanges": found}, indent=2), file=out)
    elif missing := missing_readers():
        print(f"({' and '.join(missing)} would say something too, if installed)", file=out)
    return ExitCode.SUCCEEDED if agree else ExitCode.RAISED
