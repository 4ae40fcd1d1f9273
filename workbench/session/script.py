"""Scripts: the text of a debuggee, read into statements, or the reasons why it cannot be run.

Reading is all that happens here: nothing is executed, and no name of the script is looked up
outside the tables of `allowed`. Lines and columns count from 1 and in characters, in the text as
the user sees it, prompts included.
"""

import ast
import warnings
from array import array
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.session.bounds import MAX_SOURCE_LENGTH
from workbench.session.check import Binding, Checker
from workbench.session.namespace import Namespace, default_namespace
from workbench.session.prompts import PROMPT, Code, has_prompts, plain_code, prompted_code
from workbench.session.script_error import ScriptError

MAX_ERRORS = 100
"""After so many the rest of a script is not looked at: it is not a script."""

_ALLOWED_CONTROLS = "\t\n\f"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a script."""

    line: int
    """Where it begins, from 1 on."""

    end_line: int
    """Where it ends; the same line, but for a statement that goes on inside brackets."""

    source: str
    """Its text, without prompts and without a comment behind it."""

    is_step: bool
    """False for imports and docstrings, which are run along with the step that follows."""

    calls: tuple[str, ...]
    """The names of the methods and functions it calls, in the order of the calls."""

    node: ast.stmt
    """What the interpreter carries out. Positions in it are those of the script."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script that is in the script language."""

    name: str
    """What it is called in messages, such as its file."""

    source: str
    """Its text as it was given, with line feeds for line ends."""

    statements: tuple[Statement, ...]

    passed_over: tuple[int, ...] = ()
    """The lines of a pasted session that were taken for output, because they have no prompt."""

    namespace: Namespace | None = None
    """What its names were checked against; None for `workbench.protocol`."""

    has_prompts: bool = False
    """Whether it was read as a pasted session. A line of a string may look like one."""

    def extended(self, line_source: str) -> "Script":
        """Give a script with one more line at its end, or with several statements of one line each.

        Raises:
            ScriptError: The line is not in the script language.
        """
        prompts = self.has_prompts
        lines = [_without_prompt(line) for line in line_source.strip().split("\n")]
        line = "\n".join(f">>> {line}" if prompts else line for line in lines)
        source = self.source.rstrip("\n")
        return parse_script(f"{source}\n{line}\n" if source else f"{line}\n", self.name, self.namespace)


def _without_prompt(line: str) -> str:
    prompt = PROMPT.match(line)
    return line[prompt.end() :] if prompt and line.startswith(">>>") else line


def parse_script(source: str, name: str = "<script>", namespace: Namespace | None = None) -> Script:
    """Read a script.

    Args:
        source: Its text; prompts of an interactive session may stand before its lines.
        name: What to call it in messages.
        namespace: What it can reach; by default `workbench.protocol`.

    Raises:
        ScriptError: Something in it is outside the script language: the first such thing.
    """
    reader = _Reader(source, name, namespace or default_namespace())
    script = reader.read(namespace)
    if reader.errors:
        raise reader.errors[0]
    return script


def find_errors(
    source: str, name: str = "<script>", namespace: Namespace | None = None
) -> tuple[ScriptError, ...]:
    """Find everything in a script that is outside the script language, in order."""
    reader = _Reader(source, name, namespace or default_namespace())
    try:
        reader.read(namespace)
    except ScriptError as error:
        return (error,)
    return tuple(sorted(reader.errors, key=lambda error: (error.line, error.column)))


def parse_expression(
    source: str, bindings: Mapping[str, Binding], namespace: Namespace, name: str = "<expression>"
) -> ast.expr:
    """Read one expression.

    Args:
        source: Its text.
        bindings: The names that have a value, with what is known of it.
        namespace: What it can reach.
        name: What to call it in messages.

    Raises:
        ScriptError: It is not an expression of the script language.
    """
    reader = _Reader(source, name, namespace)
    body = reader.parse().body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise ScriptError(f"Expected one expression: {source[:80]!r}", line=1, name=name)
    checker = Checker(namespace, reader.error, bindings)
    with suppress(_NoScript):
        checker.statement(body[0])
    if reader.errors:
        raise reader.errors[0]
    return body[0].value


def read_source(path: Path) -> str:
    """Read the text of a script from a file.

    Raises:
        ScriptError: The file is no UTF-8 text, or too long for a script.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        # A character takes four bytes at most, so that this reads enough to see that it is too long.
        data = file.read(4 * MAX_SOURCE_LENGTH + 1)
    return decode_source(data, str(path))


def decode_source(data: bytes, name: str) -> str:
    """Turn the bytes of a script into text.

    Raises:
        ScriptError: They are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        raise ScriptError(
            f"Expected UTF-8, found the byte 0x{data[error.start]:02x}",
            line=before.count(b"\n") + 1,
            column=len(before[line_start:].decode("utf-8")) + 1,
            hint="Save the file as UTF-8",
            name=name,
        ) from None


class _NoScript(Exception):  # noqa: N818 - not a fault of the reader's
    """There are so many errors that the rest is not looked at: a hint takes milliseconds to find."""


