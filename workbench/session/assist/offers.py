"""What can stand at the cursor, and what the call that is open there takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from workbench.protocol.wire.state import State, error_for, legal_calls, title
from workbench.session.allowed import Kind
from workbench.session.assist.fields import quoted
from workbench.session.assist.place import OpenCall, Place, PlaceKind, find_place
from workbench.session.assist.scope import Scope
from workbench.session.assist.signature import Parameter, Signature, signature_of
from workbench.session.assist.values import values_for
from workbench.session.check import Binding, describe
from workbench.session.namespace import BUILTINS, Constructor, Function, Module

SHORTEST_INFIX = 2
"""Letters after which a name is offered that has them in the middle: `enc` for `Accept-Encoding`."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can stand at the cursor."""

    label: str
    """What it is called in a list."""

    text: str
    """What takes the place of the word before the cursor."""

    help: str = ""
    error: str = ""
    """The exception that a call would raise in the state that the connection is in."""

    fits: bool = False
    """Whether it belongs to this very argument, and not to any."""


@dataclass(frozen=True, slots=True)
class Assistance:
    """What there is to say about one place."""

    offers: tuple[Offer, ...] = ()
    """What can stand there, the likeliest first."""

    replaces: int = 0
    """How many characters before the cursor an offer takes the place of."""

    eager: bool = False
    """Whether to show the offers before somebody asks for them."""

    signature: Signature | None = None
    """What the call that is open there takes."""

    parameter: int | None = None
    """The number of the parameter at the cursor."""

    error: str = ""
    """The exception that this call would raise in the state that the connection is in."""


def assist(text: str, cursor: int, scope: Scope) -> Assistance:
    """Say what can stand at the cursor.

    Args:
        text: The script up to its last line, or a line of it.
        cursor: How many characters of it stand before the cursor.
        scope: What the names stand for there.
    """
    place = find_place(text[:cursor])
    signature, parameter, error = _open_call(place.call, scope)
    current = signature.parameters[parameter] if signature and parameter is not None else None
    behind = text[cursor : cursor + 1]
    candidates = list(_candidates(place, scope, signature, current, behind))
    offers = tuple(_matching(candidates, place.word))
    if [offer.text for offer in offers] == [place.word]:
        offers = ()
    # Any name can begin an expression, and to list them all at once would be in the way.
    eager = bool(place.word) or place.kind is not PlaceKind.NAME or any(offer.fits for offer in offers)
    return Assistance(offers, len(place.word), eager and bool(offers), signature, parameter, error)


def _matching(offers: list[Offer], word: str) -> list[Offer]:
    """Choose those that begin with the word, or else those that hold it, in any case of letters.

    Who does not know that a text needs quotes finds it without, behind the names that begin so.
    """
    wanted = word.lower()
    if not wanted:
        return offers
    found = [
        offer for quote in ("", '"') for offer in offers if offer.label.lower().startswith(quote + wanted)
    ]
    if found or len(wanted) < SHORTEST_INFIX:
        return found
    return [offer for offer in offers if wanted in offer.label.lower().partition("(")[0]]


# --- the call that is open ---------------------------------------------------------------


def _open_call(call: OpenCall | None, scope: Scope) -> tuple[Signature | None, int | None, str]:
    if call is None:
        return None, None, ""
    owner, binding, method = callee_of(call.callee, scope)
    signature = signature_of(binding, method, scope.namespace)
    if signature is None:
        return None, None, ""
    at = (
        signature.parameter_named(call.keyword)
        if call.keyword
        else signature.parameter_at(len(call.arguments))
    )
    return signature, at, raised_by(owner, method, scope)


def callee_of(callee: str, scope: Scope) -> tuple[str, Binding, str]:
    """Say what is called.

    Args:
        callee: As it is written: `conn.putheader`, `HTTPConnection`.
        scope: What the names stand for.

    Returns:
        The owner of a method as it is written, what is known of the owner, and the name of the
        method; for anything else nothing, what is known of it, and nothing.
    """
    owner, dot, method = callee.rpartition(".")
    binding = scope.binding(owner) if dot else None
    if isinstance(binding, Kind):
        return owner, binding, method
    return "", scope.binding(callee), ""


def raised_by(owner: str, method: str, scope: Scope) -> str:
    """Name the exception that a method raises in the state of its connection; empty for none."""
    state = scope.states.get(owner)
    return (error_for(state, method) or "") if state is not None else ""


# --- what is offered ---------------------------------------------------------------------


def _candidates(
    place: Place, scope: Scope, signature: Signature | None, current: Parameter | None, behind: str
) -> Iterator[Offer]:
    match place.kind:
        case PlaceKind.MODULE:
            yield from (Offer(name, name, "module") for name in scope.namespace.importable)
        case PlaceKind.IMPORTED:
            module = scope.namespace.importable.get(place.owner) or scope.namespace.packages.get(place.owner)
            yield from _module_members(module, scope, called=False)
        case PlaceKind.MEMBER:
            yield from members_of(place.owner, scope)
        case PlaceKind.STRING if current is not None and place.begins:
            yield from _values(current, place, scope, behind)
        case PlaceKind.NAME:
            if current is not None and place.begins:
                yield from _values(current, place, scope, behind)
            keywords: list[Offer] = []
            if signature is not None and place.call is not None and place.begins and place.dict is None:
                keywords = list(_keywords(signature, place.call))
            # What any number of values can be given to is mostly given names: print.
            groups = (keywords, _names(place, scope))
            yield from chain(*(reversed(groups) if current is not None and current.rest else groups))


