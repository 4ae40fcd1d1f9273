"""Commands of curl: what they say about a request, what is refused, and that curl itself agrees."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.export.conftest import record
from workbench.imports import CannotImport, import_text
from workbench.imports.curl import BOUNDARY, USER_AGENT, import_curl
from workbench.lab import LabServer, find_scenario
from workbench.lab.log import LabEvent
from workbench.session.plan_script import script_of

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture(scope="module")
def lab() -> Iterator[LabServer]:
    with LabServer() as server:
        yield server


@needs_curl
@pytest.mark.parametrize(
    "options",
    [
        pytest.param("'{}'", id="nothing"),
        pytest.param("-X DELETE {} -H 'X-One: 1' -H 'X-Two:2' -H 'Accept:' -H 'X-Empty;'", id="fields"),
        pytest.param("{} -d a=1 -d 'b=2 3'", id="data"),
        pytest.param("{} --data-raw @nofile -H 'Content-Type: text/plain'", id="data that is no file"),
        pytest.param(
            "{} --data-urlencode 'q=ä &=' --data-urlencode '=x y' --data-urlencode z", id="encoded data"
        ),
        pytest.param("{} --data-urlencode 'a@b=c d'", id="encoded data of a name with @"),
        pytest.param("-G {} -d a=1 --data-urlencode 'b= '", id="data in the query"),
        pytest.param("{} --url-query 'a=b c&d'", id="query that is to be encoded"),
        pytest.param("{} --url-query +a=b%20c", id="query that is encoded"),
        pytest.param("{}?mail=me@there.test/x", id="@ and / in a query"),
        pytest.param("{} -F 'f=@body.txt' -F 'n\"q=v ; type=a/b; c=d' -F 't=<body.txt'", id="form"),
        pytest.param(
            "{} -F 'f=@body.txt;filename=\"o;x\";type=x/y' -F 'g=@body.txt;filename=x.gif'",
            id="form with names",
        ),
        pytest.param("{} -F 'a=\"v;w\\\"\";foo=bar' --form-string 'b=@x;type=y'", id="form of text"),
        pytest.param("{}?x=1 -G -d a=1", id="data behind a query"),
        pytest.param("--json '{\"a\": 1}' {}", id="JSON"),
        pytest.param(
            "{} -u alice:pass -b 'id=1; b=2' -A agent/1 -e http://from/", id="credentials and cookies"
        ),
        pytest.param("-I {}", id="HEAD"),
        pytest.param("--http1.0 {}", id="HTTP/1.0"),
        pytest.param("-0XPOST {} -d x", id="letters in one word"),
        pytest.param("{}/a/../b/./c", id="dot segments"),
        pytest.param("--path-as-is {}/a/../b", id="dot segments that stay"),
        pytest.param("-g '{}/a\"<>^`{|}\\?x={1,2}|\"#z'", id="characters that no URL has"),
        pytest.param("{}?x", id="query without a path"),
        pytest.param("{} --request-target '*' -X OPTIONS", id="target"),
        pytest.param("{} -d @body.txt", id="data of a file"),
        pytest.param("{} --data-binary @body.txt", id="bytes of a file"),
        pytest.param("-T body.txt {}/ -H Expect:", id="upload"),
        pytest.param("{} -H 'Transfer-Encoding: chunked' -d spam", id="chunked"),
        pytest.param("--compressed {} -r 0-4", id="range"),
        pytest.param("--oauth2-bearer token {}", id="bearer"),
        pytest.param("-x {} http://other.test/path?x=1", id="through a proxy"),
        pytest.param(
            "{} \\\n  -H \"X: $'q'\\\"\" \\\n  --data-raw $'a\\n\\x41\\u00e4\\''", id="quotes and lines"
        ),
    ],
)
def test_script_sends_what_curl_sends(
    options: str, lab: LabServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "body.txt").write_bytes(b"one\r\ntwo\n")
    monkeypatch.chdir(tmp_path)
    events: list[LabEvent] = []
    end = lab.subscribe(events.append)
    name = "head-request" if "-I" in options else "post-echo" if BODY.search(options) else "hello"
    lab.open(find_scenario(name))
    command = f"curl -q {options.replace('{}', lab.origin(find_scenario(name)))}"
    subprocess.run(
        ["bash", "-c", f"{command} -s --max-time 5 -o /dev/null --noproxy none.test"],
        check=False,
        capture_output=True,
    )
    expected = b"".join(one.data for one in events if one.kind == "received")
    events.clear()

    record(script_of(import_curl(command)))

    found = b"".join(one.data for one in events if one.kind == "received")
    end()
    assert parts(found) == parts(expected)
    assert expected


BODY = re.compile(r"(?<!-G )\{\} .*-d|--data|--json|-T |-F ")


def parts(data: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Request-line, field lines in any order, content; the version of curl is its own."""
    head, _, content = data.partition(b"\r\n\r\n")
    line, *fields = head.split(b"\r\n")
    own = [
        b"User-Agent:curl" if field.startswith(b"User-Agent: curl") else field.replace(b": ", b":")
        for field in fields
    ]
    boundary = re.search(rb"boundary=(\S+)", head)
    if boundary is None:
        return line, sorted(own), content
    # curl makes up another one each time, of which the length of the content depends.
    rest = [
        field.replace(boundary[1], b"BOUNDARY") for field in own if not field.startswith(b"Content-Length")
    ]
    return line, sorted(rest), content.replace(boundary[1], b"BOUNDARY")


