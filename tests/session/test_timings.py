"""How long each phase took: the network's time, our own, and the time in which somebody thought."""

import pytest

from tests.ui.conversation import Conversation
from workbench.session import timings as timings_module
from workbench.session.timings import Phase, timings_of

MS = 1_000_000


def timings(talk: Conversation, exchange: int = -1):
    moment = talk.recording.at()
    return timings_of(talk.recording.entries, moment.connection, moment.connection.exchanges[exchange])


def phases(talk: Conversation, exchange: int = -1):
    return [step.phase for step in timings(talk, exchange).steps]


def request(talk: Conversation, *, connect: bool = True):
    talk.put_request("GET", "/")
    talk.end_header_section()
    if connect:
        talk.connect()
    talk.send()
    talk.complete_request()


def head(talk: Conversation, length: int, code: int = 200):
    talk.status_line(code, "OK")
    talk.field("Content-Length", str(length))
    talk.header_section()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


def test_phases_stand_in_their_order():
    talk = Conversation()
    request(talk)
    talk.receive(HEAD[:10], 5 * MS)
    talk.receive(HEAD[10:], 2 * MS)
    head(talk, 4)
    talk.receive(b"ab", 3 * MS)
    talk.content(2)
    talk.receive(b"cd", 4 * MS)
    talk.content(2)
    talk.end_of_stream(MS)

    found = timings(talk)

    assert [(step.phase, step.elapsed_ns) for step in found.steps] == [
        (Phase.LOOKUP, 30_000),
        (Phase.CONNECT, 80_000),
        (Phase.SEND, 12_000),
        (Phase.WAIT, 5 * MS),
        (Phase.HEAD, 2 * MS),
        (Phase.CONTENT, 7 * MS),
        (Phase.END, MS),
    ]
    assert found.network_ns == 15 * MS + 122_000
    assert found.paused_ns == 0


def test_handshake_is_a_phase_of_its_own_and_so_is_its_failure():
    good, bad = Conversation(), Conversation()
    for talk in (good, bad):
        talk.put_request("GET", "/")
        talk.connect()
    good.secure()
    bad.refuse_tls("certificate verify failed")

    assert timings(good).steps[-1].phase is Phase.TLS
    assert timings(bad).steps[-1].words == "certificate verify failed"


def test_time_in_which_somebody_thought_is_nobodys_but_theirs():
    talk = Conversation()
    request(talk)
    talk.pause(3000 * MS)
    talk.receive(HEAD, 5 * MS)
    head(talk, 4)
    talk.receive(b"ab", MS)
    talk.content(2)
    talk.pause(2000 * MS)
    talk.receive(b"cd", MS)
    talk.content(2)

    found = timings(talk)
    *_, send, pause, wait, content = found.steps

    assert [step.phase for step in (send, pause, wait, content)] == [
        Phase.SEND,
        Phase.PAUSE,
        Phase.WAIT,
        Phase.CONTENT,
    ]
    assert 2990 * MS < pause.paused_ns < 3000 * MS
    assert wait.elapsed_ns == 5 * MS
    assert content.elapsed_ns == 2 * MS
    assert (content.pauses, content.paused_ns // MS) == (1, 1999)
    assert found.paused_ns == pause.paused_ns + content.paused_ns
    assert found.axis_ns < 20 * MS


def test_second_exchange_does_not_pay_for_the_connection():
    talk = Conversation()
    for number in range(2):
        request(talk, connect=number == 0)
        talk.receive(HEAD + b"abcd", MS)
        head(talk, 4)
        talk.content(4)

    assert phases(talk, 0) == [Phase.LOOKUP, Phase.CONNECT, Phase.SEND, Phase.WAIT]
    assert phases(talk, 1) == [Phase.SEND, Phase.WAIT]


def test_each_response_is_waited_for():
    talk = Conversation()
    request(talk)
    interim = b"HTTP/1.1 100 OK\r\nContent-Length: 0\r\n\r\n"
    talk.receive(interim, MS)
    head(talk, 0, 100)
    talk.interim(100)
    talk.receive(HEAD[:20], 9 * MS)
    talk.receive(HEAD[20:], MS)
    head(talk, 4)

    assert [(step.phase, step.elapsed_ns // MS) for step in timings(talk).steps[3:]] == [
        (Phase.WAIT, 10),
        (Phase.HEAD, 1),
    ]


def test_failure_says_how_long_was_waited_for_nothing():
    talk = Conversation()
    request(talk)
    talk.fail_transport("timed out", 500 * MS)
    talk.close("the call raised")

    *_, failed, closed = timings(talk).steps

    assert (failed.phase, failed.elapsed_ns, failed.words) == (Phase.FAILED, 500 * MS, "timed out")
    assert (closed.phase, closed.words) == (Phase.CLOSE, "the call raised")


def test_request_that_was_not_sent_has_no_times():
    talk = Conversation()
    talk.put_request("GET", "/")

    assert timings(talk).steps == []


def test_number_of_transfers_is_bounded(monkeypatch):
    monkeypatch.setattr(timings_module, "MOST_TRANSFERS", 10)
    talk = Conversation()
    request(talk)
    talk.receive(HEAD, MS)
    head(talk, 4)
    for _ in range(30):
        talk.receive(b"x", MS)
        talk.content(1)

    found = timings(talk)

    assert found.cut
    assert len(found.steps[-1].places) == 9


@pytest.mark.parametrize("index", range(25))
def test_every_moment_of_an_exchange_can_be_timed(index):
    talk = Conversation()
    request(talk)
    talk.receive(HEAD, MS)
    head(talk, 4)
    talk.receive(b"abcd", MS)
    talk.content(4)
    moment = talk.recording.at(index)

    if moment.exchange is not None:
        found = timings_of(talk.recording.entries, moment.connection, moment.exchange)
        assert all(step.index <= index for step in found.steps)
