"""What a script can reach: the tables, and nothing else.

A script can use a method or an attribute only if it stands here for the kind of the value. All
of them are documented, but for two; none leads to a socket, a file descriptor's owner, a class or a
frame. Any other name that begins with an underscore stands nowhere, so it needs no rule of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Members = Mapping[str, str]
"""Names of methods or attributes, each with the kind of its result; `` where it varies."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a script can do with one kind of value."""

    name: str
    methods: Members = field(default_factory=dict)
    attributes: Members = field(default_factory=dict)
    settable: frozenset[str] = frozenset()
    """The attributes that a script can assign to."""

    @property
    def members(self) -> tuple[str, ...]:
        """Every name that can follow the dot, sorted."""
        return tuple(sorted({*self.methods, *self.attributes, *self.settable}))


_CONNECTION_METHODS = {
    "request": "NoneType",
    "getresponse": "HTTPResponse",
    "set_debuglevel": "NoneType",
    "set_tunnel": "NoneType",
    "get_proxy_response_headers": "",
    "connect": "NoneType",
    "close": "NoneType",
    "putrequest": "NoneType",
    "putheader": "NoneType",
    "endheaders": "NoneType",
    "send": "NoneType",
}
_CONNECTION_ATTRIBUTES = {
    "host": "str",
    "port": "int",
    "timeout": "",
    "source_address": "",
    "blocksize": "int",
    "max_response_headers": "",
    "debuglevel": "int",
    "auto_open": "int",
    "state": "",
}
_CONNECTION_SETTABLE = frozenset({"timeout", "blocksize", "auto_open", "_http_vsn", "_http_vsn_str"})
"""`auto_open = 0` is the only way to see NotConnected. The last two are not documented, and known all the
same: `10` and `"HTTP/1.0"` are the only way to send a request of that version."""

_TEXT_METHODS = {
    "count": "int",
    "endswith": "bool",
    "find": "int",
    "startswith": "bool",
    "strip": "",
    "lower": "",
    "upper": "",
}

CONNECTION_KINDS = ("HTTPConnection", "HTTPSConnection")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *(
            Kind(n, _CONNECTION_METHODS, _CONNECTION_ATTRIBUTES, _CONNECTION_SETTABLE)
            for n in CONNECTION_KINDS
        ),
        Kind(
            "HTTPResponse",
            methods={
                "read": "bytes",
                "read1": "bytes",
                "readinto": "int",
                "peek": "bytes",
                "readline": "bytes",
                "readlines": "list",
                "readable": "bool",
                "getheader": "",
                "getheaders": "list",
                "fileno": "int",
                "isclosed": "bool",
                "close": "NoneType",
                "info": "HTTPMessage",
                "geturl": "",
                "getcode": "int",
            },
            attributes={
                "msg": "HTTPMessage",
                "headers": "HTTPMessage",
                "version": "int",
                "status": "int",
                "code": "int",
                "reason": "str",
                "debuglevel": "int",
                "closed": "bool",
                "length": "",
                "chunked": "",
                "chunk_left": "",
                "will_close": "",
                "url": "",
                "informational": "",
                "trailers": "",
            },
        ),
        Kind(
            "HTTPMessage",
            methods={
                "get": "",
                "get_all": "",
                "keys": "list",
                "values": "list",
                "items": "list",
                "get_content_type": "str",
                "get_content_maintype": "str",
                "get_content_subtype": "str",
                "get_content_charset": "",
                "getallmatchingheaders": "list",
                "as_string": "str",
                "as_bytes": "bytes",
            },
        ),
        Kind("InterimResponse", attributes={"status": "int", "reason": "str", "headers": "HTTPMessage"}),
        Kind(
            "SSLContext",
            methods={"load_cert_chain": "NoneType"},
            attributes={"check_hostname": "bool", "verify_mode": "int"},
            settable=frozenset({"check_hostname", "verify_mode"}),
        ),
        Kind("HTTPStatus", attributes={"name": "str", "value": "int", "phrase": "str", "description": "str"}),
        Kind("file", methods={"read": "", "close": "NoneType"}),
        Kind("bytes", methods=_TEXT_METHODS | {"decode": "str", "hex": "str"}),
        Kind("bytearray", methods=_TEXT_METHODS | {"decode": "str", "hex": "str"}),
        Kind("str", methods=_TEXT_METHODS | {"encode": "bytes"}),
        Kind("dict", methods={"get": "", "keys": "", "values": "", "items": ""}),
        *(Kind(name) for name in ("int", "float", "bool", "NoneType", "list", "tuple")),
    )
}
"""Every kind of value, by name. An empty kind is a value without usable methods."""

ALL_MEMBERS = frozenset(name for kind in KINDS.values() for name in kind.members)
"""A name that is not among these is wrong, whatever stands before the dot."""

CLIENT_NAMES = frozenset(
    {
        "HTTPConnection",
        "HTTPSConnection",
        "HTTPResponse",
        "HTTPMessage",
        "responses",
        "HTTP_PORT",
        "HTTPS_PORT",
        "HTTPException",
        "NotConnected",
        "InvalidURL",
        "UnknownProtocol",
        "UnknownTransferEncoding",
        "UnimplementedFileMode",
        "IncompleteRead",
        "ImproperConnectionState",
        "CannotSendRequest",
        "CannotSendHeader",
        "ResponseNotReady",
        "BadStatusLine",
        "LineTooLong",
        "RemoteDisconnected",
    }
)
"""What `import http.client` gives a script, besides the status constants. The exceptions are
there so that an import line of a saved program need not be edited; a script cannot catch."""

POLICY_NAMES = frozenset({"STRICT", "DEFAULT", "LENIENT"})
"""What `workbench.protocol` has beyond that."""

SSL_CONSTANTS = {"CERT_NONE": 0, "CERT_OPTIONAL": 1, "CERT_REQUIRED": 2}
"""The values that `ssl` documents; only the transport and the lab may import the module."""

SUBSET = (
    "a script has imports, assignments to names, calls on connections, responses and messages, "
    "print, open(path, 'rb'), literals and + * % on them"
)
