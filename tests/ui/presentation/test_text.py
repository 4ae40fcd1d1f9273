"""What the screen says: pieces, events, rail, title, script, tree, card, notes."""

import dataclasses
import inspect

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.protocol import tap
from workbench.protocol.tap import ErrorFact
from workbench.protocol.wire.state import TRANSITIONS, State, error_for, legal_calls, title
from workbench.session import events as session_events
from workbench.session.remedies import REMEDIES
from workbench.session.run_record import LineOutcome
from workbench.session.script_error import ScriptError
from workbench.session.status import StepperStatus
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.events import DESCRIPTIONS, event_line
from workbench.ui.presentation.exception_card import CardText
from workbench.ui.presentation.fault import find_fault
from workbench.ui.presentation.heading import title_line
from workbench.ui.presentation.layout import Choice, Form, Pane, form_for, tabs_of, visible_panes
from workbench.ui.presentation.message_tab import MessageTab
from workbench.ui.presentation.message_tree import MOST_CHILDREN, exchange_nodes, row_line, rows
from workbench.ui.presentation.piece import Piece, Role, Tone, cut, plain, spread, width_of, wrapped
from workbench.ui.presentation.python_text import python_lines
from workbench.ui.presentation.refusal import refusal_line, refusal_ways
from workbench.ui.presentation.script_text import ScriptText, next_lines
from workbench.ui.presentation.state_rail import MAIN_CHAIN, SECOND_CHAIN, rail_lines
from workbench.ui.presentation.values import value_words
from workbench.ui.presentation.waiting import waited_for, waiting_line
from workbench.ui.theme import ROLE_STYLES, TONE_STYLES
from workbench.ui.view import NOTHING

KEYS = USUAL_KEYS.word


def all_events(module, base):
    return {
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, base) and value is not base
    }


def text_of(lines):
    return "\n".join(plain(line).rstrip() for line in lines)


def tree_text(view, toggled=frozenset()):
    moment = view.moment
    return text_of(row_line(row) for row in rows(exchange_nodes(moment.connection, moment.exchange), toggled))


# --- pieces ------------------------------------------------------------------------------


def test_every_role_and_tone_has_a_style():
    assert set(ROLE_STYLES) == set(Role)
    assert set(TONE_STYLES) == set(Tone)


@pytest.mark.parametrize(
    ("width", "text"),
    [
        pytest.param(9, "one, two", id="fits"),
        pytest.param(8, "one, two", id="fits exactly"),
        pytest.param(7, "one, t…", id="cut in the second piece"),
        pytest.param(3, "on…", id="cut in the first piece"),
        pytest.param(0, "", id="no room"),
    ],
)
def test_cut_line_ends_with_an_ellipsis(width, text):
    assert plain(cut((Piece("one, "), Piece("two")), width)) == text


def test_cut_counts_cells_and_not_characters():
    assert width_of(cut((Piece("漢字漢字"),), 5)) <= 5


def test_right_part_yields_when_both_do_not_fit():
    assert plain(spread((Piece("left"),), (Piece("right"),), 10)) == "left right"
    assert plain(spread((Piece("left"),), (Piece("right"),), 9)) == "left"


def test_wrapped_text_keeps_every_word_and_no_line_is_too_long():
    lines = wrapped("Expected a chunk size at byte 312: b'zzzzzzzzzzzzzzzzzzzzzzzz'", 20)

    assert all(len(line) <= 20 for line in lines)
    assert "".join(lines).replace(" ", "") == "Expectedachunksizeatbyte312:b'zzzzzzzzzzzzzzzzzzzzzzzz'"


# --- events ------------------------------------------------------------------------------


def test_every_event_has_words():
    events = all_events(tap, tap.Event) | all_events(session_events, session_events.SessionEvent)

    assert set(DESCRIPTIONS) == events


