"""`getheader` finds a field without the message, as long as nobody has asked for that. It gives the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.wire.responses import mutated_responses
from tests.protocol.wire.scripted_socket import ForeignSocket
from workbench.protocol import LENIENT, HTTPException, HTTPMessage, HTTPResponse

HEAD = b"HTTP/1.1 200 OK\r\nX-One: 1\r\nx-two: a\r\nX-TWO: b\r\nContent-Length: 0\r\n\r\n"

names = st.one_of(
    st.sampled_from(("Content-Length", "content-type", "SET-COOKIE", "X", "x-a.b_c~", "Date", "Absent")),
    st.sampled_from(("", "X:", "X: a\r\nServer", "\n", "é", "x\u0130", "\ud800", "Server ", " Server")),
    st.text(max_size=3),
)


def _response(data: bytes, cls: type[HTTPResponse] = HTTPResponse) -> Any:
    response = cls(ForeignSocket(data, ends=True), policy=LENIENT)
    response.begin()
    return response


@given(data=mutated_responses(), name=names)
def test_field_is_the_same_with_and_without_the_message(data: bytes, name: str) -> None:
    try:
        response, other = _response(data), _response(data)
    except HTTPException:
        return
    values = other.headers.get_all(name)

    assert response.getheader(name, "none") == ("none" if values is None else ", ".join(values))


@pytest.mark.parametrize("name", ["x-one: 1\r\nx-two", "X-One: 1\r", "\r\nX-One", ""])
def test_name_is_no_part_of_the_section(name: str) -> None:
    assert _response(HEAD).getheader(name) is None


def test_field_is_looked_up_in_a_message_that_was_changed() -> None:
    response = _response(HEAD)
    response.headers["X-One"] = "2"
    del response.headers["X-Two"]

    assert response.getheader("x-one") == "1, 2"
    assert response.getheader("x-two") is None


def test_field_is_looked_up_in_a_message_that_was_put_in_its_place() -> None:
    response = _response(HEAD)
    response.headers = HTTPMessage()
    response.headers["X-One"] = "3"

    assert response.getheader("X-One") == "3"


def test_field_is_looked_up_in_the_message_of_a_subclass() -> None:
    class Response(HTTPResponse):
        @property
        def headers(self) -> Any:
            message = HTTPMessage()
            message["X-One"] = "4"
            return message

    assert _response(HEAD, Response).getheader("X-One") == "4"


def test_name_that_is_no_string_is_refused_as_by_the_message() -> None:
    with pytest.raises(AttributeError):
        _response(HEAD).getheader(["X-One"])
