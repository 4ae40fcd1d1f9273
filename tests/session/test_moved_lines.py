"""Where lines are after a text was edited."""

import pytest

from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.breakpoints import Breakpoints
from workbench.session.moved_lines import moved_lines


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        pytest.param("a\nb\nc", "a\nb\nc", {1: 1, 2: 2, 3: 3}, id="nothing"),
        pytest.param("a\nb\nc", "a\nnew\nb\nc", {1: 1, 2: 3, 3: 4}, id="inserted"),
        pytest.param("a\nb\nc", "a\nc", {1: 1, 3: 2}, id="deleted"),
        pytest.param("a\nb\nc", "a\nB\nc", {1: 1, 2: 2, 3: 3}, id="changed in place"),
        pytest.param("a\nb\nc", "x\ny\na\nc", {1: 3, 3: 4}, id="both"),
        pytest.param("a\na\na", "a\na\na\na", {1: 1, 2: 2, 3: 3}, id="equal lines"),
    ],
)
def test_lines_are_found_where_they_went(before, after, moved):
    assert moved_lines(before, after) == moved


def test_breakpoints_go_with_their_lines_and_stay_as_they_were():
    breakpoints = Breakpoints(map(parse_breakpoint, ["line 2", "header etag", "line 3", "line 4"]))
    breakpoints.enable(parse_breakpoint("line 3"), False)

    breakpoints.move_lines({2: 5, 3: 6})

    assert [str(one.breakpoint) for one in breakpoints.placed] == ["line 5", "header etag", "line 6"]
    assert breakpoints.lines == {5}
    assert breakpoints.disabled_lines == {6}
