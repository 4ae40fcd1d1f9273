"""JSON laid out as it was written, and the place where it is none."""

import pytest

from workbench.ui.presentation.json_text import MOST_INDENTED, find_json_fault, indent_json


def test_json_is_laid_out_without_changing_what_was_written():
    text = '{"a":1.50,"a":[],"b":{"c":[1e999,"x, {y}: \\" z"]},"d":{}}'

    laid_out = indent_json(text)

    assert laid_out == (
        '{\n  "a": 1.50,\n  "a": [],\n  "b": {\n    "c": [\n      1e999,\n      "x, {y}: \\" z"\n    ]\n  },\n'
        '  "d": {}\n}'
    )
    assert indent_json(laid_out) == laid_out


def test_json_that_is_cut_is_laid_out_as_far_as_it_came():
    assert indent_json('{"a":[1,"tw') == '{\n  "a": [\n    1,\n    "tw'


def test_json_as_deep_as_it_likes_stays_small():
    assert len(indent_json("[" * 10_000)) < 10_000 * (2 * MOST_INDENTED + 2)
    assert "deep" in find_json_fault("[" * 100_000).words


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param('{"a": 1,\n "b" 2}', 2, 6, id="a colon is missing"),
        pytest.param('{"a": "NaN",\n "b": NaN}', 2, 7, id="NaN"),
        pytest.param("", 1, 1, id="nothing"),
        pytest.param("[1] 2", 1, 5, id="something behind"),
    ],
)
def test_fault_of_json_has_a_place(text, line, column):
    fault = find_json_fault(text)

    assert (fault.line, fault.column) == (line, column)


@pytest.mark.parametrize("text", ['{"a": [1, -2.5e3, true, null, "\\u00e9"]}', "9" * 10_000, '"x"'])
def test_json_without_fault_has_none(text):
    assert find_json_fault(text) is None
