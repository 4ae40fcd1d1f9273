"""Exporters: a recording in the form that another program wants, or a person.

A **subject** is what is exported: a recording, some exchanges of it, and whether secrets are left in. An
**exporter** turns one into pieces of bytes; each has a file here and an entry in `registry`. None of
them looks for secrets: `Subject.of` gives them a recording in which there are none, unless it is told
otherwise.
"""

from workbench.export.registry import EXPORTERS, find_exporter
from workbench.export.subject import CannotExport, Subject

__all__ = ["EXPORTERS", "CannotExport", "Subject", "find_exporter"]
