"""What to do about each exception and each diagnostic."""

import pytest

from workbench.lab import load_scenarios
from workbench.protocol.wire.diagnostics import Code
from workbench.session.remedies import FAULTS, REMEDIES, SWITCHED, remedy_for, words_now
from workbench.ui.presentation.exception_tree import exception_tree

SCENARIOS = load_scenarios()
CLASSES = exception_tree(SCENARIOS.values())


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.name)
def test_every_class_has_a_remedy_and_one_that_is_raised_its_own(one):
    if not one.is_base_only:
        assert one.name in REMEDIES
    assert remedy_for((one.name, *one.also, "HTTPException")) is not None


@pytest.mark.parametrize(
    ("name", "remedy"),
    [*REMEDIES.items(), ("TimeoutError", SWITCHED)],
    ids=[*REMEDIES, "TimeoutError, switched"],
)
def test_remedy_is_whole_and_its_scenario_trips_it(name, remedy):
    for words in (remedy.now, remedy.avoid):
        assert words
        assert words[0].isupper() or words[0] == "{"
        assert not words.endswith(".")
    assert bool(remedy.scenario) != bool(remedy.again)
    if remedy.scenario:
        promised = SCENARIOS[remedy.scenario].promise.exception
        below = {one.name for one in CLASSES if name in lineage_of(one.name)}
        assert promised in below | {name}


def lineage_of(name: str) -> list[str]:
    """The class and those that it stands under in the tree."""
    at = next((number for number, one in enumerate(CLASSES) if one.name == name), None)
    if at is None:
        return [name]
    lineage, depth = [name], CLASSES[at].depth
    for one in reversed(CLASSES[:at]):
        if one.depth < depth:
            lineage.append(one.name)
            depth = one.depth
    return lineage


@pytest.mark.parametrize("code", Code)
def test_every_diagnostic_has_a_remedy_and_a_scenario_that_shows_it(code):
    fault = FAULTS[code]

    assert fault.avoid[0].isupper()
    assert not fault.avoid.endswith(".")
    assert code in SCENARIOS[fault.scenario].promise.diagnostics


def test_words_name_what_was_talked_to_or_stay_away():
    assert words_now(("gaierror", "OSError"), "example.org port 80").startswith("The name example.org could")
    assert words_now(("gaierror", "OSError"), "") == REMEDIES["OSError"].now
    assert words_now(("NobodyKnows",), "") == ""


def test_certificate_that_cannot_be_loaded_is_not_looked_for_in_the_network():
    assert words_now(("SSLError", "OSError"), "").startswith("Check the files of certificates and keys")
    # The one class is raised where a port speaks no TLS, and where it asks for a certificate.
    failed_handshake = words_now(("SSLError", "OSError"), "localhost port 443")
    assert "load_cert_chain" in failed_handshake
    assert "https" in failed_handshake
    assert "\x1b" not in words_now(("UnknownProtocol",), "evil\x1b[2J port 80")