@pytest.mark.parametrize(
    "kind", sorted(DESCRIPTIONS, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__
)
def test_line_of_event_is_printable_whatever_a_peer_wrote(kind):
    event = kind(**{field.name: sample(field) for field in dataclasses.fields(kind)})

    line = plain(event_line(event, start_ns=0, script_line=3))

    assert line.isprintable()
    assert kind.__name__ in line


def test_event_before_the_run_began_has_no_time():
    """A script is loaded, and then read: how long that took is nobody's time."""
    loaded = session_events.ScriptStarted(1_000_000, 1, "two.py", "", 0)
    started = session_events.LineStarted(9_000_000_000, 1)

    lines = [plain(event_line(one, start_ns=9_000_000_000, script_line=None)) for one in (loaded, started)]

    assert lines[0].startswith(" " * 15)
    assert lines[1].startswith("     0.000 ")


def sample(field):
    kind = str(field.type)
    if "ErrorFact" in kind:
        return ErrorFact("BadStatusLine", ("BadStatusLine", "Exception"), "\x1b[2J\x9b\u202e")
    if "Span" in kind:
        return tap.Span("received", 0, 5)
    if "tuple" in kind:
        return ("\x1b[2J",)
    if "bytes" in kind:
        return b"\x1b[2J"
    if "bool" in kind:
        return False
    if "float" in kind or "int" in kind:
        return 1
    return "\x1b[2J\x9b\u202e"


# --- the rail ----------------------------------------------------------------------------


def test_rail_holds_all_six_states_and_only_rows_of_the_table():
    drawn = {row.before for row in (*MAIN_CHAIN, *SECOND_CHAIN)}

    assert drawn == set(State)
    assert set(MAIN_CHAIN) | set(SECOND_CHAIN) <= set(TRANSITIONS)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("full", [True, False], ids=["three lines", "one line"])
def test_rail_lights_the_current_state_once_and_names_what_is_legal(state, full):
    lines = rail_lines(state, 200, full)

    lit = [piece.text for line in lines for piece in line if piece.role is Role.LIT]
    assert lit == [title(state)]
    assert ", ".join(legal_calls(state)) in text_of(lines)


@pytest.mark.parametrize("state", State)
def test_narrow_rail_names_the_legal_calls_and_nothing_half(state):
    (line,) = rail_lines(state, 80, full=False)

    assert ", ".join(legal_calls(state)) in plain(line)
    assert "…" not in plain(line)


@pytest.mark.parametrize("state", State)
def test_rail_names_the_exception_of_every_call_that_would_raise(state):
    text = text_of(rail_lines(state, 200, full=True))

    for call in {row.call for row in TRANSITIONS}:
        error = error_for(state, call)
        if error:
            assert error in text


# --- the title ---------------------------------------------------------------------------


def test_title_says_what_where_which_and_whether_it_is_kept():
    text = plain(title_line(states.exchanged(), 120))

    assert text.split("   ")[:4] == [" workbench", "lab: hello", states.ORIGIN, "exchange 1 of 1"]
    assert text.endswith("HTTP/1.1 · kept open ")


def test_narrow_title_keeps_what_and_which():
    text = plain(
        title_line(dataclasses.replace(states.exchanged(), name="lab: a-scenario-with-a-long-name"), 80)
    )

    assert "lab: a-scenario-with-a-long-name" in text
    assert "exchange 1 of 1" in text
    assert len(text) <= 80


def test_title_names_the_policy_of_the_settings():
    view = dataclasses.replace(states.start(), policy="strict")

    assert "lab: hello · strict policy" in plain(title_line(view, 80))


def test_title_before_anything_has_no_verdict():
    assert plain(title_line(dataclasses.replace(states.start(), origin=""), 80)).rstrip() == (
        " workbench   lab: hello"
    )


def test_title_of_a_closed_connection_says_so():
    assert "closed" in plain(title_line(states.failed(), 80))


# --- the script --------------------------------------------------------------------------


def test_script_has_arrow_breakpoint_and_outcomes():
    view = states.buffered()
    text = ScriptText(view.source, arrow=5, breakpoints=frozenset({6}), outcomes=view.moment.outcomes)

    assert plain(text.line(4, 80)) == " ▶ 5 conn.endheaders()"
    assert plain(text.line(5, 80)) == "●  6 r1 = conn.getresponse()"
    assert plain(text.line(1, 80)).endswith("→ HTTPConnection")
    assert plain(text.line(2, 80)).endswith("✓")


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        pytest.param("running", None, "… under way", id="running"),
        pytest.param("aborted", ErrorFact("ConnectionAbortedError", (), ""), "✗ aborted", id="aborted"),
        pytest.param("raised", ErrorFact("BadStatusLine", (), ""), "✗ BadStatusLine", id="raised"),
    ],
)
def test_outcome_stands_behind_its_line(kind, error, words):
    outcome = LineOutcome(1, kind, "", error, 0, None)

    assert plain(ScriptText("read()", outcomes={1: outcome}).line(0, 80)).endswith(words)


