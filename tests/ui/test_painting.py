"""What is drawn again: what looks different, and nothing else."""

from dataclasses import replace

import pytest
from textual._compositor import Compositor
from textual.scrollbar import ScrollBar

from tests.ui import states
from tests.ui.driving import live_app, screen_text, settle, step, still_app
from workbench.ui.opening import Target
from workbench.ui.presentation.event_list import EventList
from workbench.ui.presentation.piece import Piece, plain
from workbench.ui.presentation.source import FixedLines, lines_kept
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_text import WireLengths, WireText
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.top import StateRail, TitleBar

SIZE = (160, 45)


def numbered(count, **others):
    """Some lines, a few of them others than usual."""
    return FixedLines([(Piece(others.get(f"line{number}", f"line {number}")),) for number in range(count)])


@pytest.fixture
def calls(monkeypatch):
    """Notes the arguments of the calls of a method, from now on."""

    def note(owner, name):
        noted = []
        method = getattr(owner, name)

        def noting(*arguments, **options):
            noted.append(arguments)
            return method(*arguments, **options)

        monkeypatch.setattr(owner, name, noting)
        return noted

    return note


async def test_only_the_line_that_looks_different_is_made_again(calls):
    async with still_app(states.exchanged(), SIZE) as (app, pilot, _):
        events = app.screen.query_one("#event-lines", LineView)
        events.source = numbered(10)
        await settle(pilot)
        made = calls(events, "_strips_of")

        events.source = numbered(10, line3="another one")
        await settle(pilot)

        assert made == [([3],)]
        assert "another one" in screen_text(app)


async def test_lines_that_are_gone_leave_nothing_behind():
    async with still_app(states.exchanged(), SIZE) as (app, pilot, _):
        events = app.screen.query_one("#event-lines", LineView)
        events.source = numbered(10)
        await settle(pilot)

        events.source = numbered(2)
        await settle(pilot)

        assert "line 1" in screen_text(app)
        assert "line 2" not in screen_text(app)


async def test_lines_in_a_frame_are_others_at_once():
    async with still_app(states.exchanged(), SIZE) as (app, pilot, _):
        events = app.screen.query_one("#event-lines", LineView)
        events.styles.padding = 1
        events.source = numbered(10)
        await settle(pilot)

        events.source = numbered(10, line3="another one")
        await settle(pilot)

        assert "another one" in screen_text(app)


async def test_list_that_changed_while_hidden_is_right_when_it_comes_back():
    async with still_app(states.exchanged(), SIZE) as (app, pilot, _):
        events = app.screen.query_one("#event-lines", LineView)
        events.source = numbered(10)
        await settle(pilot)

        events.display = False
        await settle(pilot)
        events.source = numbered(10, line3="another one")
        await settle(pilot)
        events.display = True
        await settle(pilot)

        assert "another one" in screen_text(app)


async def test_scroll_bar_that_looks_the_same_is_not_drawn_again(calls):
    async with still_app(states.exchanged(), SIZE) as (app, pilot, _):
        events = app.screen.query_one("#event-lines", LineView)
        events.source = numbered(10_000)
        events.point(5_000)
        await settle(pilot)
        drawn = calls(ScrollBar, "refresh")

        events.source = numbered(10_001)
        await settle(pilot)
        assert not drawn

        events.point(0)
        await settle(pilot)
        assert drawn


async def test_bars_whose_words_stay_are_not_drawn_again(calls):
    view = states.exchanged()
    async with still_app(view, SIZE) as (app, pilot, _):
        drawn = [calls(kind, "render") for kind in (TitleBar, StateRail)]

        app.screen.show_view(replace(view, breakpoints=frozenset({1})))
        await settle(pilot)
        assert drawn == [[], []]

        app.screen.show_view(replace(view, name="another one"))
        await settle(pilot)
        assert [len(each) for each in drawn] == [1, 0]


SCRIPT = """\
from http.client import HTTPConnection

conn = HTTPConnection("lab")
conn.putrequest("GET", "/")
conn.putheader("X-One", "1")
conn.putheader("X-Two", "2")
conn.putheader("X-Six", "3")
conn.putheader("X-Ten", "4")
"""


async def test_step_lays_nothing_out_anew(calls, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    async with live_app(Target(script_path=script), SIZE) as (app, pilot):
        for _ in range(4):
            await step(app, pilot)
        arranged = calls(Compositor, "_arrange_root")

        await step(app, pilot)

        assert "X-Two" in screen_text(app)
        assert not arranged


def events_of(view):
    return EventList(view.recording.entries, 0, view.last_index, start_ns=0)


def wire_of(view, index):
    connection = view.moment.connection
    sent, received = (connection.sent_length, connection.received_length) if connection else (0, 0)
    return WireText(index, WireLengths(view.last_index, sent, received), 64)


@pytest.mark.parametrize("state", [states.chunked, states.conflict])
@pytest.mark.parametrize("lines_of", [events_of, wire_of])
def test_lines_that_are_said_to_stay_do_so_from_moment_to_moment(lines_of, state):
    view = state()
    index = WireIndex(view.moment.connection.record, view.recording.entries)
    moments = range(view.recording.connections[0].first_index, view.last_index + 1)
    given = () if lines_of is events_of else (index,)
    sources = [lines_of(view.at(moment), *given) for moment in moments]

    kept = 0
    for before in sources:
        texts = [plain(before.line(number, 100)) for number in range(len(before))]
        for source in sources:
            stay = lines_kept(source, before)
            kept += stay
            assert [plain(source.line(number, 100)) for number in range(stay)] == texts[:stay]
    assert kept
