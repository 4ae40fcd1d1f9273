"""The title: what is debugged, where, which exchange, and what becomes of the connection."""

import dataclasses

from tests.ui import states
from workbench.ui.presentation.heading import title_line
from workbench.ui.presentation.piece import plain


def test_title_says_what_where_which_and_whether_it_is_kept():
    text = plain(title_line(states.exchanged(), 120))

    assert text.split("   ")[:4] == [" workbench", "lab: hello", states.ORIGIN, "exchange 1 of 1"]
    assert text.endswith("HTTP/1.1 · kept open ")


def test_narrow_title_keeps_what_and_which():
    text = plain(
        title_line(dataclasses.replace(states.exchanged(), name="lab: a-scenario-with-a-long-name"), 80)
    )

    assert "lab: a-scenario-with-a-long-name" in text
    assert "exchange 1 of 1" in text
    assert len(text) <= 80


def test_title_names_the_policy_of_the_settings():
    view = dataclasses.replace(states.start(), policy="strict")

    assert "lab: hello · strict policy" in plain(title_line(view, 80))


def test_title_before_anything_has_no_verdict():
    assert plain(title_line(dataclasses.replace(states.start(), origin=""), 80)).rstrip() == (
        " workbench   lab: hello"
    )


def test_title_of_a_connection_that_an_abort_shut_down_says_so():
    text = plain(title_line(states.shut_down(), 80))

    assert text.endswith("HTTP/1.1 · shut down ")


def test_title_of_a_closed_connection_says_so():
    assert "closed" in plain(title_line(states.failed(), 80))


def test_number_of_the_exchange_is_not_read_with_what_stands_behind_it():
    """They would be one thing: exchange 1 of 1 open."""
    view = states.held()
    for width in range(60, 120):
        text = plain(title_line(view, width))

        assert "of 1 open" not in text
        assert len(text) <= width
