"""What is wrong with a script, and where."""


class ScriptError(Exception):
    """A script that is not in the script language, or asks for more than a script may have.

    Attributes:
        name: The name of the script, such as its file.
        line: The line at fault, from 1 on.
        column: Its first character at fault, from 1 on, as the line stands in the script.
        end_column: The column after the last character at fault; `column + 1` where the
            fault runs over the end of the line.
        message: What was found and what was expected.
        hint: What to write instead; empty when there is nothing to suggest.
    """

    def __init__(
        self,
        message: str,
        *,
        line: int,
        column: int = 1,
        end_column: int | None = None,
        hint: str = "",
        name: str = "<script>",
    ) -> None:
        super().__init__(message)
        self.name = name
        self.line = line
        self.column = column
        self.end_column = end_column if end_column is not None and end_column > column else column + 1
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}: {self.message}"


class ScriptRuntimeError(ScriptError):
    """A fault of the script that shows only while it runs, such as a value that is too large."""