def _values(current: Parameter, place: Place, scope: Scope, behind: str) -> Iterator[Offer]:
    for value in values_for(current, place, scope):
        if place.kind is PlaceKind.STRING:
            if value.quoted:
                closing = "" if behind == place.quote else place.quote
                yield Offer(value.text, _inside(value.text, place.quote) + closing, value.help, fits=True)
        elif value.quoted:
            yield Offer(f'"{value.text}"', quoted(value.text), value.help, fits=True)
        else:
            yield Offer(value.text, value.text, value.help, fits=True)


def _inside(text: str, quote: str) -> str:
    """Write a text inside a literal: a name that came in a response may hold anything."""
    characters = (one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
    return "".join(f"\\{one}" if one in ("\\", quote[0]) else one for one in characters)


def _keywords(signature: Signature, call: OpenCall) -> Iterator[Offer]:
    if call.keyword:
        return
    for number, parameter in enumerate(signature.parameters):
        taken = parameter.positional and number < len(call.arguments)
        if parameter.by_name and not taken and parameter.name not in call.given:
            default = f"by default {parameter.default}" if parameter.default else ""
            words = "; ".join(part for part in (parameter.help.rstrip("."), default) if part)
            yield Offer(f"{parameter.name}=", f"{parameter.name}=", words, fits=True)


def _names(place: Place, scope: Scope) -> Iterator[Offer]:
    yield from (named_offer(name, scope) for name in reversed(tuple(scope.bindings)))
    for name, function in BUILTINS.items():
        if name not in scope.bindings:
            yield _callable_offer(name, function, scope)
    if place.call is None and place.begins and place.word:
        yield Offer("import", "import ", "a module")
        yield Offer("from", "from ", "names of a module")


def named_offer(name: str, scope: Scope) -> Offer:
    """Make the offer of a name that the script has."""
    binding = scope.bindings[name]
    if isinstance(binding, Function | Constructor):
        return _callable_offer(name, binding, scope)
    state = scope.states.get(name)
    words = describe(binding) if binding is not None else ""
    if name in scope.later:
        return Offer(name, name, f"{words}, once its line has run" if words else "once its line has run")
    return Offer(name, name, f"{words}, {title(state)}" if state is not None else words)


def _callable_offer(name: str, binding: Function | Constructor, scope: Scope) -> Offer:
    signature = signature_of(binding, "", scope.namespace)
    assert signature is not None
    return call_offer(name, signature)


def call_offer(name: str, signature: Signature, error: str = "") -> Offer:
    """Make the offer of a call: closed at once where it takes nothing."""
    closed = signature.known and not signature.parameters
    return Offer(
        f"{name}({signature.listed() if signature.known else '…'})",
        f"{name}()" if closed else f"{name}(",
        signature.summary,
        error,
    )


def members_of(owner: str, scope: Scope) -> Iterator[Offer]:
    """Yield what can follow a dot: calls that are legal now, other methods, attributes."""
    binding = scope.binding(owner)
    if isinstance(binding, Module):
        yield from _module_members(binding, scope, called=True)
    elif isinstance(binding, Kind):
        later = []
        for method in methods_of(binding, scope.states.get(owner)):
            signature = signature_of(binding, method, scope.namespace)
            error = raised_by(owner, method, scope)
            if signature is not None and error:
                later.append(call_offer(method, signature, error))
            elif signature is not None:
                yield call_offer(method, signature)
        yield from later
        yield from (Offer(name, name, _attribute_words(binding, name)) for name in sorted(binding.attributes))


def methods_of(kind: Kind, state: State | None) -> list[str]:
    """List the methods of a kind, those first that are legal in a state."""
    first = legal_calls(state) if state is not None else ()
    return list(dict.fromkeys((*(name for name in first if name in kind.methods), *kind.methods)))


def _attribute_words(kind: Kind, name: str) -> str:
    known = kind.attributes[name] or "attribute"
    return f"{known}, can be set" if name in kind.settable else known


def _module_members(module: Module | None, scope: Scope, *, called: bool) -> Iterator[Offer]:
    if module is None:
        return
    for name, value in sorted(module.members.items(), key=lambda item: (item[0].isupper(), item[0])):
        if isinstance(value, Function | Constructor):
            offer = _callable_offer(name, value, scope)
            yield offer if called else Offer(name, name, offer.help)
        else:
            yield Offer(name, name, _member_words(value))


def _member_words(value: object) -> str:
    phrase = getattr(value, "phrase", "")
    if phrase:
        return f"{value:d} {phrase}"
    return str(value) if isinstance(value, int) else ""
