"""The ABNF rules of RFC 9110 and RFC 9112 that a parser or serializer needs, as patterns.

One constant per rule, named after it, in the order of the RFCs. All match bytes.
"""

import re

# > field-vchar = VCHAR / obs-text                              (RFC 9110 section 5.5)
FIELD_VCHAR = rb"[\x21-\x7e\x80-\xff]"
FIELD_TEXT = rb"[\t\x20-\x7e\x80-\xff]"
"""What may stand inside a field value, a reason phrase or a quoted chunk-ext-val."""
FIELD_VALUE = re.compile(FIELD_TEXT + rb"*")

CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""Every control character but HTAB: what FIELD_TEXT leaves out."""

# > token = 1*tchar                                             (RFC 9110 section 5.6.2)
# > tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." /
# >         "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
TCHAR = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
TOKEN = re.compile(TCHAR + rb"+")

# > [...] delimiters [...] (DQUOTE and "(),/:;<=>?@[\]{}").     (RFC 9110 section 5.6.2)
DELIMITERS = b'"(),/:;<=>?@[\\]{}'

# > OWS = *( SP / HTAB )                                        (RFC 9110 section 5.6.3)
OWS = b" \t"

# The end of a section is an empty line. A recipient may take a bare LF for a line end
# (RFC 9112 section 2.2), so both kinds are looked for, in every mixture.
SECTION_END = re.compile(rb"\n\r?\n")

# > status-line = HTTP-version SP status-code SP [ reason-phrase ]  (RFC 9112 section 4)
# The pattern lets the first digit of the code be 1 to 5, which RFC 9110 section 15 asks for,
# and the reason begin with a visible byte: what else there is, is looked at more closely.
STATUS_LINE = re.compile(rb"(HTTP/1\.[01]) ([1-5][0-9][0-9]) (" + FIELD_VCHAR + FIELD_TEXT + rb"*|)\r\n")

# > field-line = field-name ":" OWS field-value OWS             (RFC 9112 section 5)
# Either the first four groups match (name, OWS, value, OWS), or the fifth, which takes any
# other line whole. So the matches tile a section, whatever it holds.
FIELD_LINE = re.compile(
    rb"(" + TCHAR + rb"+):([ \t]*)((?:" + FIELD_TEXT + rb"*" + FIELD_VCHAR + rb")?)([ \t]*)\r\n"
    rb"|([^\n]*\n|[^\n]+)"
)

# The same lines, one after another, and the empty line behind them: how a whole section that has
# the form of the grammar is recognized at once. Whatever stands between the colon and the line end
# of such a line is OWS field-value OWS. What has matched is never given back (`++`, `*+`): no part
# of it could match otherwise.
_FIELD_LINES = rb"((?:" + TCHAR + rb"++:" + FIELD_TEXT + rb"*+\r\n)*+)"
REGULAR_SECTION = re.compile(_FIELD_LINES + rb"\r\n")

# And a whole head: status-line, section, empty line.
REGULAR_HEAD = re.compile(
    rb"(HTTP/1\.([01]) ([1-5][0-9][0-9]) ("
    + FIELD_VCHAR
    + FIELD_TEXT
    + rb"*+|)\r\n)"
    + _FIELD_LINES
    + rb"\r\n"
)

# > chunk-size = 1*HEXDIG                                       (RFC 9112 section 7.1)
# > chunk-ext  = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
# Sixteen digits hold 2**64 - 1; see `chunked.MAX_CHUNK_SIZE_DIGITS`.
CHUNK_HEADER = re.compile(
    rb"([0-9A-Fa-f]{1,16})"
    rb"((?:;"
    + TCHAR
    + rb"+(?:=(?:"
    + TCHAR
    + rb'+|"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\'
    + FIELD_TEXT
    + rb')*"))?)*)'
    rb"\r\n"
)

# Behind the data of a chunk comes CRLF, and then the next chunk.
NEXT_CHUNK_HEADER = re.compile(rb"\r\n" + CHUNK_HEADER.pattern)
