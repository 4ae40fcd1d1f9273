"""What in a text is secret, and every spelling of it that could come up elsewhere.

A secret is found where it has its place: the value of a field such as Authorization, the userinfo of a
URL, the value of a parameter or member whose name the user has listed. From there it may have gone
anywhere: into the source of a script, the `repr` of an argument, a body that a server sends back. So
each one that is found is then looked for everywhere, as it is and in the codings in which things are
usually passed on.

Everything here looks at text. Bytes are looked at as latin-1, in which a character is a byte, so that a
place in the text is an offset.
"""

import base64
import binascii
import html
import json
import re
import urllib.parse
from collections.abc import Collection, Iterable, Iterator

from workbench.protocol.redaction import CREDENTIAL_FIELDS

SHORTEST_WORD = 4
"""What is shorter is blanked in its place only: `123` as a password would take every 123 with it."""

SHORTEST_PART = 8
"""The same for a part that need not be secret, such as the value of one cookie of many."""

LONGEST_LOOKED_FOR = 4096
"""Characters of a secret that are looked for elsewhere: its beginning, where it is longer."""

LONGEST_TAKEN_APART = 4 * LONGEST_LOOKED_FOR
"""Characters of a value in which parts are looked for."""

PIECE = 1 << 20
"""Characters that are looked through at a time for the words that every secret has beside it."""

LONGEST_CUT = 300
"""A literal that is longer than this was not cut to be shown."""

BLANK = "*"

Place = tuple[int, int]
"""Where a secret lies in a text: first character, character after the last one."""

_USERINFO = re.compile(r"""\b[A-Za-z][A-Za-z0-9+.-]{0,20}://(?P<secret>[^\s/?#"'<>\\]+)@""")
"""An @ may stand in a password as it is: the last one ends it, as all who take URLs apart have it."""

_HOST_USERINFO = re.compile(r"^Host:[ \t]*(?P<secret>[^\s/]+)@", re.IGNORECASE | re.MULTILINE)
_LITERALS = {
    quote: re.compile(rf"[bBrRuU]{{0,2}}{quote}(?P<text>(?:\\.|(?!{quote})[^\\])*){quote}", re.DOTALL)
    for quote in ("'''", '"""', "'", '"')
}
_TOKEN = re.compile(
    r"""[bBrRuU]{0,2}(?P<quote>'{3}|"{3}|'|")|(?P<opening>[(\[{])|(?P<closing>[)\]}])|(?P<comma>,)|(?P<number>-?\b[0-9][0-9.eE+-]*)"""
)
_MARK = re.compile(r"\s*(?P<mark>[,:])")
_CREDENTIALS = re.compile(r"(?P<scheme>[!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(?P<rest>\S.*)", re.DOTALL)
_PARAMETER = re.compile(r'(?<![\w-])([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s",]+))')
_PUBLIC_PARAMETERS = frozenset(
    ("algorithm", "nc", "nonce", "opaque", "qop", "realm", "signedheaders", "uri", "userhash", "username")
)
_COOKIE_ATTRIBUTES = frozenset(("domain", "expires", "max-age", "path", "samesite"))


