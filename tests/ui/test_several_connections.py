"""Several connections in one session: which of them the panes tell of."""

from dataclasses import replace

import pytest

from tests.ui import states
from tests.ui.conversation import Conversation
from tests.ui.driving import screen_text, still_app
from workbench.protocol import tap
from workbench.session.events import ScriptStarted
from workbench.ui.presentation.link import place_of_entry, place_of_line
from workbench.ui.subject import Subject
from workbench.ui.travel import Traveller

SHOP, BANK = 1, 2


def pane_text(app, name):
    lines = app.screen.query_one(f"#{name}-lines")
    return "\n".join(lines.line_text(number) for number in range(len(lines.source)))


def cursor_line(app, name):
    lines = app.screen.query_one(f"#{name}-lines")
    return lines.line_text(lines.cursor)


def index_of(view, kind, connection, number=0):
    found = [
        entry.index
        for entry in view.recording.entries
        if isinstance(entry.event, kind) and entry.event.connection == connection
    ]
    return found[number]


def point_at_event(app, index):
    """Put the cursor of the event list on an event, as a key does."""
    app.screen.query_one("#event-lines")._move(index)


# --- following ---------------------------------------------------------------------------


async def test_panes_follow_the_connection_of_the_event_under_the_cursor():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        assert "▐Request-sent▌" in screen_text(app)
        assert "POST /order" in pane_text(app, "wire")
        assert "exchange 2 of 2" in screen_text(app)

        point_at_event(app, index_of(view, tap.FieldLineParsed, BANK))
        await pilot.pause()

        assert app.screen.view.connection.number == BANK
        assert "▐Idle▌" in screen_text(app)
        assert "exchange 1 of 1" in screen_text(app)
        assert "/rates" in pane_text(app, "wire")
        assert "/order" not in pane_text(app, "wire")
        assert "Content-Length: 9" in cursor_line(app, "wire")
        assert "/rates" in pane_text(app, "tree")
        assert "Content-Length: 9" in cursor_line(app, "tree")
        assert "r1 = bank.getresponse()" in cursor_line(app, "script")


async def test_message_follows_the_exchange_of_the_event_under_the_cursor():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        assert "/cart" not in pane_text(app, "tree")

        point_at_event(app, index_of(view, tap.StatusLineParsed, SHOP))
        await pilot.pause()

        assert "exchange 1 of 2" in screen_text(app)
        assert "/cart" in pane_text(app, "tree")
        assert "200 OK" in cursor_line(app, "tree")
        assert "/order" in pane_text(app, "wire")


@pytest.mark.parametrize(
    ("presses", "words"),
    [
        pytest.param(0, "EUR 1.07", id="text"),
        pytest.param(1, "EUR 1.07", id="hex"),
        pytest.param(2, "9 bytes of", id="ladder"),
    ],
)
async def test_each_view_of_the_wire_follows(presses, words):
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        await pilot.press(*["w"] * presses)
        own = pane_text(app, "wire")
        point_at_event(app, index_of(view, tap.BytesReceived, BANK))
        await pilot.pause()
        assert words in pane_text(app, "wire")

        await pilot.press("3", "end")
        assert pane_text(app, "wire") == own


async def test_line_of_the_script_leads_to_its_connection():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        await pilot.press("1", "home", *["down"] * 4)

        assert app.screen.view.connection.number == BANK
        assert "/rates" in cursor_line(app, "wire")
        assert "LineStarted line 5" in cursor_line(app, "event")
        assert "/rates" in pane_text(app, "tree")


async def test_bytes_and_nodes_lead_to_events_of_their_own_connection():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        point_at_event(app, index_of(view, tap.StatusLineParsed, BANK))
        await pilot.press("2", "home")
        assert "RequestLineBuffered GET /rates" in cursor_line(app, "event")
        assert "bank.request" in cursor_line(app, "script")

        await pilot.press("4", "end")
        assert "PersistenceDecided" in cursor_line(app, "event")
        assert app.screen.view.connection.number == BANK


