"""What is wrong with something to be imported."""


class CannotImport(ValueError):  # noqa: N818 - an answer to what was asked for
    """It is not in the form that it was said to be in, or asks for what no call can do.

    Args:
        message: What was expected, and what was found.
        line: Where, from 1 on.
        column: The character of the line, from 1 on.
        hint: What to do instead.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.hint = hint


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Give line and column of a character of a text."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
