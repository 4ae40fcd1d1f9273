"""What is public for programs is documented and typed, member by member."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

import workbench.export
import workbench.library

PUBLIC = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in (workbench.library, workbench.export)
    for name in module.__all__
    if not isinstance(getattr(module, name), tuple)
}


def members() -> Iterator[tuple[str, Any]]:
    for name, value in PUBLIC.items():
        yield name, value
        if inspect.isclass(value):
            for member, inner in vars(value).items():
                if not member.startswith("_") and (inspect.isroutine(inner) or isinstance(inner, property)):
                    yield f"{name}.{member}", inner


@pytest.mark.parametrize(("name", "member"), [pytest.param(*one, id=one[0]) for one in members()])
def test_public_member_is_documented_and_typed(name: str, member: Any) -> None:
    assert inspect.getdoc(member), name
    function = inspect.unwrap(
        member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    )
    if inspect.isfunction(function):
        parameters = [one for one in inspect.signature(function).parameters if one not in ("self", "cls")]
        assert {*parameters, "return"} <= set(function.__annotations__), name


def test_package_gives_record_and_names_what_it_has_not() -> None:
    assert workbench.record is workbench.library.record
    with pytest.raises(AttributeError, match="'workbench' has no attribute 'recording_of'"):
        _ = workbench.recording_of
