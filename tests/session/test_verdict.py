"""A verdict leads to the bytes that it rests on."""

import pytest

from tests.ui.conversation import Conversation
from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session.verdict import deciding_entry
from workbench.ui.presentation.link import node_entry, place_of_entry

LENGTH = ("Content-Length", "5")
CHUNKED = ("Transfer-Encoding", "chunked")


def decided(kind, fields, *, rule=6, framing="length", persistent=True, version="HTTP/1.1", earlier=0):
    """The name of what decided, in a conversation of so many exchanges before."""
    talk = Conversation()
    for _ in range(earlier + 1):
        talk.put_request("GET", "/")
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
        talk.receive(f"{version} 200 OK\r\n{lines}\r\n".encode())
        talk.status_line(200, "OK", version)
        for name, value in fields:
            talk.field(name, value)
        talk.header_section()
        talk.framing(rule, framing, 5, "because")
        talk.persistence(persistent, "because")
        talk.complete(True, "it is")
    moment = talk.recording.at()
    response = moment.exchange.response
    verdict = response.framing if kind is tap.FramingDecided else response.persistence
    found = deciding_entry(moment, verdict.index, verdict.event)
    event = talk.recording.entries.event(found)
    return getattr(event, "name", type(event).__name__)


@pytest.mark.parametrize(
    ("rule", "fields", "name"),
    [
        pytest.param(1, [LENGTH], "StatusLineParsed", id="no content by its status"),
        pytest.param(2, [], "StatusLineParsed", id="tunnel"),
        pytest.param(3, [LENGTH, CHUNKED], "Transfer-Encoding", id="both"),
        pytest.param(4, [CHUNKED], "Transfer-Encoding", id="chunked"),
        pytest.param(5, [("Content-Length", "x")], "Content-Length", id="no number"),
        pytest.param(6, [("X", "y"), LENGTH], "Content-Length", id="length"),
        pytest.param(8, [("X", "y")], "HeaderSectionParsed", id="until close"),
    ],
)
def test_framing_rests_on_what_its_rule_speaks_of(rule, fields, name):
    assert decided(tap.FramingDecided, fields, rule=rule) == name


CLOSE = ("Connection", "te, Close")
KEEP = ("Connection", "Keep-Alive")


@pytest.mark.parametrize(
    ("fields", "facts", "name"),
    [
        pytest.param([LENGTH], {}, "StatusLineParsed", id="kept by its version"),
        pytest.param([LENGTH, KEEP], {}, "StatusLineParsed", id="a word that is not needed"),
        pytest.param([LENGTH, CLOSE], {"persistent": False}, "Connection", id="close"),
        pytest.param([LENGTH, KEEP], {"version": "HTTP/1.0"}, "Connection", id="kept by a word"),
        pytest.param([("Keep-Alive", "5")], {"version": "HTTP/1.0"}, "Keep-Alive", id="kept by an old field"),
        pytest.param(
            [("Proxy-Connection", "keep-alive")], {"version": "HTTP/1.0"}, "Proxy-Connection", id="proxy"
        ),
        pytest.param(
            [LENGTH],
            {"version": "HTTP/1.0", "persistent": False},
            "StatusLineParsed",
            id="closed by its version",
        ),
        pytest.param(
            [("X", "y")],
            {"rule": 8, "framing": "close", "persistent": False},
            "HeaderSectionParsed",
            id="ends with the connection",
        ),
        pytest.param(
            [LENGTH, CHUNKED],
            {"rule": 3, "framing": "chunked", "persistent": False},
            "Transfer-Encoding",
            id="framing in doubt",
        ),
    ],
)
def test_persistence_rests_on_what_was_said_or_on_the_version(fields, facts, name):
    assert decided(tap.PersistenceDecided, fields, **facts) == name


def test_verdict_is_that_of_its_own_exchange():
    assert decided(tap.FramingDecided, [LENGTH], earlier=3) == "Content-Length"


def test_other_events_are_no_verdicts():
    talk = Conversation()
    talk.put_request("GET", "/")

    assert deciding_entry(talk.recording.at(), 1, talk.recording.entries.event(1)) is None


def test_verdict_leads_to_bytes_and_stays_its_own_node():
    talk = Conversation()
    talk.put_request("GET", "/")
    talk.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    talk.status_line(200, "OK")
    talk.field(*LENGTH)
    talk.header_section()
    talk.framing(6, "length", 5, "because")
    moment = talk.recording.at()
    index = moment.exchange.response.framing.index

    place = place_of_entry(talk.recording, moment, index)

    assert place.span == Span("received", 17, 36)
    assert place.entry == index
    assert node_entry(place, talk.recording, moment.exchange) == index
