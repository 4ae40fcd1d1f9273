"""A session as lines of text: each call of the script, and below it what the call did.

    3  conn.endheaders()
         connected to 127.0.0.1 port 41873
       > GET /hello HTTP/1.1␍␊
         sent 64 bytes
         state: Request-started → Request-sent

Lines are written as things happen, so that a call that waits shows what it waits for. Only
visible text is written: nothing that a peer sent reaches the terminal as a control character.
"""

from collections.abc import Callable

from workbench.protocol import describe_error, tap
from workbench.protocol.wire.state import State, title
from workbench.session.advice import summarise
from workbench.session.event_notes import count, note_of
from workbench.session.folding import Folding
from workbench.session.script import Script, Statement
from workbench.session.values import format_value
from workbench.session.visible import visible, visible_lines

MAX_SHOWN_BYTES = 4096
"""How much of what a step sends, and of what it receives, is written out."""

_Buffered = tap.RequestLineBuffered | tap.FieldLineBuffered | tap.HeaderSectionBuffered | tap.ContentBuffered

LEGEND = "+ queued, not sent yet   > sent   < received   = value   ! problem"


class Transcript:
    """Writes what happens in a session.

    Args:
        write: Takes one line, without its line end.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._width = 1
        self._queued: dict[int, bytearray] = {}
        self._queued_start: dict[int, int] = {}
        self._in_step = False
        self._folding = Folding(write, self._folded)
        self.target = ""
        """What the session talks to, in words: the last host that was connected to."""

        self.switched = False
        """Another protocol is spoken on the connection that was talked on last: behind 101, or in a tunnel."""

        self._begin()

    def _begin(self) -> None:
        """Forget what belongs to one step."""
        self._fresh: list[_Buffered] = []
        self._sent = self._received = 0
        self._unfinished = b""
        self._printed = ""
        self._note_before = ""
        self._repetitions = 0
        self._states: tuple[str, str] | None = None

    # --- the script --------------------------------------------------------------------------

    def started(self, script: Script) -> None:
        """Write the heading."""
        self._width = len(str(script.statements[-1].line)) if script.statements else 1
        self._write(f"{visible(script.name)}: {count(_steps(script), 'step')}")
        self._write(f"{'':{self._width}}  {LEGEND}")
        if script.passed_over:
            lines = ", ".join(map(str, script.passed_over))
            self._write(f"{'':{self._width}}  passed over as output, without a prompt: line {lines}")

    def step_started(self, statement: Statement) -> None:
        """Write the line that is about to run."""
        self.text_started(statement.line, statement.source)

    def text_started(self, line: int, text: str) -> None:
        """Write what is about to run: the lines of a statement, or a call, which has the line 0."""
        self._begin()
        self._in_step = True
        for offset, part in enumerate(text.split("\n")):
            self._write(f"{line + offset if line else '':>{self._width}}  {visible(part)}")

    def step_returned(self, value: object) -> None:
        """Write what the step came to."""
        self.step_returned_text("" if value is None else format_value(value))

    def step_returned_text(self, text: str) -> None:
        """Write what the step came to, when that is known as text only; empty for nothing."""
        self._end_step()
        if text:
            self._line("=", visible(text))

    def step_raised(self, error: Exception) -> None:
        """Write how the step failed."""
        self.step_failed(describe_error(error))

    def step_failed(self, error: tap.ErrorFact) -> None:
        """Write how the step failed, when the exception itself is gone."""
        self._end_step()
        self._line("!", summarise(error))

    def finished(self, script: Script, done: int, outcome: str) -> None:
        """Write the last line.

        Args:
            script: The script that was run.
            done: How many of its steps were begun.
            outcome: How it ended, in words.
        """
        left = _steps(script) - done
        self._write(outcome + (f"; {count(left, 'step')} not run" if left else ""))

    def printed(self, text: str) -> None:
        """Write what `print` was given, a line at a time."""
        self._flush_received()
        *lines, self._printed = (self._printed + text).split("\n")
        for line in lines:
            self._line("", f"printed: {visible(line)}")

    def _end_step(self) -> None:
        if self._printed:
            self.printed("\n")
        self._flush_received()
        self._end_repetitions()
        shown = 0
        # Back to idle: what was queued went away with the request.
        idle = self._states is not None and self._states[1] == State.IDLE.name
        for event in () if idle else self._fresh:
            automatic = isinstance(event, tap.FieldLineBuffered) and event.automatic
            self._show("+", event.data, shown, "   (added by the library)" if automatic else "")
            shown += len(event.data)
        for number, word in ((self._sent, "sent"), (self._received, "received")):
            if number:
                self._line("", f"{word} {count(number, 'byte')}")
        if self._states and self._states[0] != self._states[1]:
            before, after = (title(State[name]) for name in self._states)
            self._line("", f"state: {before} → {after}")
        self._folding.end()
        self._in_step = False

    # --- the tap -----------------------------------------------------------------------------

    def listen(self, event: tap.Event) -> None:
        """Write what an event says. Give this to the connections as their tap."""
        if not self._in_step:
            return
        self._follow_protocol(event)
        match event:
            case tap.BytesReceived(data=data):
                self._receive(data)
            case tap.BytesSent(span=span, connection=connection):
                self._send(connection, span.end)
            case tap.StateChanged(before=before, after=after):
                self._states = (self._states[0] if self._states else before, after)
            case (
                tap.RequestLineBuffered()
                | tap.FieldLineBuffered()
                | tap.HeaderSectionBuffered()
                | tap.ContentBuffered()
            ):
                self._queued.setdefault(event.connection, bytearray()).extend(event.data)
                self._fresh.append(event)
            case tap.HostLookupStarted(host=host, port=port):
                self.target = f"{host} port {port}"
                self._note(event)
            case _:
                self._note(event)

    def _follow_protocol(self, event: tap.Event) -> None:
        match event:
            case tap.StatusLineParsed(status_code=101) | tap.FramingDecided(kind="tunnel"):
                self.switched = True
            case tap.HostLookupStarted() | tap.TunnelEstablished() | tap.RequestLineBuffered():
                # In a tunnel that the connection itself has asked for it is HTTP again.
                self.switched = False

    def _note(self, event: tap.Event) -> None:
        note = note_of(event)
        if not note:
            return
        self._flush_received()
        if note == self._note_before:
            self._repetitions += 1
            return
        mark, _, rest = note.partition(" ")
        self._line("!", rest) if mark == "!" else self._line("", note)
        self._note_before = note

    def _send(self, connection: int, end: int) -> None:
        """Write the bytes that the kernel took, up to an offset in the stream."""
        queued = self._queued.setdefault(connection, bytearray())
        start = self._queued_start.get(connection, 0)
        data = bytes(queued[: end - start])
        del queued[: end - start]
        self._queued_start[connection] = end
        self._fresh = [
            event for event in self._fresh if event.connection != connection or event.span.end > end
        ]
        self._flush_received()
        self._show(">", data, self._sent)
        self._sent += len(data)

    def _receive(self, data: bytes) -> None:
        """Write the lines that are complete; a drip of single bytes becomes lines, too."""
        complete, line_end, rest = (self._unfinished + data).rpartition(b"\n")
        before = self._received - len(self._unfinished)
        self._show("<", complete + line_end, before)
        self._received += len(data)
        self._unfinished = rest
        if len(rest) > MAX_SHOWN_BYTES:
            self._flush_received()

    def _flush_received(self) -> None:
        rest, self._unfinished = self._unfinished, b""
        self._show("<", rest, self._received - len(rest))

    # --- lines -------------------------------------------------------------------------------

    def _show(self, mark: str, data: bytes, before: int, remark: str = "") -> None:
        """Write bytes as text, as far as the bound for the step allows.

        Args:
            mark: `+`, `>` or `<`.
            data: The bytes.
            before: How many were written in this step already.
            remark: What to say behind each line.
        """
        room = max(0, MAX_SHOWN_BYTES - before)
        for line in visible_lines(data[:room]):
            self._line(mark, line + remark)
        if before <= MAX_SHOWN_BYTES < before + len(data):
            self._line(mark, "… the rest of this step's bytes is not shown")

    def _end_repetitions(self) -> None:
        repetitions, self._repetitions, self._note_before = self._repetitions, 0, ""
        if repetitions:
            self._line("", f"… and the same {count(repetitions, 'more time')}")

    def _line(self, mark: str, text: str) -> None:
        self._end_repetitions()
        self._folding.write(self._indented(mark, text))

    def _indented(self, mark: str, text: str) -> str:
        return f"{'':{self._width}}  {mark:>3} {text}"

    def _folded(self, lines: int, times: int) -> str:
        what = "line" if lines == 1 else f"{lines} lines"
        return self._indented("", f"… and the same {what} {count(times, 'more time')}")


def _steps(script: Script) -> int:
    return sum(statement.is_step for statement in script.statements)
