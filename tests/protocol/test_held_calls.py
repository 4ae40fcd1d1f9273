"""Nobody can tell from the events, or from what calls give, which kind of tap was attached."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.protocol.call_programs import BODIES, CLASSES, POLICIES, Done, Text, run
from tests.protocol.test_tap_of_notes import Notes, facts
from tests.protocol.watching import Watch, assert_calls_nest, assert_in_order
from workbench.protocol.tap import Event

Step = tuple[Any, ...]

# Where strategies are chosen by Hypothesis, most programs are short and plain. So what is chosen, and how often, is said
# with numbers here.


def _happens(draw: st.DrawFn, percent: int) -> bool:
    """Say whether something happens that does so often; never in the smallest example."""
    return draw(st.integers(0, 99)) >= 100 - percent


def _one_of(draw: st.DrawFn, values: Sequence[Any]) -> Any:
    return values[draw(st.integers(0, len(values) - 1))]


# --- what is asked -----------------------------------------------------------------------------

_METHODS = (
    "GET", "GET", "GET", "POST", "HEAD", "PUT", "DELETE", "get", "post", "M-SEARCH", "CONNECT", "A B", "", "G\u00c9T", Text("GET"),
    b"GET", None,
)  # fmt: skip
_TARGETS = (
    "/", "/", "/a?b=c", "/" + "x" * 250, "/#f", "/a#", "*", "http://b.test/c", "http://u:p@b.test/", "/a b", "", "/\u00e9", "//x",
    "?q", Text("/t"), b"/", None, "/a\r\nX: y",
)  # fmt: skip
_HEADERS: tuple[Any, ...] = (
    None, None, None, {}, {"A": "b"}, {"A": "b", "C": ""}, {"Host": "h"}, {"host": "h", "Accept-Encoding": "gzip"},
    {"Accept-Encoding": "br"}, {"Content-Length": "4"}, {"Content-Length": "7"}, {"content-length": "x"},
    {"Transfer-Encoding": "chunked"}, {"Transfer-Encoding": "gzip"}, {"Expect": "100-continue"}, {b"A": b"b"},
    {"A": 5}, {"A": "b\r\nc: d"}, {"A": "b\r\n c"}, {"A b": "c"}, {"": "x"}, {Text("A"): "b"}, {"A": Text("b")},
    {"A": "x" * 300}, {"A": "x" * 5000}, {"A": "\u00e9"}, {"A": "\u20ac"}, {"\u00c4": "b"}, {"A": " b "}, {"A:": "b"},
    {"Upgrade": "w", "Connection": "upgrade"}, {"Connection": "close"}, {"A": "b: c", "D": ": e"}, {"A": None},
    [("A", "b")], 0, {"A": "b", "a": "c"}, {5: "b"}, {"A": "\0"}, {"Cookie": "a=b; c=d"},
)  # fmt: skip


def _request(draw: st.DrawFn) -> Step:
    unusual = _happens(draw, 50)

    def draw_from(usual: Any, values: Sequence[Any], percent: int) -> Any:
        return _one_of(draw, values) if unusual and _happens(draw, percent) else usual

    return (
        "request",
        draw_from("place", ("place", "named", "mixed"), 50),
        draw_from("GET", _METHODS, 40),
        draw_from("/", _TARGETS, 30),
        draw_from("none", (*BODIES, "early"), 40),
        draw_from(None, _HEADERS, 50),
        draw_from(False, (True,), 10),
    )


# --- what is answered ----------------------------------------------------------------------------

_HEAD = b"HTTP/1.1 200 OK\r\nA: 1\r\n"
_ANSWERS: tuple[bytes, ...] = (
    _HEAD + b"Content-Length: 5\r\n\r\nwhole",
    _HEAD + b"Content-Length: 5\r\n\r\nwhole",
    _HEAD + b"Content-Length: 5\r\n\r\nwhole",
    _HEAD + b"Content-Length: 0\r\n\r\n",
    _HEAD + b"Content-Length: 12\r\n\r\none\ntwo\nfour",
    _HEAD + b"Content-Length: 5000\r\n\r\n" + b"0123456789" * 500,
    _HEAD + b"Content-Length: 9\r\n\r\nshort",
    _HEAD + b"Content-Length: 5\r\n\r\nwhole\r\n",
    _HEAD + b"Content-Length: 5\r\n\r\nwholeexcess",
    _HEAD + b"Content-Length: 5\r\n\r\nwhole" + _HEAD + b"Content-Length: 2\r\n\r\nok",
    _HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nwhole",
    _HEAD + b"Content-Length: 5\r\nContent-Length: 4\r\n\r\nwhole",
    _HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    _HEAD + b"Age: 1\r\nAge: 2\r\nContent-Length: 5\r\n\r\nwhole",
    _HEAD + b"B: 1\r\n 2\r\nContent-Length: 5\r\n\r\nwhole",
    _HEAD + b"B : 1\r\nContent-Length: 5\r\n\r\nwhole",
    _HEAD + b"no colon\r\nContent-Length: 5\r\n\r\nwhole",
    b"HTTP/1.1 200 OK\nContent-Length: 5\n\nwhole",
    b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole",
    b"HTTP/1.1 100 Continue\r\n\r\n" + _HEAD + b"Content-Length: 5\r\n\r\nwhole",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + _HEAD + b"Content-Length: 5\r\n\r\nwhole",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: w\r\nConnection: upgrade\r\n\r\nother",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nwhole",
    b"HTTP/1.1 205 Reset Content\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nwhole",
    b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nwhole",
    b"HTTP/1.0 200 OK\r\n\r\nuntil close",
    _HEAD + b"Connection: close\r\nContent-Length: 5\r\n\r\nwhole",
    _HEAD + b"\r\nuntil\nclose",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n4;e=f\r\n\ntwo\r\n0\r\n\r\n",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\nB: 2\r\nHost: x\r\n\r\n",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\none\r\n0\r\n\r\n",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\non",
    _HEAD + b"Transfer-Encoding: gzip\r\n\r\nnonsense",
    _HEAD + b"".join(b"F%d: %s\r\n" % (at, b"v" * 100) for at in range(60)) + b"Content-Length: 5\r\n\r\nwhole",
    _HEAD + b"".join(b"F%d: v\r\n" % at for at in range(120)) + b"Content-Length: 5\r\n\r\nwhole",
    _HEAD + b"Content-Length: 5\r\n",
    b"HTTP/1.1 nonsense\r\n\r\n",
    b"HTTP/2 200\r\n\r\n",
    b"nonsense\r\n",
    b"",
)  # fmt: skip


def _answer(draw: st.DrawFn) -> Step:
    data: bytes = _one_of(draw, _ANSWERS) if _happens(draw, 65) else _ANSWERS[0]
    cuts = [draw(st.integers(0, len(data))) for _ in range(3) if _happens(draw, 20)]
    places = [0, *sorted(cuts), len(data)]
    pieces: list[bytes | None] = [data[start:end] for start, end in pairwise(places) if start < end]
    if _happens(draw, 20):
        pieces.append(None)
    return "getresponse", pieces, _happens(draw, 50)


# --- how it is read --------------------------------------------------------------------------------

_COUNTS = (5, None, -1, 0, 1, 2, 4, 6, 100, 5000, 1 << 20)
_READ_UP = "read", -1, "read"
_READS: tuple[tuple[str, Sequence[Any]], ...] = (
    ("read", ()), ("read", _COUNTS), ("read1", _COUNTS), ("readline", _COUNTS), ("readinto", (5, 0, 2, 9, 70_000)),
    ("readinto1", (5, 70_000)), ("read1", ()), ("readline", ()), ("readlines", ()), ("peek", ()), ("peek", (-1, 0, 2)),
    ("close", ()), ("isclosed", ()), ("getheaders", ()), ("attributes", ()), ("flush", ()), ("fileno", ()),
    ("getheader", ("A", "age", "none")), ("read", ("x", 1.5, True)),
)  # fmt: skip
_PATCHED_READS = "read", "readinto", "_close_conn", "close"


def _read(draw: st.DrawFn) -> Step:
    if _happens(draw, 5):
        return "patch_read", _one_of(draw, _PATCHED_READS)
    if _happens(draw, 5):
        return ("drop",)
    which = -2 if _happens(draw, 10) else -1
    name, arguments = _one_of(draw, _READS)
    return ("read", which, name, _one_of(draw, arguments)) if arguments else ("read", which, name)


# --- what else may happen ----------------------------------------------------------------------------

# No other private names than those of http.client: programs override these.
_PATCHED = (
    ("putrequest", "through"), ("putheader", "through"), ("endheaders", "through"), ("getresponse", "through"),
    ("request", "through"), ("send", "through"), ("close", "through"), ("_output", "through"), ("_send_output", "through"),
    ("_validate_path", "nothing"), ("_validate_method", "nothing"), ("_encode_request", "latin-1"), ("_encode_request", "other"),
    ("_validate_path", "through"), ("_get_content_length", "through"),
)  # fmt: skip
_SET = (
    ("_http_vsn", 10), ("_http_vsn", 11), ("_http_vsn_str", "HTTP/1.0"), ("_http_vsn_str", "HTTP/1.1"), ("host", "other"),
    ("host", "h\u00f6st.test"), ("host", "a b"), ("port", 81), ("deadline", 1000.0), ("deadline", None), ("byte_budget", 100_000),
    ("byte_budget", 60), ("debuglevel", 1), ("debuglevel", 0), ("auto_open", 0), ("auto_open", 1), ("strict", 1), ("policy", POLICIES["lenient"]),
    ("policy", POLICIES["strict"]), ("max_response_headers", 1), ("timeout", 3.0), ("blocksize", 3),
    ("_tunnel_host", "c.test"), ("_tunnel_host", None),
)  # fmt: skip
_OTHERS: tuple[Step, ...] = (
    ("call", "close"), ("call", "connect"), ("call", "interrupt"), ("unpatch",), ("peer", b"HTTP/1.1 408 T\r\n\r\n"),
    ("peer", b"\r\n"), ("peer", b"x"), ("peer", None), ("replace_socket", "none"), ("replace_socket", "other"),
    ("replace_socket", "closed"), ("call", "putrequest", "GET", "/put"), ("call", "putrequest", "GET", "/put", True, True),
    ("call", "putheader", "A", "b"), ("call", "putheader", "A", "b", "c"), ("call", "endheaders"),
    ("call", "endheaders", b"body"), ("call", "send", b"body"), ("call", "send", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
)  # fmt: skip
_REST = (
    *_OTHERS,
    *(("patch", *patched) for patched in _PATCHED),
    *(("set", *found) for found in _SET),
)

_USUAL = "request", "place", "GET", "/", "none", None, False
_ANSWERED = "getresponse", [_ANSWERS[0]], True


@st.composite
def _programs(draw: st.DrawFn) -> list[Step]:
    """Programs that begin with an exchange, behind which calls may be held."""
    steps: list[Step] = [_USUAL, _ANSWERED, _READ_UP]
    for _ in range(draw(st.integers(1, 6))):
        if _happens(draw, 35):
            steps.append(_one_of(draw, _REST))
        if not _happens(draw, 30):
            steps.append(("settle",))
        steps.append(_request(draw))
        if _happens(draw, 10):
            steps.append(_one_of(draw, _OTHERS))
        if not _happens(draw, 5):
            steps.append(_answer(draw))
        while _happens(draw, 50):
            steps.append(_read(draw))
        if not _happens(draw, 15):
            steps.append(_READ_UP)
    return steps


_options = st.fixed_dictionaries(
    {"expect_timeout": st.just(0.001)},
    optional={
        "policy": st.sampled_from(tuple(POLICIES)),
        "timeout": st.just(5.0),
        "deadline": st.just(1000.0),
        "byte_budget": st.sampled_from((70, 100_000)),
        "strict": st.just(1),
        "max_response_headers": st.just(3),
        "blocksize": st.just(3),
    },
)


def by_connection(found: list[Event]) -> list[tuple[Any, ...]]:
    """Give what events say, with the connections numbered from 1 on."""
    numbers: dict[int, int] = {}
    return [
        (numbers.setdefault(event.connection, len(numbers) + 1), *fact)
        for event, fact in zip(found, facts(found), strict=True)
    ]


def _without_places(done: Done) -> list[str]:
    """Give what a program came to without the places of bytes.

    Where a program puts another socket in the place of one, the streams of a tap go on, and the places in messages with
    them.
    """
    return [re.sub(r"at byte \d+", "", text) for text in (*done.results, done.printed)]


def _passes(watch: Watch) -> bool:
    try:
        watch.check()
    except (AssertionError, IndexError):
        return False
    return True


@settings(max_examples=250)
@example(
    cls="HTTPConnection",
    options={},
    steps=[
        # The head is queued and never sent, so what is sent next is not what was queued last.
        *(_USUAL, _ANSWERED, _READ_UP, ("request", "place", "GET", "/", "number", None, False)),
        *(_ANSWERED, _READ_UP, _USUAL, _ANSWERED, _READ_UP),
    ],
)
@example(
    cls="HTTPConnection",
    options={},
    steps=[
        # A value that is no text is put in other words than its line has.
        *(_USUAL, _ANSWERED, _READ_UP, ("request", "place", "GET", "/", "none", {"A": 5}, False)),
        # So is a fragment, which is not sent, and what says how the body is sent; and what is given by name.
        *(_ANSWERED, _READ_UP, ("request", "place", "GET", "/#a", "none", None, False)),
        *(_ANSWERED, _READ_UP, ("request", "place", "GET", "/", "none", None, True)),
        *(_ANSWERED, _READ_UP, ("request", "named", "GET", "/", "none", None, False)),
        *(_ANSWERED, _READ_UP),
    ],
)
@example(
    cls="HTTPConnection",
    options={},
    steps=[("patch", "_validate_method", "nothing"), ("request", "place", b"GET", "/", "none", None, False)],
)
@example(
    cls="HTTPConnection",
    options={"policy": "strict"},
    steps=[
        *(_USUAL, _ANSWERED, _READ_UP, _USUAL),
        ("getresponse", [_ANSWERS[0] + b"excess"], False),
        *(_READ_UP, ("call", "send", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), ("settle",)),
        *(_USUAL, _ANSWERED, _READ_UP),
    ],
)
@example(
    cls="HTTPConnection",
    options={},
    steps=[
        # What is sent is not what was asked for. What are no fields fails where they are looked at.
        *(
            _USUAL,
            _ANSWERED,
            _READ_UP,
            ("patch", "_encode_request", "other"),
            _USUAL,
            _ANSWERED,
            _READ_UP,
            ("unpatch",),
        ),
        *(
            ("request", "place", "GET", "/", "none", headers, False)
            for headers in (0, False, 5, "A: b", {"A": "b"}.items())
        ),
    ],
)
@example(
    cls="HTTPConnection",
    options={},
    steps=[
        # The socket is let go at the end of the read, and by nobody else.
        *(_USUAL, _ANSWERED, _READ_UP, _USUAL, _ANSWERED, ("replace_socket", "other")),
        *(("call", "send", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), _READ_UP, _ANSWERED, _READ_UP),
    ],
)
@example(cls="ConnectionOfAround", options={}, steps=[_USUAL, _ANSWERED, _READ_UP] * 2)
@example(cls="ChangingClass", options={}, steps=[_USUAL, _ANSWERED, _READ_UP] * 2)
@example(
    cls="ConnectionOfRefusing",
    options={},
    steps=[
        # No request of it was held before.
        *(_USUAL, ("getresponse", [b"HTTP/1.1 204 No Content\r\n\r\n"], True), _USUAL, _ANSWERED, _READ_UP),
        *(
            _USUAL,
            ("getresponse", [b"HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n"], True),
            _USUAL,
            _ANSWERED,
            _READ_UP,
        ),
        *(_USUAL, ("getresponse", [b"HTTP/1.1 304 Not Modified\r\n\r\n"], True), _USUAL, _ANSWERED, _READ_UP),
    ],
)
@given(
    cls=st.one_of(st.just("HTTPConnection"), st.sampled_from(tuple(CLASSES))),
    options=_options,
    steps=_programs(),
)
def test_events_and_results_are_the_same_under_any_tap(
    cls: str, options: dict[str, Any], steps: list[tuple[Any, ...]]
) -> None:
    watch, notes = Watch(), Notes(fails_at=-1)

    of_watch, of_notes, without = (run(tap, cls, options, steps) for tap in (watch, notes, None))

    assert of_notes == of_watch
    assert _without_places(of_notes) == _without_places(without)
    assert notes.noted == []
    assert by_connection(notes.events) == by_connection(watch.events)
    assert_in_order(notes.events)
    assert_calls_nest(notes.events)
    assert _passes(notes) == _passes(watch)
