"""Scripts run as they would under Python, and reach nothing else."""

import http.client
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.stand_in import NAMESPACE, Run, parse
from tests.session.test_script import GET_TWO_PAGES, POST_PARAMETERS
from workbench.session.interpreter import Interpreter
from workbench.session.namespace import default_namespace
from workbench.session.script_error import ScriptError, ScriptRuntimeError


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200 if self.path == "/index.html" else 404, b"page of " + self.path.encode())

    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, self.headers["Content-type"].encode() + b": " + content)

    def answer(self, status, content):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


BOTH = pytest.mark.parametrize(
    "namespace",
    [
        pytest.param(lambda: NAMESPACE, id="http.client"),
        pytest.param(default_namespace, id="workbench.protocol"),
    ],
)


def value_of(expression):
    return Run(f"import http.client, urllib.parse\nx = {expression}\n").names["x"]


def refusal(source):
    with pytest.raises(ScriptRuntimeError) as caught:
        Run(source)
    return caught.value


@BOTH
def test_documented_get_session_runs(server, namespace):
    run = Run(GET_TWO_PAGES.replace("www.python.org", server), namespace())

    assert run.printed == "200 OK\n404 Not Found\n"
    assert run.names["data1"] == b"page of /index.html"
    assert run.names["data2"] == b"page of /parrot.spam"
    assert len(run.connections) == 1


@BOTH
def test_documented_post_session_runs(server, namespace):
    run = Run(POST_PARAMETERS.replace("musi-cal.mojam.com:80", server), namespace())

    assert run.printed == "200 OK\n"
    assert run.names["data"] == b"application/x-www-form-urlencoded: spam=1&eggs=2&bacon=0"


@BOTH
def test_script_prints_what_plain_python_prints(server, tmp_path, namespace):
    source = f"""\
import http.client, urllib.parse
from http.client import HTTPConnection, responses
conn = HTTPConnection("{server}", timeout=10)
conn.putrequest("POST", "/" + urllib.parse.quote("é"))
conn.putheader("Content-type", b"text/%s" % b"plain", "x=1")
body = "ab" * 3 + "%05d" % 7
conn.putheader("Content-Length", len(body))
conn.endheaders()
conn.send(body.encode())
r1 = conn.getresponse()
print(r1.status, r1.reason, responses[r1.status], http.client.OK, sep="|", end="!\\n")
first, second = (r1.version, r1.getheader("X-None", "none"))
print(first, second, -1.5, [None, True], {{"a": 1}}, r1.msg["content-length"], r1.isclosed())
data = r1.read()
print(data[-4:], repr(data[0]), len(data), str(1) + "x", data.decode("ascii").upper())
conn.close()
"""
    path = tmp_path / "script.py"
    path.write_text(source, "utf-8")
    python = subprocess.run([sys.executable, str(path)], capture_output=True, timeout=100, check=True)

    assert Run(source, namespace()).printed == python.stdout.decode()


def test_statement_gives_its_value():
    run = Run("import ssl\n1 + 2\nx = 'a'\nprint(x)\n")

    assert run.values == [None, 3, "a", None]


def test_exception_of_a_call_passes_unchanged():
    run = Run('from http.client import HTTPConnection\nconn = HTTPConnection("x")\n')
    statement = parse(
        'from http.client import HTTPConnection\nconn = HTTPConnection("x")\nconn.endheaders()'
    ).statements[-1]

    with pytest.raises(http.client.CannotSendHeader):
        run.interpreter.execute(statement)


def test_tap_is_given_to_every_connection():
    events = []
    run = Run('import http.client\nx = http.client.HTTPConnection("x")', tap=events.append)

    assert run.connections == [run.names["x"]]
    assert run.names["x"].tap == events.append


@pytest.mark.parametrize(
    ("arguments", "timeout"),
    [
        pytest.param('"x"', 7, id="none given"),
        pytest.param('"x", timeout=2', 2, id="given by name"),
        pytest.param('"x", 80, 3', 3, id="given by place"),
        pytest.param('"x", timeout=None', None, id="given as none"),
    ],
)
def test_default_timeout_gives_way_to_the_script(arguments, timeout):
    run = Run(f"from http.client import HTTPConnection\nx = HTTPConnection({arguments})", default_timeout=7)

    assert run.names["x"].timeout == timeout


