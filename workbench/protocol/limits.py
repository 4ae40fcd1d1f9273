"""How much of one thing is read before it counts as an attack or a mistake.

A socket time-out does not help against a peer that sends a little all the time, for ever. RFC 9110
section 17.5 asks recipients for limits and leaves their values to them, so each says where it is from.
"""

from dataclasses import dataclass

MAX_LEADING_EMPTY_LINES = 8
"""Empty lines before a status-line that are read at all, under any policy. Ours: RFC 9112 section 2.2
speaks of at least one, and of servers; http.client reads none."""

LONGEST_POLL = 2**31 - 1
"""Milliseconds that `poll` can wait for: it takes a C int. http.client waits in `recv`, which has no such bound."""

RECEIVE_SIZE = 64 * 1024
"""Bytes asked for in one receive call, where no caller's buffer bounds it. Ours: four full records of
TLS (RFC 8446 section 5.1)."""

MAX_RECEIVE_SIZE = 512 * 1024
"""Bytes asked for at most in one receive call, whatever length the peer announced
(CVE-2025-13836: memory must follow what came, not what was promised). As in http.client since then."""

EARNED_BY_CHUNK, EARNED_BY_BYTE = 16, 2
"""Bytes of chunk headers that a chunk, and each byte of its data, are allowed. As in Go's net/http (CVE-2023-39326)."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one response may have of each thing. A policy has them: `DEFAULT.with_limits(fields=500)`."""

    line: int = 65536
    """Bytes of a status-line or field line. The limit of http.client since 2012 (CVE-2013-1752)."""

    fields: int = 100
    """Field lines of a header section, also of an interim response and of a proxy's. As in http.client."""

    section: int = 256 * 1024
    """Bytes of a header section or trailer section. Ours: curl allows 300 KiB, Go's client 10 MiB and
    http.client the product of the two above, 6.5 MB."""

    interim_responses: int = 100
    """1xx responses before the final one. As in http.client since 3.15 (GHSA-w4q2-g22w-6fr4)."""

    trailers: int = 100
    """Field lines of a trailer section. As in http.client since 3.15 (GHSA-w4q2-g22w-6fr4)."""

    chunk_header: int = 65536
    """Bytes of a chunk-size with its chunk-ext, which RFC 9112 section 7.1.1 asks to limit. That of
    http.client; the strict policy has 4096, as Go's net/http."""

    chunk_overhead: int = 16 * 1024
    """Bytes of chunk headers beyond what is in proportion to the data, over the whole body. From Go's
    net/http (CVE-2023-39326). What is in proportion is said by `EARNED_BY_CHUNK` and `EARNED_BY_BYTE`."""

    codings: int = 5
    """Codings of one body, a last chunked aside. From curl (CVE-2023-23916) and urllib3 (CVE-2025-66418)."""

    inflation: int = 200
    """Bytes of content for each received byte, once there is more than `inflation_burst` of it. From
    Apache's mod_deflate, DeflateInflateRatioLimit. Text reaches 10 or 20, deflate at most 1032."""

    inflation_burst: int = 10 * 1024 * 1024
    """Bytes of content that may be inflated whatever the ratio: blank pages and empty images are small
    when coded and harm nobody. Ours; Apache has no number of bytes here, but a number of excesses."""

    inflated: int = 1024 * 1024 * 1024
    """Bytes of content that are inflated in all. Scrapy's DOWNLOAD_MAXSIZE, which counts bytes of
    decoded content since 2024 (CVE-2024-3572)."""

    def way_out(self, name: str) -> str:
        """Say what allows more of one thing.

        Args:
            name: One of the fields above, or `max_response_headers`, which takes the place of `fields`.
        """
        given = (
            "max_response_headers=..."
            if name == "max_response_headers"
            else f"policy.with_limits({name}=...)"
        )
        return f"{given} allows more"

    def __post_init__(self) -> None:
        """Refuse what is no limit.

        Raises:
            ValueError: One of them is negative, so nothing could be read.
        """
        for name, value in vars(self).items():
            if value < 0:
                raise ValueError(f"Expected a limit of 0 or more, got {name}={value}")


class FixedLimits(Limits):
    """Limits that nobody can change."""

    def way_out(self, name: str) -> str:  # noqa: ARG002 - for none of them
        """There is none."""
        return ""


DEFAULT_LIMITS = Limits()
