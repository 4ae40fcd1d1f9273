"""What is said between the bridge, the widgets and the screen. Requests are verbs, facts are past."""

from dataclasses import dataclass

from textual.message import Message

from workbench.toml_table import TomlError
from workbench.ui.presentation.layout import Pane
from workbench.ui.view import View


@dataclass
class ViewChanged(Message):
    """There is something new to show. Posted by the bridge, at most thirty times a second."""

    view: View


@dataclass
class OpenStarted(Message):
    """Something slow has begun before there is anything to show."""

    words: str
    """What is waited for."""


@dataclass
class ProblemFound(Message):
    """Something cannot be done. Shown in the panel above the call line."""

    words: str
    hint: str = ""
    """The way out. What stands in braces is the id of a command, in the place of its key."""


@dataclass
class SettingsRefused(Message):
    """The settings file says things that cannot be."""

    problems: tuple[TomlError, ...]


@dataclass
class EntryChosen(Message):
    """The reader pointed at a line, an event, a byte or a node of the tree."""

    index: int
    """Of the entry that belongs to it."""

    pane: Pane
    """Where it was pointed at."""


@dataclass
class MomentRequested(Message):
    """The reader wants to see everything as it was after an entry."""

    index: int


@dataclass
class PaneRequested(Message):
    """The reader wants to see a pane."""

    pane: Pane


@dataclass
class ConnectionRequested(Message):
    """The reader wants to see a connection, and to stay with it."""

    connection: int | None
    """Its number; None for the list of all."""


@dataclass
class CallRequested(Message):
    """The reader typed a call."""

    source: str
