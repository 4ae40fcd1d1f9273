"""The calls that can be made now, in the command palette: choosing one opens its form."""

from functools import partial

from textual.command import Hit, Hits, Provider
from textual.content import Content

from workbench.session.visible import visible
from workbench.ui.screens.form_commands import FormCommandsScreen


class CallProvider(Provider):
    """Offers calls where somebody looks for one; with all of them the list of commands would be lost."""

    async def search(self, query: str) -> Hits:
        """Offer those whose name or summary matches."""
        screen = self.screen
        if not isinstance(screen, FormCommandsScreen):
            return
        matcher = self.matcher(query)
        for form in screen.forms_now():
            score = max(matcher.match(form.target), matcher.match(form.signature.summary))
            if score > 0:
                prompt = f"{form.target}({form.signature.listed()})"
                words = f"Raises {form.error} now" if form.error else visible(form.signature.summary)
                yield Hit(score, Content(prompt), partial(screen.open_form, form, {}), prompt, words)
