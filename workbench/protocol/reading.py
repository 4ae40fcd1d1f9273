"""What `read` and its kin promise, made of pieces of content.

A call that fails loses nothing: what it had taken is in `IncompleteRead.partial` when the
content is cut short, and comes with the next call when receiving failed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from workbench.protocol.content import Content
from workbench.protocol.errors import IncompleteRead
from workbench.protocol.limits import MAX_RECEIVE_SIZE, RECEIVE_SIZE


class ContentReader:
    """Reads one response's content, in the ways of `io.BufferedIOBase`."""

    __slots__ = ("_content", "_laid_by")

    def __init__(self, content: Content) -> None:
        self._content = content
        self._laid_by = b""
        """Content that was taken and not handed out."""

    @property
    def laid_by(self) -> int:
        """The bytes that a call had taken when it failed, and that come with the next one."""
        return len(self._laid_by)

    @property
    def ended(self) -> bool:
        """Everything was handed out."""
        return self._content.ended and not self._laid_by

    def read(self, amount: int | None) -> bytes:
        """Read so many bytes, or all; fewer only at the end."""
        left = MAX_RECEIVE_SIZE if amount is None else amount
        if not left:
            return b""
        pieces: list[bytes | memoryview] = []
        try:
            # A large amount is waited for to its end: no byte behind it saves a call.
            ahead = left < RECEIVE_SIZE
            gather = self._gather if self._laid_by else self._content.gather
            while (count := gather(left, pieces, ahead)) and not self.ended:
                if amount is not None:
                    left -= count
                    if not left:
                        break
        except BaseException as exception:
            self._keep(pieces, exception)
            raise
        finally:
            self._content.report()
        if len(pieces) == 1 and isinstance(pieces[0], bytes):
            return pieces[0]
        return b"".join(pieces)

    def read1(self, limit: int) -> bytes:
        """Read what is there, at most `limit` bytes, waiting once at most."""
        with self._keeping([]):
            return self._next(limit)

    def readinto(self, view: memoryview) -> int:
        """Fill the view; less only at the end."""
        filled = 0
        ahead = len(view) < RECEIVE_SIZE
        try:
            size = len(view)
            while filled < size and (count := self._next_into(view[filled:] if filled else view, ahead)):
                filled += count
        except BaseException as exception:
            self._keep([bytes(view[:filled])], exception)
            raise
        finally:
            self._content.report()
        return filled

    def readline(self, limit: int | None) -> bytes:
        """Read up to and including the next LF, at most `limit` bytes."""
        left = limit
        pieces: list[bytes] = []
        with self._keeping(pieces):
            while left != 0:
                shown = self._show()
                end = shown.find(b"\n") + 1 or max(len(shown), 1)
                piece = self._next(end if left is None else min(end, left))
                pieces.append(piece)
                left = None if left is None else left - len(piece)
                if not piece or piece.endswith(b"\n"):
                    break
        return b"".join(pieces)

    def peek(self) -> bytes:
        """Show what is there, waiting once where there is nothing."""
        with self._keeping([]):
            return self._show()

    def _next(self, limit: int) -> bytes:
        if self._laid_by:
            piece, self._laid_by = self._laid_by[:limit], self._laid_by[limit:]
            return piece
        return self._content.piece(limit)

    def _gather(self, limit: int, pieces: list[bytes | memoryview], ahead: bool) -> int:
        if not self._laid_by:
            return self._content.gather(limit, pieces, ahead)
        pieces.append(self._next(limit))
        return len(pieces[-1])

    def _next_into(self, view: memoryview, ahead: bool) -> int:
        if not self._laid_by:
            return self._content.piece_into(view, ahead)
        piece = self._next(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def _show(self) -> bytes:
        if not self._laid_by and not self._content.ended:
            shown = self._content.peek()
            if shown or self._content.ended:
                return shown
            # Content with a coding shows nothing before it is decoded.
            self._laid_by = self._content.piece(RECEIVE_SIZE)
        return self._laid_by

    @contextmanager
    def _keeping(self, pieces: list[bytes]) -> Iterator[None]:
        """Lose none of the pieces that a call has taken before it fails."""
        try:
            yield
        except BaseException as exception:
            self._keep(pieces, exception)
            raise
        finally:
            self._content.report()

    def _keep(self, pieces: Sequence[bytes | memoryview], exception: BaseException) -> None:
        if isinstance(exception, IncompleteRead):
            exception.partial = b"".join(pieces)
            exception.args = (exception.partial,)
        elif isinstance(exception, OSError):
            self._laid_by = b"".join(pieces) + self._laid_by
