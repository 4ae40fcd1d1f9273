r"""Reads the case files of `tests/protocol/cases`.

A file is Markdown. A case is a heading of the second level, `## ROW: what is special`, and below it
blocks between triple backticks:

- one `wire` block: the bytes that the server sends. The ends of its lines in the file mean nothing;
  what is sent is written: `\r`, `\n`, `\t`, `\0`, `\xHH`, `\\`, and `\{text*count}` for repetition.
  Behind the word `wire` may stand: a request method other than GET; `ends` when the server closes its
  side behind the bytes (else it is silent); `strict` for the old argument of the constructor; `upgrade`
  for a request that asks for another protocol.
- `log` blocks, each with the names of the policies under which this is what happens.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.protocol.wire.playing import Exchange
from workbench.protocol.policy import DEFAULT, LENIENT, STRICT

POLICIES = {"strict": STRICT, "default": DEFAULT, "lenient": LENIENT}

_CASE = re.compile(r"^## (?P<row>[A-Z][0-9]+): (?P<name>.+)\n(?P<text>(?:(?!^## ).*\n)*)", re.MULTILINE)
_BLOCK = re.compile(r"^```(?P<kind>wire|log)(?P<words>[^\n]*)\n(?P<body>.*?)^```\n", re.MULTILINE | re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|\{(.*?)\*([0-9]+)\}|([rnt0\\]))")
_NAMED = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}


@dataclass(frozen=True)
class Case:
    """One input, and what it leads to under each policy."""

    row: str
    """The row of the conformance table: a letter and a number."""

    name: str
    data: bytes
    words: tuple[str, ...]
    """What stands behind `wire`."""

    logs: dict[str, str]
    """The expected log by the name of the policy."""

    def exchange(self, policy: str) -> Exchange:
        """Give what decides about the response beside its bytes."""
        flags = {"ends", "strict", "upgrade"}
        methods = [word for word in self.words if word not in flags]
        return Exchange(
            *methods,
            ends="ends" in self.words,
            strict="strict" in self.words,
            upgrade="upgrade" in self.words,
            policy=POLICIES[policy],
        )


def unescape(text: str) -> bytes:
    """Turn what is written in a `wire` block into bytes; the line ends of the file are left out."""
    data, position = b"", 0
    text = text.replace("\n", "")
    for escape in _ESCAPE.finditer(text):
        data += _plain(text[position : escape.start()]) + _unescape_one(escape)
        position = escape.end()
    return data + _plain(text[position:])


def _unescape_one(escape: re.Match[str]) -> bytes:
    byte, repeated, count, named = escape.groups()
    if byte:
        return bytes.fromhex(byte)
    return unescape(repeated) * int(count) if count else _NAMED[named]


def _plain(text: str) -> bytes:
    assert "\\" not in text, f"Expected an escape: {text!r}"
    return text.encode("ascii")


def load_cases(path: Path) -> list[Case]:
    """Read all cases of a file."""
    text = path.read_text(encoding="utf-8")
    cases = [_parse_case(match) for match in _CASE.finditer(text)]
    assert len(cases) == len(re.findall("^## ", text, re.MULTILINE)), f"a heading of {path.name} is no case"
    return cases


def _parse_case(match: re.Match[str]) -> Case:
    data, words, logs = None, (), {}
    for block in _BLOCK.finditer(match["text"]):
        if block["kind"] == "wire":
            assert data is None, f"two wire blocks: {match['name']}"
            data, words = unescape(block["body"]), tuple(block["words"].split())
        else:
            logs |= dict.fromkeys(block["words"].split(), block["body"])
    assert data is not None, f"no wire block: {match['name']}"
    return Case(match["row"], match["name"], data, words, logs)
