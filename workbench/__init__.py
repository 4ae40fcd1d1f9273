"""A debugger for HTTP/1.1 whose debuggee is a script of `http.client` calls.

`workbench.protocol` is the HTTP client with its event tap and can be used alone; `workbench.session`
runs and records scripts; `workbench.lab` is the loopback server; `workbench.ui` is the screen. Importing
this package loads none of them; `record` loads what it needs when it is asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.library import record

__version__ = "0.1.0"

__all__ = ["__version__", "record"]


def __getattr__(name: str) -> object:
    if name == "record":
        from workbench.library import record

        return record
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
