"""All scenarios under one origin, seen by sockets and by the scripts of the scenarios themselves."""

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator

import pytest

from tests.lab.conftest import TIMEOUT_SECONDS, EventQueue
from tests.lab.playing import assert_content, run_script
from workbench.lab import LabServer, Scenario, find_scenario, load_scenarios
from workbench.lab.addresses import Addresses
from workbench.lab.page import Page, serialize_page
from workbench.lab.target import route

ALL = tuple(load_scenarios().values())
BY_PATH = [one for one in ALL if not one.own_port and "workbench.protocol" not in one.script]
PACE = 0.1

OWN_PORTS = {
    *(
        "tunnel",
        "tunnel-interim",
        "tunnel-201",
        "tunnel-tls",
        "tunnel-credentials",
        "tunnel-with-credentials",
    ),
    *("refused-tunnel", "tls-to-plain-port", "plain-to-tls-port"),
    *(one.name for one in ALL if one.name.startswith("tls-")),
}
"""What no path can reach."""


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[LabServer, Addresses]]:
    """Every scenario under one origin, and one of them on a port of its own."""
    with LabServer(pace=PACE) as lab:
        lab.open(find_scenario("tunnel"))
        yield lab, lab.open_origin(ALL)


@pytest.fixture
def addresses(served: tuple[LabServer, Addresses]) -> Addresses:
    return served[1]


def address_of(origin: str) -> tuple[str, int]:
    host, port = origin.partition("//")[2].rsplit(":", 1)
    return host, int(port)


def talk(addresses: Addresses, request: bytes, *, secure: bool = False) -> bytes:
    """Send bytes, and read until the server closes; over TLS, what it sends first."""
    origin = addresses.tls_origin if secure else addresses.origin
    with socket.create_connection(address_of(origin), timeout=TIMEOUT_SECONDS) as sock:
        if secure:
            context = ssl.create_default_context(cafile=addresses.cafile)
            sock = context.wrap_socket(sock, server_hostname="localhost")
        with sock:
            sock.sendall(request)
            if secure:
                return sock.recv(65536)  # Closing one direction of TLS is nothing that ssl can do.
            sock.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sock.recv(65536), b""))


def get(addresses: Addresses, target: str, *fields: str, method: str = "GET") -> tuple[bytes, bytes]:
    """Ask for one target. Returns head and content."""
    lines = [f"{method} {target} HTTP/1.1", "Host: lab.example:1234", *fields, "", ""]
    head, _, content = talk(addresses, "\r\n".join(lines).encode()).partition(b"\r\n\r\n")
    return head, content


# --- scenarios --------------------------------------------------------------------------------


def test_only_what_begins_below_http_needs_a_port_of_its_own() -> None:
    assert {one.name for one in ALL if one.own_port} == OWN_PORTS


