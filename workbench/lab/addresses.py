"""Where a lab that serves can be reached."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one lab."""

    origin: str
    """The origin of all scenarios that a path can reach, as `http://127.0.0.1:41873`."""

    tls_origin: str
    """The same over TLS."""

    own: Mapping[str, str]
    """Origins of scenarios that have a port of their own, by name."""

    cafile: str
    """The file with the authority that clients have to trust."""

    client_certificate: str
    """The file with a key and a certificate for clients that are asked for one."""

    def url(self, name: str, *, secure: bool = False) -> str:
        """Give the address of a scenario under the one origin."""
        return f"{self.tls_origin if secure else self.origin}/{name}/"
