"""A view: everything that the screen shows at one moment, as one value."""

from dataclasses import dataclass, field, replace

from workbench.protocol.tap import DiagnosticFound
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.moment import Moment
from workbench.session.preview import Preview
from workbench.session.recording import Recording
from workbench.session.script_error import ScriptError
from workbench.session.status import StepperStatus
from workbench.session.walk import entries_of_run, line_at
from workbench.ui.held_server import HeldServer
from workbench.ui.subject import Subject


@dataclass(frozen=True, slots=True)
class Past:
    """Where in the recording a moment lies that is not the present."""

    position: int
    """Which event of its run, from 1 on."""

    count: int
    """How many events its run has so far."""

    run: int
    """Which run, from 1 on."""

    run_count: int


@dataclass(frozen=True)
class View:
    """What is shown. Two views are equal when they look the same, so that nothing is drawn twice."""

    name: str
    """What is loaded, such as `lab: hello`."""

    origin: str
    """Where it goes, such as `http://127.0.0.1:8000`; empty when the script alone knows."""

    source: str
    """The text of the script."""

    recording: Recording = field(compare=False)
    last_index: int
    """The entry after which it is; -1 before the first."""

    status: StepperStatus
    breakpoints: frozenset[int] = frozenset()
    """The lines with a breakpoint that is enabled."""

    disabled_breakpoints: frozenset[int] = frozenset()
    """The lines with one that is disabled."""

    preview: Preview | None = None
    script_error: ScriptError | None = None
    """Why the script cannot be run."""

    recorded: str = ""
    """When it was recorded, when it is a recording from a file; empty for a session that runs."""

    policy: str = ""
    """The policy that the settings give connections, where it is not the usual one."""

    server: HeldServer | None = None
    """The server, where it is held; None where it plays by itself. It is that of the present."""

    past: Past | None = None
    """Where it lies, when it is a moment of the past. The status and the script are those of then."""

    subject: Subject | None = None
    """What the reader pointed at or chose; None for what something happened on last."""

    @property
    def moment(self) -> Moment:
        """The recording as of this view."""
        return self.recording.at(self.last_index)

    @property
    def connection(self) -> ConnectionMoment | None:
        """The connection that the panes tell of. It always is one of the run that is shown."""
        moment = self.moment
        if self.subject is not None:
            found = moment.connection_numbered(self.subject.connection)
            if found is not None and found.record.run == moment.run:
                return found
        return moment.connection

    @property
    def chosen(self) -> bool:
        """Whether the reader chose that connection, and stays with it."""
        connection, subject = self.connection, self.subject
        return (
            subject is not None
            and subject.chosen
            and connection is not None
            and connection.number == subject.connection
        )

    @property
    def exchange(self) -> ExchangeMoment | None:
        """The exchange that the panes tell of, on that connection."""
        connection, subject = self.connection, self.subject
        if connection is None:
            return None
        found = None
        if subject is not None and subject.connection == connection.number and subject.exchange is not None:
            found = connection.exchange_numbered(subject.exchange)
        return found or connection.exchange

    @property
    def findings(self) -> int:
        """How much was found wrong in it."""
        exchange = self.exchange
        return exchange.count(DiagnosticFound) if exchange is not None else 0

    @property
    def arrow(self) -> int:
        """The line that the arrow stands on; 0 for none."""
        return 0 if self.status.ended else self.status.line

    @property
    def failed(self) -> bool:
        """Whether the line that ended last raised."""
        return self.moment.failure is not None

    @property
    def failed_here(self) -> bool:
        """Whether it did so on the connection that the panes tell of."""
        shown, failed = self.connection, self.moment.connection
        return self.failed and (shown is None or failed is None or shown.number == failed.number)

    @property
    def explained_here(self) -> bool:
        """Whether the card of the exception belongs to what the panes tell of.

        To an earlier exchange of the connection it does not, unless the line that raised touched that one.
        """
        connection, exchange, outcome = self.connection, self.exchange, self.moment.last_outcome
        if connection is None or exchange is None or outcome is None or not self.failed_here:
            return self.failed_here
        latest = connection.exchange
        is_latest = latest is None or latest.number == exchange.number
        return is_latest or exchange.last_index >= outcome.first_index

    def at(self, index: int, reason: str = "") -> "View":
        """Look back: the same session as it was after an entry.

        Args:
            index: Of an entry before the last one of this view.
            reason: Why it is looked at, when a breakpoint is the reason.
        """
        moment = self.recording.at(index)
        entries = entries_of_run(self.recording, index)
        runs = self.recording.runs
        line = line_at(self.recording, index)
        run = self.recording.run_at(index)
        # An earlier run may have been of another script, whose server is gone.
        another = run is not None and run.name != runs[-1].name
        return replace(
            self,
            name=run.name if run is not None and another else self.name,
            origin="" if another else self.origin,
            source=moment.script_source,
            last_index=index,
            status=StepperStatus(
                "paused",
                line,
                inside_call=moment.line != 0,
                entry_index=index,
                error=moment.failure,
                reason=reason,
            ),
            preview=None,
            script_error=None,
            past=Past(index - entries.start + 1, len(entries), moment.run, runs[-1].number if runs else 0),
        )


NOTHING = View(
    name="", origin="", source="", recording=Recording(), last_index=-1, status=StepperStatus("ready", 0)
)
"""Before anything is loaded."""
