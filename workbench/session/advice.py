"""What the command line says when a call has raised: its name and words, and the way out."""

from workbench.protocol import describe_error
from workbench.protocol.tap import ErrorFact
from workbench.session.remedies import words_now
from workbench.session.visible import visible


def advise(error: BaseException, target: str, *, switched: bool = False) -> str:
    """Say what to do about an exception.

    Args:
        error: What a call raised.
        target: What was being talked to, such as `localhost port 80`; empty when nothing was.
        switched: That speaks another protocol now.

    Returns:
        A sentence without its full stop, as visible text; empty when there is none for the class.
    """
    if not isinstance(error, Exception):
        return ""
    return words_now(describe_error(error).lineage, target, switched=switched)


def summarise(fact: ErrorFact) -> str:
    """Name an exception and say its words, as visible text."""
    return visible(f"{fact.class_name}: {fact.message}" if fact.message else fact.class_name)
