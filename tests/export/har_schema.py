"""HAR 1.2 as tables: what each object must have, may have, and of which type.

Taken from the specification (http://www.softwareishard.com/blog/har-12-spec/). Whatever begins with an
underscore is custom, and allowed anywhere.
"""

from datetime import datetime
from typing import Any

NUMBER = (int, float)
REQUIRED, OPTIONAL = True, False

Table = dict[str, tuple[Any, bool]]

COMMENT: Table = {"comment": (str, OPTIONAL)}
NAME_VALUE: Table = {"name": (str, REQUIRED), "value": (str, REQUIRED), **COMMENT}
CREATOR: Table = {"name": (str, REQUIRED), "version": (str, REQUIRED), **COMMENT}
COOKIE: Table = {
    **NAME_VALUE,
    "path": (str, OPTIONAL),
    "domain": (str, OPTIONAL),
    "expires": (datetime, OPTIONAL),
    "httpOnly": (bool, OPTIONAL),
    "secure": (bool, OPTIONAL),
}
PARAM: Table = {
    "name": (str, REQUIRED),
    "value": (str, OPTIONAL),
    "fileName": (str, OPTIONAL),
    "contentType": (str, OPTIONAL),
    **COMMENT,
}
POST_DATA: Table = {
    "mimeType": (str, REQUIRED),
    "params": ([PARAM], REQUIRED),
    "text": (str, REQUIRED),
    **COMMENT,
}
REQUEST: Table = {
    "method": (str, REQUIRED),
    "url": (str, REQUIRED),
    "httpVersion": (str, REQUIRED),
    "cookies": ([COOKIE], REQUIRED),
    "headers": ([NAME_VALUE], REQUIRED),
    "queryString": ([NAME_VALUE], REQUIRED),
    "postData": (POST_DATA, OPTIONAL),
    "headersSize": (int, REQUIRED),
    "bodySize": (int, REQUIRED),
    **COMMENT,
}
CONTENT: Table = {
    "size": (int, REQUIRED),
    "compression": (int, OPTIONAL),
    "mimeType": (str, REQUIRED),
    "text": (str, OPTIONAL),
    "encoding": (str, OPTIONAL),
    **COMMENT,
}
RESPONSE: Table = {
    "status": (int, REQUIRED),
    "statusText": (str, REQUIRED),
    "httpVersion": (str, REQUIRED),
    "cookies": ([COOKIE], REQUIRED),
    "headers": ([NAME_VALUE], REQUIRED),
    "content": (CONTENT, REQUIRED),
    "redirectURL": (str, REQUIRED),
    "headersSize": (int, REQUIRED),
    "bodySize": (int, REQUIRED),
    **COMMENT,
}
TIMINGS: Table = {
    "blocked": (NUMBER, OPTIONAL),
    "dns": (NUMBER, OPTIONAL),
    "connect": (NUMBER, OPTIONAL),
    "send": (NUMBER, REQUIRED),
    "wait": (NUMBER, REQUIRED),
    "receive": (NUMBER, REQUIRED),
    "ssl": (NUMBER, OPTIONAL),
    **COMMENT,
}
CACHE: Table = {"beforeRequest": (dict, OPTIONAL), "afterRequest": (dict, OPTIONAL), **COMMENT}
ENTRY: Table = {
    "pageref": (str, OPTIONAL),
    "startedDateTime": (datetime, REQUIRED),
    "time": (NUMBER, REQUIRED),
    "request": (REQUEST, REQUIRED),
    "response": (RESPONSE, REQUIRED),
    "cache": (CACHE, REQUIRED),
    "timings": (TIMINGS, REQUIRED),
    "serverIPAddress": (str, OPTIONAL),
    "connection": (str, OPTIONAL),
    **COMMENT,
}
LOG: Table = {
    "version": (str, REQUIRED),
    "creator": (CREATOR, REQUIRED),
    "browser": (CREATOR, OPTIONAL),
    "pages": ([dict], OPTIONAL),
    "entries": ([ENTRY], REQUIRED),
    **COMMENT,
}
HAR: Table = {"log": (LOG, REQUIRED)}


def har_faults(document: Any) -> list[str]:
    """Say everything that is wrong with an archive."""
    return list(_faults(document, HAR, "$")) + _sums(document)


def _faults(value: Any, kind: Any, place: str) -> list[str]:
    if isinstance(kind, list):
        if not isinstance(value, list):
            return [f"{place} is no list"]
        return [fault for i, one in enumerate(value) for fault in _faults(one, kind[0], f"{place}[{i}]")]
    if kind is datetime:
        return [] if _is_time(value) else [f"{place} is no time: {value!r}"]
    if not isinstance(kind, dict):
        right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        return [] if right else [f"{place} has the wrong type: {value!r}"]
    if not isinstance(value, dict):
        return [f"{place} is no object"]
    missing = [
        f"{place}.{name} is missing" for name, (_, needed) in kind.items() if needed and name not in value
    ]
    unknown = [
        f"{place}.{name} is not in HAR" for name in value if name not in kind and not name.startswith("_")
    ]
    inner = [
        fault
        for name, member in value.items()
        if name in kind
        for fault in _faults(member, kind[name][0], f"{place}.{name}")
    ]
    return [*missing, *unknown, *inner]


def _is_time(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _sums(document: Any) -> list[str]:
    """The time of an entry is the sum of its timings that apply; TLS counts in `connect`."""
    faults = []
    for entry in document["log"]["entries"]:
        counted = [v for name, v in entry["timings"].items() if name != "ssl" and not name.startswith("_")]
        if abs(sum(max(one, 0) for one in counted) - entry["time"]) > 0.01:
            faults.append(f"the timings do not add up to {entry['time']}")
        if entry["timings"].get("ssl", -1) > max(entry["timings"].get("connect", -1), -1):
            faults.append("TLS took longer than connect, of which it is a part")
    return faults
