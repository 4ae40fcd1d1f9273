"""Redraws the pictures of this directory from exchanges with the lab.

    .venv/bin/python screenshots/redraw.py            all of them
    .venv/bin/python screenshots/redraw.py main hex   those whose name begins so

Each picture is the real program of this checkout: a live session against its own server is recorded, ports,
times and segments are made the same on every run, and the screen draws the recording. SVG files come from Textual;
the PNG files that the README shows are drawn from them by a headless Chromium, when there is one.
"""

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

# What is drawn is this checkout, also where another one is installed, or none.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from workbench.lab import LabServer, find_scenario
from workbench.protocol.tap import BytesReceived, BytesSent
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.stepper import Stepper
from workbench.ui.app import WorkbenchApp
from workbench.ui.lab_host import LabHost
from workbench.ui.messages import ViewChanged
from workbench.ui.view import View

HERE = Path(__file__).parent
PORT = "40000"
"""Stands for whichever port the lab was given: as many digits, so that no offset changes."""

STEP_NS = 137_000
WAIT_SECONDS = 20
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Picture:
    """One picture."""

    name: str
    scenario: str
    steps: int
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    png: bool = False


PICTURES = (
    Picture("main-160x45", "hello", 6, (160, 45), png=True),
    Picture("main-120x36", "hello", 6, (120, 36)),
    Picture("main-80x24", "hello", 3, (80, 24), png=True),
    Picture("start-80x24", "hello", 0, (80, 24)),
    Picture("buffered-120x36", "post-echo", 3, (120, 36)),
    Picture("exception-120x36", "truncated-body", 5, (120, 36), png=True),
    Picture("exception-160x45", "garbage-status-line", 5, (160, 45)),
    Picture("chunked-160x45", "chunked-trailers", 6, (160, 45), ("4",)),
    Picture("hex-120x36", "chunked-trailers", 6, (120, 36), ("w",)),
    Picture("terminal-escapes-120x36", "terminal-escapes", 6, (120, 36), ("2",)),
    Picture("lab-120x36", "chunked-trailers", 0, (120, 36), ("f2",), png=True),
    Picture("help-120x36", "hello", 0, (120, 36), ("question_mark",)),
    Picture("palette-120x36", "hello", 0, (120, 36), ("ctrl+p",)),
)


class Normaliser:
    """Gives every event of a recording a port and a time that do not depend on the run."""

    def __init__(self, port: int) -> None:
        self._port = str(port)
        self._time_ns = 0

    def event(self, event: Any) -> Any:
        """Give an event with the same words in the same places."""
        self._time_ns += STEP_NS
        changed = {field.name: self._value(getattr(event, field.name)) for field in fields(event)}
        changed["time_ns"] = self._time_ns
        if isinstance(event, (BytesSent, BytesReceived)):
            changed["elapsed_ns"] = STEP_NS // 2
        if "local_port" in changed:
            changed["local_port"] = 50000
        return replace(event, **changed)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"0x[0-9a-f]{6,}", "0x7f0000000000", value.replace(self._port, PORT))
        if isinstance(value, bytes):
            return value.replace(self._port.encode(), PORT.encode())
        if isinstance(value, int) and str(value) == self._port:
            return int(PORT)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{f.name: self._value(getattr(value, f.name)) for f in fields(value)})
        return value


class Settled:
    """Waits until the lab has sent all that it will send until the client goes on.

    Then it lies ready as a whole, and one call of recv() gives all of it, on every run.
    """

    def __init__(self, lab: LabServer) -> None:
        self._lab = lab
        self._changed = threading.Condition()
        lab.subscribe(self._note)

    def _note(self, _event: object) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait(self, sent_length: int) -> None:
        """Wait for the server to have received so many bytes and to have answered them.

        Raises:
            TimeoutError: It has not.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._answered(sent_length), WAIT_SECONDS):
                raise TimeoutError(f"The lab has not answered after {WAIT_SECONDS} s")

    def _answered(self, sent_length: int) -> bool:
        log = self._lab.log.snapshot()
        received = sum(len(event.data) for event in log if event.kind == "received")
        return received == sent_length and (not log or log[-1].kind not in ("opened", "received", "sent"))


def record(picture: Picture) -> View:
    """Carry the steps out against the lab, and give what there is to be seen afterwards."""
    scenario = find_scenario(picture.scenario)
    recording = Recording()
    with LabServer() as lab:
        _, port = lab.open(scenario)
        normaliser = Normaliser(port)
        settled = Settled(lab)
        source = lab.script_for(scenario)
        stepper = Stepper(parse_script(source, f"lab: {scenario.name}"), Recorder(recording))
        try:
            for _ in range(picture.steps):
                stepper.step_over()
                if stepper.wait_until_idle(WAIT_SECONDS).ended:
                    break
                connection = recording.at().connection
                settled.wait(connection.sent_length if connection else 0)
            preview = stepper.preview()
            status = stepper.status
            normal = Recording()
            for entry in recording.entries:
                normal.append(normaliser.event(entry.event), entry.line)
        finally:
            stepper.close()
    if preview is not None:
        preview = replace(
            preview,
            text=preview.text.replace(str(port), PORT),
            data=preview.data.replace(str(port).encode(), PORT.encode()),
        )
    return View(
        name=f"lab: {scenario.name}",
        origin=lab_origin(scenario.tls is not None),
        source=source.replace(str(port), PORT),
        recording=normal,
        last_index=len(normal.entries) - 1,
        status=status,
        preview=preview,
    )


def lab_origin(tls: bool) -> str:
    """Give the address that the title bar shows."""
    return f"https://localhost:{PORT}" if tls else f"http://127.0.0.1:{PORT}"


class RecordedBench:
    """A session that is over: it shows its last view, and refuses nothing because nothing is asked."""

    busy = False

    def __init__(self, view: View) -> None:
        self.lab = LabHost()
        self._view = view
        self._post: Any = None

    def start(self, post: Any) -> None:
        """Remember where views go."""
        self._post = post

    def open(self) -> None:
        """Post the one view."""
        self._post(ViewChanged(self._view))

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


async def draw(picture: Picture) -> str:
    """Draw one picture as SVG."""
    app = WorkbenchApp(RecordedBench(record(picture)))
    async with app.run_test(size=picture.size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(*picture.keys)
        for _ in range(5):
            await pilot.pause()
        svg = app.export_screenshot(title="workbench")
    # Rich names its styles after a random number.
    return re.sub(r"\bterminal-\d+-", f"terminal-{picture.name}-", svg)


def draw_png(chromium: str, svg: Path, png: Path) -> None:
    """Have a browser without a window draw an SVG file."""
    match = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg.read_text(encoding="utf-8"))
    assert match is not None
    width, height = (int(float(one)) + 1 for one in match.groups())
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={png}",
                svg.as_uri(),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )


def main() -> int:
    """Redraw what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="beginnings of names")
    names = tuple(parser.parse_args().names)
    chromium = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    for picture in PICTURES:
        if names and not picture.name.startswith(names):
            continue
        svg = HERE / f"{picture.name}.svg"
        svg.write_text(asyncio.run(draw(picture)), encoding="utf-8")
        print(svg.name)
        if picture.png and chromium:
            draw_png(chromium, svg.resolve(), (HERE / f"{picture.name}.png").resolve())
            print(f"{picture.name}.png")
        elif picture.png:
            print(f"{picture.name}.png is left as it is: there is no Chromium here", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
