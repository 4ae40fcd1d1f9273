"""TLS over an open socket."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from workbench.protocol import tap as events
from workbench.protocol.reporter import Reporter

TlsContext = ssl.SSLContext


def create_tls_context(
    cafile: str | None = None, capath: str | None = None, cadata: str | bytes | None = None
) -> ssl.SSLContext:
    """Make a context that checks certificates and host names, and offers HTTP/1.1.

    Args:
        cafile: A PEM file of the authorities to trust. Without any of the three, the system's.
        capath: A directory of such files.
        cadata: Such certificates themselves, PEM as `str` or DER as `bytes`.
    """
    return _for_http(ssl.create_default_context(cafile=cafile, capath=capath, cadata=cadata))


def create_default_https_context() -> ssl.SSLContext:
    """Make the context that this process has for HTTPS.

    Programs assign another function to the name in `ssl`, which is how PEP 476 lets them do
    without certificates.
    """
    make: Callable[[], ssl.SSLContext] = ssl._create_default_https_context  # noqa: SLF001 - PEP 476
    return _for_http(make())


def _for_http(context: ssl.SSLContext) -> ssl.SSLContext:
    context.set_alpn_protocols(["http/1.1"])
    if context.post_handshake_auth is not None:  # pragma: no branch - None without TLS 1.3 in OpenSSL
        context.post_handshake_auth = True
    return context


def load_client_certificate(context: ssl.SSLContext, cert_file: str | None, key_file: str | None) -> None:
    """Let the context show a certificate when it is asked for one.

    Args:
        context: Changed in place.
        cert_file: PEM, the chain of the client; may hold the key too.
        key_file: PEM, its private key.
    """
    if cert_file is None:
        raise ValueError("Expected cert_file together with key_file")
    context.load_cert_chain(cert_file, key_file)


def is_verified(context: ssl.SSLContext) -> bool:
    """Whether a context checks who answers."""
    return context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname


def wrap_tls(sock: Any, context: ssl.SSLContext, server_name: str) -> Any:
    """Put TLS over an open socket; the handshake is still to come.

    Args:
        sock: Given up: the result takes its place.
        context: What to trust, and what to show.
        server_name: Whom the certificate has to name.

    Raises:
        UnicodeError: A label of the name is empty or too long. The socket is not given up.
    """
    # `ssl` does the same when it has taken the socket, and leaves it open.
    server_name.encode("idna")
    with _noticing_truncation(context):
        return context.wrap_socket(
            sock, server_hostname=server_name, do_handshake_on_connect=False, suppress_ragged_eofs=False
        )


_HIDES_TRUNCATION: int = getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
"""Makes OpenSSL 3 take a stream that was cut for one that ended in order. Python's own contexts set it
in 3.8 and 3.9 only, but it is what programs are told to set against `UNEXPECTED_EOF_WHILE_READING`."""

_options_lock = threading.Lock()


@contextmanager
def _noticing_truncation(context: ssl.SSLContext) -> Iterator[None]:
    """Let TLS that begins inside the block notice that it was cut (RFC 9112 section 9.8).

    > A response that has neither chunked transfer coding nor Content-Length is complete only if a
    > valid closure alert has been received.

    A connection takes over the options of its context when it is made, and OpenSSL keeps no other
    trace of how it ended, so the option is taken off for that moment. Whoever makes a connection
    with the same context just then, and not through us, gets `SSLSocket`'s own default for it
    (`suppress_ragged_eofs`), which gives the same as the option. A copy of the context would be
    better, and cannot be made.
    """
    with _options_lock:
        hidden = context.options & _HIDES_TRUNCATION
        if hidden:
            context.options &= ~_HIDES_TRUNCATION
        try:
            yield
        finally:
            if hidden:
                context.options |= _HIDES_TRUNCATION


def shake_hands(tls: Any, context: ssl.SSLContext, server_name: str, reporter: Reporter | None) -> None:
    """Do the TLS handshake.

    Raises:
        ssl.SSLError: It failed, for example because the certificate does not verify.
    """
    if reporter is None:
        tls.do_handshake()
        return
    reporter.emit(events.TlsStarted, server_name)
    started = time.perf_counter_ns()
    try:
        tls.do_handshake()
    except OSError as error:
        reporter.emit(events.TlsFailed, str(error), time.perf_counter_ns() - started)
        raise
    _report_session(tls, context, reporter, time.perf_counter_ns() - started)


def _report_session(tls: ssl.SSLSocket, context: ssl.SSLContext, reporter: Reporter, elapsed_ns: int) -> None:
    names: dict[str, Any] = tls.getpeercert() or {}
    cipher = tls.cipher()
    reporter.emit(
        events.TlsEstablished,
        tls.version() or "",
        cipher[0] if cipher else "",
        tls.selected_alpn_protocol(),
        is_verified(context),
        tls.getpeercert(binary_form=True) or b"",
        _join_names(names.get("subject", ())),
        _join_names(names.get("issuer", ())),
        names.get("notAfter", ""),
        elapsed_ns,
    )


def _join_names(names: Sequence[Sequence[tuple[str, str]]]) -> str:
    return ", ".join(f"{key}={value}" for group in names for key, value in group)
