"""Running a scenario's script under CPython's own http.client, and saying what came of it."""

import ast
import http.client
import io
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """What a script came to, in the terms of a promise."""

    status: int | None = None
    content: bytes | None = None
    error: Exception | None = None
    states: list[str] = field(default_factory=list)


def run_script(source: str) -> Outcome:
    """Run a script statement by statement; stop at the first exception."""
    names: dict[str, Any] = {}
    outcome = Outcome()
    tree = ast.parse(source)
    try:
        for statement in tree.body:
            value = run_statement(statement, names)
            if isinstance(value, bytes):
                outcome.content = value
    except Exception as error:  # noqa: BLE001 - which one is what the tests ask
        outcome.error = error
    for value in names.values():
        if isinstance(value, http.client.HTTPResponse):
            outcome.status = value.status
    close_all(names, outcome)
    return outcome


def run_statement(statement: ast.stmt, names: dict[str, Any]) -> Any:
    """Run one statement; the value is that of an expression statement."""
    if isinstance(statement, ast.Expr):
        return eval(compile(ast.Expression(statement.value), "<script>", "eval"), names)
    exec(compile(ast.Module([statement], []), "<script>", "exec"), names)
    return None


def close_all(names: dict[str, Any], outcome: Outcome) -> None:
    """Note the state of each connection, and close everything."""
    for value in names.values():
        if isinstance(value, http.client.HTTPConnection):
            outcome.states.append(value._HTTPConnection__state)
            value.close()
        elif isinstance(value, http.client.HTTPResponse | io.IOBase):
            value.close()
