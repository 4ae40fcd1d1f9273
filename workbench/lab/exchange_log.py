"""One line for each exchange, as the log of any server has: who asked for what, and what came of it.

    12:30:01.118 #3 127.0.0.1:51234 hello "GET /hello/ HTTP/1.1" -> 200, 166 bytes in 2 ms
    12:30:04.301 #4 127.0.0.1:51236 reset-midway "GET /reset-midway/ HTTP/1.1" -> 200, 71 bytes in 1 ms, reset

What a client sent is shown with glyphs for its control characters: the log may be a terminal.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.lab.log import LabEvent
from workbench.lab.words import glyphs

MAX_SHOWN = 160
"""Bytes of a request line, and of a response that is none, that a line repeats."""

_STATUS = re.compile(rb"HTTP/\d\.\d (\d{3})")


@dataclass(slots=True)
class _Exchange:
    """What happened on a connection since its last line."""

    since_ns: int = 0
    request: bytes = b""
    answer: bytes = b""
    statuses: list[str] = field(default_factory=list)
    sent: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.request or self.sent or self.notes)


class ExchangeLog:
    """Listens to a lab and writes lines. For the server's thread.

    Args:
        write: Takes each line, without a line end.
        now: Gives the time of day in words.
    """

    def __init__(
        self, write: Callable[[str], object], now: Callable[[], str] = lambda: time.strftime("%H:%M:%S")
    ) -> None:
        self._write = write
        self._now = now
        self._clients: dict[int, str] = {}
        self._exchanges: dict[int, _Exchange] = {}

    def __call__(self, event: LabEvent) -> None:
        """Take one event of the lab."""
        if not event.connection:
            self._write(f"{self._now()} - {glyphs(event.note.encode())}")
            return
        exchange = self._exchanges.setdefault(event.connection, _Exchange())
        match event.kind:
            case "opened":
                self._clients[event.connection] = event.note.removeprefix("from ")
            case "received":
                exchange.since_ns = exchange.since_ns or event.time_ns
                exchange.request += event.data[: MAX_SHOWN - len(exchange.request)]
            case "sent":
                exchange.since_ns = exchange.since_ns or event.time_ns
                exchange.answer = exchange.answer or event.data[:MAX_SHOWN]
                exchange.sent += len(event.data)
                exchange.statuses += [match[1].decode() for match in [_STATUS.match(event.data)] if match]
            case "error":
                exchange.notes.append(event.note)
            case "waiting" if event.note == "for a request head":
                self._end(event, "")
            case "half_closed":
                exchange.notes.append("half-closed")
            case "refused":
                note, _, self._clients[event.connection] = event.note.partition("; from ")
                exchange.notes.append(note)
            case "closed" | "reset":
                self._end(event, "reset" if event.kind == "reset" else "")
                self._exchanges.pop(event.connection, None)
                self._clients.pop(event.connection, None)

    def _end(self, event: LabEvent, ending: str) -> None:
        """Write the line of an exchange, unless nothing happened."""
        exchange = self._exchanges.pop(event.connection, _Exchange())
        if exchange.is_empty and not ending:
            return
        client = self._clients.get(event.connection, "")
        words = [self._now(), f"#{event.connection}", client, event.scenario or "-"]
        milliseconds = (event.time_ns - exchange.since_ns) / 1e6 if exchange.since_ns else 0
        parts = [f"{_result(exchange)}, {exchange.sent:,} bytes in {milliseconds:.0f} ms"]
        parts += [glyphs(note.encode()) for note in exchange.notes]
        parts += [ending] if ending else []
        self._write(" ".join([*filter(None, words), _request(exchange), "->", ", ".join(parts)]))


def _request(exchange: _Exchange) -> str:
    """Quote the request line. A pipelined request came with the one before it, and is not seen again."""
    line = exchange.request.lstrip(b"\r\n").partition(b"\n")[0].removesuffix(b"\r")
    return f'"{glyphs(line)}"' if line else "(nothing more)"


def _result(exchange: _Exchange) -> str:
    """Name the status codes, or quote what is no HTTP."""
    if exchange.statuses:
        return " ".join(exchange.statuses)
    return f'"{glyphs(exchange.answer[:40])}"' if exchange.answer else "no answer"
