"""What the user's settings say about scripts, where neither the script nor the command line does."""

import sys
from typing import TYPE_CHECKING, NamedTuple

from workbench.cli.arguments import DEFAULT_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from workbench.config import Settings
    from workbench.protocol.policy import Policy


USUAL_POLICY = "default"
"""What connections have anyway."""


class Defaults(NamedTuple):
    """What a run is given."""

    timeout_seconds: float
    policy: "Policy | None"
    """None for the one that connections have anyway."""


def load_defaults(title: str, timeout_seconds: float | None = None) -> Defaults:
    """Read the settings for a command that runs a script.

    Args:
        title: Of the command, for what is wrong with the file.
        timeout_seconds: What the command line says.
    """
    settings = load_settings(title)
    policy = None
    if settings.policy != USUAL_POLICY:
        from workbench.protocol.policy import BY_NAME

        policy = BY_NAME[settings.policy]
    return Defaults(timeout_seconds or settings.silence_seconds or DEFAULT_TIMEOUT_SECONDS, policy)


def load_settings(title: str) -> "Settings":
    """Read the settings, and say on standard error what is wrong with the file."""
    from workbench.config import load_config

    config = load_config()
    if config.problems:
        from workbench.session.headless import complain

        for problem in config.problems:
            complain(sys.stderr, title, str(problem), "What is wrong is left at its default")
    return config.settings
