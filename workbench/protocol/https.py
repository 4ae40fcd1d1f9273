"""HTTPSConnection: an HTTPConnection with TLS under it."""

from workbench.protocol.client import HTTPConnection
from workbench.protocol.policy import Policy
from workbench.protocol.reporter import Tap
from workbench.protocol.status import HTTPS_PORT
from workbench.protocol.transport import (
    GLOBAL_DEFAULT_TIMEOUT,
    Address,
    TlsContext,
    create_tls_context,
    is_verified,
    load_client_certificate,
    shake_hands,
    wrap_tls,
)
from workbench.protocol.wire.diagnostics import Code, Diagnostic


class HTTPSConnection(HTTPConnection, remembers=True):
    """The same over TLS. The server's certificate is checked, unless `context` says otherwise.

    Args:
        host: Name or address, with an optional `:port`; IPv6 addresses in brackets.
        port: Without one, that of the host, else 443.
        key_file: PEM file with the client's private key.
        cert_file: PEM file with the client's certificate chain.
        strict: True refuses a response without a status-line; else it is taken for HTTP/0.9.
        timeout: Seconds that connecting and each receive or send may block; None for ever.
        source_address: Host and port to connect from.
        context: An `ssl.SSLContext`; it decides what is trusted.
        blocksize: Bytes read from a body file at a time.
        max_response_headers: Field lines that a response may have; 100 without it.
        expect_timeout: Seconds that a body waits for 100 (Continue) where the request has
            `Expect: 100-continue`; without it the policy decides.
        deadline: Seconds that an exchange may take in all; without it only `timeout` limits each wait.
        byte_budget: Bytes that may be received in one exchange.
        tap: Called with each event.
        policy: What to do about bytes that the RFCs forbid.

    Raises:
        InvalidURL: Host or port cannot be one.
        TypeError: An argument is of a wrong type.
        ValueError: A time or a number is out of range.
    """

    default_port = HTTPS_PORT
    key_file: str | None = None
    cert_file: str | None = None

    def __init__(
        self,
        host: str,
        port: int | str | None = None,
        key_file: str | None = None,
        cert_file: str | None = None,
        strict: int | None = None,
        timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
        source_address: Address | None = None,
        *,
        context: TlsContext | None = None,
        blocksize: int = 8192,
        max_response_headers: int | None = None,
        tap: Tap | None = None,
        policy: Policy | None = None,
        expect_timeout: float | None = None,
        deadline: float | None = None,
        byte_budget: int | None = None,
    ) -> None:
        super().__init__(
            host,
            port,
            strict,
            timeout,
            source_address,
            blocksize=blocksize,
            max_response_headers=max_response_headers,
            expect_timeout=expect_timeout,
            deadline=deadline,
            byte_budget=byte_budget,
            tap=tap,
            policy=policy,
        )
        if self._checks_arguments and not (context is None or hasattr(context, "wrap_socket")):
            raise TypeError(f"Expected context to be an ssl.SSLContext, got {context!r:.80}")
        self._context = create_tls_context() if context is None else context
        if key_file or cert_file:
            self.key_file, self.cert_file = key_file, cert_file
            load_client_certificate(self._context, cert_file, key_file)

    def connect(self) -> None:
        """Open the connection, the tunnel if there is one, and TLS over it.

        Raises:
            OSError: The server or the proxy cannot be reached.
            UnicodeError: The server's name has a label that is empty or too long.
            ssl.SSLError: The handshake failed; `ssl.SSLCertVerificationError` says why a
                certificate is not accepted.
        """
        super().connect()
        transport = None
        try:
            server_name = self._tunnel_host or self.host
            self.sock = wrap_tls(self.sock, self._context, server_name)
            transport = self._transport_of_socket()
            if self.reporter is not None and not is_verified(self._context):
                unverified = Diagnostic(Code.TLS_UNVERIFIED, 0, 0, b"", "connection")
                self.reporter.diagnostic(unverified, raised=False)
            shake_hands(self.sock, self._context, server_name, self.reporter)
            self._remember_opened()
        except BaseException as error:
            # Also ctrl+c: what is sent next would go out in the clear, or begin the handshake again and tell nobody.
            self._close("the TLS handshake failed" if transport else "TLS could not begin")
            if transport is not None and transport.interrupted and isinstance(error, OSError):
                raise ConnectionAbortedError("interrupted") from error
            raise
