"""Responses as Hypothesis makes them: well-formed ones, and then a few bytes changed."""

import zlib

from hypothesis import strategies as st

from tests.protocol.wire.case_file import POLICIES
from tests.protocol.wire.playing import Exchange

names = st.sampled_from((b"X", b"Server", b"Set-Cookie", b"x-a.b_c~", b"Location", b"Content-Type", b"Date"))
values = st.sampled_from(
    (b"", b"a", b"a b", b"a\tb", b'"q;=\\""', b"5", b"\xe9", b"close", b"chunked", b": :")
)
spaces = st.sampled_from((b"", b" ", b"\t ", b" ", b" "))
framing_fields = st.sampled_from(
    (
        b"Content-Length: 0\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length:5 \r\n",
        b"Content-Length: 5, 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"transfer-encoding: Chunked\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: identity\r\n",
        b"Transfer-Encoding: deflate\r\n",
        b"Connection: close\r\n",
        b"Connection: keep-alive, x\r\n",
    )
)


@st.composite
def field_lines(draw: st.DrawFn) -> bytes:
    """One field line, sometimes folded."""
    fold = draw(st.sampled_from((b"", b"", b"", b"\r\n more", b"\r\n\t")))
    parts = (draw(names), b":", draw(spaces), draw(values), fold, draw(spaces), b"\r\n")
    return b"".join(parts)


@st.composite
def heads(draw: st.DrawFn, codes: st.SearchStrategy[bytes], framing: bytes | None = None) -> bytes:
    """A status line and a header section; the framing fields are any, unless they are given."""
    version = draw(st.sampled_from((b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2")))
    reason = draw(st.sampled_from((b"OK", b"", b"Not Found", b"\xe9t\xe9")))
    if framing is None:
        fields = draw(st.lists(st.one_of(field_lines(), framing_fields), max_size=4))
    else:
        fields = [*draw(st.lists(field_lines(), max_size=2)), framing]
    return b"%s %s %s\r\n%s\r\n" % (version, draw(codes), reason, b"".join(fields))


@st.composite
def chunks(draw: st.DrawFn) -> bytes:
    """A whole chunk."""
    data = draw(st.binary(min_size=1, max_size=20))
    size = draw(st.sampled_from((b"%x", b"%X", b"000%x"))) % len(data)
    extension = draw(st.sampled_from((b"", b"", b";a", b";a=b", b';a="\\"b"', b" ; a = b")))
    return size + extension + b"\r\n" + data + b"\r\n"


@st.composite
def chunked_bodies(draw: st.DrawFn) -> bytes:
    """Chunks, the last chunk and a trailer section."""
    body = b"".join(draw(st.lists(chunks(), max_size=4)))
    trailers = b"".join(draw(st.lists(st.one_of(field_lines(), framing_fields), max_size=2)))
    return body + b"0\r\n" + trailers + b"\r\n"


@st.composite
def coded_bodies(draw: st.DrawFn, coding: bytes) -> bytes:
    """Content with a coding, in chunks."""
    window = {b"gzip": 31, b"deflate": draw(st.sampled_from((15, -15)))}[coding]
    compressor = zlib.compressobj(wbits=window)
    data = compressor.compress(draw(st.binary(max_size=20)) * 50) + compressor.flush()
    size = draw(st.integers(1, len(data)))
    pieces = [data[at : at + size] for at in range(0, len(data), size)][:30]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


any_code = st.sampled_from((b"200", b"200", b"204", b"205", b"304", b"404", b"101", b"600"))
code_with_content = st.sampled_from((b"200", b"404"))


@st.composite
def well_formed_responses(draw: st.DrawFn) -> bytes:
    """Interim responses, the final one, and what may be its body."""
    interim = draw(st.lists(heads(st.sampled_from((b"100", b"103", b"199"))), max_size=2))
    kinds = ("length", "chunked", "chunked", "gzip", "deflate", "chunks inside", "close", "any")
    kind = draw(st.sampled_from(kinds))
    match kind:
        case "length":
            body = draw(st.binary(max_size=40))
            final = draw(heads(code_with_content, b"Content-Length: %d\r\n" % len(body)))
        case "chunked":
            body = draw(chunked_bodies())
            final = draw(heads(code_with_content, b"Transfer-Encoding: chunked\r\n"))
        case "gzip" | "deflate":
            body = draw(coded_bodies(kind.encode()))
            final = draw(heads(code_with_content, b"Transfer-Encoding: %s, chunked\r\n" % kind.encode()))
        case "chunks inside":
            compressor = zlib.compressobj(wbits=31)
            body = compressor.compress(draw(chunked_bodies())) + compressor.flush()
            final = draw(heads(code_with_content, b"Transfer-Encoding: chunked, gzip\r\n"))
        case "close":
            body = draw(st.binary(max_size=40))
            final = draw(heads(code_with_content, b""))
        case _:
            final = draw(heads(any_code))
            body = draw(st.one_of(chunked_bodies(), st.sampled_from((b"", b"hello")), st.binary(max_size=40)))
    return b"".join(interim) + final + body


_fragments = (
    *(
        b"\r",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\r\r\n",
        b" ",
        b"\t",
        b"\0",
        b"\x0b",
        b"\x1f",
        b"\x7f",
        b"\x85",
        b"\xff",
    ),
    *(b":", b",", b";", b"=", b'"', b"+", b"-", b"_", b"0", b"00", b"x", b"f" * 17, b"9" * 21),
    *(
        b"HTTP/1.1 200 OK\r\n",
        b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"0\r\n\r\n",
        b"1\r\n",
    ),
)


@st.composite
def mutated_responses(draw: st.DrawFn) -> bytes:
    """A response with up to four places changed."""
    data = draw(well_formed_responses())
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(start + draw(st.sampled_from((1, 1, 2, 7))), len(data))
        kind = draw(st.sampled_from(("insert", "insert", "replace", "delete", "repeat", "cut")))
        fragment = draw(st.sampled_from(_fragments)) if kind in ("insert", "replace") else b""
        match kind:
            case "insert":
                data = data[:start] + fragment + data[start:]
            case "replace" | "delete":
                data = data[:start] + fragment + data[end:]
            case "repeat":
                data = data[:end] + data[start:]
            case _:
                # Seldom near the beginning, where nothing else would be left to look at.
                data = data[: max(start, len(data) // 2)]
    return data


exchanges = st.builds(
    Exchange,
    method=st.sampled_from(("GET", "GET", "GET", "HEAD", "CONNECT")),
    ends=st.booleans(),
    strict=st.booleans(),
    upgrade=st.booleans(),
    policy=st.sampled_from(tuple(POLICIES.values())),
)


@st.composite
def cuts(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The bytes in pieces, as a network may cut them."""
    places = sorted(draw(st.sets(st.integers(1, max(len(data) - 1, 1)), max_size=12)))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True) if data[a:b]]
