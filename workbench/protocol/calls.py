"""Telling a tap when a method of the API is entered and left."""

import functools
import time
from collections.abc import Callable
from typing import Any

from workbench.protocol.errors import describe_error
from workbench.protocol.late import format_arguments, keep_result, stay
from workbench.protocol.reporter import new_event, next_number
from workbench.protocol.tap import CallRaised, CallReturned, CallStarted


def report_calls(target: Any, names: tuple[str, ...]) -> None:
    """Make methods of one object tell when they are entered and left.

    The object becomes one of a subclass that differs in nothing else. So a call costs nothing
    where there is no tap, and subclasses of the user's are reported like our own.

    Args:
        target: Has the attribute `reporter`.
        names: The methods.
    """
    cls: Any = type(target)
    target.__class__ = _reporting_class(cls, names)


@functools.cache
def _reporting_class(cls: Any, names: tuple[str, ...]) -> Any:
    methods = {name: _reporting(getattr(cls, name), f"{cls.__name__}.{name}") for name in names}
    if hasattr(cls, "__del__"):
        methods["__del__"] = _finalizer(cls)
    kept = {
        "unreported_class": cls,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
    }
    return type(cls.__name__, (cls,), {**methods, **kept})


def _finalizer(cls: Any) -> Callable[[Any], None]:
    """A file that is collected closes itself; no call of the program's did that."""

    def finalize(self: Any) -> None:
        self.__class__ = cls
        cls.__del__(self)

    return finalize


def _reporting(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    # Each call of a function would take as long as half an event.
    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        reporter = self.reporter
        started = new_event(CallStarted)
        started.seq = next_number()
        started.time_ns = time.perf_counter_ns()
        started.connection = reporter.connection
        started.exchange = reporter.exchange
        started.name = name
        if not args and not kwargs:
            started.arguments, started.source = "", None
        elif stay((*args, *kwargs.values()) if kwargs else args):
            started.source = [args, kwargs] if kwargs else args
        else:
            started.arguments, started.source = format_arguments(args, kwargs), None
        try:
            reporter.tell(started)
        except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
            reporter.detach()
        try:
            # To unpack what is empty takes as long as the call.
            if kwargs:
                result = method(self, *args, **kwargs)
            elif args:
                result = method(self, *args)
            else:
                result = method(self)
        except BaseException as exception:
            self.reporter.emit(CallRaised, name, describe_error(exception))
            raise
        # A call may close the connection, whose reporter is then that of the next one.
        reporter = self.reporter
        returned = new_event(CallReturned)
        returned.seq = next_number()
        returned.time_ns = time.perf_counter_ns()
        returned.connection = reporter.connection
        returned.exchange = reporter.exchange
        returned.name = name
        if result is None:
            returned.result, returned.source = "None", None
        else:
            keep_result(returned, result)
        try:
            reporter.tell(returned)
        except Exception:  # noqa: BLE001 - likewise
            reporter.detach()
        return result

    return call
