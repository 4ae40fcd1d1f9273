"""The transcript, as text and as Markdown."""

from collections.abc import Iterator

from workbench.export.exporter import Exporter
from workbench.export.subject import Subject
from workbench.session.headings import exchange_headings
from workbench.session.retelling import transcript_lines
from workbench.session.visible import visible


def export_text(subject: Subject) -> Iterator[bytes]:
    """Yield the transcript as `workbench run` prints it."""
    yield f"{subject.secrets_line}\n\n".encode()
    for line in transcript_lines(subject.recording, subject.only):
        yield f"{line}\n".encode()


def export_markdown(subject: Subject) -> Iterator[bytes]:
    """Yield a page with the exchanges, the script and the transcript."""
    moment = subject.recording.at()
    name = next((run.name for run in reversed(subject.recording.runs) if run.name), "a recording")
    yield f"# {_inline(name)}\n\n{subject.secrets_line}.\n".encode()
    headings = list(exchange_headings(subject.recording, subject.records))
    if headings:
        yield ("\n## Exchanges\n\n" + "".join(f"- {_inline(line)}\n" for line in headings)).encode()
    if moment.script_source and subject.is_whole:
        block = _block(moment.script_source.rstrip(), "python")
        yield f"\n## Script\n\n{block}".encode("utf-8", "backslashreplace")
    transcript = "\n".join(transcript_lines(subject.recording, subject.only))
    yield f"\n## Transcript\n\n{_block(transcript, 'text')}".encode()


def _inline(text: str) -> str:
    """Keep the punctuation of Markdown, and HTML, from meaning anything."""
    return "".join(
        f"\\{character}" if character in "\\`*_{}[]<>#|&" else character for character in visible(text)
    )


def _block(text: str, language: str) -> str:
    """Fence a block with more backticks than it has in a row (CommonMark section 4.5)."""
    longest = max((len(run) for run in _runs_of_backticks(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"


def _runs_of_backticks(text: str) -> Iterator[str]:
    run = ""
    for character in text + "\n":
        if character == "`":
            run += character
        elif run:
            yield run
            run = ""


EXPORTERS = (
    Exporter("text", ".txt", "the transcript, as workbench run prints it", export_text),
    Exporter("markdown", ".md", "the transcript as a page of Markdown", export_markdown),
)
