"""Finding bytes: what is typed, and a search in slices that finds the same as one in a single piece."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.protocol.wire.span import Span
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.presentation import find_search
from workbench.ui.presentation.find_query import Expression, Literal, WrongQuery, parse_query
from workbench.ui.presentation.find_search import Search
from workbench.ui.presentation.find_words import found_line, wrong_line
from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.wire_index import WireIndex

KEYS = USUAL_KEYS.word


def search_of(view, text, place=None):
    connection = view.moment.connection
    return Search(
        WireIndex(connection.record, view.recording.entries),
        view.last_index,
        queued=connection.queued_length,
        received=connection.received_length,
        query=parse_query(text),
        place=place,
    )


def finished(search):
    for _ in range(100_000):
        if search.done:
            return search
        search.step()
    raise AssertionError("the search goes on for ever")


def response(body: bytes):
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n" + body)
    talk.status_line(200, "OK")
    talk.header_section()
    talk.content(len(body))
    return states.view_of(talk, "", states.StepperStatus("finished", 0))


# --- what is typed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param("host", Literal(b"host", ignores_case=True), id="small letters find capitals"),
        pytest.param("Host", Literal(b"Host"), id="a capital counts"),
        pytest.param("é", Literal("é".encode(), ignores_case=True), id="UTF-8"),
        pytest.param("hex:0d 0a", Literal(b"\r\n"), id="digits"),
        pytest.param("hex:0D0a", Literal(b"\r\n"), id="digits without spaces"),
        pytest.param("re:a|b", Expression(re.compile(b"a|b", re.MULTILINE)), id="expression"),
    ],
)
def test_query_is_read(text, query):
    assert parse_query(text) == query


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        pytest.param("", 0, "Expected text", id="nothing"),
        pytest.param("hex:", 4, "pairs", id="no digits"),
        pytest.param("hex:0g", 5, "hexadecimal digit", id="no digit"),
        pytest.param("hex:0 d", 5, "hexadecimal digit", id="space inside a pair"),
        pytest.param("hex:0d0", 7, "pairs", id="half a pair"),
        pytest.param("re:", 3, "regular expression", id="no expression"),
        pytest.param("re:a(b", 4, "missing \\)", id="open parenthesis"),
        pytest.param("re:é(b", 4, "missing \\)", id="behind two bytes that are one character"),
        pytest.param("re:*", 3, "nothing to repeat", id="nothing to repeat"),
    ],
)
def test_mistake_is_named_at_its_column(text, column, words):
    with pytest.raises(WrongQuery, match=words) as caught:
        parse_query(text)

    assert caught.value.column == column
    assert plain(wrong_line(caught.value)).index("▲") == column


# --- what is found -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("host", [("sent", 21)], id="without regard to case"),
        pytest.param("HOST", [], id="with regard to case"),
        pytest.param("hello", [("sent", 5), ("received", 140)], id="both directions"),
        pytest.param("hex:20 48 54", [("sent", 10)], id="bytes"),
        pytest.param("re:\\d\\d\\d OK", [("received", 9)], id="expression"),
        pytest.param("re:^Accept: ", [("sent", 70)], id="beginning of a line"),
        pytest.param("re:Q*", [], id="matches of nothing are none"),
    ],
)
def test_search_finds(text, found):
    search = finished(search_of(states.exchanged(), text))

    assert [(hit.stream, hit.start) for hit in search.hits] == found


def test_search_begins_at_the_reader_and_comes_round():
    search = finished(search_of(states.exchanged(), "hello", Span("received", 0, 17)))

    assert [hit.stream for hit in search.hits] == ["received", "sent"]
    assert [search.ordinal(number) for number in range(2)] == [2, 1]


def test_hits_of_a_row_are_found_by_their_bytes():
    search = finished(search_of(states.exchanged(), "l", Span("received", 143, 144)))

    row = [hit.start for hit in search.hits_in("received", 140, 153)]
    assert row == [142, 143, 150]


def test_hit_across_two_slices_is_found(monkeypatch):
    monkeypatch.setattr(find_search, "LITERAL_SLICE", 8)
    search = finished(search_of(response(b"0123456789" * 3 + b"needle"), "needle"))

    assert len(search.hits) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("text", ["aa", "re:a+b", "re:(?<=b)a", "re:^a"])
def test_slices_find_what_one_piece_finds(monkeypatch, size, text):
    body = b"aaab\naab\nbaaaab"
    whole = finished(search_of(response(body), text)).hits
    monkeypatch.setattr(find_search, "LITERAL_SLICE", size)
    monkeypatch.setattr(find_search, "EXPRESSION_SLICE", size)

    assert finished(search_of(response(body), text)).hits == whole
    assert whole


@given(body=st.binary(max_size=60), needle=st.binary(min_size=1, max_size=3))
def test_search_finds_every_occurrence_that_overlaps_no_other(body, needle):
    view = response(body)
    stream = view.moment.connection.bytes("received")

    hits = finished(search_of(view, f"hex:{needle.hex()}")).hits

    expected = [match.start() for match in re.finditer(re.escape(needle), stream)]
    assert [hit.start for hit in hits if hit.stream == "received"] == expected


def test_first_hit_is_there_after_one_slice():
    search = search_of(response(b"x" * 5_000_000 + b"needle"), "HTTP")
    search.step()

    assert search.hits
    assert not search.done


def test_one_step_searches_one_slice_and_no_more():
    search = search_of(response(b"x" * 5_000_000), "needle")
    search.step()

    assert search.searched <= 2 * find_search.LITERAL_SLICE
    assert not search.done


def test_search_ends_with_too_many_hits():
    search = finished(search_of(response(b"x" * 100_000), "x"))

    assert len(search.hits) == find_search.MOST_HITS
    assert "the first 10000 of many" in plain(found_line(search, 0, keys=KEYS, stale=False))


# --- what is said ------------------------------------------------------------------------


def test_line_says_which_of_how_many_and_the_keys():
    search = finished(search_of(states.exchanged(), "hello"))

    assert plain(found_line(search, 0, keys=KEYS, stale=False)) == ("1 of 2  > next  < previous  Esc closes")


def test_line_says_how_far_a_search_is():
    search = search_of(response(b"x" * 5_000_000), "HTTP")
    search.step()

    assert plain(found_line(search, 0, keys=KEYS, stale=False)).startswith("2 found, searching: 20 %")


def test_line_of_a_search_without_hits_offers_no_keys_that_do_nothing():
    search = finished(search_of(states.exchanged(), "no such thing"))

    assert plain(found_line(search, -1, keys=KEYS, stale=False)) == "not found  Esc closes"


def test_line_says_that_bytes_came_that_were_not_searched():
    search = finished(search_of(states.exchanged(), "hello"))

    assert "new bytes came" in plain(found_line(search, 0, keys=KEYS, stale=True))
