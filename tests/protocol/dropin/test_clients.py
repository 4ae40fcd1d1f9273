"""Programs that were written for http.client work on the drop-in, over real sockets and TLS."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.conftest import Authority
from tests.protocol.dropin.process import run_in_place
from tests.protocol.dropin.server import Proxy, Server
from workbench.protocol.dropin import HTTPSConnection

CLIENTS = Path(__file__).with_name("clients")


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    proxy = Proxy()
    yield proxy
    proxy.stop()


@pytest.fixture(params=["plain", "tls"])
def server(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Server]:
    server = Server(authority.server_context() if request.param == "tls" else None)
    yield server
    server.stop()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("client", ["requests", "urllib3", "botocore", "urllib", "xmlrpc"])
def test_client_works_on_the_dropin(
    client: str, server: Server, proxy: Proxy, authority: Authority, tmp_path: Path
) -> None:
    if importlib.util.find_spec(client) is None:
        pytest.skip(f"{client} is not installed: it comes with the extra `clients`")
    script = CLIENTS / f"with_{client}.py"

    result = run_in_place(
        tmp_path, "checks", str(script), server.url, str(authority.cafile), proxy.url, timeout=100
    )

    names = re.findall(r"^def (check_\w+)", script.read_text(encoding="utf-8"), re.MULTILINE)
    failed = [f"{name}: {said}" for name, said in result["checks"].items() if said != "ok"]
    assert not failed, "\n".join(failed)
    assert sorted(result["checks"]) == sorted(names)


def test_refused_tunnel_leaves_the_head_of_the_answer(proxy: Proxy) -> None:
    connection = HTTPSConnection("localhost", proxy.port, timeout=10)
    connection.set_tunnel("refused.test", 443, {"Proxy-Authorization": "Basic eA=="})

    with pytest.raises(OSError, match="Tunnel connection failed: 403 Forbidden"):
        connection.request("GET", "/")

    assert connection.sock is None
    assert connection.get_proxy_response_headers()["Content-Length"] == "9"
    method, target, head = proxy.requests[0]
    assert (method, target) == ("CONNECT", "refused.test:443")
    assert sorted(head.splitlines()) == [b"Host: refused.test:443", b"Proxy-Authorization: Basic eA=="]
