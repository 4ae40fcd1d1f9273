"""What each place of the screen is for, for somebody who sees it for the first time.

What stands in braces is the id of a command, and becomes the user's key for it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.session.visible import visible
from workbench.ui.presentation.key_names import KeyNames, with_keys
from workbench.ui.presentation.piece import Line, Piece, Role, wrapped

NO_TOPIC = ""


class Topic(NamedTuple):
    """One place."""

    title: str
    words: str
    places: tuple[str, ...] = ()
    """Where the commands that work here alone are listed, in `local_commands`."""


_CONTROLS = "{controls} stand for CR, LF and TAB."
_LINKED = "Move the cursor, or click: the other panes go to the same place."

TOPICS: Mapping[str, Topic] = {
    "script": Topic(
        "Script",
        "A program of http.client calls. The arrow stands on the next one: {step_over} runs it, {step_into} goes "
        "through it event by event, {continue} runs on to a breakpoint, which {breakpoint} sets, or a click on the "
        "number of a line. Behind each line stands what it gave, or the exception that it raised. Below: what the next "
        "call will put on the wire, before it does.",
    ),
    "wire-text": Topic(
        "Wire, as text",
        "Every byte of the connection, a line or chunk a row. → was sent, ← was received; the number is its offset. "
        f"{_CONTROLS} What is buffered is queued and not sent yet; what is automatic was added by the library; a code "
        "such as CL_TE names what was found wrong there, which the tab lint of the message explains. "
        "Over TLS these are the bytes before encryption and after decryption. {wire_view} shows them as "
        f"hexadecimal or as a ladder. {_LINKED}",
    ),
    "wire-hex": Topic(
        "Wire, as hexadecimal",
        "Every byte of the connection as two digits, and beside it as a character where it is one. → was sent, ← was "
        "received; the number is the offset of the row's first byte. The part that the cursor is in is marked; "
        f"{{next_part}} and {{next_part-back}} go from part to part, {{copy_as}} copies one. {_LINKED}",
    ),
    "wire-ladder": Topic(
        "Wire, as a ladder",
        "What crossed when: the client at the left, the server at the right, and a rung for each time that bytes were "
        "sent or came, with its size and the time since the run began. It shows who waited for whom. Where the server "
        "is the lab, its own log stands at its side (├), and {hold_server} holds it, to play it step by step. "
        f"{{wire_view}} goes back to the bytes. {_LINKED}",
    ),
    "find": Topic(
        "Find on the wire",
        "Type text and press Enter; a capital makes the case count. hex:0d 0a finds bytes, re:\\d+ a regular expression. "
        "{find_next} and {find_next-back} go from hit to hit, {back} closes.",
        ("find",),
    ),
    "events": Topic(
        "Events",
        "What happened, in order: time in milliseconds, line of the script, → sent, ← received, ▸ calls, ✗ what went "
        "wrong; with several connections, #2 is the second. {events-visit} goes back to that moment: everything is "
        f"shown as it was then, and nothing is sent again; {{present}} returns. {_LINKED}",
        ("events",),
    ),
    "message-tree": Topic(
        "Message, as a tree",
        "The request and its responses, taken apart by the grammar: {tree-toggle} opens and closes a node. "
        f"{{message_tab}} goes through the tabs: content, timing, TLS, lint. {_LINKED}",
        ("tree",),
    ),
    "message-content": Topic(
        "Content",
        "The content of request and response, with chunks and codings such as gzip taken off, laid out for reading by "
        "its media type. Nothing is changed on the wire pane: the bytes are there as they came. {message_tab} goes "
        "to the next tab.",
        ("tab",),
    ),
    "message-timing": Topic(
        "Timing",
        "How long each phase of the exchange took, by the clock of the events themselves. Time that passed while you "
        "thought about the next step is not the server's: it is left out, and told below. {tab-follow} goes to "
        "the bytes of a phase.",
        ("tab",),
    ),
    "message-TLS": Topic(
        "TLS",
        "Version, cipher and protocol of the TLS session, the certificate of the server, and whether it was verified. "
        "Without TLS everybody on the way can read the connection, and change it.",
        ("tab",),
    ),
    "message-lint": Topic(
        "Lint",
        "What is wrong with the messages by the RFCs, with the section and whether it was accepted or raised; then "
        "httplint's notes, if it is installed. {tab-follow} goes to the bytes.",
        ("tab",),
    ),
    "card": Topic(
        "Exception",
        "A call raised. The card says which class it is and of which others it is one, what was expected and where, "
        "the bytes at fault, what was kept, the state that the connection is left in, and the calls that are legal "
        "now; then how to see it again, and how to avoid it. {pane-message} changes to the message and back.",
    ),
    "call": Topic(
        "Call line",
        'Type any call at any moment, such as conn.putheader("X-Id", "7"), and press Enter: it runs, and becomes '
        "part of the script. {next_pane} completes; the signature of the call stands above. {call-earlier} and {call-later} bring "
        "back what was typed before, {back} leaves.",
        ("call",),
    ),
    "editor": Topic(
        "Editor",
        "Edit the script in place. What is wrong is underlined, with its column below, while you type. {save_script} saves it and "
        "loads it into the session; {back} leaves, and asks first when something would be lost.",
    ),
    "ask": Topic(
        "A question",
        "Something would be lost, or written over. Nothing happens before you answer, and {dialog-close} changes nothing.",
        ("ask",),
    ),
    "number": Topic(
        "How many bytes",
        "How many bytes the held server sends at a time, from now on; the first of them at once. With 1 the parser is seen "
        "to wait for every byte; a greater number goes quickly through what is long. {dialog-close} sends nothing.",
    ),
    "path": Topic(
        "A file", "Type the path of the file. One that is there already is written over only when you insist."
    ),
    "breakpoints": Topic(
        "Breakpoints",
        "Where a run stops: on a line, a type of event, the name of a field, a state, an exception, or a number of "
        "bytes. Each can be switched off and on again. Below, type another: event StatusLineParsed, header set-cookie, "
        "state IDLE, exception IncompleteRead, received 1000.",
        ("breakpoints", "breakpoint_line"),
    ),
    "connections": Topic(
        "Connections",
        "A script may have several connections. Each stands here with its state and its exchanges; the one that is "
        "chosen stays on the screen, whatever happens on others, until you follow again.",
        ("connections",),
    ),
    "copy": Topic(
        "Copy as",
        "Which bytes, and in which form: as they are, as hexadecimal, or as a Python literal; or the exchange, as what makes "
        "its request again, without its secrets unless you say otherwise. It goes to a tool of the "
        "desktop if there is one, else to the terminal, else into a file; the line below says what is known of it.",
        ("copy",),
    ),
    "exceptions": Topic(
        "Exceptions",
        "Every class that a call can raise, each below the one that it is derived from. ✓ was raised in this session. "
        "The scenario of the lab that raises it can be run at once, or loaded to step through.",
        ("exceptions",),
    ),
    "sessions": Topic(
        "Sessions",
        "Every session is recorded while it goes on, and the recordings stand here, the newest first. One that is opened "
        "takes the place of the session: step back and forward in it, nothing is sent. Two exchanges can be marked and "
        "compared byte by byte; recordings without a name are deleted when there are many.",
        ("sessions",),
    ),
    "export": Topic(
        "Export",
        "Forms in which a recording can be given to others and to other programs. Secrets such as Authorization and "
        "Cookie are blanked unless you say otherwise; the line below says which was done.",
        ("export",),
    ),
    "import": Topic(
        "Import",
        "Paste what another program wrote about a request. A curl command and a raw request become a script; an archive "
        "(HAR) and a curl trace hold the answer, too, and become a recording that can be stepped through offline.",
        ("import",),
    ),
    "side_by_side": Topic(
        "Two exchanges",
        "The bytes of two exchanges beside one another, with what differs marked.",
        ("side_by_side",),
    ),
    "opinion": Topic(
        "Second opinion",
        "What our own client, http.client, h11 and httptools make of the bytes of this exchange, and in what they differ: "
        "where two readers disagree about the end of a message, requests can be smuggled.",
        ("opinion",),
    ),
    "lab": Topic(
        "Lab",
        "A server of the program's own, which behaves and misbehaves on purpose. Each scenario says what it teaches and "
        "what it promises; load one to step through it, or play it at once.",
        ("lab", "lab_search"),
    ),
}
"""What help can be about, by the `help_topic` of a widget or a screen."""

NOTHING_SPECIAL = Topic("Workbench", "A debugger for HTTP/1.1: {step_over} runs the next call of the script.")


def topic_of(name: str) -> Topic:
    """Find what help is about; for a place that has nothing of its own, the program."""
    return TOPICS.get(name, NOTHING_SPECIAL)


def topic_lines(topic: Topic, width: int, keys: KeyNames) -> list[Line]:
    """Make the lines about a place.

    Args:
        topic: From `topic_of`.
        width: In cells.
        keys: Those of the user.
    """
    words = topic.words.replace("{controls}", " ".join(visible(one) for one in "\r\n\t"))
    return [
        (Piece(f" {topic.title}", Role.HEADING),),
        *((Piece(f"  {text}"),) for text in wrapped(with_keys(words, keys), max(20, width - 3))),
    ]
