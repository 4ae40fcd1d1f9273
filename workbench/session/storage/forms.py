"""The texts of request lines and field lines that come again, with places for the numbers.

A program that puts its fields one by one puts the same ones in each request. What is written of them differs in offsets
alone, so it is kept as a form, which takes a third of the time to fill in.
"""

import json
from functools import lru_cache
from typing import Any

from workbench.protocol.late import COMMON, own_fields
from workbench.protocol.notes import Note
from workbench.protocol.wire.span import Leaf, Span

LONGEST_ELEMENT = 1024
"""Bytes of an element that has a form."""

MOST = 256
"""Forms."""


def fill_form(note: Note) -> str:
    """Write the own fields of an element that was queued: a note that begins with its offset, then its bytes."""
    start = note[COMMON]
    text, offsets = _form_of(note[0], *note[COMMON + 1 :])
    return text % tuple([start + offset for offset in offsets])


# Typed: 1 and True are the same number, and not the same words.
@lru_cache(maxsize=MOST, typed=True)
def _form_of(kind: str, *made_of: Any) -> tuple[str, tuple[int, ...]]:
    """Give the text of an element that begins at 0, and what belongs into its places."""
    offsets: list[int] = []
    fields = own_fields((kind, *[0] * COMMON, *made_of))
    return ",".join([_text_of(value, offsets) for value in fields]), tuple(offsets)


def _text_of(value: Any, offsets: list[int]) -> str:
    if isinstance(value, (Span, Leaf)):
        offsets += value[1:]
        return f'["{value[0]}",%d,%d]'
    if isinstance(value, tuple):
        return f"[{','.join([_text_of(one, offsets) for one in value])}]"
    return json.dumps(value.decode("latin-1") if isinstance(value, bytes) else value).replace("%", "%%")
