"""Python values on the screen."""

import re

from workbench.session.visible import visible

_OBJECT = re.compile(r"^<(?:[\w.]+\.)?(\w+) object at 0x[0-9a-f]+>$")


def value_words(text: str) -> str:
    """Shorten the `repr()` of a value: of an object that shows nothing but its address, its class."""
    match = _OBJECT.match(text)
    return match.group(1) if match else visible(text) or "None"
