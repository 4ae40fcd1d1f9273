"""What the lab itself answers under its one origin: the index in three forms, its certificates, and errors."""

import difflib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from workbench.lab.addresses import Addresses
from workbench.lab.description import as_table, lab_document
from workbench.lab.index_page import error_html, index_html
from workbench.lab.page import HTML, JSON, TEXT, Page
from workbench.lab.request_reader import RequestHead
from workbench.lab.scenario import Scenario
from workbench.lab.target import route

ALLOW = "Allow: GET, HEAD, OPTIONS"

PEM = "application/x-pem-file"

FRESH = "Cache-Control: no-store"
"""The addresses are others after each start."""

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?")
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)


class Pages:
    """Answers requests that are for no scenario.

    Args:
        scenarios: All that the origin lists.
        addresses: Where they are.
        secure: Whether the requests come over TLS.
    """

    def __init__(self, scenarios: tuple[Scenario, ...], addresses: Addresses, *, secure: bool) -> None:
        self._scenarios = scenarios
        self._addresses = addresses
        self._secure = secure
        self._files: dict[bytes, Callable[[RequestHead], Page]] = {
            b"/": self._index,
            b"/index.html": self._html,
            b"/index.json": self._json,
            b"/index.txt": self._text,
            b"/ca.pem": lambda _: Page(200, Path(addresses.cafile).read_text(), PEM),
            b"/client.pem": lambda _: Page(200, Path(addresses.client_certificate).read_text(), PEM),
            # Browsers ask for it with every page, and show an error that is none where there is not one.
            b"/favicon.ico": lambda _: Page(204, fields=("Cache-Control: max-age=86400",)),
            b"/robots.txt": lambda _: Page(200, "User-agent: *\nDisallow: /\n"),
        }

    def answer(self, head: RequestHead) -> Page:
        """Answer one request."""
        if head.target == b"*" and head.method == b"OPTIONS":
            return Page(204, fields=(ALLOW,))
        path = route(head.target).path
        if not path:
            return self._without_path(head)
        make = self._files.get(path)
        if make is None:
            return self._missing(head)
        if head.method == b"OPTIONS":
            return Page(204, fields=(ALLOW,))
        if head.method not in {b"GET", b"HEAD"}:
            return self._error(head, 405, "Expected GET or HEAD for a page of the lab itself", ALLOW)
        return make(head)

    # --- the index --------------------------------------------------------------------------

    def _index(self, head: RequestHead) -> Page:
        """Give the index in the form that the client likes best."""
        page = {HTML: self._html, JSON: self._json, TEXT: self._text}[preferred(head)](head)
        return replace(page, fields=(*page.fields, "Vary: Accept"))

    def _html(self, head: RequestHead) -> Page:
        return Page(200, index_html(self._scenarios, self._seen_by(head)), HTML, (FRESH,))

    def _text(self, head: RequestHead) -> Page:
        return Page(200, as_table(self._scenarios, self._seen_by(head)) + "\n", TEXT, (FRESH,))

    def _json(self, head: RequestHead) -> Page:
        document = lab_document(self._scenarios, self._seen_by(head))
        return Page(200, json.dumps(document, indent=2) + "\n", JSON, (FRESH,))

    def _seen_by(self, head: RequestHead) -> Addresses:
        """Give the addresses as they are for a client."""
        host = b"".join(head.values(b"host")[:1]).decode("iso-8859-1")
        if not _HOST.fullmatch(host):
            return self._addresses
        return self._addresses.seen_as(host, secure=self._secure)

    # --- errors -----------------------------------------------------------------------------

    def _without_path(self, head: RequestHead) -> Page:
        if head.method == b"CONNECT":
            words = "A tunnel needs a port of its own: start the lab with --ports tunnel"
        else:
            words = f"Expected a request line with a path, as in GET / HTTP/1.1: {ascii(head.target)[1:]}"
        return self._error(head, 400, words)

    def _missing(self, head: RequestHead) -> Page:
        name = route(head.target).name
        found = {scenario.name: scenario for scenario in self._scenarios}
        if name in found and name in self._addresses.own:
            words = f"The scenario {name} has a port of its own: {self._seen_by(head).own[name]}"
            return self._error(head, 404, words)
        if name in found:
            words = f"The scenario {name} needs a port of its own: start the lab with --ports {name}"
            return self._error(head, 404, words)
        near = difflib.get_close_matches(name.lower(), found, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return self._error(head, 404, f"There is no scenario {name!a}.{hint} / lists them all", near=near)

    def _error(
        self, head: RequestHead, status: int, words: str, *fields: str, near: list[str] | None = None
    ) -> Page:
        if preferred(head) == HTML and b"text/html" in b",".join(head.values(b"accept")):
            return Page(status, error_html(status, words, near or []), HTML, fields)
        return Page(status, words + "\n", TEXT, fields)


def preferred(head: RequestHead) -> str:
    """Choose a media type by Accept (RFC 9110 section 12.5.1). HTML where the client has no wish."""
    weights: dict[str, float] = {}
    for member in b",".join(head.values(b"accept")).decode("iso-8859-1").lower().split(","):
        media_range, *parameters = (part.strip() for part in member.split(";"))
        found = (_WEIGHT.fullmatch(parameter) for parameter in parameters)
        weights[media_range] = next((float(match[1]) for match in found if match), 1.0)
    offers = {HTML: "text/html", JSON: "application/json", TEXT: "text/plain"}
    # The first of several that are liked alike wins, and HTML is the first.
    return max(offers, key=lambda offer: _weight(offers[offer], weights))


def _weight(media_type: str, weights: dict[str, float]) -> float:
    """Give the weight of the most specific range that a media type is in."""
    kind = media_type.partition("/")[0]
    return next((weights[key] for key in (media_type, f"{kind}/*", "*/*") if key in weights), 0.0)
