"""A picture of the screen (SVG), without the secrets that stand on it.

The picture has a `text` element for each run of characters in one colour. Those of one line are read as one text, so
that a secret in two colours is found; one that goes on in the next line is found piece by piece.
"""

import html
import re
from collections.abc import Collection, Iterable, Iterator

from workbench.session.recording import Recording
from workbench.session.redaction import secret_words
from workbench.session.secrets import Place, SecretFinder, blanked

_TEXT = re.compile(r'(<text\b[^>]*\by="([^"]+)"[^>]*>)([^<]*)(</text>)')
_PANE = re.compile(r"[^│┃║▏▕▎▌▐█]+")
_NO_BREAK_SPACE = "\xa0"


def redacted_picture(svg: str, recording: Recording, listed: Collection[str] = ()) -> str:
    """Write over the secrets of a recording in a picture of it.

    Args:
        svg: As Textual writes it.
        recording: What the screen shows.
        listed: Names that the user calls secret, beside the usual ones.
    """
    words, finder = secret_words(recording, listed), SecretFinder(listed)
    rows: dict[str, list[re.Match[str]]] = {}
    for match in _TEXT.finditer(svg):
        rows.setdefault(match[2], []).append(match)
    changes: dict[int, str] = {}
    rests: set[str] = set()
    for _, runs in sorted(rows.items(), key=lambda row: float(row[0])):
        texts = [html.unescape(run[3]).replace(_NO_BREAK_SPACE, " ") for run in runs]
        row = "".join(texts)
        pieces = words.piece_places(row)
        new = blanked(row, [*_named_places(row, finder), *pieces, *_rest_places(row, rests)])
        rests = {rest for start, end in pieces for rest in words.rests_of(row[start:end])}
        position = 0
        for run, text in zip(runs, texts, strict=True):
            if new[position : position + len(text)] != text:
                changes[run.start()] = new[position : position + len(text)]
            position += len(text)
    return _TEXT.sub(lambda match: _with_text(match, changes.get(match.start())), svg)


def _named_places(row: str, finder: SecretFinder) -> Iterator[Place]:
    """Find secrets with a name in front of them; a value ends where its pane does."""
    for part in _PANE.finditer(row):
        for start, end in finder.places(part.group().rstrip()):
            yield part.start() + start, part.start() + end


def _rest_places(row: str, rests: Iterable[str]) -> Iterator[Place]:
    """Find the ends of secrets that began in the line above."""
    for rest in rests:
        for match in re.finditer(rf"(?<!\S){re.escape(rest)}", row):
            yield match.span()


def _with_text(match: re.Match[str], text: str | None) -> str:
    if text is None:
        return match.group()
    return match[1] + html.escape(text).replace(" ", "&#160;") + match[4]
