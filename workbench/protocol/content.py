"""How the content of a response is taken out of the bytes of its body, piece by piece.

One class per kind of framing. Each gives content in pieces of a bounded size, tells the tap
what it passed, and says when the body is at its end. What a caller's `read` promises is made
of these pieces in `reading`.
"""

import sys
from collections.abc import Callable, Iterable
from operator import index

from workbench.protocol.errors import IncompleteRead
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.reading import Readable
from workbench.protocol.receive import Receiver
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.fields import FieldSection

Settle = Callable[[Iterable[Diagnostic]], None]
"""Raises for the first diagnostic that the policy does not accept, tells the tap of the others."""


class Content(Readable):
    """The content that is still to come."""

    trailer_section: FieldSection | None = None
    """What stood behind the last chunk, once it was passed."""

    def __init__(self, receiver: Receiver, settle: Settle) -> None:
        self._receiver = receiver
        self._settle = settle
        self.ended = self.failed = False
        """`failed`: it ended before its end."""

        self.laid_by = ()
        self.run = self.framed = self._reported_taken = 0
        """`run`: the bytes of content that come next with no framing in between, as far as is known. `framed`:
        those of all runs so far, whatever was taken of them."""

    @property
    def taken(self) -> int:
        """The bytes of content handed out so far."""
        # So a call that takes some has one number to change.
        return self.framed - self.run

    def bypassed(self, start: int) -> bool:
        """Whether somebody else takes the body, which begins at this place, and no byte of it was taken here."""
        return not self.taken and self._receiver.offset > start

    @property
    def remaining(self) -> int | None:
        """The bytes of content up to the end, where that is known."""
        return None

    # --- what need not be waited for -----------------------------------------------------

    # `take`, `take_some` and `take_line` do what the reads of the same kind do, in fewer steps, where nothing has to be
    # waited for and nothing can fail; so it is in most calls of a program that reads piece by piece. The bookkeeping
    # stands in each of them, for a call would take as long as a fifth of all that is done for a line.

    def take(self, count: int) -> bytes:
        """Take so many bytes, at least 1, where they are there; else none."""
        if self.laid_by:
            return b""
        run = self.run or self._next_run()
        if count > run:
            return self._take_across(count)
        receiver = self._receiver
        start = receiver.position
        end = start + count
        if end > len(receiver.data):
            return b""
        # First of all: it raises where the count is no whole number.
        data = receiver.data[start:end]
        receiver.position = end
        self.run = left = run - count
        if not left:
            self._end_run()
        if receiver.reporter is not None:
            self.report()
        return data

    def take_rest(self) -> bytes:
        """Take all that is left, where it is known how much that is, and it is there; else none."""
        return b""

    def take_some(self, limit: int) -> bytes:
        """Take what is there of the next run, at most `limit` bytes."""
        if self.laid_by:
            return b""
        run = self.run or self._next_run()
        receiver = self._receiver
        start = receiver.position
        data = receiver.data[start : start + run] if run < limit else receiver.data[start : start + limit]
        if data:
            count = len(data)
            receiver.position = start + count
            self.run = left = run - count
            if not left:
                self._end_run()
            if receiver.reporter is not None:
                self.report()
        return data

    def take_line(self, limit: int | None) -> bytes:
        """Take the bytes up to and including the next LF, or as many as the limit allows, where they are there; else none."""
        if self.laid_by:
            return b""
        run = self.run or self._next_run()
        receiver = self._receiver
        data, start = receiver.data, receiver.position
        # Hardly anything stands behind a run in which there is none.
        end = (data.find(b"\n", start) if limit is None else data.find(b"\n", start, start + limit)) + 1
        count = end - start
        if count <= 0 and limit and limit <= run and start + limit <= len(data):
            end, count = start + limit, limit
        elif count <= 0 or count > run:
            return self._take_line_across(limit)
        receiver.position = end
        self.run = left = run - count
        if not left:
            self._end_run()
        if receiver.reporter is not None:
            self.report()
        return data[start:end]

    def _take_across(self, count: int) -> bytes:
        """Do what `take` does, out of more than one run."""
        return b""

    def _take_line_across(self, limit: int | None) -> bytes:
        """Do what `take_line` does, out of more than one run."""
        return b""

    def _next_run(self) -> int:
        """Begin the next run, where that is possible without waiting; give its bytes, or 0."""
        return 0

    def _end_run(self) -> None:
        """All of a run was taken."""

    # --- the rest --------------------------------------------------------------------------

    def _pass(self, count: int) -> None:
        """Count bytes of content that were taken; none of them where nothing more comes."""

    def report(self) -> None:
        """Tell the tap of the content taken since it was told last.

        Called at the end of each call of the API, and of each chunk: so the events do not
        depend on how the bytes came.
        """
        reporter = self._receiver.reporter
        if reporter is None:
            return
        before, taken = self._reported_taken, self.framed - self.run
        if before != taken:
            self._reported_taken = taken
            # Content is contiguous between two reports, and the last of it was taken last.
            reporter.content(self._receiver.offset, taken - before, before)