def under_path(script: str, name: str) -> str:
    """Have a script ask for paths below the one of its scenario."""
    return re.sub(r'(request\(\s*"[^"]+", ")((?:http://[^/"]+)?)/', rf"\1\2/{name}/", script)


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(one, id=one.name)
        for one in BY_PATH
        if one.cpython is None
        and one.tls is None
        and not one.promise.hangs
        # Half a second each, and the path makes no difference to a server that says nothing.
        and one.promise.exception != "TimeoutError"
    ],
)
def test_promise_is_kept_under_the_one_origin(addresses: Addresses, scenario: Scenario) -> None:
    host, port = address_of(addresses.origin)
    script = under_path(scenario.script, scenario.name).replace("{host}", host).replace("{port}", str(port))

    outcome = run_script(script)

    promise = scenario.promise
    if promise.exception is None and outcome.error is not None:
        raise outcome.error
    assert (outcome.error and type(outcome.error).__name__) == promise.exception
    assert outcome.status == promise.status
    assert_content(promise, outcome.content)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("/kept-or-new/two", id="path"),
        pytest.param("/kept%2Dor%2dnew/two", id="percent-encoded name"),
        pytest.param("http://elsewhere.example/kept-or-new/two", id="absolute-form"),
        pytest.param("HTTPS://elsewhere.example:1/kept-or-new/two", id="absolute-form of https"),
    ],
)
@pytest.mark.parametrize("secure", [pytest.param(False, id="http"), pytest.param(True, id="https")])
def test_scenario_sees_the_rest_of_the_path(addresses: Addresses, target: str, secure: bool) -> None:
    response = talk(addresses, f"GET {target} HTTP/1.1\r\nHost: lab\r\n\r\n".encode(), secure=secure)

    assert response.startswith(b"HTTP/1.1 200 OK\r\n")
    rest = target.rpartition("new")[0].rpartition("/")[0] + "/two"
    content = f"You asked for {rest}\n".encode()
    assert response.endswith(b"\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))


@pytest.mark.parametrize(
    ("target", "name", "rest"),
    [
        pytest.param(b"/hello", "hello", b"/", id="no slash behind it"),
        pytest.param(b"/hello?x=/y", "hello", b"/?x=/y", id="query"),
        pytest.param(b"/hello/a//b?c", "hello", b"/a//b?c", id="the rest as it was"),
        pytest.param(b"/hello/%2e%2E/x", "hello", b"/%2e%2E/x", id="only the name is decoded"),
        pytest.param(b"http://h", "", b"http://h/", id="authority alone"),
        pytest.param(b"//hello", "", b"/hello", id="empty segment"),
        pytest.param(b"/%ff", "\\xff", b"/", id="not UTF-8"),
        pytest.param(b"*", "", b"*", id="asterisk-form"),
        pytest.param(b"example.test:443", "", b"example.test:443", id="authority-form"),
        pytest.param(b"", "", b"", id="nothing"),
    ],
)
def test_target_is_taken_apart(target: bytes, name: str, rest: bytes) -> None:
    assert (route(target).name, route(target).rest) == (name, rest)


def test_connection_goes_from_one_scenario_to_the_next(served: tuple[LabServer, Addresses]) -> None:
    lab, addresses = served
    before = len(lab.log)
    targets = ["/hello/", "/index.txt", "/bare-lf/", "/redirect/old", "/hello/again", "/nothing", "/hello/"]

    response = talk(
        addresses, "".join(f"GET {one} HTTP/1.1\r\nHost: lab\r\n\r\n" for one in targets).encode()
    )

    assert re.findall(rb"HTTP/1.1 (\d+)", response) == [
        b"200",
        b"200",
        b"200",
        b"302",
        b"200",
        b"404",
        b"200",
    ]
    assert response.endswith(b"Hello, world\n")
    events = lab.log[before:]
    assert len({event.connection for event in events}) == 1
    names = [event.scenario for event in events if event.kind == "sent"]
    assert names == ["hello", "", "bare-lf", "redirect", "hello", "", "hello"]


def test_content_that_no_step_reads_is_not_the_next_request(addresses: Addresses) -> None:
    form = b"POST /hello/ HTTP/1.1\r\nHost: lab\r\nContent-Length: 12\r\n\r\nGET / a\r\n\r\nb"
    chunks = b"POST /hello/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{ }\r\n0\r\n\r\n"

    response = talk(addresses, form + chunks + b"GET /bare-lf/ HTTP/1.1\r\n\r\n")

    assert response.count(b"Hello, world\n") == 3
    assert response.count(b"HTTP/1.1 ") == 3


def test_content_that_was_asked_about_and_refused_is_not_waited_for(addresses: Addresses) -> None:
    asking = b"POST /hello/ HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"

    response = talk(addresses, asking + b"GET /hello/ HTTP/1.1\r\n\r\n")

    assert re.findall(rb"HTTP/1.1 (\d+)", response) == [b"200", b"200"]


def test_redirect_stays_in_its_scenario(addresses: Addresses) -> None:
    head, _ = get(addresses, "/redirect/old")

    assert b"\r\nLocation: /redirect/new\r\n" in head
    assert get(addresses, "/redirect/new")[1] == b"You found it\n"


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "accept", "content_type"),
    [
        pytest.param("/", None, b"text/html", id="no wish"),
        pytest.param("/", "*/*", b"text/html", id="anything"),
        pytest.param("/", "text/html,application/xhtml+xml,*/*;q=0.8", b"text/html", id="a browser"),
        pytest.param("/", "application/json", b"application/json", id="JSON"),
        pytest.param("/", "text/html;q=0.2, application/*;q=0.9", b"application/json", id="weights"),
        pytest.param("/", "text/plain", b"text/plain", id="text"),
        pytest.param("/?x=1", "application/json", b"application/json", id="query"),
        pytest.param("/index.json", "text/html", b"application/json", id=".json"),
        pytest.param("/index.txt", None, b"text/plain", id=".txt"),
        pytest.param("/index.html", "application/json", b"text/html", id=".html"),
        pytest.param("http://any.example/", None, b"text/html", id="absolute-form"),
        pytest.param("/ca.pem", None, b"application/x-pem-file", id="authority"),
        pytest.param("/robots.txt", None, b"text/plain", id="robots.txt"),
    ],
)
def test_page_has_the_form_that_is_asked_for(
    addresses: Addresses, target: str, accept: str | None, content_type: bytes
) -> None:
    fields = [] if accept is None else [f"Accept: {accept}"]
    head, content = get(addresses, target, *fields)
    head_alone, nothing = get(addresses, target, *fields, method="HEAD")

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nContent-Type: " + content_type in head
    assert f"\r\nContent-Length: {len(content)}\r\n".encode() in head + b"\r\n"
    assert (head_alone, nothing) == (head, b"")


