r"""From a TOML file to a `Scenario`.

The shape of a file, with every key:

    name = "hello"                      # as the file
    group = "First exchanges"
    title = "..."                       # one line
    teaches = "..."                     # two sentences
    section = "RFC 9112 section 6.3"
    order = 10                          # place in the list; optional
    repeat = "while_open"               # or 1 to 1000; optional, 1
    cpython = "..."                     # how CPython's http.client differs; optional
    own_port = true                     # not by path under one origin; optional: true with TLS, and where
                                        # a connection does not begin with expect_head; otherwise false
    script = '''...'''                  # with {host}, {port}, {cafile}, {client_certificate}

    [tls]                               # optional: speak TLS
    certificate = "trusted"             # trusted, wrong_host, expired, untrusted, self_signed
    close_notify = true
    client_certificate = "none"         # none, wanted, required
    version = "any"                     # any, 1.2, 1.3

    [promise]                           # all optional, but at least one
    status = 200
    content = "..."                     # one byte for each character; or content_hex
    content_length = 5                  # for content too long to be written down
    content_sha256 = "2cf24d..."
    exception = "IncompleteRead"
    attributes = { expected = 5 }       # of the exception
    diagnostics = ["BARE_LF"]           # all that are found, each once; optional
    state = "IDLE"
    hangs = false

    [[steps]]                           # one or more, played in order
    do = "send"                         # and the keys of that step

The steps, each with its keys:

    expect_head    path, field          read a request's head. A request to the path, or with the field,
                                        of another expect_head is answered from there on
    expect_body    at_most              read its content, or so many bytes of it
    expect_bytes   count                read so many bytes, whatever they are
    send           BYTES, times, size, fill
                                        send bytes: once, so often, or repeated up to so many bytes;
                                        with `fill`, after {method} {target} {body} {body_length} {base},
                                        and {length} of what is behind the empty line
    drip           BYTES, size, tick_seconds
                                        send them a few at a time
    wait           seconds
    pause                               until a key is pressed in the app, or Enter in `workbench lab`
    wait_for_close                      read until the client goes away, answer nothing
    start_tls                           begin TLS in the middle, as behind a tunnel
    half_close, close, reset            three ways to end
    next_connection                     the steps below are for the next connection

BYTES are given by `lines` (an array; each is followed by CR LF), `text` and `hex`, in this order when
there are several. Characters are bytes, one for one, so `\u001b` is the byte 1B.
"""

import ast
import dataclasses
import re
from collections.abc import Callable, Container
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import cast, get_args

from workbench.lab.scenario import (
    WHILE_OPEN,
    Certificate,
    ClientCertificate,
    Promise,
    Scenario,
    ScenarioError,
    TlsOptions,
    TlsVersion,
)
from workbench.lab.steps import (
    FILLINGS,
    STEP_NAMES,
    Close,
    Drip,
    ExpectBody,
    ExpectBytes,
    ExpectHead,
    HalfClose,
    NextConnection,
    Pause,
    Reset,
    Send,
    StartTls,
    Step,
    Wait,
    WaitForClose,
)
from workbench.toml_table import MAX_FILE_SIZE, TomlTable, load_toml, show, suggest

MAX_REPEAT = 1000
MAX_TIMES = 1_000_000
MAX_SIZE = 1 << 40
"""Bytes that one `send` may come to. They are never held in memory."""

MAX_SECONDS = 600.0
"""Longest wait. A connection that waits holds a place under the connection cap."""

ORDER_OF_OTHERS = 10_000
"""`order` of a file that gives none: behind the built-in scenarios."""

