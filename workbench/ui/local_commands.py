"""What works in one list or on one screen alone, by the place where it works.

The ids begin with the place, and keymaps name them like all others. A key may mean something else in
another place: what has the focus is asked first.
"""

from collections.abc import Mapping

from textual.binding import BindingType

from workbench.ui.commands import BY_ID as MAIN_BY_ID
from workbench.ui.commands import Command, bindings


def _local(id_: str, keys: str, label: str, help_: str, does: str) -> Command:
    return Command(id_, keys, label, help_, "Here", does=does)


PLACES: Mapping[str, tuple[Command, ...]] = {
    "list": (
        _local("list-up", "up,k", "Up", "Go one line up", "cursor(-1)"),
        _local("list-down", "down,j", "Down", "Go one line down", "cursor(1)"),
        _local("list-page_up", "pageup", "Page up", "Go one page up", "page(-1)"),
        _local("list-page_down", "pagedown", "Page down", "Go one page down", "page(1)"),
        _local("list-first", "home", "First line", "Go to the first line", "edge(0)"),
        _local("list-last", "end", "Last line", "Go to the last line", "edge(-1)"),
        _local("list-left", "left", "Left", "Scroll to the left", "sideways(-8)"),
        _local("list-right", "right", "Right", "Scroll to the right, where lines are longer", "sideways(8)"),
    ),
    "events": (
        _local("events-visit", "enter", "Go there", "Show everything as it was after this event", "visit"),
    ),
    "tree": (
        _local("tree-toggle", "enter,space", "Open or close", "Open or close the node", "toggle_node"),
        _local("tree-open", "right", "Open", "Open the node", "open(True)"),
        _local("tree-close", "left", "Close", "Close the node", "open(False)"),
    ),
    "tab": (
        _local("tab-follow", "enter", "To the bytes", "Go to the bytes that the line is about", "follow"),
    ),
    "find": (
        _local("find-earlier", "up", "Earlier", "Bring back what was searched for before", "recall(-1)"),
        _local("find-later", "down", "Later", "Bring back what was searched for later", "recall(1)"),
    ),
    "breakpoints": (
        _local("breakpoints-switch", "space,enter", "On or off", "Switch the breakpoint on or off", "switch"),
        _local("breakpoints-delete", "delete,backspace,x", "Delete", "Delete the breakpoint", "delete"),
        _local("breakpoints-edit", "e", "Edit", "Change the breakpoint, in the line below", "edit"),
        _local("breakpoints-type", "a,i,tab", "Add", "Type another breakpoint, below", "type"),
        _local("breakpoints-close", "q,B", "Close", "Go back to the workbench", "screen.close"),
    ),
    "breakpoint_line": (
        _local("breakpoint_line-complete", "tab", "Complete", "Take the completion over", "complete"),
        _local("breakpoint_line-leave", "up,shift+tab", "To the list", "Go to the list above", "leave"),
    ),
    "connections": (
        _local("connections-take", "enter", "Show", "Show this connection, or this exchange of it", "take"),
        _local("connections-follow", "f", "Follow", "Follow whatever happens", "follow"),
        _local("connections-close", "escape,q,C", "Close", "Go back to the workbench", "dismiss"),
    ),
    "copy": (
        _local("copy-take", "enter", "Copy", "Copy these bytes in this form; so does its digit", "take"),
        _local("copy-script", "s", "Script", "Copy the calls that make this request", "call('script')"),
        _local("copy-python", "p", "Python", "Copy a program that makes this request", "call('python')"),
        _local("copy-curl", "c", "curl", "Copy the curl command that makes this request", "call('curl')"),
        _local("copy-pytest", "t", "pytest", "Copy a test that expects this answer", "call('pytest')"),
        _local("copy-secrets", "x", "Secrets", "Redact the secrets of the request, or leave them", "secrets"),
        _local("copy-close", "escape,y,q", "Close", "Go back without a copy", "dismiss"),
    ),
    "exceptions": (
        _local("exceptions-trip", "t", "Trip", "Run the scenario that raises it, and stay here", "trip"),
        _local("exceptions-load", "enter", "Load", "Load the scenario that raises it", "load"),
        _local("exceptions-close", "escape,q,f3", "Close", "Go back to the workbench", "close"),
    ),
    "lab": (
        _local("lab-load", "enter", "Load", "Load the scenario, and go to its script", "load"),
        _local(
            "lab-try", "t", "Try", "Run the scenario, stay here, and see what its promise is worth", "try"
        ),
        _local("lab-abort", "x", "Abort", "End a run that does not end by itself", "abort"),
        _local("lab-search", "slash", "Search", "Search the scenarios", "search"),
        _local("lab-listen", "o", "Open its port", "Open the port of the scenario, for any client", "listen"),
        _local("lab-other", "tab,shift+tab", "Other side", "Go to the explanation, and back", "other"),
        _local("lab-close", "escape,q,f2", "Close", "Clear the search, or go back", "close"),
    ),
    "lab_search": (
        _local("lab_search-leave", "down", "To the list", "Go from the search to what was found", "leave"),
    ),
    "sessions": (
        _local("sessions-open", "enter", "Open", "Show the recording in the place of the session", "open"),
        _local("sessions-unfold", "space", "Exchanges", "Show its exchanges, or hide them", "unfold"),
        _local("sessions-mark", "m", "Mark", "Mark the exchange as one of two to compare", "mark"),
        _local("sessions-compare", "equals_sign", "Compare", "Show the two side by side", "compare"),
        _local("sessions-rename", "r", "Name", "Give it a name, and keep it for good", "rename"),
        _local("sessions-delete", "x,delete", "Delete", "Delete it; you are asked first", "delete"),
        _local("sessions-confirm", "y", "Yes", "Delete it indeed", "confirm"),
        _local("sessions-export", "e", "Export", "Write it to a file in another form", "export"),
        _local("sessions-close", "escape,q,f6", "Close", "Go back to the workbench", "close"),
    ),
    "export": (
        _local("export-take", "enter", "Export", "Write the recording in this form", "take"),
        _local("export-secrets", "s", "Secrets", "Redact the secrets in it, or leave them", "secrets"),
        _local("export-exchange", "o", "This one", "Export this exchange alone, or all of them", "exchange"),
        _local("export-close", "escape,q", "Close", "Go back without an export", "close"),
    ),
    "side_by_side": (
        _local("side_by_side-next", "n,enter", "Difference", "Go to the next difference", "next"),
        _local("side_by_side-close", "escape,q", "Close", "Go back to the list", "close"),
    ),
    "opinion": (
        _local(
            "opinion-everything", "a", "All", "Show also what all agree about, or only what not", "everything"
        ),
        _local("opinion-close", "escape,q,v", "Close", "Go back to the workbench", "dismiss"),
    ),
    "call": (
        _local("call-run", "enter", "Run", "Run the call, or take the offer that was chosen", "enter"),
        _local("call-earlier", "up", "Earlier", "Bring back a call that began with what is typed", "up"),
        _local("call-later", "down", "Later", "Go down the offers, or to a later call", "down"),
    ),
    "calls": (
        _local("calls-take", "enter", "Take", "Open the form of the call", "take"),
        _local("calls-down", "down", "Down", "Go to the next call", "move(1)"),
        _local("calls-up", "up", "Up", "Go to the call before", "move(-1)"),
    ),
    "form": (
        _local("form-run", "enter,f10", "Run", "Run the call; Enter in several lines begins another", "run"),
        _local("form-next", "tab,down", "Next field", "Go to the next field", "next"),
        _local("form-previous", "shift+tab,up", "Previous field", "Go to the field before", "previous"),
    ),
    "ask": (_local("ask-take", "enter", "Take", "Take this answer; so does its letter", "take"),),
    "help": (_local("help-close", "escape,question_mark,f1,q", "Close", "Go back", "dismiss"),),
    "cheat_sheet": (_local("cheat_sheet-close", "escape,H,q", "Close", "Go back", "dismiss"),),
    "import": (
        _local(
            "import-take", "ctrl+s,f5", "Import", "Make a script, or a recording, of what is pasted", "take"
        ),
        _local(
            "import-close", "escape", "Close", "Go back; what was pasted comes back the next time", "close"
        ),
    ),
    "dialog": (_local("dialog-close", "escape", "Close", "Go back", "close"),),
}
"""For each place what can be done there, the likeliest first."""

OPENED_BY: Mapping[str, str] = {
    "find": "find",
    "breakpoints": "breakpoints",
    "connections": "connections",
    "copy": "copy_as",
    "call": "call_line",
    "calls": "form",
    "exceptions": "exceptions",
    "lab": "lab",
    "sessions": "sessions",
    "opinion": "second_opinion",
}
"""The command that opens a place, where a command does."""

BY_ID: Mapping[str, Command] = MAIN_BY_ID | {
    command.id: command for commands in PLACES.values() for command in commands
}
"""Every command there is."""


def local_bindings(place: str) -> list[BindingType]:
    """Make the bindings of a place."""
    return bindings(PLACES[place])
