"""JSON piece by piece: what `json.dumps` with an indent of 2 writes, without all of it in memory."""

import json
from collections.abc import Iterator
from typing import Any


def json_pieces(value: Any) -> Iterator[bytes]:
    """Yield a document, with a line end behind it.

    Args:
        value: A dictionary. An iterator in it, or in a dictionary in it, is written as an array, an item at a time.
    """
    for text in _texts(value, 0):
        # A surrogate stands for a byte that is not UTF-8, as in the name of a file. It is in a string, where JSON has the
        # same escape for it as Python, so that nothing of it is lost.
        yield text.encode("utf-8", "backslashreplace")
    yield b"\n"


def _texts(value: Any, depth: int) -> Iterator[str]:
    inside, outside = "\n" + "  " * (depth + 1), "\n" + "  " * depth
    before = ""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield f"{before or '{'}{inside}{_dumped(name, 0)}: "
            yield from _texts(member, depth + 1)
            before = ","
        yield outside + "}"
    elif isinstance(value, Iterator):
        for item in value:
            yield f"{before or '['}{inside}{_dumped(item, depth + 1)}"
            before = ","
        yield outside + "]" if before else "[]"
    else:
        yield _dumped(value, depth)


def _dumped(value: Any, depth: int) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    # No string has a line end in it: JSON escapes them.
    return text.replace("\n", "\n" + "  " * depth) if depth else text
