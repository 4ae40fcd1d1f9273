"""Events that are told together, and made when somebody wants to look at them."""

from workbench.protocol.tap import FieldLineParsed
from workbench.protocol.wire.fields import FieldSection


class FieldLines:
    """The events of the field lines of a section, for a tap that takes several at once.

    They are of one moment, and nothing happens between them. Until they are made they need a third of the memory, and
    the garbage collector looks at one object in the place of all.
    """

    __slots__ = ("_connection", "_exchange", "_first", "_kind", "_section", "_seqs", "_time_ns")

    def __init__(
        self,
        seqs: tuple[int, ...],
        time_ns: int,
        connection: int,
        exchange: int,
        section: FieldSection,
        kind: str,
        first: int,
    ) -> None:
        self._seqs = seqs
        self._time_ns = time_ns
        self._connection = connection
        self._exchange = exchange
        self._section = section
        self._kind = kind
        self._first = first

    def make(self) -> list[FieldLineParsed]:
        """Make the events, of which there is one at least."""
        time_ns, connection, exchange = self._time_ns, self._connection, self._exchange
        section, kind = self._section, self._kind
        made = []
        for index, seq in enumerate(self._seqs, self._first):
            event = object.__new__(FieldLineParsed)
            event.seq = seq
            event.time_ns = time_ns
            event.connection = connection
            event.exchange = exchange
            event.section = kind
            event.index = index
            event.source = section
            made.append(event)
        return made
