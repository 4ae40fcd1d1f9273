"""No exporter lets a secret out: not in a field, not in a script, not where a server sends it back."""

import base64
import gzip
import random
import sys
import urllib.parse
from collections.abc import Iterator

import pytest

from tests.export.conftest import record
from tests.protocol.peer import ByteServer, Peer
from workbench.export import EXPORTERS, Subject
from workbench.export.exporter import Exporter
from workbench.session.decoding import MOST_TAKEN
from workbench.session.recording import Recording

PASSWORD = "hunter2canary"
TOKEN = base64.b64encode(f"alice:{PASSWORD}".encode()).decode()
SESSION = "c4n4ry+session/id=="
LISTED = "k3y-c4n4ry"
QUERY = "qu3ry%2Dc4n4ry"
USERINFO = "bob:us3rinfoc4n4ry"

SCRIPT = """\
from http.client import HTTPConnection
token = "{token}"
conn = HTTPConnection("{host}", {port}, timeout=10)
conn.putrequest("POST", "/login?api_key={query}&x=1")
conn.putheader("Authorization", "Basic " + token)
conn.putheader("Cookie", "id={session}; theme=dark")
conn.putheader("X-Api-Key", "{listed}")
conn.putheader("Referer", "http://{userinfo}@example.test/")
conn.endheaders([b"Proxy-Authorization: Basic {token}", b"!"], encode_chunked=True)
r1 = conn.getresponse()
print(r1.getheaders())
print(r1.getheader("Set-Cookie").encode().hex())
r1.read()
conn.request("GET", "/again")
r2 = conn.getresponse()
r2.read()
conn.request("GET", "/cut", headers={{"Authorization": "Bearer {token}"}})
r3 = conn.getresponse()
r3.read()
"""


def spellings() -> Iterator[bytes]:
    """Every way in which a secret could be in a file."""
    for word in (
        PASSWORD,
        TOKEN,
        SESSION,
        LISTED,
        QUERY,
        USERINFO,
        "us3rinfoc4n4ry",
        urllib.parse.unquote(QUERY),
    ):
        data = word.encode()
        yield data
        yield data.hex().encode()
        yield data.hex(" ").encode()
        yield data.hex().upper().encode()
        yield urllib.parse.quote(word, safe="").encode()
        for before in (b"", b"x", b"xy"):
            # The middle of it: the ends depend on what stands around it.
            yield base64.b64encode(before + data)[4:-4]


def play(peer: Peer) -> None:
    """Send everything back, in ways in which servers do."""
    peer.take_head()
    while not peer.received.endswith(b"0\r\n\r\n"):
        peer._receive()
    peer._taken = len(peer.received)
    echo = b'{"Authorization": "Basic %b", "hex": "%b", "url": "http://%b@h/"}' % (
        TOKEN.encode(),
        PASSWORD.encode().hex().encode(),
        USERINFO.encode(),
    )
    # In chunks, one of which ends in the middle of a secret.
    cut = echo.index(TOKEN.encode()) + 7
    peer.send(
        b"HTTP/1.1 200 OK\r\nSet-Cookie: id="
        + SESSION.encode()
        + b"; Path=/\r\nTransfer-Encoding: chunked\r\n"
        b"Location: /login?api_key=" + QUERY.encode() + b"\r\n\r\n"
        b"%x\r\n%b\r\n" % (cut, echo[:cut]) + b"%x\r\n%b\r\n" % (len(echo) - cut, echo[cut:]) + b"0\r\n\r\n"
    )
    peer.take_head()
    coded = gzip.compress(b"your key is " + LISTED.encode() + b" and your name " + PASSWORD.encode())
    peer.send(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(coded), coded)
    )
    peer.take_head()
    peer.send(
        b"HTTP/1.1 500 no\r\nX-Broken "
        + TOKEN.encode()
        + b"\r\nAuthorization : "
        + TOKEN.encode()
        + b"\r\n\r\n"
    )


