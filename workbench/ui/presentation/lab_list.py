"""The list of scenarios: groups, what was played, and which ones a search leaves."""

from collections.abc import Iterable, Mapping, Sequence

from workbench.lab import Scenario
from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role, cut
from workbench.ui.presentation.played import Played

KEPT = Piece(" ✓ ", Role.GOOD)
BROKEN = Piece(" ✗ ", Role.ERROR)
NOT_PLAYED = Piece(" · ", Role.DIM)

NAME_COLUMN = 25
"""Cells before the title, which is room for the longest built-in name."""

LEAST_WIDTH_FOR_TITLES = 44
"""Below, a title would be cut after a word or two, and is beside the list anyway."""


def matching(scenarios: Iterable[Scenario], query: str) -> list[Scenario]:
    """List the scenarios that have every word of a query in what is said of them.

    Args:
        scenarios: All there are.
        query: Words, in any case: of the name, the title, what it teaches, its group, its section, the
            exception or the findings that it promises.
    """
    words = query.casefold().split()
    return [one for one in scenarios if all(word in _haystack(one) for word in words)]


def _haystack(scenario: Scenario) -> str:
    promise = scenario.promise
    parts = (
        scenario.name,
        scenario.group,
        scenario.title,
        scenario.teaches,
        scenario.section,
        promise.exception or "",
        str(promise.status or ""),
        promise.state or "",
        *promise.diagnostics,
        "tls https" if scenario.tls is not None else "",
    )
    return "\n".join(parts).casefold()


class ScenarioLines:
    """The rows of the list: one for each scenario, a heading before each group.

    Args:
        scenarios: Those to show, in teaching order.
        played: What came of those that were played, by name.
    """

    columns = 0

    def __init__(self, scenarios: Sequence[Scenario], played: Mapping[str, Played]) -> None:
        self._played = played
        self._rows: list[Scenario | str] = []
        # Teaching order goes back and forth between groups; a list that repeats its headings does not help.
        groups: dict[str, list[Scenario]] = {}
        for one in scenarios:
            groups.setdefault(one.group, []).append(one)
        for group, members in groups.items():
            self._rows += [group, *members]

    def __len__(self) -> int:
        return len(self._rows)

    def scenario_at(self, number: int) -> Scenario | None:
        """Give the scenario of a row; None for a heading."""
        row = self._rows[number] if 0 <= number < len(self._rows) else None
        return row if isinstance(row, Scenario) else None

    def row_of(self, name: str) -> int | None:
        """Find the row of a scenario."""
        rows = enumerate(self._rows)
        return next((at for at, row in rows if isinstance(row, Scenario) and row.name == name), None)

    @property
    def first(self) -> int:
        """The first row that is a scenario."""
        return 1 if self._rows else 0

    def line(self, number: int, width: int) -> Line:
        """Make one row."""
        row = self._rows[number]
        if isinstance(row, str):
            return (Piece(f" {visible(row)}", Role.HEADING),)
        played = self._played.get(row.name)
        mark = NOT_PLAYED if played is None else KEPT if played.kept else BROKEN
        role = Role.PLAIN if played is None else Role.STRONG
        name, title = visible(row.name), visible(row.title)
        if width < LEAST_WIDTH_FOR_TITLES:
            return cut((mark, Piece(name, role)), width)
        return cut((mark, Piece(f"{name:<{NAME_COLUMN}} ", role), Piece(title, Role.DIM)), width)
