"""An archive (HAR 1.2): its requests, and answers that our client can read once more.

An archive has no bytes: content is in it without its codings, and field lines without their spelling. So the
head of an answer is written anew from its fields, and its content has a Content-Length in place of what framed it.
"""

import base64
import binascii
import json
import urllib.parse
from dataclasses import replace
from typing import Any

from workbench.imports.conversation import Conversation
from workbench.imports.errors import CannotImport
from workbench.session.address import AddressError
from workbench.session.plan import RequestPlan, plan_for_url
from workbench.session.visible import visible

_FRAMING = frozenset(("content-length", "transfer-encoding"))
_BODILESS = ("CONNECT", "HEAD")


def import_har(text: str, entry: int | None = None) -> list[Conversation]:
    """Read an archive.

    Args:
        text: Its JSON.
        entry: The number of the one entry that is wanted, from 1 on; None for all of them.

    Raises:
        CannotImport: It is no archive, or an entry of it makes no request.
    """
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise CannotImport(f"Expected JSON: {error.msg}", error.lineno, error.colno) from None
    except RecursionError:
        raise CannotImport("Expected JSON, found brackets nested too deep") from None
    except ValueError:
        raise CannotImport("Expected JSON, found a number with more than 4300 digits") from None
    entries = _member(_member(document, "log", dict, "$"), "entries", list, "$.log")
    if not entries:
        raise CannotImport("Expected an entry in $.log.entries, found none")
    if entry is not None and not 1 <= entry <= len(entries):
        raise CannotImport(f"Expected the number of an entry from 1 to {len(entries)}, found {entry}")
    numbers = range(1, len(entries) + 1) if entry is None else [entry]
    return [_conversation(entries[number - 1], f"$.log.entries[{number - 1}]") for number in numbers]


def _member(value: Any, name: str, kind: type, place: str) -> Any:
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, kind) or isinstance(found, bool):
        words = {dict: "an object", list: "a list", str: "a text", int: "a number"}[kind]
        raise CannotImport(f"Expected {words} in {place}.{name}, found {json.dumps(found)[:60]}")
    return found


def _conversation(entry: Any, place: str) -> Conversation:
    request = _member(entry, "request", dict, place)
    response = entry.get("response")
    received, remark = b"", ""
    if isinstance(response, dict) and response.get("status"):
        method = request.get("method", "")
        received, remark = _response_bytes(response, f"{place}.response", str(method))
    address = entry.get("serverIPAddress")
    plan = _request_plan(request, f"{place}.request")
    return Conversation(plan, received, address if isinstance(address, str) else "", remark)


def _request_plan(request: Any, place: str) -> RequestPlan:
    url = _member(request, "url", str, place)
    try:
        plan = plan_for_url(url, _member(request, "method", str, place))
    except AddressError as error:
        raise CannotImport(f"{place}.url: {error}") from None
    # Those of HTTP/2 that stand for the request-line are no fields of HTTP/1.1.
    fields = [pair for pair in _fields(request, place) if not pair[0].startswith(":")]
    content = _posted(request.get("postData"), f"{place}.postData")
    names = {name.lower() for name, _ in fields}
    chunked = any(name.lower() == "transfer-encoding" for name, _ in fields)
    if content is not None and not names & _FRAMING:
        fields.append(("Content-Length", str(len(content))))
    if content is not None and "content-length" in names:
        fields = [(n, str(len(content)) if n.lower() == "content-length" else v) for n, v in fields]
    target = request.get("_target")
    return replace(
        plan,
        target=target if isinstance(target, str) and target else plan.target,
        fields=tuple(fields),
        content=content,
        chunks=() if chunked and content is not None else None,
        host_field="host" not in names,
        accept_encoding_field=False,
        http_version="HTTP/1.0" if request.get("httpVersion") == "HTTP/1.0" else "HTTP/1.1",
    )


def _fields(message: Any, place: str) -> list[tuple[str, str]]:
    fields = []
    for number, header in enumerate(_member(message, "headers", list, place)):
        where = f"{place}.headers[{number}]"
        name, value = _member(header, "name", str, where), _member(header, "value", str, where)
        fields.append((name, _as_latin(value)))
    return fields


def _as_latin(text: str) -> str:
    """Give the characters of a value, or where one is no byte, those of its UTF-8."""
    if all(ord(character) < 0x100 for character in text):
        return text
    return str(text.encode("utf-8", "surrogatepass"), "latin-1")


def _posted(data: Any, place: str) -> bytes | None:
    if not isinstance(data, dict):
        return None
    text = data.get("text")
    if isinstance(text, str) and (text or not data.get("params")):
        return _decoded(text, data.get("_encoding") or data.get("encoding"), place)
    return _posted_form(data, place) if data.get("params") else None


def _posted_form(data: Any, place: str) -> bytes:
    """Write the content of a form of which the archive has the parameters in place of a text.

    > Note that text and params fields are mutually exclusive.    (HAR 1.2)
    """
    kind = data.get("mimeType")
    if not isinstance(kind, str) or not kind.lower().startswith("application/x-www-form-urlencoded"):
        raise CannotImport(
            f"Expected the content in {place}.text, found {place}.params of {kind!r:.60}",
            hint="Save the archive with contents",
        )
    pairs = []
    for number, one in enumerate(_member(data, "params", list, place)):
        where = f"{place}.params[{number}]"
        pairs.append((_member(one, "name", str, where), _member({"value": "", **one}, "value", str, where)))
    return urllib.parse.urlencode(pairs, errors="surrogatepass").encode()


def _decoded(text: str, encoding: Any, place: str) -> bytes:
    if encoding != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CannotImport(f"Expected base64 in {place}.text, found {text[:40]!r}") from None


def _response_bytes(response: Any, place: str, method: str) -> tuple[bytes, str]:
    """Write the answer as it could have come, and say what is made up."""
    status = _member(response, "status", int, place)
    if not 100 <= status <= 999:
        raise CannotImport(f"Expected a status code in {place}.status, found {status}")
    version = response.get("httpVersion")
    content = response.get("content")
    text = content.get("text") if isinstance(content, dict) else None
    data = _decoded(text, content.get("encoding"), f"{place}.content") if isinstance(text, str) else b""
    bodiless = method in _BODILESS or status < 200 or status in (204, 304)
    fields = _fields(response, place)
    kept = [(n, v) for n, v in fields if bodiless or n.lower() not in _FRAMING | {"content-encoding"}]
    kept = [(n, v) for n, v in kept if not n.startswith(":")]
    if not bodiless:
        kept.append(("Content-Length", str(len(data))))
    line = f"{version if version in ('HTTP/1.0', 'HTTP/1.1') else 'HTTP/1.1'} {status} {response.get('statusText', '')}"
    lines = [_one_line(line), *(_one_line(f"{name}: {value}") for name, value in kept)]
    left_out = sorted({name for name, _ in fields} - {name for name, _ in kept})
    remark = "the answer is written anew from its fields and its decoded content"
    remark += f"; left out: {visible(', '.join(left_out))}" if left_out else ""
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + (b"" if bodiless else data), remark


def _one_line(text: str) -> str:
    """Keep a line from becoming two."""
    return text.replace("\r", " ").replace("\n", " ").replace("\0", " ")
