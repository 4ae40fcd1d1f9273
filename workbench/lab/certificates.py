"""The certificates of the TLS scenarios, made by trustme when the first one is opened.

Nothing here outlives the lab: the keys exist in memory and, while a context is being loaded, in a
private temporary directory, which also holds the CA file that scripts name.
"""

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.lab.scenario import Certificate

if TYPE_CHECKING:
    import trustme

WRONG_HOST = "wrong.example"
"""Whom the `wrong_host` certificate is for (RFC 6761 section 6.5: never a real host)."""


class CertificateShop:
    """Makes one authority that scripts trust, one that nobody does, and certificates of both.

    Args:
        host: The address that the lab listens on; good certificates are for it too.
    """

    def __init__(self, host: str) -> None:
        # Imported here: trustme brings the cryptography package, which no plain scenario needs.
        import trustme

        self._names = sorted({"localhost", "127.0.0.1", "::1", host} - {"0.0.0.0", "::"})  # noqa: S104
        self._directory = tempfile.TemporaryDirectory(prefix="workbench-lab-")
        self._trusted = trustme.CA(organization_name="Workbench lab")
        self._untrusted = trustme.CA(organization_name="Workbench lab, not to be trusted")
        self._contexts: dict[Certificate, ssl.SSLContext] = {}
        self.cafile = Path(self._directory.name) / "ca.pem"
        self._trusted.cert_pem.write_to_path(str(self.cafile))

    def context(self, certificate: Certificate) -> ssl.SSLContext:
        """Give the server's TLS context that shows this certificate."""
        if certificate not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.set_alpn_protocols(["http/1.1"])
            self._issue(certificate).configure_cert(context)
            self._contexts[certificate] = context
        return self._contexts[certificate]

    def _issue(self, certificate: Certificate) -> "trustme.LeafCert":
        """Issue a certificate with the fault its name says, and no other."""
        match certificate:
            case "trusted":
                return self._trusted.issue_cert(*self._names)
            case "wrong_host":
                return self._trusted.issue_cert(WRONG_HOST)
            case "untrusted":
                return self._untrusted.issue_cert(*self._names)
            case "expired":
                now = datetime.now(UTC)
                return self._trusted.issue_cert(
                    *self._names, not_before=now - timedelta(days=60), not_after=now - timedelta(days=30)
                )

    def close(self) -> None:
        """Remove the temporary directory."""
        self._directory.cleanup()
