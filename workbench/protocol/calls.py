"""Telling a tap when a method of the API is entered and left."""

import functools
from collections.abc import Callable
from typing import Any


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
    for name in names:
        # Where a class compares a method with its own, it is its own that is reported.
        if getattr(cls, f"_own_{name}", None) is getattr(cls, name):
            methods[f"_own_{name}"] = methods[name]
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
        if not self.closed:
            cls.close(self)

    return finalize


def _reporting(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.reporter.call_started(name, args, kwargs)
        try:
            # To unpack what is empty takes as long as the call.
            if kwargs:
                result = method(self, *args, **kwargs)
            elif args:
                result = method(self, *args)
            else:
                result = method(self)
        except BaseException as exception:
            self.reporter.call_raised(name, exception)
            raise
        # A call may close the connection, whose reporter is then that of the next one.
        self.reporter.call_returned(name, result)
        return result

    return call
