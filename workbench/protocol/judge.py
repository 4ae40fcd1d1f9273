"""Where a policy meets a diagnostic: raise, or tell the tap and go on."""

from collections.abc import Iterable

from workbench.protocol.errors import exception_for
from workbench.protocol.policy import Action, Policy
from workbench.protocol.reporter import Reporter
from workbench.protocol.wire.diagnostics import Code, Diagnostic

# To look a member up in its class costs more than all that is done with it here.
_RAISE = Action.RAISE


class Judge:
    """Applies one policy to what one message has shown."""

    __slots__ = ("_policy", "_reporter", "_strict")

    def __init__(self, policy: Policy, strict: bool, reporter: Reporter | None) -> None:
        self._policy = policy
        self._strict = strict
        self._reporter = reporter

    def settle(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Accept the faults of received bytes one after another.

        Raises:
            HTTPException: The policy does not accept one; those behind it are not looked at.
        """
        for diagnostic in diagnostics:
            action = self._action(diagnostic.code)
            if action is Action.IGNORE:
                continue
            raised = action is _RAISE
            if self._reporter is not None:
                self._reporter.diagnostic(diagnostic, raised)
            if raised:
                raise exception_for(diagnostic)

    def _action(self, code: Code) -> Action:
        # The old `strict` argument is only about responses without a status-line.
        if code is Code.HTTP09 and self._strict:
            return _RAISE
        return self._policy[code]
