"""What is known about TLS on a connection: from the recorded events, and nothing else."""

from collections.abc import Iterator

from workbench.protocol import tap
from workbench.session.certificate import Certificate, CertificateError, read_certificate
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.visible import visible
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, wrapped
from workbench.ui.presentation.quantity import bytes_words, milliseconds

LABEL_WIDTH = 15


class TlsText:
    """The lines about one connection at a width."""

    def __init__(self, connection: ConnectionMoment, width: int) -> None:
        self._connection = connection
        self._width = max(20, width)

    def lines(self) -> list[Line]:
        """Make all lines."""
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        started = self._connection.fact(tap.TlsStarted)
        failed = self._connection.fact(tap.TlsFailed)
        tls = self._connection.tls
        if started is None:
            yield from self._plain()
            return
        if failed is not None:
            yield from self._part("handshake", f"failed: {failed.event.error}", Role.ERROR)
        elif tls is None:
            yield from self._part("handshake", "under way", Role.WARNING)
        yield from self._part("asked for", started.event.server_name or "no name")
        if tls is not None:
            yield from self._session(tls)
        ended = self._connection.fact(tap.EndOfStreamReceived)
        if ended is not None and ended.event.tls_truncated:
            words = "without close_notify: somebody on the way may have cut the stream"
            yield from self._part("ended", words, Role.WARNING)

    def _plain(self) -> Iterator[Line]:
        if self._connection.address is None:
            yield (Piece("Not connected so far: what TLS will be, nobody knows yet", Role.DIM),)
            return
        words = "This connection has no TLS: everybody on the way can read it, and change it"
        for text in wrapped(words, self._width):
            yield (Piece(text, Role.DIM),)

    def _session(self, tls: tap.TlsEstablished) -> Iterator[Line]:
        yield from self._part("version", tls.tls_version, Role.STRONG)
        yield from self._part("cipher", tls.cipher)
        yield from self._part("ALPN", tls.alpn_protocol or "the server chose no protocol")
        yield from self._part("handshake", milliseconds(tls.elapsed_ns))
        if tls.verified:
            yield from self._part("verified", "yes: the chain, the dates and the name", Role.GOOD)
        else:
            words = "no: anybody could be at the other end"
            yield from self._part("verified", words, Role.WARNING)
        yield EMPTY
        yield from self._certificate(tls)

    def _certificate(self, tls: tap.TlsEstablished) -> Iterator[Line]:
        if not tls.certificate:
            yield (Piece("No certificate is recorded", Role.DIM),)
            return
        size = bytes_words(len(tls.certificate))
        yield (Piece("server's certificate", Role.HEADING), Piece(f"  {size}", Role.DIM))
        try:
            yield from self._facts(read_certificate(tls.certificate))
        except CertificateError as error:
            yield from self._part("cannot be read", str(error), Role.ERROR)
            for name, value in [("for", tls.subject), ("issued by", tls.issuer), ("until", tls.not_after)]:
                yield from self._part(name, value) if value else ()
        yield EMPTY
        for text in wrapped("What stands above it in the chain is not recorded", self._width):
            yield (Piece(text, Role.DIM),)

    def _facts(self, certificate: Certificate) -> Iterator[Line]:
        yield from self._part("subject", certificate.subject or "empty: its names count")
        if certificate.names:
            yield from self._part("names", ", ".join(certificate.names), Role.STRONG)
        own = certificate.subject == certificate.issuer
        yield from self._part("issued by", "itself" if own else certificate.issuer)
        yield from self._part("valid from", certificate.not_before)
        yield from self._part("valid until", certificate.not_after)
        yield from self._part("key", certificate.public_key)
        yield from self._part("signature", certificate.signature)
        yield from self._part("serial number", certificate.serial_number, Role.DIM)
        yield from self._part("SHA-256", certificate.fingerprint, Role.DIM)

    def _part(self, name: str, words: str, role: Role = Role.PLAIN) -> Iterator[Line]:
        for number, text in enumerate(wrapped(visible(words), self._width - LABEL_WIDTH)):
            yield (Piece(f"{name if number == 0 else '':<{LABEL_WIDTH}}", Role.DIM), Piece(text, role))
