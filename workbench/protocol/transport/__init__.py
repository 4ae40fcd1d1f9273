"""Sockets and TLS: the only package below `protocol` that imports them.

- `dialer` opens TCP connections, one address after another.
- `channel` is an open socket, as far as one receives from it; `connected` adds the rest.
- `tls` puts TLS over it.
- `interruption` wakes a thread that is blocked in any of them.
"""

from workbench.protocol.transport.connected import Transport
from workbench.protocol.transport.dialer import GLOBAL_DEFAULT_TIMEOUT, Address, Dialer, set_no_delay
from workbench.protocol.transport.tls import (
    TlsContext,
    create_default_https_context,
    create_tls_context,
    is_verified,
    load_client_certificate,
    shake_hands,
    wrap_tls,
)

__all__ = [
    "GLOBAL_DEFAULT_TIMEOUT",
    "Address",
    "Dialer",
    "TlsContext",
    "Transport",
    "create_default_https_context",
    "create_tls_context",
    "is_verified",
    "load_client_certificate",
    "set_no_delay",
    "shake_hands",
    "wrap_tls",
]