@pytest.fixture(scope="module")
def recording() -> Iterator[Recording]:
    server = ByteServer((play,))
    source = SCRIPT.format(
        host=server.host,
        port=server.port,
        token=TOKEN,
        session=SESSION,
        listed=LISTED,
        query=QUERY,
        userinfo=USERINFO,
    )
    yield record(source)
    server.stop()


def export(exporter: object, recording: Recording, **options: object) -> bytes:
    subject = Subject.of(recording, listed=["x-api-key", "API_KEY"], **options)
    return b"".join(exporter.export(subject))


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
def test_no_exporter_lets_a_secret_out(exporter: object, recording: Recording) -> None:
    data = export(exporter, recording)

    assert [spelling for spelling in spellings() if spelling in undone(data)] == []
    assert b"***" in data


def undone(data: bytes) -> bytes:
    """The file, and what is in it: base64 of a content, and hexadecimal rows of a trace."""
    rows = b"".join(
        bytes.fromhex(line[6:54].decode())
        for line in data.splitlines()
        if line[4:6] == b": " and is_hex(line[:4])
    )
    return (
        data
        + rows
        + b" ".join(decoded(word) for word in data.replace(b'"', b" ").split() if len(word) % 4 == 0)
    )


def is_hex(text: bytes) -> bool:
    return all(byte in b"0123456789abcdef" for byte in text)


def decoded(word: bytes) -> bytes:
    try:
        return base64.b64decode(word, validate=True)
    except ValueError:
        return b""


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
def test_secrets_are_in_it_when_asked_for(exporter: object, recording: Recording) -> None:
    """Or the test above could not fail."""
    data = export(exporter, recording, secrets=True)

    assert [spelling for spelling in spellings() if spelling in undone(data)] != []


def test_offsets_and_lengths_stay(recording: Recording) -> None:
    copy = Subject.of(recording).recording

    assert len(copy.entries) == len(recording.entries)
    for before, after in zip(recording.connections, copy.connections, strict=True):
        assert after.sent.length == before.sent.length
        assert after.received.length == before.received.length
    assert [len(line) for line in copy.at().script_source.split("\n")] == [
        len(line) for line in recording.at().script_source.split("\n")
    ]


def test_what_is_no_secret_stays(recording: Recording) -> None:
    subject = Subject.of(recording)
    streams = b"".join(one.bytes("sent") for one in subject.connections)

    assert b"http://" + b"*" * len(USERINFO) + b"@example.test/" in streams
    assert b"&x=1 HTTP/1.1" in streams
    # Nobody has listed these.
    assert LISTED.encode() in streams
    assert QUERY.encode() in streams


def test_line_says_what_was_done(recording: Recording) -> None:
    assert line_of(recording).startswith(
        "Secrets are redacted (Authorization, Cookie, Proxy-Authorization, Set-Cookie)"
    )
    assert line_of(recording).endswith(" places written over")
    assert line_of(Recording()).endswith("none was found")
    assert Subject.of(recording, secrets=True).secrets_line.startswith("Secrets are left in")


def line_of(recording: Recording) -> str:
    return Subject.of(recording).secrets_line


UNREAD = b"a text that nobody can look into " * 4


