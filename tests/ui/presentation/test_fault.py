"""The bytes that an exception is about."""

from tests.ui import states
from workbench.protocol.tap import ErrorFact
from workbench.session import events as session_events
from workbench.ui.presentation.fault import find_fault


def test_exception_is_not_about_the_bytes_of_an_earlier_line():
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
