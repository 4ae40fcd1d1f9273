"""All importers, and what becomes of what they read."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.imports.conversation import Conversation
from workbench.imports.curl import import_curl
from workbench.imports.errors import CannotImport
from workbench.imports.har import import_har
from workbench.imports.raw_request import import_raw_request
from workbench.imports.replay import replay, script_of_all
from workbench.imports.trace import import_trace
from workbench.session.plan_script import CannotWriteCalls
from workbench.session.recording import Recording

MOST_BYTES = 1 << 28
"""Of a file that is read."""

FORMS = (
    ("curl", "a command of curl, quoted as for a shell"),
    ("raw", "a request as it is on the wire"),
    ("har", "an archive (HAR), or one entry of it"),
    ("trace", "what curl --trace or --trace-ascii wrote"),
)
"""Names of the forms, and what they are."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read."""

    conversations: tuple[Conversation, ...]

    @property
    def script(self) -> str:
        """The script that makes the requests.

        Raises:
            CannotImport: A request is none that calls can make.
        """
        try:
            return script_of_all(self.conversations)
        except CannotWriteCalls as error:
            raise CannotImport(str(error)) from None

    @property
    def has_answers(self) -> bool:
        """Whether there is something to replay."""
        return any(one.received for one in self.conversations)

    def recording(self, name: str) -> Recording:
        """Replay the answers offline.

        Args:
            name: What was imported, for people.

        Raises:
            CannotImport: There are none, or a request is none that calls can make.
        """
        if not self.has_answers:
            raise CannotImport(
                "There is no answer in it that could be replayed", hint="Run the script in place of it"
            )
        try:
            return replay(self.conversations, name)
        except CannotWriteCalls as error:
            raise CannotImport(str(error)) from None


def import_text(form: str, data: bytes, *, origin: str = "", entry: int | None = None) -> Imported:
    """Read something.

    Args:
        form: One of `FORMS`.
        data: The file.
        origin: Of a raw request: with whom it is to be made.
        entry: Of an archive: the number of the entry, from 1 on; None for all.

    Raises:
        CannotImport: It is not in this form, or asks for what no script can do.
    """
    readers: dict[str, Callable[[], list[Conversation]]] = {
        "curl": lambda: [Conversation(import_curl(_text(data)))],
        "raw": lambda: [Conversation(import_raw_request(data, origin))],
        "har": lambda: import_har(_text(data), entry),
        "trace": lambda: import_trace(str(data, "latin-1")),
    }
    return Imported(tuple(readers[form]()))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise CannotImport(
            f"Expected UTF-8, found the byte 0x{data[error.start]:02x}", line, column
        ) from None
