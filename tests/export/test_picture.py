"""Pictures of the screen: no secret on them, whole or in pieces, and everything else as it was."""

from tests.export.conftest import RecordScenario
from workbench.export.picture import redacted_picture

TOKEN = "YWxhZGRpbjpvcGVuc2VzYW1l"


def picture(*rows: list[str]) -> str:
    texts = "".join(
        f'<text class="r{i}" x="0" y="{y}" textLength="9">{run.replace(" ", "&#160;")}</text>'
        for y, runs in enumerate(rows)
        for i, run in enumerate(runs)
    )
    return f"<svg>{texts}</svg>"


def test_secret_is_written_over_where_colours_and_lines_cut_it(record_scenario: RecordScenario) -> None:
    recording = record_scenario("basic-auth")
    svg = picture(
        ["Authorization", ": ", "Basic ", TOKEN, "│kept"],
        ["left pane │ ", TOKEN[:9], TOKEN[9:14]],
        ["next line │ ", TOKEN[14:], " more"],
        ["wrapped │ ", TOKEN[:20]],
        ["late │ ", TOKEN[20:], " end"],
        [" ".join(f"{byte:02x}" for byte in TOKEN[:8].encode()), " YWxhZGRp"],
        ["&lt;opensesame&gt; ", "GET /private"],
    )

    found = redacted_picture(svg, recording)

    for piece in (TOKEN, TOKEN[:9], TOKEN[14:], TOKEN[20:], "opensesame", "59&#160;57&#160;78"):
        assert piece in svg
        assert piece not in found
    for kept in (
        "│kept",
        "left&#160;pane&#160;│&#160;",
        "&#160;more",
        "GET&#160;/private",
        "&lt;**********&gt;",
    ):
        assert kept in found
    assert found.count("<text") == svg.count("<text")


def test_picture_without_secrets_stays_as_it_is(record_scenario: RecordScenario) -> None:
    svg = picture(["HTTP/1.1 200 OK", "&amp;"], ["Hello, world"])

    assert redacted_picture(svg, record_scenario("hello")) == svg
