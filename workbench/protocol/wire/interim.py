"""Which response do these bytes begin: an interim or the final one?

While a request is being sent, a client looks at what comes without parsing it: the parser's turn
is `getresponse()`.
"""

import re

from workbench.protocol.wire.grammar import SECTION_END

_INTERIM = re.compile(rb"HTTP/1\.[0-9] (1[0-9][0-9])[ \r\n]")
_START_OF_INTERIM = re.compile(rb"H(T(T(P(/(1(\.([0-9]( (1([0-9]([0-9])?)?)?)?)?)?)?)?)?)?)?")
"""What may still become an interim response when more comes."""


def begins_final_response(data: bytes) -> bool:
    """Whether bytes hold the beginning of a final response, behind any number of interim ones.

    Anything that is no interim response counts as final: whatever it is, it answers the request.

    Args:
        data: What was received and not parsed yet.
    """
    _, rest = _split_interim(data)
    return bool(rest) and not _INTERIM.match(rest) and not _START_OF_INTERIM.fullmatch(rest)


def holds_continue(data: bytes) -> bool:
    """Whether one of the complete interim responses in the bytes is 100 (Continue)."""
    return b"100" in _split_interim(data)[0]


def _split_interim(data: bytes) -> tuple[list[bytes], bytes]:
    """Give the status codes of the complete interim responses, and what is behind them."""
    codes = []
    rest = data.lstrip(b"\r\n")
    while interim := _INTERIM.match(rest):
        end = SECTION_END.search(rest)
        if end is None:
            break
        codes.append(interim[1])
        rest = rest[end.end() :].lstrip(b"\r\n")
    return codes, rest
