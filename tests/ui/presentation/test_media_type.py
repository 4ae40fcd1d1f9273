"""What kind of content it is, by what is said of it or by its look."""

import pytest

from workbench.ui.presentation.media_type import Kind, kind_of, parse_media_type


@pytest.mark.parametrize(
    ("value", "data", "kind"),
    [
        pytest.param("application/json", b"", Kind.JSON, id="json"),
        pytest.param("Application/Problem+JSON; charset=utf-8", b"", Kind.JSON, id="suffix json"),
        pytest.param("application/x-ndjson", b"", Kind.JSON_LINES, id="json lines"),
        pytest.param("text/html;charset=x", b"", Kind.HTML, id="html"),
        pytest.param("image/svg+xml", b"", Kind.XML, id="suffix xml"),
        pytest.param("application/x-www-form-urlencoded", b"", Kind.FORM, id="form"),
        pytest.param("multipart/form-data; boundary=x", b"", Kind.MULTIPART, id="multipart"),
        pytest.param("text/anything", b"", Kind.TEXT, id="any text"),
        pytest.param("image/png", b"{}", Kind.IMAGE, id="image"),
        pytest.param("application/octet-stream", b"{}", Kind.BINARY, id="what is said counts"),
        pytest.param(None, b'\xef\xbb\xbf {"a": 1}', Kind.JSON, id="looks like json"),
        pytest.param(None, b"\n<!DOCTYPE HTML>", Kind.HTML, id="looks like html"),
        pytest.param(None, b"<?xml version='1.0'?>", Kind.XML, id="looks like xml"),
        pytest.param(None, b"words", Kind.TEXT, id="looks like text"),
        pytest.param(None, b"\xff\xfew\x00", Kind.TEXT, id="utf-16 by its mark"),
        pytest.param(None, b"\x89PNG\r\n\x1a\n\x00", Kind.BINARY, id="looks like nothing"),
    ],
)
def test_content_is_shown_by_what_it_is_said_to_be_and_else_by_its_look(value, data, kind):
    assert kind_of(parse_media_type(value), data) is kind


def test_parameter_may_be_quoted():
    assert parse_media_type('text/html; a=b; Charset="ut\\f-8"; charset=x').parameters == {
        "a": "b",
        "charset": "utf-8",
    }
