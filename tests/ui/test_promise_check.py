"""Promises checked from recordings: every scenario is run as the screen runs it, and keeps its promise."""

import dataclasses
import threading

import pytest

from workbench.lab import LabServer, load_scenarios
from workbench.protocol import tap
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.stepper import Stepper
from workbench.ui.presentation.promise_check import check_promise, plays_scenario

SCENARIOS = load_scenarios()
TIMEOUT_SECONDS = 20.0


@pytest.fixture(scope="module")
def lab():
    with LabServer(pace=0.1) as server:
        yield server


def run(lab, scenario):
    """Run a scenario's script, and abort what never ends."""
    recording = Recording()
    ended, waiting = threading.Event(), threading.Event()
    script = parse_script(lab.script_for(scenario), f"lab: {scenario.name}")
    recorder = Recorder(recording)
    stepper = Stepper(script, recorder)
    stepper.subscribe(lambda: ended.set() if stepper.status.ended else None)
    if scenario.promise.hangs:
        # The server has the request before the call that waits for its answer has begun.
        recorder.subscribe(lambda: waiting.set() if waits_for_response(recording) else None)
    try:
        stepper.continue_()
        if scenario.promise.hangs:
            assert waiting.wait(TIMEOUT_SECONDS)
            stepper.abort()
        assert ended.wait(TIMEOUT_SECONDS)
    finally:
        stepper.close()
    return recording


def waits_for_response(recording):
    events = [recording.entries.event(index) for index in range(len(recording.entries))]
    return any(isinstance(event, tap.CallStarted) and event.name.endswith(".getresponse") for event in events)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda one: one.name)
def test_every_promise_is_kept_and_can_be_seen_to_be(lab, scenario):
    recording = run(lab, scenario)

    claims = check_promise(scenario, recording, recording.runs[-1])
    assert claims
    assert [claim for claim in claims if not claim.kept] == []
    assert plays_scenario(recording.runs[-1], scenario)


def test_broken_promise_is_seen(lab):
    promised = SCENARIOS["hello"]
    recording = run(lab, promised)
    wrong = dataclasses.replace(
        promised.promise,
        status=404,
        content=b"Goodbye\n",
        exception="ChunkError",
        attributes={"size": "zz"},
        diagnostics=("CHUNK_SIZE",),
        state="REQUEST_SENT",
    )

    claims = check_promise(dataclasses.replace(promised, promise=wrong), recording, recording.runs[-1])

    assert {claim.what for claim in claims if not claim.kept} == {
        "exception",
        "its size",
        "status",
        "content",
        "findings",
        "state left",
    }


def test_run_of_another_script_is_no_play_of_the_scenario(lab):
    recording = run(lab, SCENARIOS["hello"])

    assert not plays_scenario(recording.runs[-1], SCENARIOS["close-delimited"])


def test_digest_of_content_is_checked(lab):
    scenario = SCENARIOS["gzip-bomb"]
    recording = run(lab, scenario)
    other = dataclasses.replace(scenario.promise, content_sha256="0" * 64)

    claims = check_promise(dataclasses.replace(scenario, promise=other), recording, recording.runs[-1])

    (broken,) = [claim for claim in claims if not claim.kept]
    assert (broken.what, broken.promised) == ("its SHA-256", "0" * 64)
    assert broken.got == scenario.promise.content_sha256