class _Reader:
    """Reads one text and keeps the errors that it finds."""

    def __init__(self, source: str, name: str, namespace: Namespace) -> None:
        self.source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.name = name
        self.namespace = namespace
        self.errors: list[ScriptError] = []
        self.code = Code((), ())
        self._has_prompts = False
        self._columns: dict[int, array[int]] = {}

    def read(self, namespace: Namespace | None) -> Script:
        """Read the whole text; `errors` is complete afterwards."""
        checker = Checker(self.namespace, self.error)
        statements = []
        last_line = 0
        with suppress(_NoScript):
            for node in self.parse().body:
                calls = checker.statement(node)
                if node.lineno <= last_line:
                    self.error(node, "Expected one statement a line", "Put it on the next line")
                last_line = node.end_lineno or node.lineno
                statements.append(
                    Statement(node.lineno, last_line, self._text(node), _is_step(node), calls, node)
                )
        return Script(
            self.name, self.source, tuple(statements), self.code.passed_over, namespace, self._has_prompts
        )

    def parse(self) -> ast.Module:
        """Turn the text into a tree whose positions are those of the text.

        Raises:
            ScriptError: It is not Python at all.
        """
        self._check_characters()
        self.code = plain_code(self.source)
        try:
            tree = self._parse_code()
        except ScriptError:
            # A line that begins with >>> is a prompt, unless the text is Python with it (in a string).
            if not has_prompts(self.source):
                raise
            self._has_prompts = True
            self.code = prompted_code(self.source)
            tree = self._parse_code()
        for node in ast.walk(tree):
            self._place(node)
        return tree

    def error(
        self, node: ast.expr | ast.stmt | ast.alias | ast.keyword, message: str, hint: str = ""
    ) -> None:
        """Keep an error at the place of a node.

        Raises:
            _NoScript: It is one too many to go on.
        """
        one_line = node.end_lineno == node.lineno
        self.errors.append(
            ScriptError(
                message,
                line=node.lineno,
                column=node.col_offset + 1,
                end_column=(node.end_col_offset or 0) + 1 if one_line else None,
                hint=hint,
                name=self.name,
            )
        )
        if len(self.errors) >= MAX_ERRORS:
            raise _NoScript

    def _check_characters(self) -> None:
        """Refuse what Python's own reader stumbles over, or a screen would."""
        if len(self.source) > MAX_SOURCE_LENGTH:
            raise ScriptError(
                f"Expected at most {MAX_SOURCE_LENGTH} characters, found {len(self.source)}",
                line=1,
                name=self.name,
                hint="Read large content from a file: open(path, 'rb')",
            )
        for line_number, line in enumerate(self.source.split("\n"), start=1):
            if line.isprintable():
                continue
            for column, character in enumerate(line, start=1):
                code = ord(character)
                control = code < 0x20 or code == 0x7F or 0xD800 <= code <= 0xDFFF
                if control and character not in _ALLOWED_CONTROLS:
                    raise ScriptError(
                        f"Expected text, found the character U+{code:04X}",
                        line=line_number,
                        column=column,
                        hint=f"Write it as an escape: \\x{code:02x}" if code < 0x80 else "",
                        name=self.name,
                    )

    def _parse_code(self) -> ast.Module:
        try:
            # An escape such as "\d" is a matter of taste here, and no reason to print a warning.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.code.text, self.name)
        except SyntaxError as error:
            raise self._syntax_error(error) from None
        except (RecursionError, MemoryError, ValueError):
            # MemoryError: how Python's parser says that its stack is full.
            raise ScriptError(
                "Expected calls, found brackets nested too deep", line=1, name=self.name
            ) from None

    def _syntax_error(self, error: SyntaxError) -> ScriptError:
        line = min(max(error.lineno or 1, 1), len(self.code.lines))
        length = len(self.code.lines[line - 1])
        column = min(max(error.offset or 1, 1), length + 1)
        indent = self.code.indents[line - 1]
        end_column = error.end_offset if error.end_lineno == error.lineno else None
        message = (error.msg or "not Python").rstrip(".")
        if message.startswith("Exceeds the limit"):
            message = "a number has more than 4300 digits"
        return ScriptError(
            f"Expected Python: {message}",
            line=line,
            column=column + indent,
            end_column=min(end_column, length + 1) + indent if end_column else None,
            name=self.name,
        )

    def _place(self, node: ast.AST) -> None:
        """Turn the offsets of a node from bytes of the code into characters of the text."""
        if not isinstance(node, ast.expr | ast.stmt | ast.alias | ast.keyword):
            return
        node.col_offset = self._column(node.lineno, node.col_offset)
        if node.end_lineno is not None and node.end_col_offset is not None:
            node.end_col_offset = self._column(node.end_lineno, node.end_col_offset)

    def _column(self, line: int, offset: int) -> int:
        text = self.code.lines[line - 1] if line <= len(self.code.lines) else ""
        if not text.isascii():
            # The columns of nodes inside f-strings are wrong before Python 3.12, hence the bound.
            columns = self._columns_of(line, text)
            offset = columns[min(offset, len(columns) - 1)]
        return offset + self.code.indents[line - 1]

    def _columns_of(self, line: int, text: str) -> "array[int]":
        """Map byte offsets in a line to characters; once for each line, which may hold many nodes."""
        if line not in self._columns:
            columns = array("L")
            for index, character in enumerate(text):
                columns.extend([index] * len(character.encode()))
            columns.append(len(text))
            self._columns[line] = columns
        return self._columns[line]

    def _text(self, node: ast.stmt) -> str:
        """Cut the text of a statement out of the code."""
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        lines = list(self.code.lines[first : last + 1])
        lines[-1] = lines[-1][: (node.end_col_offset or 0) - self.code.indents[last]]
        lines[0] = lines[0][node.col_offset - self.code.indents[first] :]
        return "\n".join(lines)


def _is_step(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return not isinstance(node.value.value, str)
    return not isinstance(node, ast.Import | ast.ImportFrom)
