"""How pygments, which ships no annotations, reads the program's own texts: transcripts and traces."""

from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Generic, Keyword, Name, Number, String, Text


class TranscriptLexer(RegexLexer):  # type: ignore[misc]
    """What `workbench run` prints: lines of the script, and below each what it did."""

    name = "Workbench transcript"
    tokens: ClassVar = {
        "root": [
            (r"^( *)(\d+)(  .*\n)", bygroups(Text, Number, Keyword)),
            (r"^ +> .*\n", Name.Function),
            (r"^ +< .*\n", String),
            (r"^ +\+ .*\n", Comment),
            (r"^ += .*\n", Number),
            (r"^ +! .*\n", Generic.Error),
            (r".*\n", Text),
            (r".+", Text),
        ]
    }


class TraceLexer(RegexLexer):  # type: ignore[misc]
    """What `curl --trace` writes."""

    name = "curl trace"
    tokens: ClassVar = {
        "root": [
            (r"^== .*\n", Comment),
            (r"^=> .*\n", Name.Function),
            (r"^<= .*\n", String),
            (r"^([0-9a-f]{4,}:)((?: [0-9a-f]{2})+)( .*\n)", bygroups(Comment, Number, Text)),
            (r".*\n", Text),
            (r".+", Text),
        ]
    }
