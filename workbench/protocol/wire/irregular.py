"""Field lines that do not have the form of the grammar, and what can be made of them.

Every repair here is one that RFC 9110 section 5.5 or RFC 9112 sections 2.2, 5.1 and 5.2 allow,
or it is reported with a code for which no policy but the lenient one goes on.
"""

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.field_line import FieldLine, Parts
from workbench.protocol.wire.grammar import CONTROL, DELIMITERS, OWS, TOKEN

FRAMING_FIELDS = (b"content-length", b"transfer-encoding")


class IrregularSection:
    """Collects the lines of one section, regular or not, in their order."""

    def __init__(self, context: str) -> None:
        self.lines: list[FieldLine] = []
        self.diagnostics: list[Diagnostic] = []
        self._context = context

    def add(self, name: bytes, value: bytes, raw: bytes, start: int, parts: Parts) -> None:
        """Take a line that has the form of the grammar."""
        self.lines.append(FieldLine(name, value, raw, start, parts))

    def parse_line(self, raw: bytes, start: int) -> None:
        """Take any other line.

        Args:
            raw: The line with its line end, if it has one.
            start: Its offset.
        """
        text = raw.removesuffix(b"\n")
        eol = raw[len(text) :]
        if text.endswith(b"\r") and eol:
            text, eol = text[:-1], b"\r\n"
        elif eol:
            self._report(Code.BARE_LF, raw, start, len(text), len(raw))
        if text[:1] in (b" ", b"\t"):
            self._continue_line(text, eol, raw, start)
            return
        colon = text.find(b":")
        if colon < 1:
            code = Code.NO_COLON if colon < 0 else Code.EMPTY_NAME
            self._skip(code, raw, start)
            return
        self._parse_field(text, colon, eol, raw, start)

    def _parse_field(self, text: bytes, colon: int, eol: bytes, raw: bytes, start: int) -> None:
        name = text[:colon].rstrip(OWS)
        if len(name) < colon:
            framing = name.lower() in FRAMING_FIELDS
            code = Code.WS_BEFORE_COLON_FRAMING if framing else Code.WS_BEFORE_COLON
            self._report(code, raw, start, len(name), colon)
        self._check_name(name, raw, start)
        before, bare, after = _split_whitespace(text[colon + 1 :])
        value = self._repair_value(bare, raw, start, colon + 1 + before)
        parts = (
            ("name", len(name)),
            ("bws", colon - len(name)),
            ("colon", 1),
            ("ows", before),
            ("value", len(bare)),
            ("ows", after),
            ("eol", len(eol)),
        )
        self.lines.append(FieldLine(name, value, raw, start, parts))

    def _continue_line(self, text: bytes, eol: bytes, raw: bytes, start: int) -> None:
        """Join a folded line to the one before it.

        > A user agent that receives an obs-fold in a response message that is not within a
        > "message/http" container MUST replace each received obs-fold with one or more SP
        > octets prior to interpreting the field value.                (RFC 9112 section 5.2)
        """
        if not self.lines:
            self._skip(Code.WS_FIRST_LINE, raw, start)
            return
        previous = self.lines[-1]
        if not previous.name:
            # The line that it continues was passed over, and so is this one.
            parts = (*previous.parts, ("skipped", len(raw)))
            self.lines[-1] = previous._replace(raw=previous.raw + raw, parts=parts)
            return
        indent, bare, after = _split_whitespace(text)
        self._report(Code.OBS_FOLD, raw, start, 0, indent)
        value = self._repair_value(bare, raw, start, indent)
        # The line end before and the whitespace behind it are one fold.
        (_, eol_before) = previous.parts[-1]
        fold = (("fold", eol_before + indent), ("value", len(bare)), ("ows", after), ("eol", len(eol)))
        joined = b" ".join(part for part in (previous.value, value) if part)
        self.lines[-1] = previous._replace(
            value=joined, raw=previous.raw + raw, parts=previous.parts[:-1] + fold
        )

    def _check_name(self, name: bytes, raw: bytes, start: int) -> None:
        if TOKEN.fullmatch(name):
            return
        only_delimiters = TOKEN.fullmatch(name.translate(None, DELIMITERS)) or all(
            byte in DELIMITERS for byte in name
        )
        code = Code.NAME_DELIMITER if only_delimiters else Code.NAME_TOKEN
        self._report(code, raw, start, 0, len(name))

    def _repair_value(self, value: bytes, raw: bytes, start: int, at: int) -> bytes:
        """Replace what may not stand in a value.

        > Field values containing CR, LF, or NUL characters are invalid and dangerous [...]; a
        > recipient of CR, LF, or NUL within a field value MUST either reject the message or
        > replace each of those characters with SP                     (RFC 9110 section 5.5)
        """
        for control in CONTROL.finditer(value):
            code = {b"\r": Code.BARE_CR, b"\0": Code.NUL}.get(control.group(), Code.VALUE_CTL)
            self._report(code, raw, start, at + control.start(), at + control.end())
        return value.replace(b"\r", b" ").replace(b"\0", b" ").strip(OWS)

    def _skip(self, code: Code, raw: bytes, start: int) -> None:
        self._report(code, raw, start, 0, len(raw))
        self.lines.append(FieldLine(b"", b"", raw, start, (("skipped", len(raw)),)))

    def _report(self, code: Code, raw: bytes, start: int, begin: int, end: int) -> None:
        self.diagnostics.append(Diagnostic(code, start + begin, start + end, raw[begin:end], self._context))


def _split_whitespace(text: bytes) -> tuple[int, bytes, int]:
    """Give the length of the whitespace before, what is between, and the length of that behind.

    Whitespace with nothing in it counts as before.
    """
    stripped = text.lstrip(OWS)
    bare = stripped.rstrip(OWS)
    return len(text) - len(stripped), bare, len(stripped) - len(bare)
