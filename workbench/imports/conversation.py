"""What was said on one connection, as far as a file tells it."""

from dataclasses import dataclass

from workbench.session.plan import RequestPlan


@dataclass(frozen=True, slots=True)
class Conversation:
    """One request, and the bytes that came back."""

    plan: RequestPlan
    received: bytes = b""
    """Heads, content and framing, as they came or could have come; empty where the file does not say."""

    address: str = ""
    """Of the server, where it is known."""

    remark: str = ""
    """What about the bytes is made up, or left out."""
