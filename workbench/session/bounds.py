"""How large a value of a script may become, judged before it is made.

Three operators and a few displays are enough to ask for more memory than there is: a product
of products, `%1000000000d`, a list that holds itself twice, sixty times over. The weight of a
value is an estimate of the bytes it takes, and of the text it prints as.
"""

import codecs
import re
from collections.abc import ItemsView, Iterable, KeysView, Mapping, Sequence, Sized, ValuesView
from email.message import Message

MAX_WEIGHT = 64 * 1024 * 1024
"""Bytes. Enough for any body that one would type a product for."""

MAX_KEPT = 16 * MAX_WEIGHT
"""Bytes of all values that have a name."""

MAX_INT_BITS = 4096
"""About 1200 digits; Python itself refuses to print more than 4300."""

MAX_NESTING = 100
"""Levels of brackets, operators and dots in one expression, and of lists in lists."""

MAX_SOURCE_LENGTH = 1024 * 1024
"""Characters of a script."""

_ITEM_WEIGHT = 16
"""Bytes for a number or a reference, as a round figure."""

_PLAIN = frozenset({int, bool, float, type(None)})

_FORMAT_FIELD = re.compile(
    r"%(?:\([^()]*\))?[-#0 +]*(?P<width>\*|[0-9]*)(?:\.(?P<precision>\*|[0-9]*))?[hlL]?(?P<type>.)",
    re.DOTALL,
)

_CODECS = frozenset(
    {"utf-8", "ascii", "iso8859-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"}
)
"""By the names of `codecs.lookup`. Some others, such as punycode, take quadratic time."""

_MAX_SET = 256
"""Characters that `strip` takes off, or `quote` leaves alone: each character of a text is looked for among them."""

_HANDLER_GROWTH = {"xmlcharrefreplace": 10, "backslashreplace": 10, "namereplace": 100}
"""How many characters an error handler may spell one with, by its name."""

_QUOTED_GROWTH = 10
"""`repr` may spell one character with ten, such as `\\U0001f600`."""


class TooLargeError(Exception):
    """A value would weigh more than a script may hold; the message says which."""


def weigh(value: object) -> int:
    """Estimate the bytes that a value takes and prints as, shared parts counted each time.

    Raises:
        TooLargeError: It is above the bound, or nested too deep.
    """
    return _weigh(value, {}, 0)


def _weigh(value: object, known: dict[int, int], depth: int) -> int:
    if isinstance(value, str | bytes | bytearray):
        return len(value) + _ITEM_WEIGHT
    if isinstance(value, Message):
        return sum(len(name) + len(str(text)) + _ITEM_WEIGHT for name, text in value.items())
    if not isinstance(value, list | tuple | dict | KeysView | ValuesView | ItemsView):
        return _ITEM_WEIGHT
    weight = known.get(id(value))
    if weight is None:
        if depth >= MAX_NESTING:
            raise TooLargeError(f"a value is nested more than {MAX_NESTING} levels deep")
        parts: Iterable[object] = value
        if isinstance(value, dict):
            parts = (part for item in value.items() for part in item)
        weight = _ITEM_WEIGHT
        for part in parts:
            # Most parts of a long list are numbers, and a call for each takes ten times as long.
            weight += _ITEM_WEIGHT if part.__class__ in _PLAIN else _weigh(part, known, depth + 1)
        known[id(value)] = weight
    return check_weight(weight)


def check_weight(weight: int) -> int:
    """Give the weight back if a script may hold it.

    Raises:
        TooLargeError: It may not.
    """
    if weight > MAX_WEIGHT:
        raise TooLargeError(f"a value would take more than {MAX_WEIGHT // (1024 * 1024)} MiB")
    return weight


def kept_weight(value: object) -> int:
    """Give what a value counts for among those with a name: nothing for one above the bound, which a peer sent."""
    try:
        weight = weigh(value)
    except TooLargeError:
        return 0
    return weight if weight <= MAX_WEIGHT else 0


def check_int(value: object) -> None:
    """Refuse an int that would be slow to print or to multiply.

    Raises:
        TooLargeError: It has too many bits.
    """
    if isinstance(value, int) and value.bit_length() > MAX_INT_BITS:
        raise TooLargeError(f"an int would have more than {MAX_INT_BITS} bits")


