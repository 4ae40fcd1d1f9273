"""A log whose entries are made of those of another one."""

import dataclasses
from typing import Any

from tests.ui.conversation import Conversation
from workbench.session.changed_log import MOST_CACHED, ChangedLog
from workbench.session.recording import Recording


def upper(event: Any) -> Any:
    """What bytes there are, in capitals."""
    data = getattr(event, "data", b"")
    return dataclasses.replace(event, data=data.upper()) if data else event


def talked(pieces: int) -> Recording:
    talk = Conversation()
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n")
    talk.status_line(200, "OK")
    talk.header_section()
    for number in range(pieces):
        talk.receive(b"piece %d." % number)
        talk.content(len(b"piece %d." % number))
    return talk.recording


def changed(source: Recording, changes: list[Any]) -> Recording:
    def change(event: Any) -> Any:
        changes.append(event)
        return upper(event)

    copy = Recording(ChangedLog(source.entries, change))
    for index in range(len(source.entries)):
        copy.append(upper(source.entries.outline(index)), source.entries.line(index))
    return copy


def test_entries_and_streams_are_the_changed_ones() -> None:
    source = talked(20)
    copy = changed(source, [])

    assert [entry.event for entry in copy.entries] == [upper(entry.event) for entry in source.entries]
    assert copy.entries[-1].event == upper(source.entries[-1].event)
    for before, after in zip(source.connections, copy.connections, strict=True):
        for stream in ("sent", "received"):
            length = before.stream(stream).length
            whole = before.stream(stream).slice(0, length).upper()
            assert after.stream(stream).length == length
            assert [after.stream(stream).slice(at, at + 7) for at in range(0, length, 5)] == [
                whole[at : at + 7] for at in range(0, length, 5)
            ]


def test_only_the_latest_are_kept() -> None:
    source = talked(MOST_CACHED)
    changes: list[Any] = []
    copy = changed(source, changes)
    assert changes == []

    for _ in range(2):
        copy.entries.event(0)
    assert len(changes) == 1
    for index in range(len(source.entries)):
        copy.entries.event(index)
    changes.clear()
    copy.entries.event(0)
    assert len(changes) == 1
