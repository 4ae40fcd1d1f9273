"""Which connection and exchange the panes tell of, and what an event leads to, without a screen."""

from dataclasses import replace

from tests.ui import states
from tests.ui.conversation import Conversation
from tests.ui.states import BANK, SHOP, index_of
from workbench.protocol import tap
from workbench.session.events import ScriptStarted
from workbench.ui.presentation.link import place_of_entry, place_of_line
from workbench.ui.subject import Subject
from workbench.ui.travel import Traveller


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

    # A call that is typed after the end of the run may raise, too.
    made.choose(1)
    talk = Conversation(failed.source, recording=failed.recording)
    talk.start_line(7)
    talk.fail_line(failed.status.error)
    again = replace(failed, last_index=len(failed.recording.entries) - 1)
    made.present = again
    assert made.view is again


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
