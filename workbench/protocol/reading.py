"""What `read` and its kin promise, made of pieces of content.

A call that fails loses nothing: what it had taken is in `IncompleteRead.partial` when the
content is cut short, and comes with the next call when receiving failed.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import chain

from workbench.protocol.errors import IncompleteRead
from workbench.protocol.limits import MAX_RECEIVE_SIZE, RECEIVE_SIZE

_FEW = 16
"""Pieces that are joined in one step, whatever their size."""

_LARGE = 16 * 1024
"""Bytes of a piece on average from which on more than a few pieces are not joined in one step."""


def _join(pieces: list[bytes | memoryview]) -> bytes:
    """Join pieces, and empty the list.

    To join much in one step keeps all other threads from the interpreter: with 16 MB that are new to the process, for
    more than ten milliseconds. A `BytesIO` takes piece by piece, and gives what it holds without another copy. Each
    piece is let go as soon as it is copied, so the memory for all of them is not needed twice.
    """
    if len(pieces) <= _FEW or sum(map(len, pieces[:_FEW])) < _FEW * _LARGE:
        return b"".join(pieces)
    pieces.reverse()
    joined = BytesIO()
    while pieces:
        joined.write(pieces.pop())
    return joined.getvalue()


class Readable:
    """Something that gives pieces of content, and so can be read in the ways of `io.BufferedIOBase`."""

    ended: bool
    """Nothing more comes: all of the body was passed, or it cannot be followed any further."""

    laid_by: deque[bytes | memoryview] | tuple[()]
    """Content that a call had taken when it failed, and that comes with the next one, in pieces of any size but none."""

    # --- what it is made of --------------------------------------------------------------

    def piece(self, limit: int, ahead: bool = True) -> bytes:
        """Take some content, waiting once at most where it is not framed in chunks.

        Args:
            limit: The largest piece, at least 1.
            ahead: As for `Receiver.some`.

        Returns:
            Empty when the body has ended.

        Raises:
            IncompleteRead: The connection ended before the body; `partial` is empty, for only
                the caller knows what came before.
        """
        raise NotImplementedError

    def gather(self, limit: int, pieces: list[bytes | memoryview], ahead: bool) -> int:
        """Take some content, as `piece` does, in one or more pieces.

        Args:
            limit: The bytes of all pieces at most, at least 1.
            pieces: Gets them. What is there already stays, also where this fails.
            ahead: As for `Receiver.some`.

        Returns:
            Their bytes; 0 when the body has ended.
        """
        piece = self.piece(limit, ahead)
        if piece:
            pieces.append(piece)
        return len(piece)

    def piece_into(self, view: memoryview, ahead: bool = True) -> int:
        """Take some content into memory of the caller."""
        data = self.piece(len(view), ahead)
        view[: len(data)] = data
        return len(data)

    def shown(self) -> bytes:
        """Show the content that is there, waiting once where there is none."""
        raise NotImplementedError

    def report(self) -> None:
        """Tell the tap of the content taken since it was told last."""
        raise NotImplementedError

    # --- what is made of that ------------------------------------------------------------

    def read(self, amount: int | None) -> bytes:
        """Read so many bytes, or all; fewer only at the end."""
        left = MAX_RECEIVE_SIZE if amount is None else amount
        if not left:
            return b""
        pieces: list[bytes | memoryview] = []
        try:
            # A large amount is waited for to its end: no byte behind it saves a call.
            ahead = left < RECEIVE_SIZE
            gather = self._gather if self.laid_by else self.gather
            while count := gather(left, pieces, ahead):
                if amount is not None:
                    left -= count
                    if not left:
                        break
                if self.ended and not self.laid_by:
                    break
        except BaseException as exception:
            self._keep(pieces, exception)
            raise
        finally:
            self.report()
        if len(pieces) == 1 and isinstance(pieces[0], bytes):
            return pieces[0]
        return _join(pieces)

    def read1(self, limit: int) -> bytes:
        """Read what is there, at most `limit` bytes, waiting once at most."""
        # A context manager would take as long as all else of a small piece.
        try:
            return self._next(limit)
        except BaseException as exception:
            self._keep((), exception)
            raise
        finally:
            self.report()

    def readinto(self, view: memoryview, filled: int = 0) -> int:
        """Fill the view; less only at the end.

        Args:
            view: Memory of the caller.
            filled: So much content of this call is in it already.
        """
        size = len(view)
        ahead = size < RECEIVE_SIZE
        try:
            piece_into = self._next_into if self.laid_by else self.piece_into
            while filled < size and (count := piece_into(view[filled:] if filled else view, ahead)):
                filled += count
        except BaseException as exception:
            self._keep([bytes(view[:filled])], exception)
            raise
        finally:
            self.report()
        return filled

    def readline(self, limit: int | None) -> bytes:
        """Read up to and including the next LF, at most `limit` bytes."""
        left = limit
        pieces: list[bytes | memoryview] = []
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

    def peek(self, _: None = None) -> bytes:
        """Show what is there, waiting once where there is nothing."""
        with self._keeping([]):
            return self._show()

    def _lay_by(self, pieces: Iterable[bytes | memoryview]) -> None:
        """Lay by what was taken last, before what was laid by earlier."""
        self.laid_by = deque(filter(len, chain(pieces, self.laid_by)))

    def _next(self, limit: int) -> bytes:
        if not self.laid_by:
            return self.piece(limit)
        piece = self.laid_by.popleft()
        if len(piece) > limit:
            # Without a copy of what is left, which may be long.
            self.laid_by.appendleft(memoryview(piece)[limit:])
            piece = piece[:limit]
        return bytes(piece)

    def _gather(self, limit: int, pieces: list[bytes | memoryview], ahead: bool) -> int:
        if not self.laid_by:
            return self.gather(limit, pieces, ahead)
        pieces.append(self._next(limit))
        return len(pieces[-1])

    def _next_into(self, view: memoryview, ahead: bool) -> int:
        if not self.laid_by:
            return self.piece_into(view, ahead)
        piece = self._next(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def _show(self) -> bytes:
        if not self.laid_by and not self.ended:
            shown = self.shown()
            if shown or self.ended:
                return shown
            # Content with a coding shows nothing before it is decoded.
            self._lay_by([self.piece(RECEIVE_SIZE)])
        return bytes(self.laid_by[0][:RECEIVE_SIZE]) if self.laid_by else b""

    @contextmanager
    def _keeping(self, pieces: list[bytes | memoryview]) -> Iterator[None]:
        """Lose none of the pieces that a call has taken before it fails."""
        try:
            yield
        except BaseException as exception:
            self._keep(pieces, exception)
            raise
        finally:
            self.report()

    def _keep(self, pieces: Iterable[bytes | memoryview], exception: BaseException) -> None:
        if isinstance(exception, IncompleteRead):
            exception.partial = b"".join(pieces)
            exception.args = (exception.partial,)
        elif isinstance(exception, OSError):
            self._lay_by(pieces)
