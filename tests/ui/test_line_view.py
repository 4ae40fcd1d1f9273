"""The list of lines below every pane: it makes and draws what is on the screen, and nothing else."""

from tests.ui import states
from tests.ui.driving import screen_text, settle, still_app, until
from workbench.ui.presentation.piece import Piece
from workbench.ui.presentation.source import FixedLines
from workbench.ui.widgets.line_view import LineView


async def test_hidden_list_asks_for_nothing_again_and_again():
    """A list that is not displayed has no height: waiting for one would keep the processor busy."""
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, _):
        asked = []
        events = app.screen.query_one("#event-lines", LineView)
        events.call_after_refresh = lambda *arguments: asked.append(arguments)
        events.source = FixedLines([(Piece("line"),)] * 100)
        events.point(99)
        await pilot.pause()
        assert asked == []

        await pilot.press("3")
        await until(pilot, lambda: events.scroll_offset.y > 0)


async def test_line_that_is_on_the_screen_is_not_made_again_when_the_list_scrolls(monkeypatch):
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        lines = app.screen.query_one("#event-lines", LineView)
        lines.source = FixedLines(tuple((Piece(f"line {number}"),) for number in range(100)))
        lines.point(99)
        await settle(pilot)
        made = []
        strip = lines._painter.strip
        monkeypatch.setattr(lines._painter, "strip", lambda *given: made.append(given) or strip(*given))

        lines.source = FixedLines(tuple((Piece(f"line {number}"),) for number in range(101)))
        lines.point(100)
        await settle(pilot)

        assert "line 100" in screen_text(app)
        assert len(made) <= 3  # the new one, and two where the cursor was and is


async def test_list_that_outgrows_its_pane_at_once_follows_to_its_end():
    """There is no scroll bar yet when the lines come, and what cannot be scrolled is not."""
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        events = app.screen.query_one("#event-lines", LineView)
        events.source = FixedLines([(Piece("line"),)])
        await pilot.pause()
        assert not events.allow_vertical_scroll

        events.source = FixedLines([(Piece("line"),)] * 100)
        events.point(99)

        await until(pilot, lambda: events.scroll_offset.y == 100 - events.scrollable_content_region.height)


async def test_list_draws_only_the_lines_of_the_screen():
    made = []

    class Counting:
        columns = 10

        def __len__(self):
            return 10_000_000

        def line(self, number, width):
            made.append(number)
            return (Piece(str(number)),)

    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        events = app.screen.query_one("#event-lines", LineView)
        events.source = Counting()
        events.point(9_999_999)
        await pilot.pause()

        assert "9999999" in screen_text(app)
        assert len(set(made)) <= 3 * events.size.height


async def test_selection_is_drawn_on_the_characters_that_are_selected():
    async with still_app(states.exchanged()) as (app, pilot, _):
        lines = app.screen.query_one("#script-lines", LineView)
        lines.source = FixedLines([(Piece("日本語abcdef"),)] * 5)
        await pilot.pause()

        await pilot.mouse_down(lines, offset=(0, 1))
        await pilot.hover(lines, offset=(6, 1))
        await pilot.mouse_up(lines, offset=(6, 1))
        await pilot.pause()

        selected = app.screen.get_selected_text()
        assert selected.startswith("日本語")
        assert lines.render_line(1)._segments[0].text == selected
