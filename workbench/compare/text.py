"""A comparison as text, side by side, and as JSON."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from workbench.compare.comparison import Comparison, Row
from workbench.session.visible import visible

FORMAT_VERSION = 1
"""Of the JSON. It grows when a name in it changes or goes; new names may come without that."""

LABEL_COLUMNS = 20
SMALLEST_CELL = 14


class TableLine(NamedTuple):
    """One line of a table, with what it is about."""

    kind: Literal["readers", "differs", "agrees", "note"]
    text: str


def comparison_lines(comparison: Comparison, columns: int, *, everything: bool = False) -> Iterator[str]:
    """Yield the lines of `comparison_table` as text alone."""
    return (line.text for line in comparison_table(comparison, columns, everything=everything))


def comparison_table(
    comparison: Comparison, columns: int, *, everything: bool = False
) -> Iterator[TableLine]:
    """Yield the lines of a table: one column for each reader.

    Args:
        comparison: What to show.
        columns: How wide the table may be.
        everything: Also the rows in which all agree.
    """
    opinions = comparison.opinions
    width = max(SMALLEST_CELL, (columns - LABEL_COLUMNS - 2) // len(opinions) - 2)
    for text in _line("  ", "", [opinion.reader for opinion in opinions], width):
        yield TableLine("readers", text)
    for row in comparison.rows if everything else comparison.differences:
        cells = [_cell(cell, quoted=_spaces_differ(row)) for cell in row.cells]
        for text in _line("≠ " if row.differs else "  ", visible(row.label), cells, width):
            yield TableLine("differs" if row.differs else "agrees", text)
    if comparison.agrees:
        yield TableLine("note", "  all of them agree")
    for opinion in opinions:
        if opinion.note:
            yield TableLine("note", f"  {opinion.reader} {visible(opinion.note)}")


def _spaces_differ(row: Row) -> bool:
    """Whether two readers differ in white space alone, which nobody could see."""
    said = {cell for cell in row.cells if cell is not None}
    return len({cell.strip() for cell in said}) < len(said)


def _cell(cell: str | None, *, quoted: bool) -> str:
    if cell is None:
        return "does not say"
    return f"'{visible(cell)}'" if quoted else visible(cell.strip()) or "(empty)"


def _line(mark: str, label: str, cells: Sequence[str], width: int) -> Iterator[str]:
    """Lay out one row, each cell wrapped in its own column."""
    columns = [textwrap.wrap(label, LABEL_COLUMNS - 1) or [""]]
    columns += [textwrap.wrap(cell, width) or [""] for cell in cells]
    for number in range(max(map(len, columns))):
        parts = [column[number] if number < len(column) else "" for column in columns]
        rest = "  ".join(part.ljust(width) for part in parts[1:])
        yield f"{mark if number == 0 else '  '}{parts[0].ljust(LABEL_COLUMNS)}{rest}".rstrip()


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as values that `json` can write: readers, notes, rows."""
    return {
        "version": FORMAT_VERSION,
        "readers": [opinion.reader for opinion in comparison.opinions],
        "notes": [opinion.note for opinion in comparison.opinions],
        "agree": comparison.agrees,
        "rows": [_row_json(row) for row in comparison.rows],
    }


def _row_json(row: Row) -> dict[str, Any]:
    return {"label": row.label, "cells": list(row.cells), "differs": row.differs}