def test_index_lists_every_scenario_and_says_how_to_reach_it(addresses: Addresses) -> None:
    html = get(addresses, "/")[1].decode()

    assert re.findall(r'<details id="([^"]+)"', html) == sorted(
        (one.name for one in ALL), key=[one.name for one in ALL].index
    )
    assert html.count('<a href="/hello/">') == 1
    assert '<a href="/tls-expired/">' not in html
    assert "workbench lab --ports tls-expired" in html
    tunnel = addresses.own["tunnel"].replace("127.0.0.1", "lab.example")
    assert f'<a href="{tunnel}/">tunnel</a>' in html
    assert "<script" not in html
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", html)


def test_index_for_programs_names_the_addresses_as_the_client_sees_them(addresses: Addresses) -> None:
    document = json.loads(get(addresses, "/index.json")[1])

    assert document["origin"] == "http://lab.example:1234"
    assert document["tls_origin"] == addresses.tls_origin.replace("localhost", "lab.example")
    entries = {entry["name"]: entry for entry in document["scenarios"]}
    assert entries["hello"]["url"] == "http://lab.example:1234/hello/"
    assert entries["hello"]["origin"] is None
    assert entries["tunnel"]["url"] is None
    assert entries["tunnel"]["origin"] == addresses.own["tunnel"].replace("127.0.0.1", "lab.example")
    assert entries["truncated-body"]["promise"] == {
        "status": 200,
        "exception": "IncompleteRead",
        "attributes": dict(find_scenario("truncated-body").promise.attributes),
        "diagnostics": ["BODY_TRUNCATED"],
    }


@pytest.mark.parametrize(
    ("host", "origin", "tls_origin", "own"),
    [
        pytest.param(
            "localhost:80", "http://localhost:80", "https://localhost:2", "http://127.0.0.1:3", id="here"
        ),
        pytest.param(
            "lab.example", "http://lab.example", "https://lab.example:2", "http://lab.example:3", id="name"
        ),
        pytest.param(
            "[fe80::1]:1", "http://[fe80::1]:1", "https://[fe80::1]:2", "http://[fe80::1]:3", id="IPv6"
        ),
        pytest.param(
            "[::1]", "http://[::1]", "https://localhost:2", "http://127.0.0.1:3", id="IPv6, no port"
        ),
    ],
)
def test_lab_has_the_name_that_the_client_knows(host: str, origin: str, tls_origin: str, own: str) -> None:
    addresses = Addresses(
        "http://127.0.0.1:1", "https://localhost:2", {"hello": "http://127.0.0.1:3"}, "", ""
    )

    seen = addresses.seen_as(host, secure=False)

    assert (seen.origin, seen.tls_origin, seen.own["hello"]) == (origin, tls_origin, own)
    assert addresses.seen_as(host, secure=True).tls_origin == origin.replace("http:", "https:")


