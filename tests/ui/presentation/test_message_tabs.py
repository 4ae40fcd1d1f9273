"""What the tabs of the message pane say beside its content: timing, TLS, lint."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tests.ui import states
from tests.ui.conversation import Conversation
from tests.ui.reading import text_of
from workbench.protocol.wire.diagnostics import Code, Severity
from workbench.protocol.wire.span import Span
from workbench.session import httplint_notes as notes_module
from workbench.session.httplint_notes import LintNote, httplint_notes
from workbench.session.status import StepperStatus
from workbench.session.timings import Phase, Step, Timings, timings_of
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.presentation import lint_list
from workbench.ui.presentation.coloured import ColouredText
from workbench.ui.presentation.content_text import MOST_SHOWN
from workbench.ui.presentation.lint_list import MOST_FINDINGS, lint_rows
from workbench.ui.presentation.media_type import Kind
from workbench.ui.presentation.message_tab import MessageTab, tab_labels
from workbench.ui.presentation.piece import Role, plain, width_of
from workbench.ui.presentation.tab_text import TabText
from workbench.ui.presentation.timing_text import MOST_STEPS, MOST_WORDS, duration, timing_lines
from workbench.ui.presentation.tls_text import TlsText

KEYS = USUAL_KEYS.word

MS = 1_000_000
HOSTILE = "\x1b]0;title\x07\u202e"


# --- the border --------------------------------------------------------------------------


def labels_text(*arguments):
    return "".join(label.piece.text for label in tab_labels(*arguments))


def test_border_names_all_tabs_where_there_is_room():
    labels = tab_labels(MessageTab.TIMING, "m", 60)

    assert "".join(label.piece.text for label in labels) == "  m tree · content · timing · TLS · lint"
    assert [label.tab for label in labels if label.piece.role is Role.STRONG] == [MessageTab.TIMING]
    assert {label.tab for label in labels} == {None, *MessageTab}


@pytest.mark.parametrize(
    ("shown", "room", "text"),
    [
        pytest.param(MessageTab.CONTENT, 33, "  m tree·content·timing·TLS·lint", id="closer"),
        pytest.param(MessageTab.CONTENT, 30, "  m  content", id="the key and the one in front"),
        pytest.param(MessageTab.CONTENT, 9, " content", id="the one in front"),
        pytest.param(None, 30, "", id="the card says enough"),
    ],
)
def test_border_names_the_tab_in_front_where_there_is_little_room(shown, room, text):
    assert labels_text(shown, "m", room) == text


# --- timing ------------------------------------------------------------------------------


def bar(line):
    return plain(line)[35:]


def test_waterfall_has_a_bar_for_each_phase_on_one_axis():
    timings = Timings(
        [
            Step(Phase.SEND, 1, places=[(0, 10 * MS)]),
            Step(Phase.PAUSE, 2, places=[(10 * MS, 0)], pauses=1, paused_ns=5000 * MS),
            Step(Phase.WAIT, 3, places=[(10 * MS, 20 * MS)]),
            Step(Phase.CONTENT, 4, places=[(30 * MS, 5 * MS), (38 * MS, 2 * MS)], pauses=1, paused_ns=7 * MS),
            Step(Phase.CLOSE, 5, "the user asked", [(40 * MS, 0)]),
        ],
        network_ns=37 * MS,
        own_ns=3 * MS,
        paused_ns=5007 * MS,
    )

    lines = timing_lines(timings, 35 + 40 + 1 + MOST_WORDS)

    assert [plain(line)[:36].split()[0] for line in lines[:5]] == [
        "send",
        "pause",
        "wait",
        "receive",
        "close",
    ]
    assert "10.000 ms" in plain(lines[0])
    assert "5 000.000 ms" in plain(lines[1])
    assert [bar(lines[row]) for row in (0, 2)] == ["█" * 10, " " * 10 + "█" * 20]
    assert bar(lines[3]).startswith(" " * 30 + "█████···██")
    assert text_of(lines[-3:]) == (
        "network                  37.000 ms the peer, and the way to it\n"
        "our own work              3.000 ms between those\n"
        "paused                5 007.000 ms not counted, left out above"
    )


def test_bar_of_what_takes_next_to_no_time_can_be_seen():
    timings = Timings(
        [Step(Phase.CONNECT, 1, places=[(0, 1)]), Step(Phase.WAIT, 2, places=[(1, 10**9)])],
        network_ns=10**9 + 1,
    )

    assert bar(timing_lines(timings, 76)[0]) == "▏"


@pytest.mark.parametrize("width", [20, 38, 76, 150])
@pytest.mark.parametrize("view", [states.gzipped_json, states.failed, states.chunked, states.exchanged])
def test_bars_fit_any_width(view, width):
    moment = view().moment
    timings = timings_of(view().recording.entries, moment.connection, moment.exchange)

    assert all(width_of(line) <= width for line in timing_lines(timings, width)[: len(timings.steps)])


def test_request_that_was_not_sent_says_so():
    assert text_of(timing_lines(Timings(), 80)) == "Nothing has crossed the network for this exchange so far"


def test_waterfall_is_bounded():
    steps = [Step(Phase.WAIT, number, HOSTILE, [(0, 1)]) for number in range(MOST_STEPS + 5)]

    lines = timing_lines(Timings(steps, network_ns=1), 200)

    assert len(lines) < MOST_STEPS + 10
    assert "more than is shown" in text_of(lines)
    assert all(plain(line).isprintable() for line in lines)


def test_durations_are_written_in_groups_of_digits():
    assert duration(1_234_567_890_123) == "1 234 567.890 ms"


# --- TLS ---------------------------------------------------------------------------------


def tls_text(talk: Conversation, width=100):
    return text_of(TlsText(talk.recording.at().connection, width).lines())


def opened() -> Conversation:
    talk = Conversation()
    talk.put_request("GET", "/")
    talk.connect()
    return talk


@pytest.fixture(scope="module")
def der() -> bytes:
    made = trustme.CA().issue_cert("lab.test", "127.0.0.1")
    return ssl.PEM_cert_to_DER_cert(made.cert_chain_pems[0].bytes().decode())


def test_connection_without_tls_says_so_in_one_line():
    assert tls_text(opened()) == (
        "This connection has no TLS: everybody on the way can read it, and change it"
    )


def test_connection_that_is_not_there_yet_promises_nothing():
    talk = Conversation()
    talk.put_request("GET", "/")

    assert tls_text(talk) == "Not connected so far: what TLS will be, nobody knows yet"


def test_session_and_certificate_are_shown(der):
    talk = opened()
    talk.secure(der)

    text = tls_text(talk)

    for words in (
        "asked for      lab.test",
        "version        TLSv1.3",
        "cipher         TLS_AES_256_GCM_SHA384",
        "ALPN           http/1.1",
        "handshake      0.060 ms",
        "verified       yes: the chain, the dates and the name",
        "names          lab.test, 127.0.0.1",
        "key            elliptic curve",
        "What stands above it in the chain is not recorded",
    ):
        assert words in text


@pytest.fixture(scope="module")
def hostile_der() -> bytes:
    """A certificate of its own making, with control characters wherever it names anybody."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOSTILE)])
    # The library takes ASCII alone here, which has the worst of it.
    hosts = x509.SubjectAlternativeName([x509.DNSName("\x1b]0;title\x07.test\r\n")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + timedelta(days=1))
    return made.add_extension(hosts, critical=False).sign(key, SHA256()).public_bytes(Encoding.DER)


def test_names_in_a_certificate_reach_no_terminal_as_control_characters(hostile_der):
    talk = opened()
    talk.secure(hostile_der, verified=False)

    text = tls_text(talk)

    assert "subject        commonName=␛]0;title␇‹U+202E›" in text
    assert "names          ␛]0;title␇.test␍␊" in text
    assert text.replace("\n", "").isprintable()


def test_certificate_that_was_not_verified_is_shown_as_a_claim(der):
    talk = opened()
    talk.secure(der, verified=False)

    text = tls_text(talk)

    assert "verified       no: anybody could be at the other end" in text
    assert "names          lab.test, 127.0.0.1" in text


def test_certificate_that_cannot_be_read_leaves_what_the_system_read():
    talk = opened()
    talk.secure(b"no certificate")

    text = tls_text(talk)

    assert "cannot be read Expected a certificate in DER" in text
    assert "issued by      commonName=Lab CA" in text


def test_handshake_that_failed_says_why():
    talk = opened()
    talk.refuse_tls(f"certificate verify failed {HOSTILE}")

    assert "handshake      failed: certificate verify failed ␛]0;title␇" in tls_text(talk)


def test_stream_that_was_cut_is_told():
    talk = opened()
    talk.secure()
    talk.end_of_stream(tls_truncated=True)

    assert "No certificate is recorded" in tls_text(talk)
    assert "without close_notify" in tls_text(talk)


# --- lint --------------------------------------------------------------------------------


@pytest.fixture
def without_httplint(monkeypatch):
    monkeypatch.setattr(lint_list, "httplint_is_installed", lambda: False)


def rows_of(view, width=100):
    moment = view.moment
    return lint_rows(moment.connection, moment.exchange, width, KEYS)


def test_diagnostics_are_shown_with_their_bytes(without_httplint):
    view = states.failed()

    rows = rows_of(view)

    assert text_of(row.line for row in rows) == (
        "workbench  1 finding; Enter goes to the bytes\n"
        "error    STATUS_LINE  raised · RFC 9112 section 4\n"
        "         Expected a status-line: b'SSH-2.0-OpenSSH_9.6'\n"
        "         received 0  SSH-2.0-OpenSSH_9.6\n"
        "\n"
        "httplint  is not installed: pip install 'http-workbench[lint]'"
    )
    event = view.recording.entries.event(rows[1].index)
    assert (event.code, rows[1].span) == (Code.STATUS_LINE, Span("received", 0, 19))
    assert {row.index for row in rows[1:4]} == {rows[1].index}


def test_exchange_without_fault_says_so(without_httplint):
    assert "workbench  nothing found" in text_of(row.line for row in rows_of(states.exchanged()))


def test_findings_are_bounded_and_visible(without_httplint):
    talk = Conversation()
    talk.put_request("GET", "/")
    for _ in range(MOST_FINDINGS + 2):
        talk.diagnostic(Code.VALUE_CTL, Span("sent", 0, 5), "RFC 9110 section 5.5", HOSTILE)

    rows = rows_of(states.view_of(talk, "x", StepperStatus("paused", 1)))

    assert "… 2 more in the event list" in text_of(row.line for row in rows)
    assert all(plain(row.line).isprintable() for row in rows)


def test_every_severity_has_a_look():
    assert set(lint_list._SEVERITIES) == set(Severity)


def test_httplint_that_fails_costs_nothing_else(monkeypatch):
    def fail(*_):
        raise RecursionError(HOSTILE)

    monkeypatch.setattr(lint_list, "httplint_is_installed", lambda: True)
    monkeypatch.setattr(lint_list, "httplint_notes", fail)

    rows = rows_of(states.failed())

    assert plain(rows[1].line).startswith("error    STATUS_LINE")
    assert plain(rows[-1].line) == "httplint  failed: RecursionError: ␛]0;title␇‹U+202E›"


@pytest.mark.parametrize("width", [30, 60, 100])
def test_note_of_httplint_fits_its_lines(monkeypatch, width):
    note = LintNote("response", "warning", "Caching", f"Something rather long about caches {HOSTILE}", 3)
    monkeypatch.setattr(lint_list, "httplint_is_installed", lambda: True)
    monkeypatch.setattr(lint_list, "httplint_notes", lambda *_: [note])

    rows = rows_of(states.exchanged(), width)[3:]

    assert " ".join(plain(row.line).strip() for row in rows).split() == (
        [
            "warning",
            "Something",
            "rather",
            "long",
            "about",
            "caches",
            "␛]0;title␇‹U+202E›",
            "response",
            "·",
            "Caching",
        ]
    )
    assert all(width_of(row.line) <= width and row.index == 3 for row in rows)


def notes_of(view):
    pytest.importorskip("httplint", reason="it comes with the extra `lint`")
    moment = view.moment
    return httplint_notes(moment.connection, moment.exchange)


def test_notes_of_httplint_are_linked_to_their_field_lines():
    view = states.gzipped_json()

    notes = notes_of(view)

    names = {}
    for note in notes:
        if note.index is None:
            continue  # about a field that is not there
        event = view.recording.entries.event(note.index)
        names.setdefault(getattr(event, "name", type(event).__name__), set()).add(note.summary)
    assert any("Content-Length" in summary for summary in names["Content-Length"])
    assert {note.message for note in notes} == {"request", "response"}
    assert {note.level for note in notes} <= set(lint_list._LEVELS)


@pytest.mark.parametrize(
    "view", [states.exchanged, states.chunked, states.failed, states.buffered, states.gzipped_json]
)
def test_httplint_can_be_asked_at_every_moment(view):
    pytest.importorskip("httplint", reason="it comes with the extra `lint`")
    whole = view()

    for index in range(whole.last_index + 1):
        moment = whole.recording.at(index)
        if moment.exchange is not None:
            rows = lint_rows(moment.connection, moment.exchange, 80, KEYS)
            assert "failed" not in text_of(row.line for row in rows)
            assert all(row.index is None or row.index <= index for row in rows)


def test_content_that_grows_is_not_given_to_httplint(monkeypatch):
    monkeypatch.setattr(notes_module, "MOST_LINTED", 100)  # less than what the gzip holds

    notes = notes_of(states.gzipped_json())

    summaries = {note.message: note.summary for note in notes if "Content-Length" in note.summary}
    assert set(summaries) == {"request"}


# --- all of them -------------------------------------------------------------------------


@pytest.mark.parametrize("tab", [tab for tab in MessageTab if tab is not MessageTab.TREE])
@pytest.mark.parametrize(
    "view",
    [states.start, states.buffered, states.exchanged, states.chunked, states.failed, states.gzipped_json],
)
def test_every_tab_can_be_drawn_in_every_state(view, tab, without_httplint):
    lines = TabText().lines(tab, view(), 60, KEYS)

    drawn = [plain(lines.source.line(row, 60)) for row in range(len(lines.source))]
    assert drawn
    assert all(row.isprintable() for row in drawn)


def test_lines_stay_the_same_for_as_long_as_the_exchange_does():
    text, view = TabText(), states.exchanged()

    lines = text.lines(MessageTab.CONTENT, view, 80, KEYS)

    assert text.lines(MessageTab.CONTENT, view, 80, KEYS) is lines
    assert text.lines(MessageTab.CONTENT, view, 60, KEYS) is not lines
    assert text.lines(MessageTab.CONTENT, states.chunked(), 80, KEYS) is not lines


def test_first_bytes_are_laid_out_once_while_more_come(monkeypatch):
    laid_out = []
    monkeypatch.setattr(
        "workbench.ui.presentation.content_text.ColouredText",
        lambda text, *_: laid_out.append(len(text)) or ColouredText(text, Kind.TEXT),
    )
    talk = Conversation()
    talk.put_request("GET", "/")
    talk.status_line(200, "OK")
    talk.field("Content-Type", "text/plain")
    talk.header_section()
    talk.receive(bytes(58) + b"words" * MOST_SHOWN)
    text = TabText()

    headings = []
    for _ in range(5):
        talk.content(MOST_SHOWN // 2)
        lines = text.lines(
            MessageTab.CONTENT, states.view_of(talk, "x", StepperStatus("running", 1)), 80, KEYS
        )
        headings.append(plain(lines.source.line(3, 80)))

    assert laid_out == [MOST_SHOWN // 2, MOST_SHOWN]
    assert len(set(headings)) == 5


def test_lines_know_their_entries():
    view = states.gzipped_json()
    text = TabText()
    events = view.recording.entries.event

    content = text.lines(MessageTab.CONTENT, view, 80, KEYS)
    timing = text.lines(MessageTab.TIMING, view, 80, KEYS)

    assert type(events(content.entry_at(3))).__name__ == "ContentParsed"
    assert [type(events(timing.entry_at(row))).__name__ for row in range(3)] == [
        "HostLookupFinished",
        "Connected",
        "BytesSent",
    ]
    assert timing.entry_at(99) is None
