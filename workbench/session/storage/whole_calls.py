"""The lines of whole calls (`workbench.protocol.whole_calls`), written for speed: they are what `several` writes of them.

What is the same in one exchange after the other is written once, and looked up in one step.
"""

import functools
import json
from collections.abc import Callable
from typing import Any

from workbench.protocol.late import COMMON, describe, words_for
from workbench.protocol.notes import Note
from workbench.session.storage.several import LONGEST_INLINE, Written, write_several

_MOST_KNOWN = 256
"""Texts of one kind that are kept."""

_quote = json.encoder.encode_basestring_ascii


class _Known(dict[Any, Any]):
    """What is made of the keys that came lately.

    Those of one place are of the same types each time: so none equals another one of which something else is made, as 1
    equals True.
    """

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        made = self[key] = self._make(key)
        return made


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _words(arguments: Any, names: tuple[str, ...]) -> str:
    if arguments.__class__ is tuple:
        return _words_for(names, *arguments) if arguments else '""'
    return _text(arguments)


@functools.lru_cache(_MOST_KNOWN, typed=True)
def _words_for(names: tuple[str, ...], *arguments: object) -> str:
    return _quote(words_for(arguments, names))


def _request(key: tuple[str, Any, tuple[str, ...], bytes]) -> tuple[int, str, str]:
    caller, arguments, names, head = key
    # Three for each field line, the request-line and what is around them.
    count = 3 * head.count(b"\n") + 7
    return count, f"{_quote(caller)},{_words(arguments, names)}", _quote(head.decode("latin-1"))


def _answer(key: tuple[bytes, int, Any]) -> tuple[int, str, str]:
    data, head_length, boundary = key
    # One for each line of the head, the empty one too.
    count = data.count(b"\n", 0, head_length) + 6
    return count, _quote(data.decode("latin-1")), f"{head_length},{_text(boundary)}"


_requests, _answers, _texts = _Known(_request), _Known(_answer), _Known(_text)
_results = _Known(lambda result: _quote(describe(result)))


def write_request(note: Note) -> Written | None:
    """Write what is noted of a call of `request`."""
    caller, arguments, names, idle_ns, field_count, start, head, body, moved, end_ns = note[COMMON:]
    if len(head) > LONGEST_INLINE or moved is None or end_ns is None:
        return write_several(note)
    count, called, text = _requests[caller, arguments, names, head]
    content = "null"
    if body is not None:
        content = _quote(body.decode("latin-1"))
        count += 1 if body else 0
    taken, sent_ns, elapsed_ns = moved
    return count, (
        f"{called},{idle_ns},{field_count},{start},{text},{content},[{taken},{sent_ns},{elapsed_ns}],{end_ns}"
    )


def write_answer(note: Note) -> Written | None:
    """Write what is noted of a call of `getresponse`."""
    name, arguments, names, received, head_length, boundary, states, end_ns, kind_name, address = note[
        COMMON:
    ]
    if end_ns is None:
        return write_several(note)
    received_ns, elapsed_ns, start, data = received
    count, text, end = _answers[data, head_length, boundary]
    return count if arguments is None else count + 1, (
        f"{_texts[name]},{_words(arguments, names)},[{received_ns},{elapsed_ns},{start},{text}],{end},"
        f"{_texts[states]},{end_ns},{_texts[kind_name]},{address}"
    )


def _given(words: str | None, result: object) -> str:
    if words is not None:
        return _quote(words)
    return _results[result] if result.__class__ is bytes else _quote(describe(result))


def write_read(note: Note) -> Written | None:
    """Write what is noted of a call that reads."""
    name, arguments, names, received, taken, completed, states, end_ns, words, result = note[COMMON:]
    if received is not None or taken is None or completed is None or states is None or end_ns is None:
        return write_several(note)
    start, length, before = taken
    given = _given(words, result)
    return 4 if arguments is None else 5, (
        f"{_texts[name]},{_words(arguments, names)},null,[{start},{length},{before}],"
        f"{_texts[completed]},{_texts[states]},{end_ns},{given}"
    )
