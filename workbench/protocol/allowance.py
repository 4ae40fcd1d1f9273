"""What one exchange may take in all: time, and received bytes.

The time-out of a socket starts anew with every byte, so it never ends an exchange with a peer
that sends a little now and then, for ever.
"""

import time

from workbench.protocol.errors import HTTPException


class Allowance:
    """Counts down during one exchange.

    Args:
        seconds: From now to the end of the response; None for as long as it takes.
        byte_count: Bytes that may be received; None for as many as come.
    """

    def __init__(self, seconds: float | None, byte_count: int | None) -> None:
        self._seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds
        self._ends_wait = False
        """The last wait was given no more time than was left until the deadline."""

        self._byte_count = byte_count
        self._bytes_left = byte_count

    def timeout(self, socket_timeout: float | None) -> float | None:
        """Give the seconds that the next call on the socket may block.

        Args:
            socket_timeout: What it may block in any case; None for ever.

        Raises:
            TimeoutError: The time is over.
        """
        if self._end is None:
            return socket_timeout
        left = self._end - time.monotonic()
        if left <= 0:
            raise self._overrun()
        self._ends_wait = socket_timeout is None or left <= socket_timeout
        return left if self._ends_wait else socket_timeout

    def cause_of(self, error: OSError) -> OSError:
        """Give what is behind an error of the socket: the deadline, where that has ended the wait."""
        # One that the kernel gives up a connection with, where the peer is gone, has a number.
        timed_out = isinstance(error, TimeoutError) and error.errno is None
        return self._overrun() if self._ends_wait and timed_out else error

    def _overrun(self) -> TimeoutError:
        return TimeoutError(f"the exchange took longer than its deadline of {self._seconds:g} seconds")

    def room(self, size: int) -> int:
        """Give the bytes that the next call may ask for.

        Where none is left, it is one: to see that the stream ends there, a response has to ask for more.

        Args:
            size: What would be asked for in any case.
        """
        return size if self._bytes_left is None else min(size, max(self._bytes_left, 1))

    def room_ahead(self, size: int) -> int:
        """Give the bytes that may be received while something else is waited for: none where none is left.

        Args:
            size: What would be asked for in any case.
        """
        return size if self._bytes_left is None else min(size, max(self._bytes_left, 0))

    def spend(self, count: int) -> None:
        """Count received bytes.

        Raises:
            HTTPException: There are more than may be received.
        """
        if self._bytes_left is None:
            return
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise HTTPException(f"got more than {self._byte_count} bytes in one exchange")
