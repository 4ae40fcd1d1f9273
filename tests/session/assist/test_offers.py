"""What is offered at a place: `|` in a text is the cursor."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocol import HTTPConnection
from workbench.protocol.wire.state import State
from workbench.session.allowed import KINDS
from workbench.session.assist.offers import assist
from workbench.session.assist.place import _Scanner, find_place
from workbench.session.assist.scope import Scope, scope_of_run, scope_of_text
from workbench.session.namespace import default_namespace

SCRIPT = """import http.client
from http.client import HTTPConnection, HTTPSConnection
from workbench.protocol import LENIENT
conn = HTTPConnection("lab")
r1 = conn.getresponse()
"""
SCOPE = scope_of_text(SCRIPT)
CONN = KINDS["HTTPConnection"]


def ask(marked: str, scope: Scope = SCOPE):
    before, _, behind = marked.partition("|")
    return assist(before + behind, len(before), scope)


def labels(marked: str, scope: Scope = SCOPE) -> list[str]:
    return [offer.label for offer in ask(marked, scope).offers]


def texts(marked: str, scope: Scope = SCOPE) -> list[str]:
    return [offer.text for offer in ask(marked, scope).offers]


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        pytest.param("con|", "conn", id="name"),
        pytest.param("conn.puth|", "putheader(", id="method"),
        pytest.param("x = conn.getr|", "getresponse()", id="method without arguments is closed"),
        pytest.param("r1.stat|", "status", id="attribute"),
        pytest.param("print(r1.stat|", "status", id="attribute in an argument"),
        pytest.param("conn.getresponse().geth|", "getheader(", id="member of a result"),
        pytest.param("r1.headers.get_c|", "get_content_type()", id="member of a member"),
        pytest.param('"abc".up|', "upper()", id="member of a literal"),
        pytest.param("http.client.HTTPC|", "HTTPConnection(", id="member of a module"),
        pytest.param("http.client.NOT_F|", "NOT_FOUND", id="constant"),
        pytest.param("import h|", "http.client", id="module"),
        pytest.param("from http.client import HTTPS|", "HTTPSConnection", id="name of a module"),
        pytest.param("from http.client import responses, HTTPS|", "HTTPSConnection", id="another name"),
        pytest.param("fro|", "from ", id="keyword of Python"),
        pytest.param("conn.request(|", '"GET"', id="method of HTTP"),
        pytest.param('conn.request("P|', 'POST"', id="method of HTTP in quotes"),
        pytest.param('conn.request("P|"', "POST", id="closing quote is there already"),
        pytest.param("conn.putheader('Con|", "Connection'", id="quotes of the user"),
        pytest.param('conn.putheader(b"acc|', 'Accept"', id="bytes"),
        pytest.param('conn.putheader("Accept", |', '"*/*"', id="value of a field"),
        pytest.param('conn.putheader("content-type", "application/j|', 'application/json"', id="any case"),
        pytest.param('conn.request("GET", "/", headers={"Acc|', 'Accept"', id="name in a dict"),
        pytest.param(
            'conn.request("GET", "/", headers={"Host": "x", "Connection": "cl|',
            'close"',
            id="value in a dict",
        ),
        pytest.param('conn.request("GET", "/", None, {"TE": |', '"trailers"', id="dict by its place"),
        pytest.param('conn.request("GET", "/", enc|', "encode_chunked=", id="argument"),
        pytest.param('conn.request("GET", "/", encode_chunked=|', "True", id="value of an argument"),
        pytest.param('HTTPConnection("lab", policy=|', "LENIENT", id="policy"),
        pytest.param("conn.request(\n    |", '"GET"', id="next line"),
        pytest.param("conn.request(\nconn.puth|", "putheader(", id="bracket left open above"),
        pytest.param('x = "open\nconn.puth|', "putheader(", id="quote left open above"),
        pytest.param(">>> conn.puth|", "putheader(", id="behind a prompt"),
        pytest.param("print(|", "r1", id="value to print"),
        pytest.param("open('x', 'r|", "rb'", id="mode of a file"),
    ],
)
def test_first_offer_is_what_was_meant(marked, first):
    assert texts(marked)[0] == first


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("# conn.|", id="comment"),
        pytest.param("12|", id="number"),
        pytest.param("conn.__cl|", id="private name"),
        pytest.param("conn.sock|", id="attribute that scripts may not use"),
        pytest.param('"some text|', id="string"),
        pytest.param('conn.putheader("A" + "Con|', id="string that is no argument of its own"),
        pytest.param("unknown.|", id="member of the unknown"),
        pytest.param("from nowhere import |", id="unknown module"),
        pytest.param("conn|", id="word that is complete"),
    ],
)
def test_nothing_is_offered_where_nothing_is_known(marked):
    assert texts(marked) == []


def test_only_what_the_language_allows_is_offered():
    names = {label.partition("(")[0] for label in labels("conn.|")}

    assert names == {*CONN.methods, *CONN.attributes}


def test_policy_of_a_connection_is_none_of_a_message():
    """What `email` calls a policy has only the name in common, and a script has none."""
    assert "LENIENT" in labels('c = HTTPConnection("lab", policy=|')
    assert labels("r1.headers.as_string(policy=|") == labels("r1.headers.as_string(unixfrom=|")


def test_tap_belongs_to_the_interpreter():
    assert "tap=" not in labels('HTTPConnection("lab", |')
    assert "policy=" in labels('HTTPConnection("lab", |')


def test_argument_that_was_given_is_not_offered_again():
    found = labels('conn.request("GET", "/", body=b"", |')

    assert "body=" not in found
    assert "method=" not in found
    assert "headers=" in found


def test_field_that_was_given_in_a_dict_is_not_offered_again():
    assert '"Accept"' not in labels('conn.request("GET", "/", headers={"Accept": "*/*", |')


def test_name_is_found_by_letters_in_its_middle_where_none_begins_with_them():
    assert labels('conn.putheader("con|')[:2] == ["Connection", "Content-Disposition"]
    assert "Accept-Encoding" not in labels('conn.putheader("con|')
    assert labels('conn.putheader("enc|') == ["Accept-Encoding", "Content-Encoding", "Transfer-Encoding"]


def test_text_is_found_without_its_quote_behind_the_names():
    assert labels("conn.putheader(con|")[:2] == ["conn", '"Connection"']
    assert texts("conn.request(po|")[0] == '"POST"'


def test_fields_that_came_are_offered_to_getheader_first():
    scope = Scope(SCOPE.namespace, SCOPE.bindings, {}, ("X-Checksum", "ETag"))

    assert labels("r1.getheader(|", scope)[:2] == ['"X-Checksum"', '"ETag"']
    assert labels("r1.getheader(|", scope).count('"ETag"') == 1
    assert '"Host"' not in labels("r1.getheader(|", scope)


@pytest.mark.parametrize("name", ['A"b', "A'\"b", "A\\", '");conn.close()#', "A\x1b[2J", "A\u202eb", "é"])
@pytest.mark.parametrize(
    "marked", ["r1.getheader(|", "r1.getheader('|", 'r1.getheader("|', 'r1.getheader("|"']
)
def test_name_that_a_peer_sent_is_the_text_of_a_literal(marked, name):
    """It may hold what ends a literal, or begins an escape, or moves the cursor of a terminal."""
    offer = ask(marked, Scope(SCOPE.namespace, SCOPE.bindings, {}, (name,))).offers[0]
    before, _, behind = marked.partition("|")

    call = ast.parse(f"{before}{offer.text}{behind})", mode="eval").body

    assert isinstance(call, ast.Call)
    assert ast.literal_eval(call.args[0]) == name
    assert offer.text.isprintable()


def test_legal_calls_come_first_and_illegal_ones_say_what_they_raise():
    scope = Scope(SCOPE.namespace, SCOPE.bindings, {"conn": State.REQUEST_STARTED})
    offers = ask("conn.|", scope).offers
    errors = {offer.text: offer.error for offer in offers}

    assert [offer.text for offer in offers[:3]] == ["putheader(", "endheaders(", "close()"]
    assert errors["getresponse()"] == "ResponseNotReady"
    assert errors["putrequest("] == "CannotSendRequest"
    assert errors["send("] == ""


def test_offers_wait_for_the_first_letter_of_a_statement():
    assert not ask("|").eager
    assert "conn" in labels("|")
    assert ask("c|").eager
    assert ask("conn.|").eager
    assert ask("conn.request(|").eager


# --- the call that is open ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "head", "parameter"),
    [
        pytest.param("conn.putheader(|", "putheader(header, *values)", "header", id="first"),
        pytest.param('conn.putheader("A", "b", |', "putheader(header, *values)", "values", id="the rest"),
        pytest.param('conn.putrequest("A", skip_host=|', None, "skip_host", id="by name"),
        pytest.param('conn.set_tunnel("A:1", headers={"B": |', None, "headers", id="inside a dict"),
        pytest.param('print("%s" % conn.putheader(|', None, "header", id="innermost"),
        pytest.param(
            "print(r1.getheader('a, b('), |", "print(*args, sep=' ', end='\\n')", "args", id="closed"
        ),
        pytest.param(
            'conn.endheaders(b"", |', "endheaders(message_body=None, *, encode_chunked=False)", None
        ),
        pytest.param('x = HTTPConnection("a", 80, 0, 1.5, |', None, "source_address", id="constructor"),
    ],
)
def test_signature_of_the_open_call_is_that_of_the_client(marked, head, parameter):
    found = ask(marked)

    assert head in (None, found.signature.head)
    number = found.parameter
    assert (None if number is None else found.signature.parameters[number].name) == parameter


def test_signature_carries_the_help_of_the_docstring():
    signature = ask("conn.putrequest(|").signature

    assert signature.summary == "Begin a request: queue the request-line, Host and Accept-Encoding."
    assert signature.parameters[0].help == "Any token."
    assert signature.parameters[2].type == "bool"
    assert signature.parameters[2].default == "False"
    assert ("CannotSendRequest", "Another request is under way.") in signature.raises


def test_function_whose_arguments_python_does_not_tell_has_its_summary():
    signature = ask('"abc".find(|').signature

    assert signature.head == "find(…)"
    assert "find" in signature.summary


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_method_that_is_allowed_has_a_signature(kind):
    for method in kind.methods:
        offers = ask(f"value.{method}|", Scope(bindings={"value": kind})).offers
        assert any(offer.label.startswith(f"{method}(") for offer in offers)


# --- the scope ----------------------------------------------------------------------------


def test_scope_of_a_run_knows_classes_and_states():
    connection = HTTPConnection("lab")
    connection.putrequest("GET", "/")
    scope = scope_of_run({"c": connection, "n": 1}, default_namespace())

    assert scope.states == {"c": State.REQUEST_STARTED}
    assert scope.bindings["n"].name == "int"
    assert texts("c.puth|", scope) == ["putheader("]


def test_scope_of_a_text_passes_over_what_is_no_python_yet():
    scope = scope_of_text(
        "from http.client import HTTPConnection\nc = HTTPConnection(\nd = HTTPConnection('x')\n"
    )

    assert "c" not in scope.bindings
    assert scope.bindings["d"] is CONN


@given(st.text(alphabet="ab.(){}[],=\"'#\n :>1conn", max_size=60))
def test_any_text_has_an_answer(text):
    for cursor in range(len(text) + 1):
        assist(text, cursor, SCOPE)


TEXTS = st.lists(
    st.sampled_from(
        [
            "conn.request(",
            '"GET"',
            ", ",
            "\n",
            ")",
            "x = ",
            "{",
            "}",
            '"Accept"',
            ": ",
            "# a",
            ">>> ",
            "... ",
            "r1.",
            "  ",
            "[",
            "]",
        ]
    ),
    max_size=25,
).map("".join)


@given(TEXTS)
def test_place_is_the_same_where_only_the_statement_is_read(text):
    line = text[text.rfind("\n") + 1 :]
    if line.removeprefix(">>> ").removeprefix("... ").startswith(("from", "import")):
        return

    assert find_place(f"x\n{text}") == _Scanner(f"x\n{text}").scan()


def test_place_in_a_long_script_costs_what_its_statement_costs(monkeypatch):
    scanned = []
    scan = _Scanner.scan
    monkeypatch.setattr(_Scanner, "scan", lambda scanner: scanned.append(scanner._text) or scan(scanner))

    place = find_place('conn.putheader("A", "b")\n' * 20_000 + 'conn.putheader("Acc')

    assert (place.word, scanned) == ("Acc", ['conn.putheader("Acc'])


def test_scope_of_the_lines_above_is_read_once():
    assert scope_of_text("x = 1\n" * 2) is scope_of_text("x = 1\nx = 1\n")
