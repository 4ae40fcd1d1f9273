"""HTML and XML broken at their tags, and the place where XML is none."""

import pytest

from workbench.ui.presentation.markup_text import break_markup, find_xml_fault


def test_markup_in_one_line_is_broken_at_its_tags():
    text = "<ul>" + "".join(f"<li><b>{number}</b><br>more" for number in range(30)) + "</li></ul>"

    lines = break_markup(text, html=True).split("\n")

    assert lines[:5] == ["<ul>", "  <li>", "    <b>0</b>", "    <br>", "    more"]


def test_markup_in_one_line_that_is_short_is_broken_as_well():
    text = '<a x="1"><b>t</b><c/></a>'

    for end in ("", "\n"):
        assert break_markup(text + end, html=False).split("\n") == [
            '<a x="1">',
            "  <b>t</b>",
            "  <c/>",
            "</a>",
        ]


def test_markup_with_lines_of_its_own_stays_as_it_is():
    text = "<a>\n <b>x</b>\n</a>\n"

    assert break_markup(text, html=False) == text


def test_what_is_preformatted_keeps_its_spaces():
    text = "<p>" + "x" * 300 + "<pre>  <b>two</b>\n   three</pre></p>"

    assert "<pre>  <b>two</b>\n   three</pre>" in break_markup(text, html=True)


@pytest.mark.parametrize(
    "text",
    ["<" * 60_000, "<pre " * 12_000, "<![CDATA[" * 6_000, "<pre>" + "</pre   " * 8_000, "<a b='" * 10_000],
    ids=["angles", "open pre", "cdata", "closes", "quotes"],
)
def test_broken_markup_is_laid_out_without_losing_a_character(text):
    laid_out = break_markup(text, html=True)

    assert "".join(laid_out.split()) == "".join(text.split())


def test_fault_of_xml_has_a_place():
    fault = find_xml_fault("<a>\n  <b></c>\n</a>")

    assert (fault.words, fault.line, fault.column) == ("mismatched tag", 2, 8)


def test_entities_are_not_put_in():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "x">{entities}<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&e11;&f;</a>'

    assert find_xml_fault(bomb) is None
