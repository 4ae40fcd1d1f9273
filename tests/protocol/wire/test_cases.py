"""Plays the cases of `tests/protocol/cases`, and checks that no row and no diagnostic is left out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.wire.case_file import POLICIES, Case, load_cases, unescape
from tests.protocol.wire.log import format_log, format_settled
from tests.protocol.wire.playing import assert_leaves_tile, play, play_file
from workbench.protocol.policy import Action
from workbench.protocol.wire.diagnostics import Code

CASES = [case for path in sorted(Path(__file__).parents[1].glob("cases/*.md")) for case in load_cases(path)]

ROWS = {f"{letter}{n}" for letter, last in (("S", 22), ("F", 19), ("L", 12)) for n in range(1, last + 1)}
ROWS |= {f"{letter}{n}" for letter, last in (("T", 12), ("K", 17), ("I", 5)) for n in range(1, last + 1)}
ROWS |= {"N1", "N2", "N3", "N4", "P1", "P2", "P3", "R12", "R18"}
"""The rows of the conformance table that are about the bytes of one response."""

NOT_ABOUT_ONE_RESPONSE = {
    *("TLS_TRUNCATION", "TLS_UNVERIFIED", "UNSOLICITED_RESPONSE", "EARLY_RESPONSE"),
    *("METHOD_TOKEN", "FRAGMENT", "USERINFO"),
    *(code for code in Code if code.startswith("SENT_")),
}
"""Diagnostics of a request, of TLS, or of what passes between two exchanges."""

NEVER_REACHED = {
    ("LEADING_CRLF_REPEATED", "strict"): "the first empty line raises",
}

BEHIND = (
    b"HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\n!",
    b"\0\r\n\r\n\xff5\r\n",
)
"""What may follow a message: the next one, or garbage."""

with_every_case = pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.row} {case.name}") for case in CASES]
)


@with_every_case
def test_case_played_whole_gives_its_log(case: Case) -> None:
    logs = {policy: format_log(play([case.data], case.exchange(policy))) for policy in POLICIES}

    assert logs == case.logs


@with_every_case
def test_case_played_byte_by_byte_gives_the_same(case: Case) -> None:
    for policy in POLICIES:
        whole = play([case.data], case.exchange(policy))
        cut = play(cut_to_bytes(case.data), case.exchange(policy))

        assert format_settled(cut) == format_settled(whole)


@with_every_case
def test_case_with_more_bytes_behind_gives_the_same(case: Case) -> None:
    for policy in POLICIES:
        whole = play([case.data], case.exchange(policy))
        if whole.outcome.error is not None and whole.outcome.error.class_name == "TimeoutError":
            continue  # What is waited for is not behind.
        for behind in () if "ends" in case.words else BEHIND:
            longer = play([case.data + behind], case.exchange(policy))

            assert format_settled(longer) == format_settled(whole)


@with_every_case
def test_case_read_from_a_file_gives_the_same(case: Case) -> None:
    for policy in POLICIES:
        whole = play([case.data], case.exchange(policy))
        read = play_file(case.data, case.exchange(policy))

        assert format_settled(read) == format_settled(whole)


@with_every_case
def test_every_byte_of_a_case_lies_in_exactly_one_leaf(case: Case) -> None:
    for policy in POLICIES:
        played = play([case.data], case.exchange(policy))

        assert_leaves_tile(played)


@with_every_case
def test_case_without_a_tap_has_the_same_outcome(case: Case) -> None:
    for policy in POLICIES:
        tapped = play([case.data], case.exchange(policy))
        untapped = play([case.data], case.exchange(policy), tap=False)

        assert (untapped.outcome, untapped.kept) == (tapped.outcome, tapped.kept)


def cut_to_bytes(data: bytes, edge: int = 1000) -> Iterator[bytes]:
    """Cut into single bytes; what is far from both ends of a long input into larger pieces."""
    position = 0
    while position < len(data):
        size = 1 if min(position, len(data) - position) < edge else 61
        yield data[position : position + size]
        position += size


def test_every_row_about_one_response_has_a_case() -> None:
    rows = {case.row for case in CASES}

    assert rows == ROWS


def test_every_case_says_what_happens_under_every_policy() -> None:
    incomplete = [case.name for case in CASES if case.logs.keys() != POLICIES.keys()]

    assert incomplete == []


def test_no_two_cases_have_one_name() -> None:
    names = [(case.row, case.name) for case in CASES]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("code", [code for code in Code if code not in NOT_ABOUT_ONE_RESPONSE])
def test_every_diagnostic_of_a_response_has_a_case_under_every_policy(code: Code, policy: str) -> None:
    shown = {
        action
        for case in CASES
        if "strict" not in case.words
        for action in re.findall(rf"DiagnosticFound {code} (\w+)$", case.logs[policy], re.MULTILINE)
    }

    action = POLICIES[policy][code]
    expected = {Action.RAISE: {"raised"}, Action.ACCEPT: {"accepted"}, Action.IGNORE: set()}[action]
    assert shown == (set() if (code, policy) in NEVER_REACHED else expected)


def test_unescape_gives_the_bytes_that_are_written() -> None:
    assert unescape("a\\r\\n\nb\\x00\\0\\t\\\\\\{\\xffb*2}") == b"a\r\nb\0\0\t\\\xffb\xffb"


def test_unescape_refuses_what_is_no_escape() -> None:
    with pytest.raises(AssertionError, match="Expected an escape"):
        unescape("a\\q")
