"""What a call takes: names, types, defaults and help, read from the functions themselves."""

import builtins
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from workbench.session.allowed import Kind
from workbench.session.assist.docs import Docs, parse_docs
from workbench.session.check import Binding, keyword_allowed
from workbench.session.namespace import Constructor, Function, Namespace

_QUALIFIED = re.compile(r"\b(?:\w+\.)+(\w+)")
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_REST = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a call takes."""

    name: str
    type: str
    """As it is annotated, without the names of modules; empty where anything goes."""

    default: str | None
    """As Python writes it; None where there is none, and empty where it cannot be written."""

    help: str
    positional: bool
    """Whether it can be given by its place."""

    by_name: bool
    """Whether it can be given as `name=`."""

    rest: bool = False
    """Whether it takes any number of values."""

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and not self.rest

    def __str__(self) -> str:
        if self.rest:
            return f"*{self.name}"
        return self.name if self.default is None else f"{self.name}={self.default or '…'}"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a call takes, and what it does."""

    name: str
    parameters: tuple[Parameter, ...]
    summary: str
    raises: tuple[tuple[str, str], ...] = ()
    """Names of exceptions, each with when it is raised."""

    known: bool = True
    """False where Python does not say what a function takes."""

    @property
    def head(self) -> str:
        """The call as documentation writes it."""
        return f"{self.name}({self.listed() if self.known else '…'})"

    def listed(self) -> str:
        """Give the parameters as documentation writes them."""
        return ", ".join(text for _, text in self.pieces())

    def pieces(self) -> Iterator[tuple[int | None, str]]:
        """Walk over what stands between the brackets, each with the number of its parameter."""
        starred = any(parameter.rest for parameter in self.parameters)
        for number, parameter in enumerate(self.parameters):
            if not parameter.positional and not parameter.rest and not starred:
                starred = True
                yield None, "*"
            yield number, str(parameter)

    def parameter_at(self, position: int) -> int | None:
        """Say which parameter takes the positional argument of this number."""
        for number, parameter in enumerate(self.parameters):
            if parameter.rest or (parameter.positional and number == position):
                return number
        return None

    def parameter_named(self, name: str) -> int | None:
        """Say which parameter takes an argument that is given as `name=`."""
        for number, parameter in enumerate(self.parameters):
            if parameter.name == name and parameter.by_name:
                return number
        return None


def signature_of(binding: Binding, method: str, namespace: Namespace) -> Signature | None:
    """Say what a call takes.

    Args:
        binding: What is called, or the owner of the method.
        method: The method; empty where the binding itself is called.
        namespace: What a script can reach.

    Returns:
        What it takes from a script, or None where nothing of the kind can be called.
    """
    if isinstance(binding, Constructor) and not method:
        return _read(binding.name, binding.connection_class, None)
    if isinstance(binding, Function) and not method:
        return _read(binding.name, binding.implementation or getattr(builtins, binding.name, None), binding)
    if isinstance(binding, Kind) and method in binding.methods:
        owner = namespace.class_of(binding) or getattr(builtins, binding.name, None)
        return _read(method, getattr(owner, method, None), None)
    return None


@lru_cache(maxsize=256)
def _read(name: str, function: object, limits: Function | None) -> Signature:
    """Read one signature. The docstring of a class tells of the arguments of its constructor.

    Args:
        name: What the script calls it.
        function: The function or the class itself.
        limits: What of its arguments a script may give; None for all but the interpreter's own.
    """
    docs = parse_docs(function)
    if name in {"str", "bytearray"}:
        # Python gives no signature for these two, and their docstrings are lists of spellings.
        return Signature(name, (), docs.summary.split(" -> ")[0], known=False)
    try:
        found = inspect.signature(function)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return Signature(name, (), docs.summary, docs.raises, known=False)
    parameters = [
        _parameter(one, docs)
        for one in found.parameters.values()
        if one.name != "self" and one.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    return Signature(name, tuple(_reachable(parameters, limits)), docs.summary, docs.raises)


def _parameter(one: inspect.Parameter, docs: Docs) -> Parameter:
    return Parameter(
        one.name,
        _type_words(one.annotation),
        _default_words(one.default),
        docs.arguments.get(one.name, ""),
        positional=one.kind in _POSITIONAL,
        by_name=one.kind in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY),
        rest=one.kind in _REST,
    )


def _reachable(parameters: list[Parameter], limits: Function | None) -> Iterator[Parameter]:
    """Leave out what a script cannot give."""
    for number, parameter in enumerate(parameters):
        if limits is None:
            if keyword_allowed(None, parameter.name):
                yield parameter
            continue
        by_place = parameter.positional and (limits.positional is None or number < limits.positional)
        by_name = parameter.name in limits.keywords
        if parameter.rest or by_place or by_name:
            yield replace(parameter, positional=by_place, by_name=by_name)


def _type_words(annotation: object) -> str:
    if annotation is inspect.Parameter.empty:
        return ""
    words = _QUALIFIED.sub(r"\1", inspect.formatannotation(annotation))
    return "" if words == "Any" else words.replace("Mapping[Any, Any]", "Mapping").replace("[str, str]", "")


def _default_words(default: object) -> str | None:
    if default is inspect.Parameter.empty:
        return None
    words = repr(default)
    # A marker object stands for what nobody can write, such as the time-out that holds for all sockets.
    return "" if words.startswith("<") else words