class SecretFinder:
    """Finds secrets where they have their place.

    Args:
        listed: Names of fields, parameters and members that the user calls secret, in any case.
    """

    def __init__(self, listed: Collection[str] = ()) -> None:
        own = frozenset(name.strip().lower() for name in listed) - {""}
        self.names = CREDENTIAL_FIELDS | own
        """The names of fields, in lower case."""

        names = "|".join(sorted(map(re.escape, self.names)))
        every_name = tuple(self.names)
        # Beside each pattern, what there must be for it to match: a search for that costs a fraction.
        self._patterns: list[tuple[re.Pattern[str], tuple[str, ...]]] = [
            (_USERINFO, ("://",)),
            (_HOST_USERINFO, ("host:",)),
            # A field line: on the wire, in a message/http body, in a literal of a script.
            (
                re.compile(
                    rf"(?:^|\\r|\\n|[\"'])(?:{names})[ \t]*:[ \t]*(?P<secret>(?:(?!\\[rn])[^\r\n\"'])+)",
                    re.IGNORECASE | re.MULTILINE,
                ),
                every_name,
            ),
            # A member of JSON, or of the `repr` of a dictionary.
            (
                re.compile(
                    rf"(?P<quote>[\"'])(?:{names})(?P=quote)\s*:\s*(?P<value>[\"'])"
                    r"(?P<secret>(?:\\.|(?!(?P=value))[^\\])*)(?P=value)",
                    re.IGNORECASE | re.DOTALL,
                ),
                every_name,
            ),
            # The same where the value is a number.
            (
                re.compile(
                    rf"(?P<quote>[\"'])(?:{names})(?P=quote)\s*:\s*(?P<secret>-?[0-9][0-9.eE+-]*)",
                    re.IGNORECASE,
                ),
                every_name,
            ),
        ]
        self._members = re.compile(rf"(?P<quote>[\"'])(?:{names})(?P=quote)\s*:\s*(?=[\[{{])", re.IGNORECASE)
        self.listed = bool(own)
        """Whether there is anything beside the usual fields."""

        listed_names = "|".join(sorted(map(re.escape, own)))
        self._parameters = re.compile(rf"(?:^|[?&;])(?:{listed_names})=(?P<secret>[^&;\s#]+)", re.IGNORECASE)
        if own:
            parameter = rf"(?:^|[?&;])(?:{listed_names})=(?P<secret>[^&;\s#\"'<>]+)"
            # A part of a form (RFC 7578). A line that is in none is taken as a whole: it may hold many such names.
            part = (
                rf"\bname=\"(?:{listed_names})\"[^\r\n]*"
                r"(?:\r?\n(?:[^\r\n]+\r?\n){0,9}\r?\n(?P<secret>(?:(?!\r?\n--).)+))?"
            )
            self._patterns += [
                (re.compile(parameter, re.IGNORECASE | re.MULTILINE), tuple(own)),
                (re.compile(part, re.IGNORECASE | re.DOTALL), tuple(own)),
            ]

    def places(self, text: str) -> list[Place]:
        """Find the secrets of a text that have a name in front of them, or a URL around them."""
        present = _present(text, {word for _, words in self._patterns for word in words})
        patterns = [pattern for pattern, words in self._patterns if not present.isdisjoint(words)]
        found = [match.span("secret") for pattern in patterns for match in pattern.finditer(text)]
        if not present.isdisjoint(self.names):
            found += self._places_in_members(text)
        return [(start, end) for start, end in found if start < end]

    def _places_in_members(self, text: str) -> Iterator[Place]:
        """Find the texts and numbers of an array or an object with a name in front of it."""
        until = 0
        unclosed: set[str] = set()
        for match in self._members.finditer(text):
            if match.start() < until:
                continue
            depth = 0
            for token in _tokens(text, match.end(), unclosed):
                until = token.end()
                kind = token.lastgroup
                if kind == "text":
                    yield token.span("text")
                elif kind == "number":
                    yield token.span()
                depth += (kind == "opening") - (kind == "closing")
                if not depth:
                    break

    def places_of_parameters(self, text: str) -> list[Place]:
        """Find the parameters of a request-target or of a form, in which quotes are characters as all others."""
        return [match.span("secret") for match in self._parameters.finditer(text)] if self.listed else []

    def places_in_source(self, text: str) -> list[Place]:
        """Find them in the source of a script, or in the arguments of a call, too.

        There a name is a literal, and the literals behind it belong to it: `"Authorization", "Basic " + x`.
        """
        return self.places(text) + list(_literals_after(text, self.names))


def _present(text: str, words: Collection[str]) -> set[str]:
    """Say which of some words, in lower case, are in a text, in any case."""
    present: set[str] = set()
    overlap = max(map(len, words))
    for start in range(0, len(text), PIECE):
        piece = text[start : start + PIECE + overlap].lower()
        present.update(word for word in words if word not in present and word in piece)
    return present


