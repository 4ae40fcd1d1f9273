"""Who is asked."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from workbench.compare.client_readers import read_with_http_client, read_with_workbench
from workbench.compare.opinion import Opinion
from workbench.compare.parser_readers import read_with_h11, read_with_httptools
from workbench.compare.received import ReceivedBytes

Reader = Callable[[ReceivedBytes], Opinion]
"""Reads a response and says what it is. It raises nothing: what it trips over is part of its opinion."""

_OPTIONAL: dict[str, Reader] = {"h11": read_with_h11, "httptools": read_with_httptools}


def available_readers() -> list[Reader]:
    """Give the readers that are installed, our own first."""
    others = [reader for name, reader in _OPTIONAL.items() if find_spec(name) is not None]
    return [read_with_workbench, read_with_http_client, *others]


def missing_readers() -> Sequence[str]:
    """Name the packages that would give another opinion, if they were installed."""
    return [name for name in _OPTIONAL if find_spec(name) is None]
