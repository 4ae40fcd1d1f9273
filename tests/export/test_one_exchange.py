"""What is exported of one exchange has nothing of the others."""

import json

import pytest

from tests.export.conftest import RecordScenario
from workbench import record
from workbench.export import EXPORTERS, Subject, find_exporter
from workbench.lab import LabServer, find_scenario
from workbench.protocol import HTTPConnection
from workbench.session.recording import Recording

FIRST = (b"/one", b"The first page")
SECOND = (b"/two", b"The second page")


def exported(form: str, recording: Recording, number: int) -> bytes:
    data = b"".join(find_exporter(form).export(Subject.of(recording, numbers=[number])))
    if form == "trace":
        rows = [line[6:54] for line in data.decode().splitlines() if line[4:6] == ": "]
        data += bytes.fromhex("".join(rows))
    return data


@pytest.mark.parametrize(("number", "own", "other"), [(1, FIRST, SECOND), (2, SECOND, FIRST)])
@pytest.mark.parametrize("form", [one.name for one in EXPORTERS])
def test_export_of_an_exchange_has_nothing_of_the_other(
    form: str, number: int, own: tuple[bytes, ...], other: tuple[bytes, ...], record_scenario: RecordScenario
) -> None:
    data = exported(form, record_scenario("keep-alive-twice"), number)

    assert [words for words in other if words in data] == []
    assert [words for words in own if words in data] != []


def test_exchange_of_a_program_is_told_alone(lab: LabServer) -> None:
    scenario = find_scenario("keep-alive-twice")
    lab.open(scenario)
    with record() as recording:
        connection = HTTPConnection(lab.origin(scenario).removeprefix("http://"))
        for target in ("/one", "/two"):
            connection.request("GET", target)
            connection.getresponse().read()
        connection.close()

    texts = [exported("text", recording, number).decode() for number in (1, 2)]

    assert [("request(" in text, "/one" in text, "/two" in text) for text in texts] == [
        (True, True, False),
        (True, False, True),
    ]
    assert [text.count("read()") for text in texts] == [1, 1]


def test_json_of_an_exchange_has_no_run_of_the_whole_script(record_scenario: RecordScenario) -> None:
    document = json.loads(exported("json", record_scenario("keep-alive-twice"), 2))

    assert document["runs"] == []
    assert [one["exchange"] for one in document["exchanges"]] == [2]
