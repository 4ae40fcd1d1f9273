"""The reporter of a tap that takes notes: it holds back what an ordinary call does, until the call ends.

A step is held where it is one that comes next in such a call (`whole_calls`). All else that is noted makes the reporter
let go: what was held is noted as what it is, part of a call, and from then on each step for itself. So nobody can tell
from the events whether anything was held.
"""

from collections.abc import Callable
from typing import Any, TypeVarTuple

from workbench.protocol import tap as events
from workbench.protocol.late import LONGEST, Arguments, describe
from workbench.protocol.notes import Note, NotingTap
from workbench.protocol.reporter import Reporter, nobody, now_ns
from workbench.protocol.whole_calls import ANSWER, MOST, READ, REQUEST
from workbench.protocol.wire.state import State

# What the call that goes on has done, where it is held. Those of one call follow each other, as numbers too.
NOTHING_HELD = 0
ASKED, SENT = 1, 2
"""Of `request`."""

WAITING, CAME, GIVEN = 3, 4, 5
"""Of `getresponse`."""

BEGUN, RECEIVED, TAKEN, COMPLETED, ENDED = 6, 7, 8, 9, 10
"""Of a call that reads."""

SILENT = 11
"""Of a `read` that ends a response whose rest is there: nothing that it does is told."""

ANSWERED = State.REQUEST_SENT.value, State.UNREAD_RESPONSE.value
READ_UP = State.UNREAD_RESPONSE.value, State.IDLE.value
"""Both: the states before and after."""


_Values = TypeVarTuple("_Values")

_nobody_looks: Callable[[], object] = [].clear
"""Stands for `NotingTap.take`, and for that of a tap that was detached. It is one of the interpreter's own, which takes half
the time of ours: it is called once for each call of the program's."""


class _Nobody(NotingTap):
    note = staticmethod(nobody)


_NOBODY = _Nobody()
"""Stands where a tap was detached: the calls of its connection go on as under one that takes notes."""

_PLAIN = frozenset((bytes, int))
"""What calls give that read."""


