"""What the lab has filled into a script, found again in one of an earlier start."""

import pytest

from workbench.session.filled_in import filled_anew, find_filled_in

NOW = {
    "{host}": "localhost",
    "{port}": "39707",
    "{cafile}": "/tmp/b/ca.pem",
    "{client_certificate}": "/tmp/b/client.pem",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            'HTTPConnection("127.0.0.1", 40001, timeout=5)', {"{port}": "40001"}, id="an edited line"
        ),
        pytest.param(
            'context(cafile="/tmp/a/ca.pem")\nHTTPSConnection("localhost", 40001, context=context)',
            {"{port}": "40001", "{cafile}": "/tmp/a/ca.pem"},
            id="files",
        ),
        pytest.param(
            'HTTPConnection("127.0.0.1", 40001)\nHTTPConnection("127.0.0.1", 40001)',
            {"{port}": "40001"},
            id="twice",
        ),
        pytest.param(
            'HTTPConnection("127.0.0.1", 1)\nHTTPConnection("localhost", 2)', {}, id="several ports"
        ),
        pytest.param('HTTPConnection("example.test", 80)', {}, id="elsewhere"),
        pytest.param(
            'conn = HTTPSConnection("localhost", 40001)\nconn.set_tunnel("localhost", 443)',
            {"{port}": "40001"},
            id="the far end of a tunnel",
        ),
        pytest.param(
            'HTTPConnection("127.0.0.1", 40001)\nHTTPConnection("localhost:99999")',
            {"{port}": "40001"},
            id="no port",
        ),
        pytest.param(f'HTTPConnection("localhost", {"9" * 5000})', {}, id="a long number"),
    ],
)
def test_what_was_filled_in_then_is_found(text, found):
    assert find_filled_in(text, NOW) == found


def test_what_is_found_is_filled_in_anew():
    text = 'context(cafile="/tmp/a/ca.pem")\nHTTPSConnection("localhost", 40001).request("GET", "/40001")\n'

    anew = filled_anew(text, find_filled_in(text, NOW), NOW)

    assert (
        anew
        == 'context(cafile="/tmp/b/ca.pem")\nHTTPSConnection("localhost", 39707).request("GET", "/40001")\n'
    )
