"""The link between script line, event, bytes and tree node: from any of them to all others."""

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session import events
from workbench.ui.presentation.link import node_entry, place_of_entry, place_of_line
from workbench.ui.presentation.message_tree import exchange_nodes
from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.tree_path import keys_to_open, path_to_entry


def roots_of(view):
    moment = view.moment
    return exchange_nodes(moment.connection, moment.exchange)


def entries_of(view, kind):
    return [entry for entry in view.recording.entries if isinstance(entry.event, kind)]


def place_of(view, kind, number=0):
    entry = entries_of(view, kind)[number]
    return place_of_entry(view.recording, view.moment, entry.index)


def node_words(view, place):
    index = node_entry(place, view.recording, view.exchange)
    return plain(path_to_entry(roots_of(view), index).node.line) if index is not None else ""


# --- from a line of the script -----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "span", "node"),
    [
        pytest.param(3, Span("sent", 0, 70), "request-line", id="putrequest"),
        pytest.param(4, Span("sent", 70, 90), "Accept: text/plain", id="putheader"),
        pytest.param(5, Span("sent", 90, 92), "Accept: text/plain", id="endheaders"),
        pytest.param(6, Span("received", 0, 140), "status-line", id="getresponse"),
        pytest.param(7, Span("received", 140, 153), "content", id="read"),
    ],
)
def test_line_leads_to_its_event_its_bytes_and_its_node(line, span, node):
    view = states.exchanged()

    place = place_of_line(view.recording, view.moment, line)

    assert view.recording.entries.event(place.entry) == entries_of(view, events.LineStarted)[line - 2].event
    assert place.span == span
    assert node_words(view, place).startswith(node)


@pytest.mark.parametrize("line", [1, 99])
def test_line_that_did_not_run_leads_nowhere(line):
    view = states.exchanged()

    assert place_of_line(view.recording, view.moment, line) is None


def test_line_that_had_not_run_at_the_moment_leads_nowhere():
    view = states.exchanged()
    earlier = view.recording.at(entries_of(view, events.LineStarted)[3].index)

    assert place_of_line(view.recording, earlier, 5) is not None
    assert place_of_line(view.recording, earlier, 6) is None


def test_line_without_bytes_leads_to_its_event():
    view = states.exchanged()

    place = place_of_line(view.recording, view.moment, 2)

    assert (place.line, place.span, place.element) == (2, None, None)


# --- from an event -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "line", "node"),
    [
        pytest.param(tap.RequestLineBuffered, 3, "request-line", id="request-line"),
        pytest.param(tap.FieldLineBuffered, 3, "Host", id="field line of the request"),
        pytest.param(tap.BytesSent, 5, "request-line", id="what a transfer carried first"),
        pytest.param(tap.BytesReceived, 6, "status-line", id="receive"),
        pytest.param(tap.CallStarted, 3, "request-line", id="call"),
        pytest.param(tap.FramingDecided, 6, "framing", id="framing"),
        pytest.param(tap.PersistenceDecided, 6, "connection", id="persistence"),
        pytest.param(tap.MessageCompleted, 7, "end", id="end of the message"),
    ],
)
def test_event_leads_to_its_line_and_its_node(kind, line, node):
    view = states.exchanged()

    place = place_of(view, kind)

    assert place.line == line
    assert node_words(view, place).startswith(node)


def test_diagnostic_leads_to_the_bytes_at_fault_and_to_its_own_node():
    view = states.failed()

    place = place_of(view, tap.DiagnosticFound)

    assert place.span == Span("received", 0, 19)
    assert "Expected a status-line" in node_words(view, place)


def test_event_that_had_not_come_leads_nowhere():
    view = states.exchanged()
    earlier = view.recording.at(5)

    assert place_of_entry(view.recording, earlier, 6) is None


def test_every_event_leads_somewhere():
    view = states.chunked()

    for entry in view.recording.entries:
        place = place_of_entry(view.recording, view.moment, entry.index)
        assert place.entry == entry.index
        if place.span is not None:
            assert place.connection == 1


# --- from bytes --------------------------------------------------------------------------


@pytest.mark.parametrize("state", [states.exchanged, states.chunked, states.failed])
def test_every_byte_leads_to_an_event_a_line_and_a_node(state):
    view = state()
    connection = view.moment.connection

    for stream in ("sent", "received"):
        for offset in range(connection.length(stream)):
            entry = connection.element_at(stream, offset)
            place = place_of_entry(view.recording, view.moment, entry.index)
            assert place.span.start <= offset < place.span.end
            assert place.line == entry.line
            assert node_words(view, place)


def test_bytes_of_an_older_exchange_have_no_node_in_the_tree_of_this_one():
    talk = Conversation("")
    for _ in range(2):
        talk.put_request("GET", "/")
        talk.end_header_section()
    view = states.view_of(talk, "", states.StepperStatus("paused", 1))

    assert node_words(view, place_of(view, tap.RequestLineBuffered, 0)) == ""
    assert node_words(view, place_of(view, tap.RequestLineBuffered, 1)).startswith("request-line")


# --- to a node, and from it --------------------------------------------------------------


def all_nodes(nodes):
    for node in nodes:
        yield node
        if node.children is not None:
            yield from all_nodes(node.children())


def test_every_node_of_an_entry_leads_to_that_entry_and_is_found_from_it():
    view = states.chunked()
    for node in all_nodes(roots_of(view)):
        if node.index is not None:
            place = place_of_entry(view.recording, view.moment, node.index)
            path = path_to_entry(roots_of(view), node_entry(place, view.recording, view.exchange))
            assert path.node.index == node.index


def test_entry_without_a_node_is_told_of_by_the_part_before_it():
    view = states.chunked()
    end_of_chunk = entries_of(view, tap.ChunkParsed)[0].index

    assert plain(path_to_entry(roots_of(view), end_of_chunk).node.line).startswith("chunk 0")


def test_entry_before_the_tree_has_no_node():
    assert path_to_entry(roots_of(states.exchanged()), 0) is None


def test_closed_nodes_on_the_way_are_opened():
    view = states.chunked()
    roots = roots_of(view)
    path = path_to_entry(roots, entries_of(view, tap.FieldLineParsed)[0].index)
    response, section = path.around

    assert keys_to_open(path, frozenset()) == frozenset()
    assert keys_to_open(path, frozenset({section.key})) == {section.key}
    assert keys_to_open(path, frozenset({section.key, response.key})) == {section.key, response.key}


def test_chunk_that_the_tree_does_not_show_is_one_of_the_others():
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n" + b"1\r\na\r\n" * 300)
    talk.status_line(200, "OK")
    talk.header_section()
    for _ in range(300):
        talk.chunk_header(1)
        talk.content(1)
        talk.chunk_end()
    view = states.view_of(talk, "", states.StepperStatus("paused", 1))

    assert node_words(view, place_of(view, tap.ContentParsed, 5)).startswith("chunk 5 ")
    assert node_words(view, place_of(view, tap.ContentParsed, 250)).startswith("… 100 more")
