"""Everything a person can do, as one table: bindings, footer, help and palette are made from it.

What works in one list or on one screen alone is in `local_commands`, which is made of the same class.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do."""

    id: str
    """Names it in a keymap, and names the screen's action: `step_over` is `action_step_over`."""

    keys: str
    """Joined by commas, the one that is shown first. Empty: in the palette only."""

    label: str
    """One or two words, for the footer."""

    help: str
    """One line, for help and palette."""

    group: str = "Go on"
    argument: str = ""
    """What the action gets, as written in a Textual action."""

    priority: bool = False
    """Whether it works while something is typed."""

    everywhere: bool = False
    """Whether it works on every screen."""

    does: str = ""
    """The action, as Textual writes it, where the id does not name it."""

    @property
    def action(self) -> str:
        """The action, as Textual writes it. The screen of the workbench has all of them."""
        return self.does or f"{self.id.partition('-')[0]}({self.argument})"


COMMANDS: tuple[Command, ...] = (
    Command("step_over", "n,f10", "Next", "Run one call of the script"),
    Command("step_into", "s,f11", "Into", "Step into the call, to its next event"),
    Command("continue", "c,f5", "Continue", "Run to the next breakpoint, or to the end"),
    Command("breakpoint", "b,f9", "Break", "Set or clear a breakpoint on the line under the cursor"),
    Command(
        "breakpoints",
        "B",
        "Breakpoints",
        "List breakpoints: on lines, events, headers, states, errors, bytes",
    ),
    Command("restart", "r", "Restart", "Run the script again from the top, on new connections"),
    Command("abort", "x", "Abort", "End the run at once, also while a call waits for the server"),
    Command("run_to_line", "t", "To line", "Run up to the line under the cursor of the script"),
    Command(
        "hold_server", "h", "Hold server", "Hold the lab's server, or let it play by itself again", "Server"
    ),
    Command("server_step", "full_stop", "Server step", "Let a held server play its next step", "Server"),
    Command(
        "server_bytes",
        "comma",
        "Server bytes",
        "Let a held server send one byte, or as many as you say",
        "Server",
    ),
    Command(
        "server_byte_count",
        "semicolon",
        "How many",
        "Say how many bytes a held server sends, and send them",
        "Server",
    ),
    Command("earlier", "u", "Earlier", "Look back: show everything as it was one event ago", "Time"),
    Command("later", "d", "Later", "Go forward to the next event of the recording", "Time"),
    Command("line_before", "U", "Line back", "Look back to before the line, or the line before", "Time"),
    Command("line_after", "D", "Line on", "Go forward to the end of the line", "Time"),
    Command("present", "p", "Present", "Come back from the past; nothing was sent meanwhile", "Time"),
    Command("call_line", "i", "Call", "Type any call now; it is added to the script", "Look"),
    Command("form", "F,f7", "Form", "Fill in a form for a call, if you do not know it by heart", "Script"),
    Command("edit", "e", "Edit", "Edit the script here", "Script"),
    Command(
        "save_script", "ctrl+s", "Save", "Write the script to its file, and run what was edited", "Script"
    ),
    Command("save_script_as", "", "Save as", "Write the script to another file", "Script"),
    Command("reload_script", "R", "Reload", "Read the script from its file again", "Script"),
    Command("wire_view", "w", "View", "Show the wire as text, as hexadecimal, or as a ladder", "Look"),
    Command("find", "slash", "Find", "Find text, hex:0d 0a or re:expression on the wire", "Look"),
    Command("find_next", "greater_than_sign", "Next hit", "Go to the next hit on the wire", "Look", "1"),
    Command(
        "find_next-back", "less_than_sign", "Previous hit", "Go to the hit before, on the wire", "Look", "-1"
    ),
    Command(
        "next_part",
        "right_square_bracket",
        "Next part",
        "Go to the next line or chunk of the wire",
        "Look",
        "1",
    ),
    Command(
        "next_part-back",
        "left_square_bracket",
        "Previous part",
        "Go to the part before, on the wire",
        "Look",
        "-1",
    ),
    Command(
        "message_tab",
        "m",
        "Message tab",
        "Show the next of: tree, content, timing, TLS and lint of the message",
        "Look",
        "1",
    ),
    Command("message_tab-back", "M", "Message tab back", "Show the tab of the message before", "Look", "-1"),
    Command("message_show-tree", "", "Tree", "Show the message taken apart, as a tree", "Look", "'tree'"),
    Command("message_show-content", "", "Content", "Show the content, fit to be read", "Look", "'content'"),
    Command("message_show-timing", "", "Timing", "Show how long each phase took", "Look", "'timing'"),
    Command("message_show-tls", "", "TLS", "Show the TLS session and the certificate", "Look", "'TLS'"),
    Command("message_show-lint", "", "Lint", "Show what is wrong or worth a look", "Look", "'lint'"),
    Command(
        "second_opinion",
        "v",
        "Second opinion",
        "Show what http.client and others make of the bytes that came back",
        "Look",
    ),
    Command(
        "connections", "C", "Connections", "List the connections and their exchanges, and choose one", "Look"
    ),
    Command(
        "next_connection", "o", "Other connection", "Show the next connection, and stay with it", "Look", "1"
    ),
    Command(
        "next_connection-back",
        "O",
        "Previous connection",
        "Show the connection before, and stay with it",
        "Look",
        "-1",
    ),
    Command("follow", "", "Follow", "Follow the connection that something happens on", "Look"),
    Command(
        "next_exchange",
        "right_curly_bracket",
        "Next exchange",
        "Go to the next exchange of the connection",
        "Look",
        "1",
    ),
    Command(
        "next_exchange-back",
        "left_curly_bracket",
        "Previous exchange",
        "Go to the exchange before, on the connection",
        "Look",
        "-1",
    ),
    Command("maximise", "z", "Maximise", "Show only this pane, or all of them again", "Look"),
    Command("pane-script", "1", "Script", "Go to the script", "Look", "'script'"),
    Command("pane-wire", "2", "Wire", "Go to the bytes on the wire", "Look", "'wire'"),
    Command("pane-events", "3", "Events", "Go to the events", "Look", "'events'"),
    Command(
        "pane-message",
        "4",
        "Message",
        "Go to the message; again: from the exception to the message and back",
        "Look",
        "'message'",
    ),
    Command("next_pane", "tab", "Next pane", "Go to the next pane", "Look", "1"),
    Command("next_pane-back", "shift+tab", "Previous pane", "Go to the previous pane", "Look", "-1"),
    Command("back", "escape", "Back", "Leave the call line, close a panel, show all panes again", "Look"),
    Command(
        "help",
        "question_mark,f1",
        "Help",
        "Explain what has the focus, and list all keys",
        "Program",
        everywhere=True,
    ),
    Command(
        "cheat_sheet", "H", "Cheat sheet", "Show the main keys on one screen", "Program", everywhere=True
    ),
    Command(
        "jump",
        "g,ctrl+o",
        "Jump",
        "Put letters on every place of the screen, and go to the one you type",
        "Program",
        everywhere=True,
    ),
    Command(
        "palette",
        "ctrl+p",
        "Palette",
        "Find any command by its words",
        "Program",
        priority=True,
        everywhere=True,
    ),
    Command(
        "copy",
        "ctrl+c",
        "Copy",
        "Copy the selected text, or else the line under the cursor",
        "Program",
        everywhere=True,
    ),
    Command(
        "copy_as",
        "y",
        "Copy as",
        "Copy bytes of the wire, or the exchange as a script, a program, curl, a test",
        "Program",
    ),
    Command("export", "f4", "Export", "Write the session, an exchange or the screen to a file", "Program"),
    Command(
        "import",
        "",
        "Import",
        "Paste a curl command, a request, HAR or a curl trace, and step through it",
        "Program",
    ),
    Command("lab", "f2", "Lab", "Show every scenario of the lab, load or play any of them", "Program"),
    Command(
        "exceptions", "f3", "Exceptions", "Show every exception there is, and trip any of them", "Program"
    ),
    Command(
        "sessions",
        "f6",
        "Sessions",
        "List the recordings: open, name, delete, export them, compare two exchanges",
        "Program",
    ),
    Command(
        "theme", "", "Theme", "Change the colours; they stay for the next start", "Program", everywhere=True
    ),
    Command(
        "mouse",
        "",
        "Mouse",
        "Give the mouse to the terminal, which can select any text, or take it back",
        "Program",
        everywhere=True,
    ),
    Command(
        "suspend",
        "ctrl+z",
        "Suspend",
        "Go back to the shell for a while; fg returns",
        "Program",
        everywhere=True,
    ),
    Command("quit", "ctrl+q", "Quit", "Leave the workbench", "Program", priority=True, everywhere=True),
)

