"""nginx from Debian, where it is installed: a server that nobody here wrote."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.canned import MIB, on_another_core

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
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
        listen 127.0.0.1:{port};
        root {folder};
        location = /13 {{ default_type text/plain; return 200 "Hello, world\\n"; }}
    }}
}}
"""


@contextmanager
def nginx_server(folder: Path) -> Iterator[int | None]:
    """Run it on another core, where there is one; give its port on 127.0.0.1, or None without nginx."""
    if NGINX is None:
        yield None
        return
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        port = candidate.getsockname()[1]
    (folder / "mib").write_bytes(bytes(MIB))
    (folder / "nginx.conf").write_text(_CONFIGURATION.format(folder=folder, port=port), encoding="ascii")
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        on_another_core(process.pid)
        try:
            _wait_until_it_listens(process, port)
            yield port
        finally:
            process.terminate()


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + 15
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise RuntimeError(f"Expected nginx to listen on port {port}, got exit code {process.poll()}")
