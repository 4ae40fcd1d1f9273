"""Every scenario played to curl, a client that none of us wrote: so the lab itself is known to be right."""

import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests.lab.curl_table import CANNOT, ROWS, VERSION, Row
from tests.lab.playing import assert_content
from workbench.lab import LabServer, Scenario, find_scenario, load_scenarios

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

SCENARIOS = {name: one for name, one in load_scenarios().items() if name not in CANNOT}
BEFORE_EACH = ("curl", "-q", "--silent", "--path-as-is", "--max-time", "10", "--noproxy", "*")
AT_ONCE = 8
PACE = 0.1


@dataclass(frozen=True)
class Answer:
    """What curl said."""

    code: int
    status: str
    content: bytes


def ask(lab: LabServer, scenario: Scenario, row: Row) -> Answer:
    """Call curl as a row says, without the proxies and settings of whoever runs the tests."""
    _, port = lab.open(scenario)
    values = {
        "{origin}": lab.origin(scenario),
        "{port}": str(port),
        "{cafile}": str(lab.cafile),
        "{client_certificate}": str(lab.client_certificate),
    }
    trust = ("--cacert", "{cafile}") if scenario.tls is not None else ()
    # A written status behind each response, and the content on a channel of its own.
    output = ("--write-out", "%{stderr}%{http_code}\\n", *trust, *row.options)
    words = [*BEFORE_EACH, *output, *row.urls]
    for name, value in values.items():
        words = [word.replace(name, value) for word in words]
    result = subprocess.run(words, capture_output=True, check=False)
    return Answer(result.returncode, result.stderr.decode().split()[-1], result.stdout)


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Answer]:
    """Play every scenario to curl, several at a time: most of it is waiting."""
    with LabServer(pace=PACE) as lab, ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {name: pool.submit(ask, lab, one, ROWS.get(name, Row())) for name, one in SCENARIOS.items()}
        return {name: future.result() for name, future in asked.items()}


def is_known_release() -> bool:
    words = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()
    return words[1].startswith(VERSION)


@pytest.mark.parametrize("name", SCENARIOS)
def test_curl_says_what_the_table_says(answers: Mapping[str, Answer], name: str) -> None:
    promise, row, answer = SCENARIOS[name].promise, ROWS.get(name, Row()), answers[name]
    if (row.why or row.code) and not is_known_release():
        pytest.skip(f"the table holds for curl {VERSION}x, where it is not what is promised")
    status = promise.status if row.status is None else row.status

    assert answer.code == row.code
    assert answer.status == f"{status:03d}"
    if row.content is None:
        assert_content(promise, answer.content)
    else:
        assert answer.content[: len(row.content) if row.goes_on else None] == row.content


@pytest.mark.parametrize("name", SCENARIOS)
def test_table_gives_a_reason_for_what_is_not_promised(name: str) -> None:
    promise, row = SCENARIOS[name].promise, ROWS.get(name, Row())

    if (row.code == 0) != (promise.exception is None and not promise.hangs):
        assert row.why


def test_table_names_scenarios_that_exist_once() -> None:
    assert set(ROWS) | set(CANNOT) <= set(load_scenarios())
    assert not set(ROWS) & set(CANNOT)


# --- what a table cannot say ---------------------------------------------------------------------


@pytest.fixture
def lab() -> Any:
    with LabServer(pace=0) as server:
        yield server


def test_curl_uses_one_connection_for_two_exchanges(lab: LabServer) -> None:
    answer = ask(lab, find_scenario("keep-alive-twice"), ROWS["keep-alive-twice"])

    assert answer.content == b"The first page\nThe second page\n"
    assert {event.connection for event in lab.log} == {1}


def test_curl_answers_the_challenge(lab: LabServer) -> None:
    ask(lab, find_scenario("basic-auth"), ROWS["basic-auth"])

    assert any(b"Basic YWxhZGRpbjpvcGVuc2VzYW1l\r\n" in event.data for event in lab.log)


def test_curl_shows_the_trailer_section(lab: LabServer) -> None:
    answer = ask(lab, find_scenario("chunked-trailers"), Row(options=("--include",)))

    assert b"X-Checksum: 7f83b165\r\n" in answer.content


def test_curl_takes_the_content_codings_off(lab: LabServer) -> None:
    for name, words in (("gzip-json", b"{"), ("deflate", b"")):
        answer = ask(lab, find_scenario(name), Row(options=("--compressed",)))

        assert answer.code == 0
        assert answer.content.startswith(words)
        assert answer.content.isascii()
