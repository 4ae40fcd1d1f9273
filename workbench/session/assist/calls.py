"""The calls that can be made now, for somebody who looks for one."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.protocol.wire.state import State, title
from workbench.session.allowed import CONNECTION_KINDS, Kind
from workbench.session.assist.fields import Form
from workbench.session.assist.offers import methods_of, raised_by
from workbench.session.assist.scope import Scope
from workbench.session.assist.signature import signature_of
from workbench.session.check import describe
from workbench.session.namespace import Constructor

_OWNERS = (*CONNECTION_KINDS, "HTTPResponse")
_RESULTS = {"HTTPResponse": "r", "HTTPConnection": "conn", "HTTPSConnection": "conn"}
"""How the names of results begin."""

_WITHOUT_FIELDS = frozenset({"fileno", "readinto", "readable"})
"""Methods that nobody looks for who does not know them; the call line completes them."""


@dataclass(frozen=True, slots=True)
class CallGroup:
    """The calls on one object, or those that make one."""

    title: str
    forms: tuple[Form, ...]


def calls_now(scope: Scope) -> Iterator[CallGroup]:
    """Yield the calls on each connection and response, the newest name first, then the constructors.

    Calls that would raise in the state that the connection is in come last, and say so.
    """
    for name in reversed(tuple(scope.bindings)):
        kind = scope.bindings[name]
        if isinstance(kind, Kind) and kind.name in _OWNERS and name not in scope.later:
            yield CallGroup(_title(name, kind, scope.states.get(name)), tuple(_forms(name, kind, scope)))
    yield CallGroup("a new connection", tuple(_constructors(scope)))


def form_for_call(callee: str, scope: Scope) -> Form | None:
    """Give the form of a call as it is written: `conn.putheader`; None where there is no such call."""
    return next((form for group in calls_now(scope) for form in group.forms if form.target == callee), None)


def _title(name: str, kind: Kind, state: State | None) -> str:
    words = f"{name}: {describe(kind)}"
    return f"{words}, {title(state)}" if state is not None else words


def _forms(owner: str, kind: Kind, scope: Scope) -> Iterator[Form]:
    later = []
    for method in methods_of(kind, scope.states.get(owner)):
        signature = signature_of(kind, method, scope.namespace)
        if signature is None or method in _WITHOUT_FIELDS:
            continue
        result = _free_name(kind.methods[method], scope)
        form = Form(f"{owner}.{method}", signature, result, raised_by(owner, method, scope))
        if form.error:
            later.append(form)
        else:
            yield form
    yield from later


def _constructors(scope: Scope) -> Iterator[Form]:
    module = scope.namespace.importable["http.client"]
    for name in CONNECTION_KINDS:
        value = module.members.get(name)
        signature = signature_of(value, "", scope.namespace) if isinstance(value, Constructor) else None
        if signature is not None:
            yield Form(name, signature, _free_name(name, scope))


def _free_name(kind: str, scope: Scope) -> str:
    """Give a name that the script has not used for a result of a kind; empty where none is needed."""
    stem = _RESULTS.get(kind)
    if stem is None:
        return ""
    numbers = range(1, len(scope.bindings) + 2)
    names = (stem if stem != "r" and number == 1 else f"{stem}{number}" for number in numbers)
    return next(name for name in names if not scope.knows(name))
