"""Received bytes, read once more by our own client, with nobody at the other end.

The script of the conversations is run as always, on connections whose socket is a file of what was received. So
every event is one of the client, and the recording can be looked at like any other. Its times are those of the replay.
"""

import io
from collections.abc import Sequence
from typing import Any

from workbench import protocol
from workbench.imports.conversation import Conversation
from workbench.protocol import HTTPConnection, HTTPSConnection, create_tls_context, tap
from workbench.session.namespace import Namespace
from workbench.session.plan_script import script_of
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.script_run import run_recorded

TIMEOUT_SECONDS = 30.0
"""Nothing is waited for; an interpreter wants to know all the same."""


def replay(conversations: Sequence[Conversation], name: str) -> Recording:
    """Make a recording.

    Args:
        conversations: Each has a connection of its own.
        name: What is replayed, for people.

    Raises:
        CannotWriteCalls: A request is none that calls can make.
    """
    source = script_of_all(conversations)
    left = list(conversations)
    recording = Recording()
    run_recorded(
        parse_script(source, name),
        Recorder(recording),
        timeout_seconds=TIMEOUT_SECONDS,
        namespace=_namespace(),
        on_connection=lambda connection: _answer_from(connection, left.pop(0)),
    )
    return recording


def script_of_all(conversations: Sequence[Conversation]) -> str:
    """Write the script of all requests, with what is to be known about the answers."""
    scripts = []
    for one in conversations:
        remark = f"# Imported: {one.remark}.\n" if one.remark else ""
        scripts.append(remark + script_of(one.plan))
    return "\n".join(scripts)


def _answer_from(connection: Any, conversation: Conversation) -> None:
    """Have a connection find, when it is opened, what was received."""

    def open_socket(address: tuple[str, int], *_: object) -> _Received:
        if connection.reporter is not None:
            host, port = address
            where = conversation.address or host
            connection.reporter.emit(tap.HostLookupStarted, host, port)
            connection.reporter.emit(tap.HostLookupFinished, (where,), None, 0)
            connection.reporter.emit(tap.Connected, where, port, "0.0.0.0", 0, 0)  # noqa: S104 - no address at all
        return _Received(conversation.received)

    connection._create_connection = open_socket  # noqa: SLF001 - the place where programs put such things


class _Received:
    """A socket as far as a client needs one that reads from a file."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BufferedReader(io.BytesIO(data))

    def makefile(self, *_: object) -> io.BufferedIOBase:
        return self._file

    def sendall(self, data: object) -> None:
        """Nobody is there to get it."""

    def setsockopt(self, *_: object) -> None:
        """There is nothing to set."""

    def settimeout(self, _: object) -> None:
        """Nothing takes time."""

    def close(self) -> None:
        """There is nothing to close; a response may still read."""


class _PlainHTTPSConnection(HTTPSConnection):
    """What TLS carried has no TLS around it any more."""

    def connect(self) -> None:
        HTTPConnection.connect(self)
        if self.reporter is not None:
            self.reporter.emit(tap.TlsStarted, self._tunnel_host or self.host)


def _namespace() -> Namespace:
    """Give what a script reaches, with connections that do no TLS."""
    return Namespace(_Client(), create_tls_context)


class _Client:
    """The names of `workbench.protocol`, with one of our own."""

    def __init__(self) -> None:
        vars(self).update(vars(protocol))
        self.HTTPSConnection = _PlainHTTPSConnection
