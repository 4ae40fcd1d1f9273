"""What holds for every response, however broken.

That nothing but `HTTPException` and `OSError` leaves the package is part of each of them: `play`
catches these two and nothing else.
"""

from collections.abc import Iterator
from itertools import repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocol.wire.agreement import STEPS, assert_same, verdict
from tests.protocol.wire.playing import Exchange, assert_leaves_tile, play, play_file
from tests.protocol.wire.responses import (
    cuts,
    exchanges,
    field_lines,
    framing_fields,
    mutated_responses,
    well_formed_responses,
)
from tests.protocol.wire.scripted_socket import ScriptedSocket
from workbench.protocol import HTTPConnection, HTTPException
from workbench.protocol.limits import MAX_RECEIVE_SIZE, RECEIVE_SIZE, Limits
from workbench.protocol.policy import DEFAULT, LENIENT, STRICT, Policy
from workbench.protocol.wire.fields import parse_field_section

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

often = settings(max_examples=settings().max_examples * 2)


@often
@given(data=mutated_responses(), exchange=exchanges)
def test_every_received_byte_lies_in_exactly_one_leaf(data: bytes, exchange: Exchange) -> None:
    played = play([data], exchange)

    assert_leaves_tile(played)


@often
@given(data=st.data(), exchange=exchanges)
def test_it_does_not_matter_how_the_bytes_are_cut(data: st.DataObject, exchange: Exchange) -> None:
    response = data.draw(mutated_responses())
    pieces = data.draw(cuts(response))

    whole, cut = play([response], exchange), play(pieces, exchange)

    assert_same(cut, whole)
    assert_leaves_tile(cut)


@given(data=mutated_responses(), exchange=exchanges)
def test_it_does_not_matter_whether_bytes_come_from_a_file(data: bytes, exchange: Exchange) -> None:
    received, read = play([data], exchange), play_file(data, exchange)

    assert_same(read, received)


@often
@given(data=st.data(), exchange=exchanges)
def test_a_tap_changes_nothing(data: st.DataObject, exchange: Exchange) -> None:
    pieces = data.draw(cuts(data.draw(mutated_responses())))

    tapped, untapped = play(pieces, exchange), play(pieces, exchange, tap=False)

    assert untapped.outcome == tapped.outcome
    assert untapped.kept == tapped.kept


chunk_lines = st.sampled_from(
    (
        b"5\r\nhello\r\n",
        b"5\r\ntwo\nl\r\n",
        b"5\r\nines\n\r\n",
        b"0B\r\nhello again\r\n",
        b"1;x=y\r\n!\r\n",
        b"5;a\r\nhello\r\n",
    )
)
irregular_chunks = st.sampled_from(
    (
        b"5\nhello\r\n",
        b"5 \r\nhello\r\n",
        b"5\r\nhello\n",
        b"5\r\nhello!\r\n",
        b"z\r\n",
        b"1;xxxxxxxxxxxxxxxxxxxx\r\n!\r\n",
    )
)


@often
@given(
    data=st.data(),
    chunks=st.lists(st.one_of(chunk_lines, chunk_lines, chunk_lines, irregular_chunks), max_size=12),
    policy=st.sampled_from((STRICT, DEFAULT, LENIENT)),
    overhead=st.sampled_from((0, 10, 16 * 1024)),
    step=st.sampled_from([None, *sorted(STEPS)]),
)
def test_a_tap_changes_nothing_about_chunks(
    data: st.DataObject, chunks: list[bytes], policy: Policy, overhead: int, step: str | None
) -> None:
    """Without one, chunks that are there are passed many at a time; with one, step by step."""
    limited = policy.with_limits(chunk_overhead=overhead, chunk_header=20)
    pieces = data.draw(cuts(CHUNKED + b"".join(chunks) + b"0\r\n\r\n"))
    exchange = Exchange(policy=limited, ends=True)
    how = None if step is None else STEPS[step]

    tapped, untapped = play(pieces, exchange, step=how), play(pieces, exchange, step=how, tap=False)

    assert untapped.outcome == tapped.outcome
    assert untapped.kept == tapped.kept


@often
@given(data=st.data(), exchange=exchanges, step=st.sampled_from(sorted(STEPS)))
def test_every_reader_gives_the_same_content_and_the_same_failure(
    data: st.DataObject, exchange: Exchange, step: str
) -> None:
    pieces = data.draw(cuts(data.draw(mutated_responses())))

    whole, stepwise = play(pieces, exchange), play(pieces, exchange, step=STEPS[step])

    assert_leaves_tile(stepwise)
    assert verdict(stepwise) == verdict(whole)


def test_place_of_corrupt_content_does_not_depend_on_the_cuts() -> None:
    response = OK + b"Transfer-Encoding: deflate\r\n\r\nhello"
    exchange = Exchange(ends=True)

    whole, cut = play([response], exchange), play([response[:-3], response[-3:]], exchange)

    assert whole.outcome.error is not None
    assert whole.outcome.error.offset == len(response) - 5
    assert cut.outcome == whole.outcome


