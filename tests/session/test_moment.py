"""A recording as of one moment: what every pane of the screen is drawn from."""

import pytest

from tests.session.told import Told, error
from tests.ui.conversation import Conversation
from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session.events import (
    LineRaised,
    LineReturned,
    LineStarted,
    Printed,
    ScriptExtended,
    ScriptFinished,
    ScriptStarted,
)
from workbench.session.recording import Recording

REFUSED = error("ConnectionRefusedError", "OSError", message="refused")


@pytest.fixture
def recording() -> Recording:
    return Recording()


@pytest.fixture
def told(recording) -> Told:
    return Told(recording.append)


# --- the script --------------------------------------------------------------------------


def test_lines_of_a_moment_have_come_to_what_they_came_to_then(recording):
    recording.append(ScriptStarted(0, 1, "a.py", "one\ntwo", 0))
    recording.append(LineStarted(0, 1))
    recording.append(LineReturned(0, 1, "b'spam'"))
    recording.append(LineStarted(0, 2))
    recording.append(LineRaised(0, 2, REFUSED))
    recording.append(ScriptFinished(0, "failed"))

    moments = [recording.at(index) for index in range(6)]

    kinds = [{line: outcome.kind for line, outcome in moment.outcomes.items()} for moment in moments]
    assert kinds == [
        {},
        {1: "running"},
        {1: "returned"},
        {1: "returned", 2: "running"},
        {1: "returned", 2: "raised"},
        {1: "returned", 2: "raised"},
    ]
    assert [moment.line for moment in moments] == [0, 1, 0, 2, 0, 0]
    assert [moment.ending for moment in moments] == [None] * 5 + ["failed"]
    assert moments[5].outcomes[1].text == "b'spam'"
    assert moments[5].outcomes[2].error is REFUSED
    assert (moments[5].outcomes[2].first_index, moments[5].outcomes[2].last_index) == (3, 4)


def test_failure_lasts_until_another_line_starts(recording):
    recording.append(LineStarted(0, 1))
    recording.append(LineRaised(0, 1, REFUSED, aborted=True))
    recording.append(LineStarted(0, 2))

    assert [recording.at(index).failure for index in range(3)] == [None, REFUSED, None]
    assert recording.at(1).outcomes[1].kind == "aborted"


def test_script_of_a_moment_has_the_calls_typed_until_then(recording):
    recording.append(ScriptStarted(0, 1, "a.py", "one", 0))
    recording.append(ScriptExtended(0, 2, "one\ntwo"))
    recording.append(Printed(0, 2, "hello"))

    assert [recording.at(index).script_source for index in (-1, 0, 1)] == ["", "one", "one\ntwo"]
    assert (recording.at(1).printed, recording.at(2).printed) == ([], [(2, "hello")])


def test_restart_begins_with_nothing_done(recording, told):
    recording.append(ScriptStarted(0, 1, "a.py", "one", 0))
    recording.append(LineStarted(0, 1))
    told.request()
    recording.append(ScriptStarted(0, 2, "a.py", "one", 0))

    now, before = recording.at(), recording.at(2)

    assert (now.run, now.outcomes, now.connections, now.connection, now.exchange) == (2, {}, [], None, None)
    assert (before.run, len(before.connections), before.exchange.number) == (1, 1, 1)
    assert now.state == ""


def test_calls_are_open_until_they_return_or_raise(recording, told):
    told.call("HTTPConnection.request")
    told.call("HTTPConnection.connect")
    told.raised("HTTPConnection.connect", REFUSED)
    told.raised("HTTPConnection.request", REFUSED)

    names = [[entry.event.name for entry in recording.at(index).open_calls] for index in range(-1, 4)]

    assert names == [
        [],
        ["HTTPConnection.request"],
        ["HTTPConnection.request", "HTTPConnection.connect"],
        ["HTTPConnection.request"],
        [],
    ]


def test_calls_of_a_line_that_was_given_up_are_not_open(recording, told):
    recording.append(LineStarted(0, 1))
    told.call("HTTPConnection.request")
    recording.append(LineRaised(0, 1, REFUSED, aborted=True))

    assert recording.at().open_calls == ()


def test_moment_before_the_first_entry_is_empty(recording, told):
    told.request()
    moment = recording.at(-1)

    assert (moment.entry, moment.run, moment.line, moment.outcomes, moment.failure) == (None, 0, 0, {}, None)
    assert (moment.connections, moment.exchange, moment.ending, moment.open_calls) == ([], None, None, ())
    assert (moment.script_source, moment.printed) == ("", [])


def test_moment_beyond_the_end_is_the_present(recording, told):
    told.request()

    assert recording.at(99).index == recording.at().index == len(recording.entries) - 1


# --- the connection ----------------------------------------------------------------------


