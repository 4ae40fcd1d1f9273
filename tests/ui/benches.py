"""Sessions without a network: one that stands still and notes what it is told."""

from workbench.ui.messages import ViewChanged
from workbench.ui.view import View


class StillBench:
    """Shows one view for ever, and keeps the names of the commands that it was given."""

    def __init__(self, view: View):
        self.view = view
        self.given: list[tuple] = []
        self.refusal: Exception | None = None
        self.busy = False
        self._post = None

    def start(self, post):
        self._post = post

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

    def abort(self):
        self._note("abort")

    def restart(self):
        self._note("restart")

    def run_call(self, source):
        self._note("run_call", source)

    def close(self):
        self.given.append(("close",))