BY_ID = {command.id: command for command in COMMANDS}

GROUPS = tuple(dict.fromkeys(command.group for command in COMMANDS))

_FIRST = {
    "ready": ("step_over", "step_into", "continue", "breakpoint", "restart", "help"),
    "paused": ("step_over", "step_into", "continue", "breakpoint", "restart", "help"),
    "running": ("abort", "help", "quit"),
    "ended": ("restart", "call_line", "earlier", "wire_view", "help", "quit"),
    "recorded": ("earlier", "line_before", "restart", "wire_view", "help", "quit"),
    "past": ("earlier", "later", "step_over", "present", "help", "quit"),
}
"""What the footer offers in each mode, the likeliest first: six at most, all of which fit 80 columns."""

_ONLY = {
    "broken": ("edit", "restart", "help", "palette", "quit"),
    "typing": ("back", "palette", "quit"),
    "editing": ("save_script", "back", "palette", "quit"),
}
"""What works where most keys do nothing: with a script that cannot be run, and while a call is typed."""

_BACK = {
    "typing": replace(BY_ID["back"], label="Leave this line"),
    "editing": replace(BY_ID["back"], label="Leave the editor"),
}
"""Where `back` is said in other words: the call line keeps the focus at Enter, as in any REPL."""

_CLOSE_PANEL = replace(BY_ID["back"], label="Close the panel")

