"""How much of one thing is read before it counts as an attack or a mistake.

A socket time-out does not help against a peer that sends a little all the time, for ever.
"""

MAX_LINE = 65536
"""Bytes of a status-line, a field line or a chunk header. The limit of http.client since 2012
(CVE-2013-1752); RFC 9110 section 17.5 leaves it to the recipient."""

MAX_FIELDS = 100
"""Field lines of one section, and interim responses before a final one. As in http.client."""

MAX_SECTION = 256 * 1024
"""Bytes of one section. Go allows 1 MiB, curl 300 KiB; http.client has no limit but the product
of the two above, 6.5 MB."""

MAX_CHUNK_OVERHEAD = 16 * 1024
"""Bytes of chunk headers beyond what is in proportion to the data, over the whole body. From
Go's net/http (CVE-2023-39326): each chunk earns 16 bytes and twice its data."""

MAX_LEADING_EMPTY_LINES = 8
"""Empty lines before a status-line that are read at all, under any policy."""

RECEIVE_SIZE = 64 * 1024
"""Bytes asked for in one receive call, where no caller's buffer bounds it."""

MAX_RECEIVE_SIZE = 1024 * 1024
"""Bytes asked for at most in one receive call, whatever length the peer announced
(CVE-2025-13836: memory must follow what came, not what was promised)."""
