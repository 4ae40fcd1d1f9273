"""The members of a form, and the parts of a multipart one."""

import pytest

from workbench.ui.presentation.form_text import MOST_MEMBERS, form_lines, multipart_lines
from workbench.ui.presentation.piece import plain


def test_form_is_a_list_of_names_and_values():
    lines = form_lines(b"q=tea+pot&n%C3%A4me=%e2%98%95&flag&x=%00%1b&bad=%zz%ff")

    assert [plain(line) for line in lines] == [
        "q = tea pot",
        "näme = ☕",
        "flag",
        "x = ␀␛",
        "bad = %zz\\xff",
    ]


def test_form_without_end_is_cut():
    lines = form_lines(b"&".join(b"a=1" for _ in range(MOST_MEMBERS + 3)))

    assert len(lines) == MOST_MEMBERS + 1
    assert plain(lines[-1]) == "… 3 members more"


MULTIPART = (
    b"preamble\r\n--x\r\nContent-Disposition: form-data; name=a\r\n\r\nhello\r\n"
    b"--x\r\n\r\nno fields\r\n--x--\r\nepilogue"
)


def test_multipart_is_a_list_of_parts():
    text = "\n".join(plain(line) for line in multipart_lines(MULTIPART, "x"))

    assert text == (
        "part 1  5 bytes\n  Content-Disposition: form-data; name=a\n  hello\n\npart 2  9 bytes\n  no fields\n"
    )


@pytest.mark.parametrize(
    ("data", "boundary", "words"),
    [
        pytest.param(MULTIPART[:-12], "x", "closing boundary", id="cut"),
        pytest.param(MULTIPART, "", "names no boundary", id="no boundary"),
    ],
)
def test_multipart_says_what_is_missing(data, boundary, words):
    assert words in plain(multipart_lines(data, boundary)[-1])
