"""Fields of events that are made when they are looked at say what they would have said at once."""

import sys
import weakref
from collections.abc import Iterator
from copy import copy
from dataclasses import fields, replace
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, answers
from tests.protocol.watching import KINDS, Watch
from workbench.protocol import tap as events
from workbench.protocol.late import COMMON, FIELDS, PLACES
from workbench.protocol.wire.span import Leaf, Span
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording

RESPONSE = b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a\r\nok\r\n0\r\nA: b\r\n\r\n"
LATE = [kind for kind in KINDS if kind.__name__ in FIELDS]
"""What is noted of these is not their fields."""

WITH_FORM = {events.RequestLineBuffered, events.FieldLineBuffered}
"""What is written of these to a file is kept until they come again (`session.storage.forms`)."""


def late_events(found: list[events.Event]) -> Iterator[events.Event]:
    return (event for event in found if event.note is not None)


@pytest.fixture
def told(serve: Serve, watch: Watch) -> list[events.Event]:
    """What an exchange tells, with one event at least of each kind that is made of something else."""
    connection = serve(answers(RESPONSE, CHUNKED)).connection(tap=watch)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.request("POST", "/", [b"bo", b"dy"])
    connection.getresponse().read()
    connection.close()
    return watch.events


def test_every_event_is_late(told: list[events.Event]) -> None:
    assert list(late_events(told)) == told
    assert {type(event) for event in told} >= set(LATE)


@pytest.mark.parametrize("kind", LATE, ids=lambda kind: kind.__name__)
def test_event_is_the_same_whatever_is_looked_at_first(
    told: list[events.Event], kind: type[events.Event]
) -> None:
    late = [event for event in late_events(told) if isinstance(event, kind)]
    names = [field.name for field in fields(kind)]
    seen = [[getattr(copy(event), name) for name in names] for event in late]
    whole = [kind(*values) for values in seen]

    assert whole == late
    assert [repr(event) for event in whole] == [repr(event) for event in late]
    assert [replace(event) for event in late] == whole
    assert list(late_events(told)) != []
    assert list(late_events([*late, *whole])) == []


def test_recorder_gives_it_another_number_without_making_it(told: list[events.Event]) -> None:
    # The call of close() ends with the next pair of streams.
    late = [event for event in late_events(told[:-1]) if type(event) in LATE]
    recorder = Recorder(Recording())
    recorder(events.ConnectionReused(0, 0, 0, 0, 0))

    for event in late:
        recorder(event)

    recorded = [entry.event for entry in recorder.recording.entries][1:]
    assert len(list(late_events([*late, *recorded]))) == 2 * len(late)
    assert recorded == [replace(event, connection=2) for event in late]


@pytest.mark.parametrize(
    "response", [RESPONSE, RESPONSE.replace(b"A: b", b"A: b\r\n c")], ids=["regular", "irregular"]
)
def test_element_lies_where_its_leaves_lie(serve: Serve, watch: Watch, response: bytes) -> None:
    connection = serve(answers(response, CHUNKED)).connection(tap=watch)
    for body in (b"body", [b"bo", b"dy"]):
        connection.request("POST", "/", body)
        connection.getresponse().read()
    elements: list[Any] = [event for event in watch.events if type(event).__name__ in PLACES]

    for event in elements:
        stream, start, end = PLACES[event.note[0]](*event.note[COMMON:])

        assert event.span == (stream, start, end)
        assert (event.leaves[0].start, event.leaves[-1].end) == (start, end)

    assert {type(event).__name__ for event in elements} == set(PLACES)


@pytest.mark.parametrize("response", [RESPONSE, OK], ids=["irregular", "regular"])
def test_elements_of_one_origin_differ_in_their_offsets_alone(
    serve: Serve, watch: Watch, response: bytes
) -> None:
    connection = serve(answers(response, response)).connection(tap=watch)
    for _ in range(2):
        connection.request("GET", "/")
        connection.getresponse().read()
    elements: list[Any] = [event for event in watch.events if type(event) in WITH_FORM]
    found: dict[Any, list[Any]] = {}

    for event in elements:
        start, *made_of = event.note[COMMON:]
        assert event.span.start == start
        found.setdefault((type(event), *made_of), []).append(event)

    assert {type(event) for event in elements} == WITH_FORM
    for one, other in found.values():
        moved = other.span.start - one.span.start
        assert replace(
            one,
            seq=other.seq,
            time_ns=other.time_ns,
            exchange=2,
            span=Span(one.span.stream, one.span.start + moved, one.span.end + moved),
            leaves=tuple(Leaf(kind, start + moved, end + moved) for kind, start, end in one.leaves),
        ) == replace(other)


def test_event_has_no_other_attributes(told: list[events.Event]) -> None:
    for event in (*told, *map(replace, told)):
        with pytest.raises(AttributeError, match="no attribute 'weight'"):
            event.weight  # noqa: B018 - it is what raises


def test_arguments_are_told_as_they_were_though_they_change(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)
    body, headers = bytearray(b"body"), {"A": "b"}

    connection.request("POST", "/", body, headers)
    body[:] = b"else"
    headers.clear()

    assert watch.of(events.CallStarted)[0].arguments == "'POST', '/', bytearray(b'body'), {'A': 'b'}"


def test_argument_by_name_is_told_as_it_was_though_it_changes(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)
    body = bytearray(b"body")

    connection.request("POST", "/", body=body)
    body[:] = b"else"

    assert watch.of(events.CallStarted)[0].arguments == "'POST', '/', body=bytearray(b'body')"


def test_large_argument_is_not_kept_for_its_event(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)
    body = "x" * 1_000_000
    held = sys.getrefcount(body)

    connection.request("POST", "/", body)

    assert sys.getrefcount(body) == held
    assert watch.of(events.CallStarted)[0].arguments == f"'POST', '/', {body[:200]!r}..."


def test_response_is_not_kept_for_the_event_of_its_call(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)
    connection.request("GET", "/")

    response = connection.getresponse()
    response.read()
    words, gone = repr(response), weakref.ref(response)
    del response

    assert gone() is None
    assert watch.of(events.CallReturned)[-2].result == words
