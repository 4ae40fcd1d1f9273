"""JSON that is written piece by piece is what `json.dumps` writes."""

import json

import pytest

from workbench.export.json_pieces import json_pieces

ITEM = {"text": 'a\nb "c" \u2028é', "empty": {}, "none": None, "list": [1, [], [2.5, {"x": True}]]}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"log": {"version": "1.2", "items": [], "after": 1}}, id="no item"),
        pytest.param({"log": {"items": [ITEM]}, "é": [ITEM, "two\nlines", 3]}, id="items"),
    ],
)
def test_document_is_that_of_json_dumps(value: dict[str, object]) -> None:
    def iterated(one: object) -> object:
        if isinstance(one, dict):
            return {name: iterated(member) for name, member in one.items()}
        return iter(one) if isinstance(one, list) else one

    pieces = list(json_pieces(iterated(value)))

    assert b"".join(pieces).decode() == json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def test_surrogate_is_written_as_its_escape() -> None:
    """The name of a file that is not UTF-8 has some, and so has what a script may print."""
    value = {"caf\udce9\\": iter(["\ud83d", "é"])}

    document = b"".join(json_pieces(value)).decode()

    assert r"caf\udce9\\" in document
    assert json.loads(document) == {"caf\udce9\\": ["\ud83d", "é"]}
