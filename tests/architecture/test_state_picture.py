"""The picture of the states in ARCHITECTURE.md is that of the table."""

import re

import pytest

from tests.architecture.draw_states import BEGIN, COMMAND, DOCUMENT, END, draw_states, put_between_marks
from workbench.protocol.wire.state import TRANSITIONS

ARROW = re.compile(r"(\w+) +--> (\w+): (\w+)")


def test_document_shows_the_table_as_it_is() -> None:
    text = DOCUMENT.read_text("utf-8")

    assert text == put_between_marks(text, draw_states()), f"write it anew: {COMMAND}"


def test_picture_has_an_arrow_for_every_row_but_those_of_close() -> None:
    arrows = ARROW.findall(draw_states())

    assert arrows == [(row.before, row.after, row.call) for row in TRANSITIONS if row.call != "close"]


def test_picture_says_in_words_what_has_no_arrow() -> None:
    everywhere, without_row = draw_states().partition("```\n\n")[2].splitlines()

    assert everywhere == "`close` leads to `IDLE` from every state."
    assert "`putheader` or `endheaders` raises `CannotSendHeader`, `getresponse`" in without_row
    assert without_row.count("raises") == 3


def test_marks_keep_their_place_and_lose_what_was_between_them() -> None:
    assert put_between_marks(f"a\n{BEGIN}old\n{END}z\n", "new\n") == f"a\n{BEGIN}new\n{END}z\n"


@pytest.mark.parametrize(
    "document", ["", BEGIN, END, END + BEGIN], ids=["none", "begin", "end", "turned round"]
)
def test_document_without_both_marks_is_refused(document: str) -> None:
    with pytest.raises(ValueError, match="Expected the lines"):
        put_between_marks(document, "")
