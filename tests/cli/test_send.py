"""`workbench send`: what it sends is what its options say, and its output is what was asked for."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.protocol.peer import ByteServer
from workbench.cli import main
from workbench.lab import LabServer, find_scenario

Origin = Callable[[str], str]
Received = Callable[[], bytes]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(["GET", "/x?a=1#f"], b"GET /x?a=1 HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: identity\r\n\r\n", id="plain"),
        pytest.param(
            ["GET", "/", "-H", "A: 1", "-H", "a:2", "-H", "B:"],
            b"GET / HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: identity\r\nA: 1\r\na: 2\r\nB: \r\n\r\n",
            id="repeated fields, and an empty one",
        ),
        pytest.param(
            ["GET", "/", "-H", "Host: other", "-H", "Accept-Encoding: gzip"],
            b"GET / HTTP/1.1\r\nHost: other\r\nAccept-Encoding: gzip\r\n\r\n",
            id="automatic fields replaced",
        ),
        pytest.param(["GET", "/", "--skip-host", "--skip-accept-encoding"], b"GET / HTTP/1.1\r\n\r\n", id="no field"),
        pytest.param(
            ["OPTIONS", "/", "--target", "*"],
            b"OPTIONS * HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: identity\r\n\r\n",
            id="target as it is",
        ),
        pytest.param(["GET", "/", "--http-version", "1.0"], b"GET / HTTP/1.0\r\nHost: {}\r\n\r\n", id="HTTP/1.0"),
        pytest.param(
            ["POST", "/", "-d", "a=é"],
            b"POST / HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: identity\r\nContent-Length: 4\r\n\r\na=\xc3\xa9",
            id="content",
        ),
        pytest.param(
            ["PUT", "/"],
            b"PUT / HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
            id="no content where some is expected",
        ),
        pytest.param(
            ["POST", "/", "-d", "spam", "--chunked", "-H", "X: é"],
            b"POST / HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: identity\r\nX: \xc3\xa9\r\nTransfer-Encoding: chunked\r\n"
            b"\r\n4\r\nspam\r\n0\r\n\r\n",
            id="chunked",
        ),
    ],
)  # fmt: skip
def test_options_say_what_is_sent(
    options: list[str], expected: bytes, origin: Origin, received: Received
) -> None:
    url = origin("post-echo" if b"Content-Length: 4" in expected or b"chunked" in expected else "hello")
    host = url.removeprefix("http://").encode()

    main(["send", options[0], url + options[1], *options[2:]])

    assert received() == expected.replace(b"{}", host)


class _Input:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def isatty(self) -> bool:
        return False


@pytest.mark.parametrize("size", [5, 200_000], ids=["a little", "much"])
@pytest.mark.parametrize("source", ["file", "input"])
def test_content_comes_from_a_file_or_standard_input(
    size: int,
    source: str,
    origin: Origin,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    path = tmp_path / "content"
    path.write_bytes(data[:size])
    monkeypatch.setattr(sys, "stdin", _Input(data[:size]))
    body = str(path) if source == "file" else "-"

    code = main(["send", "POST", origin("post-echo") + "/echo", "--body", body, "--content"])

    assert code == 0
    assert capfdbinary.readouterr().out == data[:size]


def test_raw_gives_every_byte_that_came(origin: Origin, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["send", "GET", origin("chunked-trailers"), "--raw"])

    out = capfdbinary.readouterr().out
    assert out.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\n0" in out
    assert out.endswith(b"\r\n\r\n")


def test_content_is_decoded_or_as_it_came(origin: Origin, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["send", "GET", origin("gzip-json"), "--content"])
    decoded = capfdbinary.readouterr().out
    main(["send", "GET", origin("gzip-json"), "--content", "--raw"])
    coded = capfdbinary.readouterr().out

    assert json.loads(decoded)
    assert coded.startswith(b"\x1f\x8b")


def test_json_tells_of_the_exchange(origin: Origin, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(
        [
            "send",
            "GET",
            origin("hello") + "/hello",
            "--json",
            "-H",
            "Authorization: Basic c2VjcmV0OnNlY3JldA==",
        ]
    )

    document = json.loads(capsys.readouterr().out)
    exchange = document["exchanges"][0]
    assert (code, document["version"], document["secrets"]) == (0, 1, "redacted")
    assert exchange["response"]["status"] == 200
    assert exchange["response"]["content"]["text"] == "Hello, world\n"
    assert "c2VjcmV0" not in json.dumps(document)


def test_script_is_printed_and_nothing_sent(
    origin: Origin, received: Received, capsys: pytest.CaptureFixture[str]
) -> None:
    url = origin("hello")
    main([
        "send", "GET", "https" + url[4:], "--script", "--proxy", "proxy.test:3128", "--proxy-header", "X: 1",
        "--insecure", "--timeout", "3", "--policy", "lenient",
    ])  # fmt: skip

    port = url.rpartition(":")[2]
    assert received() == b""
    assert capsys.readouterr().out == (
        "import ssl\n"
        "from workbench.protocol import LENIENT, HTTPSConnection\n"
        "context = ssl.create_default_context()\n"
        "context.check_hostname = False\n"
        "context.verify_mode = ssl.CERT_NONE\n"
        'conn = HTTPSConnection("proxy.test", 3128, context=context, timeout=3, policy=LENIENT)\n'
        f'conn.set_tunnel("127.0.0.1", {port}, headers={{"X": "1"}})\n'
        'conn.putrequest("GET", "/")\n'
        "conn.endheaders()\n"
        "r1 = conn.getresponse()\n"
        "r1.read()\n"
    )


def test_tls_is_checked_with_the_authority_that_is_named(
    lab: LabServer, origin: Origin, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    url = origin("hello-tls")
    refused = main(["send", "GET", url, "--content"])
    trusted = main(["send", "GET", url, "--content", "--cafile", str(lab.cafile)])
    unchecked = main(["send", "GET", url, "--content", "--insecure"])

    captured = capfdbinary.readouterr()
    assert (refused, trusted, unchecked) == (1, 0, 0)
    assert b"CERTIFICATE_VERIFY_FAILED" in captured.err
    assert captured.out.count(b"Hello") == 2


def test_tunnel_goes_through_a_proxy(origin: Origin, received: Received) -> None:
    proxy = origin("tunnel").removeprefix("http://")

    assert main(["send", "GET", "http://example.test/hello", "--proxy", proxy]) == 0
    assert received().startswith(b"CONNECT example.test:80 HTTP/1.1\r\n")


def test_policy_decides_what_raises(origin: Origin) -> None:
    assert main(["send", "GET", origin("bare-lf"), "--policy", "strict"]) == 1
    assert main(["send", "GET", origin("bare-lf"), "--policy", "default"]) == 0


def test_content_waits_for_100_as_long_as_it_is_told(
    origin: Origin, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["send", "POST", origin("post-echo"), "-d", "spam", "-H", "Expect: 100-continue"]

    assert main([*words, "--expect-timeout", "0.1"]) == 0
    assert "waiting 0.1 s for 100 (Continue)" in capsys.readouterr().out
    assert main(words) == 0
    assert "for 100 (Continue)" not in capsys.readouterr().out


def test_timeout_ends_a_silent_server(origin: Origin, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["send", "GET", origin("stall"), "--timeout", "0.2"]) == 1
    complaint = capsys.readouterr().err
    assert "workbench send: <send>:5: r1 = conn.getresponse() raised TimeoutError" in complaint
    assert "or the command a longer --timeout" in complaint


def test_failure_names_the_call_where_no_step_is_printed(
    origin: Origin, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["send", "GET", origin("stall"), "--timeout", "0.2", "--content"]) == 1
    assert "<send>:5: r1 = conn.getresponse() raised TimeoutError" in capsys.readouterr().err


def test_failure_names_no_text_of_the_call_which_may_be_a_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["send", "GET", "http://127.0.0.1:1/", "-H", "A b: secret", "--json"]) == 1
    assert "<send>:4: conn.putheader(...) raised ValueError" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--fail"]])
def test_fail_makes_a_status_an_exit_code(options: list[str], origin: Origin) -> None:
    assert find_scenario("basic-auth").promise is not None
    assert main(["send", "GET", origin("basic-auth") + "/private", *options]) == len(options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["GET", "example.test"], "without a scheme", id="URL"),
        pytest.param(["GET", "http://u:p@h/"], "user name", id="userinfo"),
        pytest.param(
            ["GET", "http://h/", "-H", "Accept"], "expected a name, a colon and a value", id="field"
        ),
        pytest.param(
            ["GET", "http://h/", "--body", "no-such-file"], "'no-such-file' cannot be read", id="file"
        ),
        pytest.param(["GET", "http://h/", "--proxy", "p"], "expected HOST:PORT", id="proxy"),
        pytest.param(["GET", "http://h/", "--proxy-header", "A: 1"], "without --proxy", id="proxy field"),
        pytest.param(["GET", "http://h/", "--insecure"], "--insecure is for TLS", id="TLS option"),
        pytest.param(["GET", "https://h/", "--key", "k"], "without --cert", id="key"),
        pytest.param(["GET", "https://h/", "--cafile", "no-such-file"], "cannot be read", id="CA"),
    ],
)
def test_mistake_is_named_before_anything_is_sent(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["send", *options]) == 2
    error = capsys.readouterr().err
    assert error.startswith("workbench send: ")
    assert message in error


# --- what several commands take ------------------------------------------------------------------


def test_recording_is_saved_and_its_secrets_with_it(
    origin: Origin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sent.jsonl"
    words = ["send", "GET", origin("hello") + "/hello", "-H", "Authorization: Bearer opensesame"]

    assert main([*words, "--save", str(path)]) == 0
    assert "opensesame" not in capsys.readouterr().out
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"opensesame" in path.read_bytes()
    assert main([*words, "--save", str(path)]) == 2
    assert "there is a file" in capsys.readouterr().err
    assert main(["show", str(path), "--list"]) == 0
    assert capsys.readouterr().out == "1  connection 1, exchange 1: GET /hello → 200 OK\n"


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_output_has_the_secrets_that_it_is_told_to_have(
    form: list[str], origin: Origin, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["send", "GET", origin("hello") + "/?key=k3y-k3y", "-H", "X-Own: opensesame", *form]

    outputs = []
    for options in (
        ["--exchange", "1"],
        ["--redact", "x-own", "--redact", "key"],
        ["--redact", "key", "--secrets"],
    ):
        assert main([*words, *options]) == 0
        out = capsys.readouterr().out
        outputs.append(("k3y-k3y" in out, "opensesame" in out))

    assert outputs == [(True, True), (False, False), (True, True)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(["--content", "--json"], "--json has no effect beside --content", id="JSON and content"),
        pytest.param(["--raw", "--redact", "x"], "--redact has no effect beside --raw", id="raw is not redacted"),
        pytest.param(["--script", "--save", "{}"], "--save has no effect beside --script", id="nothing to save"),
        pytest.param(["--exchange", "0"], "expected a number from 1 on, found '0'", id="number"),
    ],
)  # fmt: skip
def test_options_without_effect_are_refused_before_anything_is_sent(
    options: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["send", "GET", "http://127.0.0.1:1/", *(one.format(tmp_path / "new.jsonl") for one in options)]

    try:
        code = main(command)
    except SystemExit as ended:
        code = int(ended.code or 0)

    captured = capsys.readouterr()
    assert (code, captured.out, list(tmp_path.iterdir())) == (2, "", [])
    assert words in captured.err


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        pytest.param([], "< HTTP/1.1 200 OK", id="transcript"),
        pytest.param(["--json"], '"status": 200', id="JSON"),
    ],
)
def test_exchange_that_is_none_is_refused_and_the_answer_is_not_lost(
    origin: Origin, capsys: pytest.CaptureFixture[str], options: list[str], answer: str
) -> None:
    assert main(["send", "GET", origin("hello"), "--exchange", "2", *options]) == 2

    captured = capsys.readouterr()
    assert answer in captured.out
    assert "number of an exchange from 1 to 1, found 2" in captured.err
    assert "all of what was sent and received is printed" in captured.err


def test_answer_that_is_saved_is_not_printed_for_an_exchange_that_is_none(
    origin: Origin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "kept.jsonl"

    assert main(["send", "GET", origin("hello"), "--exchange", "2", "--save", str(path)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, f"is in {str(path)!r}" in captured.err) == ("", True)

    assert main(["run", str(path), "--exchange", "2"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, "printed" in captured.err) == ("", False)
    assert main(["run", str(path), "--exchange", "1"]) == 0
    assert "< HTTP/1.1 200 OK" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        pytest.param(
            ["GET", "-H", "Connection: Upgrade", "-H", "Upgrade: x"],
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello",
            id="101",
        ),
        pytest.param(["CONNECT", "--target", "h:1"], b"HTTP/1.1 200 OK\r\n\r\nhello", id="CONNECT"),
    ],
)
def test_silence_of_another_protocol_is_called_that(
    words: list[str], answer: bytes, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    server = ByteServer((lambda peer: (peer.take_head(), peer.send(answer), peer.take_all()),))

    code = main(
        ["send", words[0], f"http://127.0.0.1:{server.port}/", *words[1:], "--timeout", "0.2", "--content"]
    )

    server.stop()
    out, err = capfdbinary.readouterr()
    assert (code, out) == (1, b"hello")
    assert b"speaks another protocol now" in err
    assert b"read1() gives what is there" in err


def test_server_that_does_not_switch_gets_no_such_advice(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    server = ByteServer((lambda peer: (peer.take_head(), peer.take_all()),))

    code = main(["send", "GET", f"http://127.0.0.1:{server.port}/", "--timeout", "0.2", "--content"])

    server.stop()
    assert (code, b"another protocol" in capfdbinary.readouterr().err) == (1, False)


def test_client_shows_its_certificate(
    lab: LabServer, origin: Origin, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    url = origin("tls-client-certificate") + "/members"
    assert lab.client_certificate is not None
    whole = Path(lab.client_certificate).read_text("ascii")
    key, begin, chain = whole.partition("-----BEGIN CERTIFICATE-----")
    (tmp_path / "key.pem").write_text(key)
    (tmp_path / "chain.pem").write_text(begin + chain)
    words = ["send", "GET", url, "--content", "--cafile", str(lab.cafile)]

    refused = main(words)
    alone = main([*words, "--cert", lab.client_certificate])
    apart = main([*words, "--cert", str(tmp_path / "chain.pem"), "--key", str(tmp_path / "key.pem")])

    assert (refused, alone, apart) == (1, 0, 0)
    assert capfdbinary.readouterr().out == b"Welcome, student\n" * 2


def test_proxy_gets_its_own_field(origin: Origin, received: Received) -> None:
    proxy = origin("tunnel").removeprefix("http://")

    assert (
        main(["send", "GET", "http://example.test/hello", "--proxy", proxy, "--proxy-header", "X-For: proxy"])
        == 0
    )

    connect, _, request = received().partition(b"\r\n\r\n")
    assert b"\r\nX-For: proxy" in connect
    assert request.startswith(b"GET /hello HTTP/1.1\r\n")
    assert b"X-For" not in request