STATES = (
    "IDLE",
    "REQUEST_STARTED",
    "REQUEST_SENT",
    "UNREAD_RESPONSE",
    "REQUEST_STARTED_UNREAD_RESPONSE",
    "REQUEST_SENT_UNREAD_RESPONSE",
)
"""The states of a connection that a promise may name."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z][A-Z0-9_]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILLING = re.compile(rb"\{([A-Za-z_]+)\}")


def load_scenario(file: Traversable, taken: Container[str] = ()) -> Scenario:
    """Read and check one scenario file.

    Args:
        file: Where it is.
        taken: Names that other scenarios have.

    Raises:
        ScenarioError: It cannot be read, is not TOML, or is not a scenario.
    """
    path = Path(str(file))
    table, text = load_toml(file, ScenarioError)
    scenario = _read_scenario(table, path)
    if scenario.name in taken:
        raise table.error(
            f'Expected a name of its own: there is a scenario "{scenario.name}" already', "name"
        )
    _check_python(scenario.script, table, text.split("\n"))
    return scenario


def _read_scenario(table: TomlTable, path: Path) -> Scenario:
    """Read the whole document."""
    name = table.text("name")
    if not _NAME.fullmatch(name):
        raise table.error(f'Expected lower case words joined by hyphens for "name": {show(name)}', "name")
    if name != path.stem:
        raise table.error(f'Expected the file\'s own name, "{path.stem}", for "name": {show(name)}', "name")
    scenario = Scenario(
        name=name,
        group=table.line("group"),
        title=table.line("title"),
        teaches=table.line("teaches"),
        section=table.line("section"),
        order=table.integer("order", 0, ORDER_OF_OTHERS, ORDER_OF_OTHERS),
        repeat=_read_repeat(table),
        cpython=table.line("cpython") if table.has("cpython") else None,
        script=table.text("script"),
        tls=_read_tls(table.table("tls")) if table.has("tls") else None,
        promise=_read_promise(table.table("promise")),
        steps=_read_steps(table),
    )
    scenario = dataclasses.replace(scenario, own_port=_read_own_port(table, scenario))
    table.finish()
    _check_script(scenario, table)
    return scenario


def _read_own_port(table: TomlTable, scenario: Scenario) -> bool:
    """Read whether a path under the one origin is not enough, and check that it can be."""
    tls_of_its_own = scenario.tls not in (None, TlsOptions())
    tls_of_its_own |= any(isinstance(step, StartTls) for step in scenario.steps)
    speaks_first = not all(isinstance(steps[0], ExpectHead) for steps in scenario.plays)
    own_port = table.boolean("own_port", default=scenario.tls is not None or tls_of_its_own or speaks_first)
    if not own_port and tls_of_its_own:
        raise table.error('Expected "own_port" to be true, because its TLS is its own', "own_port")
    if not own_port and speaks_first:
        reason = 'Expected "own_port" to be true, because a connection does not begin with "expect_head"'
        raise table.error(reason, "own_port")
    return own_port


def _read_repeat(table: TomlTable) -> int:
    """Read how often the steps are played on one connection."""
    if table.has("repeat") and table.items()["repeat"] == "while_open":
        return WHILE_OPEN
    return table.integer("repeat", 1, MAX_REPEAT, 1)


def _check_script(scenario: Scenario, table: TomlTable) -> None:
    """Check that the script can reach the server, and that its CA file exists when it names one."""
    if "{port}" not in scenario.script:
        raise table.error('Expected {port} in "script", where the connection is made', "script")
    for name in ("{cafile}", "{client_certificate}"):
        if name in scenario.script and scenario.tls is None:
            raise table.error(f'Expected a table [tls], because "script" names {name}', "script")
    if scenario.tls is None and any(isinstance(step, StartTls) for step in scenario.steps):
        raise table.error('Expected a table [tls], because of the step "start_tls"', "steps")


def _check_python(script: str, table: TomlTable, lines: list[str]) -> None:
    """Check that the script is Python. That it keeps to the language of scripts is not for the lab to say."""
    try:
        ast.parse(script.replace("{port}", "1"))
    except (SyntaxError, ValueError) as error:
        number = getattr(error, "lineno", None) or 0
        wrong = table.error(f'Expected Python in "script": {error} (line {number} of the script)', "script")
        assert wrong.line is not None
        # TOML drops a line end behind the opening quotes; without one the script is all in that line.
        if lines[wrong.line - 1].rstrip().endswith(("'''", '"""')):
            wrong = ScenarioError(wrong.path, wrong.line + number, wrong.reason)
        raise wrong from None