def test_form_is_multipart(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(b"\0\1")
    plan = import_curl(f"curl http://h/ -F a=1 -F 'f=@{path};type=x/y'")

    boundary = plan.fields[2][1].partition("boundary=")[2]
    assert (
        plan.content
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="file.bin"\r\n'
            "Content-Type: x/y\r\n\r\n\0\1\r\n"
            f"--{boundary}--\r\n"
        ).encode()
    )


@needs_curl
@pytest.mark.parametrize(
    "options",
    [
        pytest.param(
            "-F 'a=1;type=text/x' -F 'b=2;type=text/x; charset=utf-8;filename=c'", id="type and name"
        ),
        pytest.param("-F f=@note.txt -F g=@data.bin -F 'h=<note.txt' -F 'i=<note.txt;type=a/b'", id="files"),
        pytest.param('-F \'f=@data.bin;filename="o;\\"p";type=x/y\' -F \'n"m="q;r"\'', id="quotes"),
        pytest.param("--form-string 'a=@b;type=x' -F c=", id="text"),
    ],
)
def test_form_is_that_of_curl(
    options: str, lab: LabServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "note.txt").write_bytes(b"a note")
    (tmp_path / "data.bin").write_bytes(b"\0\1")
    monkeypatch.chdir(tmp_path)
    events: list[LabEvent] = []
    end = lab.subscribe(events.append)
    lab.open(find_scenario("post-echo"))
    command = f"curl -q {options} {lab.origin(find_scenario('post-echo'))}"
    subprocess.run(
        ["bash", "-c", f"{command} -s --max-time 5 -o /dev/null"], check=False, capture_output=True
    )
    end()
    data = b"".join(one.data for one in events if one.kind == "received")
    boundary = data.partition(b"boundary=")[2].partition(b"\r\n")[0]
    expected = data.partition(b"\r\n\r\n")[2].replace(boundary, BOUNDARY.encode())

    assert expected
    assert import_curl(command).content == expected


def test_tls_and_tunnel_options_are_kept() -> None:
    plan = import_curl(
        "curl https://h/ -k --cert c.pem --key k.pem --cacert ca.pem -x me:pw@proxy:3128 --proxy-header 'X: 1' -m 2.5"
    )

    assert (plan.tls.cafile, plan.tls.cert_file, plan.tls.key_file, plan.tls.verified) == (
        "ca.pem",
        "c.pem",
        "k.pem",
        False,
    )
    assert plan.proxy is not None
    assert (plan.proxy.host, plan.proxy.port) == ("proxy", 3128)
    assert plan.proxy.fields == (("Proxy-Authorization", "Basic bWU6cHc="), ("X", "1"))
    assert plan.timeout_seconds == 2.5


def test_what_changes_nothing_is_left_out() -> None:
    plan = import_curl(
        "curl -sSfL -o out -w '%{http_code}' --retry 3 --no-keepalive --tlsv1.2 -6 -R --noproxy '*' --ssl-no-revoke "
        "--expect100-timeout 3 --proto '=https' http://h/"
    )

    assert plan.fields == (("User-Agent", USER_AGENT), ("Accept", "*/*"))


