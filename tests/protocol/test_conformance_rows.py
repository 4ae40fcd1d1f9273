"""No row of the conformance table is without its proof, under no policy.

A row is shown by a wire case (`tests/protocol/cases`) or by client tests that are marked with `rows.row`.
What counts is what pytest collects, so a test that is not run proves nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.wire.case_file import POLICIES

LAST = {"S": 22, "F": 19, "L": 12, "T": 12, "K": 17, "I": 5, "N": 4, "P": 3, "Q": 8, "R": 18}
"""The groups of the table, each with the number of its last row."""

ROWS = {f"{group}{number}" for group, last in LAST.items() for number in range(1, last + 1)}
ON_CONNECTIONS = {name for name in ROWS if name[0] in "PQR"}
"""The rows that are about connections and requests: only a client on real sockets can show them."""

PLAYED = "test_case_played_whole_gives_its_log"

Proofs = set[tuple[str, str]]
"""Rows, each with the name of a policy under which it is shown."""


def collected_in(session: pytest.Session, path: Path) -> Iterator[pytest.Item]:
    """Collect a test file as pytest does, whether or not this run was asked for it."""
    for item in pytest.Module.from_parent(session, path=path).collect():
        assert isinstance(item, pytest.Item), f"{path.name}: a class is not looked into"
        yield item


@pytest.fixture(scope="module")
def wire_cases(request: pytest.FixtureRequest) -> Proofs:
    items = collected_in(request.session, Path(__file__).parent / "wire" / "test_cases.py")
    cases = [item.callspec.params["case"] for item in items if item.name.startswith(PLAYED)]
    return {(case.row, policy) for case in cases for policy in case.logs}


@pytest.fixture(scope="module")
def client_tests(request: pytest.FixtureRequest) -> Proofs:
    paths = sorted(Path(__file__).parent.glob("test_*.py"))
    items = [item for path in paths if path != Path(__file__) for item in collected_in(request.session, path)]
    marks = [(mark.args, item) for item in items for mark in item.iter_markers("row")]
    for (_, policy), item in marks:
        assert item.callspec.params["policy"] is POLICIES[policy], item.name
    return {args for args, _ in marks}


def test_table_has_120_rows() -> None:
    assert len(ROWS) == 120


def test_no_proof_is_of_a_row_that_does_not_exist(wire_cases: Proofs, client_tests: Proofs) -> None:
    assert {name for name, _ in wire_cases | client_tests} <= ROWS


@pytest.mark.parametrize("policy", POLICIES)
def test_every_row_is_shown_under_every_policy(wire_cases: Proofs, client_tests: Proofs, policy: str) -> None:
    shown = {name for name, under in wire_cases | client_tests if under == policy}

    assert ROWS - shown == set()


@pytest.mark.parametrize("policy", POLICIES)
def test_every_row_about_connections_is_shown_on_one(client_tests: Proofs, policy: str) -> None:
    shown = {name for name, under in client_tests if under == policy}

    assert ON_CONNECTIONS - shown == set()
