"""A program that makes the same requests with `http.client` of Python, and needs nothing else."""

import re
from collections.abc import Iterator

from workbench.export.exporter import Exporter
from workbench.export.subject import Exchange, Subject
from workbench.session.plan import RequestPlan, serialized
from workbench.session.plan_script import (
    DEFAULT_VERSION,
    connection_class,
    context_lines,
    needs_context,
    repr_bytes,
    repr_text,
    request_lines,
    tunnel_line,
    version_lines,
)
from workbench.session.visible import visible

TIMEOUT_SECONDS = 30

RAW_ROW = 64

_CALLED = re.compile(r"[!-~]+")
"""Methods and targets that `http.client` takes: it refuses control characters, spaces, and what is not ASCII."""


def export_python(subject: Subject) -> Iterator[bytes]:
    """Yield the program."""
    exchanges = subject.own_exchanges
    lines = [*_heading(subject, exchanges), "", "import http.client"]
    if any(needs_context(one.plan) for one in exchanges):
        lines.append("import ssl")
    connection, version = 0, DEFAULT_VERSION
    for one in exchanges:
        lines.append("")
        if one.connection.number != connection:
            lines += ["conn.close()", ""] if connection else []
            lines += connecting_lines(one.plan)
            connection, version = one.connection.number, DEFAULT_VERSION
        lines += [*asking_lines(one.plan, version), *_PRINTING]
        version = version_after(one.plan, version)
    lines.append("conn.close()")
    yield ("\n".join(lines) + "\n").encode()


_PRINTING = (
    "print(response.status, response.reason)",
    "for name, value in response.getheaders():",
    '    print(f"{name}: {value}")',
    "print(response.read())",
)


def _heading(subject: Subject, exchanges: list[Exchange]) -> Iterator[str]:
    asked = [docstring_text(f"{one.plan.method or 'bytes to'} {one.plan.url}") for one in exchanges]
    yield f'"""{asked[0]}{f", and {len(asked) - 1} more" if asked[1:] else ""}.'
    yield ""
    yield "Written by Workbench."
    if subject.redacted is not None and subject.redacted.places:
        yield "Credentials are written over with asterisks: put yours in their place."
    yield '"""'


def docstring_text(text: str) -> str:
    """Make text fit for a docstring: it can neither end it nor begin an escape."""
    return visible(text).replace("\\", "/").replace('"', "'")


def connecting_lines(plan: RequestPlan) -> Iterator[str]:
    """Yield the lines that make the connection, in plain Python of today."""
    host, port = (plan.proxy.host, plan.proxy.port) if plan.proxy else (plan.host, plan.port)
    context = ""
    if needs_context(plan):
        yield from context_lines(plan)
        context = ", context=context"
    name = connection_class(plan)
    yield f"conn = http.client.{name}({repr_text(host)}, {port}, timeout={TIMEOUT_SECONDS}{context})"
    if plan.proxy:
        yield tunnel_line(plan)


def asking_lines(plan: RequestPlan, version: str = DEFAULT_VERSION) -> Iterator[str]:
    """Yield the lines that send the request and give the `response`.

    Args:
        plan: The request.
        version: The version that the connection speaks so far.
    """
    if _is_called(plan):
        yield from version_lines(plan, version)
        yield from request_lines(plan)
        yield "response = conn.getresponse()"
        return
    # http.client makes no such request; it reads the answer all the same.
    raw = serialized(plan) if plan.raw is None else plan.raw
    method = str(raw.split(b" ", 1)[0], "ascii", "replace")
    yield "conn.connect()"
    yield "conn.send("
    for line in raw.splitlines(keepends=True) or [b""]:
        for start in range(0, len(line), RAW_ROW):
            yield f"    {repr_bytes(line[start : start + RAW_ROW])}"
    yield ")"
    yield f"response = http.client.HTTPResponse(conn.sock, method={repr_text(method)})"
    yield "response.begin()"


def _is_called(plan: RequestPlan) -> bool:
    return plan.raw is None and _CALLED.fullmatch(plan.method + plan.target) is not None


def version_after(plan: RequestPlan, version: str) -> str:
    """Say which version the connection speaks after `asking_lines`, with the same arguments."""
    return plan.http_version if _is_called(plan) else version


EXPORTER = Exporter("python", ".py", "a program with http.client of Python alone", export_python)
