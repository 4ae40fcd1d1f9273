"""A little of the long run, in the suite. Each run looks at other cases, but in CI."""

import os
import random

import pytest

from tests.fuzz.command import main, make_case

SEED = 1 if os.environ.get("CI") else random.SystemRandom().randrange(10**6)
COUNTS = {"response": 60, "calls": 25}


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("kind", COUNTS)
def test_nothing_foreign_escapes(kind: str) -> None:
    for number in range(COUNTS[kind]):
        case = make_case(kind, SEED, number)
        try:
            case.run()
        except Exception as error:
            error.add_note(
                f"{kind} {number} of seed {SEED}: see python -m tests.fuzz --help\n{case.describe()}"
            )
            raise


@pytest.mark.parametrize("kind", COUNTS)
def test_case_is_made_from_its_number_alone(kind: str) -> None:
    one, other = make_case(kind, 5, 7), make_case(kind, 5, 7)

    assert one.describe() == other.describe()
    assert one.describe() != make_case(kind, 5, 8).describe()


def test_command_says_how_to_make_a_failed_case_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.fuzz.command.make_case", lambda kind, seed, number: FailingCase(number))

    code = main(["--responses", "3", "--calls", "0", "--seed", "9", "--first", "4", "--jobs", "1"])

    told = capsys.readouterr().out
    assert code == 1
    assert "KeyError" in told
    assert "what was sent" in told
    assert "--seed 9 --first 5 --responses 1 --calls 0" in told
    assert "1 failed" in told


class FailingCase:
    """Lets something foreign escape when its number is 5."""

    def __init__(self, number: int) -> None:
        self.number = number

    def run(self) -> None:
        if self.number == 5:
            raise KeyError(self.number)

    def describe(self) -> str:
        return "what was sent"
