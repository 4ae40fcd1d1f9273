"""The content of an exchange: what its request and its response carried, fit to be read."""

from collections.abc import Iterator
from typing import NamedTuple

from workbench.protocol import tap
from workbench.session.carried import Carried, request_content, response_content
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.decoders import HOW_TO_GET_CODINGS
from workbench.session.exchange_moment import ExchangeMoment, ResponseMoment
from workbench.session.visible import visible
from workbench.ui.presentation.charset import Text, decode_text
from workbench.ui.presentation.coloured import ColouredText
from workbench.ui.presentation.form_text import form_lines, multipart_lines
from workbench.ui.presentation.hex_head import hex_lines
from workbench.ui.presentation.json_text import find_json_fault, indent_json
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.markup_text import break_markup, find_xml_fault
from workbench.ui.presentation.media_type import Kind, MediaType, kind_of, parse_media_type
from workbench.ui.presentation.pages import Block, Lines, Listing
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role
from workbench.ui.presentation.quantity import bytes_words
from workbench.ui.presentation.text_fault import TextFault

MOST_SHOWN = 1 << 17
"""Bytes of one content that are shown, its codings taken off: the wire has all of it."""


_HOW_TO_READ = "{step_over} runs the next call, {call_line} takes one that you type"


class ContentText:
    """Makes what there is to be read about the content of the exchanges of one recording.

    While content comes in, its first bytes stay what they are: they are laid out once.
    """

    def __init__(self) -> None:
        self._readings: dict[str, tuple[tuple[object, ...], Reading]] = {}

    def blocks(
        self, connection: ConnectionMoment, exchange: ExchangeMoment, keys: KeyNames | None = None
    ) -> list[Block]:
        """Make everything about one exchange.

        Args:
            connection: Whose exchange it is.
            exchange: The exchange.
            keys: Those of the user; None where no call can be made, as in a recording.
        """
        sent = request_content(connection, exchange, MOST_SHOWN)
        if sent is None:
            blocks: list[Block] = [Lines([_heading("request", (Piece("no content", Role.DIM),)), EMPTY])]
        else:
            blocks = [*self._carried("request", sent, connection, exchange), Lines([EMPTY])]
        response = exchange.response
        received = response_content(response, MOST_SHOWN) if response else None
        if received is None:
            blocks.append(Lines([_heading("response", (Piece(_why_nothing(response), Role.DIM),))]))
            if keys is not None and response is not None and response.completion is None:
                blocks.append(Lines([key_pieces(_HOW_TO_READ, keys)]))
        else:
            blocks.extend(self._carried("response", received, connection, exchange))
        return blocks

    def _carried(
        self, name: str, carried: Carried, connection: ConnectionMoment, exchange: ExchangeMoment
    ) -> Iterator[Block]:
        """Make the heading, the notes and the text of one content."""
        decoded = carried.decoded
        media_type = parse_media_type(carried.content_type)
        kind = Kind.BINARY if decoded.obstacle else kind_of(media_type, decoded.data)
        whole = decoded.whole and carried.complete
        length = carried.length if kind in (Kind.BINARY, Kind.IMAGE) else 0
        key = (
            connection.number,
            exchange.number,
            len(decoded.data),
            kind,
            carried.content_type,
            whole,
            length,
        )
        known, reading = self._readings.get(name, (None, None))
        if reading is None or known != key:
            reading = _Reader(carried, kind, media_type, whole).read()
            self._readings[name] = key, reading
        yield Lines([_heading(name, _facts(carried, kind, reading.text)), *_notes(carried)])
        yield Lines([_wrong(problem) for problem in reading.problems])
        yield from reading.blocks


def _why_nothing(response: ResponseMoment | None) -> str:
    if response is None:
        return "none so far"
    framing, completion = response.framing, response.completion
    if completion is not None or (framing and framing.event.length == 0):
        return f"no content: {visible(framing.event.reason)}" if framing else "no content"
    if framing is None:
        return "its head is not complete"
    size = framing.event.length
    coming = bytes_words(size) if size is not None else "content"
    return f"nothing was read so far; read() fetches {coming}"


def _heading(name: str, words: Line) -> Line:
    return (Piece(f"{name:<9} ", Role.HEADING), *words)


