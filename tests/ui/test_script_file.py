"""What a session does with the file of its script: saved, changed by somebody else, not saved."""

import pytest

from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.script_error import ScriptError
from workbench.ui.bridge import LiveBench
from workbench.ui.opening import CannotOpen, Target

SCRIPT = 'from http.client import HTTPConnection\nconn = HTTPConnection("127.0.0.1")\nprint("one")\n'
EDITED = SCRIPT.replace("one", "two")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def bench(path):
    bench = LiveBench(Target(script_path=path))
    bench.open()
    yield bench
    bench.close()


def text(bench):
    return bench._stepper.script.source


def run_call(bench, call):
    bench.run_call(call)
    bench._stepper.wait_until_idle(timeout=10)


def test_restart_reads_the_file_again(bench, path):
    path.write_text(EDITED)

    assert bench.restart() is False
    assert text(bench) == EDITED
    assert not bench.unsaved


def test_text_that_is_used_is_not_saved_and_survives_a_restart(bench, path):
    bench.use_script(EDITED)

    assert bench.unsaved
    assert path.read_text() == SCRIPT
    assert bench.restart() is False
    assert text(bench) == EDITED


def test_restart_keeps_what_is_not_saved_where_the_file_has_changed_too(bench, path):
    bench.use_script(EDITED)
    path.write_text(SCRIPT.replace("one", "three"))

    assert bench.restart() is True
    assert text(bench) == EDITED


def test_restart_needs_no_file_for_what_is_not_saved(bench, path):
    run_call(bench, "conn.close()")
    path.unlink()

    assert bench.restart() is False
    assert text(bench) == f"{SCRIPT}conn.close()\n"


def test_restart_without_its_file_says_so(bench, path):
    path.unlink()

    with pytest.raises(CannotOpen, match="No such file"):
        bench.restart()


def test_calls_of_the_call_line_are_saved_without_a_new_run(bench, path):
    run_call(bench, "conn.close()")
    runs = len(bench._recorder.recording.runs)
    assert bench.unsaved

    bench.save_script(text(bench))

    assert path.read_text() == f"{SCRIPT}conn.close()\n"
    assert not bench.unsaved
    assert len(bench._recorder.recording.runs) == runs


def test_save_begins_again_with_the_text(bench, path):
    bench.save_script(EDITED)

    assert path.read_text() == text(bench) == EDITED
    assert bench.status.mode == "ready"
    assert not bench.unsaved


def test_save_keeps_the_line_ends_of_the_file(bench, path):
    path.write_bytes(SCRIPT.replace("\n", "\r\n").encode())
    bench.restart()
    bench.save_script(EDITED)

    assert path.read_bytes() == EDITED.replace("\n", "\r\n").encode()
    assert not bench.unsaved


def test_text_with_an_error_is_saved_and_is_what_cannot_run(bench, path):
    bench.save_script("import os\n")

    assert path.read_text() == "import os\n"
    assert bench._error.line == 1

    bench.use_script(EDITED)
    assert bench._error is None
    assert text(bench) == EDITED


def test_text_with_an_error_is_not_used(bench):
    with pytest.raises(ScriptError):
        bench.use_script("import os\n")

    assert text(bench) == SCRIPT


def test_save_that_fails_changes_nothing(bench, path):
    path.unlink()
    path.mkdir()

    with pytest.raises(OSError, match="directory"):
        bench.save_script(EDITED)

    assert text(bench) == SCRIPT


def test_script_moves_to_another_file(bench, path, tmp_path):
    bench.use_script(EDITED)
    bench.save_script(EDITED, tmp_path / "other.py")

    assert bench.file == tmp_path / "other.py"
    assert not bench.unsaved
    assert path.read_text() == SCRIPT


def test_reload_takes_what_is_in_the_file(bench, path):
    bench.use_script(EDITED)
    bench.reload_script()

    assert text(bench) == SCRIPT
    assert not bench.unsaved


@pytest.mark.parametrize("way", ["use", "save", "file"])
def test_breakpoints_follow_their_lines(bench, path, way):
    bench.toggle_breakpoint(3)
    bench.add_breakpoint("header etag")
    longer = f"# a comment\n{SCRIPT}"

    if way == "use":
        bench.use_script(longer)
    elif way == "save":
        bench.save_script(longer)
    else:
        path.write_text(longer)
        bench.restart()

    assert [one.breakpoint for one in bench.breakpoints] == [
        parse_breakpoint("line 4"),
        parse_breakpoint("header etag"),
    ]


def test_script_without_a_file_is_never_unsaved():
    bench = LiveBench(Target(url="http://127.0.0.1:1/"))
    bench.open()
    try:
        bench.use_script(EDITED)

        assert bench.file is None
        assert not bench.unsaved
        assert bench.restart() is False
        assert text(bench) == EDITED
    finally:
        bench.close()
