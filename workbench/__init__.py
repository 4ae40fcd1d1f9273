"""A debugger for HTTP/1.1 whose debuggee is a script of `http.client` calls.

`workbench.protocol` is the HTTP client with its event tap and can be used alone; `workbench.session`
runs and records scripts; `workbench.lab` is the loopback server; `workbench.ui` is the screen. Importing
this package loads none of them.
"""

__version__ = "0.1.0"
