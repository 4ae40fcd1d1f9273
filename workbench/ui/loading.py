"""Loading the workbench: everything that the first frame does not need is imported by this module."""

from typing import NamedTuple

from workbench.config import Config
from workbench.lab import UnknownScenario, find_scenario
from workbench.ui.app import CannotStart
from workbench.ui.bridge import LiveBench
from workbench.ui.opening import CannotOpen, Target, read_target
from workbench.ui.screens.main import MainScreen
from workbench.ui.settings import judged

__all__ = ["Loaded", "MainScreen", "load_bench"]


class Loaded(NamedTuple):
    """What the app goes on with."""

    bench: LiveBench
    config: Config
    """With what could be judged only now."""


def load_bench(target: Target, config: Config) -> Loaded:
    """Make the session for what the command line asked for.

    Args:
        target: What to open.
        config: What the user has settled.

    Raises:
        CannotStart: There is no such thing to open.
    """
    try:
        if target.scenario_name is not None:
            find_scenario(target.scenario_name, target.scenario_directory)
        elif target.recording_path is None:
            read_target(target)
    except (CannotOpen, UnknownScenario, ValueError) as error:
        raise CannotStart(str(error)) from error
    return Loaded(LiveBench(target, config.settings), judged(config))
