"""Where a message ends, and whether the connection goes on behind it.

Both follow from the method, the start-line and five fields. Servers send the same ones again and again,
so what they come to is remembered, as long as there is nothing in them to report.
"""

import functools
import re
from dataclasses import dataclass, field
from typing import Any

from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.framing import Framing, decide_framing
from workbench.protocol.wire.persistence import decide_persistence

DECIDING_FIELD = re.compile(
    rb"\n((?:con(?:tent-length|nection)|transfer-encoding|keep-alive|proxy-connection):[^\r]*\r)"
)
"""Finds a line of such a field behind a line end, in lower case, and leaves its LF for the next one."""

_MAX_REMEMBERED = 128
"""Bytes of such field lines: a server must not fill our memory with what we remember of it."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """The end of a message, and what is behind it."""

    framing: Framing
    persistent: bool
    persistence_reason: str
    facts: tuple[Any, ...] = field(init=False)
    """What a tap is told of it: rule, kind, length and reason of the framing, and the other two."""

    def __post_init__(self) -> None:
        framing = self.framing
        found = (
            framing.rule,
            framing.kind,
            framing.length,
            framing.reason,
            self.persistent,
            self.persistence_reason,
        )
        object.__setattr__(self, "facts", found)


def decide_boundary(
    method: str | None, status_code: int, version: int, deciding_fields: bytes
) -> Boundary | None:
    """Decide as `decide_framing` and `decide_persistence` do where nothing is to be reported.

    Args:
        method: The method of the request.
        status_code: That of the response.
        version: 10, or 11 for HTTP/1.1 and every minor version above.
        deciding_fields: Of a regular section, what `DECIDING_FIELD` finds, with LFs between.

    Returns:
        None where they have to be asked.
    """
    if len(deciding_fields) > _MAX_REMEMBERED:
        return None
    return _decide(method, status_code, version, deciding_fields)


@functools.lru_cache(maxsize=128)
def _decide(method: str | None, status_code: int, version: int, fields: bytes) -> Boundary | None:
    section = FieldSection(fields + b"\n" if fields else b"", 0)
    framing, diagnostics = decide_framing(method, status_code, version, section)
    # How many codings there may be, is a matter of the policy; of 417 the tap is told.
    if diagnostics or framing.codings or status_code == 417:
        return None
    return Boundary(framing, *decide_persistence(version, section, framing))
