"""A regression case: a test that makes the request again and expects the same answer."""

import hashlib
import re
from collections.abc import Iterator
from itertools import groupby

from workbench.export.exporter import Exporter
from workbench.export.message import field_pairs
from workbench.export.python_script import asking_lines, connecting_lines, docstring_text, version_after
from workbench.export.subject import Exchange, Subject
from workbench.protocol.wire.span import Span
from workbench.session.exchange_moment import ResponseMoment
from workbench.session.plan_script import DEFAULT_VERSION, needs_context, repr_bytes, repr_text

MOST_LITERAL = 2048
"""Bytes of content that are compared as a literal; more are compared by their hash."""

VOLATILE_FIELDS = frozenset(
    ("age", "cf-ray", "date", "expires", "set-cookie", "traceparent", "x-request-id", "x-runtime")
)
"""Fields that differ from one answer to the next."""


def export_pytest(subject: Subject) -> Iterator[bytes]:
    """Yield a module with a test for each connection, as what is answered may depend on what went before."""
    exchanges = subject.own_exchanges
    groups = [list(group) for _, group in groupby(exchanges, key=lambda one: one.connection.number)]
    cases = [list(_case(subject, group, name)) for group, name in zip(groups, _names(groups), strict=True)]
    text = "\n".join(line for case in cases for line in ("", "", *case))
    if "values_of(" in text:
        text = "\n".join(("", "", *_HELPER)) + "\n" + text
    modules = ["http.client", *(["ssl"] if any(needs_context(one.plan) for one in exchanges) else [])]
    modules = ["hashlib", *modules] if "hashlib." in text else modules
    heading = [f'"""{docstring_text(subject.secrets_line)}.', "", "Recorded by Workbench.", '"""', ""]
    imports = [f"import {module}" for module in modules]
    third = ["", "import pytest"] if "pytest." in text else []
    yield ("\n".join([*heading, *imports, *third]) + "\n" + text.rstrip() + "\n").encode()


_HELPER = (
    "def values_of(response, name):",
    '    """Give the values of a field, with one space for white space."""',
    '    return [" ".join(value.split()) for value in response.headers.get_all(name, [])]',
)


def _names(groups: list[list[Exchange]]) -> Iterator[str]:
    taken: set[str] = set()
    for group in groups:
        words = f"{group[0].plan.method or 'bytes'} {group[0].plan.target.partition('?')[0]}"
        base = "test_" + (re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "request")[:60]
        names = (base, *(f"{base}_{number}" for number in range(2, len(groups) + 2)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        yield name


def _case(subject: Subject, group: list[Exchange], name: str) -> Iterator[str]:
    yield f"def {name}():"
    for line in connecting_lines(group[0].plan):
        yield f"    {line}"
    yield "    try:"
    version = DEFAULT_VERSION
    for number, one in enumerate(group):
        if number:
            yield ""
        yield from (f"        {line}" if line else "" for line in _request_and_answer(subject, one, version))
        version = version_after(one.plan, version)
    yield "    finally:"
    yield "        conn.close()"


def _request_and_answer(subject: Subject, one: Exchange, version: str) -> Iterator[str]:
    response = one.exchange.response
    if response is None or one.exchange.error is not None:
        yield "with pytest.raises((http.client.HTTPException, OSError)):"
        yield from (f"    {line}" for line in asking_lines(one.plan, version))
        yield "    response.read()"
        return
    yield from asking_lines(one.plan, version)
    yield "content = response.read()"
    yield ""
    yield from _expectations(subject, one, response)


def _expectations(subject: Subject, one: Exchange, response: ResponseMoment) -> Iterator[str]:
    line = response.status_line
    if line is not None:
        expected = f"({line.event.status_code}, {repr_text(line.event.reason_phrase)})"
        yield f"assert (response.status, response.reason) == {expected}"
    number = one.connection.number
    blank = {
        fact.event.name.lower()
        for fact in response.header_section
        if subject.holds_blanks(number, fact.event.span)
    }
    fields = field_pairs(response.header_section)
    for name in dict.fromkeys(name.lower() for name, _ in fields):
        if name in VOLATILE_FIELDS:
            continue
        if name in blank:
            yield f"# {docstring_text(name)} holds a secret, which is written over, and is not compared."
            continue
        values = ", ".join(
            repr_text(" ".join(value.split())) for found, value in fields if found.lower() == name
        )
        yield f"assert values_of(response, {repr_text(name)}) == [{values}]"
    yield from _content_expectation(
        response.content(),
        secret=_content_is_blank(subject, number, response),
        whole=response.completion is not None and response.completion.event.complete,
    )


def _content_is_blank(subject: Subject, connection: int, response: ResponseMoment) -> bool:
    spans: list[Span] = response.content_spans()
    return any(subject.holds_blanks(connection, span) for span in spans)


def _content_expectation(content: bytes, *, secret: bool, whole: bool) -> Iterator[str]:
    given = "content" if whole else f"content[:{len(content)}]"
    if not whole:
        yield "# No more of it was read."
    if secret:
        yield "# The content holds a secret, which is written over."
        yield f"assert len({given}) == {len(content)}"
    elif len(content) <= MOST_LITERAL:
        yield f"assert {given} == {repr_bytes(content)}"
    else:
        yield f"assert len({given}) == {len(content)}"
        digest = hashlib.sha256(content).hexdigest()
        yield f'assert hashlib.sha256({given}).hexdigest() == "{digest}"'


EXPORTER = Exporter("pytest", ".py", "a regression test for pytest, with http.client alone", export_pytest)
