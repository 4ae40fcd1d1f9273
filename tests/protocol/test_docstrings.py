"""Every public name of `workbench.protocol` says what it is, and every limit where it comes from."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import workbench.protocol

PACKAGE = Path(inspect.getfile(workbench.protocol)).parent
PUBLIC = {name: getattr(workbench.protocol, name) for name in workbench.protocol.__all__}
CLASSES = {name: value for name, value in PUBLIC.items() if inspect.isclass(value)}
FUNCTIONS = {name: value for name, value in PUBLIC.items() if inspect.isfunction(value)}
VALUES = PUBLIC.keys() - CLASSES.keys() - FUNCTIONS.keys()

SOURCE = re.compile(r"RFC \d|CVE-\d|GHSA-|http\.client|Go's|curl|Apache|Scrapy|\bOurs\b")


def members() -> dict[str, Any]:
    """The public methods and properties of the public classes, as far as they are ours."""
    return {
        f"{base.__name__}.{name}": getattr(member, "__func__", member)
        for cls in CLASSES.values()
        for base in cls.__mro__
        if base.__module__.startswith("workbench.")
        for name, member in vars(base).items()
        if not name.startswith("_") and (inspect.isroutine(member) or isinstance(member, property))
    }


def described_values(module: Path) -> Iterator[tuple[str, str]]:
    """The assignments at the level of a module or class, each with the string that stands under it."""
    for scope in ast.walk(ast.parse(module.read_bytes())):
        if not isinstance(scope, ast.Module | ast.ClassDef):
            continue
        for statement, behind in zip(scope.body, [*scope.body[1:], None], strict=True):
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
                text = behind.value if isinstance(behind, ast.Expr) else None
                yield ast.unparse(target), text.value if isinstance(text, ast.Constant) else ""


MEMBERS = members()
CALLABLE = FUNCTIONS | {name: member for name, member in MEMBERS.items() if inspect.isfunction(member)}
DESCRIBED = {
    name: text for path in PACKAGE.glob("*.py") for name, text in described_values(path) if name in VALUES
}
LIMITS = dict(described_values(PACKAGE / "limits.py"))


def test_something_is_looked_at() -> None:
    assert len(CLASSES) > 20
    assert {"HTTPConnection.request", "HTTPResponse.read", "FieldsOfResponse.trailers"} <= MEMBERS.keys()
    assert {"HTTP_PORT", "DEFAULT"} <= VALUES
    assert {"MAX_RECEIVE_SIZE", "section"} <= LIMITS.keys()


@pytest.mark.parametrize("name", sorted(CLASSES | FUNCTIONS))
def test_class_or_function_says_what_it_is(name: str) -> None:
    assert PUBLIC[name].__doc__


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_method_or_property_says_what_it_gives_or_does(name: str) -> None:
    assert MEMBERS[name].__doc__


@pytest.mark.parametrize("name", sorted(CALLABLE))
def test_every_argument_is_explained(name: str) -> None:
    text = CALLABLE[name].__doc__
    arguments = inspect.signature(CALLABLE[name]).parameters.keys() - {"self"}

    assert [argument for argument in arguments if not re.search(rf"\b{argument}:|`{argument}`", text)] == []


@pytest.mark.parametrize("name", sorted(VALUES))
def test_value_says_what_it_is(name: str) -> None:
    assert DESCRIBED[name]


@pytest.mark.parametrize("name", sorted(LIMITS.keys() - {"DEFAULT_LIMITS"}))
def test_limit_says_where_it_comes_from(name: str) -> None:
    assert SOURCE.search(LIMITS[name])
