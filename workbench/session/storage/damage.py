"""What of a recording is lost, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """What of a recording could not be opened."""

    line: int
    """The number of the first line that is left out, from 1 on."""

    offset: int
    """Where it begins, in bytes."""

    size: int
    """How many bytes are left out, all behind it included."""

    reason: str
    """What was expected there."""

    cut: bool
    """Whether it is the end of the last line that is missing, as when its writer was killed."""

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.cut:
            return f"The last event was cut while it was written: {self.size} bytes at byte {self.offset} are left out"
        return f"Line {self.line} at byte {self.offset}: {self.reason}. The {self.size} bytes from there on are left out"
