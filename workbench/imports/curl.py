"""A command of curl, as the request that curl would make.

What curl adds by itself is added here: `Accept: */*`, a User-Agent, the Content-Type of `--data`. What changes nothing about
the request is left out; what no script can do is refused with the way out.
"""

import base64
import difflib
import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.imports.curl_form import BOUNDARY, FormValue, encoded, form_part, multipart, read_form_value
from workbench.imports.curl_options import OPTIONS, SHORT, WAYS, Option
from workbench.imports.errors import CannotImport, place_of
from workbench.imports.shell_words import Word, split_command
from workbench.session.address import AddressError
from workbench.session.plan import Proxy, RequestPlan, TlsPlan, plan_for_url

USER_AGENT = "curl/8.0.0"
"""curl names its own version, which a command does not say."""

_LEAVE_OUT = "Leave it out, where the request does not depend on it"

_FORM_TYPE = "application/x-www-form-urlencoded"

MOST_FILE = 1 << 28
"""Bytes of a file that is named in a command."""


def import_curl(text: str) -> RequestPlan:
    """Read a command.

    Args:
        text: `curl` and its arguments, quoted as for a POSIX shell, over several lines where they end with a backslash.

    Raises:
        CannotImport: It is no such command, or asks for what a script cannot do.
    """
    return _Command(text).plan()


