"""Drafts of what was typed into the editor."""

import stat

import pytest

from workbench.session import drafts
from workbench.session.drafts import load_draft, remove_draft, save_draft
from workbench.session.state_directory import state_directory


def test_draft_is_found_by_its_script():
    save_draft("/srv/script.py", "conn = 1\n")
    save_draft("lab: hello", "conn = 2\n")
    save_draft("lab: hello", "conn = 3\n")

    assert load_draft("/srv/script.py").text == "conn = 1\n"
    assert load_draft("lab: hello").text == "conn = 3\n"
    assert load_draft("lab: other") is None


def test_draft_is_read_with_what_the_lab_fills_in_now():
    text = 'HTTPConnection("127.0.0.1", 4044)  # not /tmp/a.pem2, /tmp/a.pem\n'
    save_draft("lab: hello", text, {"{port}": "4044", "{cafile}": "/tmp/a.pem"})

    now = {"{port}": "39707", "{cafile}": "C:\\\\b", "{client_certificate}": "/tmp/c.pem"}
    wanted = 'HTTPConnection("127.0.0.1", 39707)  # not /tmp/a.pem2, C:\\\\b\n'
    assert load_draft("lab: hello", now).text == wanted
    assert load_draft("lab: hello").text == text


@pytest.mark.parametrize(
    "text",
    [
        'conn = HTTPSConnection("localhost", {}, context=context)',
        "conn.set_tunnel('127.0.0.1',{})",
        'conn = HTTPConnection("127.0.0.1", port={})',
        'conn = HTTPConnection(\n    "127.0.0.1",\n    {},\n)',
        'conn.putheader("Host", "127.0.0.1:{}")',
        'conn.putrequest("GET", "http://localhost:{}/40001")',
    ],
)
def test_port_of_the_address_is_the_one_of_this_start(text):
    save_draft("lab: hello", text.format(40001), {"{port}": "40001"})

    assert load_draft("lab: hello", {"{port}": "39707"}).text == text.format(39707)


@pytest.mark.parametrize(
    "text",
    [
        'conn.request("POST", "/orders/40001", b"40001")',
        'conn.request("GET", "/?port=40001&at=10:40001")',
        'conn.request("POST", "/", b\'{"a": 40001}\')',
        'conn.putheader("Content-Length", 40001)',
        "r1.read(40001)",
        'HTTPConnection("127.0.0.1", 400010)',
    ],
)
def test_number_that_is_not_the_port_of_the_address_stays(text):
    save_draft("lab: hello", text, {"{port}": "40001"})

    assert load_draft("lab: hello", {"{port}": "39707"}).text == text


def test_what_is_filled_in_now_is_not_taken_for_what_was_then():
    save_draft("lab: hello", "/a /b", {"{cafile}": "/a", "{other}": "/b"})

    assert load_draft("lab: hello", {"{cafile}": "/b", "{other}": "/c"}).text == "/b /c"


@pytest.mark.parametrize("found", ["", ', "filled_in": 1', ', "filled_in": {"{port}": 1}'])
def test_draft_of_which_nothing_is_known_is_read_as_it_is(found):
    save_draft("lab: hello", "1")
    (path,) = state_directory("drafts").iterdir()
    path.write_text(f'{{"script": "lab: hello", "text": "1"{found}}}')

    assert load_draft("lab: hello", {"{port}": "2"}).text == "1"


def test_draft_that_was_removed_is_gone():
    save_draft("script.py", "x")
    remove_draft("script.py")
    remove_draft("script.py")

    assert load_draft("script.py") is None


def test_nobody_else_can_read_a_draft():
    save_draft("script.py", "x")
    (path,) = state_directory("drafts").iterdir()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_damaged_draft_is_none():
    save_draft("script.py", "x")
    (path,) = state_directory("drafts").iterdir()
    path.write_text('{"script": "script.py", "te')

    assert load_draft("script.py") is None


def test_oldest_drafts_go_first(monkeypatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 3)
    for number in range(5):
        save_draft(f"script-{number}", "x")

    assert len(list(state_directory("drafts").iterdir())) == 3
    assert load_draft("script-4") is not None
