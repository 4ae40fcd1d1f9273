"""What empty panes say fits the smallest screen that shows them."""

import pytest

from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.layout import MINIMUM_WIDTH, Pane
from workbench.ui.presentation.message_tab import MessageTab
from workbench.ui.presentation.piece import width_of
from workbench.ui.view import NOTHING

BORDERS = 2


@pytest.mark.parametrize("what", [*Pane, *MessageTab], ids=lambda what: f"{type(what).__name__} {what.value}")
def test_words_of_an_empty_pane_are_not_cut(what):
    lines = empty_lines(what, NOTHING, lambda command: command)

    assert max(width_of(line) for line in lines) <= MINIMUM_WIDTH - BORDERS