def test_script_error_stands_behind_its_line():
    error = ScriptError("Expected a call", line=1, column=3, hint="write one")

    assert plain(ScriptText("x", error=error).line(0, 80)).endswith("✗ column 3")
    assert text_of(next_lines(dataclasses.replace(states.start(), script_error=error), KEYS)) == (
        "line 1, column 3: Expected a call\nwrite one\ne mends it here; or correct the file, then r reads it again"
    )


@pytest.mark.parametrize(
    ("status", "key"),
    [
        pytest.param(StepperStatus("ready", 2), "n", id="ready"),
        pytest.param(StepperStatus("paused", 2), "n", id="paused"),
        pytest.param(StepperStatus("paused", 2, inside_call=True, entry_index=5), "s", id="inside a call"),
        pytest.param(StepperStatus("running", 2), "x", id="running"),
        pytest.param(StepperStatus("finished", 0), "r", id="finished"),
        pytest.param(StepperStatus("failed", 2, error=ErrorFact("E", (), "")), "r", id="failed, then a call"),
        pytest.param(StepperStatus("aborted", 2, error=ErrorFact("E", (), "")), "r", id="aborted"),
    ],
)
def test_every_mode_says_which_key_comes_next(status, key):
    view = dataclasses.replace(states.exchanged(), status=status)
    keys = [piece.text for line in next_lines(view, KEYS) for piece in line if piece.role is Role.KEY]

    assert keys[0] == key


def test_card_is_pointed_at_where_there_is_one():
    assert text_of(next_lines(states.failed(), KEYS)) == (
        "line 6 raised BadStatusLine\n4 explains it, r runs the script again, i adds a call"
    )


@pytest.mark.parametrize(
    ("reason", "why"),
    [("step", ""), ("breakpoint on Connected", "  (breakpoint on Connected)")],
    ids=["step", "breakpoint"],
)
def test_event_that_a_call_is_held_at_is_named(reason, why):
    view = states.exchanged()
    index = next(
        index for index, entry in enumerate(view.recording.entries) if isinstance(entry.event, tap.Connected)
    )
    status = StepperStatus("paused", 5, inside_call=True, entry_index=index, reason=reason)

    assert text_of(next_lines(dataclasses.replace(view, status=status), KEYS)) == (
        "inside line 5, at Connected 127.0.0.1 port 8080 from port 40000"
        f"{why}\n"
        "s goes to the next event, n finishes the line"
    )


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        pytest.param("line 5", "n runs line 5", id="the line itself"),
        pytest.param("breakpoint on line 5", "n runs line 5  (breakpoint on line 5)", id="breakpoint"),
    ],
)
def test_line_that_was_run_to_is_named_once(reason, why):
    view = dataclasses.replace(
        states.buffered(), status=StepperStatus("paused", 5, reason=reason), preview=None
    )

    assert text_of(next_lines(view, KEYS)) == why


def test_preview_shows_what_it_does_and_its_bytes():
    assert text_of(next_lines(states.buffered(), KEYS)) == (
        "n runs line 5: sends 91 bytes → Request-sent\n  → ␍␊"
    )


