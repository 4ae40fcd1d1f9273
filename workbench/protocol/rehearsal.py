"""What would a call send? Try it on a copy of the connection whose bytes go nowhere."""

import copy
from typing import Any

from workbench.protocol.client import HTTPConnection


class _Sink:
    """A socket that keeps what it is sent, and connects to nobody."""

    def __init__(self) -> None:
        self.sent = bytearray()

    def sendall(self, data: Any) -> None:
        self.sent += data

    def close(self) -> None:
        """Nothing is open."""


class _UnreadResponse:
    """Stands for the response that the original has not read to its end."""

    def isclosed(self) -> bool:
        """No: that is what makes it unread."""
        return False

    def close(self) -> None:
        """It is the original's."""


class Rehearsal:
    """A copy of a connection, in the same state, that nobody hears."""

    def __init__(self, connection: HTTPConnection) -> None:
        self.connects = connection.sock is None
        """The first call that sends would open the connection."""

        self._sink = _Sink()
        copied = self.connection = copy.copy(connection)
        # A tapped connection has a class of its own, which reports; the copy must not.
        copied.__class__ = getattr(type(connection), "unreported_class", type(connection))
        # Attributes of the object come before the methods of whatever class it has.
        own = {
            "reporter": None,
            "holder": None,
            "debuglevel": 0,
            "connect": self._connect,
            "sock": None if self.connects else self._sink,
            "_announce": lambda _: None,
            "_buffer": list(connection._buffer),
            "_transport": None,
            "_given_away": None,
            "_refusal": None,
            "_HTTPConnection__half_read": None,
            "_HTTPConnection__response": _UnreadResponse() if "UNREAD" in connection.state else None,
        }
        for name, value in own.items():
            setattr(copied, name, value)

    def _connect(self) -> None:
        self.connection.sock = self._sink

    @property
    def queued_bytes(self) -> bytes:
        """What the copy has queued and not sent, the lines of the original included."""
        return b"".join(line + b"\r\n" for line in self.connection._buffer)

    @property
    def sent_bytes(self) -> bytes:
        """What the copy would have sent."""
        return bytes(self._sink.sent)


def rehearse(connection: HTTPConnection) -> Rehearsal:
    """Make a copy to try a call on: `rehearse(conn).connection.putheader("A", "b")`.

    The copy opens no socket and its calls are not reported. Calls that wait for the server have
    nothing to wait for there, so they must not be tried.
    """
    return Rehearsal(connection)