@pytest.mark.parametrize(
    ("coding", "content", "reason"),
    [
        pytest.param("br", b"\x1b" + UNREAD, "no package for br is installed", id="no decoder"),
        pytest.param("x-own", UNREAD, "x-own is no known coding", id="unknown coding"),
        pytest.param("gzip", gzip.compress(UNREAD)[:-8] + bytes(8), "its coding is damaged", id="damaged"),
        pytest.param("gzip", gzip.compress(UNREAD)[:-8], "it is cut short, or too long", id="cut short"),
        pytest.param("gzip", gzip.compress(random.Random(1).randbytes(MOST_TAKEN + 1), 0), "it is cut short, or too long", id="too long"),
    ],
)  # fmt: skip
def test_content_that_cannot_be_looked_into_is_written_over(
    coding: str, content: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = fetched(coding, content)
    if reason.startswith("no package"):
        monkeypatch.setitem(sys.modules, "brotli", None)

    subject = Subject.of(recording)

    (connection,) = subject.connections
    assert connection.bytes("received").endswith(b"\r\n\r\n" + b"*" * len(content))
    assert repr(content[:20])[2:-1] in repr(events(recording))
    assert repr(content[:20])[2:-1] not in repr(events(subject.recording))
    assert subject.secrets_line.endswith(
        f", with all content of 1 message that cannot be looked into ({reason})"
    )
    assert reason in subject.secrets_words


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_content_that_is_written_over_is_not_read_bit_by_bit(most: int) -> None:
    """Not in what a call gave, not in what a line came to, and not in what was printed."""
    calls = f"content = r1.read({most})\nprint(content, (content[:1],))\ncontent\n" * 8

    recording = fetched("x-own", UNREAD, calls)

    pieces = [repr(UNREAD[at : at + most]) for at in range(0, 8 * most, most)]
    copy = repr(events(Subject.of(recording).recording))
    assert [piece for piece in pieces if piece not in repr(events(recording))] == []
    assert [piece for piece in pieces if piece in copy] == []
    assert "b'" + "*" * most + "'" in copy


def test_coded_content_without_a_secret_stays() -> None:
    content = gzip.compress(UNREAD)

    subject = Subject.of(fetched("gzip", content))

    assert subject.connections[0].bytes("received").endswith(content)
    assert "looked into" not in subject.secrets_line


def fetched(coding: str, content: bytes, reads: str = "r1.read(30)\nr1.read()\n") -> Recording:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(content)}\r\n\r\n"
    server = ByteServer((lambda peer: (peer.take_head(), peer.send(head.encode() + content)),))
    recording = record(
        "from http.client import HTTPConnection\n"
        f'conn = HTTPConnection("{server.host}", {server.port}, timeout=10)\n'
        'conn.request("GET", "/")\nr1 = conn.getresponse()\n' + reads
    )
    server.stop()
    return recording


def events(recording: Recording) -> list[object]:
    return [entry.event for entry in recording.entries]


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("call", "secrets"),
    [
        pytest.param(
            'headers={"Referer": "http://me:p4ss@c4n4ry@h/"}', ["p4ss", "@c4n4ry"], id="@ in a password"
        ),
        pytest.param('body=b\'{"pin": 12345678, "other": 1}\'', ["12345678"], id="number in JSON"),
        pytest.param(
            'body=b\'{"pin": ["c4n4ry-a", {"x": "c4n4ry-b", "y": -987654}]}\'',
            ["c4n4ry-a", "c4n4ry-b", "987654"],
            id="array and object in JSON",
        ),
        pytest.param(
            'body=b"--b\\r\\nContent-Disposition: form-data; name=\\"pin\\"\\r\\nX: y\\r\\n\\r\\nc4n4ry\\r\\nl1ne\\r\\n--b--"',
            ["c4n4ry", "l1ne"],
            id="part of a form",
        ),
        pytest.param(
            'body="a=1&pin=ab\'c4n4ry", headers={"Content-Type": "application/x-www-form-urlencoded"}',
            ["c4n4ry"],
            id="quote in a form",
        ),
    ],
)
def test_value_with_a_listed_name_is_written_over(exporter: Exporter, call: str, secrets: list[str]) -> None:
    recording = answered(f'conn.request("POST", "/?pin=wxy\'p4r4m&a=1", {call})')

    data = b"".join(exporter.export(Subject.of(recording, listed=["pin"])))

    assert [one for one in [*secrets, "p4r4m"] if one.encode() in data] == []


def answered(call: str) -> Recording:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        peer.take_all()

    server = ByteServer([play], None, "127.0.0.1")
    recording = record(
        f'from http.client import HTTPConnection\nconn = HTTPConnection("127.0.0.1", {server.port}, timeout=10)\n'
        f"{call}\nr1 = conn.getresponse()\nr1.read()\n"
    )
    server.stop()
    return recording
