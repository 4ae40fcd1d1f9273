"""The rows of a ladder with two ends: every row belongs to one rung, and every rung has its rows."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.presentation.ladder_rows import LadderRows

TIMES = st.lists(st.integers(0, 20), max_size=12).map(sorted)


@given(TIMES, TIMES, st.integers(1, 2))
def test_rows_and_rungs_belong_to_each_other(rungs, reports, height):
    rows = LadderRows(rungs, reports, len(rungs), len(reports), height)

    found = [rows.at(row) for row in range(len(rows))]

    assert len(rows) == height * len(rungs) + len(reports)
    for number in range(len(rungs)):
        first = rows.row_of_rung(number)
        assert [one[:3] for one in found[first : first + height]] == [(number, False, first)] * height
    for number in range(len(reports)):
        row = rows.row_of_report(number)
        assert found[row][:3] == (number, True, row)
    times = [(reports if one.of_server else rungs)[one.number] for one in found]
    assert times == sorted(times)


def test_later_rungs_do_not_count_at_an_earlier_moment():
    rows = LadderRows([10, 20, 30], [15, 25], 2, 1, 1)

    assert [rows.at(row).of_server for row in range(len(rows))] == [False, True, False]