def _read_tls(table: TomlTable) -> TlsOptions:
    """Read `[tls]`."""
    options = TlsOptions(
        certificate=cast(Certificate, table.choice("certificate", get_args(Certificate), "trusted")),
        close_notify=table.boolean("close_notify", default=True),
        client_certificate=cast(
            ClientCertificate, table.choice("client_certificate", get_args(ClientCertificate), "none")
        ),
        version=cast(TlsVersion, table.choice("version", get_args(TlsVersion), "any")),
    )
    table.finish()
    return options


def _read_promise(table: TomlTable) -> Promise:
    """Read `[promise]`."""
    promise = Promise(
        status=table.integer("status", 0, 999) if table.has("status") else None,
        content=_read_content(table),
        content_length=table.integer("content_length", 0, MAX_SIZE) if table.has("content_length") else None,
        content_sha256=_read_digest(table),
        exception=_read_exception(table),
        attributes=_read_attributes(table),
        diagnostics=_read_diagnostics(table),
        state=table.choice("state", STATES) if table.has("state") else None,
        hangs=table.boolean("hangs", default=False),
    )
    table.finish()
    if promise == Promise():
        raise table.error('Expected a promise: "status", "content", "exception", "state" or "hangs"')
    if promise.attributes and promise.exception is None:
        raise table.error('Expected "exception", whose attributes these are', "attributes")
    return promise


def _read_content(table: TomlTable) -> bytes | None:
    """Read the promised content."""
    as_text, as_hex = table.has("content"), table.has("content_hex")
    if as_text and as_hex:
        raise table.error('Expected "content" or "content_hex", not both', "content_hex")
    if as_hex:
        return _read_hex(table, "content_hex")
    return table.byte_text("content") if as_text else None


def _read_digest(table: TomlTable) -> str | None:
    """Read the SHA-256 of the promised content."""
    if not table.has("content_sha256"):
        return None
    digest = table.line("content_sha256").lower()
    if not _SHA256.fullmatch(digest):
        reason = f'Expected 64 hexadecimal digits for "content_sha256": {show(digest)}'
        raise table.error(reason, "content_sha256")
    return digest


def _read_exception(table: TomlTable) -> str | None:
    """Read the class name of the promised exception. Which classes there are, the lab does not know."""
    if not table.has("exception"):
        return None
    name = table.line("exception")
    if not name.isidentifier():
        raise table.error(f'Expected the name of a class for "exception": {show(name)}', "exception")
    return name


def _read_attributes(table: TomlTable) -> MappingProxyType[str, str | int | bool]:
    """Read the attributes of the promised exception."""
    if not table.has("attributes"):
        return MappingProxyType({})
    inner = table.table("attributes")
    attributes: dict[str, str | int | bool] = {}
    for key, value in inner.items().items():
        if not isinstance(value, str | int | bool):
            raise inner.error(f'Expected a string, an integer or a boolean for "{key}": {show(value)}', key)
        attributes[key] = value
    return MappingProxyType(attributes)


def _read_diagnostics(table: TomlTable) -> tuple[str, ...]:
    """Read the codes of the promised diagnostics. Which codes there are, the lab does not know."""
    codes = table.strings("diagnostics") if table.has("diagnostics") else []
    for code in codes:
        if not _CODE.fullmatch(code):
            reason = f'Expected codes in capital letters, as BARE_LF, in "diagnostics": {show(code)}'
            raise table.error(reason, "diagnostics")
    return tuple(codes)


def _read_steps(table: TomlTable) -> tuple[Step, ...]:
    """Read `[[steps]]`, and check that their order makes sense."""
    steps: list[Step] = []
    for inner in table.tables("steps"):
        name = inner.text("do")
        if name not in STEP_NAMES:
            raise inner.error(f'Unknown step {show(name)} for "do": {suggest(name, list(STEP_NAMES))}', "do")
        step = _STEP_READERS[STEP_NAMES[name]](inner)
        inner.finish()
        _check_place(step, steps, inner)
        steps.append(step)
    if isinstance(steps[-1], NextConnection):
        raise inner.error('Expected a step behind "next_connection"', "do")
    return tuple(steps)


