"""The preview: what the next statement would do, before it does it.

Nothing is guessed: the statement is executed on copies of the connections whose transport
swallows what it is given (`protocol.rehearsal`), by an interpreter of its own. What would wait for
the peer, or touch a file, is described in words and not carried out. A preview is a help:
whatever goes wrong in it becomes its text.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from workbench.protocol.rehearsal import rehearse
from workbench.protocol.wire.state import State, error_for, state_after, title
from workbench.session.script import Statement
from workbench.session.visible import visible
from workbench.session.worker import InterpreterFactory, StatementRunner

MAX_SHOWN_BYTES = 40
"""How many of the bytes to be queued the text shows."""

_REHEARSED = frozenset(
    {"putrequest", "putheader", "endheaders", "send", "request", "set_tunnel", "set_debuglevel"}
)
"""The methods of a connection that only send, so that a copy can carry them out."""

_CONSTRUCTORS = frozenset({"HTTPConnection", "HTTPSConnection"})

_HARMLESS = frozenset(
    {
        *("print", "len", "str", "repr", "bytearray", "encode", "decode", "hex", "count", "find"),
        *("startswith", "endswith", "strip", "lower", "upper", "get", "keys", "values", "items"),
        *("urlencode", "quote", "quote_plus", "unquote", "unquote_plus", "getheader", "getheaders"),
        *("get_all", "get_content_type", "get_content_charset", "isclosed", "geturl", "getcode", "info"),
    }
)
"""Calls that can be made twice without anything being different."""

_DESCRIBED = {
    "getresponse": "waits for the response",
    "connect": "connects",
    "close": "closes it",
    "read": "reads the content",
    "read1": "reads some content",
    "readinto": "reads some content",
    "peek": "looks at the content that comes next",
    "readline": "reads a line of the content",
    "readlines": "reads the content",
    "open": "opens a file",
    "create_default_context": "makes a TLS context",
}
"""Calls that wait for the peer, or touch a file, in words."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a statement would do."""

    text: str
    """One line for the reader, such as `sends 57 bytes → Request-sent`. It is visible text."""

    data: bytes = b""
    """The bytes that it would queue, or send."""

    sends: bool = False
    """True when bytes go to the network, those included that are buffered already."""

    state_after: str | None = None
    """The name of the state it would leave the connection in, where that is known."""

    error: str | None = None
    """The name of the exception class that it would raise."""


class _MethodCall(NamedTuple):
    """A call of a method on a connection that has a name in the script."""

    connection: Any
    variable: str
    method: str


def preview_statement(
    make_interpreter: InterpreterFactory,
    interpreter: StatementRunner,
    statement: Statement,
    run_along: Sequence[Statement] = (),
) -> Preview:
    """Say what a statement would do.

    Args:
        make_interpreter: Makes the interpreter that executes it on copies.
        interpreter: The one that is going to execute it, which must be idle. It is left as it is.
        statement: The statement.
        run_along: The imports before it, which are executed with it.
    """
    try:
        calls = list(_connection_calls(statement.node, interpreter.namespace))
        described = next((name for name in statement.calls if name in _DESCRIBED), None)
        if described is not None:
            return _describe(described, calls, interpreter.namespace)
        attributes = _attributes_set_by(statement.node)
        if attributes:
            return Preview(visible(f"sets {', '.join(attributes)}"))
        if not _can_be_rehearsed(statement, calls, interpreter.namespace):
            return Preview(f"calls {', '.join(statement.calls)}" if statement.calls else "no calls")
        return _Rehearsal(make_interpreter, interpreter, calls).preview([*run_along, statement])
    except Exception as error:  # noqa: BLE001 - a preview that fails must not stop the debugger
        return Preview(visible(f"no preview: {type(error).__name__}: {error}"))