def test_python_keeps_its_lines_and_characters():
    source = 'a = """x\ny"""\n\nb = "\x1b]0;"  # c\n'

    assert [plain(line) for line in python_lines(source)] == ['a = """x', 'y"""', "", 'b = "␛]0;"  # c', ""]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "None", id="nothing"),
        pytest.param("<a.b.HTTPResponse object at 0x7f00>", "HTTPResponse", id="object"),
        pytest.param("b'\\r\\n'", "b'\\r\\n'", id="value"),
        pytest.param("'\x1b'", "'␛'", id="control character"),
    ],
)
def test_value_is_shortened(text, words):
    assert value_words(text) == words


# --- the tree ----------------------------------------------------------------------------


def test_tree_holds_request_and_response_with_verdicts():
    text = tree_text(states.exchanged())

    for words in (
        "request  GET  /hello",
        "Host: 127.0.0.1:8080  automatic",
        "response  200 OK",
        "header section  4 field lines",
        "rule 6 of RFC 9112 6.3",
        "content  13 bytes",
        "Hello, world␊",
        "kept open",
    ):
        assert words in text


def test_tree_says_what_is_buffered():
    assert "90 bytes buffered, not sent" in tree_text(states.buffered())


def test_tree_lists_chunks_and_trailers():
    text = tree_text(states.chunked())

    assert "chunk 0  5 bytes ;name=value" in text
    assert "last chunk" in text
    assert "trailer section  1 field line" in text
    assert "X-Checksum: 1234" in text


def test_closed_node_hides_its_children():
    view = states.exchanged()
    moment = view.moment
    request = exchange_nodes(moment.connection, moment.exchange)[0]

    text = tree_text(view, frozenset({request.key}))

    assert "▸ request" in text
    assert "Host:" not in text


def test_many_chunks_are_cut_and_say_so():
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n" + b"1\r\na\r\n" * 1000)
    talk.status_line(200, "OK")
    talk.header_section()
    for _ in range(1000):
        talk.chunk_header(1)
        talk.content(1)
        talk.chunk_end()
    view = states.view_of(talk, "", StepperStatus("paused", 1))
    moment = view.moment
    nodes = exchange_nodes(moment.connection, moment.exchange)

    chunks = next(node for node in nodes[1].children() if "chunks" in node.key)

    assert not chunks.open
    assert len(chunks.children()) == MOST_CHILDREN + 1
    assert "800 more" in plain(chunks.children()[-1].line)


def test_field_of_a_peer_is_printable_in_the_tree():
    talk = Conversation("")
    talk.put_request("GET", "/")
    talk.status_line(200, "\x1b]0;owned\x07")
    talk.field("X", "\x9b31m\u202e")
    view = states.view_of(talk, "", StepperStatus("paused", 1))

    assert all(line.isprintable() for line in tree_text(view).split("\n"))


# --- the card ----------------------------------------------------------------------------


def card_text(view, width=80):
    return text_of(CardText(view.moment, view.moment.failure, width, KEYS).lines())


def test_card_says_what_where_and_what_is_possible_now():
    text = card_text(states.failed())

    for words in (
        "✗ BadStatusLine",
        "HTTPException › Exception",
        "Expected a status-line at byte 0",
        "6: r1 = conn.getresponse()",
        "received ← offset 0, 19 bytes; RFC 9112 section 4",
        "SSH-2.0-OpenSSH_9.6␍␊",
        "left in       Idle",
        "legal now     putrequest, request, close",
        "what now      What 127.0.0.1 port 8080 sent is not an HTTP response",
        "again         status-line-broken of the lab: F2 finds it, or workbench --lab",
        "avoid         Begin with a status line such as HTTP/1.1 200 OK",
        "r restarts",
    ):
        assert words in text


@pytest.mark.parametrize("name", [name for name, remedy in REMEDIES.items() if not remedy.scenario])
def test_card_says_how_to_see_again_what_no_scenario_shows(name):
    view = states.failed()
    error = dataclasses.replace(
        view.moment.failure, class_name=name, lineage=(name, "Exception"), offset=None
    )
    talk = Conversation("")
    talk.start_line(1)
    talk.fail_line(error)
    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)), 300)

    assert f"again         {REMEDIES[name].again}" in text
    assert f"avoid         {REMEDIES[name].avoid}" in text


