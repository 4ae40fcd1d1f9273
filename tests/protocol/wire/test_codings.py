"""Content with a coding, read in pieces that are smaller than what one byte of it can stand for."""

import gzip

from tests.protocol.wire.agreement import STEPS, verdict
from tests.protocol.wire.playing import Exchange, play
from tests.protocol.wire.scripted_socket import ScriptedSocket
from workbench.protocol import HTTPConnection

CONTENT = b"hello hello hello"
CODED = b"\x1f\x8b\x08\0\0\0\0\0\2\3" + b"\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90"
"""The beginning of a gzip stream, whose last byte stands for most of the content, and has no more in it."""

RESPONSE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%x\r\n%s\r\n" % (len(CODED), CODED)


def test_everything_that_was_inflated_is_handed_out_before_a_failure() -> None:
    response = RESPONSE + b"zz\r\n"

    whole = play([response], Exchange())
    stepwise = play([response], Exchange(), step=STEPS["readinto(5)"])

    assert whole.outcome.error is not None
    assert whole.outcome.error.partial == CONTENT
    assert verdict(stepwise) == verdict(whole)


def test_what_was_inflated_is_not_held_back_until_more_comes() -> None:
    connection = HTTPConnection("127.0.0.1")
    connection.sock = ScriptedSocket([RESPONSE], ends=False)
    connection.request("GET", "/")
    response = connection.getresponse()

    pieces = [response.read1(5) for _ in range(4)]

    response.close()
    assert b"".join(pieces) == CONTENT


def test_gzip_stream_may_have_members_without_content() -> None:
    """RFC 1952 section 2.2: members simply appear one after another."""
    coded = gzip.compress(b"") + gzip.compress(b"hello ") + gzip.compress(b"") + gzip.compress(b"hello")
    response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"

    played = play([response % (len(coded), coded)], Exchange())

    assert played.outcome.error is None
    assert (played.outcome.content, played.outcome.complete) == (b"hello hello", True)
