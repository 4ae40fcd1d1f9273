"""A receiver is a file too: what `HTTPResponse.fp` promises to a program that reads it itself."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.wire.responses import cuts
from tests.protocol.wire.scripted_socket import ScriptedSocket
from workbench.protocol import HTTPException
from workbench.protocol.limits import MAX_RECEIVE_SIZE, RECEIVE_SIZE, Limits
from workbench.protocol.receive import Receiver
from workbench.protocol.receivers import FileReceiver, SocketReceiver
from workbench.protocol.transport import Transport


@contextmanager
def receiving(pieces: list[bytes], of_socket: bool) -> Iterator[Any]:
    """A receiver of either kind, from which the pieces come."""
    if not of_socket:
        with FileReceiver(io.BytesIO(b"".join(pieces))) as receiver:
            yield receiver
        return
    transport = Transport(ScriptedSocket(pieces, ends=True), None)
    with transport.makefile() as receiver:
        transport.close("the receiver has it now")
        yield receiver


sizes = st.sampled_from((0, 1, 2, 5, 30))
calls = st.lists(
    st.one_of(
        st.tuples(st.just("read"), sizes),
        st.tuples(st.just("readline"), sizes),
        st.tuples(st.just("readinto"), sizes),
        st.tuples(st.sampled_from(("read1", "peek")), sizes),
        st.tuples(st.sampled_from(("read", "readline", "read1")), st.just(-1)),
    ),
    max_size=12,
)


@given(data=st.data(), of_socket=st.booleans(), calls=calls)
def test_receiver_reads_like_any_file(
    data: st.DataObject, of_socket: bool, calls: list[tuple[str, int]]
) -> None:
    content = data.draw(st.lists(st.sampled_from((b"a", b"bc", b"\n", b"\r\n")), max_size=30).map(b"".join))
    expected = io.BytesIO(content)

    with receiving(data.draw(cuts(content)), of_socket) as receiver:
        for name, size in calls:
            rest = content[expected.tell() :]
            if name == "peek":
                shown = receiver.peek(size)
                assert rest.startswith(shown)
                assert shown or not rest
            elif name == "read1":
                got = receiver.read1(size)
                assert expected.read(len(got)) == got
                assert size < 0 or len(got) <= size
                assert got or not rest or not size
            elif name == "readinto":
                one, other = bytearray(size), bytearray(size)
                assert receiver.readinto(one) == expected.readinto(other)
                assert one == other
            else:
                assert getattr(receiver, name)(size) == getattr(expected, name)(size)
            assert receiver.offset == expected.tell()


@pytest.mark.parametrize("of_socket", [True, False], ids=["a socket", "a file"])
def test_none_reads_to_the_end(of_socket: bool) -> None:
    with receiving([b"a\nb", b"c"], of_socket) as receiver:
        assert receiver.readable()
        assert receiver.readline(None) == b"a\n"
        assert receiver.read(None) == b"bc"
        assert receiver.read() == b""


@pytest.mark.parametrize("of_socket", [True, False], ids=["a socket", "a file"])
def test_memory_that_cannot_be_written_to_costs_no_byte(of_socket: bool) -> None:
    with receiving([b"abc"], of_socket) as receiver:
        with pytest.raises(TypeError, match="memory that can be written to"):
            receiver.readinto(b"xyz")

        assert receiver.read() == b"abc"


def test_large_view_is_filled_straight_from_the_socket() -> None:
    with receiving([b"a" * 10, b"b" * RECEIVE_SIZE], of_socket=True) as receiver:
        view = bytearray(RECEIVE_SIZE)

        assert receiver.some_into(memoryview(view)) == 10
        assert receiver.buffered == b""
        assert receiver.some_into(memoryview(view)) == RECEIVE_SIZE
        assert receiver.offset == RECEIVE_SIZE + 10
        assert receiver.some_into(memoryview(view)) == 0
        assert receiver.ended


def test_bytes_that_were_put_back_are_the_next_ones_again() -> None:
    with receiving([b"abc", b"def"], of_socket=True) as receiver:
        taken = receiver.read(4)
        receiver.put_back(taken[2:])

        assert receiver.offset == 2
        assert receiver.read(3) == b"cde"


def test_socket_is_let_go_by_the_last_user() -> None:
    sock = ScriptedSocket([], ends=True)
    transport = Transport(sock, None)
    file = transport.makefile()

    transport.close("the connection is done")

    assert file.fileno() >= 0
    file.close()
    assert sock.fileno() == -1


def test_too_many_lines_are_noticed_when_nothing_more_comes() -> None:
    """They came in one piece, so there was no next one at which to count them."""
    transport = Transport(ScriptedSocket([b"X: y\r\n" * 101], ends=False), None)

    with transport.makefile() as receiver, pytest.raises(HTTPException, match="got more than 100 headers"):
        transport.close("the receiver has it now")
        receiver.section(Limits(line=1000), 100)


def test_receiver_of_no_kind_receives_nothing() -> None:
    receiver = Receiver(None)

    for receive in (receiver.receive, receiver.receive_line):
        with pytest.raises(NotImplementedError):
            receive(1)


def test_receiver_whose_constructor_was_interrupted_closes_nothing() -> None:
    SocketReceiver.__new__(SocketReceiver).close()


@pytest.mark.parametrize("of_socket", [False, True], ids=["file", "socket"])
def test_line_may_be_of_any_length(of_socket: bool) -> None:
    line = b"x" * (3 * MAX_RECEIVE_SIZE) + b"\n"

    with receiving([line + b"next"], of_socket) as receiver:
        assert receiver.readline() == line
        assert receiver.readline(2) == b"ne"
