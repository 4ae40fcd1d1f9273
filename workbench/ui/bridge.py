"""The bridge: the one object that the screen and the session's threads have in common.

The screen gives it commands; none of them waits. What happens in the session's threads is told to the
pacer, which has a view made in the event loop now and then. So no thread touches a widget, and no thread
waits for the screen.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from textual.message import Message

from workbench.config import Settings
from workbench.lab import LabEvent, UnknownScenario
from workbench.protocol.policy import BY_NAME
from workbench.session.assist.scope import Scope
from workbench.session.breakpoint import Breakpoint, LineBreakpoint
from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.breakpoints import Breakpoints, PlacedBreakpoint
from workbench.session.filled_in import filled_anew, find_filled_in
from workbench.session.interpreter import Interpreter
from workbench.session.moved_lines import moved_lines
from workbench.session.preview import Preview
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import Script, parse_script
from workbench.session.script_error import ScriptError
from workbench.session.script_file import line_end_of, plain_text, write_source
from workbench.session.status import CommandRefused, StepperStatus
from workbench.session.stepper import Stepper
from workbench.session.storage.directory import RecordingDirectory
from workbench.session.storage.log import LiveLog
from workbench.session.storage.writer import RecordingWriter
from workbench.ui.bench import Post
from workbench.ui.lab_host import LabHost
from workbench.ui.messages import OpenStarted, ProblemFound, ViewChanged
from workbench.ui.opening import CannotOpen, Source, Target, read_target
from workbench.ui.pacer import Pacer
from workbench.ui.peer_reports import PeerReports
from workbench.ui.recorded import RecordedSession, end_recording
from workbench.ui.view import View

NO_SETTINGS = Settings()
"""Those of a user who has settled nothing."""


class LiveBench:
    """A session that runs.

    Args:
        target: What to open.
        settings: What scripts are given that say nothing themselves.
    """

    def __init__(self, target: Target, settings: Settings = NO_SETTINGS) -> None:
        self._target = target
        self._policy = settings.policy if settings.policy != NO_SETTINGS.policy else ""
        self._interpreter_factory = partial(
            Interpreter,
            default_timeout=settings.silence_seconds,
            default_policy=BY_NAME.get(self._policy),
        )
        self.lab = LabHost(target.scenario_directory)
        self._source: Source | None = None
        self._error: ScriptError | None = None
        self._recorded: RecordedSession | None = None
        self._stepper: Stepper | None = None
        self._pacer = Pacer(self._send_view, lambda: self.busy)
        self._changed = self._pacer.changed
        self._begin_recording()
        self.lab.subscribe(self._peer_told)
        self.lab.changed = self._changed
        self._breakpoints = Breakpoints()
        self._opened = threading.Event()
        self._loading = threading.Lock()
        self._closed = False
        self._post: Post | None = None
        self._preview: tuple[StepperStatus, Preview | None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a command is being carried out, at this very moment."""
        return self._stepper is not None and not self._stepper.status.idle

    @property
    def status(self) -> StepperStatus:
        """Where the run stands."""
        if self._recorded is not None:
            return self._recorded.status
        return self._stepper.status if self._stepper else StepperStatus("ready", 0)

    # --- opening and closing ------------------------------------------------------------

    def start(self, post: Post) -> None:
        """Begin to post views."""
        self._post = post
        self._pacer.start()

    def key_pressed(self) -> None:
        """Have views wait until the key is answered."""
        self._pacer.key_pressed()

    def open(self) -> None:
        """Start the lab where it is needed, and load the script; or read a recording."""
        name = self._target.scenario_name
        try:
            if self._target.recording_path is not None:
                self._opened.set()
                self.open_recording(self._target.recording_path)
            elif name is None:
                self._load(read_target(self._target))
            else:
                self._say(OpenStarted("the lab server to listen"))
                with self._loading:
                    self._load(self.lab.load(name))
        except (CannotOpen, UnknownScenario, ValueError, OSError) as error:
            self._say(ProblemFound(str(error), "{quit} leaves the workbench"))
        else:
            self._tell_of_wrong_scenarios()
        finally:
            self._opened.set()
            self._changed()

    def load_scenario(self, name: str, *, run: bool) -> None:
        """Load a scenario of the lab in the place of the script, and perhaps run it."""
        with self._loading:
            if self._closed:
                return
            # Nobody presses keys for a server whose script is run to its end.
            self._load(self.lab.load(name, by_hand=not run))
            if run:
                self._ready_stepper().continue_()
        self._changed()

    def load_text(self, name: str, text: str) -> None:
        """Load a script that is in no file, and talks to whom it wants."""
        with self._loading:
            if self._closed:
                return
            self.lab.leave()
            self._load(Source(name, text))
        self._changed()

    def is_shown(self, path: Path) -> bool:
        """Say whether a recording is that of the session, or the one that is looked at."""
        if self._recorded is not None:
            return self._recorded.path == path
        log = self._recorder.recording.entries
        return isinstance(log, LiveLog) and log.writer is not None and log.writer.is_at(path)

    def open_recording(self, path: Path) -> None:
        """Show a recording in the place of the session. Views are posted while it is read."""
        recorded = RecordedSession(path)
        with self._loading:
            if self._closed:
                return
            self._end_session()
            self.lab.leave()
            self._recorded = recorded
            self._source = Source(recorded.name, "")
        while not recorded.read_on() and self._recorded is recorded and not self._closed:
            self._changed()
        self._changed()
        if recorded.damage is not None and self._recorded is recorded:
            self._say(ProblemFound(str(recorded.damage)))

    def _begin_recording(self) -> None:
        """Make a recording that is written to disk from its first event on."""
        self._recorder = Recorder(Recording(LiveLog(self._begin_file)))
        self._recorder.subscribe(self._changed)
        self._reports = PeerReports(self._recorder)
        self._told_of_problem = False

    def _begin_file(self) -> RecordingWriter:
        directory = RecordingDirectory()
        directory.prune()
        return directory.begin(self._source.name if self._source else "")

    def _end_session(self) -> None:
        """End the run, or stop looking at the recording, and begin another one."""
        if self._stepper is not None:
            self._stepper.close()
            self._stepper = None
        end_recording(self._recorder)
        self._recorded = self._error = self._preview = None
        self._begin_recording()

    def _peer_told(self, event: LabEvent) -> None:
        # The lab stays; the session whose peer it is may end, and another one begin.
        self._reports(event)

    def _load(self, source: Source) -> None:
        """Take a source, and begin with its script; or keep what is wrong with it."""
        if self._recorded is not None:
            self._end_session()
        if self._source is not None and self._source.name == source.name:
            self._breakpoints.move_lines(moved_lines(self._text, plain_text(source.text)))
        self._source = source
        self._error = None
        try:
            script = parse_script(source.text, source.name)
        except ScriptError as error:
            self._error = error
            return
        self._begin(script)

    def _begin(self, script: Script) -> None:
        if self._stepper is None:
            self._stepper = Stepper(
                script,
                self._recorder,
                interpreter_factory=self._interpreter_factory,
                breakpoints=self._breakpoints,
            )
            self._stepper.subscribe(self._status_changed)
        else:
            self._stepper.restart(script)

    @property
    def _text(self) -> str:
        """The script as it is on the screen."""
        if self._recorded is not None:
            return self._recorded.source
        if self._stepper is not None and self._error is None:
            return self._stepper.script.source
        return plain_text(self._source.text) if self._source is not None else ""

    def close(self) -> None:
        """End the run, then the server that it talks to."""
        self._closed = True
        # Opening may still be going on in its thread; what it makes must be ended too.
        self._opened.wait(timeout=2)
        with self._loading:
            if self._stepper is not None:
                self._stepper.close()
            self.lab.stop()
            end_recording(self._recorder)

    # --- commands -----------------------------------------------------------------------

    def _ready_stepper(self) -> Stepper:
        if self._recorded is not None:
            raise CommandRefused("This is a recording, in which nothing runs")
        if self._stepper is None or self._error is not None:
            raise CommandRefused(
                f"No call can run, line {self._error.line} has an error"
                if self._error
                else "Nothing is loaded yet"
            )
        return self._stepper

    def step_over(self) -> None:
        """Execute one statement."""
        self._ready_stepper().step_over()

    def step_into(self) -> None:
        """Go on to the next event."""
        self._ready_stepper().step_into()

    def continue_(self) -> None:
        """Run to the next breakpoint, or to the end."""
        self._ready_stepper().continue_()

    def run_to_line(self, line: int) -> None:
        """Run up to a line."""
        self._ready_stepper().run_to_line(line)

    @property
    def breakpoints(self) -> tuple[PlacedBreakpoint, ...]:
        """All breakpoints."""
        return self._breakpoints.placed

    def toggle_breakpoint(self, line: int) -> None:
        """Set or clear a breakpoint on a line."""
        if LineBreakpoint(line) not in self._breakpoints:
            self._refuse_where_nothing_stops(line)
        self._breakpoints.toggle_line(line)
        self._changed()

    def add_breakpoint(self, text: str) -> None:
        """Add the breakpoint that a text stands for."""
        breakpoint_ = parse_breakpoint(text)
        if isinstance(breakpoint_, LineBreakpoint):
            self._refuse_where_nothing_stops(breakpoint_.line)
        self._breakpoints.add(breakpoint_)
        self._changed()

    def remove_breakpoint(self, breakpoint_: Breakpoint) -> None:
        """Delete a breakpoint."""
        self._breakpoints.remove(breakpoint_)
        self._changed()

    def enable_breakpoint(self, breakpoint_: Breakpoint, enabled: bool) -> None:
        """Switch a breakpoint on or off."""
        self._breakpoints.enable(breakpoint_, enabled)
        self._changed()

    def _refuse_where_nothing_stops(self, line: int) -> None:
        if self._error is None and self._stepper is not None and not self._stepper.stops_at(line):
            raise CommandRefused(f"No run stops at line {line}: there is no call on it")

    def abort(self) -> None:
        """End the run."""
        self._ready_stepper().abort()

    def restart(self) -> bool:
        """Begin again, with what is in the file or, where that would be lost, what is on the screen."""
        if self._source is None:
            raise CommandRefused("Nothing is loaded yet")
        if self._recorded is not None:
            self._run_anew(self._recorded)
            return False
        differs = False
        if self._source.path is not None:
            unsaved = self.unsaved
            try:
                found = read_target(Target(script_path=self._source.path))
            except CannotOpen:
                if not unsaved:
                    raise
            else:
                differs = found.text != self._source.text
                if (differs and not unsaved) or self._error is not None:
                    self._load(found)
                    self._changed()
                    return False
        self._ready_stepper().restart()
        return differs

    @property
    def file(self) -> Path | None:
        """Where the script is saved; None for one that has no file."""
        return self._source.path if self._source is not None else None

    @property
    def unsaved(self) -> bool:
        """Whether the script has a file, and the file has something else."""
        source = self._source
        if source is None or source.path is None or self._error is not None:
            return False
        return self._text.rstrip("\n") != plain_text(source.text).rstrip("\n")

    @property
    def filled_in(self) -> Mapping[str, str]:
        """What the lab has filled into the script."""
        return self._source.filled_in if self._source is not None else {}

    def use_script(self, text: str) -> None:
        """Begin again with another text. The file stays as it is."""
        if self._source is None:
            raise CommandRefused("Nothing is loaded yet")
        script = parse_script(text, self._source.name)
        self._breakpoints.move_lines(moved_lines(self._text, text))
        self._error = None
        self._begin(script)
        self._changed()

    def save_script(self, text: str, path: Path | None = None) -> Path:
        """Write a text to the file of the script, and begin again with it where it is another one."""
        with self._loading:
            source = self._source
            target = path or (source.path if source is not None else None)
            if source is None or target is None:
                raise CommandRefused("The script has no file")
            line_end = line_end_of(source.text)
            write_source(target, text, line_end)
            if self._recorded is not None:
                return target
            saved = replace(source, name=target.name, text=text.replace("\n", line_end), path=target)
            if text == self._text and self._error is None:
                self._source = saved
            else:
                # The lines of the old text are those of the new file's name, too.
                self._source = replace(source, name=saved.name)
                self._load(saved)
        self._changed()
        return target

    def reload_script(self) -> None:
        """Begin again with what is in the file."""
        with self._loading:
            if self._source is None or self._source.path is None:
                raise CommandRefused("The script has no file")
            self._load(read_target(Target(script_path=self._source.path)))
        self._changed()

    def _run_anew(self, recorded: RecordedSession) -> None:
        """Load the script of a recording, as a new session."""
        scenario = recorded.scenario
        if scenario is not None:
            # The server that it talked to is gone, and another one may take a moment to start.
            threading.Thread(target=self._load_again, args=(scenario, recorded.source)).start()
            return
        self._load(Source(recorded.name, recorded.source))
        self._changed()

    def _load_again(self, scenario: str, recorded: str) -> None:
        """Load the script that ran a scenario then, which may have been edited, against the server of now."""
        try:
            with self._loading:
                if self._closed:
                    return
                source = self.lab.load(scenario)
                then = find_filled_in(recorded, source.filled_in)
                # Not every recording is of a script.
                text = filled_anew(recorded, then, source.filled_in) or source.text
                self._load(replace(source, text=text))
        except (CannotOpen, OSError) as error:
            self._say(ProblemFound(str(error)))
            return
        self._changed()
        if recorded and "{port}" not in then:
            self._say(
                ProblemFound(f"The script names no port of the lab, which listens at {source.origin} now")
            )

    def run_call(self, source: str) -> None:
        """Add a call to the script and run it."""
        self._ready_stepper().run_call(source)

    def scope(self) -> Scope:
        """Say what the names stand for that a call can use now."""
        return self._stepper.scope() if self._stepper is not None else Scope()

    # --- views --------------------------------------------------------------------------

    def _say(self, message: Message) -> None:
        """Post a message from any thread."""
        if self._post is not None:
            self._post(message)

    def _status_changed(self) -> None:
        if self.busy:
            self._changed()
        else:
            self._pacer.finished()

    def _tell_of_wrong_scenarios(self) -> None:
        """Say what is wrong with the user's own files. Whoever reads the list of scenarios is told again."""
        if self._target.scenario_directory is not None and (wrong := self.lab.catalogue().error):
            self._say(ProblemFound(wrong, "{lab} lists the others"))

    def _send_view(self) -> None:
        self._reports.flush()
        self._tell_of_problem()
        if self._source is not None and not self._closed:
            self._say(ViewChanged(self._view(self._source)))

    def _tell_of_problem(self) -> None:
        """Say once that the recording cannot be written to disk."""
        log = self._recorder.recording.entries
        if isinstance(log, LiveLog) and log.problem is not None and not self._told_of_problem:
            self._told_of_problem = True
            reason = log.problem.strerror or str(log.problem)
            self._say(
                ProblemFound(
                    f"The recording cannot be written to disk: {reason}. The session goes on in memory",
                    "What happens from now on is lost when you leave",
                )
            )

    def _view(self, source: Source) -> View:
        stepper, recorded = self._stepper, self._recorded
        # The status goes first: everything that it tells of is in the recording already.
        status = self.status
        recording = recorded.recording if recorded else self._recorder.recording
        if recorded is not None:
            name, text = recorded.name, recorded.source
        else:
            name = f"{source.name} (not saved)" if self.unsaved else source.name
            text = source.text if self._error or stepper is None else stepper.script.source
        return View(
            name=name,
            origin=source.origin,
            recorded=recorded.words if recorded else "",
            policy="" if recorded else self._policy,
            source=text,
            recording=recording,
            last_index=len(recording.entries) - 1,
            status=status,
            breakpoints=self._breakpoints.lines,
            disabled_breakpoints=self._breakpoints.disabled_lines,
            preview=self._preview_for(status),
            script_error=self._error,
            server=self.lab.held,
        )

    def _preview_for(self, status: StepperStatus) -> Preview | None:
        if self._stepper is None or self._error is not None or status.mode not in ("ready", "paused"):
            return None
        if self._preview is None or self._preview[0] is not status:
            self._preview = (status, self._stepper.preview())
        return self._preview[1]
