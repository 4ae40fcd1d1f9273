"""A screen from which scenarios and exceptions can be looked up, and played and tripped."""

from workbench.ui.presentation.exception_tree import Tripped
from workbench.ui.presentation.played import PlayedScenarios
from workbench.ui.screens.exceptions import ExceptionsScreen
from workbench.ui.screens.lab import LabScreen
from workbench.ui.screens.server_commands import ServerCommandsScreen
from workbench.ui.view import View


class LabCommandsScreen(ServerCommandsScreen):
    """Opens the screens that choose a scenario, and tells them what happens meanwhile."""

    def __init__(self, classes: str) -> None:
        super().__init__(classes=classes)
        self._tripped = Tripped()
        self._played = PlayedScenarios()

    def action_lab(self) -> None:
        """Show the scenarios of the lab."""
        self.to_present()
        self.app.push_screen(LabScreen(self.bench, self.traveller.present, self._played))

    def action_exceptions(self) -> None:
        """Show the tree of exceptions."""
        self.to_present()
        self.app.push_screen(ExceptionsScreen(self.bench, self._tripped))

    def tell_screens(self, view: View) -> None:
        """Note what was tripped and played, and tell a screen that is open of a new view."""
        if not view.recorded:
            # A recording from a file tells of another session.
            self._tripped.read(view.recording)
            self._played.read(view.recording, self.bench.lab.known)
        for screen in self.app.screen_stack:
            if isinstance(screen, ExceptionsScreen | LabScreen):
                screen.show_view(view)
