"""Where a lab that serves can be reached."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


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

    def seen_as(self, host: str, *, secure: bool) -> "Addresses":
        """Give the addresses as they are for a client that has written this in its Host field.

        On another machine the lab has another name, on all of its ports.
        """
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        seen = self
        if name not in LOOPBACK:
            own = {scenario: _with_name(origin, name) for scenario, origin in self.own.items()}
            seen = replace(
                self,
                origin=_with_name(self.origin, name),
                tls_origin=_with_name(self.tls_origin, name),
                own=own,
            )
        return (
            replace(seen, tls_origin=f"https://{host}") if secure else replace(seen, origin=f"http://{host}")
        )

    def url(self, name: str, *, secure: bool = False) -> str:
        """Give the address of a scenario under the one origin."""
        return f"{self.tls_origin if secure else self.origin}/{name}/"


def _with_name(origin: str, name: str) -> str:
    """Give an origin with another name in it, on the same port."""
    scheme, _, rest = origin.partition("://")
    return f"{scheme}://{name}:{rest.rpartition(':')[2]}"
