"""Opinions side by side, a row for each thing that a reader can say."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from workbench.compare.content import Content
from workbench.compare.opinion import FieldPair, Opinion

PREVIEW_BYTES = 24


class Row(NamedTuple):
    """One thing, and what each reader says about it.

    Attributes:
        label: What it is.
        cells: A text for each opinion; None where the reader does not say.
        differs: Two readers say different things.
    """

    label: str
    cells: tuple[str | None, ...]
    differs: bool


class Comparison(NamedTuple):
    """All rows about one exchange.

    Attributes:
        opinions: In the order of the cells.
        rows: From the status-line to the end.
    """

    opinions: tuple[Opinion, ...]
    rows: tuple[Row, ...]

    @property
    def differences(self) -> list[Row]:
        """The rows in which readers differ."""
        return [row for row in self.rows if row.differs]

    @property
    def agrees(self) -> bool:
        """Whether all say the same."""
        return not self.differences


def compare(opinions: Sequence[Opinion]) -> Comparison:
    """Put opinions side by side.

    Args:
        opinions: At least one.
    """
    rows = [
        _row("version", [opinion.http_version for opinion in opinions]),
        _row("status", [_text(opinion.status) for opinion in opinions]),
        _row("reason", [opinion.reason for opinion in opinions]),
        _row("interim", [_codes(opinion.interim) for opinion in opinions]),
        *_field_rows("field", [opinion.fields for opinion in opinions]),
        _content_row(opinions),
        *_field_rows("trailer", [opinion.trailers for opinion in opinions]),
        _ending_row(opinions),
        _row("left", [_left(opinion.left) for opinion in opinions]),
    ]
    return Comparison(
        tuple(opinions), tuple(row for row in rows if any(cell is not None for cell in row.cells))
    )


def _row(label: str, cells: Sequence[str | None]) -> Row:
    said = {cell for cell in cells if cell is not None}
    return Row(label, tuple(cells), len(said) > 1)


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _codes(codes: list[int] | None) -> str | None:
    return None if codes is None else ", ".join(map(str, codes)) or "none"


def _left(count: int | None) -> str | None:
    return None if count is None else f"{count} bytes after it" if count else "nothing after it"


# --- field lines ---------------------------------------------------------------------------------


def _field_rows(kind: str, sections: Sequence[list[FieldPair] | None]) -> list[Row]:
    """Give a row for each field line: the first `Via` of one reader stands beside the first of another."""
    placed = [None if section is None else _placed(section) for section in sections]
    keys = dict.fromkeys(key for section in placed if section is not None for key in section)
    return [
        _row(
            f"{kind} {_name_of(key, placed)}",
            [None if section is None else section.get(key, ("", "missing"))[1] for section in placed],
        )
        for key in keys
    ]


_Key = tuple[str, int]


def _placed(section: list[FieldPair]) -> dict[_Key, FieldPair]:
    """Map each line to its name in lower case and its number among those of that name."""
    placed: dict[_Key, FieldPair] = {}
    numbers = Counter[str]()
    for name, value in section:
        key = name.lower(), numbers[name.lower()]
        numbers[name.lower()] += 1
        # Whitespace around a value is not part of it (RFC 9110 section 5.5).
        placed[key] = (name, repr(value.strip(" \t"))[1:-1])
    return placed


def _name_of(key: _Key, placed: Sequence[dict[_Key, FieldPair] | None]) -> str:
    """Spell a name as the first reader does that has it."""
    return next(section[key][0] for section in placed if section is not None and key in section)


# --- content and end -----------------------------------------------------------------------------


def _content_row(opinions: Sequence[Opinion]) -> Row:
    contents = [opinion.content for opinion in opinions]
    # Where any two differ, one of them differs from the first there, or before.
    places = [contents[0].first_difference(other) for other in contents[1:]]
    at = min((place for place in places if place is not None), default=None)
    cells = [f"{content.length} bytes" for content in contents]
    if at is None:
        return Row("content", tuple(cells), False)
    shown = [
        f"{cell}, from byte {at} on {_bytes_at(content, at)}"
        for cell, content in zip(cells, contents, strict=True)
    ]
    return Row("content", tuple(shown), True)


def _bytes_at(content: Content, at: int) -> str:
    data = content.piece(at, PREVIEW_BYTES)
    return repr(data) if data else "nothing"


def _ending_row(opinions: Sequence[Opinion]) -> Row:
    """Say how each ended. That one raises where another does is no difference, whatever the words are."""
    cells = [_ENDINGS.get(opinion.ending, opinion.exception) for opinion in opinions]
    endings = {opinion.ending for opinion in opinions} - {None}
    return Row("end", tuple(cells), len(endings) > 1)


_ENDINGS = {"complete": "complete", "waiting": "waits for more bytes", None: None}