def _literals_after(text: str, names: Collection[str]) -> Iterator[Place]:
    """Find the insides of literals that follow one with a name, up to the end of its pair or call."""
    until = 0
    for match in _literals(text):
        if match.start() < until:
            yield match.span("text")
        elif match["text"].strip().lower() in names:
            until = _end_of_value(text, match.end())


def _end_of_value(text: str, position: int) -> int:
    """Give where the value ends that belongs to a name in front of a position."""
    mark = _MARK.match(text, position)
    if mark is None:
        return position
    depth = 0
    for token in _tokens(text, mark.end()):
        kind = token.lastgroup
        depth += (kind == "opening") - (kind == "closing")
        if depth < 0 or (mark["mark"] == ":" and not depth and kind == "comma"):
            return token.start()
    return len(text)


def _literals(text: str) -> Iterator[re.Match[str]]:
    return (token for token in _tokens(text) if token.lastgroup == "text")


def _tokens(text: str, start: int = 0, unclosed: set[str] | None = None) -> Iterator[re.Match[str]]:
    """Yield literals, whose last group is `text`, and what stands outside of them: brackets, commas and numbers.

    A quote that begins no literal is passed over. Those of its sort behind it need not be tried: nothing closes them either.
    Without that a text of quotes and backslashes, which a server may have sent, took the square of its length.

    Args:
        text: Where they are.
        start: From where on.
        unclosed: The sorts of quotes that nothing closes, as an earlier part of the text has shown.
    """
    unclosed = set() if unclosed is None else unclosed
    while token := _TOKEN.search(text, start):
        quote = token["quote"]
        found = _literal(text, token.start(), quote, unclosed) if quote else token
        start = (found or token).end()
        if found:
            yield found


def _literal(text: str, start: int, quote: str, unclosed: set[str]) -> re.Match[str] | None:
    """Give the literal that begins with a quote. Three that nothing closes are an empty one, and a quote."""
    for sort in (quote, quote[0]):
        if sort not in unclosed:
            literal = _LITERALS[sort].match(text, start)
            if literal:
                return literal
            unclosed.add(sort)
    return None


# --- everywhere else -----------------------------------------------------------------------------


class SecretWords:
    """Looks for secrets that are known, in every usual spelling.

    Args:
        values: What was found in its place.
    """

    def __init__(self, values: Iterable[str]) -> None:
        words = {
            word[:LONGEST_LOOKED_FOR] for value in values for word in _words_of(value[:LONGEST_TAKEN_APART])
        }
        self.words = frozenset(words)
        spellings = {spelling for word in words for spelling in _spellings(word)}
        longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if spellings else None
        self._beginnings = {one[:SHORTEST_PART]: one for one in longest_first if len(one) >= SHORTEST_PART}
        # Nothing that is looked for holds a zero byte, so that no fragment lies across two of them.
        self._spellings = longest_first
        self._all = "\0".join(longest_first)

    def places(self, text: str) -> list[Place]:
        """Find every spelling of every secret in a text."""
        return [match.span() for match in self._pattern.finditer(text)] if self._pattern else []

    def piece_places(self, text: str) -> list[Place]:
        """Find every piece of a secret in a text, as on a screen, where one may go on in the next line."""
        found = self.places(text)
        start = 0
        while self._pattern and start <= len(text) - SHORTEST_PART:
            end = start + SHORTEST_PART
            if text[start] != " " and text[start:end] in self._all:
                while end < len(text) and text[start : end + 1] in self._all:
                    end += 1
                found.append((start, end))
                start = end
            else:
                start += 1
        return found

    def rests_of(self, piece: str) -> set[str]:
        """Say how a secret may go on behind a piece of it, where that is too short to be found by itself."""
        places = ((one, one.find(piece)) for one in self._spellings)
        rests = {one[at + len(piece) :] for one, at in places if at >= 0}
        return {rest for rest in rests if 0 < len(rest) < SHORTEST_PART}

    def fragment_places(self, text: str) -> list[Place]:
        """Find literals that hold a piece of a secret: of what was cut to be shown, only a piece is there."""
        found = []
        for match in _literals(text) if self._pattern else ():
            start, end = match.span("text")
            if SHORTEST_PART <= end - start <= LONGEST_CUT:
                piece = self._fragment_start(match["text"].rstrip("…"))
                if piece is not None:
                    found.append((start + piece, end))
        return found

    def _fragment_start(self, text: str) -> int | None:
        """Say where in a literal the piece of a secret begins that it holds or ends with."""
        if text in self._all:
            return 0
        for start in range(len(text) - SHORTEST_PART + 1):
            whole = self._beginnings.get(text[start : start + SHORTEST_PART])
            if whole is not None and whole.startswith(text[start:]):
                return start
        return None


