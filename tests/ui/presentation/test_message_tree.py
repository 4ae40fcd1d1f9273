"""The tree of an exchange: request, response, and what they are made of."""

from tests.ui import states
from tests.ui.conversation import Conversation
from tests.ui.reading import text_of
from workbench.session.status import StepperStatus
from workbench.ui.presentation.message_tree import MOST_CHILDREN, exchange_nodes, row_line, rows
from workbench.ui.presentation.piece import plain


def tree_text(view, toggled=frozenset()):
    moment = view.moment
    return text_of(row_line(row) for row in rows(exchange_nodes(moment.connection, moment.exchange), toggled))


def test_tree_holds_request_and_response_with_verdicts():
    text = tree_text(states.exchanged())

    for words in (
        "request  GET  /hello",
        "Host: 127.0.0.1:8080  automatic",
        "response  200 OK",
        "header section  4 field lines",
        "rule 6 of RFC 9112 6.3",
        "content  13 bytes",
        "Hello, world␊",
        "kept open",
    ):
        assert words in text


def test_tree_says_what_is_buffered():
    assert "90 bytes buffered, not sent" in tree_text(states.buffered())


def test_tree_lists_chunks_and_trailers():
    text = tree_text(states.chunked())

    assert "chunk 0  5 bytes ;name=value" in text
    assert "last chunk" in text
    assert "trailer section  1 field line" in text
    assert "X-Checksum: 1234" in text


def test_closed_node_hides_its_children():
    view = states.exchanged()
    moment = view.moment
    request = exchange_nodes(moment.connection, moment.exchange)[0]

    text = tree_text(view, frozenset({request.key}))

    assert "▸ request" in text
    assert "Host:" not in text


def test_many_chunks_are_cut_and_say_so():
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n" + b"1\r\na\r\n" * 1000)
    talk.status_line(200, "OK")
    talk.header_section()
    for _ in range(1000):
        talk.chunk_header(1)
        talk.content(1)
        talk.chunk_end()
    view = states.view_of(talk, "", StepperStatus("paused", 1))
    moment = view.moment
    nodes = exchange_nodes(moment.connection, moment.exchange)

    chunks = next(node for node in nodes[1].children() if "chunks" in node.key)

    assert not chunks.open
    assert len(chunks.children()) == MOST_CHILDREN + 1
    assert "800 more" in plain(chunks.children()[-1].line)


def test_field_of_a_peer_is_printable_in_the_tree():
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.status_line(200, "\x1b]0;owned\x07")
    talk.field("X", "\x9b31m\u202e")
    view = states.view_of(talk, "", StepperStatus("paused", 1))

    assert all(line.isprintable() for line in tree_text(view).split("\n"))
