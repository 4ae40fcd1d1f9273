"""What stands below the editor: what is wrong with the text, or what can be done with it."""

from collections.abc import Sequence

from workbench.session.script_error import ScriptError
from workbench.session.visible import visible
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.piece import Line, Piece, Role


def editor_lines(
    errors: Sequence[ScriptError], here: ScriptError | None, file_name: str, keys: KeyNames
) -> tuple[Line, ...]:
    """Make the lines.

    Args:
        errors: All that is wrong, in order.
        here: The one to tell of.
        file_name: Where the script is saved; empty where it has no file.
        keys: Those of the user.
    """
    name = visible(file_name)
    if here is None:
        does = f"writes {name} and runs it" if name else "runs it"
        way = key_pieces(f"{{save_script}} {does} from the top, {{back}} leaves the editor", keys)
        no_file = () if name else key_pieces("; {save_script_as} gives it a file", keys)
        return way, (Piece("No errors", Role.GOOD), *no_file)
    count = f" ({errors.index(here) + 1} of {len(errors)})" if len(errors) > 1 else ""
    place = Piece(f"✗ line {here.line}, column {here.column}: ", Role.ERROR)
    hint = ((Piece(visible(here.hint), Role.DIM),),) if here.hint else ()
    save = f"{{save_script}} writes {name} as it is, " if name else ""
    return (
        (place, Piece(visible(here.message)), Piece(count, Role.DIM)),
        *hint,
        key_pieces(f"{save}{{back}} leaves the editor", keys),
    )
