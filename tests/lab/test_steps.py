"""What each step does, seen from the client and in the log."""

import socket
from collections.abc import Callable

import pytest

from tests.lab.conftest import TIMEOUT_SECONDS, EventQueue
from workbench.lab import LabServer, Scenario, find_scenario

MakeScenario = Callable[..., Scenario]
Connect = Callable[[Scenario], socket.socket]

SEND = '[[steps]]\ndo = "send"\n'


def data_of(lab: LabServer, kind: str) -> list[bytes]:
    """List the data of all events of one kind."""
    return [event.data for event in lab.log if event.kind == kind]


def test_pause_lasts_until_it_is_resumed(
    lab: LabServer, events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    scenario = make_scenario('[[steps]]\ndo = "pause"\n' + SEND + 'text = "on"\n')
    sock = connect(scenario)
    events.wait_for("paused")
    assert data_of(lab, "sent") == []

    lab.resume(scenario)

    assert sock.recv(10) == b"on"


def test_pause_that_nobody_ends_is_over_in_the_end(make_scenario: MakeScenario) -> None:
    scenario = make_scenario('[[steps]]\ndo = "pause"\n' + SEND + 'text = "on"\n')
    with LabServer(idle_seconds=0.05) as lab:
        events = EventQueue(lab)
        with socket.create_connection(lab.open(scenario), timeout=TIMEOUT_SECONDS) as sock:
            assert sock.recv(10) == b""

        assert events.wait_for("error").note == "Nobody let the pause end"
        events.wait_for("closed")
        assert [event.kind for event in lab.log].count("error") == 1


def test_drip_sends_pieces_of_its_size(
    lab: LabServer, events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    connect(make_scenario('[[steps]]\ndo = "drip"\nsize = 2\ntick_seconds = 60\ntext = "abcde"\n'))
    events.wait_for("closed")

    assert data_of(lab, "sent") == [b"ab", b"cd", b"e"]


def test_wait_is_in_the_log(events: EventQueue, make_scenario: MakeScenario, connect: Connect) -> None:
    connect(make_scenario('[[steps]]\ndo = "wait"\nseconds = 600\n'))

    assert events.wait_for("waiting").note == "for 0 s"


def test_wait_lasts_as_long_as_the_pace_says(make_scenario: MakeScenario) -> None:
    scenario = make_scenario('[[steps]]\ndo = "wait"\nseconds = 600\n' + SEND + 'text = "late"\n')
    with LabServer(pace=0.1 / 600) as lab:
        events = EventQueue(lab)
        with socket.create_connection(lab.open(scenario), timeout=TIMEOUT_SECONDS) as sock:
            assert sock.recv(10) == b"late"
        waiting, sent = events.wait_for("waiting"), events.wait_for("sent")

    assert sent.time_ns - waiting.time_ns >= 90_000_000


def test_half_close_leaves_the_other_direction_open(
    events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    sock = connect(make_scenario('[[steps]]\ndo = "half_close"\n[[steps]]\ndo = "expect_head"\n'))
    assert sock.recv(1) == b""

    sock.sendall(b"GET / HTTP/1.1\r\n\r\n")

    assert events.wait_for("received").data == b"GET / HTTP/1.1\r\n\r\n"
    events.wait_for("closed")


def test_lines_text_and_hex_are_sent_in_this_order(make_scenario: MakeScenario, connect: Connect) -> None:
    sock = connect(make_scenario(SEND + 'hex = "00 ff"\ntext = "t\\u00e9"\nlines = ["one", ""]\n'))

    assert sock.recv(100) == b"one\r\n\r\nt\xe9\x00\xff"


def test_expect_body_takes_no_more_than_it_should(
    lab: LabServer, events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    steps = '[[steps]]\ndo = "expect_head"\n[[steps]]\ndo = "expect_body"\nat_most = 2\n'
    sock = connect(make_scenario(steps + SEND + 'text = "{body}"\nfill = true\n'))

    sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\nabc")

    assert sock.recv(10) == b"ab"


def test_steps_are_played_as_often_as_the_file_says(make_scenario: MakeScenario, connect: Connect) -> None:
    sock = connect(make_scenario(SEND + 'text = "again "\n', top="repeat = 3\n"))

    received = b"".join(iter(lambda: sock.recv(100), b""))

    assert received == b"again again again "


def test_close_lets_the_client_read_what_was_sent(make_scenario: MakeScenario, connect: Connect) -> None:
    """Closing with unread data in the receive buffer would send a reset (RFC 9112 section 9.6)."""
    sock = connect(make_scenario('[[steps]]\ndo = "expect_head"\n' + SEND + 'text = "no"\n'))

    sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000)

    assert b"".join(iter(lambda: sock.recv(100), b"")) == b"no"


def test_request_without_framing_has_no_content(
    events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    steps = '[[steps]]\ndo = "expect_head"\n[[steps]]\ndo = "expect_body"\n'
    sock = connect(make_scenario(steps + SEND + 'text = "{method} {target} {body_length}"\nfill = true\n'))

    sock.sendall(b"PUT /x?y HTTP/1.1\r\n\r\n")

    assert sock.recv(100) == b"PUT /x?y 0"


@pytest.mark.parametrize(
    ("request_bytes", "note"),
    [
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: ten\r\n\r\n", "decimal", id="length"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "at most", id="huge length"),
        pytest.param(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "hexa", id="chunk size"),
        pytest.param(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "CR LF", id="chunk end"
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", "at most", id="huge chunk"
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 70_000,
            "line",
            id="chunk line",
        ),
        pytest.param(b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000, "end of the head", id="head"),
    ],
)
def test_request_without_an_end_is_an_entry_in_the_log(
    events: EventQueue, connect: Connect, request_bytes: bytes, note: str
) -> None:
    sock = connect(find_scenario("post-echo"))

    sock.sendall(request_bytes)

    assert note in events.wait_for("error").note
    events.wait_for("closed")


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"POST / HT", id="in the head"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab", id="in the content"),
        pytest.param(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5", id="in a chunk"),
    ],
)
def test_client_that_leaves_in_the_middle_is_an_entry_in_the_log(
    events: EventQueue, connect: Connect, request_bytes: bytes
) -> None:
    sock = connect(find_scenario("post-echo"))
    sock.sendall(request_bytes)

    sock.close()

    events.wait_for("peer_closed")
    assert "in the middle of a request" in events.wait_for("error").note
    events.wait_for("closed")


def test_client_that_resets_is_an_entry_in_the_log(
    events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    sock = connect(make_scenario('[[steps]]\ndo = "wait_for_close"\n'))
    events.wait_for("waiting")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    sock.close()

    assert events.wait_for("error").note.startswith("ConnectionResetError: ")
    events.wait_for("closed")


def test_client_that_reads_nothing_is_given_up(make_scenario: MakeScenario) -> None:
    scenario = make_scenario(SEND + f'text = "{"x" * 10_000}"\ntimes = 100000\n')
    with LabServer(idle_seconds=0.1) as lab:
        events = EventQueue(lab)
        with socket.create_connection(lab.open(scenario), timeout=TIMEOUT_SECONDS):
            assert events.wait_for("error").note == "The client was idle for 0.1 s"
            events.wait_for("closed")


@pytest.mark.parametrize(
    ("request_lines", "answer"),
    [
        pytest.param("GET / HTTP/1.1", b"first", id="in order"),
        pytest.param("GET /there HTTP/1.1", b"there", id="path"),
        pytest.param("GET http://lab/there?x HTTP/1.1", b"there", id="path of an absolute-form"),
        pytest.param("GET / HTTP/1.1\r\nX-KEY: 1", b"with a key", id="field"),
    ],
)
def test_request_is_answered_where_it_is_asked_for(
    make_scenario: MakeScenario, connect: Connect, request_lines: str, answer: bytes
) -> None:
    """A client that follows a redirect on a new connection must not get the redirect again."""
    head = '[[steps]]\ndo = "expect_head"\n'
    steps = head + SEND + 'text = "first"\n' + head + 'path = "/there"\n' + SEND + 'text = "there"\n'
    sock = connect(make_scenario(steps + head + 'field = "X-Key"\n' + SEND + 'text = "with a key"\n'))

    sock.sendall(request_lines.encode() + b"\r\n\r\n")

    assert sock.recv(100) == answer


def test_request_that_lacks_what_is_asked_for_gets_the_first_answer(
    make_scenario: MakeScenario, connect: Connect
) -> None:
    head = '[[steps]]\ndo = "expect_head"\n'
    steps = head + SEND + 'text = "who?"\n' + head + 'field = "X-Key"\n' + SEND + 'text = "in"\n'
    sock = connect(make_scenario(steps))

    for fields, answer in ((b"", b"who?"), (b"", b"who?"), (b"X-Key: 1\r\n", b"in")):
        sock.sendall(b"GET / HTTP/1.1\r\n" + fields + b"\r\n")
        assert sock.recv(100) == answer