@dataclass(slots=True)
class _Asked:
    """What the options have said so far."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    data: list[bytes] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    json: bool = False
    urls: list[Word] = field(default_factory=list)
    values: dict[str, Word] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    proxy_fields: list[tuple[str, str]] = field(default_factory=list)
    query: list[str] = field(default_factory=list)
    ways: dict[str, Word] = field(default_factory=dict)


class _Command:
    def __init__(self, text: str) -> None:
        self._text = text
        self._asked = _Asked()
        self._words = split_command(text)
        self._handlers: dict[str, Callable[[Word], None]] = {
            "header": self._header,
            "proxy-header": self._proxy_header,
            "data": self._data,
            "data-ascii": self._data,
            "data-raw": lambda word: self._asked.data.append(encoded(word.text)),
            "data-binary": self._data_binary,
            "data-urlencode": self._data_urlencode,
            "json": self._json,
            "form": self._form,
            "form-string": self._form_string,
            "url": self._asked.urls.append,
            "url-query": self._url_query,
        }

    def plan(self) -> RequestPlan:
        self._read_words()
        self._check_ways()
        url = self._url()
        plan = self._addressed(url)
        content, content_type = self._content()
        if content is not None and "get" in self._asked.flags:
            plan = _with_query(plan, str(content, "latin-1"))
            content, content_type = None, ""
        plan = replace(plan, method=self._method(content), content=content)
        return self._finished(self._with_upload(plan), content_type)

    # --- words and options --------------------------------------------------------------

    def _read_words(self) -> None:
        if not self._words or Path(self._words[0].text).name.removesuffix(".exe") != "curl":
            found = self._words[0].text[:40] if self._words else ""
            raise CannotImport(f"Expected a command that begins with curl, found {found!r}")
        words = iter(self._words[1:])
        plain = False
        for word in words:
            if plain or not word.text.startswith("-") or word.text == "-":
                self._asked.urls.append(word)
            elif word.text == "--":
                plain = True
            elif word.text.startswith("--"):
                self._take(self._long(word), word, words, "")
            else:
                self._take_short(word, words)

    def _check_ways(self) -> None:
        ways = dict(self._asked.ways)
        if "get" in self._asked.flags:
            ways.pop("-d", None)  # The query is made of it.
        if len(ways) > 1:
            first, second = list(ways)[:2]
            raise self._fault(
                ways[second], f"{first} and {second} are two ways to make a request", "Leave one of them out"
            )

    def _long(self, word: Word) -> Option:
        name = word.text[2:]
        if name in OPTIONS:
            return OPTIONS[name]
        if name.startswith("no-") and name[3:] in OPTIONS and "flag" in OPTIONS[name[3:]].kind:
            return Option(name, "ignored flag")
        close = difflib.get_close_matches(name, OPTIONS, n=1)
        raise self._fault(
            word,
            f"Expected an option of curl that can be imported, found {word.text[:40]!r}",
            f"Did you mean --{close[0]}?" if close else _LEAVE_OUT,
        )

    def _take_short(self, word: Word, words: "object") -> None:
        """Take letters, the last of which may have its value behind it: `-sSXPOST`."""
        for position, letter in enumerate(word.text[1:], start=1):
            if letter not in SHORT:
                raise self._fault(
                    word, f"Expected an option of curl that can be imported, found '-{letter}'", _LEAVE_OUT
                )
            option = OPTIONS[SHORT[letter]]
            if "value" in option.kind:
                self._take(option, word, words, word.text[position + 1 :])
                return
            self._take(option, word, words, "")

    def _take(self, option: Option, word: Word, words: "object", attached: str) -> None:
        value = word
        if "value" in option.kind:
            following = Word(attached, word.offset) if attached else next(words, None)  # type: ignore[call-overload]
            if following is None:
                raise self._fault(word, f"Expected a value behind {word.text}")
            value = following
        if option.kind.startswith("unsupported"):
            raise self._fault(word, f"{word.text} is not supported", option.hint)
        if option.name in WAYS:
            self._asked.ways.setdefault(WAYS[option.name], word)
        if option.name in self._handlers:
            self._handlers[option.name](value)
        elif option.kind == "value":
            self._asked.values[option.name] = value
        elif option.kind == "flag":
            self._asked.flags.add(option.name)

    def _fault(self, word: Word, message: str, hint: str = "") -> CannotImport:
        return CannotImport(message, *place_of(self._text, word.offset), hint)

    # --- fields ---------------------------------------------------------------------------

    def _header(self, word: Word) -> None:
        if word.text.startswith("@"):
            raise self._fault(word, "Fields from a file are not supported", "Write each with -H")
        line = _latin(word.text)
        name, colon, value = line.partition(":")
        if colon and not value.strip():
            self._asked.left_out.add(name.strip().lower())
        elif colon:
            self._asked.fields.append((name.strip(), value.strip()))
        elif line.endswith(";"):
            self._asked.fields.append((line[:-1].strip(), ""))
        else:
            raise self._fault(word, f"Expected NAME: VALUE, found {word.text[:60]!r}")

    def _proxy_header(self, word: Word) -> None:
        name, colon, value = _latin(word.text).partition(":")
        if not colon:
            raise self._fault(word, f"Expected NAME: VALUE, found {word.text[:60]!r}")
        self._asked.proxy_fields.append((name.strip(), value.strip()))

    # --- content ----------------------------------------------------------------------------

    def _data(self, word: Word) -> None:
        """`@FILE` is read without its line ends, as curl does."""
        if word.text.startswith("@"):
            data = self._file(word, word.text[1:])
            self._asked.data.append(data.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b""))
        else:
            self._asked.data.append(encoded(word.text))

    def _data_binary(self, word: Word) -> None:
        self._asked.data.append(
            self._file(word, word.text[1:]) if word.text.startswith("@") else encoded(word.text)
        )

    def _data_urlencode(self, word: Word) -> None:
        self._asked.data.append(self._urlencoded(word))

    def _url_query(self, word: Word) -> None:
        """As `--data-urlencode`; behind a `+` it is coded already."""
        coded = encoded(word.text[1:]) if word.text.startswith("+") else self._urlencoded(word)
        self._asked.query.append(str(coded, "latin-1"))

    def _urlencoded(self, word: Word) -> bytes:
        """`content`, `=content`, `name=content`, `@file` or `name@file`."""
        # An `@` before an `=` is one of the name.
        mark = "=" if "=" in word.text else "@"
        name, found, rest = word.text.partition(mark)
        if not found:
            name, rest = "", word.text
        content = self._file(word, rest) if found == "@" else encoded(rest)
        coded = urllib.parse.quote_from_bytes(content, safe="").replace("%20", "+").encode()
        return encoded(name) + b"=" + coded if name else coded

    def _json(self, word: Word) -> None:
        self._asked.json = True
        piece = self._file(word, word.text[1:]) if word.text.startswith("@") else encoded(word.text)
        # Several of them are one text, without anything in between.
        self._asked.data[-1:] = [self._asked.data[-1] + piece] if self._asked.data else [piece]

    def _form(self, word: Word) -> None:
        name, equals, value = word.text.partition("=")
        if not equals:
            raise self._fault(word, f"Expected NAME=CONTENT, found {word.text[:60]!r}")
        try:
            part = read_form_value(value)
        except ValueError as error:
            raise self._fault(word, str(error)) from None
        content = self._file(word, part.text) if part.source else encoded(part.text)
        self._asked.parts.append(form_part(encoded(name), content, part))

    def _form_string(self, word: Word) -> None:
        name, _, value = word.text.partition("=")
        self._asked.parts.append(form_part(encoded(name), encoded(value), FormValue(value)))

    def _file(self, word: Word, name: str) -> bytes:
        if name == "-":
            raise self._fault(
                word, "Content from standard input is not supported", "Write it into a file, and name that"
            )
        try:
            with Path(name).open("rb") as file:
                data = file.read(MOST_FILE + 1)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise self._fault(word, f"{name!r} cannot be read: {reason}") from None
        if len(data) > MOST_FILE:
            raise self._fault(word, f"{name!r} has more than {MOST_FILE >> 20} MiB")
        return data

    def _content(self) -> tuple[bytes | None, str]:
        """Give the content and its media type."""
        if self._asked.parts:
            return multipart(self._asked.parts), f"multipart/form-data; boundary={BOUNDARY}"
        if self._asked.json:
            return b"".join(self._asked.data), "application/json"
        if self._asked.data:
            return b"&".join(self._asked.data), _FORM_TYPE
        return None, ""

    # --- the request ----------------------------------------------------------------------

    def _url(self) -> Word:
        urls = self._asked.urls
        if not urls:
            raise CannotImport(
                "Expected an address in the command, found none", *place_of(self._text, len(self._text))
            )
        if urls[1:]:
            raise self._fault(
                urls[1],
                f"Expected one address, found a second one: {urls[1].text[:60]!r}",
                "Import one request at a time, and quote what has spaces",
            )
        globbed = (
            None if "globoff" in self._asked.flags else re.search(r"\{|\[(?![0-9a-fA-F:.%]+\])", urls[0].text)
        )
        if globbed:
            raise self._fault(
                urls[0],
                f"{globbed.group()!r} in an address stands for several of them",
                "Import one at a time, or add -g",
            )
        return urls[0]

    def _addressed(self, word: Word) -> RequestPlan:
        url = word.text if "://" in word.text else f"http://{word.text}"
        scheme, _, rest = url.partition("://")
        authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
        userinfo, at, host = authority.rpartition("@")
        path = rest[len(authority) :]
        if at and "user" not in self._asked.values:
            self._asked.values["user"] = Word(urllib.parse.unquote(userinfo), word.offset)
        if "path-as-is" not in self._asked.flags:
            path = _without_dots(path)
        try:
            plan = plan_for_url(f"{scheme}://{host}{path}")
        except AddressError as error:
            raise self._fault(word, str(error)) from None
        plan = replace(plan, target=_target(path))
        for query in self._asked.query:
            plan = _with_query(plan, query)
        return plan

    def _method(self, content: bytes | None) -> str:
        if "request" in self._asked.values:
            return self._asked.values["request"].text
        if "head" in self._asked.flags:
            return "HEAD"
        if "upload-file" in self._asked.values:
            return "PUT"
        return "GET" if content is None else "POST"

    def _with_upload(self, plan: RequestPlan) -> RequestPlan:
        upload = self._asked.values.get("upload-file")
        if upload is None:
            return plan
        content = self._file(upload, upload.text)
        if plan.target.endswith("/"):
            plan = replace(plan, target=plan.target + urllib.parse.quote(Path(upload.text).name))
        return replace(plan, content=content)

    def _finished(self, plan: RequestPlan, content_type: str) -> RequestPlan:
        values, flags = self._asked.values, self._asked.flags
        plan = self._through_proxy(plan)
        fields = self._fields(plan, content_type)
        chunked = any(
            name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in fields
        )
        return replace(
            plan,
            fields=tuple(fields),
            host_field=not any(name.lower() == "host" for name, _ in fields)
            and "host" not in self._asked.left_out,
            accept_encoding_field=False,
            http_version="HTTP/1.0" if "http1.0" in flags else "HTTP/1.1",
            chunks=() if chunked and plan.content is not None else None,
            tls=TlsPlan(
                self._path("cacert"), self._path("cert"), self._path("key"), verified="insecure" not in flags
            ),
            timeout_seconds=self._seconds(values.get("max-time") or values.get("connect-timeout")),
            target=_latin(values["request-target"].text) if "request-target" in values else plan.target,
        )

    def _fields(self, plan: RequestPlan, content_type: str) -> list[tuple[str, str]]:
        """Give the field lines in the order in which curl writes them; its own give way to the user's."""
        values = {name: _latin(word.text) for name, word in self._asked.values.items()}
        own: list[tuple[str, str | None]] = [
            ("Host", plan.authority if "http1.0" in self._asked.flags else None),
            ("Authorization", self._authorization(values)),
            ("Range", f"bytes={values['range']}" if "range" in values else None),
            ("User-Agent", values.get("user-agent", USER_AGENT) or None),
            ("Accept", "application/json" if self._asked.json else "*/*"),
            ("Referer", values.get("referer", "").partition(";")[0] or None),
            ("Cookie", self._cookie()),
            ("Accept-Encoding", "deflate, gzip, br, zstd" if "compressed" in self._asked.flags else None),
            ("Content-Type", content_type or None),
        ]
        given = {name.lower() for name, _ in self._asked.fields} | self._asked.left_out
        fields = [(name, value) for name, value in own if value is not None and name.lower() not in given]
        fields += self._asked.fields
        if plan.content is not None and not given & {"content-length", "transfer-encoding"}:
            fields.append(("Content-Length", str(len(plan.content))))
        return fields

    @staticmethod
    def _authorization(values: dict[str, str]) -> str | None:
        if "oauth2-bearer" in values:
            return f"Bearer {values['oauth2-bearer']}"
        return _basic(values["user"]) if "user" in values else None

    def _cookie(self) -> str | None:
        word = self._asked.values.get("cookie")
        if word is not None and "=" not in word.text:
            raise self._fault(
                word,
                f"Cookies from the file {word.text[:60]!r} are not supported",
                "Write them: -b 'NAME=VALUE'",
            )
        return _latin(word.text) if word else None

    def _through_proxy(self, plan: RequestPlan) -> RequestPlan:
        """Go through the proxy: in a tunnel for TLS, and with the whole address as the target without it."""
        word = self._asked.values.get("proxy")
        if word is None or not word.text:
            return plan
        if "noproxy" in self._asked.values:
            raise self._fault(
                word, "-x and --noproxy are both given", "Leave out the one that does not apply"
            )
        match = re.fullmatch(r"(?:http://)?(?:([^@]*)@)?(\[[^]]+\]|[^:/@]+)(?::([0-9]{1,5}))?/?", word.text)
        if match is None or not 1 <= int(match[3] or 1080) <= 65535:
            raise self._fault(
                word,
                f"Expected a proxy as HOST:PORT, found {word.text[:60]!r}",
                "A script goes through HTTP proxies alone",
            )
        user = self._asked.values["proxy-user"].text if "proxy-user" in self._asked.values else match[1]
        host, port = match[2].strip("[]"), int(match[3] or 1080)
        own = [("Proxy-Authorization", _basic(_latin(urllib.parse.unquote(user))))] if user else []
        if plan.scheme == "https" or "proxytunnel" in self._asked.flags:
            return replace(plan, proxy=Proxy(host, port, (*own, *self._asked.proxy_fields)))
        kept = [("Proxy-Connection", "Keep-Alive")]
        self._asked.fields[:0] = [("Host", plan.authority), *own, *self._asked.proxy_fields, *kept]
        return replace(plan, host=host, port=port, target=f"http://{plan.authority}{plan.target}")

    def _path(self, name: str) -> str | None:
        word = self._asked.values.get(name)
        return word.text if word else None

    def _seconds(self, word: Word | None) -> float | None:
        if word is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?|\.[0-9]+", word.text):
            raise self._fault(word, f"Expected a number of seconds, found {word.text[:40]!r}")
        return float(word.text) or None


