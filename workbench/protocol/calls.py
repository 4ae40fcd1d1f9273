"""Telling a tap when a method of the API is entered and left."""

import functools
from collections.abc import Callable
from contextlib import suppress
from types import MethodType
from typing import Any

from workbench.protocol.late import Arguments, describe, format_arguments, stay
from workbench.protocol.noted_calls import noted_calls, tell_raised
from workbench.protocol.reporter import now_ns


def report_calls(target: Any, names: tuple[str, ...]) -> None:
    """Make methods of one object tell when they are entered and left.

    The object becomes one of a subclass that differs in nothing that a program looks at. So a call costs nothing
    where there is no tap, and subclasses of the user's are reported like our own. Tests put methods of their own in
    the place of those of a class: they are there for all connections that are made meanwhile.

    Args:
        target: Has the attribute `reporter`.
        names: The methods.
    """
    reporter, cls = target.reporter, type(target)
    target.__class__ = reporter.classes[cls] = _reporting_class(cls, names, reporter.takes_notes)


class _Unheard:
    """A base whose subclasses are none that a program has made, and hears of (`__init_subclass__`)."""

    __slots__ = ()

    def __init_subclass__(cls, **_: Any) -> None:
        pass


def _reporting_class(cls: Any, names: tuple[str, ...], takes_notes: bool) -> Any:
    # The class has it itself, so that both go together. A class that is a copy of another has that one's.
    kept_as = "_with_notes" if takes_notes else "_with_events"
    known = vars(cls).get(kept_as)
    reported = [getattr(cls, name) for name in (*names, *getattr(cls, "own_steps", ()))]
    if known is None or known.unreported_class is not cls or known.reported != reported:
        known = _make_reporting_class(cls, names, takes_notes, reported)
        # Some classes take no attributes.
        with suppress(TypeError, AttributeError):
            setattr(cls, kept_as, known)
    return known


def _make_reporting_class(cls: Any, names: tuple[str, ...], takes_notes: bool, reported: list[Any]) -> Any:
    methods = {name: _reporting(getattr(cls, name), f"{cls.__name__}.{name}") for name in names}
    if takes_notes:
        methods |= noted_calls(cls, methods)
    if takes_notes and "putheader" in methods and cls.putheader is cls._own_putheader:
        # Nobody can do anything between two calls of it, so lines may be put without it, as they are without a tap.
        methods["_own_putheader"] = methods["putheader"]
    if getattr(cls, "__del__", None) is not getattr(cls, "own_del", None):
        methods["__del__"] = _finalizer(cls)
    kept = {
        "__slots__": (),
        "__init__": _constructor(cls),
        "unreported_class": cls,
        "reported": reported,
        "shown_as": f"{cls.__module__}.{cls.__qualname__}" if cls.__repr__ is object.__repr__ else None,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
    }
    # Where nobody listens there is one base alone: a second one is not for objects of every layout.
    listens = isinstance(cls.__init_subclass__, MethodType) and not issubclass(cls, _Unheard)
    return type(cls.__name__, (_Unheard, cls) if listens else (cls,), {**methods, **kept})


def _constructor(cls: Any) -> Callable[..., None]:
    """A program may make another one of the class of an object: it is one of the class that the program knows."""

    @functools.wraps(cls.__init__)
    def construct(self: Any, *args: Any, **kwargs: Any) -> None:
        if vars(type(self)).get("unreported_class") is cls:
            self.__class__ = cls
        cls.__init__(self, *args, **kwargs)

    return construct


def _finalizer(cls: Any) -> Callable[[Any], None]:
    """A file that is collected closes itself; no call of the program's did that."""

    def finalize(self: Any) -> None:
        reporter = self.reporter
        self.__class__ = cls
        cls.__del__(self)
        # What ended with it was noted, and no call is there to end.
        reporter.show()

    return finalize


def _reporter_again(target: Any) -> Any:
    """Have the call let go that is held on the same connection: another thread comes in between, most likely to close it."""
    connection = target if hasattr(target, "holder") else target._connection()  # noqa: SLF001 - of our own class
    connection.holder.let_go_of_all()
    return target.reporter


def _reporting(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    # Each call of a function would take as long as half a note.
    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        reporter = self.reporter or _reporter_again(self)
        # In a variable: CPython 3.11 is slow to call what is an attribute of an object.
        note = reporter.note
        noted: Arguments = args
        names: tuple[str, ...] = ()
        if kwargs:
            noted, names = (*args, *kwargs.values()), tuple(kwargs)
        if noted and not stay(noted):
            noted, names = format_arguments(args, kwargs), ()
        note(("CallStarted", now_ns(), reporter.connection, reporter.exchange, name, noted, names))
        within = reporter.in_call
        # Only now: a tap that ends the program, or a debugger's run, has let no call begin.
        reporter.in_call = True
        try:
            # To unpack what is empty takes as long as the call.
            if kwargs:
                result = method(self, *args, **kwargs)
            elif args:
                result = method(self, *args)
            else:
                result = method(self)
        except BaseException as exception:
            reporter.in_call = within
            tell_raised(self, reporter, name, exception)
            raise
        reporter.in_call = within
        words = kept = None
        if result is not None:
            if stay((result,)):
                kept = result
            else:
                words = describe(result)
        note = self.reporter.note
        note(("CallReturned", now_ns(), reporter.connection, reporter.exchange, name, words, kept))
        if not within:
            reporter.show()
        return result

    return call
