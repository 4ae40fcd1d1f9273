"""Which tests of the standard library the drop-in has to pass."""

import importlib.util
from typing import NamedTuple

TIMEOUT_SECONDS = 180.0
"""Longest run of one suite. test_xmlrpc takes half a minute with any client: it waits for its servers."""


class Suite(NamedTuple):
    """One module of the standard library's tests."""

    name: str
    floor: int
    """Tests that have run at least, whatever the Python: else nothing was shown."""

    left_out: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The name by which it is imported."""
        return f"test.{self.name}"


SUITES = [
    Suite("test_xmlrpc", 88),
    Suite(
        "test_httplib",
        105,
        # It asks that every class says `__module__ == "http.client"`, and ours say where they are.
        ("test.test_httplib.OfflineTest.test_all",),
    ),
    Suite("test_urllib", 100),
    Suite("test_urllib2", 68),
    Suite("test_urllib2_localnet", 20),
    Suite("test_httpservers", 45),
    Suite("test_docxmlrpc", 8),
]
"""The longest one first, so that it does not begin when the others are over."""


def is_installed(module: str) -> bool:
    """Whether this Python has it; distributions often leave the tests out."""
    return importlib.util.find_spec("test") is not None and importlib.util.find_spec(module) is not None
