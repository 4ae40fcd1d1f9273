"""Puts the drop-in in the place of http.client, then runs what was written for http.client.

For a process of its own, because nothing may have imported http.client before::

    python in_place.py RESULT suite test.test_httplib [TEST_TO_LEAVE_OUT ...]
    python in_place.py RESULT checks clients/with_requests.py [ARGUMENT ...]

RESULT is the file that gets what happened, as JSON: what is run prints what it likes.
"""

# ruff: noqa: E402 - the replacement has to be there before anything is imported that may want it
import http
import sys

import workbench.protocol.dropin as dropin

sys.modules["http.client"] = http.client = dropin

import json
import runpy
import traceback
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

NOT_TO_BE_USED = ("network", "urlfetch", "gui", "audio")
"""Resources of the standard library's tests that would leave this machine, or are not about HTTP."""


def run_suite(name: str, *left_out: str) -> dict[str, Any]:
    """Run one suite of the standard library.

    Args:
        name: Of the module.
        left_out: The ids of tests that are not run.
    """
    from test import support
    from test.libregrtest.cmdline import ALL_RESOURCES

    # Without this, every resource counts as enabled.
    support.use_resources = [each for each in ALL_RESOURCES if each not in NOT_TO_BE_USED]
    loaded = list(_flatten(unittest.defaultTestLoader.loadTestsFromName(name)))
    outcome = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(
        unittest.TestSuite(test for test in loaded if test.id() not in left_out)
    )
    failures = [*outcome.failures, *outcome.errors]
    return {
        "run": outcome.testsRun - len(outcome.skipped),
        "skipped": {str(test): reason for test, reason in outcome.skipped},
        "failures": {str(test): text for test, text in failures}
        | {str(test): "unexpected success" for test in outcome.unexpectedSuccesses},
        "left out": sorted({test.id() for test in loaded} & set(left_out)),
    }


def _flatten(suite: Any) -> Iterator[Any]:
    if isinstance(suite, unittest.TestSuite):
        for test in suite:
            yield from _flatten(test)
    else:
        yield suite


def run_checks(script: str, *arguments: str) -> dict[str, Any]:
    """Call each function of a script whose name begins with `check_`, with the arguments."""
    results = {}
    for name, check in runpy.run_path(script).items():
        if name.startswith("check_"):
            results[name] = _call(check, arguments)
    return {"checks": results}


def _call(check: Callable[..., None], arguments: tuple[str, ...]) -> str:
    try:
        check(*arguments)
    except Exception:  # noqa: BLE001 - the other process tells of it
        return traceback.format_exc()
    return "ok"


def real_http_clients() -> list[str]:
    """Names of loaded modules that are the http.client of the standard library after all."""
    files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
    return [name for name, file in files.items() if Path(file).parts[-2:] == ("http", "client.py")]


def main(result_file: str, kind: str, *arguments: str) -> None:
    """Run one of the two kinds, and write the result."""
    result = {"suite": run_suite, "checks": run_checks}[kind](*arguments)
    in_place = http.client is dropin and sys.modules["http.client"] is dropin
    result |= {"in place": in_place, "real ones": real_http_clients()}
    Path(result_file).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
