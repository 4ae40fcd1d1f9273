"""Tests of the screen may be coroutines: each runs in an event loop of its own."""

import asyncio
import inspect

import pytest

from tests.ui.terminal import Terminal


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine. A plugin for this would be one more dependency for ten lines."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    asyncio.run(pyfuncitem.obj(**arguments))
    return True


@pytest.fixture
def open_terminal():
    opened = []

    def start(*arguments, **options):
        terminal = Terminal(*arguments, **options)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()
