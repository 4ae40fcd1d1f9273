"""Every role and tone has a style, and roles can be read in every theme."""

import re

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from workbench.ui.presentation.piece import Role, Tone
from workbench.ui.theme import HIGH_CONTRAST, ROLE_STYLES, TONE_STYLES

THEMES = [theme for theme in (*BUILTIN_THEMES.values(), HIGH_CONTRAST) if not theme.ansi]
"""The colours of an ANSI theme are those of the terminal, which nobody here knows."""

LEAST = 2.0
"""Textual's own light themes have warnings that are hardly better; the words beside them say it too."""

LEAST_OF_HIGH_CONTRAST = 7.0
"""Level AAA of the Web Content Accessibility Guidelines (success criterion 1.4.6)."""

_COLOUR = re.compile(r"\$([\w-]+)(?: (\d+)%)?")


def luminance(colour: Color) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def contrast_of(role: Role, theme: Theme) -> float:
    """How a role stands out from the ground of a pane. What is lit has a ground of its own."""
    colours = theme.to_color_system().generate()
    ground = Color.parse(colours["background"])
    match = _COLOUR.search(ROLE_STYLES[role])
    if match is None:
        return contrast(Color.parse(colours["foreground"]), ground)
    colour = Color.parse(colours[match[1]])
    return contrast(ground.blend(colour, int(match[2] or 100) / 100), ground)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_role_stands_out_in_every_theme(theme):
    least = LEAST_OF_HIGH_CONTRAST if theme is HIGH_CONTRAST else LEAST
    faint = {role: round(contrast_of(role, theme), 1) for role in Role if role is not Role.LIT}

    assert {role: ratio for role, ratio in faint.items() if ratio < least} == {}


def test_every_role_and_tone_has_a_style():
    assert set(ROLE_STYLES) == set(Role)
    assert set(TONE_STYLES) == set(Tone)
