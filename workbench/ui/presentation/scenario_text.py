"""A scenario explained: what it teaches, what it promises, what the server plays, how to reach it, its log."""

import re
import shlex
from collections.abc import Iterator, Sequence

from workbench.lab import LabEvent, Promise, Scenario
from workbench.lab.steps import Drip, NextConnection, Send
from workbench.lab.words import describe_step
from workbench.protocol.wire.state import State, title
from workbench.session.events import PEER_HEAD_BYTES
from workbench.session.values import format_value
from workbench.session.visible import visible, visible_lines
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.peer_words import server_words
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, wrapped
from workbench.ui.presentation.played import Played
from workbench.ui.presentation.python_text import python_lines
from workbench.ui.presentation.quantity import bytes_words

MOST_SHOWN_BYTES = 2048
"""Bytes of a step that are written out. The longest head of the built-in scenarios has fewer."""

INDENT = "  "

_TUNNEL = re.compile(r"""\.set_tunnel\("([^"]+)", (\d+)""")

_REQUEST = re.compile(r"""\.(?:put)?request\(\s*"([!-~]+)",\s*"([!-~]*)\"""")


def about_lines(scenario: Scenario, played: Played | None, width: int) -> Iterator[Line]:
    """Yield what it teaches, and what it promises.

    Args:
        scenario: Which one.
        played: What came of it in this session; None when it was not played.
        width: In cells.
    """
    yield (Piece(visible(scenario.title), Role.STRONG),)
    yield (Piece(f"{scenario.name} · {visible(scenario.section)}", Role.DIM),)
    yield EMPTY
    yield from _wrapped(scenario.teaches, width)
    yield EMPTY
    yield (Piece("It promises", Role.HEADING),)
    for what, value in promise_words(scenario.promise):
        yield from _labelled(what, value, width)
    if scenario.cpython is not None:
        yield from _labelled("CPython", scenario.cpython, width)
    yield from _played_lines(played, width)


def promise_words(promise: Promise) -> Iterator[tuple[str, str]]:
    """Yield everything that is promised, each with what it is."""
    if promise.hangs:
        yield "last call", "never returns by itself"
    if promise.exception is not None:
        yield "exception", promise.exception
        for name, value in promise.attributes.items():
            yield f"its {name}", format_value(value)
    elif not promise.hangs:
        yield "exception", "none: every call succeeds"
    if promise.status is not None:
        yield "status", str(promise.status)
    if promise.content is not None:
        yield "content", format_value(promise.content)
    elif promise.content_length is not None:
        yield "content", bytes_words(promise.content_length)
    if promise.content_sha256 is not None:
        yield "its SHA-256", promise.content_sha256
    yield "findings", ", ".join(promise.diagnostics) or "none"
    if promise.state is not None:
        yield "state left", title(State[promise.state])


def _played_lines(played: Played | None, width: int) -> Iterator[Line]:
    if played is None:
        return
    yield EMPTY
    if played.kept:
        yield (Piece("✓ ", Role.GOOD), Piece("kept, when it was played in this session"))
        return
    yield (Piece("✗ ", Role.ERROR), Piece("not kept, when it was played in this session", Role.ERROR))
    for claim in played.claims:
        if not claim.kept:
            yield from _labelled(claim.what, f"{claim.got} instead of {claim.promised}", width, Role.ERROR)


def running_lines(keys: KeyNames) -> Iterator[Line]:
    """Yield what is said while its script runs."""
    yield EMPTY
    yield (Piece("… ", Role.WARNING), *key_pieces("it is running; {lab-abort} ends that", keys))


def step_lines(scenario: Scenario, width: int) -> Iterator[Line]:
    """Yield what the server plays, step by step, with the bytes that it sends."""
    yield (Piece("The server plays", Role.HEADING), Piece(_how_often(scenario), Role.DIM))
    number = 0
    for step in scenario.steps:
        if isinstance(step, NextConnection):
            number = 0
            yield (Piece(f"{INDENT}on the next connection", Role.DIM),)
            continue
        number += 1
        sends = isinstance(step, Send | Drip)
        words = describe_step(step).partition(":")[0] if sends else describe_step(step)
        yield (Piece(f"{INDENT}{number} ", Role.DIM), Piece(words))
        if isinstance(step, Send | Drip):
            yield from _byte_lines(step.data, width)


