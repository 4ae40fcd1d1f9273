"""The command of curl that makes a request once more, byte for byte as far as curl can."""

import re
import shlex
from collections.abc import Iterator

from workbench.export.exporter import Exporter
from workbench.export.subject import Subject
from workbench.session.plan import RequestPlan

_SHELL_SAFE = re.compile(r"[\x20-\x7e]*")
_URL_PATH = re.compile(r"/[!-\"$-~]*")
"""What curl sends as it stands in a URL: it cuts off a fragment, and encodes what is not ASCII."""

_LONGEST_ARGUMENT = 100_000
"""Bytes. Linux takes no argument of a program above 128 KiB (MAX_ARG_STRLEN in its binfmts.h)."""

_CURLS_OWN = ("User-Agent", "Accept")
"""Fields that curl adds by itself, and leaves out where it is told an empty one."""


def export_curl(subject: Subject) -> Iterator[bytes]:
    """Yield a command for each request."""
    for number, one in enumerate(subject.own_exchanges):
        if number:
            yield b"\n"
        yield curl_command(one.plan).encode("utf-8", "backslashreplace") + b"\n"


def curl_command(plan: RequestPlan) -> str:
    """Write the command, for bash, zsh and any shell that has `$'...'`. Another sends `$...`, and runs nothing of it.

    Args:
        plan: What is to be sent.
    """
    if plan.raw is not None:
        return (
            "# curl cannot send these bytes: they are no request as it makes them.\n"
            f"printf {_percent_escaped(plan.raw)} | {_sender(plan)}"
        )
    before, body = _body(plan)
    words = [*_how(plan), *_headers(plan), *body, shlex.quote(_curl_url(plan))]
    lines = " \\\n  ".join(["curl --include --silent --show-error", *words])
    return f"{before}{lines}"


def _sender(plan: RequestPlan) -> str:
    if plan.scheme == "https":
        return f"openssl s_client -quiet -connect {shlex.quote(plan.host_and_port)}"
    return f"nc {shlex.quote(plan.host)} {plan.port}"


def _how(plan: RequestPlan) -> Iterator[str]:
    """Yield the options beside fields and content."""
    yield "--http1.0" if plan.http_version == "HTTP/1.0" else "--http1.1"
    if plan.method == "HEAD" and plan.content is None:
        yield "--head"
    elif plan.method != ("GET" if plan.content is None else "POST"):
        yield f"--request {_quoted(plan.method)}"
    yield "--path-as-is --globoff"
    if not _URL_PATH.fullmatch(plan.target):
        yield f"--request-target {_quoted(plan.target)}"
    if plan.proxy:
        yield f"--proxy {_quoted(f'http://{plan.proxy.authority}')} --proxytunnel"
        yield from (f"--proxy-header {_quoted(f'{name}: {value}')}" for name, value in plan.proxy.fields)
    if not plan.tls.verified:
        yield "--insecure"


def _headers(plan: RequestPlan) -> Iterator[str]:
    names = {name.lower() for name, _ in plan.all_fields()}
    for name, value in plan.all_fields():
        same_host = name.lower() == "host" and value == plan.authority
        own_length = name.lower() == "content-length" and value == str(len(plan.content or b""))
        if not same_host and not (own_length and plan.content is not None):
            yield f"--header {_quoted(f'{name}: {value}' if value else f'{name};')}"
    missing = [name for name in _CURLS_OWN if name.lower() not in names]
    if "host" not in names:
        missing.append("Host")
    if plan.content is not None:
        missing += [name for name in ("Content-Type", "Expect") if name.lower() not in names]
    yield from (f"--header {_quoted(f'{name}:')}" for name in missing)


def _body(plan: RequestPlan) -> tuple[str, list[str]]:
    """Give what stands in front of the command, and the option that sends the content."""
    if plan.content is None:
        return "", []
    text = str(plan.content, "latin-1")
    if not _SHELL_SAFE.fullmatch(text) or len(text) > _LONGEST_ARGUMENT:
        # An argument cannot hold a zero byte, not every shell has `$'...'`, and one may take bytes for text. `printf` is
        # the shell's own.
        return f"printf {_percent_escaped(plan.content)} |\n", ["--data-binary @-"]
    return "", [f"--data-raw {shlex.quote(text)}"]


def _curl_url(plan: RequestPlan) -> str:
    path = plan.target if _URL_PATH.fullmatch(plan.target) else "/"
    return f"{plan.scheme}://{plan.authority}{path}"


def _quoted(text: str) -> str:
    """Quote a word for a shell; `$'...'` where there is something that cannot be typed."""
    if _SHELL_SAFE.fullmatch(text):
        return shlex.quote(text)
    data = text.encode("latin-1", "replace")
    return "$'" + "".join(_escaped_byte(byte) for byte in data) + "'"


def _escaped_byte(byte: int) -> str:
    # In a shell without `$'...'` the word would end at a quote, whatever is in front of it.
    return chr(byte) if 0x20 <= byte < 0x7F and byte not in b"\\'" else f"\\x{byte:02x}"


def _percent_escaped(data: bytes) -> str:
    """Write bytes as the format of `printf`, in octal, which every shell reads alike."""
    # What begins as an option would be taken for one.
    minus, data = (r"\055", data[1:]) if data.startswith(b"-") else ("", data)
    text = minus + "".join(
        f"\\{byte:03o}" if not 0x20 <= byte < 0x7F or byte in b"\\'" else "%%" if byte == 0x25 else chr(byte)
        for byte in data
    )
    return f"'{text}'"


EXPORTER = Exporter("curl", ".sh", "the curl command that makes each request", export_curl)
