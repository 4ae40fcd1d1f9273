"""What all call sequences of one process share: a server that behaves, and certificates."""

import ssl
from functools import cache
from typing import NamedTuple

import trustme

from tests.fuzz.peers import GoodServer


class Surroundings(NamedTuple):
    """Shared by all call sequences."""

    good: GoodServer
    server_context: ssl.SSLContext
    client_context: ssl.SSLContext


@cache
def surroundings() -> Surroundings:
    """Start the server, once in a process."""
    authority = trustme.CA()
    tunnel_names = ("xn--h-bga.test",)
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*tunnel_names, "localhost", "127.0.0.1", "::1").configure_cert(server_context)
    client_context = ssl.create_default_context()
    authority.configure_trust(client_context)
    return Surroundings(GoodServer(server_context), server_context, client_context)