@pytest.mark.parametrize(
    ("command", "place", "words"),
    [
        pytest.param("wget http://h/", (1, 1), "begins with curl, found 'wget'", id="other program"),
        pytest.param("", (1, 1), "begins with curl", id="nothing"),
        pytest.param("curl", (1, 5), "Expected an address", id="no address"),
        pytest.param("curl 'http://h/", (1, 6), "closing '", id="quote"),
        pytest.param('curl \\\n  "http://h/', (2, 3), 'closing "', id="quote of a second line"),
        pytest.param("curl http://h/ -d $TOKEN", (1, 19), "'$TOKEN', which only a shell", id="variable"),
        pytest.param('curl http://h/ -d "x $(id)"', (1, 22), "only a shell", id="command in quotes"),
        pytest.param("curl http://h/ | jq", (1, 16), "found '|'", id="pipe"),
        pytest.param("curl http://h/\ncurl http://i/", (2, 1), "second line", id="two commands"),
        pytest.param("curl http://h/\r\ncurl http://i/", (2, 1), "second line", id="two commands with CR LF"),
        pytest.param(r"curl http://h/ -d $'a\UFFFFFFFF'", (1, 22), r"'\\UFFFFFFFF'", id="escape beyond Unicode"),
        pytest.param(r"curl http://h/ -d $'\ud800'", (1, 21), r"'\\ud800'", id="escape of a surrogate"),
        pytest.param("curl http://h/\u00a0x", (1, 6), "U+00A0", id="a space that is none for a shell"),
        pytest.param("curl http://h/ --hedaer X:1", (1, 16), "found '--hedaer'", id="misspelt option"),
        pytest.param("curl http://h/ -!", (1, 16), "found '-!'", id="unknown letter"),
        pytest.param("curl http://h/ -H", (1, 16), "a value behind -H", id="no value"),
        pytest.param("curl http://h/ -H Accept", (1, 19), "NAME: VALUE", id="field"),
        pytest.param("curl http://h/ --resolve h:80:127.0.0.1", (1, 16), "--resolve is not supported", id="resolve"),
        pytest.param("curl http://h/ --connect-to ::a:1", (1, 16), "--connect-to is not supported", id="connect-to"),
        pytest.param("curl --http2 http://h/", (1, 6), "--http2 is not supported", id="HTTP/2"),
        pytest.param("curl http://h/ -b cookies.txt", (1, 19), "Cookies from the file", id="cookie file"),
        pytest.param("curl http://h/ -d @nosuch", (1, 19), "'nosuch' cannot be read", id="file"),
        pytest.param("curl http://h/{a,b}", (1, 6), "stands for several", id="globs"),
        pytest.param("curl http://h/ http://i/", (1, 16), "a second one", id="two addresses"),
        pytest.param("curl ftp://h/", (1, 6), "Expected http:// or https://", id="scheme"),
        pytest.param("curl http://h/ -m soon", (1, 19), "number of seconds", id="seconds"),
        pytest.param("curl http://h/ -m inf", (1, 19), "number of seconds", id="endless seconds"),
        pytest.param("curl http://h/ -x p:99999", (1, 19), "a proxy as HOST:PORT", id="port of a proxy"),
        pytest.param("curl http://h/ -F a=@b,c", (1, 19), "Several files", id="files of one part"),
        pytest.param("curl http://h/ -F 'a=b;encoder=base64'", (1, 19), ";encoder= in a form", id="encoder of a form"),
        pytest.param("curl http://h/ -d @/dev/zero", (1, 19), "more than", id="endless file"),
        pytest.param("curl http://h/ -d a=1 -F b=2", (1, 23), "-d and -F are two ways", id="data and form"),
        pytest.param("curl http://h/ -I -d a=1", (1, 19), "-I and -d are two ways", id="HEAD and data"),
        pytest.param("curl http://h/ -G -F a=1 -I", (1, 26), "-F and -I are two ways", id="form and HEAD"),
        pytest.param("curl http://h/ -T /dev/null -d a=1", (1, 29), "-T and -d are two ways", id="upload and data"),
        pytest.param("curl http://h/ -x p:1 --noproxy h", (1, 19), "-x and --noproxy are both", id="proxy or none"),
        pytest.param("curl http://h/ -x socks5://p:1", (1, 19), "a proxy as HOST:PORT", id="proxy"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(command: str, place: tuple[int, int], words: str) -> None:
    with pytest.raises(CannotImport) as caught:
        import_curl(command)

    assert words in str(caught.value)
    assert (caught.value.line, caught.value.column) == place


def test_lines_may_end_with_crlf_and_be_empty_around_a_command() -> None:
    plan = import_curl("\r\n\ncurl http://h/ \\\r\n  -d a\r\n\r\n")

    assert (plan.host, plan.content) == ("h", b"a")


def test_target_is_written_in_ascii() -> None:
    assert import_curl("curl -g 'http://h/\u00e9?{%7b'").target == "/%C3%A9?{%7b"


@pytest.mark.parametrize("behind", ["", " ", "\n", " \r\n\n", "\\\n", " \\\r\n", " \\", " \n \\\n"])
def test_last_word_keeps_its_own_white_space(behind: str) -> None:
    assert import_curl(f"curl http://h/ -d a\\ {behind}").content == b"a "
    assert import_curl(f"curl http://h/ -d a\u00a0{behind}").content == b"a\xc2\xa0"


@pytest.mark.timeout(20)
def test_form_takes_no_longer_for_each_blank() -> None:
    plan = import_curl(f"curl http://h/ -F 'a=\"x\"{' ' * 300_000}'")

    assert b"\r\n\r\nx\r\n" in (plan.content or b"")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "word",
    [pytest.param("a" * 300_000, id="plain"), pytest.param("'" + "ab'\\''" * 100_000 + "'", id="quoted")],
)
def test_long_word_takes_no_longer_for_each_character(word: str) -> None:
    plan = import_curl(f"curl http://h/ -d {word}")

    assert plan.content is not None
    assert len(plan.content) == 300_000


def test_nothing_of_a_command_becomes_code() -> None:
    """What is pasted may be anybody's: names and values are literals of the script."""
    script = import_text("curl", b'curl "http://h/" -H \'X: ");print(1)#\' -X \'A"B\' -d \'"""\\\'').script

    assert 'conn.putheader("X", \'");print(1)#\')' in script
    assert "\nprint" not in script
