"""The two that are handed bytes: h11 and httptools. Neither is needed; each reads where it is installed."""

from importlib.metadata import version
from typing import Any

from workbench.compare.opinion import Opinion, text_of
from workbench.compare.received import ReceivedBytes


def read_with_h11(received: ReceivedBytes) -> Opinion:
    """Read with h11.

    Raises:
        ImportError: It is not installed.
    """
    import h11

    opinion = Opinion(f"h11 {version('h11')}", interim=[])
    connection = h11.Connection(h11.CLIENT)
    opinion.note = _tell_request(connection, received)
    try:
        for data in received.pieces():
            connection.receive_data(data)
            if not _take_events(connection, opinion):
                break
        else:
            if received.end == "closed":
                connection.receive_data(b"")
            if received.end != "closed" or _take_events(connection, opinion):
                opinion.wait()
            if received.end == "failed":
                opinion.ending = None  # It knows bytes and the end of them, and no reset.
    except h11.RemoteProtocolError as error:
        opinion.fail(error)
    if opinion.ending == "complete":
        opinion.left = len(connection.trailing_data[0])
    return opinion


def _tell_request(connection: Any, received: ReceivedBytes) -> str:
    """Tell h11 what was asked, for the content depends on it; return what could not be told."""
    import h11

    fields = [("Host", "recorded"), ("Connection", "close")]
    if received.asks_for_upgrade:
        fields += [("Connection", "upgrade"), ("Upgrade", "recorded")]
    note = ""  # everything could be told
    try:
        connection.send(h11.Request(method=received.method, target=received.target, headers=fields))
    except h11.LocalProtocolError:
        # It refuses to send what others do. Only the method matters for what it receives.
        connection.send(h11.Request(method="GET", target="/", headers=fields))
        note = f"refuses to send this request, so it was told GET / instead of {received.method}"
    connection.send(h11.EndOfMessage())
    return note


def _take_events(connection: Any, opinion: Opinion) -> bool:
    """Note what h11 makes of the bytes so far, and return whether it wants more."""
    import h11

    while True:
        event = connection.next_event()
        match event:
            case h11.NEED_DATA:
                return True
            case h11.InformationalResponse() if event.status_code != 101:
                assert opinion.interim is not None
                opinion.interim.append(event.status_code)
            case h11.Response() | h11.InformationalResponse():
                opinion.http_version, opinion.status = text_of(event.http_version), event.status_code
                opinion.reason = text_of(event.reason)
                opinion.fields = _texts(event.headers.raw_items())
            case h11.Data():
                opinion.content.append(event.data)
            case h11.EndOfMessage():
                opinion.trailers = _texts(event.headers.raw_items())
                return False
            case _:
                # PAUSED after 101, ConnectionClosed before a response.
                return False


def _texts(pairs: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(text_of(name), text_of(value)) for name, value in pairs]


class _Callbacks:
    """What httptools calls while it parses.

    Args:
        opinion: Takes what it says.
    """

    def __init__(self, opinion: Opinion) -> None:
        self._opinion = opinion
        self._reason = b""
        self._fields: list[tuple[str, str]] = []
        self.parser: Any = None
        self.complete = False

    def on_message_begin(self) -> None:
        if not self.complete:
            self._reason, self._fields = b"", []

    def on_status(self, data: bytes) -> None:
        self._reason += data

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.complete:
            self._fields.append((text_of(name), text_of(value)))

    def on_headers_complete(self) -> None:
        opinion, status = self._opinion, self.parser.get_status_code()
        if self.complete:
            return  # It goes on with the next message at once.
        if 100 <= status < 200 and status != 101:
            assert opinion.interim is not None
            opinion.interim.append(status)
            return
        opinion.status, opinion.reason = status, text_of(self._reason)
        opinion.http_version = self.parser.get_http_version()
        opinion.fields = self._fields
        # What comes after the header section under the same name is a trailer.
        self._fields = opinion.trailers = []

    def on_body(self, data: bytes) -> None:
        if not self.complete:
            self._opinion.content.append(data)

    def on_message_complete(self) -> None:
        self.complete = self._opinion.status is not None


def read_with_httptools(received: ReceivedBytes) -> Opinion:
    """Read with httptools, which is llhttp, the parser of Node.js.

    Raises:
        ImportError: It is not installed.
    """
    import httptools

    opinion = Opinion(f"httptools {version('httptools')}", interim=[])
    opinion.note = "is not told the method of the request, nor that the connection ended"
    callbacks = _Callbacks(opinion)
    parser = callbacks.parser = httptools.HttpResponseParser(callbacks)
    try:
        for data in received.pieces():
            parser.feed_data(data)
            if callbacks.complete:
                break
        else:
            opinion.wait()
            if received.end != "open" or received.method in ("HEAD", "CONNECT"):
                # It waits for what it is not told of, which is no opinion.
                opinion.ending = None
    except httptools.HttpParserUpgrade:
        pass
    except httptools.HttpParserError as error:
        opinion.fail(error)
    return opinion
