"""What one scenario says, as values. Reading it from a file is in `loader`, playing it in `play`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from workbench.lab.steps import NextConnection, StartTls, Step
from workbench.toml_table import TomlError

WHILE_OPEN = 0
"""`Scenario.repeat` of a scenario that is played again for as long as the client sends requests."""

Certificate = Literal["trusted", "wrong_host", "expired", "untrusted", "self_signed"]

ClientCertificate = Literal["none", "wanted", "required"]

TlsVersion = Literal["any", "1.2", "1.3"]


class ScenarioError(TomlError):
    """A scenario file that does not say what a scenario file must say; the path may be its directory."""


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """How a scenario speaks TLS."""

    certificate: Certificate = "trusted"
    """Which certificate the server shows: one that verifies for `localhost`, one for another host,
    one whose time is over, one from an authority that is not in `{cafile}`, or one that nobody else signed."""

    close_notify: bool = True
    """False closes without the TLS closure alert, which looks like a truncation attack
    (RFC 9112 section 9.8)."""

    client_certificate: ClientCertificate = "none"
    """Whether the server asks the client for a certificate, as the one in `{client_certificate}`, and
    whether it goes on without."""

    version: TlsVersion = "any"
    """The only version that the server speaks. With 1.3 a client learns after its handshake, with the first
    bytes that it reads, that its certificate was refused."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What running the script against the scenario comes to."""

    status: int | None = None
    """Status code of the last response the script got. None when it got none."""

    content: bytes | None = None
    """What the last `read()` gave. None when nothing was read."""

    content_length: int | None = None
    """How many bytes that was, for content that is too long to be written down."""

    content_sha256: str | None = None
    """Its SHA-256, in hexadecimal."""

    exception: str | None = None
    """Class name of the exception that ends the script. None when every call succeeds."""

    attributes: Mapping[str, str | int | bool] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    """Attributes of that exception. A str stands for a bytes attribute of the same characters in
    ISO-8859-1 where the exception's attribute is bytes."""

    diagnostics: tuple[str, ...] = ()
    """Codes of all that `workbench.protocol` finds wrong on the way, accepted or not. Each once, in the
    order in which they are found."""

    state: str | None = None
    """The state the connection is left in, as `IDLE`. None when the scenario does not say."""

    hangs: bool = False
    """True when the script's last call never returns by itself."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One behaviour of the server, with the script that shows it."""

    name: str
    """Lower case words joined by hyphens; the same as the name of its file."""

    group: str
    """The family it is listed under, as `Chunked coding`."""

    title: str
    """One line that says what happens."""

    teaches: str
    """Two sentences: what to look at, and why it matters."""

    section: str
    """Where it is specified, as `RFC 9112 section 7.1`."""

    order: int
    """Its place in teaching order. Unique among the built-in scenarios."""

    steps: tuple[Step, ...]
    """What the server plays on each connection."""

    script: str
    """The calls to run, with `{host}`, `{port}` and `{cafile}` to be filled in by the lab."""

    promise: Promise
    """What the script comes to."""

    repeat: int = 1
    """How often the steps are played on one connection, or `WHILE_OPEN`."""

    tls: TlsOptions | None = None
    """None for a scenario over plain TCP."""

    cpython: str | None = None
    """What the `http.client` of CPython does instead. None when it keeps the same promise."""

    own_port: bool = False
    """True when it begins with the connection and not with a request to a path, as a tunnel, or has TLS of its
    own: it cannot be served under one origin with the others."""

    @property
    def plays(self) -> tuple[tuple[Step, ...], ...]:
        """The steps of each connection, in the order of the connections. After the last one, the first."""
        plays: list[list[Step]] = [[]]
        for step in self.steps:
            if isinstance(step, NextConnection):
                plays.append([])
            else:
                plays[-1].append(step)
        return tuple(map(tuple, plays))

    @property
    def secure(self) -> bool:
        """Whether a connection begins with TLS, and not in the middle or never."""
        return self.tls is not None and not any(isinstance(step, StartTls) for step in self.steps)
