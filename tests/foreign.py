"""Servers that nobody here wrote: where they are, how nginx is configured, and waiting until one listens."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

START_SECONDS = 100

_NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
{server}
    }}
}}
"""


def program(name: str) -> str | None:
    """Find a program, also where servers are; None where it is not installed."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


def listens(process: subprocess.Popen[bytes], address: str | tuple[str, int]) -> bool:
    """Wait until a server listens; False when it ended instead, or takes too long.

    Args:
        process: The server.
        address: The path of its socket, or its host and port.
    """
    deadline = time.monotonic() + START_SECONDS
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    while time.monotonic() < deadline:
        with socket.socket(family) as sock:
            if sock.connect_ex(address) == 0:
                return True
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
        return False
    return False


def nginx_command(folder: Path, server: str) -> list[str]:
    """Configure nginx, and give the command that starts it.

    Args:
        folder: Where everything of it goes.
        server: What stands in its one `server`.
    """
    nginx = program("nginx")
    assert nginx is not None
    file = folder / "nginx.conf"
    file.write_text(_NGINX.format(folder=folder, server=server), "ascii")
    # Before it reads the file, it would log elsewhere.
    return [nginx, "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log")]
