"""Which panes are seen at a size."""

import pytest

from workbench.ui.presentation.layout import Choice, Form, Pane, form_for, tabs_of, visible_panes


@pytest.mark.parametrize(
    ("size", "form"),
    [
        pytest.param((160, 45), Form.WIDE, id="wide"),
        pytest.param((160, 24), Form.MEDIUM, id="wide and low"),
        pytest.param((120, 36), Form.MEDIUM, id="medium"),
        pytest.param((80, 24), Form.NARROW, id="narrow"),
        pytest.param((60, 15), Form.NARROW, id="smallest"),
        pytest.param((59, 15), Form.TOO_SMALL, id="too narrow"),
        pytest.param((20, 5), Form.TOO_SMALL, id="tiny"),
        pytest.param((0, 0), Form.TOO_SMALL, id="nothing"),
    ],
)
def test_form_follows_the_size(size, form):
    assert form_for(*size) is form


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("pane", Pane)
def test_active_pane_is_visible_wherever_anything_is(form, pane):
    shown = visible_panes(form, Choice().chosen(pane))

    assert (pane in shown) is (form is not Form.TOO_SMALL)
    assert pane in tabs_of(pane, form, maximised=False)


def test_maximised_pane_is_alone():
    assert visible_panes(Form.WIDE, Choice(Pane.WIRE, maximised=True)) == (Pane.WIRE,)
