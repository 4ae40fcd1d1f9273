"""nginx from Debian, where it is installed: a server that nobody here wrote."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.canned import MIB, on_another_core
from tests.foreign import listens, nginx_command, program
from tests.ports import kept_port

_SERVER = """
listen 127.0.0.1:{port};
root {folder};
location = /13 {{ default_type text/plain; return 200 "Hello, world\\n"; }}
"""


@contextmanager
def nginx_server(folder: Path) -> Iterator[int | None]:
    """Run it on another core, where there is one; give its port on 127.0.0.1, or None without nginx."""
    if program("nginx") is None:
        yield None
        return
    with kept_port() as port:
        (folder / "mib").write_bytes(bytes(MIB))
        command = nginx_command(folder, _SERVER.format(folder=folder, port=port))
        # Ctrl+c is for who measures, and a hang-up, at which nginx would begin anew.
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as process:
            on_another_core(process.pid)
            try:
                if not listens(process, ("127.0.0.1", port)):
                    raise RuntimeError(
                        f"Expected nginx to listen on port {port}, got exit code {process.poll()}"
                    )
                yield port
            finally:
                process.terminate()
