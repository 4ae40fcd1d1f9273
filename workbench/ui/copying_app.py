"""An app whose every copy takes the best way out, and says only what is known of it."""

import asyncio
import os
from typing import Any

from textual.app import App


class CopyingApp(App[None]):
    """The screen, its inputs and its panels all copy with `copy_to_clipboard`."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text: with a tool of the desktop, to the terminal, or into a file."""
        # What is pasted into an input of the app itself.
        self._clipboard = text
        self.run_worker(self._copy(text), group="copy")

    async def _copy(self, text: str) -> None:
        # Imported when something is copied: the first frame waits for this module.
        from workbench.ui.commands import BY_ID
        from workbench.ui.copying import copy_text
        from workbench.ui.keys import keys_of
        from workbench.ui.messages import ProblemFound
        from workbench.ui.presentation.copy_choices import copied_line
        from workbench.ui.presentation.piece import plain

        try:
            copied = await asyncio.to_thread(copy_text, text, os.environ)
        except OSError as error:
            # The first screen of all has the panel for problems.
            self.screen_stack[0].post_message(ProblemFound(f"The copy could not be written: {error}"))
            return
        if copied.way == "terminal":
            give_to_terminal(self, copied.text)
        words = plain(copied_line(copied.way, f"{len(text)} characters", copied.where, copied.reason))
        # ctrl+c is what many press to leave a program.
        leave = keys_of(self.screen_stack[0], BY_ID["quit"], only_first=True)
        self.notify(f"{words} · {leave} leaves", markup=False)


def give_to_terminal(app: App[Any], text: str) -> None:
    """Write the sequence that asks a terminal to copy (OSC 52)."""
    App.copy_to_clipboard(app, text)
