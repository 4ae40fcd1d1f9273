"""The sessions: every recording there is, to open, name, delete, export, and to compare exchanges of."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input

from workbench.session.recording import Recording
from workbench.session.storage.damage import Damage
from workbench.session.storage.directory import (
    NameRefusedError,
    RecordingDirectory,
    StoredRecording,
    delete_recording,
    in_use,
)
from workbench.session.storage.format import NotARecordingError
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.summary import Summary, summarise
from workbench.session.visible import visible
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.key_names import key_pieces, ways_line
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.session_list import (
    ExchangeRow,
    SessionLines,
    marked_exchange,
    no_sessions,
)
from workbench.ui.presentation.source import FixedLines
from workbench.ui.screens.export import ExportScreen
from workbench.ui.screens.program import Dialog
from workbench.ui.screens.side_by_side import SideBySideScreen
from workbench.ui.secret_names import redacted_fields_of
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines

WAYS = (
    ("sessions-open", "opens"),
    ("sessions-unfold", "exchanges"),
    ("sessions-rename", "names"),
    ("sessions-delete", "deletes"),
    ("sessions-export", "exports"),
    ("sessions-close", "back"),
)
"""What fits 80 columns; how to compare is said inside."""

BEGINNING = "{sessions-mark} on two exchanges marks them, {sessions-compare} shows them side by side"


class SessionsScreen(Dialog[Path | None]):
    """Shown over the workbench; gives the recording that is to be opened.

    Args:
        directory: Where the recordings are; None for the user's.

    Raises:
        OSError: There is no such place, and none can be made.
    """

    help_topic = "sessions"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("sessions")

    def __init__(self, directory: RecordingDirectory | None = None) -> None:
        super().__init__()
        self._directory = directory or RecordingDirectory()
        self._stored: list[StoredRecording] = []
        self._summaries: dict[Path, Summary] = {}
        self._unfolded: dict[Path, Recording] = {}
        self._marked: list[ExchangeRow] = []
        self._asked: StoredRecording | None = None
        """What is to be deleted, while the question is on the screen."""

        self._left_out: Damage | None = None
        """What could not be read of the recording that was exported last."""

        self._named: StoredRecording | None = None
        """What is to be named, while its name is typed. The cursor may go elsewhere meanwhile."""

    def compose(self) -> ComposeResult:
        """Put the list above what is to be said or typed."""
        with Vertical(id="sessions") as box:
            box.border_title = "Sessions"
            box.border_subtitle = content_of(ways_line(WAYS, key_names_of(self)))
            yield LineView()
            yield TextLines()
            name = Input(placeholder="a name, under which it is kept for good", compact=True)
            name.cursor_blink = False
            name.display = False
            yield name

    def on_mount(self) -> None:
        """List what there is; what is in each is found out in a thread."""
        self._list()
        self.query_one(LineView).focus()
        self._say_way(BEGINNING)

    def _list(self) -> None:
        self._stored = self._directory.recordings()
        self._draw()
        self.run_worker(partial(self._summarise, list(self._stored)), thread=True, exclusive=True)

    def _summarise(self, stored: list[StoredRecording]) -> None:
        for one in stored:
            if not self.is_attached:
                return
            self._summaries[one.path] = summarise(one.path)
            self.app.call_from_thread(self._draw)

    def _draw(self) -> None:
        if not self.is_attached:
            return
        lines = self.query_one(LineView)
        lines.show_cursor = bool(self._stored)
        marked = [(one.path, one.position) for one in self._marked]
        lines.source = (
            SessionLines(self._stored, self._summaries, self._unfolded, marked)
            if self._stored
            else FixedLines(no_sessions(key_names_of(self)))
        )

    # --- what is said -------------------------------------------------------------------

    def _say(self, *pieces: Piece) -> None:
        self.query_one(TextLines).lines = (pieces,)

    def _say_way(self, text: str) -> None:
        line: Line = key_pieces(text, key_names_of(self))
        self._say(*line)

    def _refuse(self, words: str) -> None:
        self._say(Piece(f"✗ {visible(words)}", Role.ERROR))

    # --- what is pointed at -------------------------------------------------------------

    def _row(self) -> StoredRecording | ExchangeRow | None:
        lines = self.query_one(LineView)
        return lines.source.at(lines.cursor) if isinstance(lines.source, SessionLines) else None

    def _session(self) -> StoredRecording | None:
        """Give the recording that the cursor is on, or on an exchange of."""
        row = self._row()
        return next((one for one in self._stored if row and one.path == row.path), None)

    # --- open ---------------------------------------------------------------------------

    @on(LineView.Chosen)
    def _chosen(self, event: LineView.Chosen) -> None:
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Go back, and show the recording."""
        self._asked = None
        session = self._session()
        if session is not None:
            self.dismiss(session.path)

    def action_close(self) -> None:
        """Take back the question or the name, or go back to the workbench."""
        if self._asked is not None or self.query_one(Input).display:
            self._asked = None
            self._stop_typing()
            self._say_way(BEGINNING)
        else:
            self.dismiss(None)

    # --- exchanges ----------------------------------------------------------------------

    def action_unfold(self) -> None:
        """Show the exchanges of the recording below it, or hide them."""
        self._asked = None
        session = self._session()
        if session is None:
            return
        if self._unfolded.pop(session.path, None) is not None:
            self._draw()
            self.query_one(LineView).point(self._row_of(session.path))
            return
        self._say(Piece(f"reading {visible(session.name)} …", Role.DIM))
        self.run_worker(partial(self._load, session.path), thread=True)

    def _row_of(self, path: Path) -> int:
        source = self.query_one(LineView).source
        return source.row_of(path) if isinstance(source, SessionLines) else 0

    def _load(self, path: Path) -> None:
        try:
            loader = RecordingLoader(path)
            while self.is_attached and not loader.step():
                pass
        except (OSError, NotARecordingError) as error:
            self.app.call_from_thread(self._refuse, f"{path.name}: {error}")
            return
        self.app.call_from_thread(self._loaded, path, loader)

    def _loaded(self, path: Path, loader: RecordingLoader) -> None:
        self._unfolded[path] = loader.recording
        self._draw()
        if loader.damage is not None:
            self._refuse(str(loader.damage))
        elif loader.recording.exchanges:
            self._say_way(BEGINNING)
        else:
            self._say(Piece("There is no exchange in it", Role.DIM))

    def action_mark(self) -> None:
        """Mark the exchange as one of the two that are compared, or take the mark off."""
        self._asked = None
        row = self._row()
        if not isinstance(row, ExchangeRow):
            self._say_way(
                "{sessions-unfold} shows the exchanges of this recording; one of them can be marked"
            )
            return
        marks = [one for one in self._marked if (one.path, one.position) != (row.path, row.position)]
        # A third one takes the place of the second: the first is what others are compared with.
        self._marked = marks if len(marks) < len(self._marked) else [*marks[:1], row]
        self._draw()
        if len(self._marked) == 2:
            self._say_way("{sessions-compare} shows A and B side by side")
        else:
            self._say_way(BEGINNING)

    def action_compare(self) -> None:
        """Show the two exchanges side by side."""
        if len(self._marked) == 2:
            one, other = map(marked_exchange, self._marked)
            self.app.push_screen(SideBySideScreen((one, other)))
        else:
            self._say_way(f"Two exchanges have to be marked, {len(self._marked)} is so far: {BEGINNING}")

    # --- name, delete, export -----------------------------------------------------------

    def action_rename(self) -> None:
        """Ask for a name."""
        self._asked = None
        session = self._session()
        if session is None:
            return
        self._named = session
        line = self.query_one(Input)
        line.value = session.name if session.kept else ""
        line.display = True
        line.focus()
        self._say_way(f"Enter names {visible(session.name)}, {{sessions-close}} leaves it as it is")

    @on(Input.Submitted)
    def _rename(self, event: Input.Submitted) -> None:
        event.stop()
        session = self._named
        if session is None:
            return
        try:
            path = self._directory.rename(session.path, event.value)
        except NameRefusedError as error:
            self._refuse(str(error))
            return
        except OSError as error:
            self._refuse(f"It cannot be renamed: {error.strerror}")
            return
        self._marked = [replace(one, path=path) if one.path == session.path else one for one in self._marked]
        if session.path in self._unfolded:
            self._unfolded[path] = self._unfolded.pop(session.path)
        self._stop_typing()
        self._list()
        self.query_one(LineView).point(self._row_of(path))
        self._say(Piece(f"It is called {visible(path.stem)}, and stays until you delete it", Role.GOOD))

    def _stop_typing(self) -> None:
        self.query_one(Input).display = False
        self.query_one(LineView).focus()

    def action_delete(self) -> None:
        """Ask whether the recording is to be deleted."""
        session = self._session()
        if session is None:
            return
        if in_use(session.path):
            self._refuse("It is being written, and can be deleted when that session has ended")
            return
        self._asked = session
        question = Piece(f"Delete {visible(session.name)} for good? ", Role.WARNING)
        self._say(
            question,
            *key_pieces("{sessions-confirm} deletes it, {sessions-close} keeps it", key_names_of(self)),
        )

    def action_confirm(self) -> None:
        """Delete what was asked about."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        try:
            delete_recording(asked.path)
        except OSError as error:
            self._refuse(f"It cannot be deleted: {error.strerror}")
        else:
            self._say(Piece(f"{visible(asked.name)} is deleted", Role.GOOD))
        self._forget(asked.path)
        self._list()

    def _forget(self, path: Path) -> None:
        self._unfolded.pop(path, None)
        self._summaries.pop(path, None)
        self._marked = [one for one in self._marked if one.path != path]

    def action_export(self) -> None:
        """Choose the form in which the recording is exported."""
        self._asked = None
        session = self._session()
        if session is not None:
            screen = ExportScreen(
                session.path.stem, partial(self._whole, session.path), listed=redacted_fields_of(self.app)
            )
            self.app.push_screen(screen, self._exported)

    def _whole(self, path: Path) -> Recording:
        loader = RecordingLoader(path)
        recording = loader.load()
        self._left_out = loader.damage
        return recording

    def _exported(self, done: str | None) -> None:
        if done:
            lines: list[Line] = [(Piece(visible(done), Role.GOOD),)]
            if self._left_out is not None:
                lines.append((Piece(f"✗ {visible(str(self._left_out))}", Role.ERROR),))
            self.query_one(TextLines).lines = tuple(lines)
