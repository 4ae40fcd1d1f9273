"""The message tree: what an exchange consists of, in the words of the RFCs.

Nodes are made from a moment of a recording and hold plain lines; which of them are open is the
widget's business. Children are made when they are looked at, and long lists are cut, so that a
response of a million chunks costs no more than one of a hundred.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from workbench.protocol import tap
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ExchangeMoment, ResponseMoment
from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role, Tone
from workbench.ui.presentation.quantity import bytes_words, counted
from workbench.ui.presentation.wire_rows import row_starts
from workbench.ui.presentation.wire_text import text_pieces

MOST_CHILDREN = 200
"""Nodes of one list that are shown. The event list has all of them."""

MOST_CONTENT = 4096
"""Bytes of content that the tree shows. The wire view has all of them."""

CONTENT_ROW = 96


@dataclass(frozen=True, slots=True)
class Node:
    """One node."""

    key: str
    """Says which node this is, the same at every moment of the recording."""

    line: Line
    children: Callable[[], Sequence["Node"]] | None = None
    index: int | None = None
    """The index of the entry that it is drawn from."""

    open: bool = True
    """Whether it is open before anybody touched it."""


class TreeRow(NamedTuple):
    """One visible node."""

    depth: int
    node: Node
    is_open: bool


def rows(nodes: Iterable[Node], toggled: frozenset[str], depth: int = 0) -> Iterator[TreeRow]:
    """Walk over the visible nodes.

    Args:
        nodes: The roots.
        toggled: The keys of nodes that are not as they were at first.
        depth: That of the roots.
    """
    for node in nodes:
        is_open = node.children is not None and node.open is not (node.key in toggled)
        yield TreeRow(depth, node, is_open)
        if is_open and node.children is not None:
            yield from rows(node.children(), toggled, depth + 1)


def row_line(row: TreeRow) -> Line:
    """Make the line of a visible node."""
    mark = " " if row.node.children is None else "▾" if row.is_open else "▸"
    return (Piece(f"{'  ' * row.depth} {mark} ", Role.DIM), *row.node.line)


def exchange_nodes(connection: ConnectionMoment, exchange: ExchangeMoment) -> list[Node]:
    """Make the tree of an exchange."""
    key = f"{exchange.connection}.{exchange.number}"
    nodes = [_request(key, connection, exchange)]
    for number, response in enumerate(exchange.responses):
        nodes.append(_response(f"{key}.response{number}", connection, response))
    nodes.extend(_findings(key, exchange))
    if connection.tls:
        nodes.append(_tls(key, connection.tls))
    return nodes


def label(name: str, *rest: Piece) -> Line:
    """Make a line of a name and what is to be said about it."""
    pieces = [Piece(name, Role.HEADING)]
    for piece in rest:
        pieces.extend((Piece("  "), piece))
    return tuple(pieces)


def _dim(text: str) -> Piece:
    return Piece(visible(text), Role.DIM)


# --- the request -------------------------------------------------------------------------


def _request(key: str, connection: ConnectionMoment, exchange: ExchangeMoment) -> Node:
    line = exchange.request_line
    words: list[Piece] = []
    if line:
        words.append(Piece(visible(line.event.method), Role.METHOD))
        words.append(Piece(visible(line.event.target), Role.TARGET))
    buffered = connection.queued_length - connection.sent_length
    if buffered:
        words.append(Piece(f"{bytes_words(buffered)} buffered, not sent", Role.WARNING))

    def children() -> list[Node]:
        nodes: list[Node] = []
        if line:
            event = line.event
            rest = (_dim(event.target_form), _dim(event.http_version))
            method = Piece(visible(event.method), Role.METHOD)
            nodes.append(Node(f"{key}.line", label("request-line", method, *rest), index=line.index))
        fields = exchange.request_header_section
        if fields:
            nodes.append(_fields(f"{key}.fields", "header section", fields))
        nodes.extend(_request_content(key, connection, exchange))
        completion = exchange.request_completion
        if completion:
            nodes.append(_completion(f"{key}.sent", "sent", completion.event, completion.index))
        return nodes

    return Node(f"{key}.request", label("request", *words), children, line.index if line else None)


def _request_content(key: str, connection: ConnectionMoment, exchange: ExchangeMoment) -> list[Node]:
    spans = exchange.request_content_spans
    size = sum(len(span) for span in spans)
    if not size:
        return []
    data = b"".join(
        connection.bytes("sent", span.start, min(span.end, span.start + MOST_CONTENT))
        for span in spans[:MOST_CHILDREN]
    )
    shown = data[:MOST_CONTENT]
    first = exchange.facts(tap.ContentBuffered)[0].index
    return [_content(f"{key}.content", size, shown, Role.SENT, (), first)]


# --- the response ------------------------------------------------------------------------


def _response(key: str, connection: ConnectionMoment, response: ResponseMoment) -> Node:
    status = response.status_line
    name = "interim response" if response.interim else "response"
    words = _status_words(status.event) if status else ()

    def children() -> list[Node]:
        return list(_response_parts(key, connection, response))

    return Node(key, label(name, *words), children, status.index if status else None)


def _status_words(event: tap.StatusLineParsed) -> Line:
    words = f"{event.status_code} {visible(event.reason_phrase)}".strip()
    return (Piece(words, Role.STATUS),)


def _response_parts(key: str, connection: ConnectionMoment, response: ResponseMoment) -> Iterator[Node]:
    status = response.status_line
    if status:
        words = (_dim(status.event.http_version), *_status_words(status.event))
        yield Node(f"{key}.line", label("status-line", *words), index=status.index)
    if response.header_section:
        yield _fields(f"{key}.fields", "header section", response.header_section)
    framing = response.framing
    if framing:
        rule = Piece(f"rule {framing.event.rule} of RFC 9112 6.3")
        yield Node(f"{key}.framing", label("framing", rule, _dim(framing.event.reason)), index=framing.index)
    yield from _response_content(key, connection, response)
    if response.trailer_section or response.trailer_section_end:
        yield _fields(f"{key}.trailers", "trailer section", response.trailer_section)
    if response.completion:
        yield _completion(f"{key}.end", "end", response.completion.event, response.completion.index)
    verdict = response.persistence
    if verdict:
        kept = verdict.event.persistent
        words = (
            Piece("kept open" if kept else "to be closed", Role.GOOD if kept else Role.WARNING),
            _dim(verdict.event.reason),
        )
        yield Node(f"{key}.persistence", label("connection", *words), index=verdict.index)


def _response_content(key: str, connection: ConnectionMoment, response: ResponseMoment) -> Iterator[Node]:
    chunk_count = response.count(tap.ChunkHeaderParsed)
    if not response.content_length and not chunk_count:
        return
    chunks: tuple[Piece, ...] = ()
    if chunk_count:
        chunks = (_dim(f"in {counted(chunk_count, 'chunk')}{_last_chunk_words(response)}"),)
    first = response.fact(tap.ContentParsed)
    yield _content(
        f"{key}.content",
        response.content_length,
        response.content(0, MOST_CONTENT),
        Role.RECEIVED,
        chunks,
        first.index if first else None,
    )
    if chunk_count:
        yield Node(
            f"{key}.chunks",
            label("chunks", _dim(counted(chunk_count, "chunk"))),
            lambda: _chunks(key, connection, response),
            open=chunk_count <= 12,
        )


def _last_chunk_words(response: ResponseMoment) -> str:
    """Say whether more chunks may come: the one of size 0 is the last."""
    newest = response.fact(tap.ChunkHeaderParsed)
    return ", the last one included" if newest and newest.event.size == 0 else " so far"


def _chunks(key: str, connection: ConnectionMoment, response: ResponseMoment) -> list[Node]:
    # One more than is shown: where it lies is where the node for all the others leads.
    facts = response.facts(tap.ChunkHeaderParsed, MOST_CHILDREN + 1)
    nodes = []
    for fact in facts[:MOST_CHILDREN]:
        event = fact.event
        words = [Piece("last chunk" if event.size == 0 else bytes_words(event.size))]
        if event.extension:
            words.append(Piece(visible(event.extension), Role.CHUNK))
        span = event.span
        raw = connection.bytes("received", span.start, min(span.end, span.start + 40))
        line = (Piece(f"chunk {event.index}", Role.HEADING), Piece("  "))
        body = (*_spaced(words), Piece("  "), *text_pieces(raw, Role.CHUNK))
        nodes.append(Node(f"{key}.chunk{event.index}", (*line, *body), index=fact.index))
    if len(facts) > MOST_CHILDREN:
        rest = response.count(tap.ChunkHeaderParsed) - MOST_CHILDREN
        more = _dim(f"… {rest} more; the event list has all of them")
        nodes.append(Node(f"{key}.more", (more,), index=facts[MOST_CHILDREN].index))
    return nodes


def _spaced(pieces: Sequence[Piece]) -> Line:
    spaced: list[Piece] = []
    for piece in pieces:
        spaced.extend((Piece(" "), piece) if spaced else (piece,))
    return tuple(spaced)


# --- what both have ----------------------------------------------------------------------


def _fields(key: str, name: str, facts: Sequence[Any]) -> Node:
    def children() -> list[Node]:
        return [_field(f"{key}.{number}", fact) for number, fact in enumerate(facts)]

    count = counted(len(facts), "field line")
    return Node(key, label(name, _dim(count)), children, facts[0].index if facts else None)


def _field(key: str, fact: Any) -> Node:
    event = fact.event
    automatic = getattr(event, "automatic", False)
    tone = Tone.AUTOMATIC if automatic else Tone.NONE
    line = (
        Piece(visible(event.name), Role.NAME, tone),
        Piece(": ", Role.PUNCTUATION),
        Piece(visible(event.value), Role.VALUE, tone),
    )
    note = (Piece("  automatic", Role.DIM, Tone.AUTOMATIC),) if automatic else ()
    return Node(key, (*line, *note), index=fact.index)


def _content(
    key: str, size: int, shown: bytes, role: Role, notes: tuple[Piece, ...], index: int | None
) -> Node:
    def children() -> list[Node]:
        starts = row_starts(shown, 0, CONTENT_ROW)
        ends = [*starts[1:], len(shown)][: len(starts)]  # no content yet is no row
        nodes = [
            Node(f"{key}.{start}", tuple(text_pieces(shown[start:end], Role.CONTENT)))
            for start, end in zip(starts, ends, strict=True)
        ]
        if size > len(shown):
            more = _dim(f"… {bytes_words(size - len(shown))} more; the wire has all of them")
            nodes.append(Node(f"{key}.more", (more,)))
        return nodes

    return Node(key, label("content", Piece(bytes_words(size), role), *notes), children, index)


def _completion(key: str, name: str, event: Any, index: int) -> Node:
    role = Role.GOOD if event.complete else Role.ERROR
    words = Piece("complete" if event.complete else "incomplete", role)
    return Node(key, label(name, words, _dim(event.reason)), index=index)


def _findings(key: str, exchange: ExchangeMoment) -> list[Node]:
    findings = exchange.diagnostics
    if not findings:
        return []

    def children() -> list[Node]:
        return [
            Node(
                f"{key}.diagnostic{fact.index}",
                (
                    Piece(str(fact.event.code), Role.WARNING),
                    Piece(f"  {visible(fact.event.words)} "),
                    _dim(f"{fact.event.section}, {fact.event.action}"),
                ),
                index=fact.index,
            )
            for fact in findings[:MOST_CHILDREN]
        ]

    count = _dim(str(len(findings)))
    return [Node(f"{key}.diagnostics", label("diagnostics", count), children, findings[0].index)]


def _tls(key: str, tls: tap.TlsEstablished) -> Node:
    verified = Piece("verified", Role.GOOD) if tls.verified else Piece("not verified", Role.WARNING)

    def children() -> list[Node]:
        facts = {
            "certificate for": tls.subject,
            "issued by": tls.issuer,
            "valid until": tls.not_after,
            "ALPN": tls.alpn_protocol or "none",
        }
        return [
            Node(f"{key}.tls.{name}", (_dim(f"{name}  "), Piece(visible(value))))
            for name, value in facts.items()
            if value
        ]

    words = (Piece(visible(tls.tls_version)), _dim(tls.cipher), verified)
    return Node(f"{key}.tls", label("TLS", *words), children)
