"""The record of one exchange: where in the recording its facts stand.

One request and its responses, interim ones included (RFC 9110 section 3.9). A record grows with
the recording and knows all of it; `exchange_moment` reads it as of one moment.
"""

from collections.abc import Callable
from typing import Any

from workbench.protocol.tap import (
    BytesSkipped,
    ChunkHeaderParsed,
    ChunkParsed,
    CodingDecoded,
    ContentParsed,
    Event,
    FieldLineParsed,
    FramingDecided,
    HeaderSectionParsed,
    InterimResponseParsed,
    MessageCompleted,
    PersistenceDecided,
    StatusLineParsed,
    TrailerSectionParsed,
)
from workbench.session.columns import Add, Take
from workbench.session.facts import FactIndex

RESPONSE_EVENTS = frozenset(
    {
        StatusLineParsed,
        FieldLineParsed,
        BytesSkipped,
        HeaderSectionParsed,
        InterimResponseParsed,
        FramingDecided,
        PersistenceDecided,
        ChunkHeaderParsed,
        ContentParsed,
        CodingDecoded,
        ChunkParsed,
        TrailerSectionParsed,
        MessageCompleted,
    }
)
"""The events that tell of one response. All others tell of the exchange as a whole."""


class ResponseRecord:
    """Where the facts of one response stand, of an interim or of the final one."""

    __slots__ = ("facts", "first_index")

    def __init__(self, first_index: int) -> None:
        self.first_index = first_index
        self.facts = FactIndex()

    def save_columns(self, add: Add) -> list[Any]:
        """Lay it by."""
        return [self.first_index, self.facts.save_columns(add)]

    @classmethod
    def load_columns(cls, saved: list[Any], take: Take) -> "ResponseRecord":
        """Make what was laid by again."""
        response = cls(saved[0])
        response.facts = FactIndex.load_columns(saved[1], take)
        return response


class ExchangeRecord:
    """Where the facts of one exchange stand.

    Attributes:
        connection: The number of its connection.
        number: Which exchange on that connection, from 1 on. 0 holds what came before the first
            `putrequest()`, such as the CONNECT request to a proxy.
        first_index: The index of its first entry.
        last_index: The index of its last entry so far.
        facts: The events of the request and of the exchange as a whole.
        responses: The interim responses in order, then the final one, as far as they came.
    """

    __slots__ = ("_interim_ended", "connection", "facts", "first_index", "last_index", "number", "responses")

    def __init__(self, connection: int, number: int, first_index: int) -> None:
        self.connection = connection
        self.number = number
        self.first_index = first_index
        self.last_index = first_index
        self.facts = FactIndex()
        self.responses: list[ResponseRecord] = []
        self._interim_ended = False

    def add(self, index: int, event: Event) -> None:
        """Note an event of this exchange."""
        kind = type(event)
        self.last_index = index
        if kind not in RESPONSE_EVENTS:
            self.facts.add(kind, index)
            return
        if self._interim_ended or not self.responses:
            self.responses.append(ResponseRecord(index))
            self._interim_ended = False
        self.responses[-1].facts.add(kind, index)
        if kind is InterimResponseParsed:
            self._interim_ended = True

    def save_columns(self, add: Add) -> list[Any]:
        """Lay it by."""
        responses = [response.save_columns(add) for response in self.responses]
        return [
            self.connection,
            self.number,
            self.first_index,
            self.last_index,
            self.facts.save_columns(add),
            responses,
        ]

    @classmethod
    def load_columns(cls, saved: list[Any], take: Take) -> "ExchangeRecord":
        """Make what was laid by again, to be read."""
        connection, number, first_index, last_index, facts, responses = saved
        record = cls(connection, number, first_index)
        record.last_index = last_index
        record.facts = FactIndex.load_columns(facts, take)
        record.responses = [ResponseRecord.load_columns(response, take) for response in responses]
        return record


class FoldedExchange(ExchangeRecord):
    """A record whose facts are looked for when they are first asked for.

    Args:
        connection: The number of its connection.
        number: Its own.
        first_index: The index of its first entry.
        last_index: The index of its last entry.
        unfold: Makes the whole record.
    """

    __slots__ = ("_unfold",)

    def __init__(
        self,
        connection: int,
        number: int,
        first_index: int,
        last_index: int,
        unfold: Callable[[], ExchangeRecord],
    ) -> None:
        # Not the base's, which would make the facts: without them, asking for one comes to `__getattr__`.
        self.connection = connection
        self.number = number
        self.first_index = first_index
        self.last_index = last_index
        self._unfold = unfold

    def __getattr__(self, name: str) -> Any:
        if name not in ("facts", "responses"):
            raise AttributeError(name)
        whole = self._unfold()
        self.facts, self.responses = whole.facts, whole.responses
        return getattr(self, name)
