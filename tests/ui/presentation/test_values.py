"""What a call returned, in a few words."""

import pytest

from workbench.ui.presentation.values import value_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "None", id="nothing"),
        pytest.param("<a.b.HTTPResponse object at 0x7f00>", "HTTPResponse", id="object"),
        pytest.param("b'\\r\\n'", "b'\\r\\n'", id="value"),
        pytest.param("'\x1b'", "'␛'", id="control character"),
    ],
)
def test_value_is_shortened(text, words):
    assert value_words(text) == words
