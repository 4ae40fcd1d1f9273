"""Importers: what other programs write about requests, as a script, or as a recording to be looked at offline.

An **importer** reads one form and gives plans (`session.plan`): requests that could be made. Some forms hold the
answer, too; `replay` lets our own client read it once more, so that it can be stepped through and taken apart with no
server there. Nothing in a file is ever executed, and names and values become literals of the script.
"""

from workbench.imports.errors import CannotImport
from workbench.imports.forms import FORMS, Imported, import_text

__all__ = ["FORMS", "CannotImport", "Imported", "import_text"]
