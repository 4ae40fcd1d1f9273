"""The theme that was chosen in the palette, kept from start to start.

Not in the settings file, which is the user's own: nothing writes there. What was chosen holds until
another theme is written into it, or chosen.
"""

import json

from workbench.session.state_directory import state_directory

FILE_NAME = "theme.json"


def save_theme(theme: str, settled: str) -> None:
    """Keep a theme.

    Args:
        theme: Its name.
        settled: The theme that the settings file names; empty where it names none.

    Raises:
        OSError: It cannot be written.
    """
    text = json.dumps({"theme": theme, "instead_of": settled})
    (state_directory() / FILE_NAME).write_text(f"{text}\n", encoding="utf-8")


def theme_to_start_with(settled: str) -> str:
    """Give the theme that was chosen, or the one of the settings file if that was written later.

    Args:
        settled: The theme that the settings file names; empty where it names none.
    """
    try:
        kept = json.loads((state_directory() / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return settled
    if not isinstance(kept, dict) or kept.get("instead_of") != settled:
        return settled
    theme = kept.get("theme")
    return theme if isinstance(theme, str) else settled