def test_host_that_is_none_is_not_repeated(addresses: Addresses) -> None:
    response = talk(addresses, b"GET /index.json HTTP/1.1\r\nHost: <script>\r\n\r\n")

    assert b"<script>" not in response
    assert addresses.origin.encode() in response


def test_client_certificate_can_be_had(addresses: Addresses) -> None:
    content = get(addresses, "/client.pem")[1]

    assert b"PRIVATE KEY" in content
    assert b"BEGIN CERTIFICATE" in content


@pytest.mark.parametrize(
    ("request_line", "status", "words"),
    [
        pytest.param("GET /helo/x HTTP/1.1", 404, "Did you mean hello or hello-tls?", id="near name"),
        pytest.param("GET /Hello HTTP/1.1", 404, "Did you mean hello", id="capitals"),
        pytest.param("GET /zzz HTTP/1.1", 404, "no scenario 'zzz'. / lists", id="no near name"),
        pytest.param("GET /%1b%5b2J HTTP/1.1", 404, r"no scenario '\x1b[2J'", id="controls"),
        pytest.param("GET /tls-expired/ HTTP/1.1", 404, "--ports tls-expired", id="needs a port"),
        pytest.param("GET /tunnel/ HTTP/1.1", 404, "has a port of its own: http", id="has a port"),
        pytest.param("POST / HTTP/1.1", 405, "Expected GET or HEAD", id="method"),
        pytest.param("CONNECT example.test:443 HTTP/1.1", 400, "--ports tunnel", id="tunnel"),
        pytest.param("hello", 400, "Expected a request line", id="no request"),
    ],
)
def test_wrong_request_is_answered_with_the_way_out(
    addresses: Addresses, request_line: str, status: int, words: str
) -> None:
    response = talk(addresses, f"{request_line}\r\nHost: lab\r\n\r\n".encode()).decode()

    assert response.startswith(f"HTTP/1.1 {status} ")
    assert words in response


def test_browser_gets_its_error_as_a_page_with_links(addresses: Addresses) -> None:
    _, content = get(addresses, "/hello<b>", "Accept: text/html")

    assert b'<a href="/hello/">' in content
    assert b"hello&lt;b&gt;" in content
    assert b"<b>" not in content


def test_browser_that_asks_for_an_icon_gets_no_error(addresses: Addresses) -> None:
    head, content = get(addresses, "/favicon.ico")

    assert head.startswith(b"HTTP/1.1 204 ")
    assert b"Content-Length" not in head
    assert content == b""


@pytest.mark.parametrize("target", ["/", "*"])
def test_options_names_the_methods(addresses: Addresses, target: str) -> None:
    head, _ = get(addresses, target, method="OPTIONS")

    assert head.startswith(b"HTTP/1.1 204 ")
    assert b"\r\nAllow: GET, HEAD, OPTIONS" in head


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"GET /index.txt HTTP/1.0\r\n\r\n", id="version 1.0"),
        pytest.param(b"GET /index.txt HTTP/1.1\r\nConnection: Close\r\n\r\n", id="close"),
        pytest.param(b"GET /index.txt HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", id="content"),
    ],
)
def test_page_is_the_last_where_it_must_be(addresses: Addresses, request_bytes: bytes) -> None:
    response = talk(addresses, request_bytes + b"GET / HTTP/1.1\r\n\r\n")

    assert response.count(b"HTTP/1.1 200 OK") == 1
    assert b"\r\nConnection: close\r\n" in response


def test_endless_head_is_told_so(addresses: Addresses) -> None:
    response = talk(addresses, b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000)

    assert response.startswith(b"HTTP/1.1 431 ")
    assert b"Expected the end of the head within" in response


