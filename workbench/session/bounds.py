"""How large a value of a script may become, judged before it is made.

Three operators and a few displays are enough to ask for more memory than there is: a product
of products, `%1000000000d`, a list that holds itself twice, sixty times over. The weight of a
value is an estimate of the bytes it takes, and of the text it prints as.
"""

import codecs
import re
from collections.abc import ItemsView, Iterable, KeysView, ValuesView
from email.message import Message

MAX_WEIGHT = 64 * 1024 * 1024
"""Bytes. Enough for any body that one would type a product for."""

MAX_INT_BITS = 4096
"""About 1200 digits; Python itself refuses to print more than 4300."""

MAX_NESTING = 100
"""Levels of brackets, operators and dots in one expression, and of lists in lists."""

MAX_SOURCE_LENGTH = 1024 * 1024
"""Characters of a script."""

_ITEM_WEIGHT = 16
"""Bytes for a number or a reference, as a round figure."""

_FORMAT_FIELD = re.compile(
    r"%(?:\([^()]*\))?[-#0 +]*(?P<width>\*|[0-9]*)(?:\.(?P<precision>\*|[0-9]*))?[hlL]?(?P<type>.)",
    re.DOTALL,
)

_CODECS = frozenset(
    {"utf-8", "ascii", "iso8859-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"}
)
"""By the names of `codecs.lookup`. Some others, such as punycode, take quadratic time."""

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
        weight = _ITEM_WEIGHT + sum(_weigh(part, known, depth + 1) for part in parts)
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
