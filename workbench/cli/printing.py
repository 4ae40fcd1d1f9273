"""What goes to standard output: to a terminal visible text in colours, to a pipe the bytes themselves."""

import os
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from typing import TextIO, cast

from workbench.cli.command import UsageError
from workbench.cli.progress import progress

LEXERS = {
    ".har": ("pygments.lexers.data", "JsonLexer"),
    ".json": ("pygments.lexers.data", "JsonLexer"),
    ".py": ("pygments.lexers.python", "PythonLexer"),
    ".sh": ("pygments.lexers.shell", "BashLexer"),
    ".md": ("pygments.lexers.markup", "MarkdownLexer"),
    ".txt": ("workbench.cli.transcript_lexer", "TranscriptLexer"),
    ".trace": ("workbench.cli.transcript_lexer", "TraceLexer"),
}
"""The lexer for each sort of text, by the end of its file's name."""


def print_pieces(pieces: Iterable[bytes], suffix: str, *, plain: bool = False) -> None:
    """Print a text.

    Args:
        pieces: Its bytes, UTF-8.
        suffix: What sort it is, as the end of a file's name: `.json`.
        plain: No colours, also on a terminal.
    """
    out = sys.stdout
    if not out.isatty():
        write_bytes(pieces)
        return
    with progress(lambda: "making the text"):
        text = b"".join(pieces).decode("utf-8", "replace")
    from workbench.session.visible import visible

    shown = "\n".join(visible(line) for line in text.split("\n"))
    out.write(shown if plain or not has_colours() else _coloured(shown, suffix))
    out.flush()


def print_raw(pieces: Iterable[bytes]) -> None:
    """Print bytes of a peer: as they are to a pipe or a file, as visible text to a terminal."""
    if not sys.stdout.isatty():
        write_bytes(pieces)
        return
    from workbench.session.visible import visible_lines

    for line in visible_lines(b"".join(pieces)):
        print(line)


def write_bytes(pieces: Iterable[bytes]) -> None:
    """Write bytes to standard output, exactly."""
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    written = 0
    with nullcontext() if sys.stdout.isatty() else progress(lambda: f"written {written:,} bytes"):
        for piece in pieces:
            if binary is None:
                sys.stdout.write(piece.decode("utf-8", "replace"))
            else:
                binary.write(piece)
            written += len(piece)
    sys.stdout.flush()


def refuse_binary_terminal(summary: str) -> None:
    """Refuse to fill a terminal with what no terminal can show."""
    if sys.stdout.isatty():
        raise UsageError(
            f"{summary} is not for a terminal", "Name a file with -o FILE, or a program behind |"
        )


def has_colours() -> bool:
    """Say whether standard output takes colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def coloured_transcript(out: TextIO) -> TextIO:
    """Give what colours a transcript line by line on its way to a terminal; elsewhere the stream itself."""
    return cast("TextIO", _ColouredLines(out)) if has_colours() else out


class _ColouredLines:
    """As much of a stream as `print` needs. A line is complete when it comes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        if not text.strip():
            return self._out.write(text)
        # `print` writes the end of a line by itself, and the lexer knows a line by its end.
        return self._out.write(_coloured(text + "\n", ".txt").removesuffix("\n"))

    def flush(self) -> None:
        self._out.flush()


def _coloured(text: str, suffix: str) -> str:
    if suffix not in LEXERS:
        return text
    from importlib import import_module

    from pygments import highlight
    from pygments.formatters.terminal import TerminalFormatter

    module, name = LEXERS[suffix]
    lexer = getattr(import_module(module), name)(stripnl=False, ensurenl=False)
    # The sixteen colours are those that the user has chosen for the terminal.
    return str(highlight(text, lexer, TerminalFormatter(bg="dark")))
