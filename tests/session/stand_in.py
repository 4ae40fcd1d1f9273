"""A namespace made of CPython's own `http.client`, so that the language is tested without ours."""

import http.client
import inspect
import ssl
from types import SimpleNamespace

from workbench.session.interpreter import Interpreter
from workbench.session.namespace import Namespace
from workbench.session.script import parse_script


class _Tapped:
    def __init__(self, *arguments, tap=None, **keywords):
        self.tap = tap
        super().__init__(*arguments, **keywords)


class HTTPConnection(_Tapped, http.client.HTTPConnection):
    __signature__ = inspect.signature(http.client.HTTPConnection)


class HTTPSConnection(_Tapped, http.client.HTTPSConnection):
    __signature__ = inspect.signature(http.client.HTTPSConnection)


NAMES = {name: value for name, value in vars(http.client).items() if not name.startswith("_")}
NAMESPACE = Namespace(
    SimpleNamespace(**(NAMES | {"HTTPConnection": HTTPConnection, "HTTPSConnection": HTTPSConnection})),
    ssl.create_default_context,
)


def parse(source):
    return parse_script(source, "test.py", NAMESPACE)


class Run:
    """What a script came to: the value of each statement, what it printed, and its names."""

    def __init__(self, source, namespace=NAMESPACE, **options):
        self.printed = ""
        self.connections = []
        script = parse_script(source, "test.py", namespace)
        self.interpreter = Interpreter(
            namespace, output=self._write, on_connection=self.connections.append, **options
        )
        try:
            self.values = [self.interpreter.execute(item) for item in script.statements]
        finally:
            self.interpreter.close()

    @property
    def names(self):
        return self.interpreter.namespace

    def _write(self, text):
        self.printed += text
