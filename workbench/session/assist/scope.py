"""What the names of a script stand for at one place of it, or at one moment of its run."""

import ast
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from workbench.protocol.wire.state import State
from workbench.session.bounds import MAX_SOURCE_LENGTH
from workbench.session.check import ERRONEOUS, Binding, Checker, binding_of
from workbench.session.namespace import BUILTINS, Namespace, default_namespace


@dataclass(frozen=True)
class Scope:
    """Names, and what is known of their values."""

    namespace: Namespace = field(default_factory=default_namespace)
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    """The states of the connections among them."""

    field_names: Sequence[str] = ()
    """Names of fields that came in a response, the newest response first."""

    later: frozenset[str] = frozenset()
    """The names that have no value yet: a line of the script that did not run gives it to them."""

    def binding(self, source: str) -> Binding:
        """Say what is known of an expression; None when nothing is, or it is none."""
        if not source or len(source) > MAX_SOURCE_LENGTH:
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                node = ast.parse(source, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        found = Checker(self.namespace, _ignore, self.bindings).binding(node)
        return None if found is ERRONEOUS else found

    def knows(self, name: str) -> bool:
        """Whether a name has a value."""
        return name in self.bindings or name in BUILTINS

    def with_imports(self, statements: Iterable[ast.stmt]) -> "Scope":
        """Give the scope after imports that run along with the next call."""
        return replace(self, bindings=self._after(statements))

    def with_later(self, statements: Iterable[ast.stmt]) -> "Scope":
        """Give the scope with the names that statements are going to give a value, too."""
        bindings = {**self._after(statements), **self.bindings}
        return replace(self, bindings=bindings, later=frozenset(bindings) - frozenset(self.bindings))

    def _after(self, statements: Iterable[ast.stmt]) -> Mapping[str, Binding]:
        checker = Checker(self.namespace, _ignore, self.bindings)
        for node in statements:
            checker.statement(node)
        return checker.bindings


def scope_of_run(variables: Mapping[str, object], namespace: Namespace) -> Scope:
    """Give the scope of a run as it stands.

    Args:
        variables: Those of the interpreter.
        namespace: What the script can reach.
    """
    values = dict(variables)
    return Scope(
        namespace,
        {name: binding_of(value, namespace) for name, value in values.items()},
        {name: State(value.state) for name, value in values.items() if _is_connection(value)},  # type: ignore[attr-defined]
    )


@lru_cache(maxsize=2)
def scope_of_text(source: str, namespace: Namespace | None = None) -> Scope:
    """Give the scope at the end of a script, of which nothing is run: what its lines say.

    Lines that are no Python yet are passed over.
    """
    return Scope(namespace or default_namespace()).with_imports(_statements(source))


def _statements(source: str) -> Iterable[ast.stmt]:
    for chunk in statement_texts(source):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield from ast.parse(chunk).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def statement_texts(source: str) -> list[str]:
    """Cut a script into the texts of its statements: each begins in the first column, and no line else does."""
    chunks: list[list[str]] = []
    for line in source[:MAX_SOURCE_LENGTH].split("\n"):
        line = line.removeprefix(">>> ").removeprefix("... ")
        if line[:1].isidentifier() or not chunks:
            chunks.append([])
        chunks[-1].append(line)
    return ["\n".join(lines) for lines in chunks]


def _is_connection(value: object) -> bool:
    return hasattr(value, "interrupt") and hasattr(value, "state")


def _ignore(_node: object, _message: str, _hint: str) -> None:
    """Take no notice: the errors of a text that is being written are shown elsewhere."""
