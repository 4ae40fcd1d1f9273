"""Sessions without a network: one that stands still and notes what it is told."""

import dataclasses
from typing import ClassVar

from workbench.protocol.wire.state import State
from workbench.session.assist.scope import scope_of_text
from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.breakpoints import Breakpoints
from workbench.ui.lab_host import LabHost
from workbench.ui.messages import ViewChanged
from workbench.ui.view import View


class StillBench:
    """Shows one view for ever, and keeps the names of the commands that it was given."""

    def __init__(self, view: View):
        self.view = view
        self.given: list[tuple] = []
        self.refusal: Exception | None = None
        self.busy = False
        self.keys_pressed = 0
        self.list = Breakpoints()
        self.lab = LabHost()
        self._post = None

    def start(self, post):
        self._post = post

    def key_pressed(self):
        self.keys_pressed += 1

    def open(self):
        self.show(self.view)

    def show(self, view: View):
        self.view = view
        self._post(ViewChanged(view))

    def _note(self, *command):
        self.given.append(command)
        if self.refusal is not None:
            raise self.refusal

    def step_over(self):
        self._note("step_over")

    def step_into(self):
        self._note("step_into")

    def continue_(self):
        self._note("continue")

    def run_to_line(self, line):
        self._note("run_to_line", line)

    def toggle_breakpoint(self, line):
        self._note("toggle_breakpoint", line)

    @property
    def breakpoints(self):
        return self.list.placed

    def add_breakpoint(self, text):
        self._note("add_breakpoint", text)
        self.list.add(parse_breakpoint(text))

    def remove_breakpoint(self, breakpoint_):
        self._note("remove_breakpoint", str(breakpoint_))
        self.list.remove(breakpoint_)

    def enable_breakpoint(self, breakpoint_, enabled):
        self._note("enable_breakpoint", str(breakpoint_), enabled)
        self.list.enable(breakpoint_, enabled)

    def abort(self):
        self._note("abort")

    def restart(self):
        self._note("restart")

    file = None
    unsaved = False
    filled_in: ClassVar = {}

    def use_script(self, text):
        self._note("use_script", text)

    def save_script(self, text, path=None):
        self._note("save_script", text, path)
        return path

    def reload_script(self):
        self._note("reload_script")

    def load_text(self, name, text):
        self._note("load_text", name, text)

    def run_call(self, source):
        self._note("run_call", source)

    def scope(self):
        connection = self.view.connection
        states = {"conn": State(connection.state)} if connection else {}
        return dataclasses.replace(scope_of_text(self.view.source), states=states)

    def load_scenario(self, name, *, run):
        self._note("load_scenario", name, run)

    def is_shown(self, path):
        return False

    def open_recording(self, path):
        self._note("open_recording", path)

    def close(self):
        self.given.append(("close",))