def test_imports_of_one_package_add_up():
    run = Run(
        "import workbench.protocol\nimport http.client\nimport http.client as hc\nx = http.client.OK\ny = hc.OK"
    )

    assert run.names["x"] is run.names["y"]


def test_attribute_of_a_connection_can_be_set():
    run = Run("from http.client import HTTPConnection\nconn = HTTPConnection('x')\nconn.auto_open = 0")

    assert run.names["conn"].auto_open == 0


def test_file_is_read_and_closed_at_the_end(tmp_path):
    path = tmp_path / "body.bin"
    path.write_bytes(b"\x00body")

    run = Run(f"f = open({str(path)!r}, 'rb')\nx = f.read(2)\ny = f.read()")

    assert (run.names["x"], run.names["y"]) == (b"\x00b", b"ody")
    assert run.names["f"].closed


def test_file_without_end_is_not_read_to_its_end():
    assert "MiB" in refusal("x = open('/dev/zero', 'rb').read()").message


def test_file_may_be_opened_for_writing_where_nothing_is_kept():
    run = Run(f"file = open({os.devnull!r}, 'wb')")

    assert run.interpreter is not None


@pytest.mark.parametrize("mode", ["wb", "a", "r+b", "x", "U"])
def test_file_is_opened_for_reading_only(mode, tmp_path):
    path = tmp_path / "new"

    with pytest.raises(ValueError, match="for reading"):
        Run(f"open({str(path)!r}, {mode!r})")
    assert not path.exists()


def test_file_descriptor_is_no_path():
    with pytest.raises(TypeError, match="expected a path"):
        Run("open(0, 'rb')")


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("'a' * 10 * 1000000000000", id="product"),
        pytest.param("1000000000000 * b'a'", id="product with the number first"),
        pytest.param("'a' * 60000000 + 'a' * 60000000", id="sum"),
        pytest.param("'a' * 9999 * 9999", id="product of a product"),
        pytest.param("[[['a' * 999] * 999] * 999] * 999", id="nested lists"),
        pytest.param("([0] * 99999, [[0] * 99999] * 99999)", id="lists in a tuple"),
        pytest.param("{'a': [['a' * 999] * 999] * 999}", id="lists in a dict"),
        pytest.param("'%1000000000d' % 1", id="width"),
        pytest.param("'%.1000000000f' % 1", id="precision"),
        pytest.param("'%" + "9" * 5000 + "d' % 1", id="width of many digits"),
        pytest.param("b'%1000000000d' % 1", id="width in bytes"),
        pytest.param("'%*d' % (1000000000, 1)", id="width from an argument"),
        pytest.param("'%((a))1000000000d' % {'(a)': 1}", id="width behind a name with brackets"),
        pytest.param("'%(a)1000000000d' % {'a': 1}", id="width behind a name"),
        pytest.param("'%(a)s' * 9999 % {'a': 'x' * 99999}", id="many fields"),
        pytest.param("'%s' * 9999 % (('x' * 9999,) * 9999)", id="many arguments"),
        pytest.param("0x" + "f" * 1000 + " * 0x" + "f" * 1000, id="product of numbers"),
        pytest.param("bytearray(1000000000000)", id="bytearray"),
        pytest.param("urllib.parse.quote('\U0001f600' * 9999999)", id="quote"),
        pytest.param("repr('\\x00' * 60000000)", id="repr"),
        pytest.param("('é' * 99999).encode('punycode')", id="slow encoding"),
        pytest.param("(b'a' * 60000000).hex(':')", id="hex"),
        pytest.param("('é' * 60000000).encode('utf-16')", id="encoding"),
        pytest.param("('\U0001f600' * 999999).encode('ascii', 'namereplace')", id="names of characters"),
        pytest.param("('a' * 9999999).strip('b' * 9999999 + 'a')", id="product of two texts to compare"),
        pytest.param("(b'a' * 9999999).strip(b'b' * 9999999 + b'a')", id="the same with bytes"),
        pytest.param(
            "urllib.parse.urlencode({'a' * 999999: [1] * 99999}, doseq=True)", id="a name for each value"
        ),
        pytest.param(
            "urllib.parse.quote('?' * 1999999, safe='!' * 1999999 + '?')", id="many safe characters"
        ),
        pytest.param("urllib.parse.quote('?' * 1999999, '!' * 1999999 + '?')", id="the same by their place"),
        pytest.param("urllib.parse.quote('é' * 99999, encoding='idna')", id="slow encoding of a function"),
    ],
)
def test_value_without_bound_is_refused(expression):
    error = refusal(f"import urllib.parse\nx = {expression}")

    assert (error.line, error.column >= 5) == (2, True)


