"""`workbench compare`: run a script, record it, and ask every reader what came back."""

import json
from contextlib import redirect_stdout
from typing import Any, TextIO

from workbench.compare.readers import missing_readers
from workbench.compare.second_opinion import compare_exchange
from workbench.compare.text import FORMAT_VERSION, comparison_json, comparison_lines
from workbench.endings import ExitCode
from workbench.protocol.policy import Policy
from workbench.session.interpreter import Interpreter
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import Script
from workbench.session.script_error import ScriptError


def record_script(script: Script, timeout_seconds: float, policy: Policy | None = None) -> Recording:
    """Run a script to its end, or to the first call that raises, and return what was recorded.

    Args:
        script: What to run. What it prints is left out.
        timeout_seconds: How long a peer may be silent, where the script does not say.
        policy: Of connections to which the script gives none.

    Raises:
        ScriptError: A statement turned out not to be in the script language.
    """
    recording = Recording()
    pen = Recorder(recording).start_run(script.name, script.source)
    interpreter = Interpreter(
        tap=lambda event: _ignore(pen.write(event)),
        on_connection=_ignore,
        output=_ignore,
        default_timeout=timeout_seconds,
        default_policy=policy,
    )
    try:
        with redirect_stdout(None):  # set_debuglevel prints
            for statement in script.statements:
                interpreter.execute(statement)
    except ScriptError as error:
        error.name = script.name
        raise
    except Exception as error:  # noqa: BLE001 - it is recorded, and what others make of it is the question
        _ignore(error)
    finally:
        interpreter.close()
    return recording


def _ignore(_: Any) -> None:
    """Nobody asked."""


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
