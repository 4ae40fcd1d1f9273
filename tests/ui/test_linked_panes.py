"""Panes that go to the same place: whatever is pointed at in one, the others show."""

from tests.ui import states
from tests.ui.driving import still_app


async def test_pointing_at_an_event_takes_the_other_panes_along():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.press("3", "home", *["down"] * 5)
        await pilot.pause()

        assert "RequestLineBuffered" in app.screen.query_one("#event-lines").line_text(5)
        assert app.screen.query_one("#wire-lines").cursor == 0
        assert app.screen.query_one("ScriptPane").line == 3


async def test_pointing_at_bytes_takes_the_tree_along():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.press("2", "home", "down")
        await pilot.pause()

        tree = app.screen.query_one("#tree-lines")
        assert "Host: 127.0.0.1:8080" in tree.line_text(tree.cursor)


async def test_click_in_any_pane_takes_the_three_others_along():
    """The field Host: its script line, its event, its bytes, its node."""
    shown = {"#script-lines": "putrequest", "#event-lines": "", "#wire-lines": "", "#tree-lines": ""}
    wanted = {"#event-lines": "Host", "#wire-lines": "Host: 127", "#tree-lines": "Host: 127"}
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):

        def here():
            lists = {name: app.screen.query_one(name) for name in shown}
            return {name: one.line_text(one.cursor) for name, one in lists.items()}

        for origin, words_there in wanted.items():
            for away in ("#wire-lines", "#event-lines"):
                app.screen.query_one(away).go_to(10_000)
            await pilot.pause()
            assert not any(words in here()[name] for name, words in wanted.items())
            target = app.screen.query_one(origin)
            row = next(
                number for number in range(len(target.source)) if words_there in target.line_text(number)
            )
            target.scroll_to(y=row, animate=False, immediate=True)
            await pilot.pause()
            await pilot.click(origin, offset=(12, row - target.scroll_offset.y))
            await pilot.pause()
            assert all(words in here()[name] for name, words in wanted.items()), (origin, here())
            assert "putrequest" in here()["#script-lines"]

        await pilot.click("#script-lines", offset=(20, 2))
        await pilot.pause()
        assert "line 3" in here()["#event-lines"]
        assert "GET" in here()["#wire-lines"]
