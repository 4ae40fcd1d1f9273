"""xmlrpc.client on the drop-in."""

import ssl
import xmlrpc.client

import pytest


def proxy_of(url: str, cafile: str) -> xmlrpc.client.ServerProxy:
    context = ssl.create_default_context(cafile=cafile) if url.startswith("https") else None
    return xmlrpc.client.ServerProxy(url + "/RPC2", context=context, allow_none=True)


def check_call(url: str, cafile: str, proxy: str) -> None:
    with proxy_of(url, cafile) as server:
        assert server.add(1, 2, 3) == 6


def check_calls_share_a_connection(url: str, cafile: str, proxy: str) -> None:
    with proxy_of(url, cafile) as server:
        assert [server.add(number, 1) for number in range(20)] == list(range(1, 21))
        _, connection = server("transport")._connection
        assert connection is not None
        assert connection.sock is not None


def check_large_values(url: str, cafile: str, proxy: str) -> None:
    text = "caf\u00e9 " * 40000
    with proxy_of(url, cafile) as server:
        assert server.say(text) == text


def check_fault(url: str, cafile: str, proxy: str) -> None:
    with proxy_of(url, cafile) as server:
        with pytest.raises(xmlrpc.client.Fault) as caught:
            server.nothing()
        assert "nothing" in caught.value.faultString
