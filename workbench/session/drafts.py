"""Drafts: what was typed into the editor and not saved yet, in case that the program ends first.

A draft belongs to one script, by its file or its name, and is removed when the text is saved or dropped.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workbench.session.bounds import MAX_SOURCE_LENGTH
from workbench.session.filled_in import NOTHING_FILLED_IN, filled_anew
from workbench.session.state_directory import state_directory

MOST_DRAFTS = 50
"""Drafts that are kept; the oldest go first."""

_MOST_READ = 8 * MAX_SOURCE_LENGTH


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and not saved."""

    text: str
    saved_at: datetime
    """When it was written down, in UTC."""


def save_draft(script: str, text: str, filled_in: Mapping[str, str] = NOTHING_FILLED_IN) -> None:
    """Write a draft down, in the place of an older one of the same script.

    Args:
        script: The whole path of its file, or its name.
        text: What was typed.
        filled_in: What in the script holds for this start of the program alone, such as a port, by its place.

    Raises:
        OSError: It cannot be written.
    """
    path = _path(script)
    new = path.with_suffix(f".{os.getpid()}")
    data = json.dumps({"script": script, "text": text, "filled_in": dict(filled_in)}).encode("ascii")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    new.replace(path)
    _forget_oldest(path)


def load_draft(script: str, filled_in: Mapping[str, str] = NOTHING_FILLED_IN) -> Draft | None:
    """Read the draft of a script; None when there is none, or it is damaged.

    Args:
        script: As it was given when the draft was saved.
        filled_in: What is filled into the script in this start: it takes the place of what was then.

    Raises:
        OSError: It is there and cannot be read.
    """
    path = _path(script)
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_READ)
            saved_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except FileNotFoundError:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    text = found.get("text") if isinstance(found, dict) and found.get("script") == script else None
    if not isinstance(text, str):
        return None
    then = found.get("filled_in")
    known = (
        {place: old for place, old in then.items() if isinstance(old, str)} if isinstance(then, dict) else {}
    )
    return Draft(filled_anew(text, known, filled_in), saved_at)


def remove_draft(script: str) -> None:
    """Forget the draft of a script, if there is one.

    Raises:
        OSError: It cannot be removed.
    """
    _path(script).unlink(missing_ok=True)


def _path(script: str) -> Path:
    digest = hashlib.sha256(script.encode("utf-8", "surrogatepass")).hexdigest()
    return state_directory("drafts") / f"{digest[:32]}.json"


def _forget_oldest(newest: Path) -> None:
    with contextlib.suppress(OSError):
        drafts = [path for path in newest.parent.glob("*.json") if path != newest]
        drafts.sort(key=lambda path: path.stat().st_mtime_ns)
        for path in drafts[: len(drafts) + 1 - MOST_DRAFTS]:
            path.unlink(missing_ok=True)
