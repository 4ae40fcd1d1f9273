"""What a recording holds, without opening it: for a list of many.

The file is searched for the beginnings of lines, and nothing is made of them: a recording of 100 MB of lines takes
a tenth of a second.
"""

from dataclasses import dataclass
from pathlib import Path

from workbench.protocol import tap
from workbench.session.storage.directory import in_use
from workbench.session.storage.files import RecordingFiles
from workbench.session.storage.format import EventDecoder, NotARecordingError

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told of a recording in a list."""

    what: str = ""
    """What was recorded, such as `lab: hello`."""

    unix_time_ns: int = 0
    """When it was begun."""

    origin: str = ""
    """The host and port that it talked to first."""

    exchanges: int = 0
    live: bool = False
    """Whether it is still being written."""

    problem: str = ""
    """What is wrong with it, as far as that is seen from outside; its middle is read when it is opened."""


def summarise(path: Path) -> Summary:
    """Look through a recording. One that is none has a summary too, which says so."""
    try:
        files = RecordingFiles(path)
        return _summarise(files, in_use(path))
    except NotARecordingError:
        return Summary(problem="no recording")
    except OSError as error:
        return Summary(problem=error.strerror or str(error))


def _summarise(files: RecordingFiles, live: bool) -> Summary:
    size, offset = files.size, files.header_length
    # The line end before the first event belongs to the header.
    rest, exchanges, origin = b"\n", 0, ""
    while offset < size and (block := files.read(offset, min(BLOCK, size - offset))):
        text = rest + block
        exchanges += sum(text.count(one, max(0, len(rest) - len(one) + 1)) for one in _REQUESTS)
        origin = origin or _origin_in(text, files)
        offset += len(block)
        rest = text[-max(map(len, _REQUESTS)) + 1 :]
    problem = "" if live or rest.endswith(b"\n") else "cut"
    header = files.header
    return Summary(header.name, header.unix_time_ns, origin, exchanges, live, problem)


_REQUESTS = (b'\n["RequestLineBuffered",', b'\n["Request",')
"""How lines begin that an exchange begins with."""

_LOOKUP = b'\n["HostLookupStarted",'


def _origin_in(text: bytes, files: RecordingFiles) -> str:
    at = text.find(_LOOKUP)
    end = text.find(b"\n", at + 1) if at >= 0 else -1
    if end < 0:
        return ""
    try:
        (event, *_), _ = EventDecoder(files.header).decode(text[at + 1 : end])
    except ValueError:
        return ""
    return f"{event.host}:{event.port}" if isinstance(event, tap.HostLookupStarted) else ""
