"""What the event sites cost where no tap listens: the client is compared with itself without them.

A copy of `workbench/protocol` is made in which every branch that asks for a reporter is taken out, and another
copy, written out by the same means, in which they are left. The two take turns.
"""

import ast
import importlib
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import workbench.protocol
from tests.benchmarks.canned import Address

_SOURCE = Path(workbench.protocol.__file__).parent


class _WithoutSites(ast.NodeTransformer):
    """Takes out what is done where `reporter` is not None."""

    def __init__(self) -> None:
        self.count = 0

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        listens = _listens(node.test)
        if listens is None:
            return node
        self.count += 1
        return (node.body if not listens else node.orelse) or ast.Pass()

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        self.generic_visit(node)
        listens = _listens(node.test)
        if listens is None:
            return node
        self.count += 1
        return node.orelse if listens else node.body


def _listens(test: ast.expr) -> bool | None:
    """Whether a test is true where a tap listens; None where it is about something else."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and _listens(test.values[0]):
        return True
    if not isinstance(test, ast.Compare) or not ast.unparse(test.left).endswith("reporter"):
        return None
    return isinstance(test.ops[0], ast.IsNot)


def _copy(folder: Path, name: str, without_sites: bool) -> tuple[Any, int]:
    """Write a copy of the package, import it, and give it with the number of sites taken out."""
    count = 0
    for path in _SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8").replace("workbench.protocol", name))
        if without_sites:
            transformer = _WithoutSites()
            tree = ast.fix_missing_locations(transformer.visit(tree))
            count += transformer.count
        target = folder / name / path.relative_to(_SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(ast.unparse(tree), "utf-8")
    return importlib.import_module(name), count


def measure_sites(address: Address, rounds: int) -> tuple[list[float], int]:
    """Give, round by round, how many times as long the small GET takes with the sites; and their number."""
    sys.path.insert(0, str(address.scratch))
    try:
        bare, count = _copy(address.scratch, "protocol_without_sites", True)
        whole, _ = _copy(address.scratch, "protocol_with_sites", False)
    finally:
        sys.path.remove(str(address.scratch))
    ratios = []
    for _ in range(rounds):
        taken: dict[str, list[float]] = {"bare": [], "whole": []}
        for _ in range(10):
            taken["bare"].append(_seconds(bare, address))
            taken["whole"].append(_seconds(whole, address))
        ratios.append(statistics.median(taken["whole"]) / statistics.median(taken["bare"]))
    return ratios, count


def _seconds(module: Any, address: Address) -> float:
    connection = module.HTTPConnection(address.host, address.port)
    begin = time.process_time()
    for _ in range(100):
        connection.request("GET", "/13")
        connection.getresponse().read()
    seconds = time.process_time() - begin
    connection.close()
    return seconds
