"""A connection in a few words: which it is, where it goes, how it stands, and what is under way."""

from workbench.protocol import tap
from workbench.protocol.wire.state import State, title
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.connection_name import connection_name
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.recording import Recording
from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.quantity import bytes_words
from workbench.ui.view import View


def label(recording: Recording, connection: ConnectionMoment) -> str:
    """Say which connection it is: its number in the run, and its name in the script."""
    if connection.tunnel_for is not None:
        return f"{connection.ordinal} CONNECT for {recording.connection(connection.tunnel_for).ordinal}"
    return f"{connection.ordinal} {visible(connection_name(recording, connection))}".rstrip()


def failed_connection(view: View) -> str:
    """Say which connection the line that raised was about, where there are several; else nothing."""
    moment = view.moment
    connection, outcome = moment.connection, moment.last_outcome
    if connection is None or outcome is None or len(moment.connections) < 2:
        return ""
    # A line that did nothing on any connection must not be laid at the door of the last one.
    touched = connection.record.last_index >= outcome.first_index
    return label(view.recording, connection) if touched else ""


def where(recording: Recording, connection: ConnectionMoment) -> str:
    """Say where it goes, as host and port; empty before that is known."""
    if connection.tunnel_for is not None:
        opened_for = recording.at(connection.index).connection_numbered(connection.tunnel_for)
        return f"proxy {_target(opened_for)}" if opened_for else ""
    if connection.authority is not None:
        return f"{visible(connection.authority)} via proxy {_target(connection)}"
    return _target(connection)


def _target(connection: ConnectionMoment) -> str:
    return f"{visible(connection.target[0])}:{connection.target[1]}" if connection.target else ""


def state_words(connection: ConnectionMoment) -> str:
    """Name its state. The script makes no calls on the streams of a CONNECT, so they have none."""
    return "" if connection.tunnel_for is not None else title(State(connection.state))


def condition(connection: ConnectionMoment) -> Piece:
    """Say whether it is open."""
    if connection.tunnel_for is not None:
        exchange = connection.exchange
        response = exchange.response if exchange else None
        if response is None or response.status_line is None:
            return Piece("asks the proxy", Role.WARNING)
        code = response.status_line.event.status_code
        return Piece(f"answered {code}", Role.GOOD if 200 <= code < 300 else Role.ERROR)
    if connection.tunnel_refused:
        return Piece("tunnel refused", Role.ERROR)
    if connection.closed_reason is not None:
        return Piece("closed", Role.WARNING)
    if connection.address is None:
        failed = connection.fact(tap.ConnectFailed) is not None
        return Piece("connect failed", Role.ERROR) if failed else Piece("not connected", Role.DIM)
    if connection.shut_down_at is not None:
        return Piece("shut down", Role.WARNING)
    if connection.fact(tap.TransportFailed) is not None:
        return Piece("failed", Role.ERROR)
    if connection.fact(tap.EndOfStreamReceived) is not None:
        return Piece("closed by the server", Role.WARNING)
    return Piece("open", Role.GOOD)


def exchange_line(exchange: ExchangeMoment) -> Line:
    """Say what was asked, what was answered, and how far it is."""
    request = exchange.request_line
    asked = (
        (
            Piece(visible(request.event.method), Role.METHOD),
            Piece(" "),
            Piece(visible(request.event.target), Role.TARGET),
        )
        if request
        else (Piece("no request-line", Role.DIM),)
    )
    return (*asked, Piece(" → ", Role.DIM), *_answer(exchange))


def _answer(exchange: ExchangeMoment) -> Line:
    error, response = exchange.error, exchange.response
    if error is not None:
        return (Piece(visible(error.event.error.class_name), Role.ERROR),)
    if response is None:
        sent = exchange.request_completion is not None
        return (Piece("no response yet" if sent else "the request is not sent yet", Role.WARNING),)
    status = response.status_line
    words: list[Piece] = []
    if status is not None:
        words = [Piece(f"{status.event.status_code} {visible(status.event.reason_phrase)}", Role.STATUS)]
    if response.content_length:
        words.append(Piece(f" {bytes_words(response.content_length)} of content", Role.DIM))
    if response.completion is None:
        words.append(Piece(" so far" if response.content_length else " unread", Role.WARNING))
    elif not response.completion.event.complete:
        words.append(Piece(" incomplete", Role.ERROR))
    return tuple(words)


def tunnel_lines(recording: Recording, connection: ConnectionMoment) -> tuple[Line, ...]:
    """Say what the streams of a CONNECT are, in the place of a rail: the script makes no calls on them."""
    assert connection.tunnel_for is not None
    exchange = connection.exchange
    request = exchange.request_line if exchange else None
    target = visible(request.event.target) if request else "?"
    ordinal = recording.connection(connection.tunnel_for).ordinal
    return (
        (
            Piece(" CONNECT", Role.METHOD),
            Piece(" asks the proxy for a tunnel to "),
            Piece(target, Role.TARGET),
            Piece(": "),
            condition(connection),
        ),
        (
            Piece(" These bytes are talk with the proxy. What goes through the tunnel is on ", Role.DIM),
            Piece(f"connection {ordinal}", Role.STRONG),
            Piece(", with offsets of its own.", Role.DIM),
        ),
        (),
    )