def check_codec(name: object) -> None:
    """Refuse a text encoding whose time or space is not in proportion to the text.

    Raises:
        TooLargeError: It is a known encoding, but not one for scripts.
    """
    if not isinstance(name, str):
        return
    try:
        found = codecs.lookup(name).name
    except LookupError:
        # Whoever is about to use it says so.
        return
    if found not in _CODECS:
        raise TooLargeError(f"a script has the encodings {', '.join(sorted(_CODECS))}, found {name[:80]!r}")


def check_set(characters: object) -> None:
    """Refuse a set of characters that takes long to look through for each character of a text.

    Raises:
        TooLargeError: It is too long.
    """
    if isinstance(characters, str | bytes | bytearray) and len(characters) > _MAX_SET:
        raise TooLargeError(f"expected at most {_MAX_SET} characters to choose, found {len(characters)}")


def check_text_method(
    owner: Sized, name: str, positional: Sequence[object], keywords: Mapping[str, object]
) -> None:
    """Judge a call of a method of text or bytes before it is made.

    Raises:
        TooLargeError: It would take the square of a length, or give a text that is far too long.
    """
    if name == "strip" and positional:
        check_set(positional[0])
    elif name in {"encode", "decode"}:
        check_codec(keywords.get("encoding", positional[0] if positional else None))
        handler = keywords.get("errors", positional[1] if len(positional) > 1 else None)
        check_weight(len(owner) * _HANDLER_GROWTH.get(str(handler), 0))


def check_growth(owner: Sized, result: object) -> None:
    """Refuse what a method made of a text that is above the bound, and longer than the text: it could go on so.

    Raises:
        TooLargeError: It is both.
    """
    if isinstance(result, str | bytes) and len(result) > len(owner):
        check_weight(len(result))


def check_repeated_names(query: object) -> None:
    """Refuse a query of which urlencode repeats a name too often: once for each value, with `doseq`.

    Raises:
        TooLargeError: The names would take too much.
    """
    pairs = query.items() if isinstance(query, dict) else query if isinstance(query, list | tuple) else ()
    check_weight(
        sum(
            weigh(pair[0]) * len(pair[1])
            for pair in pairs
            if isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[1], Sized)
        )
    )


def add(left: object, right: object) -> object:
    """`left + right`, within the bounds."""
    if not isinstance(left, int | float):
        check_weight(weigh(left) + weigh(right))
    result = left + right  # type: ignore[operator]
    check_int(result)
    return result


def multiply(left: object, right: object) -> object:
    """`left * right`, within the bounds."""
    for factor, other in ((left, right), (right, left)):
        if isinstance(other, int) and not isinstance(factor, int | float):
            weight = len(factor) if isinstance(factor, str | bytes | bytearray) else weigh(factor)
            check_weight(weight * max(0, other))
    # Factors within the bound make a product that is cheap to compute, and then to judge.
    check_int(left)
    check_int(right)
    result = left * right  # type: ignore[operator]
    check_int(result)
    return result


def remainder(left: object, right: object) -> object:
    """`left % right`: formatting for text and bytes, the remainder for numbers."""
    if isinstance(left, str):
        _check_format(left, right)
    elif isinstance(left, bytes | bytearray):
        _check_format(left.decode("latin-1"), right)
    return left % right  # type: ignore[operator]


def _check_format(template: str, arguments: object) -> None:
    """Bound what a format can give: each field at its width and the longest argument."""
    weight = len(template)
    widest = weigh(arguments) * _QUOTED_GROWTH
    for match in _FORMAT_FIELD.finditer(template):
        if match["type"] == "(":
            raise TooLargeError("a format has brackets inside the name of a field")
        for size in (match["width"], match["precision"]):
            if size == "*":
                raise TooLargeError("a width of * in a format has no bound that is known beforehand")
            # More than nine digits are above the bound, and never become an int here.
            weight += int(size) if size and len(size) < 10 else (MAX_WEIGHT + 1 if size else 0)
        weight += widest
    check_weight(weight)
