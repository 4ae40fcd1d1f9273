"""Scripts that were pasted from an interactive session, with its prompts and its output.

Lines and columns stay where they are in the pasted text, so that an error can be shown there.
"""

import re
from dataclasses import dataclass

PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.)(?: |$)")
"""As in doctest: a prompt may be indented, and a space follows it unless the line ends."""

_FIRST_PROMPT = re.compile(r"^[ \t]*>>>(?: |$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Code:
    """Python text with as many lines as the text it was taken from."""

    lines: tuple[str, ...]
    """Without line ends. A line of output is empty here."""

    indents: tuple[int, ...]
    """How many characters of prompt stood before each line."""

    passed_over: tuple[int, ...] = ()
    """The numbers, from 1 on, of the lines that were taken for output."""

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def has_prompts(source: str) -> bool:
    """Say whether some line begins with the prompt `>>>`."""
    return _FIRST_PROMPT.search(source) is not None


def plain_code(source: str) -> Code:
    """Take a text as Python, as it stands."""
    lines = tuple(source.split("\n"))
    return Code(lines, (0,) * len(lines))


def prompted_code(source: str) -> Code:
    """Take the prompts away, and everything that was printed between them.

    Lines before the first prompt count as code: a session is often pasted below the import line
    that it needs.
    """
    lines: list[str] = []
    indents: list[int] = []
    passed_over: list[int] = []
    in_session = False
    for number, line in enumerate(source.split("\n"), start=1):
        in_session = in_session or has_prompts(line)
        match = PROMPT.match(line) if in_session else None
        if match is None and in_session:
            if line.strip():
                passed_over.append(number)
            line = ""
        indent = match.end() if match else 0
        lines.append(line[indent:])
        indents.append(indent)
    return Code(tuple(lines), tuple(indents), tuple(passed_over))