def _facts(carried: Carried, kind: Kind, text: Text | None) -> Line:
    """Say in one line what it is."""
    role = Role.SENT if carried.stream == "sent" else Role.RECEIVED
    decoded = carried.decoded
    words = [str(kind)]
    if carried.content_type is None:
        words = [f"no Content-Type; it looks like {kind}"]
    elif kind in (Kind.BINARY, Kind.IMAGE, Kind.TEXT):
        words = [visible(carried.content_type)]
    if text is not None:
        words.append(f"{text.charset} ({text.origin})" if text.origin else text.charset)
    if decoded.undone:
        size = bytes_words(len(decoded.data)) if decoded.whole else "more"
        words.append(f"{' and '.join(decoded.undone)} taken off: {size}")
    return (
        Piece(bytes_words(carried.length), role),
        *(Piece(f" · {word}", Role.DIM) for word in words),
    )


def _notes(carried: Carried) -> Iterator[Line]:
    """Say what is missing, and why."""
    decoded = carried.decoded
    completion = carried.completion
    so_far = f"{bytes_words(carried.length)}" + (f" of {carried.announced:,}" if carried.announced else "")
    if completion is not None and not completion.complete:
        yield _wrong(f"incomplete: {so_far} came: {visible(completion.reason)}")
    elif completion is None and carried.length != carried.announced:
        yield (Piece(f"so far {so_far}; the end has not come yet", Role.WARNING),)
    if decoded.obstacle and decoded.missing_package:
        yield (
            Piece(f"{decoded.obstacle} cannot be taken off without a package: ", Role.WARNING),
            Piece(HOW_TO_GET_CODINGS, Role.KEY),
        )
    elif decoded.obstacle:
        yield _wrong(f"nobody here knows the coding {visible(decoded.obstacle)}: the bytes are as they came")
    elif decoded.fault:
        codings = " or ".join(decoded.undone)
        yield _wrong(f"the bytes are no {codings}: {visible(decoded.fault)}; what came before is shown")
    elif not decoded.whole and len(decoded.data) == MOST_SHOWN:
        yield (Piece(f"the first {MOST_SHOWN >> 10} KiB are shown; the wire has all of it", Role.WARNING),)
    elif not decoded.whole and carried.complete:
        yield _wrong(f"the {' or '.join(decoded.undone)} stream ends too early")


def _wrong(words: str) -> Line:
    return (Piece("✗ ", Role.ERROR), Piece(words, Role.ERROR))


class Reading(NamedTuple):
    """Content, read by its kind."""

    text: Text | None
    """Its characters, where it is one text."""

    blocks: list[Block]
    problems: list[str]
    """What is wrong with it."""


class _Reader:
    """Reads one content by its kind."""

    def __init__(self, carried: Carried, kind: Kind, media_type: MediaType, whole: bool) -> None:
        self._carried = carried
        self._data = carried.decoded.data
        self._kind = kind
        self._media_type = media_type
        self._whole = whole

    def read(self) -> Reading:
        """Read it."""
        if self._kind in (Kind.BINARY, Kind.IMAGE):
            length = len(self._data) if self._carried.decoded.whole else self._carried.length
            return Reading(None, [Lines(hex_lines(self._data, max(length, len(self._data))))], [])
        if self._kind is Kind.FORM:
            return Reading(None, [Lines(form_lines(self._data))], [])
        if self._kind is Kind.MULTIPART:
            boundary = self._media_type.parameters.get("boundary", "")
            return Reading(None, [Lines(multipart_lines(self._data, boundary))], [])
        text = decode_text(self._data, self._kind, self._media_type, whole=self._whole)
        problems = [text.problem] if text.problem else []
        shown, mark, problem = self._laid_out(text.text)
        if problem:
            problems.append(problem)
        return Reading(text, [Listing(ColouredText(shown, self._kind, mark))], problems)

    def _laid_out(self, text: str) -> tuple[str, tuple[int, int] | None, str]:
        """Lay a text out for reading; one that is not what it should be stays as it came."""
        fault: TextFault | None = None
        if self._kind is Kind.JSON:
            fault = find_json_fault(text) if self._whole else None
            text = text if fault else indent_json(text)
        elif self._kind is Kind.XML:
            fault = find_xml_fault(text) if self._whole else None
            text = text if fault else break_markup(text, html=False)
        elif self._kind is Kind.HTML:
            text = break_markup(text, html=True)
        if fault is None:
            return text, None, ""
        place = f"line {fault.line}, column {fault.column}"
        return text, (fault.line, fault.column), f"no {self._kind}: {visible(fault.words)} at {place}"


def content_entry(exchange: ExchangeMoment) -> int | None:
    """Find the entry that brought the first content of an exchange, its response preferred."""
    response = exchange.response
    first = response.first(tap.ContentParsed) if response else None
    queued = exchange.first(tap.ContentBuffered)
    return first.index if first else queued.index if queued else None
