"""Which names the user calls secret, beside the usual ones."""

from collections.abc import Collection
from typing import Any

from textual.app import App


def redacted_fields_of(app: App[Any]) -> Collection[str]:
    """Give the names that the user's settings call secret."""
    config = getattr(app, "config", None)
    return config.settings.redacted_fields if config is not None else ()