def test_many_large_values_are_refused():
    lines = [f"x{number} = 'a' * 60000000" for number in range(50)]

    assert "MiB" in refusal("\n".join(lines)).message


def test_name_may_be_given_large_values_again_and_again():
    run = Run("x = 'a' * 60000000\n" * 50)

    assert len(run.names["x"]) == 60000000


def test_list_that_doubles_is_refused():
    source = "x = ['a', 'b']\n" + "x = [x, x]\n" * 60

    assert "nested" in refusal(source).message or "MiB" in refusal(source).message


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("'ab' * 3", "ababab", id="text times a number"),
        pytest.param("'ab' * -3", "", id="text times a negative number"),
        pytest.param("[1] + [2] * 2", [1, 2, 2], id="lists"),
        pytest.param("'%s, %5.2f%%' % ('a', 1.5)", "a,  1.50%", id="format"),
        pytest.param("b'%d' % 5", b"5", id="format of bytes"),
        pytest.param("'%(a)s' % {'a': None}", "None", id="format by name"),
        pytest.param("7 % 4 * 2.5", 7.5, id="numbers"),
        pytest.param("(1, 2)[::-1]", (2, 1), id="slice"),
        pytest.param("{'a': {'b': 1}}['a']['b']", 1, id="items"),
        pytest.param("urllib.parse.urlencode({'a': [1, 2]}, doseq=True)", "a=1&a=2", id="urlencode"),
        pytest.param("http.client.responses[404]", "Not Found", id="responses"),
        pytest.param("http.client.NOT_FOUND.phrase", "Not Found", id="status constant"),
        pytest.param("len(bytearray(3))", 3, id="bytearray"),
        pytest.param("(b'a' * 9999999).hex()[-1]", "1", id="hex of much"),
        pytest.param("len(('é' * 9999999).encode())", 19999998, id="encoding of much"),
        pytest.param("len((' ' * 60000000).strip())", 0, id="strip of much"),
        pytest.param("urllib.parse.quote('/ä?', safe='?')", "%2F%C3%A4?", id="safe characters"),
        pytest.param("' A '.strip().lower().encode('latin-1')", b"a", id="methods of text"),
        pytest.param("len('a' * 60000000)", 60000000, id="large text"),
    ],
)
def test_expression_has_the_value_it_has_in_python(expression, value):
    assert value_of(expression) == value


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        pytest.param("'a' + 1", TypeError, id="sum of kinds that do not mix"),
        pytest.param("{}['a']", KeyError, id="missing key"),
        pytest.param("''[0]", IndexError, id="missing item"),
        pytest.param("'%d' % 'a'", TypeError, id="format that does not fit"),
        pytest.param("1 % 0", ZeroDivisionError, id="remainder of nothing"),
        pytest.param("{[]: 1}", TypeError, id="key that cannot be one"),
        pytest.param("str(b'a', 'ascii')", TypeError, id="too many arguments"),
        pytest.param("open('/nonexistent/file', 'rb')", FileNotFoundError, id="missing file"),
    ],
)
def test_expression_raises_what_it_raises_in_python(expression, error):
    with pytest.raises(error):
        value_of(expression)


def test_dict_takes_a_key_before_its_value(tmp_path):
    path = tmp_path / "letters"
    path.write_text("abcd")
    run = Run(f"f = open({str(path)!r})\nx = {{f.read(1): f.read(1), f.read(1): f.read(1)}}\n")

    assert run.names["x"] == {"a": "b", "c": "d"}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("bytearray(2)", id="bytearray"),
        pytest.param("{'a': 1, 'b': 2}", id="dict"),
        pytest.param("{'a': 1, 'b': 2}.items()", id="view"),
        pytest.param("b'ab'", id="bytes"),
    ],
)
def test_what_has_parts_is_unpacked_as_in_python(value):
    expected = {}
    exec(f"a, b = {value}", {}, expected)

    run = Run(f"a, b = {value}\n")

    assert run.names == expected


