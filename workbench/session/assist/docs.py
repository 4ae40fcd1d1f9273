"""What a docstring says: its summary, its arguments, what is raised. The docstrings here are Google's."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_SECTION = re.compile(r"(Args|Returns|Raises|Yields|Attributes):$")
_ITEM = re.compile(r"(\*{0,2}[\w.]+): ?(.*)$")


@dataclass(frozen=True, slots=True)
class Docs:
    """A docstring, taken apart."""

    summary: str = ""
    """Its first paragraph, in one line."""

    arguments: Mapping[str, str] = field(default_factory=dict)
    raises: tuple[tuple[str, str], ...] = ()
    """Names of exceptions, each with when it is raised."""


def parse_docs(documented: object) -> Docs:
    """Take the docstring of a class or a function apart; an object without one has empty docs."""
    lines = (inspect.getdoc(documented) or "").split("\n")
    sections: dict[str, list[str]] = {"": []}
    current = sections[""]
    for line in lines:
        heading = _SECTION.match(line)
        if heading:
            current = sections.setdefault(heading[1], [])
        else:
            current.append(line)
    return Docs(
        _first_paragraph(sections[""]),
        dict(_items(sections.get("Args", []))),
        tuple(_items(sections.get("Raises", []))),
    )


def _first_paragraph(lines: list[str]) -> str:
    end = lines.index("") if "" in lines else len(lines)
    return " ".join(line.strip() for line in lines[:end])


def _items(lines: list[str]) -> list[tuple[str, str]]:
    """Read `name: words`, whose words may go on in lines that are indented further."""
    items: list[tuple[str, str]] = []
    for line in inspect.cleandoc("\n" + "\n".join(lines)).split("\n"):
        found = None if line.startswith(" ") else _ITEM.match(line)
        if found:
            items.append((found[1].lstrip("*"), found[2].strip()))
        elif items and line.strip():
            name, words = items[-1]
            items[-1] = (name, f"{words} {line.strip()}")
    return items