def _attributes_set_by(node: ast.stmt) -> list[str]:
    """Name the attributes that an assignment sets: of the objects themselves, of which not all can be copied."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [ast.unparse(target) for target in targets if isinstance(target, ast.Attribute)]


def _connection_calls(node: ast.AST, namespace: dict[str, Any]) -> Iterator[_MethodCall]:
    """Find the methods that are called on connections that have names."""
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=variable), attr=method)):
                value = namespace.get(variable)
                if _is_connection(value):
                    yield _MethodCall(value, variable, method)


def _is_connection(value: object) -> bool:
    return hasattr(value, "interrupt") and hasattr(value, "state")


def _can_be_rehearsed(statement: Statement, calls: list[_MethodCall], namespace: dict[str, Any]) -> bool:
    """Whether executing it on copies has no effect outside them."""
    rehearsed = [name for name in statement.calls if name in _REHEARSED]
    if len(rehearsed) != len([call for call in calls if call.method in _REHEARSED]):
        # A method of a connection without a name, `HTTPConnection("lab").request(...)`: there is
        # no copy of what does not exist yet.
        return False
    if not set(statement.calls) <= _REHEARSED | _HARMLESS | _CONSTRUCTORS:
        return False
    # A file that is a body would be read, and be at its end when its turn comes.
    owners = {id(part.value) for part in ast.walk(statement.node) if isinstance(part, ast.Attribute)}
    bare_names = {
        part.id for part in ast.walk(statement.node) if isinstance(part, ast.Name) and id(part) not in owners
    }
    return not any(hasattr(namespace.get(name), "read") for name in bare_names)


# --- in words ----------------------------------------------------------------------------


def _describe(name: str, calls: list[_MethodCall], namespace: dict[str, Any]) -> Preview:
    words = _DESCRIBED[name]
    connection = next((call.connection for call in calls if call.method == name), None)
    if connection is None and name in ("read", "readlines"):
        connection = _connection_with_response(namespace)
    if connection is None:
        return Preview(words if name != "close" else "closes it")
    state = State(connection.state)
    error = error_for(state, name)
    if error is not None:
        return Preview(f"raises {error}", error=error)
    if name == "connect":
        return Preview(visible(f"connects to {connection.host}:{connection.port}"), state_after=state.value)
    after = state_after(state, name)
    if name == "close":
        words = "closes the connection"
    arrow = _arrow(state, after) if after else ""
    return Preview(words + arrow, state_after=after.value if after else None)


def _connection_with_response(namespace: dict[str, Any]) -> Any:
    """Return the one connection with an unread response, which then is what `read` reads."""
    found = {
        id(value): value
        for value in namespace.values()
        if _is_connection(value) and state_after(State(value.state), "read") is not None
    }
    return next(iter(found.values())) if len(found) == 1 else None


# --- on copies ---------------------------------------------------------------------------


class _Rehearsal:
    """Executes one statement on copies of the connections, and looks at what became of them."""

    def __init__(
        self,
        make_interpreter: InterpreterFactory,
        interpreter: StatementRunner,
        calls: list[_MethodCall],
    ) -> None:
        self._calls = calls
        self._printed: list[str] = []
        self._scratch = make_interpreter(
            tap=lambda _event: None, on_connection=lambda _connection: None, output=self._printed.append
        )
        self._rehearsals = {id(call.connection): rehearse(call.connection) for call in calls}
        for name, value in interpreter.namespace.items():
            rehearsal = self._rehearsals.get(id(value))
            self._scratch.namespace[name] = rehearsal.connection if rehearsal else value

    def preview(self, statements: list[Statement]) -> Preview:
        """Execute the statements and say what the last one did."""
        try:
            for statement in statements:
                self._scratch.execute(statement)
        except Exception as exception:  # noqa: BLE001 - whatever it raises is what the reader wants to know
            # Some say nothing but their name: CannotSendHeader has no arguments.
            name, words = type(exception).__name__, str(exception)
            return Preview(visible(f"raises {name}: {words}" if words else f"raises {name}"), error=name)
        if self._calls:
            return self._after_a_call(self._calls[-1])
        if set(statements[-1].calls) & _CONSTRUCTORS:
            return Preview("makes a connection; nothing is sent yet", state_after=State.IDLE.value)
        if self._printed:
            return Preview(visible(f"prints {''.join(self._printed)[:MAX_SHOWN_BYTES]}"))
        return Preview("sends nothing")

    def _after_a_call(self, call: _MethodCall) -> Preview:
        rehearsal = self._rehearsals[id(call.connection)]
        after = rehearsal.connection.state
        arrow = _arrow(State(call.connection.state), after)
        sent = rehearsal.sent_bytes
        if sent:
            first = "connects first, then " if rehearsal.connects else ""
            return Preview(f"{first}sends {_count(sent)}{arrow}", sent, sends=True, state_after=after.value)
        queued = rehearsal.queued_bytes[len(rehearse(call.connection).queued_bytes) :]
        if not queued:
            return Preview(f"sends nothing{arrow}", state_after=after.value)
        return Preview(f"queues {_count(queued)}{arrow}", queued, state_after=after.value)


def _arrow(before: State, after: State) -> str:
    """Name the state that follows, where it is another one."""
    return f" → {title(after)}" if after is not before else ""


def _count(data: bytes) -> str:
    return "1 byte" if len(data) == 1 else f"{len(data)} bytes"