@pytest.mark.parametrize("size", ["'1'", "1.5", "1, 1"])
def test_file_is_read_by_a_number_alone(size, tmp_path):
    path = tmp_path / "letters"
    path.write_text("abcd")

    with pytest.raises(TypeError):
        value_of(f"open({str(path)!r}).read({size})")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("x[0].format(1)", id="format of an unknown value"),
        pytest.param("x[0].__class__", id="class of an unknown value"),
        pytest.param("x[0].fp", id="file of an unknown value"),
        pytest.param("x[0].host", id="attribute of another kind"),
        pytest.param("x[0].read()", id="method of another kind"),
        pytest.param("x[1].client", id="module in a list"),
        pytest.param("x[1][0]", id="item of a module"),
        pytest.param("x[2].decode('punycode')", id="slow encoding"),
        pytest.param("x[0].auto_open = 1", id="assignment to another kind"),
        pytest.param("a, b = x", id="unpacking of three into two"),
        pytest.param("a, b = 1", id="unpacking of a number"),
    ],
)
def test_value_of_unknown_kind_is_looked_at_when_the_line_runs(line):
    """What the check before the run cannot know, and the same attacks by that way."""
    source = f"import http.client\nx = ['a', http, b'b']\n{line}"
    try:
        error = refusal(source)
    except ScriptError as found_before:
        error = found_before

    assert error.line == 3


def test_name_without_a_value_is_an_error_of_the_script():
    later = parse("x = 1\nprint(x)").statements[1]

    with pytest.raises(ScriptRuntimeError, match="'x' has no value yet"):
        Interpreter(NAMESPACE, output=print).execute(later)


def test_functions_are_not_callable_by_python():
    """So that no library that is given one can be made to call it."""
    run = Run("import urllib.parse\nx = [print, urllib.parse.quote, urllib.parse, open]")

    assert not any(callable(value) for value in run.names["x"])


def test_function_as_an_argument_is_never_called():
    with pytest.raises(TypeError):
        Run("import urllib.parse\nx = urllib.parse.urlencode(print)")


def test_print_takes_only_text_for_its_separators():
    with pytest.raises(TypeError, match="sep must be"):
        Run("print(1, sep=2)")


def test_evaluate_sees_the_variables():
    interpreter = Run("x = b'abc'").interpreter

    assert interpreter.evaluate("x[1:] + b'd'") == b"bcd"


@pytest.mark.parametrize(
    "source", ["y", "x.format(1)", "x = 2", "1; 2", "import os", "__import__('os')", "(", ""]
)
def test_evaluate_takes_one_expression_of_the_language(source):
    interpreter = Run("x = 'a'").interpreter

    with pytest.raises(ScriptError):
        interpreter.evaluate(source)


def test_close_closes_what_the_script_opened(server):
    run = Run(
        f"import http.client\nconn = http.client.HTTPConnection('{server}')\nconn.request('GET', '/')\nr = conn.getresponse()"
    )

    assert run.names["conn"].sock is None
    assert run.names["r"].isclosed()


PIECES = st.recursive(
    st.sampled_from(["'a'", "b'b'", "2", "1.5", "None", "x", "'%s'", "'%d'", "http", "print", "len"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+*%"), inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{{}: {}}}".format, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{}({})".format, inner, inner),
        st.builds(
            "{}.{}".format, inner, st.sampled_from(["__class__", "read", "client", "encode", "format", "get"])
        ),
    ),
    max_leaves=8,
)


@given(PIECES)
def test_any_expression_has_a_value_or_an_ordinary_error(expression):
    """Whatever comes out, it is plain data or a wrapper: nothing that leads to the interpreter's own objects."""
    try:
        run = Run(f"import http.client\nx = [1]\ny = {expression}")
    except (ScriptError, TypeError, ValueError, LookupError, ArithmeticError):
        return

    value = run.names["y"]
    assert NAMESPACE.kind_of(value) is not None or not callable(value)


def test_namespace_has_the_names_of_both_implementations():
    ours, theirs = (space.importable["http.client"].members for space in (default_namespace(), NAMESPACE))

    assert set(theirs) <= set(ours)
    assert {"OK", "NOT_FOUND", "HTTP_PORT", "responses", "NotConnected"} <= set(ours)


def test_state_of_a_connection_is_within_reach():
    run = Run(
        "import workbench.protocol\nx = workbench.protocol.HTTPConnection('x', policy=None)\ny = x.state",
        default_namespace(),
    )

    assert run.names["y"] == "IDLE"