async def test_travelling_follows_the_connection_of_each_moment():
    view = states.several()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        app.screen.travel(lambda traveller: traveller.go(index_of(view, tap.BytesSent, BANK)))
        await pilot.pause()
        assert app.screen.view.connection.number == BANK
        assert "/rates" in pane_text(app, "tree")
        assert "EUR" not in pane_text(app, "wire")

        await pilot.press("p")
        assert app.screen.view is view
        assert "/order" in pane_text(app, "tree")


async def test_what_happens_next_is_followed_wherever_the_cursor_was():
    whole = states.several()
    at = index_of(whole, tap.StatusLineParsed, SHOP)
    async with still_app(replace(whole, last_index=at), (160, 45)) as (app, pilot, bench):
        point_at_event(app, index_of(whole, tap.StatusLineParsed, BANK))
        await pilot.pause()
        assert app.screen.view.connection.number == BANK

        bench.show(whole)
        await pilot.pause()

        assert app.screen.view is whole
        assert "/order" in pane_text(app, "wire")


# --- without a screen --------------------------------------------------------------------


def traveller_at(view):
    made = Traveller()
    made.present = view
    return made


def test_chosen_connection_stays_when_something_happens_on_another():
    whole = states.several()
    made = traveller_at(replace(whole, last_index=index_of(whole, tap.StatusLineParsed, SHOP)))
    made.choose(BANK, 1)
    made.present = whole

    assert made.view.connection.number == BANK
    assert made.view.subject == Subject(BANK, None, chosen=True)
    made.earlier()
    assert made.view.connection.number == BANK
    made.choose(None)
    assert made.view.subject is None


def test_chosen_connection_that_had_not_begun_gives_its_place_to_the_one_of_the_moment():
    view = states.several()
    made = traveller_at(view)
    made.choose(BANK)

    made.go(index_of(view, tap.BytesSent, SHOP))
    assert made.view.connection.number == SHOP
    made.to_present()
    assert made.view.connection.number == BANK


def test_pointing_at_another_connection_ends_the_choice():
    made = traveller_at(states.several())
    made.choose(BANK)

    assert made.point_at(SHOP, 1)
    assert made.view.subject == Subject(SHOP, 1)
    assert not made.point_at(SHOP, 1)
    assert not made.point_at(SHOP, None)


def test_pointing_at_the_chosen_connection_keeps_the_choice():
    made = traveller_at(states.several())
    made.choose(SHOP)

    assert not made.point_at(SHOP, 2)
    assert made.point_at(SHOP, 1)
    assert made.view.subject == Subject(SHOP, 1, chosen=True)


def test_connection_of_another_run_is_never_shown():
    view = states.several()
    made = traveller_at(view)
    made.choose(BANK)
    recording = view.recording
    recording.append(ScriptStarted(9_000_000_000, 2, "shop.py", view.source, 0))

    made.present = replace(view, last_index=view.last_index + 1)

    assert made.view.connection is None
    assert made.view.exchange is None


def test_an_exception_is_shown_whatever_was_chosen():
    failed = states.failed()
    made = traveller_at(replace(failed, last_index=failed.last_index - 2))
    made.choose(1)

    made.present = failed

    assert made.view is failed


# --- the link ----------------------------------------------------------------------------


def test_event_leads_to_bytes_of_its_own_connection_alone():
    view = states.several()
    for entry in view.recording.entries:
        place = place_of_entry(view.recording, view.moment, entry.index)

        assert place.connection == getattr(entry.event, "connection", place.connection)


def test_line_with_bytes_on_two_connections_prefers_the_one_that_is_shown():
    talk = Conversation("two()")
    talk.start_line(1)
    talk.put_request("GET", "/one")
    talk.use(2)
    talk.put_request("GET", "/two")
    talk.end_line()

    places = [place_of_line(talk.recording, talk.recording.at(), 1, shown) for shown in (0, 1, 2)]

    assert [place.connection for place in places] == [1, 1, 2]