def test_card_of_an_unknown_class_gives_no_advice():
    view = states.failed()
    error = dataclasses.replace(view.moment.failure, class_name="Odd", lineage=("Odd",), offset=None)
    talk = Conversation("")
    talk.start_line(1)
    talk.fail_line(error)
    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)))

    assert "what now" not in text
    assert "avoid" not in text
    assert "r restarts" in text


@pytest.mark.parametrize("width", [20, 40, 62, 78])
def test_card_stays_within_its_width(width):
    wide = [line for line in card_text(states.failed(), width).split("\n") if len(line) > width]

    assert all("restarts" in line or "SSH" in line for line in wide)


def test_card_shows_no_bytes_of_an_earlier_line():
    """A call that is illegal now says nothing about the response before it."""
    view = states.failed()
    talk_moment = view.moment
    error = ErrorFact(
        "ResponseNotReady", ("ResponseNotReady", "ImproperConnectionState", "Exception"), "Idle", (), None, 3
    )
    view.recording.append(session_events.LineStarted(10**12, 8), 8)
    view.recording.append(session_events.LineRaised(10**12, 8, error), 8)

    assert find_fault(view.recording.at(), error) is None
    assert find_fault(talk_moment, talk_moment.failure) is not None


def test_card_of_bytes_that_cannot_be_read_shows_them_as_hex():
    talk = Conversation("r1 = conn.getresponse()")
    talk.start_line(1)
    talk.receive(b"\x00\x01garbage")
    talk.malformed(9)
    talk.diagnostic(tap.Code.STATUS_LINE, tap.Span("received", 0, 2), "RFC 9112 section 4", "Expected more")
    error = ErrorFact("BadStatusLine", ("BadStatusLine", "Exception"), "no")
    talk.fail_line(error)

    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)))

    assert "00 01" in text
    assert "␀␁garbage" in text


def test_card_shows_what_was_kept():
    talk = Conversation("r1.read()")
    talk.start_line(1)
    talk.receive(b"abc")
    error = ErrorFact(
        "IncompleteRead", ("IncompleteRead", "Exception"), "cut", (("partial", "b'abc'"),), b"abc"
    )
    talk.fail_line(error)

    assert "3 bytes of content: abc" in card_text(
        states.view_of(talk, "", StepperStatus("failed", 1, error=error))
    )


@pytest.mark.parametrize(
    ("offset", "shown"),
    [
        pytest.param(3, "abc", id="everything before"),
        pytest.param(30, "…ghijklmnopqrstuvwxyz0123", id="the end of what is before"),
    ],
)
def test_card_marks_that_more_bytes_came_before(offset, shown):
    talk = Conversation("r1.read()")
    talk.start_line(1)
    talk.receive(b"abcdefghijklmnopqrstuvwxyz0123"[:offset])
    error = ErrorFact("IncompleteRead", ("IncompleteRead", "Exception"), "cut", (), offset=offset)
    talk.fail_line(error)

    text = card_text(states.view_of(talk, "", StepperStatus("failed", 1, error=error)))

    assert shown in [line.strip() for line in text.split("\n")]


def aborted_view(message="interrupted"):
    talk = Conversation("r1 = conn.getresponse()")
    talk.put_request("GET", "/")
    talk.send()
    talk.start_line(1)
    talk.receive(b"HTTP/1.1 200 OK\r\n")
    error = ErrorFact("ConnectionAbortedError", ("ConnectionAbortedError", "OSError"), message)
    talk.close("ConnectionAbortedError while reading the head")
    talk.fail_line(error, aborted=True)
    return states.view_of(talk, "", StepperStatus("aborted", 1, error=error))


def test_card_of_an_abort_says_who_did_it_what_is_kept_and_what_is_possible():
    text = card_text(aborted_view(), 100)

    assert text.startswith("✗ You aborted this call\nso it raised  ConnectionAbortedError › OSError\n")
    assert "16 bytes sent and 17 bytes received stay in all panes" in text
    assert "left in       Idle, connection closed\n" in text
    assert "a restart makes a new one" in " ".join(text.split())
    assert "because" not in text


