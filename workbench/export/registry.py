"""All exporters, in the order in which they are offered."""

from workbench.export import (
    curl,
    har,
    json_document,
    markdown,
    pcapng,
    pytest_case,
    python_script,
    raw,
    script,
    trace,
)
from workbench.export.exporter import Exporter

EXPORTERS: tuple[Exporter, ...] = (
    har.EXPORTER,
    json_document.EXPORTER,
    curl.EXPORTER,
    script.EXPORTER,
    python_script.EXPORTER,
    pytest_case.EXPORTER,
    pcapng.EXPORTER,
    trace.EXPORTER,
    *markdown.EXPORTERS,
    *raw.EXPORTERS,
)


def find_exporter(name: str) -> Exporter:
    """Find an exporter by its name.

    Raises:
        LookupError: There is none of this name.
    """
    for exporter in EXPORTERS:
        if exporter.name == name:
            return exporter
    names = ", ".join(exporter.name for exporter in EXPORTERS)
    raise LookupError(f"Expected a form of export, found {name!r}: there are {names}")
