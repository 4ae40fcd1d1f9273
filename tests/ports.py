"""Ports that stay what a test says of them: they are held, so that the system gives them to nobody meanwhile.

A port that was let go is given out again: `create_server` chooses from about 7,000, so that on a machine that runs
other tests too the next server may well get the one that a test believes to be closed.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def closed_port() -> Iterator[int]:
    """Give a port of 127.0.0.1 that refuses every connection: it is taken, and nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextmanager
def kept_port() -> Iterator[int]:
    """Give a port of 127.0.0.1 for a server that cannot choose one; it has to set SO_REUSEADDR, as servers do.

    Linux lets such a server listen beside a socket that has the option too and does not listen.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
