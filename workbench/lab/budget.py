"""Memory for what clients send, bounded over all connections together.

One connection may hold a whole upload. That hundreds do so at once is what a server on a network must be
able to refuse: the request that would be too much is the one that ends.
"""

MEMORY_CAP = 64 * 1024 * 1024
"""Bytes of requests held at a time, over all connections."""


class OverBudget(Exception):  # noqa: N818 - a fact, and no fault of the request's
    """The connections hold as much as they may. The message says how much that is."""


class Budget:
    """Counts what connections hold. For the server's thread alone.

    Args:
        cap: Bytes that all of them may hold together.
    """

    def __init__(self, cap: int = MEMORY_CAP) -> None:
        self.cap = cap
        self.held = 0

    def change(self, difference: int) -> None:
        """Hold so many bytes more, or fewer.

        Raises:
            OverBudget: That would be too many. Nothing has changed then.
        """
        if difference > 0 and self.held + difference > self.cap:
            raise OverBudget(f"All connections together hold the {self.cap:,} bytes that they may")
        self.held += difference
