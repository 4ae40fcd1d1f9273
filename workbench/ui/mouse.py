"""Whether clicks go to the program or to the terminal, which can select text then."""

from typing import Any

from textual.app import App


def has_mouse(app: App[Any]) -> bool:
    """Say whether clicks go to the program."""
    driver = app._driver  # noqa: SLF001 - Textual takes this at the start alone
    return driver is not None and driver._mouse  # noqa: SLF001


def give_mouse(app: App[Any], to_program: bool) -> None:
    """Have clicks go to the program, or leave them to the terminal.

    Textual decides at the start, and its driver keeps it: for the way back from a suspension, and to
    put the terminal in order at the end. So the driver is told, and not only the terminal.
    """
    driver = app._driver  # noqa: SLF001
    if driver is None or driver._mouse == to_program:  # noqa: SLF001
        return
    # Both do nothing while the driver has no mouse. The one for tests has none of the two.
    getattr(driver, "_disable_mouse_support", _nothing)()
    driver._mouse = to_program  # noqa: SLF001
    getattr(driver, "_enable_mouse_support", _nothing)()


def _nothing() -> None:
    pass
