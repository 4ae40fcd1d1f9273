"""`workbench exceptions`: the tree of exceptions without a screen, for people and for programs."""

import json
from typing import TextIO

from workbench.endings import ExitCode
from workbench.lab import ScenarioError, load_scenarios
from workbench.ui.presentation.exception_tree import as_document, as_text, exception_tree

DOCUMENT_VERSION = 1
"""Grows when a program that reads the document would have to change."""


def run_exceptions(*, as_json: bool, out: TextIO, err: TextIO) -> ExitCode:
    """Print every exception class, what it means, and the command that shows it.

    Args:
        as_json: Print one JSON document instead of an indented list.
        out: Where the list goes.
        err: Where an error goes.

    Returns:
        The exit code: 0, or 2 where a scenario file is wrong.
    """
    try:
        tree = exception_tree(load_scenarios().values())
    except ScenarioError as error:
        print(f"workbench exceptions: {error}", file=err)
        return ExitCode.REFUSED
    text = (
        json.dumps({"version": DOCUMENT_VERSION, "exceptions": as_document(tree)}, indent=2)
        if as_json
        else as_text(tree)
    )
    print(text, file=out, flush=True)
    return ExitCode.SUCCEEDED
