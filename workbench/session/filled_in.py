"""What the lab fills into a script holds for one start of the program: its port, the files of its certificates.

A script that is kept for longer, as a draft or in a recording, gets what holds now in its place.
"""

import re
from collections.abc import Mapping

NOTHING_FILLED_IN: Mapping[str, str] = {}
"""What is filled into a script that holds for every start of the program."""

_BEFORE_A_PORT = r"""(?:127\.0\.0\.1|localhost)["']?\s*[,:]\s*(?:port\s*=\s*)?"""
"""What comes before a number that is a port of the lab. Elsewhere the same number is the user's, as in a path."""

_ENDS_BEFORE_A_PORT = re.compile(_BEFORE_A_PORT + "$")
_PORT = re.compile(_BEFORE_A_PORT + r"(\d{4,5})(?!\d)")

_PORTS_OF_THE_LAB = range(1024, 1 << 16)
"""The system chooses one, and none of those that services have, such as 443 at the far end of a tunnel."""

_LONGEST_BEFORE_A_PORT = 100


def find_filled_in(text: str, now: Mapping[str, str]) -> dict[str, str]:
    """Find what an earlier start has filled into a script, which may have been edited since.

    Args:
        text: The script.
        now: What this start fills in, by its place: a port is known by what stands before it, a file by its name.

    Returns:
        What it was then, by its place. What cannot be told is not in it, as where there are several ports.
    """
    found = {"{port}": {port for port in _PORT.findall(text) if int(port) in _PORTS_OF_THE_LAB}}
    for place, value in now.items():
        if place not in ("{host}", "{port}"):
            name = re.escape(re.split(r"[\\/]", value)[-1])
            found[place] = set(re.findall(rf"""["']([^"'\n]*[\\/]{name})["']""", text))
    return {place: values.pop() for place, values in found.items() if place in now and len(values) == 1}


def filled_anew(text: str, then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Put what this start fills in where another has filled something in.

    Args:
        text: The script.
        then: What stands in it, by its place.
        now: What is to stand there.
    """
    values = {old: value for place, value in now.items() if (old := then.get(place))}
    if not values:
        return text
    # Not in the middle of another number or name.
    found = "|".join(map(re.escape, values))
    return re.sub(rf"(?<![\w.])(?:{found})(?![\w.])", lambda old: _anew(old, values), text)


def _anew(old: re.Match[str], values: Mapping[str, str]) -> str:
    before = old.string[max(0, old.start() - _LONGEST_BEFORE_A_PORT) : old.start()]
    stays = old[0].isdecimal() and not _ENDS_BEFORE_A_PORT.search(before)
    return old[0] if stays else values[old[0]]