def _how_often(scenario: Scenario) -> str:
    if scenario.repeat == 1:
        return " on each connection"
    return f" {scenario.repeat} times" if scenario.repeat else " for as long as the client asks"


def _byte_lines(data: bytes, width: int) -> Iterator[Line]:
    room = max(1, width - 2 * len(INDENT) - 2)
    for text in visible_lines(data[:MOST_SHOWN_BYTES]):
        for start in range(0, len(text), room):
            yield (Piece(f"{INDENT}{INDENT}  {text[start : start + room]}", Role.RECEIVED),)
    if len(data) > MOST_SHOWN_BYTES:
        yield (Piece(f"{INDENT}{INDENT}  … {bytes_words(len(data) - MOST_SHOWN_BYTES)} more", Role.DIM),)


def script_lines(scenario: Scenario) -> Iterator[Line]:
    """Yield the script, with what the lab fills in still in braces."""
    yield (Piece("The script", Role.HEADING),)
    for line in python_lines(scenario.script.strip("\n")):
        yield (Piece(INDENT), *line)


def address_lines(
    scenario: Scenario, origin: str | None, cafile: str | None, width: int, keys: KeyNames
) -> Iterator[Line]:
    """Yield where it can be reached, also by other clients.

    Args:
        scenario: Which one.
        origin: Where the server listens for it; None while it does not.
        cafile: What has to be trusted; None without TLS.
        width: In cells.
        keys: Those of the user.
    """
    yield (Piece("The address", Role.HEADING),)
    if origin is None:
        yield (Piece(INDENT), *key_pieces("none yet: {lab-listen} opens its port, for any client", keys))
        return
    yield (Piece(INDENT), Piece(origin, Role.TARGET))
    for line in wrapped(curl_command(scenario, origin, cafile), max(20, width - len(INDENT))):
        yield (Piece(f"{INDENT}{visible(line)}"),)


def curl_command(scenario: Scenario, origin: str, cafile: str | None) -> str:
    """Write the command with which curl asks for what the script asks for first."""
    found, tunnel = _REQUEST.search(scenario.script), _TUNNEL.search(scenario.script)
    method, target = found.groups() if found else ("GET", "/")
    words = ["curl", "--verbose"]
    if method == "HEAD":
        words.append("--head")
    elif method != "GET":
        words += ["--request", method]
    if cafile is not None:
        words += ["--cacert", cafile]
    path = target if target.startswith("/") else "/"
    if tunnel is not None:
        words += ["--proxytunnel", "--proxy", origin]
        origin = f"{'https' if tunnel[2] == '443' else 'http'}://{tunnel[1]}:{tunnel[2]}"
    return shlex.join([*words, origin + path])


def log_lines(log: Sequence[LabEvent]) -> Iterator[Line]:
    """Yield what the server did and saw, each connection with times from its own beginning."""
    yield (Piece("Its log", Role.HEADING), Piece(" ms · connection" if log else "", Role.DIM))
    if not log:
        yield (Piece(f"{INDENT}nobody has connected yet", Role.DIM),)
    begins: dict[int, int] = {}
    for event in log:
        since_ns = event.time_ns - begins.setdefault(event.connection, event.time_ns)
        yield (
            Piece(f"{INDENT}{since_ns / 1e6:9.3f} #{event.connection} ", Role.DIM),
            *server_words(
                event.kind, len(event.data) or None, event.data[:PEER_HEAD_BYTES], event.note, event.left
            ),
        )


def _wrapped(text: str, width: int) -> Iterator[Line]:
    for line in wrapped(visible(" ".join(text.split())), max(20, width)):
        yield (Piece(line),)


LABEL_COLUMN = 12
"""Cells for what a promise is about."""


def _labelled(what: str, text: str, width: int, role: Role = Role.PLAIN) -> Iterator[Line]:
    label = f"{INDENT}{what:<{LABEL_COLUMN}} "
    for number, line in enumerate(wrapped(visible(text), max(20, width - len(label)))):
        yield (Piece(label if number == 0 else " " * len(label), Role.DIM), Piece(line, role))
