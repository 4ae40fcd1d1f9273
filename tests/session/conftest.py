"""Steppers over real sockets, each of which must be able to end."""

from collections.abc import Callable, Iterator

import pytest

from tests.session.fake_script import FakeScript, Fixtures
from workbench.session import worker as worker_module
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.stepper import Stepper


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine an interrupted call may need more than a second to come back."""
    monkeypatch.setattr(worker_module, "ABORT_GRACE_SECONDS", 20.0)


@pytest.fixture
def fixtures() -> Iterator[Fixtures]:
    made = Fixtures()
    yield made
    made.close()


@pytest.fixture
def make_stepper(fixtures: Fixtures) -> Iterator[Callable[[str], Stepper]]:
    """Makes steppers over the one-word script, and sees their threads end."""
    made: list[Stepper] = []

    def make(source: str) -> Stepper:
        stepper = Stepper(FakeScript(source), Recorder(Recording()), interpreter_factory=fixtures.interpreter)
        made.append(stepper)
        return stepper

    yield make
    fixtures.release.set()
    for stepper in made:
        thread = stepper._worker.thread
        stepper.close()
        thread.join(10)
        assert not thread.is_alive()
