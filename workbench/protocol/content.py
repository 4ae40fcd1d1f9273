"""How the content of a response is taken out of the bytes of its body, piece by piece.

One class per kind of framing. Each gives content in pieces of a bounded size, tells the tap
what it passed, and says when the body is at its end. What a caller's `read` promises is made
of these pieces in `response`.
"""

import sys
from collections.abc import Callable, Iterable

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
        self._start = receiver.offset
        self.ended = self.failed = False
        """`failed`: it ended before its end."""

        self.laid_by = b""
        self.taken = self._reported_taken = 0
        """`taken`: the bytes of content handed out so far."""

    @property
    def bypassed(self) -> bool:
        """Somebody else takes the body out of the receiver, and no byte of it was taken here."""
        return not self.taken and self._receiver.offset > self._start

    @property
    def remaining(self) -> int | None:
        """The bytes of content up to the end, where that is known."""
        return None

    @property
    def _run(self) -> int:
        """The bytes of content that come next in one piece, as far as is known before any is taken."""
        return 0

    def readline(self, limit: int | None) -> bytes:
        """Read up to and including the next LF, at most `limit` bytes."""
        # Most lines are there as a whole, and need not be looked for piece by piece.
        if run := 0 if self.laid_by else self._run:
            buffered, start = self._receiver.window()
            end = buffered.find(b"\n", start, start + (run if limit is None else min(run, limit))) + 1
            if end:
                self._receiver.skip(end - start)
                self._pass(end - start)
                if self._receiver.reporter is not None:
                    self.report()
                return buffered[start:end]
        return Readable.readline(self, limit)

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
        length = self.taken - self._reported_taken
        # Content is contiguous between two reports, and the last of it was taken last.
        start = self._receiver.offset - length
        reporter.content(start, length, self._reported_taken)
        self._reported_taken = self.taken


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
        self._left = length
        self.ended = not length

    @property
    def remaining(self) -> int:
        """The bytes up to the end."""
        return self._left

    @property
    def _run(self) -> int:
        return self._left

    def read(self, amount: int | None) -> bytes:
        """Read so many bytes, or all; fewer only at the end."""
        count = self._left if amount is None or amount > self._left else amount
        # What has come with the head, as most small content does, or comes in one piece, as most of what is read
        # piece by piece, need not be gathered.
        if not self.laid_by:
            receiver = self._receiver
            data = receiver.take(count) if count < RECEIVE_SIZE else receiver.receive_whole(count)
            if data:
                self.taken += count
                self._left -= count
                self.ended = not self._left
                if receiver.reporter is not None:
                    self.report()
                return data
        return Readable.read(self, amount)

    def readinto(self, view: memoryview) -> int:
        """Fill the view; less only at the end."""
        count = min(len(view), self._left)
        if count < RECEIVE_SIZE and not self.laid_by and (data := self._receiver.take(count)):
            view[:count] = data
            self._pass(count)
            if self._receiver.reporter is not None:
                self.report()
            return count
        return Readable.readinto(self, view)

    def piece(self, limit: int, ahead: bool = True) -> bytes:
        """Take some content."""
        if self.ended:
            return b""
        data = self._receiver.some(min(limit, self._left), ahead)
        self._pass(len(data))
        return data

    def gather(self, limit: int, pieces: list[bytes | memoryview], ahead: bool) -> int:
        """Take some content in one piece."""
        if self.ended:
            return 0
        limit = min(limit, self._left)
        piece = self._receiver.rest(limit) or self._receiver.some(limit, ahead)
        pieces.append(piece)
        self._pass(len(piece))
        return len(piece)

    def piece_into(self, view: memoryview, ahead: bool = True) -> int:
        """Take some content, straight from the socket where nothing is buffered."""
        if self.ended:
            return 0
        count = self._receiver.some_into(view[: self._left], ahead)
        self._pass(count)
        return count

    def shown(self) -> bytes:
        """Show what is there of it."""
        return b"" if self.ended else self._receiver.peek(self._left)[: self._left]

    def _pass(self, count: int) -> None:
        if not count:
            self._end_early()
            return
        self.taken += count
        self._left -= count
        if not self._left:
            self.ended = True

    def _end_early(self) -> None:
        at = self._receiver.offset
        missing = f"{self._left} bytes missing"
        try:
            self._settle([Diagnostic(Code.BODY_TRUNCATED, at, at, b"", "body", missing)])
        except IncompleteRead as exception:
            exception.expected = self._left
            raise
        self.ended = self.failed = True


class ContentUntilClose(Content):
    """Rules 4 and 8: everything until the connection ends."""

    _run = sys.maxsize

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
        self.taken += count
        if not count:
            self.ended = True
            self._check_tls_end()

    def _check_tls_end(self) -> None:
        """Content that ends with the connection is only whole if TLS ended in order."""
        if self._receiver.tls_truncated:
            at = self._receiver.offset
            self._settle([Diagnostic(Code.TLS_TRUNCATION, at, at, b"", "body")])