def test_card_of_an_abort_that_left_a_thread_behind_says_why():
    text = card_text(aborted_view("Aborted while a name was being looked up"), 100)

    assert "because       Aborted while a name was being looked up" in text


def test_line_that_was_aborted_is_no_exception_of_the_server():
    text = text_of(next_lines(aborted_view(), KEYS))

    assert text == "you aborted line 1: r runs the script again, i adds a call"


# --- layout and notes --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "form"),
    [
        pytest.param((160, 45), Form.WIDE, id="wide"),
        pytest.param((160, 24), Form.MEDIUM, id="wide and low"),
        pytest.param((120, 36), Form.MEDIUM, id="medium"),
        pytest.param((80, 24), Form.NARROW, id="narrow"),
        pytest.param((60, 15), Form.NARROW, id="smallest"),
        pytest.param((59, 15), Form.TOO_SMALL, id="too narrow"),
        pytest.param((20, 5), Form.TOO_SMALL, id="tiny"),
        pytest.param((0, 0), Form.TOO_SMALL, id="nothing"),
    ],
)
def test_form_follows_the_size(size, form):
    assert form_for(*size) is form


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("pane", Pane)
def test_active_pane_is_visible_wherever_anything_is(form, pane):
    shown = visible_panes(form, Choice().chosen(pane))

    assert (pane in shown) is (form is not Form.TOO_SMALL)
    assert pane in tabs_of(pane, form, maximised=False)


def test_maximised_pane_is_alone():
    assert visible_panes(Form.WIDE, Choice(Pane.WIRE, maximised=True)) == (Pane.WIRE,)


@pytest.mark.parametrize(
    ("view", "busy", "words"),
    [
        pytest.param(states.exchanged(), False, "No: r runs it again, i adds a call", id="script ended"),
        pytest.param(states.start(), True, "No: x aborts it", id="a call runs"),
        pytest.param(states.start(), False, "No", id="nothing else to do"),
        pytest.param(states.held(), False, "No: n finishes the line, r restarts", id="inside a call"),
        pytest.param(
            dataclasses.replace(states.start(), script_error=ScriptError("Expected a call", line=1)),
            False,
            "No: r reads the script again once it is corrected",
            id="script error",
        ),
    ],
)
def test_refusal_names_the_keys_that_work(view, busy, words):
    ways = refusal_ways(view, busy, restart="r", abort="x", call="i", finish="n")

    assert plain(refusal_line("No", ways)) == words


BROKEN = ScriptError("Expected a call", line=1)


@pytest.mark.parametrize(
    ("view", "key"),
    [
        pytest.param(states.start(), "n", id="a call is next"),
        pytest.param(dataclasses.replace(states.start(), script_error=BROKEN), "r", id="script error"),
        pytest.param(
            dataclasses.replace(states.start(), status=StepperStatus("finished", 0)), "r", id="script ended"
        ),
        pytest.param(NOTHING, "^q", id="nothing is loaded"),
    ],
)
@pytest.mark.parametrize("pane", [*Pane, *MessageTab])
def test_empty_pane_names_the_next_key(pane, view, key):
    keys = [piece.text for line in empty_lines(pane, view, KEYS) for piece in line if piece.role is Role.KEY]

    assert keys[0] == key


def test_note_names_what_is_waited_for_and_the_key():
    talk = Conversation("")
    talk.start_line(1)
    talk.call("getresponse")

    words = waited_for(states.view_of(talk, "", StepperStatus("running", 1)).moment)

    assert words == "the head of the response (getresponse, line 1)"
    assert plain(waiting_line(words, "x", "aborts", 0)).endswith("line 1)   x aborts")


def test_note_names_the_host_of_a_look_up():
    talk = Conversation("")
    talk.start_line(1)
    talk._tap(tap.HostLookupStarted, "example.invalid", 80)

    moment = states.view_of(talk, "", StepperStatus("running", 1)).moment

    assert waited_for(moment) == "an address for example.invalid"
