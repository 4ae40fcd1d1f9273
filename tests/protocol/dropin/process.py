"""Starts a process in which the drop-in stands in the place of http.client."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import workbench

IN_PLACE = Path(__file__).with_name("in_place.py")
SOURCES = Path(workbench.__file__).parent.parent


def run_in_place(folder: Path, kind: str, *arguments: str, timeout: float) -> dict[str, Any]:
    """Run `in_place.py` and give what it wrote.

    Args:
        folder: Where it runs, and may leave files.
        kind: `suite` or `checks`.
        arguments: What that kind wants.
        timeout: In seconds.
    """
    result_file = folder / "result.json"
    # What is set for this user must not decide: proxies, certificates, credentials, paths.
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LC_ALL", "TZ")}
    finished = subprocess.run(
        [sys.executable, str(IN_PLACE), str(result_file), kind, *arguments],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    assert result_file.exists(), finished.stdout.decode("utf-8", "replace") + finished.stderr.decode(
        "utf-8", "replace"
    )
    result: dict[str, Any] = json.loads(result_file.read_text(encoding="utf-8"))
    assert result["in place"]
    assert result["real ones"] == []
    return result
