"""Random calls on one connection, to peers that do everything wrong.

What must hold after each call: nothing but HTTPException and OSError came out of it (ValueError and
TypeError where its arguments were wrong), and the object is in the state that the table of
`wire.state` gives. And at the end: after `close()` the same object does an exchange as if nothing
had happened.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.fuzz import arguments
from tests.fuzz.agreement import Agreement
from tests.fuzz.arguments import Argument, CallersOwnError
from tests.fuzz.peers import FuzzServer, Plan
from tests.fuzz.surroundings import Surroundings
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPException, HTTPSConnection, TunnelError
from workbench.protocol.policy import DEFAULT, LENIENT, STRICT
from workbench.protocol.wire.state import State, error_for, legal_calls, state_after

GOOD_TIMEOUT_SECONDS = 20.0
LONGEST_CALL_SECONDS = 20.0
"""A call that takes longer has forgotten its time-out, of a few hundredths of a second."""


class CallSequence:
    """The case of one number: a connection, its peer, and calls.

    Args:
        rng: Decides what the caller does and what the peer does.
        surroundings: Shared by all cases.
    """

    def __init__(self, rng: random.Random, surroundings: Surroundings) -> None:
        self._rng = rng
        self._surroundings = surroundings
        self._plans = [Plan(rng) for _ in range(rng.randint(1, 4))]
        self._secure = rng.random() < 0.08
        self._timeout = rng.choice((0.004, 0.01, 0.02))
        self._options = _random_options(rng)
        self._watch = rng.choice((_nobody, Watch, Agreement))()
        self._responses: list[Any] = []
        self._refusals: list[Any] = []
        """Answers of proxies, which stay readable, and open, when the connection is closed."""

        self._timers: list[threading.Timer] = []
        self._log: list[str] = []

    def run(self) -> None:
        """Make all calls, against real sockets.

        Raises:
            AssertionError: Something that must hold does not.
            Exception: Anything that must not leave the client has left it.
        """
        self._server = FuzzServer(self._plans, self._surroundings.server_context)
        try:
            self._connection = self._make_connection()
            for _ in range(self._rng.randint(2, 14)):
                self._make_call()
        finally:
            for timer in self._timers:
                timer.join()
            self._server.stop()
        self._check_that_it_works_again()
        if self._watch is not None:
            # Not that events come in order: one of a connection that was dropped comes whenever
            # Python gets to it.
            self._watch.check_bytes_and_calls()
        if isinstance(self._watch, Agreement):
            self._watch.check_agreement()

    def describe(self) -> str:
        """Give what the peers played and what was called."""
        plans = "\n".join(f"peer {number}: {plan.describe()}" for number, plan in enumerate(self._plans))
        return plans + "\n" + "\n".join(self._log)

    def _make_connection(self) -> Any:
        cls = HTTPSConnection if self._secure else HTTPConnection
        more = {"context": self._surroundings.client_context} if self._secure else {}
        options = {**self._options, "policy": self._options["policy"].name}
        self._log.append(f"connection = {cls.__name__}(timeout={self._timeout}, {options})")
        return cls(
            "localhost" if self._secure else "127.0.0.1",
            self._server.port,
            timeout=self._timeout,
            tap=self._watch,
            **self._options,
            **more,
        )

    # --- one call ------------------------------------------------------------------------

    def _make_call(self) -> None:
        roll = self._rng.random()
        if self._responses and roll < 0.3:
            self._use_response()
        elif roll < 0.38:
            self._meddle()
        else:
            self._use_connection()

    def _use_connection(self) -> None:
        rng, state = self._rng, self._connection.state
        legal = [name for name in legal_calls(state) if name in _CALLS and name != "close"]
        name = rng.choice(legal) if legal and rng.random() < 0.75 else rng.choice(sorted(_CALLS))
        given, named = _CALLS[name](rng)
        wrong = not all(argument.allowed for argument in (*given, *named.values()))
        error = self._call(self._connection, name, given, named, wrong)
        if not wrong:
            self._check_state(state, name, error)

    def _check_state(self, before: State, name: str, error: Exception | None) -> None:
        """Compare with the table."""
        after, refusal = self._connection.state, error_for(before, name)
        if refusal is not None:
            assert type(error).__name__ == refusal, f"{name} in {before}"
            assert after is before, f"{name} in {before} led to {after}"
        elif error is None and name != "getresponse":
            assert after is (state_after(before, name) or after), f"{name} in {before} led to {after}"
        elif name == "getresponse":
            # A time-out can be waited out; everything else has closed the connection.
            waits = isinstance(error, OSError) and not isinstance(error, ConnectionError | HTTPException)
            expected = (before,) if waits else (State.IDLE,)
            expected = (State.UNREAD_RESPONSE, State.IDLE) if error is None else expected
            # A policy that refuses a request that is not whole may leave time for the rest of it.
            expected = (before, State.IDLE) if isinstance(error, ValueError) else expected
            assert after in expected, f"getresponse in {before}, {error!r}, led to {after}"

    def _use_response(self) -> None:
        response = self._rng.choice(self._responses)
        name = self._rng.choice(sorted(_READS))
        given = _READS[name](self._rng)
        wrong = not all(argument.allowed for argument in given)
        # A closed file says so with ValueError, like every file of Python's.
        self._call(response, name, given, {}, wrong or response.closed)

    def _call(
        self, target: Any, name: str, given: list[Argument], named: dict[str, Argument], wrong: bool
    ) -> Exception | None:
        """Make one call; what it raises has to be one of the few things it may raise."""
        who = "connection" if target is self._connection else f"response{self._responses.index(target)}"
        texts = [*(given_.text for given_ in given), *(f"{key}={value.text}" for key, value in named.items())]
        self._log.append(f"{who}.{name}({', '.join(texts)})")
        started = time.monotonic()
        failure: Exception | None = None
        try:
            result = getattr(target, name)(
                *(given_.value for given_ in given), **{key: value.value for key, value in named.items()}
            )
            if name == "getresponse":
                self._responses.append(result)
        except Exception as error:
            if not _may_leave(error, name, wrong):
                raise
            # With its traceback, which has this frame, it would keep itself and a response that is dropped.
            failure = error.with_traceback(None)
            if isinstance(error, TunnelError):
                self._refusals.append(error.response)
            self._log[-1] += f"  # {error!r}"
        assert self._connection.state in State
        assert not isinstance(self._watch, Agreement) or not self._watch.unseen
        assert time.monotonic() - started < LONGEST_CALL_SECONDS
        return failure

    # --- what callers do beside calls ----------------------------------------------------

    def _meddle(self) -> None:
        name = self._rng.choice(sorted(_MEDDLING))
        self._log.append(f"# {name}")
        _MEDDLING[name](self)

    def _interrupt_soon(self) -> None:
        timer = threading.Timer(self._rng.random() * 0.01, self._connection.interrupt)
        self._timers.append(timer)
        timer.start()

    def _give_socket(self) -> None:
        old, self._connection.sock = self._connection.sock, self._server.pair()
        self._connection.sock.settimeout(self._timeout)
        if old is not None:
            old.close()

    def _take_socket(self) -> None:
        sock, self._connection.sock = self._connection.sock, None
        if sock is not None:
            sock.close()

    def _with_socket(self, do: Callable[[Any], object]) -> None:
        if self._connection.sock is not None:
            # It may be closed already.
            with suppress(OSError):
                do(self._connection.sock)

    def _detach_socket(self) -> None:
        self._with_socket(lambda sock: _close_number(sock.detach()))

    def _drop_response(self) -> None:
        if self._responses:
            self._responses.pop(self._rng.randrange(len(self._responses)))

    # --- afterwards ----------------------------------------------------------------------

    def _check_that_it_works_again(self) -> None:
        connection = self._connection
        self._log.append("# close, and an exchange with a good server")
        connection.close()
        assert connection.state is State.IDLE
        assert connection.sock is None
        connection.port = self._surroundings.good.port
        connection.timeout = GOOD_TIMEOUT_SECONDS
        connection.auto_open = 1
        if connection._tunnel_host == "a..b":
            # TLS takes no such name.
            connection._tunnel_host = None
        connection.deadline = connection.byte_budget = connection.max_response_headers = None
        for number in (1, 2):
            connection.request("GET", "/good")
            with connection.getresponse() as response:
                assert (response.status, response.read()) == (200, b"ok"), f"exchange {number}"
            assert connection.state is State.IDLE
        connection.close()
        for response in (*self._responses, *self._refusals):
            response.close()


def _may_leave(error: Exception, name: str, wrong: bool) -> bool:
    """Whether a call may raise this.

    Args:
        error: What it raised.
        name: Of the call.
        wrong: An argument was the caller's own mistake.
    """
    if isinstance(error, HTTPException | OSError):
        return True
    if isinstance(error, ValueError) and "(RFC " in str(error):
        # The policy refuses to send what the RFCs forbid, whichever part of it came last.
        return True
    if type(error) is UnicodeError and "'idna' codec" in str(error):
        # A host, or one behind a tunnel, whose name no look-up takes; it was given to a call before.
        return True
    if isinstance(error, RuntimeError):
        return name == "set_tunnel"  # Documented: the connection is open already.
    return wrong and isinstance(error, ValueError | TypeError | CallersOwnError)


def _random_options(rng: random.Random) -> dict[str, Any]:
    options: dict[str, Any] = {"policy": rng.choice((STRICT, DEFAULT, DEFAULT, LENIENT))}
    for name, values in _OPTIONS.items():
        if rng.random() < 0.15:
            options[name] = rng.choice(values)
    return options


_OPTIONS: dict[str, tuple[Any, ...]] = {
    "strict": (True,),
    "blocksize": (1000, 100_000),
    "max_response_headers": (1, 10),
    "expect_timeout": (0.0, 0.005),
    "deadline": (0.0, 0.01),
    "byte_budget": (0, 10, 300),
}


def _nobody() -> None:
    """Stands for a tap where there is none."""


def _close_number(number: int) -> None:
    if number >= 0:
        os.close(number)


Arguments = tuple[list[Argument], dict[str, Argument]]


def _request(rng: random.Random) -> Arguments:
    named = {"body": arguments.body(rng), "headers": arguments.headers(rng)}
    if rng.random() < 0.2:
        named["encode_chunked"] = arguments.flag(rng)
    return [arguments.method(rng), arguments.target(rng)], named


def _putrequest(rng: random.Random) -> Arguments:
    named = {
        name: arguments.flag(rng) for name in ("skip_host", "skip_accept_encoding") if rng.random() < 0.2
    }
    return [arguments.method(rng), arguments.target(rng)], named


def _putheader(rng: random.Random) -> Arguments:
    values = [arguments.field_value(rng) for _ in range(rng.choice((0, 1, 1, 1, 2)))]
    return [arguments.field_name(rng), *values], {}


def _endheaders(rng: random.Random) -> Arguments:
    if rng.random() < 0.5:
        return [], {}
    return [arguments.raw_body(rng)], {"encode_chunked": arguments.flag(rng)}


def _set_tunnel(rng: random.Random) -> Arguments:
    port = arguments.Argument("None", None)
    return [arguments.tunnel_host(rng), port, arguments.headers(rng)], {}


_CALLS: dict[str, Callable[[random.Random], Arguments]] = {
    "request": _request,
    "putrequest": _putrequest,
    "putheader": _putheader,
    "endheaders": _endheaders,
    "send": lambda rng: ([arguments.raw_body(rng)], {}),
    "getresponse": lambda rng: ([], {}),
    "connect": lambda rng: ([], {}),
    "close": lambda rng: ([], {}),
    "set_tunnel": _set_tunnel,
    "get_proxy_response_headers": lambda rng: ([], {}),
}
"""The calls of a connection, each with arguments."""


def _one_size(rng: random.Random) -> list[Argument]:
    return [arguments.size(rng)] if rng.random() < 0.7 else []


def _buffer(rng: random.Random) -> list[Argument]:
    if rng.random() < 0.05:
        return [Argument("b'read-only'", b"read-only", allowed=False)]
    length = rng.choice((0, 1, 5, 70_000))
    return [Argument(f"bytearray({length})", bytearray(length))]


_READS: dict[str, Callable[[random.Random], list[Argument]]] = {
    "read": _one_size,
    "read1": _one_size,
    "readline": _one_size,
    "readlines": lambda rng: [],
    "readinto": _buffer,
    "readinto1": _buffer,
    "peek": lambda rng: [Argument("3", 3)] if rng.random() < 0.3 else [],
    "close": lambda rng: [],
    "isclosed": lambda rng: [],
    "getheader": lambda rng: [Argument("'X'", "X")],
    "getheaders": lambda rng: [],
    "begin": lambda rng: [],
    "detach": lambda rng: [],
    "flush": lambda rng: [],
    "fileno": lambda rng: [],
    "readable": lambda rng: [],
    "geturl": lambda rng: [],
}
"""The calls of a response, each with arguments."""

_MEDDLING: dict[str, Callable[[CallSequence], object]] = {
    "interrupt()": lambda case: case._connection.interrupt(),
    "interrupt() in another thread": CallSequence._interrupt_soon,
    "sock = one end of a pair": CallSequence._give_socket,
    "sock = None": CallSequence._take_socket,
    "sock.detach()": CallSequence._detach_socket,
    "sock.close()": lambda case: case._with_socket(lambda sock: sock.close()),
    "sock.settimeout(0)": lambda case: case._with_socket(lambda sock: sock.settimeout(0)),
    "auto_open = 0": lambda case: setattr(case._connection, "auto_open", 0),
    "auto_open = 1": lambda case: setattr(case._connection, "auto_open", 1),
    "a response is dropped": CallSequence._drop_response,
}
"""What else a program may do with the object and its parts."""