def _check_place(step: Step, before: list[Step], table: TomlTable) -> None:
    """Check that a step can follow the earlier ones of its connection."""
    if isinstance(step, NextConnection):
        if not before or isinstance(before[-1], NextConnection):
            raise table.error('Expected a step before "next_connection"', "do")
        return
    starts = [index for index, other in enumerate(before) if isinstance(other, NextConnection)]
    earlier = before[starts[-1] + 1 :] if starts else before
    if earlier and isinstance(earlier[-1], Close | Reset):
        raise table.error("Expected no step after the connection is closed or reset", "do")
    needs_head = isinstance(step, ExpectBody) or (isinstance(step, Send) and step.fill)
    if needs_head and not any(isinstance(other, ExpectHead) for other in earlier):
        raise table.error('Expected an "expect_head" before this step', "do")
    fills_body = isinstance(step, Send) and step.fill and b"{body" in step.data
    if fills_body and not any(isinstance(other, ExpectBody | ExpectBytes) for other in earlier):
        raise table.error('Expected an "expect_body" before {body} and {body_length}', "do")
    if isinstance(step, StartTls) and any(isinstance(other, StartTls) for other in earlier):
        raise table.error('Expected one "start_tls" on a connection', "do")


def _read_data(table: TomlTable) -> bytes:
    """Read the bytes of a step that sends."""
    data = b""
    if table.has("lines"):
        data += b"".join(table.to_bytes(line, "lines") + b"\r\n" for line in table.strings("lines"))
    if table.has("text"):
        data += table.byte_text("text")
    if table.has("hex"):
        data += _read_hex(table, "hex")
    if not data:
        raise table.error('Expected bytes to send: "lines", "text" or "hex"')
    return data


def _read_hex(table: TomlTable, key: str) -> bytes:
    """Read bytes as pairs of hexadecimal digits, with spaces between pairs where wanted."""
    digits = table.byte_text(key).decode("iso-8859-1")
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise table.error(f'Expected pairs of hexadecimal digits for "{key}": {show(digits)}', key) from None


def _read_send(table: TomlTable) -> Send:
    """Read a `send`."""
    fill = table.boolean("fill", default=False)
    size = table.integer("size", 1, MAX_SIZE) if table.has("size") else None
    if size is not None and (fill or table.has("times")):
        raise table.error('Expected "size" without "times" and "fill"', "size")
    send = Send(_read_data(table), table.integer("times", 1, MAX_TIMES, 1), fill, size)
    if fill:
        for match in _FILLING.finditer(send.data):
            if match[1].decode() not in FILLINGS:
                raise table.error(f"Unknown {match[0].decode()} to fill in: one of {', '.join(FILLINGS)}")
        if b"{length}" in send.data.partition(b"\r\n\r\n")[2]:
            raise table.error("Expected {length} before the empty line, as it counts what is behind it")
    return send


def _read_drip(table: TomlTable) -> Drip:
    """Read a `drip`."""
    data = _read_data(table)
    return Drip(data, table.integer("size", 1, MAX_FILE_SIZE), table.number("tick_seconds", 0, MAX_SECONDS))


def _read_expect_head(table: TomlTable) -> ExpectHead:
    """Read an `expect_head`."""
    path = table.line("path") if table.has("path") else None
    if path is not None and not path.startswith("/"):
        raise table.error(f'Expected a path that begins with / for "path": {show(path)}', "path")
    return ExpectHead(path, table.line("field") if table.has("field") else None)


def _read_expect_body(table: TomlTable) -> ExpectBody:
    """Read an `expect_body`."""
    return ExpectBody(table.integer("at_most", 1, MAX_FILE_SIZE) if table.has("at_most") else None)


_STEP_READERS: dict[type[Step], Callable[[TomlTable], Step]] = {
    ExpectHead: _read_expect_head,
    ExpectBody: _read_expect_body,
    ExpectBytes: lambda table: ExpectBytes(table.integer("count", 1, MAX_FILE_SIZE)),
    StartTls: lambda _: StartTls(),
    NextConnection: lambda _: NextConnection(),
    Send: _read_send,
    Drip: _read_drip,
    Wait: lambda table: Wait(table.number("seconds", 0, MAX_SECONDS)),
    Pause: lambda _: Pause(),
    WaitForClose: lambda _: WaitForClose(),
    HalfClose: lambda _: HalfClose(),
    Close: lambda _: Close(),
    Reset: lambda _: Reset(),
}