class HoldingReporter(Reporter):
    """Tells a tap that takes notes. For the rest see `Reporter`.

    `noted_calls` says when a call begins and ends.
    """

    __slots__ = (
        "_noting", "arguments", "asking", "began_ns", "body", "changed", "entered", "field_count", "head_before", "keep",
        "let_go_and_note", "moved", "name", "names", "reporting", "silenced", "step", "take",
    )  # fmt: skip

    takes_notes = True

    def __init__(self, tap: NotingTap) -> None:
        super().__init__(tap)
        self._noting = tap
        self.keep = self.note = tap.note
        """`keep` is always the tap's. `note` lets go first where something is held; so does `several`, which looks."""

        self.take: Callable[[], object] = tap.take
        if getattr(tap.take, "__func__", None) is NotingTap.take:
            self.take = _nobody_looks
        self.let_go_and_note = self.several = self._let_go_and_note
        self.step = NOTHING_HELD

        # What is held, each part as in the note of a whole call (`whole_calls`). What they are called there:
        #
        #              of a request   of an answer   of a read
        #   moved      sent           received       received
        #   parsed                    head_length    taken
        #   settled                   boundary       completed
        #   changed                   states         states
        self.began_ns = 0
        self.name = ""
        self.arguments: Arguments | None = ()
        self.names: tuple[str, ...] = ()
        self.moved: tuple[Any, ...] | None = None
        self.changed: tuple[Any, ...] | None = None

        self.asking: Any = None
        """The connection whose request is held. It tells nothing meanwhile."""

        self.body: bytes | None = None
        self.field_count = 0
        self.head_before = b""
        """The head that the connection had sent before: it has another as soon as all of the request is queued."""

        self.entered: tuple[str, ...] = ()
        """The calls that were entered in a request that was let go, and have not ended, the last one first."""

        self.reporting: type[Any] = object
        """The class of that connection which tells of its calls."""

        self.silenced: tuple[Any, ...] = ()
        """A response, its receiver and its connection, where they tell nothing meanwhile."""

    def renew(self) -> Reporter:
        """Give the reporter of the next pair of streams."""
        return HoldingReporter(self._noting)

    # --- a request -----------------------------------------------------------------------------

    # Here and below, what is held is either held still or noted when ctrl+c comes: between the last two lines that change
    # that, the interpreter looks for no signal.

    def note_request(self, end_ns: int | None) -> None:
        """Note the request that is held, and hold nothing any more.

        Args:
            end_ns: When the call ended; None where it has not ended.
        """
        connection, body, keep = self.asking, self.body, self.keep
        head, start, began = connection.last_head, self.queued_length, self.began_ns
        end = start + len(head) if body is None else start + len(head) + len(body)
        self.exchange = exchange = self.exchange + 1
        note = (
            REQUEST, began, self.connection, exchange, self.name, self.arguments, self.names,
            began - self.idle_since_ns, self.field_count, start, head, body, self.moved, end_ns,
        )  # fmt: skip
        self.queued_length = end
        self.in_call = end_ns is None
        if end_ns is None:
            caller = self.reporting.__name__
            self.entered = f"{caller}.endheaders", f"{caller}.request"
        self.note = keep
        connection.__class__, connection.reporter = self.reporting, self
        self.asking = None
        self.step = NOTHING_HELD
        keep(note)

    @property
    def is_queued(self) -> bool:
        """Whether all of the request that is held was queued, and bytes of it may have been sent."""
        # Not by its state, which is another as soon as the connection is closed.
        return self.asking.last_head is not self.head_before

    def ended(self) -> None:
        """The call has ended whose request was let go."""
        keep = self.keep
        while self.entered:
            note = "CallReturned", now_ns(), self.connection, self.exchange, self.entered[0], None, None
            # First: should ctrl+c come behind `keep`, this call is not told to raise as well.
            self.entered = self.entered[1:]
            keep(note)
        self.in_call = False
        self.take()

    def drop_request(self) -> None:
        """Forget the request that is held: nothing of it is sent."""
        connection = self.asking
        self.note = self.keep
        connection.__class__, connection.reporter = self.reporting, self
        self.asking = None
        self.step = NOTHING_HELD

    def tell_entered(self) -> None:
        """Tell of the call whose request was dropped that it began."""
        self.entered = (f"{self.reporting.__name__}.request",)
        note = (
            "CallStarted", self.began_ns, self.connection, self.exchange, *self.entered, self.arguments, self.names,
        )  # fmt: skip
        self.keep(note)

    # --- an answer, and what is read of it -------------------------------------------------------

    def answered(self, response: Any) -> None:
        """The call of `getresponse` has ended that was begun to be held, and gave this."""
        keep, shown, received = self.keep, None, self.moved
        # A program may give anything in the place of the response.
        if self.step == GIVEN and response is self.answer:
            # Or of another class.
            shown = getattr(response, "shown_as", None)
        if shown is None or received is None:
            self._returned(describe(response), None)
            return
        note = (
            ANSWER, self.began_ns, self.connection, self.exchange, self.name, self.arguments, (),
            received, self.parsed, self.settled, self.changed, received[0], shown, id(response),
        )  # fmt: skip
        self.note = keep
        self.answer = None
        self.derives = self.in_call = False
        self.step = NOTHING_HELD
        keep(note)
        self.take()

    def have_read(self, result: object) -> None:
        """The call has ended that was begun to be held, and gave this."""
        words, moved, keep = None, self.moved, self.keep
        if type(result) not in _PLAIN or (type(result) is bytes and len(result) > LONGEST):
            words, result = describe(result), None
        if not TAKEN <= self.step <= ENDED:
            self._returned(words, result)
            return
        note = (
            READ, self.began_ns, self.connection, self.exchange, self.name, self.arguments, (), moved, self.parsed,
            self.settled, self.changed, self.began_ns if moved is None else moved[0], words, result,
        )  # fmt: skip
        self.note = keep
        self.in_call = False
        self.step = NOTHING_HELD
        keep(note)
        self.take()

    def _returned(self, words: str | None, result: object) -> None:
        self.let_go()
        note = "CallReturned", now_ns(), self.connection, self.exchange, self.name, words, result
        self.in_call = False
        self.keep(note)
        self.take()

    # --- a response that is read up ----------------------------------------------------------------

    def have_read_rest(self, result: bytes | None) -> None:
        """The call of `read` has ended that was begun to be held, and gave this."""
        began, taken, words, keep, silenced = self.began_ns, self.parsed, None, self.keep, self.silenced
        _, length, before = taken
        if length > LONGEST:
            words, result = describe(result), None
        if not silenced:
            # Another thread has closed the connection.
            self._returned(words, result)
            return
        response, receiver, connection = silenced
        completed = True, response.framing.reason, before + length
        note = (
            READ, began, self.connection, self.exchange, self.name, (), (), None, taken, completed, READ_UP,
            began, words, result,
        )  # fmt: skip
        self.silenced = ()
        self.idle_since_ns = began
        self.in_call = False
        connection.reporter = receiver.reporter = response.reporter = self
        self.step = NOTHING_HELD
        keep(note)
        self.take()

    # --- letting go ----------------------------------------------------------------------------

    def let_go(self) -> None:
        """Note what is held as part of a call, and hold nothing any more.

        A request that is not all queued is held on: it may still be undone.
        """
        if self.step == NOTHING_HELD:
            return
        if self.asking is not None:
            if self.is_queued:
                self.note_request(None)
            elif self.asking.reporter is not None:
                # Ctrl+c came while it was undone.
                self._drop_entered()
        elif self.step == SILENT:
            self._let_go_of_rest()
        elif self.step <= GIVEN:
            answer, self.answer, self.derives = self.answer, None, False
            if self.changed is None and answer is not None and answer.is_awaited:
                # Ctrl+c came before that could be told.
                self.changed = ANSWERED
            self._let_go_of(ANSWER)
        else:
            self._let_go_of(READ)

    def let_go_of_all(self) -> None:
        """Let go because the connection is closed, a request that is not all queued too: nothing of it will be sent.

        The call that made it goes on, in another thread.
        """
        self.let_go()
        if self.asking is not None:
            self._drop_entered()

    def _drop_entered(self) -> None:
        self.drop_request()
        self.tell_entered()

    def _let_go_of(self, kind: str) -> None:
        # Where its start was shown, and no more was done, there is nothing to note.
        done = self.arguments is not None or self.moved is not None or self.parsed is not None
        note = (
            kind, self.began_ns, self.connection, self.exchange, self.name, self.arguments, (), self.moved, self.parsed,
            self.settled, self.changed, None, None, None,
        )  # fmt: skip
        keep = self.keep
        self.note = keep
        self.step = NOTHING_HELD
        if done:
            keep(note)

    def _let_go_of_rest(self) -> None:
        (response, receiver, connection), keep = self.silenced, self.keep
        note = "CallStarted", self.began_ns, self.connection, self.exchange, self.name, (), ()
        self.silenced = ()
        connection.reporter = receiver.reporter = response.reporter = self
        self.step = NOTHING_HELD
        keep(note)
        response.tell_rest()

    def _let_go_and_note(self, note: Note) -> None:
        self.let_go()
        self.keep(note)

    def show(self) -> None:
        """Have the tap look at what it noted, what is held included."""
        if (self.step == BEGUN or self.step == WAITING) and self.arguments is not None:
            self._show_beginning()
        elif self.step != NOTHING_HELD:
            self.let_go()
        try:
            self.take()
        except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
            self.detach()

    def _show_beginning(self) -> None:
        keep = self.keep
        note = "CallStarted", self.began_ns, self.connection, self.exchange, self.name, self.arguments, ()
        self.arguments = None
        keep(note)

    def detach(self) -> None:
        """Tell the tap nothing any more; called while what it raised is handled."""
        super().detach()
        self.keep, self.take, self._noting = nobody, _nobody_looks, _NOBODY

    # --- steps that can be held ----------------------------------------------------------------

    # ruff: noqa: D102 - what each tells is said in `Reporter`

    def emit(self, fact: Callable[[int, int, int, int, *_Values], events.Event], *values: *_Values) -> None:
        # Now, because the exchange of a request that is held has no number before.
        self.let_go()
        Reporter.emit(self, fact, *values)

    def emit_read(
        self, fact: Callable[[int, int, int, int, *_Values], events.Event], *values: *_Values
    ) -> None:
        # Now, because what is held may have a later time.
        self.let_go()
        Reporter.emit_read(self, fact, *values)

    def sent(self, count: int, started_ns: int) -> None:
        if self.step != ASKED:
            Reporter.sent(self, count, started_ns)
            return
        now = now_ns()
        self.sent_length += count
        self.moved = count, now, now - started_ns
        self.step = SENT

    def received(self, data: bytes, started_ns: int, tls_truncated: bool = False) -> None:
        if (self.step != WAITING and self.step != BEGUN) or not 0 < len(data) <= MOST:
            Reporter.received(self, data, started_ns, tls_truncated)
            return
        now, start = now_ns(), self.received_length
        self.received_length = start + len(data)
        self.moved = now, now - started_ns, start, data
        self.derives = self.step == WAITING
        self.step += 1

    def content(self, end: int, length: int, before: int) -> None:
        if self.step != BEGUN and self.step != RECEIVED:
            Reporter.content(self, end, length, before)
        else:
            self.parsed = end - length, length, before
            self.step = TAKEN

    def message_completed(self, complete: bool, reason: str, length: int) -> None:
        if self.step != TAKEN:
            Reporter.message_completed(self, complete, reason, length)
        else:
            self.settled = complete, reason, length
            self.step = COMPLETED

    def state_changed(self, before: State, after: State, cause: str) -> None:
        if self.step == COMPLETED and cause == "read":
            self.changed = before._value_, after._value_
            self.step = ENDED
        elif self.step == CAME and self.answer is not None and cause == "getresponse":
            self.changed = before._value_, after._value_
            self.step = GIVEN
        else:
            Reporter.state_changed(self, before, after, cause)
