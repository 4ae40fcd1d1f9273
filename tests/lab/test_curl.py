"""The well-formed scenarios, and some others, played to curl: a client that none of us wrote."""

import shutil
import subprocess

import pytest

from workbench.lab import LabServer, find_scenario

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

PARTIAL_FILE, RECEIVE_ERROR, EMPTY_REPLY, UNVERIFIED = 18, 56, 52, 60


def curl(
    lab: LabServer, name: str, *options: str, target: str = "/hello"
) -> subprocess.CompletedProcess[bytes]:
    """Run curl against a scenario, without the proxies and settings of whoever runs the tests."""
    url = lab.origin(find_scenario(name)) + target
    trust = ("--cacert", lab.cafile) if lab.cafile else ()
    command = ["curl", "-q", "--noproxy", "*", "--silent", "--max-time", "10", *trust, *options, url]
    return subprocess.run(command, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("hello", (), id="hello"),
        pytest.param("post-echo", ("--data", "spam=1&eggs=2&bacon=0"), id="post-echo"),
        pytest.param("hello-tls", (), id="hello-tls"),
        pytest.param("close-delimited", (), id="close-delimited"),
        pytest.param("unsolicited-bytes", (), id="unsolicited-bytes"),
        pytest.param("chunked-trailers", (), id="chunked-trailers"),
        pytest.param(
            "continue-then-ok",
            ("--upload-file", "-", "--header", "Expect: 100-continue"),
            id="continue-then-ok",
        ),
        pytest.param("interim-103", (), id="interim-103"),
        pytest.param("http09", ("--http0.9",), id="http09"),
        pytest.param("obs-fold", (), id="obs-fold"),
        pytest.param("bare-lf", (), id="bare-lf"),
        pytest.param("terminal-escapes", (), id="terminal-escapes"),
        pytest.param("early-response", ("--data", "x" * 1000), id="early-response"),
        pytest.param("slow-drip", (), id="slow-drip"),
    ],
)
def test_curl_gets_the_promised_content(lab: LabServer, name: str, options: tuple[str, ...]) -> None:
    promise = find_scenario(name).promise
    url_options = ("--output", "-", "--write-out", "%{stderr}%{http_code}", *options)
    if name == "continue-then-ok":
        url_options = (*url_options, "--header", "Content-Length: 10")
        result = upload(lab, name, url_options)
    else:
        result = curl(lab, name, *url_options)

    assert result.returncode == 0
    assert result.stdout == promise.content
    expected = b"000" if name == "http09" else str(promise.status).encode()
    assert result.stderr == expected


def upload(lab: LabServer, name: str, options: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
    """Run curl with ten bytes on its stdin."""
    url = lab.origin(find_scenario(name)) + "/upload"
    command = ["curl", "-q", "--noproxy", "*", "--silent", "--max-time", "10", *options, url]
    return subprocess.run(command, capture_output=True, check=False, input=b"0123456789")


def test_curl_uses_one_connection_for_two_exchanges(lab: LabServer) -> None:
    url = lab.origin(find_scenario("keep-alive-twice"))

    result = curl(lab, "keep-alive-twice", url + "/one", target="/two")

    assert result.stdout == b"The first page\nThe second page\n"
    assert {event.connection for event in lab.log} == {1}


def test_curl_follows_the_redirect(lab: LabServer) -> None:
    assert curl(lab, "redirect", "--location", target="/old").stdout == b"You found it\n"


def test_curl_answers_the_challenge(lab: LabServer) -> None:
    result = curl(lab, "basic-auth", "--anyauth", "--user", "aladdin:opensesame", target="/private")

    assert result.stdout == b"Forty thieves\n"
    assert any(b"Basic YWxhZGRpbjpvcGVuc2VzYW1l\r\n" in event.data for event in lab.log)


def test_curl_shows_the_trailer_section(lab: LabServer) -> None:
    assert b"X-Checksum: 7f83b165\r\n" in curl(lab, "chunked-trailers", "--include").stdout


def test_curl_goes_through_the_tunnel(lab: LabServer) -> None:
    proxy = lab.origin(find_scenario("tunnel"))

    result = subprocess.run(
        [
            "curl",
            "-q",
            "--silent",
            "--max-time",
            "10",
            "--noproxy",
            "",
            "--proxytunnel",
            "--proxy",
            proxy,
            "http://example.test/",
        ],
        capture_output=True,
        check=False,
    )

    assert result.stdout == b"Hello through the tunnel\n"


@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        pytest.param("truncated-body", PARTIAL_FILE, id="truncated-body"),
        pytest.param("truncated-chunk", PARTIAL_FILE, id="truncated-chunk"),
        pytest.param("bad-chunk-size", RECEIVE_ERROR, id="bad-chunk-size"),
        pytest.param("reset-midway", RECEIVE_ERROR, id="reset-midway"),
        pytest.param("no-response", EMPTY_REPLY, id="no-response"),
        pytest.param("tls-untrusted", UNVERIFIED, id="tls-untrusted"),
        pytest.param("tls-wrong-host", UNVERIFIED, id="tls-wrong-host"),
        pytest.param("tls-expired", UNVERIFIED, id="tls-expired"),
    ],
)
def test_curl_trips_over_what_is_wrong(lab: LabServer, name: str, exit_code: int) -> None:
    assert curl(lab, name, "--output", "-").returncode == exit_code
