"""The sample sessions of the http.client documentation of Python 3.1, unchanged but for the host."""

import io
import urllib.parse
from contextlib import redirect_stdout

import pytest

import workbench.protocol
from tests.protocol.conftest import Serve
from tests.protocol.peer import Peer
from tests.protocol.watching import Watch

PAGE = b"<html>the page</html>\n"

GET_SESSION = """
import workbench.protocol as http_client
conn = http_client.HTTPConnection("{host}")
conn.request("GET", "/index.html")
r1 = conn.getresponse()
print(r1.status, r1.reason)
data1 = r1.read()
conn.request("GET", "/parrot.spam")
r2 = conn.getresponse()
print(r2.status, r2.reason)
data2 = r2.read()
conn.close()
"""

POST_SESSION = """
import workbench.protocol as http_client, urllib.parse
params = urllib.parse.urlencode({{'spam': 1, 'eggs': 2, 'bacon': 0}})
headers = {{"Content-type": "application/x-www-form-urlencoded",
           "Accept": "text/plain"}}
conn = http_client.HTTPConnection("{host}")
conn.request("POST", "/cgi-bin/query", params, headers)
response = conn.getresponse()
print(response.status, response.reason)
data = response.read()
conn.close()
"""


def run(session: str, host: str) -> tuple[str, dict[str, object]]:
    names: dict[str, object] = {}
    with redirect_stdout(io.StringIO()) as output:
        exec(session.format(host=host), names)
    return output.getvalue(), names


@pytest.fixture(params=[False, True], ids=["untapped", "tapped"])
def tap(request: pytest.FixtureRequest, watch: Watch) -> object:
    """The sessions run as they are, and under a tap."""
    if not request.param:
        yield None
        return
    with workbench.protocol.tapped(watch):
        yield watch
    watch.check()


def test_two_pages_on_one_connection(serve: Serve, tap: object) -> None:
    def play(peer: Peer) -> None:
        assert peer.take_head().startswith(b"GET /index.html HTTP/1.1\r\n")
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE), PAGE)
        assert peer.take_head().startswith(b"GET /parrot.spam HTTP/1.1\r\n")
        peer.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        peer.take_all()

    server = serve(play)

    output, names = run(GET_SESSION, f"127.0.0.1:{server.port}")

    assert output == "200 OK\n404 Not Found\n"
    assert names["data1"] == PAGE
    assert names["data2"] == b""


def test_form_is_posted(serve: Serve, tap: object) -> None:
    bodies: list[bytes] = []

    def play(peer: Peer) -> None:
        head = peer.take_head()
        assert head.startswith(b"POST /cgi-bin/query HTTP/1.1\r\n")
        assert b"\r\nContent-Length: 21\r\n" in head
        assert head.endswith(b"Content-type: application/x-www-form-urlencoded\r\nAccept: text/plain\r\n\r\n")
        bodies.append(peer.take(21))
        peer.send(b"HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nok")
        peer.take_all()

    server = serve(play)

    output, names = run(POST_SESSION, f"127.0.0.1:{server.port}")

    assert output == "302 Found\n"
    assert names["data"] == b"ok"
    assert bodies == [b"spam=1&eggs=2&bacon=0"]
    assert urllib.parse.parse_qs(bodies[0].decode()) == {"spam": ["1"], "eggs": ["2"], "bacon": ["0"]}
