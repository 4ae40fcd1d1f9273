"""Every exception class that a call can raise, and the scenarios that trip it: values, not lines.

The tree is read from the classes themselves, and the ways from the promises of the scenarios, so
neither can be forgotten: a class without a way, or a promise of no class, fails a test.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from workbench.lab import Scenario
from workbench.protocol import HTTPException
from workbench.session.events import LineRaised
from workbench.session.recording import Recording

HTTP = "What goes wrong in HTTP"
ELSEWHERE = "What goes wrong below it, or in the call"

BELOW: Mapping[str, str] = {
    "OSError": "The system could not do what it was asked to do.",
    "ConnectionResetError": "The server tore the connection down.",
    "TimeoutError": "The server was silent for longer than the timeout of the connection.",
    "SSLError": "TLS failed.",
    "SSLCertVerificationError": "The server's certificate does not prove who it is.",
    "ValueError": "The call asks for something that must not be sent.",
}
"""The classes of Python itself that a call raises. ssl's are named, because the screen may not import it."""

_PARENTS = {
    "ConnectionResetError": "OSError",
    "TimeoutError": "OSError",
    "SSLError": "OSError",
    "SSLCertVerificationError": "SSLError",
}


@dataclass(frozen=True, slots=True)
class ExceptionClass:
    """One class of the tree."""

    name: str
    group: str
    depth: int
    """0 for a root."""

    also: tuple[str, ...]
    """The other classes that it is one of, besides the one that it stands under."""

    words: str
    """One sentence: what it means."""

    scenarios: tuple[Scenario, ...]
    """Those that trip it, the simplest first. Empty for a class that is only a base."""

    @property
    def is_base_only(self) -> bool:
        """Whether it is never raised itself, but caught for its subclasses."""
        return not self.scenarios


def exception_tree(scenarios: Iterable[Scenario]) -> list[ExceptionClass]:
    """List every class, each behind the one that it stands under.

    Args:
        scenarios: All there are, in teaching order.
    """
    ways: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        if scenario.promise.exception is not None:
            ways.setdefault(scenario.promise.exception, []).append(scenario)
    below = [
        ExceptionClass(name, ELSEWHERE, _depth(name), (), words, tuple(ways.get(name, ())))
        for name, words in BELOW.items()
    ]
    return [*_walk(HTTPException, 0, ways, set()), *below]


def _walk(
    cls: type[Exception], depth: int, ways: Mapping[str, list[Scenario]], seen: set[str]
) -> Iterator[ExceptionClass]:
    if cls.__name__ in seen:
        return  # It has two bases in the tree, and stands under the first.
    seen.add(cls.__name__)
    own_ways = tuple(ways.get(cls.__name__, ()))
    yield ExceptionClass(cls.__name__, HTTP, depth, _other_bases(cls), _words(cls), own_ways)
    children = [one for one in cls.__subclasses__() if one.__module__.startswith("workbench.protocol")]
    for child in sorted(children, key=lambda one: one.__name__):
        if _first_base(child) is cls:
            yield from _walk(child, depth + 1, ways, seen)


def _first_base(cls: type[Exception]) -> type:
    return next(base for base in cls.__bases__ if issubclass(base, HTTPException))


def _other_bases(cls: type[Exception]) -> tuple[str, ...]:
    if cls is HTTPException:
        return ()
    return tuple(base.__name__ for base in cls.__bases__ if base is not _first_base(cls))


def _words(cls: type[Exception]) -> str:
    return (inspect.getdoc(cls) or "").partition("\n")[0]


def _depth(name: str) -> int:
    return next(depth for depth in count() if (name := _PARENTS.get(name, "")) == "")


class Tripped:
    """Which classes were raised in a session, and by which lines: read from its recording, once each."""

    def __init__(self) -> None:
        self.messages: dict[str, str] = {}
        """The message of the last exception of each class that was raised."""

        self._recording: Recording | None = None
        self._next = 0

    def read(self, recording: Recording) -> None:
        """Look at what was recorded since the last look."""
        if recording is not self._recording:
            self._recording, self._next = recording, 0
        log, end = recording.entries, len(recording.entries)
        for index in recording.script_entries(self._next, end):
            if log.kind(index) is LineRaised:
                event = log.outline(index)
                assert isinstance(event, LineRaised)
                self.messages[event.error.class_name] = event.error.message
        self._next = end


def as_document(tree: Iterable[ExceptionClass]) -> list[dict[str, object]]:
    """Turn the tree into what `workbench exceptions --json` prints."""
    return [
        {
            "name": one.name,
            "group": one.group,
            "depth": one.depth,
            "also": list(one.also),
            "words": one.words,
            "base_only": one.is_base_only,
            "scenarios": [scenario.name for scenario in one.scenarios],
        }
        for one in tree
    ]


def as_text(tree: Iterable[ExceptionClass]) -> str:
    """Write the tree for a terminal or a file."""
    lines: list[str] = []
    group = ""
    for one in tree:
        if one.group != group:
            lines += ["", one.group] if group else [one.group]
            group = one.group
        also = f" (also {', '.join(one.also)})" if one.also else ""
        lines.append(f"{'  ' * (one.depth + 1)}{one.name}{also}")
        lines.append(f"{'  ' * (one.depth + 3)}{one.words}")
        lines.append(f"{'  ' * (one.depth + 3)}{way_words(one)}")
    return "\n".join(lines)


def way_words(one: ExceptionClass) -> str:
    """Say how to see a class raised."""
    if one.is_base_only:
        return "never raised itself: catch it for its subclasses"
    return "workbench run --lab " + one.scenarios[0].name
