"""What roles and tones look like, in the colours of whichever theme is chosen."""

from textual.theme import Theme

from workbench.ui.presentation.piece import Role, Tone

ROLE_STYLES: dict[Role, str] = {
    Role.PLAIN: "",
    Role.DIM: "$foreground 72%",
    Role.STRONG: "bold $foreground",
    Role.HEADING: "bold $text-primary",
    Role.KEY: "bold $text-accent",
    Role.SENT: "bold $text-accent",
    Role.RECEIVED: "bold $text-success",
    Role.ERROR: "bold $text-error",
    Role.WARNING: "$text-warning",
    Role.GOOD: "$text-success",
    Role.LIT: "bold auto on $accent",
    Role.METHOD: "bold $text-accent",
    Role.TARGET: "underline $foreground",
    Role.VERSION: "$foreground 80%",
    Role.STATUS: "bold $text-success",
    Role.NAME: "$text-primary",
    Role.VALUE: "$foreground",
    Role.PUNCTUATION: "$foreground 72%",
    Role.CONTROL: "$text-primary",
    Role.CHUNK: "$text-warning",
    Role.CONTENT: "$foreground",
    Role.MALFORMED: "bold $text-error",
    Role.KEYWORD: "$text-primary",
    Role.STRING: "$text-success",
    Role.NUMBER: "$text-warning",
    Role.COMMENT: "italic $foreground 72%",
}
"""One style for each role, in Textual's theme variables, so that it follows every theme."""

TONE_STYLES: dict[Tone, str] = {
    Tone.NONE: "",
    Tone.GHOST: "italic dim",
    Tone.AUTOMATIC: "italic",
    Tone.OFFENDING: "bold reverse",
    Tone.CHOSEN: "on $primary 30%",
    Tone.FOUND: "underline on $warning 25%",
    Tone.FOUND_HERE: "bold reverse underline",
}
"""What a tone adds. No tone is told by colour alone: a word stands beside it."""

HIGH_CONTRAST = Theme(
    name="workbench-high-contrast",
    primary="#7cc7ff",
    secondary="#e0b0ff",
    accent="#ffe100",
    warning="#ffb000",
    error="#ff8080",
    success="#7dff7d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#101010",
    dark=True,
    variables={"footer-key-foreground": "#ffe100"},
)
"""White on black, and light colours that keep a contrast of 7:1 on it."""

FALLBACK_THEME = "textual-dark"
"""For NO_COLOR with one of the ANSI themes: Textual would draw black on black."""