class NoContent(Content):
    """Rules 1 and 7: nothing comes."""

    def __init__(self, receiver: Receiver, settle: Settle) -> None:
        super().__init__(receiver, settle)
        self.ended = True

    @property
    def remaining(self) -> int:
        """Nothing."""
        return 0

    def piece(self, limit: int, ahead: bool = True) -> bytes:
        """Nothing."""
        return b""


class ContentOfLength(Content):
    """Rule 6: so many bytes."""

    def __init__(self, receiver: Receiver, settle: Settle, length: int) -> None:
        # `super()` takes as long as all of this.
        Content.__init__(self, receiver, settle)
        self.run = self.framed = length
        self.ended = not length

    @property
    def remaining(self) -> int:
        """The bytes up to the end."""
        return self.run

    def take_rest(self) -> bytes:
        """Take all that is left, where it is there; else none."""
        receiver = self._receiver
        start = receiver.position
        end = start + self.run
        if self.laid_by or end > len(receiver.data):
            return b""
        receiver.position = end
        self.run = 0
        self.ended = True
        if receiver.reporter is not None:
            self.report()
        return receiver.data[start:end]

    def _take_across(self, count: int) -> bytes:
        # As `take` has it: it raises where the count is no whole number.
        index(count)
        return self.take_rest()

    def read(self, amount: int | None) -> bytes:
        """Read so many bytes, or all; fewer only at the end."""
        count = self.run if amount is None or amount > self.run else amount
        # What comes in one piece, as most of what is read piece by piece, need not be gathered.
        if count >= RECEIVE_SIZE and not self.laid_by:
            receiver = self._receiver
            data = receiver.receive_whole(count)
            if data:
                self.run -= count
                self.ended = not self.run
                if receiver.reporter is not None:
                    self.report()
                return data
        return Readable.read(self, amount)

    def readinto(self, view: memoryview, filled: int = 0) -> int:
        """Fill the view; less only at the end."""
        size, run = len(view), self.run
        # As in `read`: what comes in one piece need not be gathered.
        if RECEIVE_SIZE <= size <= run and not (filled or self.laid_by):
            receiver = self._receiver
            filled = receiver.some_into(view, ahead=False)
            self.run = run - filled
            self.ended = filled == run
            if filled == size:
                if receiver.reporter is not None:
                    self.report()
                return size
        return Readable.readinto(self, view, filled)

    def piece(self, limit: int, ahead: bool = True) -> bytes:
        """Take some content."""
        if self.ended:
            return b""
        data = self._receiver.some(min(limit, self.run), ahead)
        self._pass(len(data))
        return data

    def gather(self, limit: int, pieces: list[bytes | memoryview], ahead: bool) -> int:
        """Take some content in one piece."""
        if self.ended:
            return 0
        limit = min(limit, self.run)
        piece = self._receiver.rest(limit) or self._receiver.some(limit, ahead)
        pieces.append(piece)
        self._pass(len(piece))
        return len(piece)

    def piece_into(self, view: memoryview, ahead: bool = True) -> int:
        """Take some content, straight from the socket where nothing is buffered."""
        if self.ended:
            return 0
        run = self.run
        count = self._receiver.some_into(view if len(view) <= run else view[:run], ahead)
        if 0 < count < run:
            self.run = run - count
        else:
            self._pass(count)
        return count

    def shown(self) -> bytes:
        """Show what is there of it."""
        return b"" if self.ended else self._receiver.shown(self.run)

    def _pass(self, count: int) -> None:
        if not count:
            self._end_early()
            return
        self.run -= count
        if not self.run:
            self.ended = True

    def _end_run(self) -> None:
        self.ended = True

    def _end_early(self) -> None:
        at = self._receiver.offset
        missing = f"{self.run} bytes missing"
        try:
            self._settle([Diagnostic(Code.BODY_TRUNCATED, at, at, b"", "body", missing)])
        except IncompleteRead as exception:
            exception.expected = self.run
            raise
        self.ended = self.failed = True


class ContentUntilClose(Content):
    """Rules 4 and 8: everything until the connection ends."""

    def __init__(self, receiver: Receiver, settle: Settle) -> None:
        super().__init__(receiver, settle)
        self.run = self.framed = sys.maxsize

    def piece(self, limit: int, ahead: bool = True) -> bytes:
        """Take some content."""
        if self.ended:
            return b""
        data = self._receiver.some(limit, ahead)
        self._pass(len(data))
        return data

    def piece_into(self, view: memoryview, ahead: bool = True) -> int:
        """Take some content, straight from the socket where nothing is buffered."""
        if self.ended:
            return 0
        count = self._receiver.some_into(view, ahead)
        self._pass(count)
        return count

    def shown(self) -> bytes:
        """Show what is there."""
        return b"" if self.ended else self._receiver.peek(1)

    def _pass(self, count: int) -> None:
        self.run -= count
        if not count:
            self.ended = True
            self._check_tls_end()

    def _check_tls_end(self) -> None:
        """Content that ends with the connection is only whole if TLS ended in order."""
        if self._receiver.tls_truncated:
            at = self._receiver.offset
            self._settle([Diagnostic(Code.TLS_TRUNCATION, at, at, b"", "body")])