# --- limits -----------------------------------------------------------------------------------


def test_head_that_comes_slowly_for_ever_is_given_up() -> None:
    with LabServer(idle_seconds=0.2) as lab:
        events = EventQueue(lab)
        addresses = lab.open_origin(ALL)
        with socket.create_connection(address_of(addresses.origin), timeout=TIMEOUT_SECONDS) as sock:
            closed = dribble(sock)

        assert events.wait_for("error").note == "The client was idle for 0.2 s"
        assert closed


def dribble(sock: socket.socket) -> bool:
    """Send a byte each time when none has come for a while; True when the server has ended it."""
    sock.settimeout(0.05)
    for _ in range(100):
        try:
            sock.sendall(b"x")
            if sock.recv(1) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_requests_of_all_connections_together_are_bounded() -> None:
    upload = b"POST /post-echo/ HTTP/1.1\r\nHost: lab\r\nContent-Length: 100000\r\n\r\n"
    with LabServer(memory_cap=250_000) as lab:
        events = EventQueue(lab)
        address = address_of(lab.open_origin(ALL).origin)
        sockets = [socket.create_connection(address, timeout=TIMEOUT_SECONDS) for _ in range(3)]
        for sock in sockets:
            sock.sendall(upload + b"x" * 99_999)

        assert "hold the 250,000 bytes that they may" in events.wait_for("error").note
        # The others go on, and what was held is free again.
        answers = []
        for sock in sockets:
            try:
                sock.sendall(b"y")
                answers.append(sock.recv(100)[:15])
            except OSError:
                answers.append(b"")
            sock.close()
        assert sorted(answers)[:2] == [b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK"]
        assert sorted(answers)[2] != b"HTTP/1.1 200 OK"
        while lab.log[-1].kind != "closed":
            events.wait_for("closed")
        with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as sock:
            sock.sendall(upload + b"x" * 100_000)
            assert sock.recv(15) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize("cap", [pytest.param(256, id="all in"), pytest.param(150, id="over the cap")])
def test_two_hundred_connections_at_once_lose_nothing(cap: int) -> None:
    """Each asks for something of its own, so that no answer can be another's."""
    with LabServer(connection_cap=cap) as lab:
        address = address_of(lab.open_origin(ALL).origin)
        sockets = [socket.create_connection(address, timeout=TIMEOUT_SECONDS) for _ in range(200)]
        for number, sock in enumerate(sockets):
            sock.sendall(f"GET /kept-or-new/{number:03d} HTTP/1.1\r\nHost: lab\r\n\r\n".encode())

        answered, told = set(), 0
        for number, sock in enumerate(sockets):
            content = sock.recv(10_000).partition(b"\r\n\r\n")[2]
            if content == f"You asked for /{number:03d}\n".encode():
                answered.add(number)
            elif content == f"The cap of {cap} open connections is reached.".encode() + (
                b" Try again when one of them has ended.\n"
            ):
                told += 1
        for sock in sockets:
            sock.close()

    assert len(answered) == min(cap, 200)
    assert len(answered) + told == 200


def test_origin_is_opened_once(served: tuple[LabServer, Addresses]) -> None:
    with pytest.raises(RuntimeError, match="has one already"):
        served[0].open_origin(ALL)


def test_page_without_content_says_how_long_it_would_be() -> None:
    assert serialize_page(Page(200, "ä\n"), without_content=True) == (
        b"HTTP/1.1 200 OK\r\nServer: workbench-lab\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Length: 3\r\n\r\n"
    )


def test_python_http_client_keeps_its_connection(addresses: Addresses) -> None:
    connection = http.client.HTTPConnection(*address_of(addresses.origin), timeout=TIMEOUT_SECONDS)
    try:
        for target, content in (
            ("/hello/", b"Hello, world\n"),
            ("/chunked-trailers/", b"Hello, chunked world\n"),
        ):
            connection.request("GET", target)
            assert connection.getresponse().read() == content
    finally:
        connection.close()
