"""From the options of `workbench send` to the request that they describe."""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.cli.command import UsageError

if TYPE_CHECKING:
    from workbench.session.plan import Proxy, RequestPlan

MOST_LITERAL = 1 << 16
"""Bytes of content that are written into the script; more are read from a file."""

_METHODS_WITH_CONTENT = ("PATCH", "POST", "PUT")
"""Those for which a request without content says so (RFC 9110 section 8.6)."""

_Field = tuple[str, str]


class Body(NamedTuple):
    """The content of the request.

    Attributes:
        content: The bytes; None where they are in a file, or there are none.
        path: The file.
        length: How many bytes there are; None where that is not known.
    """

    content: bytes | None = None
    path: str | None = None
    length: int | None = None

    @property
    def given(self) -> bool:
        """Whether there is any, be it empty."""
        return self.content is not None or self.path is not None


@contextmanager
def body_of(options: argparse.Namespace) -> Iterator[Body]:
    """Find the content that the options name. What came on standard input is there until the block ends."""
    if options.data is not None:
        data = os.fsencode(options.data)
        yield Body(data, None, len(data))
    elif options.body is None:
        yield Body()
    elif options.body != "-":
        yield _file_body(Path(options.body))
    else:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="workbench-") as folder:
            yield _input_body(Path(folder, "content"), keep=options.script)


def _file_body(path: Path) -> Body:
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{str(path)!r} cannot be read: {reason}") from None
    return Body(None, str(path), stat.st_size if path.is_file() else None)


def _input_body(path: Path, *, keep: bool) -> Body:
    """Read standard input: a little into memory, more into a file."""
    if sys.stdin.isatty():
        print("workbench send: the content is read from the terminal, up to ctrl+d", file=sys.stderr)
    length = 0
    begin = sys.stdin.buffer.read(MOST_LITERAL + 1)
    if len(begin) <= MOST_LITERAL:
        return Body(begin, None, len(begin))
    if keep:
        raise UsageError(
            f"the content has more than {MOST_LITERAL:,} bytes", "Name a file, which the script can read"
        )
    with path.open("wb") as file:
        while begin:
            length += file.write(begin)
            begin = sys.stdin.buffer.read(1 << 20)
    return Body(None, str(path), length)


def plan_from(options: argparse.Namespace, body: Body) -> "RequestPlan":
    """Plan the request."""
    from dataclasses import replace

    from workbench.session.address import AddressError
    from workbench.session.plan import TlsPlan, plan_for_url

    try:
        plan = plan_for_url(options.url, options.method)
    except AddressError as error:
        raise UsageError(str(error)) from None
    _check_tls(options, plan.scheme)
    fields = [_field(text, "--header") for text in options.header]
    names = {name.lower() for name, _ in fields}
    if options.http_version == "1.0" and not options.skip_host and "host" not in names:
        # It is not needed there, and every server wants it.
        fields.insert(0, ("Host", plan.authority))
    fields += _framing(options, body, names)
    return replace(
        plan,
        target=plan.target if options.target is None else options.target,
        fields=tuple(fields),
        content=body.content,
        content_file=body.path,
        chunks=() if options.chunked else None,
        host_field=not (options.skip_host or "host" in names),
        accept_encoding_field=not (options.skip_accept_encoding or "accept-encoding" in names),
        http_version=f"HTTP/{options.http_version}",
        proxy=_proxy(options),
        tls=TlsPlan(options.cafile, options.cert, options.key, verified=not options.insecure),
        timeout_seconds=options.timeout,
        policy=options.policy.upper() if options.policy else "",
        expect_timeout_seconds=options.expect_timeout,
    )


def _check_tls(options: argparse.Namespace, scheme: str) -> None:
    named = [name for name in ("cafile", "cert", "key", "insecure") if getattr(options, name)]
    if named and scheme != "https":
        raise UsageError(
            f"--{named[0]} is for TLS, and {options.url} is an address without it", "Write https://"
        )
    if options.key and not options.cert:
        raise UsageError("--key is given without --cert", "Name the certificate that the key is for")
    for path in (options.cafile, options.cert, options.key):
        if path is not None:
            _file_body(Path(path))  # Says what is wrong with it before anything is sent.


def _field(text: str, option: str) -> _Field:
    """Take a field line apart. Text that is not ASCII is sent as UTF-8."""
    name, colon, value = os.fsencode(text).decode("latin-1").partition(":")
    if not colon or not name:
        raise UsageError(
            f"{option} {text!r}: expected a name, a colon and a value", f"Write {option} 'Accept: text/html'"
        )
    return name, value.strip(" \t")


def _framing(options: argparse.Namespace, body: Body, names: set[str]) -> list[_Field]:
    """Give the field that says how long the content is, where no option does."""
    if names & {"content-length", "transfer-encoding"}:
        return []
    if options.chunked:
        return [("Transfer-Encoding", "chunked")]
    if not body.given:
        return [("Content-Length", "0")] if options.method in _METHODS_WITH_CONTENT else []
    if body.length is None:
        raise UsageError(f"the length of {options.body!r} is not known beforehand", "Add --chunked")
    return [("Content-Length", str(body.length))]


def _proxy(options: argparse.Namespace) -> "Proxy | None":
    from workbench.session.plan import Proxy

    if options.proxy is None:
        if options.proxy_header:
            raise UsageError("--proxy-header is given without --proxy", "Name the proxy: --proxy HOST:PORT")
        return None
    match = re.fullmatch(r"(?:http://)?(\[[^]]+\]|[^:/@]+):([0-9]{1,5})/?", options.proxy)
    if match is None or not 1 <= int(match[2]) <= 65535:
        raise UsageError(f"--proxy {options.proxy!r}: expected HOST:PORT", "Write --proxy localhost:3128")
    fields = tuple(_field(text, "--proxy-header") for text in options.proxy_header)
    return Proxy(match[1].strip("[]"), int(match[2]), fields)
