"""A loopback HTTP/1.1 server that behaves, and misbehaves, on purpose and byte for byte.

The words of this package:

* A **scenario** is one behaviour with everything a person needs to see it: what it teaches, the
  steps the server plays, the script of calls to run against it, and the outcome it promises. Each
  is one TOML file, the built-in ones in `workbench/lab/scenarios/`.
* A **step** is one thing the server does: expect a request head, send bytes, wait, reset.
* A **play** is one connection's run through the steps.
* The **lab** listens, plays, and keeps a log of every byte it sent and received.

The lab shares no code with `workbench.protocol`: a mistake in shared code would show up as an
agreement between client and server. It binds loopback addresses unless told otherwise.
"""

from workbench.lab.catalogue import UnknownScenario, find_scenario, load_scenarios
from workbench.lab.loader import load_scenario
from workbench.lab.log import EventLog, LabEvent
from workbench.lab.scenario import Promise, Scenario, ScenarioError, TlsOptions
from workbench.lab.server import LabServer

__all__ = [
    "EventLog",
    "LabEvent",
    "LabServer",
    "Promise",
    "Scenario",
    "ScenarioError",
    "TlsOptions",
    "UnknownScenario",
    "find_scenario",
    "load_scenario",
    "load_scenarios",
]
