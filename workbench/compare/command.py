"""`workbench compare`: ask every reader what came back in each exchange of a recording."""

import json
from typing import TextIO

from workbench.compare.readers import missing_readers
from workbench.compare.second_opinion import compare_exchange, is_answered
from workbench.compare.text import FORMAT_VERSION, comparison_json, comparison_lines
from workbench.session.recording import Recording


def compare_recording(
    recording: Recording, *, out: TextIO, columns: int, as_json: bool, everything: bool
) -> bool | None:
    """Write what all readers make of each exchange of a recording.

    Args:
        recording: What to compare.
        out: Takes the tables, or the JSON.
        columns: How wide a table may be.
        as_json: Write one JSON object: `version`, and `exchanges` with a comparison each.
        everything: Show the rows in which all agree, too.

    Returns:
        Whether all readers agree about everything; None where nothing came back to any request.
    """
    agree: bool | None = None
    found = []
    for exchange in recording.exchanges:
        if not is_answered(recording, exchange):
            if not as_json:
                print(f"connection {exchange.connection}, exchange {exchange.number}", file=out)
                print("  nothing came back\n", file=out)
            continue
        comparison = compare_exchange(recording, exchange)
        agree = comparison.agrees and agree is not False
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
    elif agree is not None and (missing := missing_readers()):
        print(f"({' and '.join(missing)} would say something too, if installed)", file=out)
    return agree
