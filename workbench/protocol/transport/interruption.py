"""Waking a thread that is blocked on a socket."""

import socket


def shut_down(sock: socket.socket) -> None:
    """Wake whoever is blocked on the socket. It may be closed, or not connected yet."""
    try:
        # Not the method: that of SSLSocket takes the TLS layer away from the blocked thread.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        # Nobody is blocked on a socket that is not there.
        return


def interruption() -> ConnectionAbortedError:
    """What the blocked call raises."""
    return ConnectionAbortedError("interrupted")
