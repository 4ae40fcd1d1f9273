"""Which diagnostics raise.

A policy is data: one action for each code. The three below are the columns of one table.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from workbench.protocol.limits import DEFAULT_LIMITS, Limits
from workbench.protocol.wire.diagnostics import Code


class Action(Enum):
    """What is done about a diagnostic."""

    RAISE = "raise"
    """The call raises what `errors.exception_for` gives."""

    ACCEPT = "accept"
    """The repair that the diagnostic proposes is used, and the tap is told."""

    IGNORE = "ignore"
    """The same, and the tap is not told."""


@dataclass(frozen=True)
class Policy:
    """What a connection does about each kind of fault."""

    name: str
    actions: Mapping[Code, Action]

    empty_reset_content: bool = False
    """Take a 205 (Reset Content) that does not say where it ends for empty, as it has to be
    (RFC 9110 section 15.3.6); else it is read until close, as RFC 9112 section 6.3 has it."""

    expect_timeout: float | None = None
    """Seconds that a body waits for 100 (Continue) where the connection does not say; None sends it
    at once, as http.client does. No client should wait for ever (RFC 9110 section 10.1.1)."""

    mends_requests: bool = True
    """What is accepted in a request, and can be sent right, is not sent as the caller has it."""

    limits: Limits = DEFAULT_LIMITS
    """How much of each thing is read."""

    @functools.cached_property
    def raises_for_repetition(self) -> bool:
        """Whether a field that may occur once, and occurs twice, has to be looked for without a tap."""
        return self.actions[Code.DUP_SINGLETON] is Action.RAISE

    def __getitem__(self, code: Code) -> Action:
        """The action for a code."""
        return self.actions[code]

    def with_limits(self, **changes: int) -> "Policy":
        """Give the same policy with other limits.

        Args:
            **changes: Fields of `limits.Limits`, in their units; the others stay as they are.

        Raises:
            TypeError: There is no such limit.
            ValueError: It is negative.
        """
        return replace(self, limits=replace(self.limits, **changes))


_LETTERS = {"R": Action.RAISE, "A": Action.ACCEPT, "-": Action.IGNORE}

# The columns are STRICT, DEFAULT and LENIENT: R raises, A accepts, - accepts silently.
_TABLE = {
    Code.BARE_LF: "RAA",
    Code.BARE_CR: "RRA",
    Code.LEADING_CRLF: "RAA",
    Code.LEADING_CRLF_REPEATED: "RRA",
    Code.LEADING_WS: "RRA",
    Code.STATUS_NO_SP: "RAA",
    Code.STATUS_WS: "RAA",
    Code.STATUS_LINE: "RRR",
    Code.STATUS_CODE: "RRR",
    Code.STATUS_SYNTAX: "RRA",
    Code.STATUS_RANGE: "AAA",
    Code.VERSION_MINOR: "AAA",
    Code.VERSION_SYNTAX: "RRA",
    Code.VERSION_UNKNOWN: "RRR",
    Code.VERSION_CASE: "RRA",
    Code.ICY: "RRA",
    # A true `strict` argument of the connection raises too, whatever stands here.
    Code.HTTP09: "RAA",
    Code.HTTP09_LINE: "RAA",
    Code.REASON_CTL: "RAA",
    Code.TRUNCATED_STATUS_LINE: "RRR",
    Code.WS_BEFORE_COLON: "RAA",
    Code.WS_BEFORE_COLON_FRAMING: "RRA",
    Code.NO_COLON: "RRA",
    Code.EMPTY_NAME: "RRA",
    Code.NAME_TOKEN: "RRA",
    Code.NAME_DELIMITER: "RAA",
    Code.OBS_FOLD: "AAA",
    Code.WS_FIRST_LINE: "RAA",
    Code.NUL: "RRA",
    Code.VALUE_CTL: "RAA",
    Code.OBS_TEXT: "A--",
    Code.TRUNCATED_HEAD: "RRA",
    Code.DUP_SINGLETON: "AAA",
    Code.CL_DUP: "RAA",
    Code.CL_CONFLICT: "RRA",
    Code.CL_LIST: "AAA",
    Code.CL_SYNTAX: "RRA",
    Code.CL_NUMERAL: "RRR",
    Code.CL_TE: "RAA",
    Code.CL_FORBIDDEN: "AAA",
    Code.CHUNKED_NOT_FINAL: "RAA",
    Code.CHUNKED_TWICE: "RRA",
    Code.TE_IDENTITY: "RAA",
    Code.TE_UNKNOWN: "RRA",
    Code.TE_SYNTAX: "RRA",
    Code.TE_CORRUPT: "RRR",
    Code.EMPTY_LIST_MEMBER: "AAA",
    Code.TE_HTTP10: "RAA",
    Code.TE_FORBIDDEN: "AAA",
    Code.CLOSE_DELIMITED: "A--",
    Code.RESET_CONTENT_UNFRAMED: "AAA",
    Code.RESET_CONTENT_BODY: "AAA",
    Code.INTERIM_FRAMING: "AAA",
    Code.UNEXPECTED_UPGRADE: "RRA",
    Code.CHUNK_SIZE: "RRR",
    Code.CHUNK_WS: "RAA",
    Code.BWS: "A--",
    Code.CHUNK_LF: "RRA",
    Code.CHUNK_BARE_CR: "RRR",
    Code.CHUNK_END: "RRR",
    Code.CHUNK_END_LF: "RRA",
    Code.TRAILER_SYNTAX: "RAA",
    Code.TRAILER_FORBIDDEN: "RAA",
    Code.TRAILER_UNTERMINATED: "RAA",
    Code.BODY_TRUNCATED: "RRA",
    Code.CHUNKED_TRUNCATED: "RRR",
    Code.TLS_TRUNCATION: "RAA",
    # This one and EARLY_RESPONSE are facts about our side: they are told, whatever stands here.
    Code.TLS_UNVERIFIED: "AAA",
    Code.EXCESS_DATA: "RAA",
    Code.UNSOLICITED_RESPONSE: "RRR",
    Code.EARLY_RESPONSE: "AAA",
    Code.EXPECTATION_FAILED: "AAA",
    Code.METHOD_TOKEN: "RRA",
    Code.FRAGMENT: "RAA",
    Code.USERINFO: "RAA",
    Code.SENT_NAME: "RRA",
    Code.SENT_NAME_TOKEN: "RRA",
    Code.SENT_VALUE: "RRA",
    Code.SENT_OBS_FOLD: "RAA",
    Code.SENT_CL_TE: "RAA",
    Code.SENT_CL_MISMATCH: "RAA",
    Code.SENT_TE_NOT_CHUNKED: "RAA",
    Code.SENT_TE_HTTP10: "RAA",
    Code.SENT_RAW: "RRA",
}


def _column(index: int) -> dict[Code, Action]:
    return {code: _LETTERS[letters[index]] for code, letters in _TABLE.items()}


# One second is what curl and Go wait for 100 (Continue).
STRICT = Policy("strict", _column(0), expect_timeout=1.0, limits=Limits(chunk_header=4096))
"""Raises on everything that the RFCs let a client refuse."""

DEFAULT = Policy("default", _column(1))
"""Accepts what everybody reads alike, raises on what two recipients may read differently."""

LENIENT = Policy("lenient", _column(2), empty_reset_content=True, mends_requests=False)
"""Goes on as far as the bytes can be followed, to look at a broken peer."""

BY_NAME: Mapping[str, Policy] = {policy.name: policy for policy in (STRICT, DEFAULT, LENIENT)}
"""The policies by the names that a command line or a settings file gives them."""