def _latin(text: str) -> str:
    """Give the bytes of a text as characters, as plans have them."""
    return str(encoded(text), "latin-1")


def _basic(userinfo: str) -> str:
    pair = userinfo if ":" in userinfo else f"{userinfo}:"
    return "Basic " + base64.b64encode(pair.encode("latin-1", "replace")).decode()


def _with_query(plan: RequestPlan, query: str) -> RequestPlan:
    return replace(plan, target=f"{plan.target}{'&' if '?' in plan.target else '?'}{query}")


def _target(path: str) -> str:
    """Write path and query as curl sends them: it leaves every character of ASCII as it is."""
    path = path.partition("#")[0]
    path = path if path.startswith("/") else f"/{path}"
    return urllib.parse.quote(encoded(path), safe=bytes(range(0x21, 0x7F)))


def _without_dots(path: str) -> str:
    """Remove dot segments, as curl does (RFC 3986 section 5.2.4)."""
    path, mark, rest = _split_path(path)
    kept: list[str] = []
    segments = path.split("/")
    for number, segment in enumerate(segments):
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
        if segment in (".", "..") and number == len(segments) - 1:
            kept.append("")
    return "/".join(kept) + mark + rest


def _split_path(path: str) -> tuple[str, str, str]:
    match = re.search(r"[?#]", path)
    return (path, "", "") if match is None else (path[: match.start()], match.group(), path[match.end() :])
