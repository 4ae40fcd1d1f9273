"""Redaction, event by event: whatever an event says, a secret is not in it any more."""

import dataclasses
import sys
from typing import Any, get_type_hints

import pytest

from tests.session.told import Told
from workbench.protocol import tap
from workbench.protocol.wire.diagnostics import Code, Severity
from workbench.protocol.wire.span import Span, tile
from workbench.session import events
from workbench.session.recording import Recording
from workbench.session.redaction import redact_recording
from workbench.session.secrets import PIECE, SecretFinder

SECRET = "c4n4ry-c4n4ry-c4n4ry"
SOURCE = f'conn.putheader("Authorization", "Bearer {SECRET}")\n'


def subclasses(cls: type) -> list[type]:
    return [found for one in cls.__subclasses__() for found in (one, *subclasses(one))]


EVERY_EVENT = [
    one
    for base in (tap.Event, events.SessionEvent)
    for one in subclasses(base)
    # `dataclass(slots=True)` makes a second class, and the first one may not be collected yet.
    if vars(sys.modules[one.__module__]).get(one.__name__) is one
]


def value_for(name: str, hint: Any) -> Any:
    """A value of a field: the secret wherever there is text or bytes."""
    simple = {
        int: 1,
        bool: False,
        str: f"x {SECRET} y",
        bytes: f"{SECRET}".encode(),
        Code: Code.BARE_LF,
        Severity: Severity.ERROR,
    }
    if hint in simple:
        return simple[hint]
    if name == "error":
        return tap.ErrorFact("E", ("E",), f"m {SECRET}", (("line", f"'{SECRET}'"),), SECRET.encode())
    if name == "leaves":
        return tile(0, ("raw", len(SECRET)))
    return Span("received", 0, len(SECRET)) if "Span" in str(hint) else None


def made(kind: type) -> Any:
    hints = get_type_hints(kind)
    values = {field.name: value_for(field.name, hints[field.name]) for field in dataclasses.fields(kind)}
    if kind.__name__.endswith("Buffered"):
        values["span"] = Span("sent", 0, len(SECRET))
    if "addresses" in values:
        values["addresses"] = ("127.0.0.1",)
    return kind(**values)


@pytest.mark.parametrize("kind", EVERY_EVENT, ids=lambda kind: kind.__name__)
def test_no_field_of_any_event_keeps_a_secret(kind: type) -> None:
    recording = Recording()
    recording.append(events.ScriptStarted(0, 1, "script", SOURCE, 0))
    recording.append(made(kind))

    copy = redact_recording(recording).recording

    assert SECRET in repr(recording.entries.event(1)) or not has_text(kind)
    if kind is not tap.TlsEstablished:  # A certificate, and what stands in it, is public.
        assert SECRET not in repr(copy.entries.event(1))
    assert SECRET not in copy.at().script_source


def has_text(kind: type) -> bool:
    return any(hint in (str, bytes) or name == "error" for name, hint in get_type_hints(kind).items())


@pytest.mark.parametrize(
    ("source", "kept", "gone"),
    [
        pytest.param('conn.putheader("Authorization", "Basic abc=")', "putheader", "abc=", id="call"),
        pytest.param("conn.request('GET', '/', headers={'cookie': 'a=b', 'X': 'kept'})", "'kept'", "a=b", id="member"),
        pytest.param('h = {"Authorization": "Basic " + "abc" * 2, "Accept": "x"}', '"Accept": "x"', "abc", id="expression"),
        pytest.param('conn.putheader("Cookie", "a=1", "b=2")', "Cookie", "b=2", id="several values"),
        pytest.param(r'conn.send(b"GET / HTTP/1.1\r\nAuthorization: xyz\r\nX: 1\r\n\r\n")', r"\r\nX: 1", "xyz", id="raw bytes"),
        pytest.param('url = "http://me:pw12@h/path"', "@h/path", "me:pw12", id="userinfo"),
        pytest.param("# Authorization is missing\nx = 'y'", "# Authorization is missing\nx = 'y'", "***", id="no secret"),
        pytest.param('r1.getheader("Set-Cookie")\nr1.read()', 'r1.getheader("Set-Cookie")\nr1.read()', "***", id="only a name"),
    ],
)  # fmt: skip
def test_source_of_a_script_loses_its_secrets_and_nothing_else(source: str, kept: str, gone: str) -> None:
    recording = Recording()
    recording.append(events.ScriptStarted(0, 1, "script", source, 0))

    copy = redact_recording(recording).recording.at().script_source

    assert kept in copy
    assert gone not in copy
    assert [len(line) for line in copy.split("\n")] == [len(line) for line in source.split("\n")]


@pytest.mark.parametrize("before", [-12, -6, -5, -3, -1, 0])
def test_secret_is_found_at_any_place_of_a_long_text(before: int) -> None:
    """It is looked through in pieces, and a name may lie in two of them."""
    text = f"{' ' * (PIECE + before)}\nX-KEY: {SECRET}"

    (place,) = SecretFinder(["x-Key"]).places(text)

    assert text[slice(*place)] == SECRET


@pytest.mark.parametrize(
    "text",
    [
        "'" + "\\" * 5000,
        '"' * 20_000,
        "a-" * 50_000,
        "authorization:" * 5000,
        "=" * 100_000,
        "'" + "\\'" * 100_000,
        '"x-key": \'' + "\\'" * 100_000,
        '"x-key" ' * 20_000,
        '"x-key": [' * 20_000,
        'name="x-key"\n' * 20_000,
        "\\'''b'" * 100_000,
        "\"x-key\": [1,\\'''b']" * 30_000,
        "".join(f"X-Key: Bearer {number}{'a' * 16_000}\n" for number in range(60)),
    ],
    ids=range(13),
)
def test_hostile_text_takes_no_time(text: str) -> None:
    """Within the time limit of a test: the patterns must not try everything."""
    recording = Recording()
    recording.append(events.ScriptStarted(0, 1, "script", text, 0))

    redact_recording(recording, ["x-key"])


@pytest.mark.timeout(30)
def test_secret_in_each_of_many_chunks_is_found_by_its_place() -> None:
    """It is not looked for among all chunks, nor among all that was written over."""
    recording = Recording()
    told = Told(recording.append)
    told.request_line()
    told.request_field("Authorization", f"Bearer {SECRET}")
    told.head(200, "OK", ("Transfer-Encoding", "chunked"))
    for number in range(6000):
        told.receive(b"14\r\n")
        told.parse(tap.ChunkHeaderParsed, 4, "chunk_size", number, len(SECRET), "")
        told.read(SECRET.encode())
        told.receive(b"\r\n")
        told.parse(tap.ChunkParsed, 2, "chunk_end", number)

    copy = redact_recording(recording)

    assert SECRET.encode() not in copy.recording.connection(1).received.slice(0, 1 << 20)
    assert copy.places == 6001
