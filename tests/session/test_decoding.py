"""Codings are taken off within bounds, and what is in the way is said."""

import gzip
import zlib

import pytest

from workbench.session.decoding import MOST_CODINGS, MOST_TAKEN, decode

TEXT = b"the same content, whatever is done to it; " * 40
LIMIT = 1 << 17


def pieces(data: bytes, size: int = 100):
    return [data[start : start + size] for start in range(0, len(data), size)]


def coded_by(name: str) -> bytes:
    if name == "br":
        return pytest.importorskip("brotli").compress(TEXT)
    if name == "zstd":
        module = pytest.importorskip("backports.zstd")
        return module.compress(TEXT[:800]) + module.compress(TEXT[800:])
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return {
        "gzip": gzip.compress(TEXT[:800]) + gzip.compress(TEXT[800:]),
        "x-gzip": gzip.compress(TEXT),
        "deflate": zlib.compress(TEXT),
        "raw deflate": raw.compress(TEXT) + raw.flush(),
    }[name]


CODINGS = ["gzip", "x-gzip", "deflate", "raw deflate", "br", "zstd"]


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("name", CODINGS)
def test_coding_is_taken_off_however_the_bytes_come(name, size):
    decoded = decode(pieces(coded_by(name), size), [name.split()[-1]], LIMIT)

    assert decoded.data == TEXT
    assert decoded.whole
    assert decoded.undone == (name.split()[-1],)


@pytest.mark.parametrize("name", CODINGS)
def test_stream_that_is_cut_gives_what_came_and_is_not_whole(name):
    decoded = decode(pieces(coded_by(name)[:-3]), [name.split()[-1]], LIMIT)

    assert TEXT.startswith(decoded.data)
    assert not decoded.whole


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_bytes_that_are_not_coded_are_a_fault(name):
    coded_by(name)

    decoded = decode([b"plainly not coded"], [name], LIMIT)

    assert decoded.fault
    assert decoded.data == b""
    assert not decoded.whole


def test_bytes_behind_a_coded_stream_are_a_fault_and_cost_nothing_of_it():
    decoded = decode([gzip.compress(TEXT) + b"behind"], ["gzip"], LIMIT)

    assert decoded.data == TEXT
    assert decoded.fault == "incorrect header check"


def test_codings_are_taken_off_from_the_last_to_the_first():
    decoded = decode([gzip.compress(zlib.compress(TEXT))], ["identity", "Deflate", "GZIP"], LIMIT)

    assert decoded.data == TEXT
    assert decoded.undone == ("gzip", "deflate")


def test_content_without_codings_is_as_it_came():
    assert decode(pieces(TEXT), [], len(TEXT)).whole
    assert decode(pieces(TEXT), [], len(TEXT) - 1).data == TEXT[:-1]
    assert not decode(pieces(TEXT), [], len(TEXT) - 1).whole


def test_coding_that_nobody_knows_leaves_the_bytes_as_they_came():
    decoded = decode(pieces(TEXT), ["gzip", "rot13"], LIMIT)

    assert decoded.data == TEXT
    assert decoded.obstacle == "rot13"
    assert not decoded.missing_package


@pytest.mark.parametrize("name", ["br", "zstd"])
def test_coding_whose_package_is_missing_says_so(monkeypatch, name):
    def refuse(module):
        raise ImportError(module)

    monkeypatch.setattr("workbench.session.decoders.import_module", refuse)

    decoded = decode([b"coded"], [name], LIMIT)

    assert decoded.obstacle == name
    assert decoded.missing_package
    assert decoded.data == b"coded"


def test_bomb_gives_no_more_than_was_asked_for():
    taken = []

    def watched():
        for piece in pieces(gzip.compress(gzip.compress(bytes(1 << 26))), 64):
            taken.append(piece)
            yield piece

    decoded = decode(watched(), ["gzip", "gzip"], LIMIT)

    assert len(decoded.data) == LIMIT
    assert not decoded.whole
    assert sum(map(len, taken)) < 10_000


def test_decoder_that_gives_nothing_is_not_fed_for_ever():
    taken = []

    def empty_members():
        while True:
            taken.append(gzip.compress(b"") * 1000)
            yield taken[-1]

    decoded = decode(empty_members(), ["gzip"], LIMIT)

    assert decoded.data == b""
    assert not decoded.whole
    assert sum(map(len, taken)) <= MOST_TAKEN + len(taken[0])


def test_more_codings_than_anybody_needs_are_not_taken_off():
    decoded = decode([b"x"], ["gzip"] * (MOST_CODINGS + 1), LIMIT)

    assert decoded.obstacle == "gzip"
