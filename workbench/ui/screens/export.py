"""In which form a recording is exported, and whether the secrets in it are."""

from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.worker import Worker

from workbench.export import EXPORTERS, CannotExport, Subject
from workbench.export.exporter import Exporter
from workbench.export.picture import redacted_picture
from workbench.session.recording import Recording
from workbench.session.storage.format import NotARecordingError
from workbench.session.visible import visible
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.presentation.quantity import counted
from workbench.ui.presentation.source import FixedLines
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines

WAYS = (
    ("export-take", "writes"),
    ("export-secrets", "secrets or not"),
    ("export-exchange", "this exchange or all"),
    ("export-close", "closes"),
)
"""What fits 80 columns."""

NAME_WIDTH = 18

OWNER_ONLY = 0o600

_MOST_TRIES = 1000


class _Closed(Exception):  # noqa: N818 - what happened
    """The reader went back while the export was made."""


class ExportScreen(Dialog[str | None]):
    """Shown over what is exported; gives what was done, in words: what matters most comes first.

    Args:
        name: Of the session; the file is called so.
        load: Gives the recording, in a thread.
        directory: Where the file is written; by default where the program was started.
        exchange: Finds the number of the exchange that may be meant alone, in a thread; None where none may.
        picture: The screen (SVG), which is one more form; empty where there is none.
        listed: Names that the user calls secret, beside the usual ones.
    """

    help_topic = "export"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("export")

    def __init__(
        self,
        name: str,
        load: Callable[[], Recording],
        directory: Path | None = None,
        *,
        exchange: Callable[[], int] | None = None,
        picture: str = "",
        listed: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._stem = name
        self._load = load
        self._directory = directory or Path.cwd()
        self._exchange = exchange
        self._only_exchange = False
        self._picture = picture
        self._listed = listed
        self._secrets = False
        self._work: Worker[None] | None = None
        self._forms = [*EXPORTERS, *([_picture_form(self)] if picture else [])]

    def picture(self, subject: Subject) -> Iterator[bytes]:
        """Yield the picture, without the secrets that are not in the subject either."""
        secrets = subject.redacted is None
        svg = self._picture if secrets else redacted_picture(self._picture, self._load(), self._listed)
        yield svg.encode()

    def compose(self) -> ComposeResult:
        """Put the forms above what is said about secrets."""
        with Vertical(id="export") as box:
            # As content: a user may have put brackets into the name, and a text is read as markup.
            box.border_title = Content(f"Export {visible(self._stem)}")
            ways = [way for way in WAYS if way[0] != "export-exchange" or self._exchange is not None]
            box.border_subtitle = content_of(ways_line(ways, key_names_of(self)))
            yield LineView()
            yield TextLines()

    def on_mount(self) -> None:
        """Fill the list."""
        lines = self.query_one(LineView)
        lines.source = FixedLines(
            [
                (Piece(f" {one.name:<{NAME_WIDTH}}", Role.STRONG), Piece(one.summary, Role.DIM))
                for one in self._forms
            ]
        )
        lines.focus()
        self._say_secrets()

    def _say_secrets(self) -> None:
        if self._secrets:
            words = Piece("Secrets are left in: whoever gets the file can act for you", Role.WARNING)
        else:
            own = f", {counted(len(self._listed), 'name')} of yours" if self._listed else ""
            words = Piece(f"Secrets are redacted: credentials, cookies, userinfo{own}", Role.GOOD)
        what = "this exchange alone" if self._only_exchange else "all exchanges"
        self.query_one(TextLines).lines = (
            (words,),
            (Piece(f"{what}, to {visible(str(self._directory))}", Role.DIM),),
        )

    def _refuse(self, words: str) -> None:
        self.query_one(TextLines).lines = ((Piece(f"✗ {visible(words)}", Role.ERROR),),)

    @on(LineView.Chosen)
    def _chosen(self, event: LineView.Chosen) -> None:
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Write the file. In a thread: a long recording takes its time."""
        # A key that repeats asks again meanwhile, and once more when the file is there.
        if not self.is_active or (self._work is not None and not self._work.is_finished):
            return
        exporter = self._forms[self.query_one(LineView).cursor]
        self.query_one(TextLines).lines = ((Piece("exporting …", Role.DIM),),)
        self._work = self.run_worker(partial(self._export, exporter, self._secrets), thread=True)

    def action_secrets(self) -> None:
        """Leave the secrets in, or redact them."""
        self._secrets = not self._secrets
        self._say_secrets()

    def action_exchange(self) -> None:
        """Export the exchange alone, or all of them."""
        self._only_exchange = self._exchange is not None and not self._only_exchange
        self._say_secrets()

    def action_close(self) -> None:
        """Go back without an export."""
        self.dismiss(None)

    def _export(self, exporter: Exporter, secrets: bool) -> None:
        try:
            numbers = (self._exchange(),) if self._exchange is not None and self._only_exchange else ()
            subject = Subject.of(self._load(), secrets=secrets, listed=self._listed, numbers=numbers)
            pieces = self._while_open(exporter.export(subject))
            path = _write_new(self._directory, self._stem, exporter.suffix, pieces)
        except _Closed:
            return
        except (CannotExport, NotARecordingError) as error:
            self.app.call_from_thread(self._refuse, f"No {exporter.name}: {error}")
        except OSError as error:
            self.app.call_from_thread(self._refuse, f"{error.filename}: {error.strerror}")
        else:
            words = f"Written: {path.name}, {subject.secrets_words}, in {path.parent}"
            self.app.call_from_thread(self.dismiss, words)

    def _while_open(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces of an export, for as long as somebody wants it."""
        for piece in pieces:
            if not self.is_attached:
                raise _Closed
            yield piece


def _picture_form(screen: ExportScreen) -> Exporter:
    return Exporter("svg", ".svg", "the screen as it is, as a picture", screen.picture)


def _write_new(directory: Path, stem: str, suffix: str, pieces: Iterator[bytes]) -> Path:
    """Write a file that did not exist; nobody but its owner may read it.

    A part of a file is no export: it is taken away again where the rest cannot be made.
    """
    # The first piece before the file: a form that has nothing to hold says so there.
    first = next(pieces, b"")
    for number in range(1, _MOST_TRIES):
        path = directory / f"{stem}{f'-{number}' if number > 1 else ''}{suffix}"
        try:
            path.touch(OWNER_ONLY, exist_ok=False)
        except FileExistsError:
            continue
        try:
            with path.open("wb") as file:
                file.write(first)
                file.writelines(pieces)
        except BaseException:
            path.unlink()
            raise
        return path
    raise FileExistsError(17, f"there are {_MOST_TRIES} such files", str(directory / stem))
