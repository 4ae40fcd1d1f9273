"""The note on what is waited for."""

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.protocol import tap
from workbench.session.status import StepperStatus
from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.waiting import waited_for, waiting_line


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