def _words_of(value: str) -> Iterator[str]:
    """Yield what of a secret value gives it away: all of it, and the parts that are worth something alone."""
    value = value.strip()
    if len(value) >= SHORTEST_WORD:
        yield value
    credentials = _CREDENTIALS.fullmatch(value)
    if credentials:
        rest = credentials["rest"].strip()
        if len(rest) >= SHORTEST_PART or credentials["scheme"].lower() in ("basic", "bearer"):
            yield from (word for word in (rest, *_user_and_password(rest)) if len(word) >= SHORTEST_WORD)
    yield from (part for part in _parts(value) if len(part) >= SHORTEST_PART)
    if re.fullmatch(r"[^\s:=;,]+:[^\s]+", value):  # userinfo
        password = value.partition(":")[2]
        yield from (w for w in (password, urllib.parse.unquote(password)) if len(w) >= SHORTEST_WORD)


def _user_and_password(token: str) -> Iterator[str]:
    """Take Basic credentials apart (RFC 7617): the pair, and the password."""
    try:
        pair = base64.b64decode(token, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return
    if ":" in pair:
        yield from (pair, pair.partition(":")[2])


def _parts(value: str) -> Iterator[str]:
    """Yield the values of cookies (RFC 6265), or of the parameters of credentials (RFC 9110 section 11.4)."""
    if _CREDENTIALS.fullmatch(value):
        for name, quoted, bare in _PARAMETER.findall(value):
            if name.lower() not in _PUBLIC_PARAMETERS:
                yield quoted or bare
        return
    for part in value.split(";"):
        name, equals, cookie = part.partition("=")
        if equals and name.strip().lower() not in _COOKIE_ATTRIBUTES:
            yield cookie.strip().strip('"')


def _spellings(word: str) -> Iterator[str]:
    """Yield the ways in which a secret may be written."""
    yield word
    try:
        data = word.encode("latin-1")
    except UnicodeEncodeError:
        data = word.encode("utf-8")
    forms = {data, word.encode("utf-8")}
    for form in forms:
        yield form.decode("latin-1")
        yield form.decode("utf-8", "ignore")
        yield urllib.parse.quote_from_bytes(form, safe="")
        yield urllib.parse.quote_from_bytes(form)
        yield urllib.parse.quote_plus(form)
        yield "".join(f"%{byte:02x}" for byte in form)
        yield "".join(f"%{byte:02X}" for byte in form)
        yield form.hex()
        yield form.hex().upper()
        yield form.hex(" ")
        yield from _in_base64(form)
    yield json.dumps(word)[1:-1]
    yield repr(word)[1:-1]
    yield word.replace("\\", "\\\\").replace('"', '\\"')
    yield html.escape(word)


def _in_base64(data: bytes) -> Iterator[str]:
    """Yield what base64 makes of data that stands in the midst of other data, at each of three offsets."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + data)
        first = -(-before * 8 // 6)
        # The last group may depend on what follows.
        last = (before + len(data)) * 8 // 6
        text = coded[first:last].decode()
        if len(text) >= SHORTEST_PART:
            yield text
            yield text.replace("+", "-").replace("/", "_")


def blanked(text: str, places: Iterable[Place]) -> str:
    """Write asterisks over places of a text; its length stays, and so do its line ends."""
    characters: list[str] | None = None
    for start, end in places:
        characters = list(text) if characters is None else characters
        characters[start:end] = [one if one in "\r\n" else BLANK for one in characters[start:end]]
    return text if characters is None else "".join(characters)
