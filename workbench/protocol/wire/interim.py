"""Which response do these bytes begin: an interim or the final one?

While a request is being sent, a client looks at what comes without parsing it: the parser's turn
is `getresponse()`.
"""

import re

from workbench.protocol.wire.grammar import SECTION_END

_INTERIM = re.compile(rb"HTTP/1\.[0-9] 1[0-9][0-9][ \r\n]")
_LONGEST_START = len(b"HTTP/1.1 100 ")


def begins_final_response(data: bytes) -> bool:
    """Whether bytes hold the beginning of a final response, behind any number of interim ones.

    Anything that is no interim response counts as final: whatever it is, it answers the request.

    Args:
        data: What was received and not parsed yet.
    """
    rest = data.lstrip(b"\r\n")
    while _INTERIM.match(rest):
        end = SECTION_END.search(rest)
        if end is None:
            return False
        rest = rest[end.end() :].lstrip(b"\r\n")
    # A few bytes may still become either.
    return bool(rest) and not (len(rest) < _LONGEST_START and b"HTTP/1.1 1".startswith(rest[:10]))


def holds_continue(data: bytes) -> bool:
    """Whether the first complete response in the bytes is 100 (Continue)."""
    start = data.lstrip(b"\r\n")
    return bool(re.match(rb"HTTP/1\.[0-9] 100[ \r\n]", start)) and SECTION_END.search(start) is not None
