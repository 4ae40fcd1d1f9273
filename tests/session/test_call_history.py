"""The calls that were typed, and their file."""

import stat

import pytest

from workbench.session.call_history import (
    FILE_NAME,
    LONGEST_WRITTEN,
    MOST_REMEMBERED,
    CallHistory,
    is_written_down,
    load_calls,
    save_call,
)
from workbench.session.state_directory import state_directory


def test_calls_are_found_by_how_they_begin():
    history = CallHistory(["conn.close()", 'conn.putheader("A", "b")', "r1.read()", "conn.close()"])

    first = history.earlier(len(history), "conn.")
    second = history.earlier(first, "conn.")

    assert (first, second) == (3, 1)
    assert history.earlier(0, "conn.") is None
    assert history.later(1, "conn.") == 3
    assert history.later(3, "conn.") is None
    assert history.earlier(len(history), "") == 3


def test_what_is_typed_already_is_not_brought_back():
    history = CallHistory(["conn.close()", "r1.read()"])

    assert history.earlier(len(history), "r1.read()") is None


def test_same_call_twice_is_remembered_once():
    history = CallHistory()

    assert [history.add("a()"), history.add("a()"), history.add("b()")] == [True, False, True]
    assert len(history) == 2


def test_history_is_bounded():
    history = CallHistory(str(number) for number in range(2 * MOST_REMEMBERED))
    history.add("last")

    assert len(history) == MOST_REMEMBERED
    assert history[len(history) - 1] == "last"


def test_calls_of_earlier_starts_come_before_those_typed_meanwhile():
    history = CallHistory()
    history.add("now()")
    history.put_before(["then()"])

    assert [history[0], history[1]] == ["then()", "now()"]


def test_calls_survive_a_restart_of_the_program():
    save_call("conn.close()")
    save_call('conn.putheader("X", "ü")')

    assert load_calls() == ["conn.close()", 'conn.putheader("X", "ü")']


def test_nobody_else_can_read_the_file():
    path = state_directory() / FILE_NAME
    path.touch(0o644)
    save_call("conn.close()")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "call",
    [
        pytest.param('conn.putheader("Authorization", "Basic c2VjcmV0")', id="credentials"),
        pytest.param('conn.request("GET", "/", headers={"COOKIE": "id=1"})', id="any case"),
        pytest.param('conn.request("GET", "http://user:hunter2@lab/")', id="userinfo"),
        pytest.param('conn.request("GET", "http://ghp_0123@lab/")', id="userinfo without a colon"),
        pytest.param('c = HTTPConnection("user:hunter2@lab")', id="userinfo without a scheme"),
        pytest.param('context.load_cert_chain("a.pem", password="hunter2")', id="password of a key"),
        pytest.param('conn.request("POST", "/", "user=u&Password=hunter2")', id="password of a form"),
        pytest.param('conn.putheader("X-Auth-Token", "hunter2")', id="token"),
        pytest.param('conn.request("GET", "/?api_key=hunter2")', id="key of an interface"),
        pytest.param(" conn.close()", id="space"),
        pytest.param(f"conn.send(b'{'a' * LONGEST_WRITTEN}')", id="long"),
    ],
)
def test_call_that_nobody_else_should_see_is_not_written_down(call):
    save_call(call)

    assert not is_written_down(call)
    assert load_calls() == []


def test_field_that_the_user_calls_secret_is_not_written_down():
    save_call('conn.putheader("X-Badge", "hunter2")', {"x-badge"})

    assert load_calls() == []


@pytest.mark.parametrize(
    "call", ['conn.putheader("From", "a@lab")', 'print("a:b", "c@d")', 'c = HTTPConnection("lab:80")']
)
def test_call_that_only_looks_like_it_is_written_down(call):
    assert is_written_down(call)


def test_damaged_lines_are_passed_over():
    save_call("a()")
    path = state_directory() / FILE_NAME
    with path.open("ab") as file:
        file.write(b'"half\n{}\n\xff\n"\\u001b[2J"\n')
    save_call("b()")

    assert load_calls() == ["a()", "b()"]


def test_file_of_long_calls_is_shortened_too():
    path = state_directory() / FILE_NAME
    line = b'"%s"\n' % (b"a" * LONGEST_WRITTEN)
    path.write_bytes(line * (2 * 4 * 1024 * 1024 // len(line)))

    assert len(load_calls()) == MOST_REMEMBERED
    assert len(path.read_bytes().splitlines()) == MOST_REMEMBERED


def test_end_of_a_line_that_was_cut_is_no_call():
    path = state_directory() / FILE_NAME
    path.write_bytes(b'"print(\\"a)"\n' + b'"%s"\n' % (b"b" * (4 * 1024 * 1024 - 8)))

    assert all(call.startswith("b") for call in load_calls())


def test_file_is_shortened_when_it_grows_long():
    path = state_directory() / FILE_NAME
    path.write_bytes(b"".join(b'"%d"\n' % number for number in range(3 * MOST_REMEMBERED)))

    assert len(load_calls()) == MOST_REMEMBERED
    assert len(path.read_bytes().splitlines()) == MOST_REMEMBERED
    assert load_calls()[-1] == str(3 * MOST_REMEMBERED - 1)
    assert [one.name for one in path.parent.iterdir()] == [FILE_NAME]
