"""The rail: all states, which one is current, and what is legal in it."""

import pytest

from tests.ui.reading import text_of
from workbench.protocol.wire.state import TRANSITIONS, State, error_for, legal_calls, title
from workbench.ui.presentation.piece import Role, plain
from workbench.ui.presentation.state_rail import MAIN_CHAIN, SECOND_CHAIN, rail_lines


def test_rail_holds_all_six_states_and_only_rows_of_the_table():
    drawn = {row.before for row in (*MAIN_CHAIN, *SECOND_CHAIN)}

    assert drawn == set(State)
    assert set(MAIN_CHAIN) | set(SECOND_CHAIN) <= set(TRANSITIONS)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("full", [True, False], ids=["three lines", "one line"])
def test_rail_lights_the_current_state_once_and_names_what_is_legal(state, full):
    lines = rail_lines(state, 200, full)

    lit = [piece.text for line in lines for piece in line if piece.role is Role.LIT]
    assert lit == [title(state)]
    assert ", ".join(legal_calls(state)) in text_of(lines)


@pytest.mark.parametrize("state", State)
def test_narrow_rail_names_the_legal_calls_and_nothing_half(state):
    (line,) = rail_lines(state, 80, full=False)

    assert ", ".join(legal_calls(state)) in plain(line)
    assert "…" not in plain(line)


@pytest.mark.parametrize("state", State)
def test_rail_without_room_for_all_exceptions_says_that_there_are_more(state):
    whole = plain(rail_lines(state, 200, full=False)[0])
    for width in range(60, 200):
        (line,) = rail_lines(state, width, full=False)
        shown = plain(line).rstrip()

        assert len(shown) <= width
        assert "would raise" not in shown or shown == whole.rstrip() or shown.endswith(") …")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(("width", "full"), [(200, True), (80, False)])
def test_rail_of_a_connection_that_was_shut_down_offers_nothing_but_to_close_it(state, width, full):
    lines = rail_lines(state, width, full, shut_down=True)

    assert text_of(lines).rstrip().endswith("legal now: close   connection shut down")
    lit = [piece.text for line in lines for piece in line if piece.role in (Role.KEY, Role.GOOD)]
    assert lit == ["▐", "▌", "close"]


@pytest.mark.parametrize("state", State)
def test_rail_names_the_exception_of_every_call_that_would_raise(state):
    text = text_of(rail_lines(state, 200, full=True))

    for call in {row.call for row in TRANSITIONS}:
        error = error_for(state, call)
        if error:
            assert error in text