@given(data=well_formed_responses(), exchange=exchanges, junk=st.binary(max_size=300))
def test_garbage_behind_anything_is_never_more_than_an_error(
    data: bytes, exchange: Exchange, junk: bytes
) -> None:
    for bytes_ in (junk, data[: len(data) // 2] + junk, data + junk):
        assert_leaves_tile(play([bytes_], exchange))


broken_lines = st.sampled_from(
    (
        b"X : y\r\n",
        b"X: \0\r\n",
        b"X: y\n",
        b"no colon\r\n",
        b": y\r\n",
        b" fold\r\n",
        b"\t\n",
        b"X: a\rb\r\n",
    )
)


@given(lines=st.lists(st.one_of(field_lines(), framing_fields, broken_lines), max_size=8))
def test_line_is_the_same_alone_and_among_all(lines: list[bytes]) -> None:
    section, other = [parse_field_section(b"".join(lines), 100) for _ in range(2)]

    numbers = range(section.line_count)
    assert [section.line(number) for number in numbers] == other.lines
    for one in (section, other):
        assert [one.place_of_line(number) for number in numbers] == [
            (line.start, line.end) for line in other.lines
        ]
        assert [one.raw_line(number) for number in numbers] == [
            (line.raw, line.start) for line in other.lines
        ]


@given(lines=st.lists(st.one_of(field_lines(), framing_fields, broken_lines), max_size=8))
def test_pairs_of_a_section_say_what_its_lines_say(lines: list[bytes]) -> None:
    section = parse_field_section(b"".join(lines), 100)

    assert section.pairs == [(line.name, line.value) for line in section.lines if line.name]
    assert b"".join(line.raw for line in section.lines) == b"".join(lines)
    places = [leaf for line in section.lines for leaf in line.leaves]
    assert [leaf.start for leaf in places] == [100, *(leaf.end for leaf in places)][: len(places)]


@given(lines=st.lists(st.one_of(field_lines(), framing_fields), max_size=8))
def test_fast_and_careful_reading_of_a_section_agree(lines: list[bytes]) -> None:
    data = b"".join(line for line in lines if b"\r\n" not in line[:-2])

    fast = parse_field_section(data, 0)
    careful = parse_field_section(data + b": no name\r\n", 0)

    assert careful.lines[:-1] == fast.lines
    assert careful.pairs == fast.pairs


# --- peers that never stop ---------------------------------------------------------------


def _endless(head: bytes, piece: bytes) -> Iterator[bytes]:
    if head:
        yield head
    yield from repeat(piece)


SLACK = 2 * RECEIVE_SIZE


@pytest.mark.parametrize(
    ("head", "piece", "limit"),
    [
        pytest.param(b"", b"\r\n", 100, id="empty lines"),
        pytest.param(b"HTTP/1.1 200 ", b"a", Limits.line, id="the status line"),
        pytest.param(OK, b"X: y\r\n", 100 * 6, id="field lines"),
        pytest.param(OK + b"X: ", b"a", Limits.line, id="a field line"),
        pytest.param(OK, b"X: " + b"a" * 60000 + b"\r\n", Limits.section, id="long field lines"),
        pytest.param(OK + b"X: y\r\n", b" z\r\n", 100 * 4, id="folds"),
        pytest.param(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 101 * 28, id="interim responses"),
        pytest.param(CHUNKED, b"0", Limits.line, id="digits of a chunk size"),
        pytest.param(CHUNKED + b"1;", b"a", Limits.line, id="a chunk extension"),
        pytest.param(CHUNKED, b"1;aaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n", 16384 * 4, id="chunk extensions"),
        pytest.param(CHUNKED + b"0\r\n", b"X: y\r\n", 100 * 6, id="trailer fields"),
        pytest.param(CHUNKED + b"0\r\nX: ", b"a", Limits.line, id="a trailer field"),
    ],
)
def test_no_peer_keeps_a_client_busy_with_endless(head: bytes, piece: bytes, limit: int) -> None:
    connection = HTTPConnection("127.0.0.1")
    connection.sock = sock = ScriptedSocket(_endless(head, piece), ends=False)
    connection.request("GET", "/")
    response = None

    with pytest.raises(HTTPException) as raised:
        response = connection.getresponse()
        response.read()

    if response is not None:
        response.close()
    connection.close()
    assert not isinstance(raised.value, OSError)
    assert sock.received <= len(head) + limit + SLACK


def test_a_promised_length_is_never_asked_for_at_once() -> None:
    asked = []

    class Watched(ScriptedSocket):
        def recv(self, size: int, *args: object) -> bytes:
            asked.append(size)
            return super().recv(size, *args)

    connection = HTTPConnection("127.0.0.1")
    connection.sock = Watched([OK + b"Content-Length: 99999999999999999999\r\n\r\n", b"x"], ends=True)
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(HTTPException):
        response.read()

    connection.close()
    assert max(asked) <= MAX_RECEIVE_SIZE
