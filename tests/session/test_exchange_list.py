"""Records of exchanges that are folded, and made again when somebody looks."""

import pytest

from tests.session.storage.recorded import answers, copied, record_scenario
from tests.session.told import Told
from workbench.protocol import tap
from workbench.session import exchange_list
from workbench.session.recording import Recording


@pytest.mark.parametrize(
    "scenario", ["pipelining", "keep-alive-twice", "continue-then-ok", "two-at-once", "reopened"]
)
@pytest.mark.parametrize("most_open", [1, 2])
def test_folded_exchange_answers_as_a_whole_one(scenario, most_open, monkeypatch):
    whole = record_scenario(scenario, Recording())
    monkeypatch.setattr(exchange_list, "MOST_OPEN", most_open)
    folded = copied(whole, Recording())

    assert list(answers(folded)) == list(answers(whole))


def test_only_the_latest_exchanges_and_long_ones_are_kept_whole(monkeypatch):
    monkeypatch.setattr(exchange_list, "LONGEST_FOLDED", 50)
    recording = Recording()
    told = Told(recording.append)
    for number in range(100):
        told.request()
        told.response(b"x")
        for _ in range(60 if number == 40 else 0):
            told.read(b"more")
    exchanges = recording.connection(1).exchanges

    kept = set(exchanges._whole)

    assert kept == {40, *range(84, 100)}
    assert [exchange.number for exchange in exchanges] == list(range(1, 101))
    assert len(exchanges._looked_at) <= exchange_list.MOST_LOOKED_AT
    assert recording.at().connections[0].exchange_numbered(41).response.content_length == 241


def test_late_event_reaches_an_exchange_that_was_folded(monkeypatch):
    monkeypatch.setattr(exchange_list, "MOST_OPEN", 1)
    recording = Recording()
    told = Told(recording.append)
    for _ in range(5):
        told.request()
        told.response(b"x")
    before = recording.connection(1).exchange(2)
    assert before.last_index < recording.connection(1).exchange(3).first_index
    told.exchange = 2
    told.tell(tap.ContinueResolved, "timeout")
    told.exchange = 5
    told.request()

    exchange = recording.at().connection.exchange_numbered(2)

    late = exchange.fact(tap.ContinueResolved)
    assert exchange.last_index == late.index
    assert exchange.response.content() == b"x"
    assert recording.at(late.index - 1).connection.exchange_numbered(2).fact(tap.ContinueResolved) is None


def test_place_of_a_record_is_found_by_its_number():
    recording = Recording()
    for connection in (1, 2):
        Told(recording.append, connection).request()
    exchanges = recording.connection(1).exchanges

    assert exchanges.index(exchanges[0]) == 0
    assert exchanges[-1] is exchanges[0]
    with pytest.raises(ValueError, match="no exchange of connection 1"):
        exchanges.index("something")
    with pytest.raises(IndexError):
        exchanges[1]


def test_event_of_an_exchange_that_never_began_belongs_to_the_one_before():
    recording = Recording()
    told = Told(recording.append)
    for number in (3, 7, 5, 1):
        told.exchange = number
        told.tell(tap.RequestCompleted, True, "sent")

    exchanges = recording.connection(1).exchanges

    assert [(exchange.number, exchange.last_index) for exchange in exchanges] == [(3, 3), (7, 1)]
