"""A server that nobody here wrote: nginx, stepped through from the screen."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.ui.driving import live_app, screen_text, step
from workbench.ui.opening import Target
from workbench.ui.presentation.layout import Pane

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location = /page {{ default_type text/plain; return 200 "a page of nginx\\n"; }}
        location = /form {{ default_type text/plain; return 201 "posted by $request_method\\n"; }}
    }}
}}
"""

GET = """from http.client import HTTPConnection
conn = HTTPConnection("127.0.0.1", {port})
conn.request("GET", "/page")
r1 = conn.getresponse()
r1.read()
"""

POST = """from http.client import HTTPConnection
from urllib.parse import urlencode
conn = HTTPConnection("127.0.0.1", {port})
params = urlencode({{"spam": 1, "eggs": 2}})
conn.request("POST", "/form", params, {{"Content-Type": "application/x-www-form-urlencoded"}})
r1 = conn.getresponse()
r1.read()
"""

START_SECONDS = 15


def free_port() -> int:
    """Nginx cannot be told to choose, so that somebody else may take the port first: see `nginx`."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return candidate.getsockname()[1]


def answers(process: subprocess.Popen, port: int) -> bool:
    """Wait until it listens; False when it ended instead."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except ConnectionRefusedError:
            try:
                process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
    return False


@pytest.fixture
def nginx(tmp_path: Path):
    if NGINX is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    for _ in range(5):
        port = free_port()
        configuration = tmp_path / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=tmp_path, port=port))
        process = subprocess.Popen(
            [NGINX, "-p", str(tmp_path), "-c", str(configuration), "-e", str(tmp_path / "error.log")],
            stderr=subprocess.DEVNULL,
        )
        try:
            if answers(process, port):
                yield port
                return
        finally:
            process.terminate()
            process.wait(timeout=10)
    pytest.fail((tmp_path / "error.log").read_text())


@pytest.mark.parametrize(
    ("script", "steps", "in_wire", "in_message"),
    [
        pytest.param(GET, 4, "GET /page HTTP/1.1␍␊", ["200 OK", "a page of nginx␊"], id="GET"),
        pytest.param(POST, 5, "spam=1&eggs=2", ["201 Created", "posted by POST␊"], id="POST"),
    ],
)
async def test_nginx_is_stepped_through(nginx, tmp_path, script, steps, in_wire, in_message):
    path = tmp_path / "script.py"
    path.write_text(script.format(port=nginx))
    async with live_app(Target(script_path=path), (160, 45)) as (app, pilot):
        for _ in range(steps):
            await step(app, pilot)

        assert app.screen.view.status.mode == "finished"
        message = await maximised(app, pilot, Pane.MESSAGE)
        assert all(words in message for words in in_message)
        assert "kept open" in message
        wire = await maximised(app, pilot, Pane.WIRE)
        assert in_wire in wire
        assert "Server: nginx" in wire


async def maximised(app, pilot, pane: Pane) -> str:
    """Everything that a pane says."""
    await pilot.press(str(list(Pane).index(pane) + 1))
    if not app.screen.choice.maximised:
        await pilot.press("z")
    await pilot.press("home")
    await pilot.pause()
    return screen_text(app)
