"""The certificates of the TLS scenarios, made by trustme when the first one is opened.

Nothing here outlives the lab: the keys exist in memory and, while a context is being loaded, in a
private temporary directory, which also holds the CA file that scripts name.
"""

import contextlib
import re
import socket
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.lab.scenario import Certificate, ClientCertificate, TlsOptions, TlsVersion

if TYPE_CHECKING:
    import trustme

CLIENT = "student@workbench.example"
"""Whom the certificate for clients names."""

WRONG_HOST = "wrong.example"
"""Whom the `wrong_host` certificate is for (RFC 6761 section 6.5: never a real host)."""

_NAME = re.compile(r"[A-Za-z0-9.:-]+")
"""A name that a certificate can be for. That of a machine may be anything."""

_MINIMUM: dict[TlsVersion, ssl.TLSVersion] = {
    "any": ssl.TLSVersion.TLSv1_2,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
_VERIFY: dict[ClientCertificate, ssl.VerifyMode] = {
    "none": ssl.CERT_NONE,
    "wanted": ssl.CERT_OPTIONAL,
    "required": ssl.CERT_REQUIRED,
}


class CertificateShop:
    """Makes one authority that scripts trust, one that nobody does, and certificates of both.

    Args:
        host: The address that the lab listens on; good certificates are for it too.
    """

    def __init__(self, host: str) -> None:
        # Imported here: trustme brings the cryptography package, which no plain scenario needs.
        import trustme

        self._names = sorted({"localhost", "127.0.0.1", "::1", *_names_of(host)})
        self._directory = tempfile.TemporaryDirectory(prefix="workbench-lab-")
        self._trusted = trustme.CA(organization_name="Workbench lab")
        self._untrusted = trustme.CA(organization_name="Workbench lab, not to be trusted")
        self._contexts: dict[TlsOptions, ssl.SSLContext] = {}
        self.cafile = Path(self._directory.name) / "ca.pem"
        self._trusted.cert_pem.write_to_path(str(self.cafile))
        self.client_certificate = Path(self._directory.name) / "client.pem"
        """A certificate for clients, with its key before it."""

        client = self._trusted.issue_cert(CLIENT)
        client.private_key_and_cert_chain_pem.write_to_path(str(self.client_certificate))

    def context(self, options: TlsOptions) -> ssl.SSLContext:
        """Give the server's TLS context for these options."""
        if options not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = _MINIMUM[options.version]
            if options.version == "1.2":
                context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.verify_mode = _VERIFY[options.client_certificate]
            self._trusted.configure_trust(context)
            context.set_alpn_protocols(["http/1.1"])
            if options.certificate == "self_signed":
                self._configure_self_signed(context)
            else:
                self._issue(options.certificate).configure_cert(context)
            self._contexts[options] = context
        return self._contexts[options]

    def _configure_self_signed(self, context: ssl.SSLContext) -> None:
        """Show a certificate that vouches for itself, for the right host."""
        file = Path(self._directory.name) / "self-signed.pem"
        if not file.exists():
            file.write_bytes(make_self_signed(self._names))
            file.chmod(0o600)
        context.load_cert_chain(file)

    def _issue(self, certificate: Certificate) -> "trustme.LeafCert":
        """Issue a certificate with the fault its name says, and no other."""
        match certificate:
            case "trusted":
                return self._trusted.issue_cert(*self._names)
            case "wrong_host":
                return self._trusted.issue_cert(WRONG_HOST)
            case "untrusted":
                return self._untrusted.issue_cert(*self._names)
            case _:
                now = datetime.now(UTC)
                return self._trusted.issue_cert(
                    *self._names, not_before=now - timedelta(days=60), not_after=now - timedelta(days=30)
                )

    def close(self) -> None:
        """Remove the temporary directory."""
        self._directory.cleanup()


def _names_of(host: str) -> set[str]:
    """Name what a listening address is reached by. One that stands for all of them stands for this machine."""
    if host not in {"0.0.0.0", "::", ""}:  # noqa: S104
        return {host}
    names = {socket.gethostname()}
    family = socket.AF_INET6 if host == "::" else socket.AF_INET
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        # Connecting a datagram socket sends nothing, and says which address would be used. Nobody has the
        # other one (RFC 5737, RFC 3849).
        probe.connect(("2001:db8::1" if host == "::" else "192.0.2.1", 9))
        names.add(probe.getsockname()[0])
    return {name for name in names if _NAME.fullmatch(name)}


def make_self_signed(names: list[str]) -> bytes:
    """Make a key, and a certificate that is signed with that very key, as PEM.

    trustme makes none: all of its certificates have an issuer.
    """
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Workbench lab, on its own word")])
    alternatives: list[x509.GeneralName] = []
    for one in names:
        try:
            alternatives.append(x509.IPAddress(ipaddress.ip_address(one)))
        except ValueError:
            alternatives.append(x509.DNSName(one))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    return key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(encoding)
