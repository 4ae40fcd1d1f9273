"""A server that nobody here wrote: nginx, stepped through from the screen."""

import subprocess
from pathlib import Path

import pytest

from tests.foreign import listens, nginx_command, program
from tests.ports import kept_port
from tests.ui.driving import live_app, screen_text, step
from workbench.ui.opening import Target
from workbench.ui.presentation.layout import Pane

SERVER = """
listen 127.0.0.1:{port};
location = /page {{ default_type text/plain; return 200 "a page of nginx\\n"; }}
location = /form {{ default_type text/plain; return 201 "posted by $request_method\\n"; }}
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


@pytest.fixture
def nginx(tmp_path: Path):
    if program("nginx") is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    with kept_port() as port:
        command = nginx_command(tmp_path, SERVER.format(port=port))
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            assert listens(process, ("127.0.0.1", port)), (tmp_path / "error.log").read_text()
            yield port
        finally:
            process.terminate()
            process.wait(timeout=10)


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
