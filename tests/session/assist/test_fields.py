"""Forms: what is typed into fields, and the call that is written from it."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocol.wire.state import State
from workbench.session.allowed import KINDS
from workbench.session.assist.calls import calls_now, form_for_call
from workbench.session.assist.fields import (
    FieldKind,
    Form,
    WrongValueError,
    kind_of_field,
    missing_imports,
    source_of_call,
    typed_from,
)
from workbench.session.assist.scope import Scope
from workbench.session.script import parse_script

SCOPE = Scope(
    bindings={"conn": KINDS["HTTPConnection"], "r1": KINDS["HTTPResponse"]},
    states={"conn": State.REQUEST_STARTED},
)


def form(callee: str) -> Form:
    found = form_for_call(callee, SCOPE)
    assert found is not None
    return found


def written(callee: str, **typed: str) -> str:
    return source_of_call(form(callee), typed)


@pytest.mark.parametrize(
    ("callee", "typed", "source"),
    [
        pytest.param(
            "conn.putrequest", {"method": "GET", "url": "/"}, 'conn.putrequest("GET", "/")', id="str"
        ),
        pytest.param(
            "conn.putrequest",
            {"method": "GET", "url": "/", "skip_accept_encoding": "yes"},
            'conn.putrequest("GET", "/", skip_accept_encoding=True)',
            id="by name behind a gap",
        ),
        pytest.param(
            "conn.putheader",
            {"header": "X-Id", "values": "7"},
            'conn.putheader("X-Id", "7")',
            id="digits of a str",
        ),
        pytest.param(
            "conn.putheader", {"header": "X", "values": "b'7'"}, "conn.putheader(\"X\", b'7')", id="bytes"
        ),
        pytest.param(
            "conn.putheader",
            {"header": "X", "values": '= "a", "b"'},
            'conn.putheader("X", "a", "b")',
            id="several",
        ),
        pytest.param(
            "conn.putheader", {"header": "X", "values": ' "a" '}, 'conn.putheader("X", "a")', id="quoted"
        ),
        pytest.param(
            "conn.putheader",
            {"header": "X", "values": "a\"'b"},
            "conn.putheader(\"X\", 'a\"\\'b')",
            id="quotes",
        ),
        pytest.param("conn.endheaders", {}, "conn.endheaders()", id="nothing"),
        pytest.param(
            "conn.endheaders", {"message_body": "a=1"}, 'conn.endheaders(b"a=1")', id="text to bytes"
        ),
        pytest.param("conn.send", {"data": "ü"}, 'conn.send("ü".encode())', id="letters to bytes"),
        pytest.param(
            "conn.send", {"data": '= open("x", "rb")'}, 'conn.send(open("x", "rb"))', id="expression"
        ),
        pytest.param(
            "conn.request",
            {"method": "POST", "url": "/", "headers": "Accept: text/plain\n\nX-Time: 12:30\n"},
            'conn.request("POST", "/", headers={"Accept": "text/plain", "X-Time": "12:30"})',
            id="dict",
        ),
        pytest.param(
            "conn.request",
            {"method": "POST", "url": "/", "body": "None", "headers": "= {}"},
            'conn.request("POST", "/", None, {})',
            id="None",
        ),
        pytest.param("conn.getresponse", {}, "r2 = conn.getresponse()", id="result"),
        pytest.param("r1.read", {"amt": "1_000"}, "r1.read(1000)", id="int"),
        pytest.param("r1.getheader", {"name": "ETag"}, 'r1.getheader("ETag")', id="header"),
        pytest.param(
            "conn.set_tunnel", {"host": "lab", "port": "443"}, 'conn.set_tunnel("lab", 443)', id="tunnel"
        ),
        pytest.param("conn.close", {}, "conn.close()", id="close"),
        pytest.param(
            "HTTPConnection",
            {"host": "127.0.0.1", "port": "8000", "timeout": "2.5", "policy": "LENIENT"},
            'conn2 = HTTPConnection("127.0.0.1", 8000, timeout=2.5, policy=LENIENT)',
            id="connection",
        ),
        pytest.param(
            "HTTPSConnection",
            {"host": "lab", "source_address": '("127.0.0.1", 0)'},
            'conn2 = HTTPSConnection("lab", source_address=("127.0.0.1", 0))',
            id="tuple",
        ),
    ],
)
def test_call_is_written_as_python_has_it(callee, typed, source):
    assert written(callee, **typed) == source


@pytest.mark.parametrize(
    ("callee", "typed", "field", "message"),
    [
        pytest.param("conn.putrequest", {"url": "/"}, "method", "found nothing", id="missing"),
        pytest.param("r1.read", {"amt": "all"}, "amt", "a whole number, found 'all'", id="no number"),
        pytest.param("r1.read", {"amt": "²"}, "amt", "a whole number", id="digit that is none"),
        pytest.param(
            "HTTPConnection", {"host": "x", "timeout": "1e9"}, "timeout", "a number", id="no decimal"
        ),
        pytest.param(
            "conn.endheaders",
            {"encode_chunked": "maybe"},
            "encode_chunked",
            "True or False",
            id="no truth value",
        ),
        pytest.param(
            "conn.request",
            {"method": "A", "url": "/", "headers": "Accept"},
            "headers",
            "Name: value in line 1",
            id="line",
        ),
        pytest.param(
            "conn.request",
            {"method": "A", "url": "/", "headers": "A: 1\nA: 2"},
            "headers",
            "A stands twice",
            id="twice",
        ),
        pytest.param(
            "conn.request", {"method": "A", "url": "/", "body": "日"}, "body", "latin-1", id="letter"
        ),
        pytest.param("conn.send", {"data": "= open("}, "data", "a Python expression", id="no expression"),
        pytest.param("conn.send", {"data": 'b"'}, "data", "a Python expression", id="open quote"),
        pytest.param("conn.send", {"data": "= 1) or (2"}, "data", "a Python expression", id="bracket"),
    ],
)
def test_wrong_value_is_told_with_its_field(callee, typed, field, message):
    with pytest.raises(WrongValueError, match=message) as caught:
        written(callee, **typed)

    assert caught.value.field == field


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_a_value_that_comes_back_or_a_wrong_one(name, value):
    try:
        source = written("conn.putheader", header=name, values=value)
    except WrongValueError:
        return
    call = ast.parse(source, mode="eval").body
    for argument, typed in zip(call.args, (name, value), strict=False):
        if not typed.strip().startswith(("=", "'", '"', "b", "B", "r", "R")):
            assert ast.literal_eval(argument) == typed


def test_kinds_of_fields_come_from_the_annotations():
    kinds = {one.name: kind_of_field(one) for one in form("HTTPConnection").signature.parameters}

    assert kinds["host"] is FieldKind.TEXT
    assert kinds["port"] is FieldKind.NUMBER_OR_TEXT
    assert kinds["timeout"] is FieldKind.DECIMAL
    assert kinds["blocksize"] is FieldKind.NUMBER
    assert kinds["policy"] is FieldKind.EXPRESSION


# --- the calls there are -------------------------------------------------------------------


def test_calls_that_are_legal_now_come_first_and_the_others_say_what_they_raise():
    response, connection, new = calls_now(SCOPE)

    assert [one.title for one in (response, connection, new)] == [
        "r1: HTTPResponse",
        "conn: HTTPConnection, Request-started",
        "a new connection",
    ]
    names = [one.target for one in connection.forms]
    assert names[:2] == ["conn.putheader", "conn.endheaders"]
    assert {one.target: one.error for one in connection.forms if one.error} == {
        "conn.request": "CannotSendRequest",
        "conn.putrequest": "CannotSendRequest",
        "conn.getresponse": "ResponseNotReady",
    }
    assert names[-3:] == [one.target for one in connection.forms if one.error]
    assert [one.target for one in new.forms] == ["HTTPConnection", "HTTPSConnection"]


def test_object_that_is_not_there_yet_has_no_calls():
    scope = Scope(bindings={"conn": KINDS["HTTPConnection"]}, later=frozenset({"conn"}))

    assert [group.title for group in calls_now(scope)] == ["a new connection"]


@pytest.mark.parametrize("callee", ["conn.sock", "conn.request.x", "nothing", "print"])
def test_what_is_no_call_has_no_form(callee):
    assert form_for_call(callee, SCOPE) is None


# --- from and to the script ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        pytest.param(['"GET"', '"/x"'], {"method": "GET", "url": "/x"}, id="strings"),
        pytest.param(["'GE"], {"method": "GE"}, id="string that is being written"),
        pytest.param(["verb", '"/" + path'], {"method": "= verb", "url": '= "/" + path'}, id="expressions"),
        pytest.param(['"=1"'], {"method": '"=1"'}, id="string that looks like an expression"),
        pytest.param([""], {}, id="nothing"),
    ],
)
def test_form_begins_with_what_is_typed_already(arguments, typed):
    assert typed_from(form("conn.putrequest").signature, arguments) == typed


@pytest.mark.parametrize(
    ("callee", "arguments"),
    [
        pytest.param("conn.putrequest", ['"GET"', '""'], id="empty target"),
        pytest.param("conn.putheader", ['" "', '""'], id="blanks"),
        pytest.param(
            "HTTPConnection", ['"lab"', "80", '"soon"', '"x"'], id="text where a number is expected"
        ),
    ],
)
def test_form_begins_with_any_literal_that_is_typed(callee, arguments):
    typed = typed_from(form(callee).signature, arguments)

    assert written(callee, **typed).endswith(f"{callee}({', '.join(arguments)})")


def test_number_of_too_many_digits_is_a_wrong_value():
    with pytest.raises(WrongValueError, match="Expected a number"):
        written("HTTPConnection", host="lab", timeout="1" * 5000)


@pytest.mark.parametrize(
    ("call", "imports"),
    [
        pytest.param("conn.close()", (), id="none"),
        pytest.param('c = HTTPSConnection("x")', ("from http.client import HTTPSConnection",), id="class"),
        pytest.param(
            'c = HTTPConnection("x", policy=STRICT)',
            ("from http.client import HTTPConnection", "from workbench.protocol import STRICT"),
            id="policy",
        ),
        pytest.param("ssl.create_default_context()", ("import ssl",), id="module"),
        pytest.param("unknown()", (), id="unknown"),
        pytest.param("no python(", (), id="no Python"),
    ],
)
def test_imports_that_a_call_needs_are_written(call, imports):
    assert missing_imports(call, SCOPE) == imports


@pytest.mark.parametrize("prompt", ["", ">>> "])
def test_script_takes_a_call_behind_its_imports(prompt):
    script = parse_script(f"{prompt}x = 1\n")
    more = script.extended("from http.client import HTTPConnection\nc = HTTPConnection('x')")

    assert len(more.statements) == 3
    assert more.source.split("\n")[1:3] == [
        f"{prompt}from http.client import HTTPConnection",
        f"{prompt}c = HTTPConnection('x')",
    ]
