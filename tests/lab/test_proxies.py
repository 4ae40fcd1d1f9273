"""The one origin behind proxies that nobody here wrote: nginx, HAProxy and Squid, with curl before them.

They open a connection for each request, or keep one over many; they rewrite targets and fields. What a scenario
shows must come through all the same, or end in the 502 that says who is to blame.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.foreign import listens, nginx_command, program
from tests.ports import kept_port
from workbench.lab import LabServer, load_scenarios

PARTIAL_FILE = 18

NGINX = """
listen unix:{folder}/socket;
location / {{ proxy_pass {origin}; }}
"""

CONFIGURATIONS = {
    "haproxy": """
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
frontend all
    bind unix@{folder}/socket
    default_backend lab
backend lab
    server lab {address}
""",
    "squid": """
http_port 127.0.0.1:{port}
http_access allow all
pid_filename none
cache_log /dev/null
access_log none
cache deny all
cache_mem 0
shutdown_lifetime 0 seconds
visible_hostname lab.example
netdb_filename none
pinger_enable off
""",
}

SQUID = f"workbench{os.getpid()}"
"""Squid calls its shared memory by this name. That of another Squid which is killed stays, and may be another user's."""

COMMANDS = {"haproxy": ["-f"], "squid": ["-N", "-n", SQUID, "-f"]}


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with LabServer(pace=0.1) as lab:
        yield lab.open_origin(load_scenarios().values()).origin


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with kept_port() as port:
        yield port


@pytest.fixture(scope="module", params=["nginx", *CONFIGURATIONS])
def way(
    request: pytest.FixtureRequest, origin: str, port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[str]]:
    """Start a proxy. Gives the options with which curl goes through it."""
    name: str = request.param
    path = program(name)
    if path is None or shutil.which("curl") is None:
        pytest.skip(f"{name if path is None else 'curl'} is not installed")
    folder: Path = tmp_path_factory.mktemp(name)
    values = {"folder": folder, "origin": origin, "address": origin.removeprefix("http://"), "port": port}
    if name == "nginx":
        command = nginx_command(folder, NGINX.format(**values))
    else:
        file = folder / "configuration"
        file.write_text(CONFIGURATIONS[name].format(**values))
        command = [path, *COMMANDS[name], str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder) as process:
        try:
            if not listens(process, ("127.0.0.1", port) if name == "squid" else str(folder / "socket")):
                process.kill()
                pytest.fail(f"the proxy does not listen: {process.communicate()}")
            if name == "squid":
                yield ["--noproxy", "", "--proxy", f"http://127.0.0.1:{port}"]
            else:
                yield ["--noproxy", "*", "--unix-socket", str(folder / "socket")]
        finally:
            process.kill()  # Squid takes two seconds to say goodbye, to nobody.
            for left in Path("/dev/shm").glob(f"{SQUID}-*"):
                left.unlink()


@pytest.mark.parametrize(
    ("path", "code", "status", "content"),
    [
        pytest.param("/hello/", 0, 200, b"Hello, world\n", id="length"),
        pytest.param("/chunked-trailers/", 0, 200, b"Hello, chunked world\n", id="chunks"),
        pytest.param(
            "/close-delimited/", 0, 200, b"Read on until the end.\nThis is the end.\n", id="until close"
        ),
        pytest.param("/slow-drip/", 0, 200, None, id="drip"),
        pytest.param("/redirect/old", 0, 200, b"You found it\n", id="redirect"),
        pytest.param("/redirect-chain/a", 0, 200, b"The end of the chain\n", id="redirects"),
        pytest.param("/basic-auth/", 0, 200, b"Forty thieves\n", id="challenge"),
        pytest.param("/not-modified-304/", 0, 304, b"", id="no content"),
        pytest.param("/truncated-body/", PARTIAL_FILE, 200, b"This is all you will get.\n", id="cut short"),
        pytest.param("/no-response/", 0, 502, None, id="no response"),
        pytest.param("/", 0, 200, None, id="index"),
    ],
)
def test_scenario_comes_through_a_proxy(
    way: list[str], origin: str, path: str, code: int, status: int, content: bytes | None
) -> None:
    command = [
        "curl",
        "-q",
        "--silent",
        "--max-time",
        "10",
        "--location",
        *way,
        "--write-out",
        "%{stderr}%{http_code}",
    ]
    command += ["--anyauth", "--user", "aladdin:opensesame", origin + path]

    result = subprocess.run(command, capture_output=True, check=False)

    assert (result.returncode, result.stderr) == (code, str(status).encode())
    if content is not None:
        assert result.stdout == content
