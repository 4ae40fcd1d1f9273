"""The names and signatures of http.client of the Python that runs this are all there."""

import http
import http.client as original
import inspect
import io
import sys
from collections.abc import Callable
from typing import Any

import pytest

from workbench.protocol import dropin

PARTS_OF_THE_MODULE = (
    "_CS_IDLE _CS_REQ_SENT _CS_REQ_STARTED _MAXHEADERS _MAXLINE _UNKNOWN "
    "_create_https_context _read_headers parse_headers HTTPMessage HTTP_PORT HTTPS_PORT"
)

PARTS_OF_THE_CLASSES = {
    "HTTPConnection": "_encode_request _get_content_length _get_hostport _http_vsn _http_vsn_str _output "
    "_send_output _tunnel _validate_host _validate_method _validate_path _wrap_ipv6 auto_open debuglevel "
    "default_port get_proxy_response_headers response_class set_debuglevel set_tunnel",
    "HTTPSConnection": "default_port",
    "HTTPResponse": "_close_conn _read_status _safe_read begin close fileno flush getcode getheader "
    "getheaders geturl info isclosed peek read read1 readable readinto readline",
    "HTTPMessage": "defects get_payload getallmatchingheaders",
}
"""What urllib, urllib3, requests, botocore and the standard library's tests use of a class."""

PARTS_OF_AN_OBJECT = {
    "HTTPConnection": "_buffer _create_connection _method _raw_proxy_headers _tunnel_headers _tunnel_host "
    "_tunnel_port blocksize host port sock source_address timeout",
    "HTTPSConnection": "_context",
    "HTTPResponse": "_method chunk_left chunked code debuglevel fp headers length msg reason status "
    "url version will_close",
    "HTTPMessage": "defects",
}
"""The same of one of its objects, from the beginning on."""


class Source:
    """What a response takes for a socket."""

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO()


MAKERS: dict[str, Callable[[], Any]] = {
    "HTTPConnection": lambda: dropin.HTTPConnection("example.test"),
    "HTTPSConnection": lambda: dropin.HTTPSConnection("example.test"),
    "HTTPResponse": lambda: dropin.HTTPResponse(Source()),
    "HTTPMessage": dropin.HTTPMessage,
}


@pytest.mark.parametrize("name", PARTS_OF_THE_MODULE.split())
def test_module_has_the_name(name: str) -> None:
    assert hasattr(dropin, name)


@pytest.mark.parametrize("name", PARTS_OF_THE_CLASSES)
def test_class_has_what_clients_use(name: str) -> None:
    wanted = [part for part in PARTS_OF_THE_CLASSES[name].split() if part != "defects"]

    assert [part for part in wanted if not hasattr(getattr(dropin, name), part)] == []


@pytest.mark.parametrize("name", PARTS_OF_AN_OBJECT)
def test_object_has_what_clients_use(name: str) -> None:
    made = MAKERS[name]()

    assert [part for part in PARTS_OF_AN_OBJECT[name].split() if not hasattr(made, part)] == []


def test_public_names_are_those_of_this_python() -> None:
    assert sorted(dropin.__all__) == sorted(original.__all__)
    assert [name for name in dropin.__all__ if not hasattr(dropin, name)] == []


def test_constants_are_those_of_this_python() -> None:
    constants = {name: getattr(original, name) for name in http.HTTPStatus.__members__}

    assert {name: getattr(dropin, name) for name in constants} == constants
    assert (dropin.HTTP_PORT, dropin.HTTPS_PORT) == (original.HTTP_PORT, original.HTTPS_PORT)
    assert dropin.responses == original.responses


def test_exceptions_have_the_bases_of_this_python() -> None:
    for name in dropin.__all__:
        ours, theirs = getattr(dropin, name), getattr(original, name)
        if isinstance(theirs, type) and issubclass(theirs, Exception):
            assert [base.__name__ for base in theirs.__mro__] == [base.__name__ for base in ours.__mro__]


def test_secure_connection_is_a_connection() -> None:
    assert issubclass(dropin.HTTPSConnection, dropin.HTTPConnection)
    assert isinstance(dropin.HTTPResponse(Source()), io.BufferedIOBase)


ADDED = {"max_response_headers"}
"""Arguments that newer Pythons have, keyword-only there and here."""

CALLABLES = {
    "": "HTTPConnection HTTPSConnection HTTPResponse IncompleteRead LineTooLong BadStatusLine UnknownProtocol "
    "parse_headers",
    "HTTPConnection.": "request putrequest putheader endheaders send getresponse connect close set_tunnel "
    "set_debuglevel _get_content_length _validate_host _validate_path _encode_request",
    "HTTPResponse.": "read read1 peek readline getheader getheaders fileno isclosed close flush info geturl "
    "getcode begin _read_status _safe_read _close_conn",
}
PATHS = [owner + name for owner, names in CALLABLES.items() for name in names.split()]


def parameters(module: Any, path: str) -> list[tuple[str, Any]]:
    """The parameters that a caller of today could give, with their kinds."""
    for part in path.split("."):
        module = getattr(module, part)
    found = inspect.signature(module).parameters.values()
    return [
        (parameter.name, parameter.kind)
        for parameter in found
        if parameter.name not in ADDED and not parameter.name.startswith("_max_")
    ]


# Ours have an argument more.
DIFFERENT = {"LineTooLong", "BadStatusLine"}


@pytest.mark.parametrize("path", PATHS)
def test_signature_is_that_of_this_python(path: str) -> None:
    ours, theirs = parameters(dropin, path), parameters(original, path)

    if path in DIFFERENT:
        assert ours[: len(theirs)] == theirs
    else:
        assert ours == theirs


def test_defaults_of_the_constructors_are_those_of_this_python() -> None:
    for name in ("HTTPConnection", "HTTPSConnection", "HTTPResponse"):
        ours = inspect.signature(getattr(dropin, name)).parameters
        theirs = inspect.signature(getattr(original, name)).parameters
        assert {key: ours[key].default for key in theirs} == {
            key: parameter.default for key, parameter in theirs.items()
        }


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="these arguments went with Python 3.12")
def test_deprecated_arguments_of_3_11_warn() -> None:
    with pytest.warns(DeprecationWarning, match="key_file, cert_file and check_hostname are deprecated"):
        connection = dropin.HTTPSConnection("example.test", check_hostname=False)

    assert connection._context.check_hostname is False


@pytest.mark.skipif(sys.version_info < (3, 12), reason="these arguments are there up to Python 3.11")
def test_deprecated_arguments_are_gone() -> None:
    with pytest.raises(TypeError, match="check_hostname"):
        dropin.HTTPSConnection("example.test", check_hostname=False)
