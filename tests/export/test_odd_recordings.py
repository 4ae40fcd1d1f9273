"""Recordings that no run makes, because somebody has changed the file: each form holds them all the same."""

import pytest

from tests.session.told import Told
from workbench.export import EXPORTERS, Subject
from workbench.export.exporter import Exporter
from workbench.protocol import tap
from workbench.session.events import ScriptStarted
from workbench.session.recording import Recording


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
@pytest.mark.parametrize("secrets", [True, False])
def test_text_with_a_surrogate_is_written(exporter: Exporter, secrets: bool) -> None:
    recording = Recording()
    recording.append(ScriptStarted(1, 1, "a\udcff.py", 'print("\ud800")\n', 2))
    told = Told(recording.append)
    told.tell(tap.HostLookupStarted, "h\ud800", 80)
    told.tell(tap.Connected, "\ud800", 80, "", 0, 0)
    told.request()
    told.response()
    told.tell(tap.TransportFailed, "receive", "reset \ud800")
    told.tell(tap.ConnectionClosed, "\ud800")

    data = b"".join(exporter.export(Subject.of(recording, secrets=secrets, listed=["\udcff"])))

    assert data