_MORE = ("earlier", "call_line", "wire_view", "maximise", "palette", "quit", "find", "copy_as")
"""What it adds where there is room."""

FOOTER_ITEMS_NARROW = 6


def bindings(commands: Iterable[Command] = COMMANDS) -> list[BindingType]:
    """Make the bindings of a screen or of a list; by default those of the workbench."""
    return [
        Binding(
            command.keys,
            command.action,
            command.label,
            id=command.id,
            show=False,
            priority=command.priority,
        )
        for command in commands
        if command.keys
    ]


EVERYWHERE = tuple(command for command in COMMANDS if command.everywhere)
"""What works on every screen."""


def footer_commands(mode: str, roomy: bool, panel: bool = False) -> Sequence[Command]:
    """Choose what the footer shows.

    Args:
        mode: The stepper's, or `past` for a moment of it, `recorded` for a recording from a file, `broken`
            for a script that cannot be run, `typing` in the call line, or `editing` in the editor.
        roomy: Whether there is room for more than six.
        panel: Whether the panel of a problem is open, which `back` closes first.
    """
    if mode in _ONLY:
        back = _CLOSE_PANEL if panel else _BACK.get(mode)
        return [back if back and one == "back" else BY_ID[one] for one in _ONLY[mode]]
    first = _FIRST["ended" if mode in ("finished", "failed", "aborted") else mode]
    if not roomy:
        return [BY_ID[one] for one in first[:FOOTER_ITEMS_NARROW]]
    return [BY_ID[one] for one in dict.fromkeys((*first, *_MORE))]


def commands_of(group: str) -> Iterator[Command]:
    """Walk over the commands of a group."""
    return (command for command in COMMANDS if command.group == group)