def test_state_and_lengths_are_those_of_the_moment(recording, told):
    told.request_line()
    told.state("IDLE", "REQUEST_STARTED", "putrequest")
    told.send_all()
    told.receive(b"HTTP/1.1 2")
    told.receive(b"00 OK\r\n")

    seen = []
    for index in range(len(recording.entries)):
        connection = recording.at(index).connection
        lengths = connection.queued_length, connection.sent_length, connection.received_length
        seen.append((connection.state, *lengths))

    assert seen == [
        ("IDLE", 16, 0, 0),
        ("REQUEST_STARTED", 16, 0, 0),
        ("REQUEST_STARTED", 16, 16, 0),
        ("REQUEST_STARTED", 16, 16, 0),
        ("REQUEST_STARTED", 16, 16, 10),
        ("REQUEST_STARTED", 16, 16, 17),
    ]
    assert recording.at(4).connection.bytes("received") == b"HTTP/1.1 2"
    assert recording.at(4).connection.bytes("received", 5, 99) == b"1.1 2"
    assert recording.at(4).state == "REQUEST_STARTED"


def test_connection_tells_where_it_goes_and_how_it_ended(recording, told):
    told.tell(tap.HostLookupStarted, "lab", 80)
    told.tell(tap.Connected, "127.0.0.1", 8080, "127.0.0.1", 40000)
    told.tell(
        tap.TlsEstablished, "TLSv1.3", "TLS_AES_256_GCM_SHA384", None, True, b"", "CN=lab", "CN=ca", "2030"
    )
    told.tell(tap.ConnectionClosed, "closed by the script")

    moments = [recording.at(index).connection for index in range(4)]

    assert [moment.target for moment in moments] == [("lab", 80)] * 4
    assert [moment.address for moment in moments] == [None, *[("127.0.0.1", 8080)] * 3]
    assert [moment.open for moment in moments] == [False, True, True, False]
    assert [bool(moment.tls) for moment in moments] == [False, False, True, True]
    assert [moment.closed_reason for moment in moments] == [None, None, None, "closed by the script"]


def test_current_connection_is_the_one_that_something_happened_on_last(recording):
    first, second = Told(recording.append, 1), Told(recording.append, 2)
    first.request()
    second.request()
    first.response()

    assert recording.at(3).connection.number == 1
    assert recording.at(6).connection.number == 2
    assert recording.at().connection.number == 1
    assert [connection.number for connection in recording.at().connections] == [1, 2]
    assert recording.at(3).connection_numbered(2) is None


# --- the exchange ------------------------------------------------------------------------


def test_response_grows_with_the_moments(recording, told):
    told.request()
    told.response(b"spam and eggs")
    facts = {type(entry.event): entry.index for entry in recording.entries}

    before_it = recording.at(facts[tap.StatusLineParsed] - 1).exchange
    with_status = recording.at(facts[tap.StatusLineParsed]).exchange
    with_framing = recording.at(facts[tap.FramingDecided]).exchange
    at_the_end = recording.at().exchange

    assert before_it.response is None
    assert with_status.response.status_line.event.status_code == 200
    assert with_status.response.header_section == []
    assert with_status.response.header_section_end is None
    assert with_framing.response.framing.event.rule == 6
    assert with_framing.response.content_length == 0
    assert with_framing.response.content() == b""
    assert with_framing.response.completion is None
    assert [fact.event.name for fact in at_the_end.response.header_section] == ["Content-Length"]
    assert at_the_end.response.content() == b"spam and eggs"
    assert at_the_end.response.completion.event.complete
    assert at_the_end.last_index == recording.at().index


def test_request_has_its_parts(recording, told):
    told.request_line("POST", "/echo")
    told.request_field("Host", "lab", automatic=True)
    told.request_field("X-Id", "7")
    told.request_end()
    told.queue(tap.ContentBuffered, b"spam=1", "content")
    told.send_all()

    exchange = recording.at().exchange

    assert exchange.request_line.event.target == "/echo"
    assert [(fact.event.name, fact.event.automatic) for fact in exchange.request_header_section] == [
        ("Host", True),
        ("X-Id", False),
    ]
    assert exchange.request_header_section_end is not None
    assert exchange.request_content_spans == [Span("sent", told.queued - 6, told.queued)]
    assert exchange.request_completion.event.complete
    assert (exchange.connection, exchange.number, exchange.first_index) == (1, 1, 0)


def test_interim_responses_stand_before_the_final_one(recording, told):
    told.request()
    told.head(100, "Continue")
    told.tell(tap.InterimResponseParsed, 100)
    middle = recording.at().exchange
    told.response()

    exchange = recording.at().exchange
    assert middle.response is None
    assert [response.status_line.event.status_code for response in exchange.interim_responses] == [100]
    assert exchange.response.status_line.event.status_code == 200
    assert len(exchange.responses) == 2


