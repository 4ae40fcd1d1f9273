"""What the script language has, what it refuses, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.stand_in import NAMESPACE, parse
from workbench.session.script import MAX_ERRORS, decode_source, find_errors, parse_script, read_source
from workbench.session.script_error import ScriptError

GET_TWO_PAGES = """\
>>> import http.client
>>> conn = http.client.HTTPConnection("www.python.org")
>>> conn.request("GET", "/index.html")
>>> r1 = conn.getresponse()
>>> print(r1.status, r1.reason)
200 OK
>>> data1 = r1.read()
>>> conn.request("GET", "/parrot.spam")
>>> r2 = conn.getresponse()
>>> print(r2.status, r2.reason)
404 Not Found
>>> data2 = r2.read()
>>> conn.close()
"""

POST_PARAMETERS = """\
>>> import http.client, urllib.parse
>>> params = urllib.parse.urlencode({'spam': 1, 'eggs': 2, 'bacon': 0})
>>> headers = {"Content-type": "application/x-www-form-urlencoded",
...            "Accept": "text/plain"}
>>> conn = http.client.HTTPConnection("musi-cal.mojam.com:80")
>>> conn.request("POST", "/cgi-bin/query", params, headers)
>>> response = conn.getresponse()
>>> print(response.status, response.reason)
200 OK
>>> data = response.read()
>>> conn.close()
"""

CONNECTION = 'from http.client import HTTPConnection\nconn = HTTPConnection("localhost")\n'


def errors(source):
    return find_errors(source, "test.py", NAMESPACE)


def error_of(source):
    (error,) = errors(source)
    return error


def test_statement_says_where_it_is_and_what_it_calls():
    script = parse(
        'import http.client\n\n# a comment\nprint(http.client.HTTPConnection("x"),\n      len("é"))  # more\n'
    )

    imported, printed = script.statements
    assert (imported.line, imported.is_step, imported.calls) == (1, False, ())
    assert (printed.line, printed.end_line, printed.is_step) == (4, 5, True)
    assert printed.source == 'print(http.client.HTTPConnection("x"),\n      len("é"))'
    assert printed.calls == ("HTTPConnection", "len", "print")


def test_docstring_is_no_step():
    script = parse('"""What it shows."""\nprint(1)\n')

    assert [statement.is_step for statement in script.statements] == [False, True]


def test_pasted_session_keeps_its_lines_and_passes_over_output():
    script = parse(GET_TWO_PAGES)

    assert [statement.line for statement in script.statements] == [1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13]
    assert script.statements[1].source == 'conn = http.client.HTTPConnection("www.python.org")'
    assert script.passed_over == (6, 11)
    assert script.source == GET_TWO_PAGES


def test_pasted_session_goes_on_behind_the_second_prompt():
    script = parse(POST_PARAMETERS)

    headers = script.statements[2]
    assert (headers.line, headers.end_line) == (3, 4)
    assert headers.source.endswith('urlencoded",\n           "Accept": "text/plain"}')


def test_pasted_session_may_be_indented_and_follow_plain_lines():
    script = parse(
        'from http.client import HTTPConnection\n\n    >>> conn = HTTPConnection("x")\n    >>>\n    >>> conn\n'
    )

    assert [statement.line for statement in script.statements] == [1, 3, 5]


def test_prompt_inside_a_string_is_text():
    script = parse('x = """\n>>> y\n"""\n')

    assert script.passed_over == ()
    assert script.statements[0].end_line == 3


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_line_ends_do_not_matter(newline):
    script = parse(f"\ufeffprint(1){newline}print(2){newline}")

    assert script.source == "print(1)\nprint(2)\n"
    assert [statement.source for statement in script.statements] == ["print(1)", "print(2)"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param("print(1)", 2, id="no line end"),
        pytest.param("print(1)\n\n\n", 2, id="blank lines at the end"),
        pytest.param(">>> print(1)\n1\n", 3, id="pasted session"),
        pytest.param("", 1, id="nothing"),
    ],
)
def test_extended_script_ends_with_the_new_line(source, line):
    script = parse(source).extended(">>> print(2)\n")

    assert (script.statements[-1].line, script.statements[-1].source) == (line, "print(2)")
    assert script.name == "test.py"


def test_script_with_a_prompt_inside_a_string_is_extended_as_it_stands():
    source = "x = '''\n>>> y\n'''\n"

    script = parse(source).extended(">>> print(x)")

    assert script.source == source + "print(x)\n"
    assert len(script.statements) == 2


def test_extended_script_knows_the_names_above():
    with pytest.raises(ScriptError, match="has no method 'puthead'"):
        parse(CONNECTION).extended('conn.puthead("a", "b")')


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        pytest.param("x = 1\nfor i in x:\n    print(i)", (2, 1), "A loop", id="loop"),
        pytest.param("def f():\n    pass", (1, 1), "A function definition", id="function"),
        pytest.param("class C: pass", (1, 1), "A class", id="class"),
        pytest.param("print(lambda: 1)", (1, 7), "A lambda", id="lambda"),
        pytest.param("x = [y for y in 'ab']", (1, 5), "A comprehension", id="comprehension"),
        pytest.param("x = (y for y in 'ab')", (1, 5), "A generator", id="generator"),
        pytest.param("with open('x') as f:\n    print(f)", (1, 1), "A with statement", id="with"),
        pytest.param("try:\n    x = 1\nfinally:\n    x = 2", (1, 1), "A try statement", id="try"),
        pytest.param("if 1:\n    x = 1", (1, 1), "A condition", id="if"),
        pytest.param("x = 1 if 2 else 3", (1, 5), "A condition", id="conditional expression"),
        pytest.param("x = 1 == 1", (1, 5), "A comparison", id="comparison"),
        pytest.param("x = 1\nx += 1", (2, 1), "An augmented assignment", id="augmented assignment"),
        pytest.param("x: int = 1", (1, 1), "An annotation", id="annotation"),
        pytest.param("print(x := 1)", (1, 7), "An assignment inside", id="walrus"),
        pytest.param("x = {1, 2}", (1, 5), "A set", id="set"),
        pytest.param("x = f'{1}'", (1, 5), "An f-string", id="f-string"),
        pytest.param("print(*[1])", (1, 7), "A star argument", id="star argument"),
        pytest.param("print(**{})", (1, 7), "**", id="double star argument"),
        pytest.param("x = {**{}}", (1, 8), "**", id="double star in a dict"),
        pytest.param("x = 2 ** 9", (1, 5), "operator **", id="power"),
        pytest.param("x = 2 - 1", (1, 5), "operator -", id="difference"),
        pytest.param("x = not 1", (1, 5), "operator not", id="not"),
        pytest.param("x = 1j", (1, 5), "Expected a plain value", id="complex number"),
        pytest.param("x = ...", (1, 5), "Expected a plain value", id="ellipsis"),
        pytest.param("import os", (1, 8), "cannot import 'os'", id="import of a module"),
        pytest.param("import http", (1, 8), "cannot import 'http'", id="import of a package"),
        pytest.param("from os import path", (1, 1), "cannot import 'os'", id="from import"),
        pytest.param("from . import x", (1, 1), "cannot import '.'", id="relative import"),
        pytest.param("from http.client import *", (1, 25), "has no '*'", id="star import"),
        pytest.param(
            "from http.client import socket", (1, 25), "has no 'socket'", id="hidden name of a module"
        ),
        pytest.param("x = 1; y = 2", (1, 8), "one statement a line", id="two statements on a line"),
        pytest.param("x[0] = 1", (1, 1), "Expected a name", id="assignment to an item"),
        pytest.param("a, b[0] = 1, 2", (1, 1), "Expected a name", id="unpacking into an item"),
        pytest.param("print(y)", (1, 7), "'y' has no value here", id="undefined name"),
        pytest.param(
            "print('é', y)", (1, 12), "'y' has no value here", id="column after a letter of two bytes"
        ),
        pytest.param(">>> print('é', y)", (1, 16), "'y' has no value here", id="column behind a prompt"),
        pytest.param("x = (", (1, 5), "never closed", id="open bracket"),
        pytest.param(" x = 1", (1, 1), "unexpected indent", id="indentation"),
        pytest.param("if 1:\n\tx=1\n        y=2", (3, 1), "tabs and spaces", id="tabs and spaces"),
        pytest.param("x = 'a\0b'", (1, 7), "U+0000", id="NUL"),
        pytest.param("x = 1\ny = '\x1b[2J'", (2, 6), "U+001B", id="ESC"),
        pytest.param("x = '\udc80'", (1, 6), "U+DC80", id="lone surrogate"),
        pytest.param("x = " + "9" * 5000, (1, 1), "4300 digits", id="long number"),
        pytest.param("x = 0x" + "f" * 5000, (1, 5), "4096 bits", id="long hexadecimal number"),
        pytest.param("x = " + "(" * 5000, (1, 205), "nested", id="many brackets"),
        pytest.param("x = " + "-" * 100_000 + "1", (1, 1), "nested", id="many signs"),
        pytest.param("x = y" + ".a" * 100_000, (1, 1), "nested", id="many dots"),
        pytest.param("x = 'a'" + " + 'a'" * 500, (1, 5), "levels of nesting", id="many sums"),
        pytest.param("x = " + "[" * 150 + "]" * 150, (1, 106), "levels of nesting", id="many lists"),
        pytest.param("#" * 2_000_000, (1, 1), "2000000", id="long source"),
        pytest.param("(1)(2)", (1, 2), "Expected the name", id="call of a literal"),
        pytest.param("print(1)()", (1, 1), "Expected the name", id="call of a result"),
        pytest.param("import ssl\nssl()", (2, 1), "cannot be called", id="call of a module"),
        pytest.param("'{0.__class__}'.format(1)", (1, 1), "no method 'format'", id="str.format"),
        pytest.param("x = 'a'.join(['b'])", (1, 5), "no method 'join'", id="str.join"),
        pytest.param("x = print.__self__", (1, 5), "no attributes", id="attribute of a function"),
        pytest.param(
            "x = [1][0].__class__", (1, 5), "'__class__' of any value", id="class of an unknown value"
        ),
        pytest.param("__builtins__ = 1", (1, 1), "leading underscores", id="dunder name"),
        pytest.param("print(__builtins__)", (1, 7), "no value here", id="builtins"),
        pytest.param("eval('1')", (1, 1), "no value here", id="eval"),
        pytest.param("getattr(1, 'real')", (1, 1), "no value here", id="getattr"),
        pytest.param("print(1, file=2)", (1, 10), "argument 'file'", id="print to a file"),
        pytest.param(
            "print(1, sep='a', sep='b')",
            (1, 19),
            "argument 'sep' a second time",
            id="argument that is repeated",
        ),
        pytest.param("open('x', 'rb', opener=print)", (1, 17), "argument 'opener'", id="opener of open"),
    ],
)
def test_what_is_outside_the_language_is_an_error_at_its_place(source, place, words):
    error = errors(source)[0]

    assert (error.line, error.column) == place
    assert words in error.message
    assert str(error) == f"test.py:{error.line}:{error.column}: {error.message}"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("conn.sock", "no attribute 'sock'", id="the socket"),
        pytest.param("conn.sock.getsockname()", "no attribute 'sock'", id="a method of the socket"),
        pytest.param("conn.__class__", "no attribute '__class__'", id="the class"),
        pytest.param("conn.__init__('x')", "no method '__init__'", id="the constructor"),
        pytest.param("conn._send_output()", "no method '_send_output'", id="a private method"),
        pytest.param("conn.interrupt()", "no method 'interrupt'", id="an undocumented method"),
        pytest.param("conn.response_class = print", "assign to the attribute 'response_class'", id="a hook"),
        pytest.param(
            "conn.host = 'y'", "assign to the attribute 'host'", id="an attribute that is for reading"
        ),
        pytest.param("conn.getresponse().fp", "no attribute 'fp'", id="the file of a response"),
        pytest.param("conn.getresponse().msg.policy", "no attribute 'policy'", id="the policy of a message"),
        pytest.param("conn.getresponse().read().__class__", "no attribute '__class__'", id="class of bytes"),
        pytest.param("conn.close", "is a method", id="a method without brackets"),
        pytest.param("conn.host()", "is an attribute", id="an attribute with brackets"),
        pytest.param("HTTPConnection('x', tap=print)", "argument 'tap'", id="the tap"),
        pytest.param("HTTPConnection.connect", "no attributes", id="a method of the class"),
    ],
)
def test_internals_of_a_connection_are_out_of_reach(line, words):
    assert words in error_of(CONNECTION + line).message


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        pytest.param(CONNECTION + "conn.puthead('a', 'b')", "Did you mean putheader?", id="method"),
        pytest.param(
            CONNECTION + "conn.sendheaders()", "Did you mean endheaders?", id="method with another prefix"
        ),
        pytest.param(
            CONNECTION + "conn.fetch()",
            "The nearest are request, putheader, endheaders, set_tunnel, getresponse, send; there are 5 more",
            id="method that is like no other",
        ),
        pytest.param(CONNECTION + "conn.close().x()", "", id="value without names"),
        pytest.param(CONNECTION + "con.close()", "Did you mean conn?", id="variable"),
        pytest.param(
            "x = HTTPConnection('x')", "Write from http.client import HTTPConnection above", id="class"
        ),
        pytest.param("x = http.client.OK", "Write import http.client above", id="module"),
        pytest.param("import http", "Write import http.client", id="package"),
        pytest.param(
            "from http.client import HTTPConection", "Did you mean HTTPConnection?", id="imported name"
        ),
        pytest.param("import urllib.parse\nurllib.parse.qoute('a')", "Did you mean quote?", id="function"),
        pytest.param("x = 1\nx += 1", "Write name = name + value", id="statement"),
    ],
)
def test_error_has_a_hint(source, hint):
    assert error_of(source).hint == hint


def test_every_error_of_a_script_is_found_at_once():
    found = errors("import os\nos.system('ls')\nx = y\nx.z\nwhile 1: print(1)\n")

    assert [(error.line, error.message[:10]) for error in found] == [
        (1, "A script c"),
        (3, "The name '"),
        (5, "A loop is "),
    ]


def test_line_that_is_no_script_is_given_up():
    found = find_errors("print(" + ", ".join(f"x{number}" for number in range(9999)) + ")")

    assert len(found) == MAX_ERRORS


def test_text_that_is_no_script_is_given_up():
    assert len(errors("print(x)\n" * 1000)) == 100


def test_first_error_is_raised():
    with pytest.raises(ScriptError) as caught:
        parse("print(1)\nprint(x)\nprint(y)\n")

    assert (caught.value.line, caught.value.column, caught.value.end_column) == (2, 7, 8)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import http.client as client\nx = client.OK", id="module by another name"),
        pytest.param(
            "import http.client\nimport urllib.parse\nx = http.client.responses[404]", id="responses"
        ),
        pytest.param("from http.client import HTTPSConnection as S, NOT_FOUND\nx = S('x')", id="names"),
        pytest.param("from http import client\nx = client.HTTPConnection('x')", id="module of a package"),
        pytest.param(
            "import ssl\nx = ssl.create_default_context()\nx.verify_mode = ssl.CERT_NONE", id="TLS context"
        ),
        pytest.param("a, b = 1, 2\n[c, d] = 'xy'\ne = f = -1.5", id="assignments"),
        pytest.param("x = b'ab' * 2 + b'c'\ny = x[1:][::-1]\nz = '%s' % y", id="operators"),
        pytest.param("f = open('x', 'rb')\nf.close()", id="file"),
        pytest.param("\\\n\f\nx = (1,\n  # inside\n  2)\n", id="odd white space"),
        pytest.param(r"x = '\d'", id="odd escape"),
    ],
)
def test_language_has_what_scripts_need(source):
    assert errors(source) == ()


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_is_read_or_refused(source):
    for error in errors(source):
        assert error.line >= 1
        assert error.end_column > error.column >= 1


@given(
    st.lists(
        st.sampled_from(["conn", ".", "(", ")", "x", "=", "1", "\n", "'", ">>> ", " ", "%", "[", "]", "é"])
    )
)
def test_any_words_are_read_or_refused(words):
    for error in errors(CONNECTION + "".join(words)):
        assert error.line >= 1
        assert error.end_column > error.column >= 1


def test_script_that_is_not_utf_8_is_refused_at_the_byte():
    with pytest.raises(ScriptError) as caught:
        decode_source("x = 1\ny = 'é\xe9'".encode() + b"\xe9", "latin.py")

    assert str(caught.value) == "latin.py:2:9: Expected UTF-8, found the byte 0xe9"


def test_script_file_may_have_a_byte_order_mark(tmp_path):
    path = tmp_path / "bom.py"
    path.write_bytes(b"\xef\xbb\xbfprint(1)\r\n")

    script = parse_script(read_source(path), str(path), NAMESPACE)

    assert script.statements[0].source == "print(1)"
