"""Calls of the API under a tap that takes notes: what an ordinary one does is noted at its end, all at once.

Most of what is told of a call follows from what it was given and what it left behind, so it is called as if there were no
tap, or nearly so, and looked at before and after. This costs a tenth of telling it step by step. Whatever goes another
way makes the reporter let go (`holding`), and then tells what it does. There is no other way to make a request, or to read
a response, than the methods that are called here.

Much is done in one place here that would be methods of others: each call would take as long as a note.
"""

import functools
from collections.abc import Callable
from typing import Any

from workbench.protocol.content import ContentOfLength
from workbench.protocol.errors import describe_error
from workbench.protocol.holding import ASKED, BEGUN, SILENT, WAITING, HoldingReporter
from workbench.protocol.late import stay
from workbench.protocol.ordinary import hold_arguments
from workbench.protocol.reporter import Reporter, now_ns

Method = Callable[..., Any]

_READS = ("read", "read1", "readinto", "readline")


def tell_raised(target: Any, reporter: Reporter, name: str, exception: BaseException) -> None:
    """Tell that a call raised.

    Args:
        target: What was called.
        reporter: That of when it was called.
        name: As in its events.
        exception: What it raised.
    """
    # A call may close the connection, whose reporter is then that of the next one. It ends where it began.
    last, error = target.reporter, describe_error(exception)
    last.note(("CallRaised", now_ns(), reporter.connection, reporter.exchange, name, error))
    last.show()


def noted_calls(cls: Any, told: dict[str, Method]) -> dict[str, Any]:
    """Give the methods of a class that note what they do as a whole.

    Args:
        cls: The class.
        told: The methods that tell it step by step.
    """
    noted: dict[str, Any] = {}
    for name in _READS:
        if name in told:
            noted[name] = _noted_read(getattr(cls, name), told[name], f"{cls.__name__}.{name}")
    read: Any = getattr(cls, "read", None)
    if read is not None and read is getattr(cls, "own_read", None):
        noted["read"] = _noted_rest(cls.read, noted["read"], f"{cls.__name__}.read")
    if "getresponse" in told:
        noted["getresponse"] = _noted_answer(
            cls.getresponse, told["getresponse"], f"{cls.__name__}.getresponse"
        )
    if "request" in told and all(getattr(cls, name) is step for name, step in cls.own_steps.items()):
        noted["request"] = _noted_request(cls, told["request"])
    return noted


def _noted_request(cls: Any, told: Method) -> Method:
    request, caller = cls.request, cls.__name__

    @functools.wraps(request)
    def call(self: Any, *args: Any, **kwargs: Any) -> None:
        reporter = self.reporter
        if (
            reporter.in_call
            or not self.is_kept_and_idle(reporter)
            or not hold_arguments(reporter, args, kwargs)
        ):
            told(self, *args, **kwargs)
            return
        # Here and below as methods of the reporter these lines would take twice as long.
        reporter.began_ns = now_ns()
        reporter.name, reporter.reporting, reporter.head_before = caller, type(self), self.last_head
        reporter.moved = None
        reporter.note = reporter.let_go_and_note
        reporter.in_call = True
        reporter.step = ASKED
        reporter.asking, self.holder, self.reporter = self, reporter, None
        self.__class__ = cls
        try:
            if kwargs:
                request(self, *args, **kwargs)
            else:
                request(self, *args)
            if reporter.asking is self:
                # What came behind that has taken no time.
                reporter.note_request(reporter.moved[1])
                reporter.take()
            else:
                reporter.ended()
        except BaseException as exception:
            if not reporter.in_call and _only_looking(reporter, exception):
                return
            if reporter.asking is self:
                # First of all: should ctrl+c come now, the connection goes on to tell what it does.
                self.__class__, self.reporter = reporter.reporting, reporter
            if not _undo(self, reporter, exception):
                raise
        else:
            return
        # It goes no ordinary way, and nothing was sent: all of it is done again, and told.
        told(self, *args, **kwargs)

    return call


