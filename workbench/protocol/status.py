"""Ports, status codes and reason phrases, under the names of http.client."""

from http import HTTPStatus

HTTP_PORT = 80
"""Where a server is that an http URI names without a port (RFC 9110 section 4.2.1)."""

HTTPS_PORT = 443
"""The same for an https URI (RFC 9110 section 4.2.2)."""

responses: dict[int, str] = {306: "(Unused)"} | {status.value: status.phrase for status in HTTPStatus}
"""Reason phrases by status code, with 306, which RFC 9110 section 15.4.7 reserves."""

STATUS_CONSTANTS: dict[str, HTTPStatus] = dict(HTTPStatus.__members__)
"""Every name of the running Python, aliases included, and those that only newer ones have."""

_RENAMED = {
    "CONTENT_TOO_LARGE": 413,
    "URI_TOO_LONG": 414,
    "RANGE_NOT_SATISFIABLE": 416,
    "UNPROCESSABLE_CONTENT": 422,
}
"""Names since Python 3.13, after RFC 9110; the older ones remain."""

STATUS_CONSTANTS |= {name: HTTPStatus(code) for name, code in _RENAMED.items()}
