"""Running a scenario's script under CPython's own http.client, and saying what came of it."""

import ast
import hashlib
import http.client
import io
from dataclasses import dataclass, field
from typing import Any

from workbench.lab import Promise


@dataclass
class Outcome:
    """What a script came to, in the terms of a promise."""

    status: int | None = None
    content: bytes | None = None
    error: Exception | None = None
    states: list[str] = field(default_factory=list)


def assert_content(promise: Promise, content: bytes | None) -> None:
    """Compare what the last `read()` gave with each of the three ways to promise it."""
    if promise.content_length is not None:
        assert content is not None
        assert len(content) == promise.content_length
    if promise.content_sha256 is not None:
        assert content is not None
        assert hashlib.sha256(content).hexdigest() == promise.content_sha256
    if promise.content is not None or (promise.content_length is None and promise.content_sha256 is None):
        assert content == promise.content


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