def test_chunks_and_trailers_are_told_apart_from_the_header(recording, told):
    told.request()
    told.head(200, "OK", ("Transfer-Encoding", "chunked"))
    told.receive(b"5;ext=1\r\nhello\r\n0\r\nX: 1\r\n\r\n")
    told.parse(tap.ChunkHeaderParsed, 9, "chunk_size", 0, 5, ";ext=1")
    told.parse(tap.ContentParsed, 5, "content", 0)
    told.parse(tap.ChunkParsed, 2, "chunk_end", 0)
    told.parse(tap.ChunkHeaderParsed, 3, "chunk_size", 1, 0, "")
    told.parse(tap.FieldLineParsed, 6, "name", "trailer", 0, "X", "1")
    told.parse(tap.TrailerSectionParsed, 2, "section_end", 1)
    told.tell(tap.PersistenceDecided, True, "HTTP/1.1 without Connection: close")

    response = recording.at().exchange.response
    assert [fact.event.size for fact in response.facts(tap.ChunkHeaderParsed)] == [5, 0]
    assert [fact.event.name for fact in response.header_section] == ["Transfer-Encoding"]
    assert [fact.event.name for fact in response.trailer_section] == ["X"]
    assert response.trailer_section_end is not None
    assert response.persistence.event.persistent
    assert response.count(tap.ChunkParsed) == 1
    assert response.content() == b"hello"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(0, None, b"abcdefgh", id="all of it"),
        pytest.param(1, 3, b"bc", id="inside one piece"),
        pytest.param(2, 7, b"cdefg", id="over three pieces"),
        pytest.param(3, 5, b"de", id="exactly one piece"),
        pytest.param(7, 99, b"h", id="cut at the end"),
        pytest.param(5, 5, b"", id="nothing"),
        pytest.param(9, 12, b"", id="beyond the end"),
    ],
)
def test_content_is_sliced_without_framing(recording, told, start, end, expected):
    told.request()
    told.head(200)
    for data in (b"abc", b"de", b"fgh"):
        told.receive(b"3\r\n")
        told.parse(tap.ChunkHeaderParsed, 3, "chunk_size", 0, len(data), "")
        told.read(data)

    assert recording.at().exchange.response.content(start, end) == expected


def test_response_without_a_status_line_has_content(recording, told):
    told.request()
    told.read(b"<html>")

    response = recording.at().exchange.response
    assert response.status_line is None
    assert response.content() == b"<html>"


def test_failed_exchange_never_shows_the_response_of_the_one_before(recording, told):
    told.request()
    told.response()
    told.call("HTTPConnection.request")
    told.request_line()
    told.raised("HTTPConnection.request", REFUSED)

    exchange = recording.at().exchange

    assert exchange.number == 2
    assert exchange.response is None
    assert exchange.error.event.error is REFUSED
    assert recording.at().connection.exchanges[0].error is None


def test_failed_connection_never_shows_the_exchange_of_another(recording, told):
    told.request()
    told.response()
    other = Told(recording.append, 2)
    other.tell(tap.ConnectFailed, "127.0.0.1", 1, "refused")

    assert recording.at().exchange is None


def test_misuse_does_not_end_an_exchange(recording, told):
    told.request()
    told.call("HTTPConnection.putheader")
    told.raised("HTTPConnection.putheader", error("CannotSendHeader", "ImproperConnectionState"))

    assert recording.at().exchange.error is None


def test_error_after_a_complete_response_is_not_the_exchange_s(recording, told):
    told.request()
    told.response()
    told.raised("HTTPResponse.getheader", error("TypeError"))

    assert recording.at().exchange.error is None


def test_truncated_response_has_its_error(recording, told):
    told.request()
    told.head(200, "OK", ("Content-Length", "9"))
    told.read(b"spam")
    told.complete(complete=False)
    told.raised("HTTPResponse.read", error("IncompleteRead", "HTTPException"))

    exchange = recording.at().exchange
    assert exchange.error.event.error.class_name == "IncompleteRead"
    assert exchange.response.content() == b"spam"
    assert not exchange.response.completion.event.complete


def test_diagnostics_and_excess_are_listed(recording, told):
    told.request()
    told.response()
    told.receive(b"more")
    told.parse(tap.ExcessReceived, 4, "excess")
    code, severity = next(iter(tap.Code)), next(iter(tap.Severity))
    told.tell(tap.DiagnosticFound, code, severity, Span("received", 0, 1), "RFC 9112", "accepted", "words")

    exchange = recording.at().exchange
    assert [fact.event.words for fact in exchange.diagnostics] == ["words"]
    assert [len(fact.event.span) for fact in exchange.excess] == [4]


def test_exchanges_are_read_one_at_a_time(recording, told):
    for _ in range(5):
        told.request()
    exchanges = recording.at(9).connection.exchanges

    assert len(exchanges) == 2
    assert exchanges[-1].number == 2
    assert [exchange.number for exchange in exchanges[:5]] == [1, 2]
    with pytest.raises(IndexError):
        exchanges[2]


def test_content_of_many_chunks_is_taken_from_the_stream_in_one_go(recording, monkeypatch):
    talk = Conversation(recording=recording)
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n" + b"3\r\nabc\r\n" * 100)
    talk.status_line(200, "OK")
    talk.header_section()
    for _ in range(100):
        talk.chunk_header(3)
        talk.content(3)
        talk.chunk_end()
    taken = []
    stream = recording.connection(1).received
    slice_ = stream.slice
    monkeypatch.setattr(stream, "slice", lambda start, end: taken.append(start) or slice_(start, end))

    response = recording.at().connection.exchange.responses[-1]

    assert response.content(1, 10) == b"bcabcabca"
    assert len(taken) == 1
