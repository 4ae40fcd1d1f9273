"""The lines of whole calls (`workbench.protocol.whole_calls`), written for speed: they are what `several` writes of them.

Of what is the same in one exchange after the other the text is kept, and looked up again.
"""

import json
from functools import lru_cache
from typing import Any

from workbench.protocol.late import COMMON, describe, words_for
from workbench.protocol.notes import Note
from workbench.session.storage.several import LONGEST_INLINE, Written, write_several

_MOST_KNOWN = 256

_quote = json.encoder.encode_basestring_ascii


@lru_cache(maxsize=_MOST_KNOWN, typed=True)
def _text_of_call(name: str, names: tuple[str, ...], *arguments: object) -> str:
    # Typed: 1 and True are the same number, and not the same words.
    return f"{_quote(name)},{_quote(words_for(arguments, names))}"


@lru_cache(maxsize=_MOST_KNOWN)
def _text_of_facts(facts: tuple[Any, ...]) -> str:
    # Nothing of them is a number here and a truth value there.
    return json.dumps(facts, separators=(",", ":"))


@lru_cache(maxsize=_MOST_KNOWN)
def _text_of_name(name: str) -> str:
    return _quote(name)


@lru_cache(maxsize=_MOST_KNOWN)
def _text_of_bytes(data: bytes) -> str:
    return _quote(data.decode("latin-1"))


@lru_cache(maxsize=_MOST_KNOWN, typed=True)
def _text_of_result(result: object) -> str:
    return _quote(describe(result))


@lru_cache(maxsize=_MOST_KNOWN)
def _count_of_request(head: bytes) -> int:
    """Give how many events there are of a request with this head and no content: three for each field line."""
    return 3 * head.count(b"\n") + 7


@lru_cache(maxsize=_MOST_KNOWN)
def _count_of_answer(data: bytes, head_length: int) -> int:
    """Give how many events there are of an answer: one for each line of its head, the empty one too."""
    return data.count(b"\n", 0, head_length) + 6


def _called(name: str, arguments: Any, names: tuple[str, ...]) -> str:
    if arguments.__class__ is tuple:
        return _text_of_call(name, names, *arguments)
    return f"{_text_of_name(name)},{'null' if arguments is None else _quote(arguments)}"


def write_request(note: Note) -> Written | None:
    """Write what is noted of a call of `request`."""
    caller, arguments, names, idle_ns, field_count, start, head, body, moved, end_ns = note[COMMON:]
    if len(head) > LONGEST_INLINE or moved is None or end_ns is None:
        return write_several(note)
    count, sent_ns, elapsed_ns = moved
    content = "null" if body is None else _text_of_bytes(body)
    return _count_of_request(head) + (1 if body else 0), (
        f"{_called(caller, arguments, names)},{idle_ns},{field_count},{start},{_text_of_bytes(head)},{content},"
        f"[{count},{sent_ns},{elapsed_ns}],{end_ns}"
    )


def write_answer(note: Note) -> Written | None:
    """Write what is noted of a call of `getresponse`."""
    name, arguments, names, received, head_length, boundary, states, end_ns, kind_name, address = note[
        COMMON:
    ]
    if end_ns is None:
        return write_several(note)
    received_ns, elapsed_ns, start, data = received
    return _count_of_answer(data, head_length) + (0 if arguments is None else 1), (
        f"{_called(name, arguments, names)},[{received_ns},{elapsed_ns},{start},{_text_of_bytes(data)}],{head_length},"
        f"{_text_of_facts(boundary)},{_text_of_facts(states)},{end_ns},{_text_of_name(kind_name)},{address}"
    )


def write_read(note: Note) -> Written | None:
    """Write what is noted of a call that reads."""
    name, arguments, names, received, taken, completed, states, end_ns, words, result = note[COMMON:]
    if received is not None or taken is None or completed is None or states is None or end_ns is None:
        return write_several(note)
    start, length, before = taken
    given = _text_of_result(result) if words is None else _quote(words)
    return 4 if arguments is None else 5, (
        f"{_called(name, arguments, names)},null,[{start},{length},{before}],{_text_of_facts(completed)},{_text_of_facts(states)},"
        f"{end_ns},{given}"
    )
