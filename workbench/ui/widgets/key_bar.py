"""The footer: what can be done next, with the user's own keys."""

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.visual import VisualType
from textual.widget import Widget

from workbench.ui.commands import Command, footer_commands
from workbench.ui.keys import keys_of
from workbench.ui.presentation.piece import Role
from workbench.ui.theme import ROLE_STYLES


class KeyBar(Widget):
    """One line of keys. Each can be clicked."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        background: $panel;
        color: $foreground;
        link-style: none;
        link-color: $foreground;
        link-background: $panel;
        link-style-hover: bold;
    }
    """

    mode = reactive("ready")
    """The stepper's, `past`, `broken` or `typing`: it decides what makes sense."""

    roomy = reactive(False)
    """Whether more than six items may be shown."""

    panel = reactive(False)
    """Whether the panel of a problem is open."""

    def render(self) -> VisualType:
        """Draw as many as fit."""
        content = Content(" ")
        for command in footer_commands(self.mode, self.roomy, self.panel):
            item = self._item(command)
            if content.cell_length + item.cell_length > self.size.width:
                break
            content = content.append(item)
        return content

    def _item(self, command: Command) -> Content:
        key = keys_of(self.screen, command, only_first=True)
        click = Style.from_meta({"@click": f"screen.{command.action}"})
        # Textual draws whatever can be clicked in the colours of a link, so the key itself cannot.
        text = Content(key).stylize(ROLE_STYLES[Role.KEY])
        return text.append(Content(f" {command.label}").stylize(click)).append("   ")
