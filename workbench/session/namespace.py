"""The modules, classes and functions that a script can reach, as values of the interpreter.

None of these wrappers can be called by Python, so that passing one as an argument hands no
code to the callee.
"""

import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cache
from http import HTTPStatus
from io import IOBase
from typing import Any

from workbench.session.allowed import CLIENT_NAMES, CONNECTION_KINDS, KINDS, POLICY_NAMES, SSL_CONSTANTS, Kind


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module or a package, as a script sees it."""

    name: str
    members: Mapping[str, object]

    def __repr__(self) -> str:
        return f"<module '{self.name}'>"


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function that a script can call."""

    name: str
    returns: str
    """The kind of its result; empty where it varies."""

    implementation: Callable[..., object] | None
    """None where the interpreter itself carries it out."""

    keywords: frozenset[str] = frozenset()
    """The keyword arguments that it takes from a script."""

    positional: int | None = 1
    """How many positional arguments it takes from a script; None for any number."""

    def __repr__(self) -> str:
        return f"<function {self.name}>"


@dataclass(frozen=True, slots=True, eq=False)
class Constructor:
    """A class of connections."""

    kind: Kind
    connection_class: Callable[..., Any]

    @property
    def name(self) -> str:
        """What a script calls it."""
        return self.kind.name

    def __repr__(self) -> str:
        return f"<class {self.name}>"


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """Something that can be imported and named, and nothing more, such as an exception class."""

    name: str

    def __repr__(self) -> str:
        return f"<class {self.name}>"


BUILTINS: Mapping[str, Function] = {
    function.name: function
    for function in (
        Function("print", "NoneType", None, frozenset({"sep", "end"}), None),
        Function("open", "file", None, frozenset({"mode", "encoding"}), 2),
        Function("bytearray", "bytearray", None),
        Function("len", "int", len),
        Function("str", "str", str),
        Function("repr", "str", repr),
    )
}
"""What needs no import."""


class Namespace:
    """The script's view of one implementation of `http.client`.

    Args:
        client: A module, or anything with the same names: `workbench.protocol`, or a stand-in.
        create_tls_context: What `ssl.create_default_context` means in a script.
    """

    def __init__(self, client: Any, create_tls_context: Callable[..., object]) -> None:
        self._classes = tuple(
            (getattr(client, name), KINDS[name])
            # The secure class first: it is a subclass of the other.
            for name in (*reversed(CONNECTION_KINDS), "HTTPResponse", "InterimResponse")
            if hasattr(client, name)
        )
        self._message_class = client.HTTPMessage
        names = _client_members(client)
        protocol = names | {name: getattr(client, name) for name in POLICY_NAMES if hasattr(client, name)}
        tls = Function(
            "create_default_context",
            "SSLContext",
            create_tls_context,
            frozenset({"cafile", "capath", "cadata"}),
            0,
        )
        leaves = {
            "http.client": Module("http.client", names),
            "urllib.parse": Module("urllib.parse", _url_functions()),
            "ssl": Module("ssl", {"create_default_context": tls, **SSL_CONSTANTS}),
            "workbench.protocol": Module("workbench.protocol", protocol),
        }
        self.importable: Mapping[str, Module] = leaves
        """The modules of `import ...`, by their whole name."""

        self.packages: Mapping[str, Module] = {
            package: Module(package, {leaf: leaves[f"{package}.{leaf}"]})
            for package, leaf in (("http", "client"), ("urllib", "parse"), ("workbench", "protocol"))
        }
        """What `import http.client` binds: the package `http`, with `client` in it."""

    def kind_of(self, value: object) -> Kind | None:
        """Say what a script can do with a value; None for modules, functions and the unknown."""
        for python_class, kind in self._classes:
            if isinstance(value, python_class):
                return kind
        if isinstance(value, Message):
            return KINDS["HTTPMessage"]
        if isinstance(value, HTTPStatus):
            return KINDS["HTTPStatus"]
        if isinstance(value, IOBase):
            return KINDS["file"]
        # By name, because only the transport and the lab may import ssl.
        if any(base.__name__ == "SSLContext" for base in type(value).__mro__):
            return KINDS["SSLContext"]
        return _plain_kind(value)

    def class_of(self, kind: Kind) -> type | None:
        """Give the class whose objects are of a kind; None for those that are Python's own."""
        classes = {
            **{known.name: python_class for python_class, known in self._classes},
            "HTTPMessage": self._message_class,
        }
        return classes.get(kind.name)


def _plain_kind(value: object) -> Kind | None:
    for base in type(value).__mro__:
        if base.__module__ == "builtins" and base.__name__ in KINDS:
            return KINDS[base.__name__]
    return None


def _client_members(client: Any) -> dict[str, object]:
    """The names of `http.client`, from a module that has them."""
    members: dict[str, object] = {
        name: value
        for name, value in vars(client).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, HTTPStatus)
    }
    for name in CLIENT_NAMES:
        value = getattr(client, name)
        if name in CONNECTION_KINDS:
            value = Constructor(KINDS[name], value)
        elif isinstance(value, type):
            value = Opaque(name)
        elif isinstance(value, dict):
            value = dict(value)
        members[name] = value
    return members


def _url_functions() -> dict[str, object]:
    texts = frozenset({"safe", "encoding", "errors"})
    return {
        "urlencode": Function("urlencode", "str", urllib.parse.urlencode, texts | {"doseq"}),
        "quote": Function("quote", "str", urllib.parse.quote, texts, 2),
        "quote_plus": Function("quote_plus", "str", urllib.parse.quote_plus, texts, 2),
        "unquote": Function("unquote", "str", urllib.parse.unquote, texts - {"safe"}),
        "unquote_plus": Function("unquote_plus", "str", urllib.parse.unquote_plus, texts - {"safe"}),
    }


@cache
def default_namespace() -> Namespace:
    """Give the namespace of `workbench.protocol`."""
    from workbench import protocol

    return Namespace(protocol, protocol.create_tls_context)
