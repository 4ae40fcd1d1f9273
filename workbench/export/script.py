"""The script of calls: the one that ran, or the one that would make the same requests."""

from collections.abc import Iterator

from workbench.export.exporter import Exporter
from workbench.export.subject import CannotExport, Subject
from workbench.session.plan_script import CannotWriteCalls, script_of


def export_script(subject: Subject) -> Iterator[bytes]:
    """Yield the source that was run last; where calls were made without one, the calls of each request."""
    moment = subject.recording.at()
    if moment.script_source and subject.is_whole:
        source = moment.script_source
        # No script that ran has a surrogate in it, but a file may say so.
        yield (source if source.endswith("\n") else source + "\n").encode("utf-8", "backslashreplace")
        return
    for number, one in enumerate(subject.own_exchanges):
        try:
            script = script_of(one.plan)
        except CannotWriteCalls as error:
            raise CannotExport(str(error)) from None
        yield (b"\n" if number else b"") + script.encode()


EXPORTER = Exporter("script", ".py", "the script of calls, for Workbench and for Python", export_script)
