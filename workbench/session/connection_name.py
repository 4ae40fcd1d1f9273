"""What a connection is called in the script that opened it.

A connection in a recording is a pair of streams with a number. The script has a name for the object
that opened them, and that name is what its reader looks for: `conn` in `conn.request("GET", "/")`.
"""

import ast
from functools import lru_cache

from workbench.session.connection_moment import ConnectionMoment
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.script_error import ScriptError

MOST_CHARACTERS = 24
"""Of a name. `conns[0]` is one, and a long expression is none."""


def connection_name(recording: Recording, connection: ConnectionMoment) -> str:
    """Return what the script calls the object that a connection was opened with.

    Returns:
        The expression in front of the call in which the first thing happened on the connection; empty
        when that is no plain name, and for what no line of a script opened.
    """
    first = connection.record.first_index
    moment = recording.at(first)
    line = recording.entries[first].line
    calls = moment.open_calls
    if not line or not calls:
        return ""
    call = getattr(calls[0].event, "name", "").rpartition(".")[2]
    return _receiver(moment.script_source, line, call)


@lru_cache(maxsize=256)
def _receiver(source: str, line: int, call: str) -> str:
    """Find what a method is called on in a line of a script."""
    try:
        statements = parse_script(source).statements
    except ScriptError:
        return ""
    node = next((one.node for one in statements if one.line == line), None)
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == call:
            return _plain(part.func.value)
    return ""


def _plain(receiver: ast.expr) -> str:
    """Write a receiver as it is in the script, if it is short and calls nothing itself."""
    if any(isinstance(part, ast.Call) for part in ast.walk(receiver)):
        return ""
    text = ast.unparse(receiver)
    return text if len(text) <= MOST_CHARACTERS else ""