def _undo(target: Any, reporter: HoldingReporter, exception: BaseException) -> bool:
    """Undo a request that was begun to be held, where it can be; else tell that it raised.

    Args:
        target: The connection.
        reporter: What holds it, or has let it go.
        exception: What was raised.

    Returns:
        True where nothing of it is left, and the request has to be made again.
    """
    if not reporter.in_call:
        # Ctrl+c, when all was told.
        return False
    if reporter.asking is target and not reporter.is_queued:
        target.undo_request()
        reporter.drop_request()
        if isinstance(exception, Exception):
            reporter.in_call = False
            return True
        reporter.tell_entered()
    else:
        reporter.let_go()
    reporter.in_call = False
    for name in reporter.entered:
        tell_raised(target, reporter, name, exception)
    return False


def _noted_answer(method: Method, told: Method, name: str) -> Method:
    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        reporter, response = self.reporter, None
        if args or kwargs or reporter.in_call:
            return told(self, *args, **kwargs)
        reporter.began_ns = now_ns()
        reporter.name, reporter.arguments = name, ()
        reporter.moved = reporter.parsed = reporter.settled = reporter.changed = None
        reporter.note = reporter.let_go_and_note
        reporter.in_call = True
        reporter.step = WAITING
        try:
            response = method(self)
            reporter.answered(response)
        except BaseException as exception:
            if not _goes_on(self, reporter, name, exception, response, reporter.answered):
                raise
        return response

    return call


def _noted_rest(method: Method, otherwise: Method, name: str) -> Method:
    """A `read` that ends a response whose rest is there: nothing else can happen."""

    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        reporter, content, result = self.reporter, self._content, None
        if args or kwargs or type(content) is not ContentOfLength or self.fp is None or reporter.in_call:
            return otherwise(self, *args, **kwargs)
        receiver, length, find_connection = self._receiver, content.run, self._connection
        start = receiver.position
        # That of a response that has the connection for itself is another reporter's.
        connection = find_connection and find_connection()
        if (
            not length
            or start + length != len(receiver.data)
            or content.laid_by
            or reporter.exchange != reporter.reading_exchange
            or connection is None
            or connection.reporter is not reporter
            # By the name that it has in http.client. It may be an object that this one is in.
            or connection._HTTPConnection__response is not self  # noqa: SLF001
        ):
            return otherwise(self)
        reporter.began_ns = now_ns()
        reporter.name, reporter.silenced = name, (self, receiver, connection)
        reporter.parsed = receiver.consumed_before + start, length, content.framed - length
        reporter.in_call = True
        reporter.step = SILENT
        connection.holder = reporter
        connection.reporter = receiver.reporter = self.reporter = None
        try:
            result = method(self)
            reporter.have_read_rest(result)
        except BaseException as exception:
            if not _goes_on(self, reporter, name, exception, result, reporter.have_read_rest):
                raise
        return result

    return call


def _noted_read(method: Method, told: Method, name: str) -> Method:
    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        reporter, result = self.reporter, None
        if (
            kwargs
            or reporter.in_call
            or (args and not stay(args))
            or reporter.exchange != reporter.reading_exchange
        ):
            return told(self, *args, **kwargs)
        reporter.began_ns = now_ns()
        reporter.name, reporter.arguments = name, args
        reporter.moved = reporter.parsed = reporter.settled = reporter.changed = None
        reporter.note = reporter.let_go_and_note
        reporter.in_call = True
        reporter.step = BEGUN
        try:
            result = method(self, *args)
            reporter.have_read(result)
        except BaseException as exception:
            if not _goes_on(self, reporter, name, exception, result, reporter.have_read):
                raise
        return result

    return call


def _goes_on(
    target: Any,
    reporter: HoldingReporter,
    name: str,
    exception: BaseException,
    result: Any,
    end: Callable[[Any], None],
) -> bool:
    """Settle what was raised in a call that was begun to be held; say whether it is none of the program's business.

    Args:
        target: What was called.
        reporter: What holds the call.
        name: As in its events.
        exception: What was raised.
        result: What the call gave; None where it has not come to that.
        end: Ends what is held of a call that gave this.
    """
    if not reporter.in_call:
        return _only_looking(reporter, exception)
    if result is None:
        reporter.let_go()
        reporter.in_call = False
        tell_raised(target, reporter, name, exception)
    else:
        # Ctrl+c, when all was done.
        end(result)
    return False


def _only_looking(reporter: HoldingReporter, exception: BaseException) -> bool:
    """Settle what was raised when the call had ended, and all of it was noted.

    Returns:
        True where it came from the tap, which was to look at its notes and now is detached; False where ctrl+c came.
    """
    if not isinstance(exception, Exception):
        return False
    reporter.detach()
    return True
