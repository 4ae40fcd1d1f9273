"""What to do about an exception: now, to see it again, and so that it does not come again.

The words of an exception say what went wrong, and those of a diagnostic which bytes. What follows from
that is here, in one place for all: one entry for each class that a call can raise, and one for each
diagnostic. Classes are known by name, so that this module imports neither sockets nor TLS.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.protocol.wire.diagnostics import Code
from workbench.session.visible import visible


class Remedy(NamedTuple):
    """What to do about one class of exceptions. No sentence has a full stop at its end."""

    now: str
    """`{target}` is what was being talked to, `{host}` its name alone."""

    avoid: str
    scenario: str = ""
    """The scenario of the lab that trips it, the simplest there is."""

    again: str = ""
    """How to see it again where no scenario can show it."""

    unconnected: str = ""
    """In place of `now` where nothing was being talked to yet; without it what is known of the class above is said."""


class Fault(NamedTuple):
    """What to do about one diagnostic."""

    scenario: str
    """The scenario of the lab that shows it, the simplest there is."""

    avoid: str
    """What the sender of the bytes has to do: the server, or for `SENT_...` the script."""


REMEDIES: Mapping[str, Remedy] = {
    "gaierror": Remedy(
        "The name {host} could not be looked up. Check its spelling and the network",
        "Name an address, or a name that the machine can look up",
        again='Connect to a name that nobody has: HTTPConnection("name.invalid")',
    ),
    "ConnectionRefusedError": Remedy(
        "Nothing listens on {target}. Start the server, or correct the address in the script",
        "Start the server before the script, on the port that the script names",
        again="Connect to a port on which nothing listens",
    ),
    "SSLCertVerificationError": Remedy(
        "The certificate of {target} does not verify. Connect to the name that it was made for, and trust its "
        "authority with context=ssl.create_default_context(cafile=...), or --cafile of workbench send",
        "Give the server a certificate for its name, from an authority that the client trusts",
        "tls-untrusted",
    ),
    "SSLError": Remedy(
        "{target} did not complete the TLS handshake. Where the words above name an alert, the server refused what it "
        "was offered: another version of TLS, or no certificate of the client (context.load_cert_chain()). Else check "
        "that it speaks https there, not http",
        "Use HTTPSConnection for ports that speak TLS, and with the versions and certificates they ask for",
        "tls-to-plain-port",
        unconnected="Check the files of certificates and keys: each in PEM, and the key made for the certificate",
    ),
    "TimeoutError": Remedy(
        "{target} was silent for too long. Give HTTPConnection a longer timeout=, or the command a longer --timeout",
        "Have the server answer in time, or allow it more: timeout= bounds each silence, not the whole exchange",
        "stall-timeout",
    ),
    "ConnectionAbortedError": Remedy(
        "Something on this machine shut the connection down during the call. Make a new one",
        "Close a connection only when no call on it is going on",
        again="Abort a call that waits for the server",
    ),
    "ConnectionResetError": Remedy(
        "{target} cut the connection: what it had not sent yet is lost. Read what it was sent, and its own log",
        "Have the server read the whole request and close in an orderly way; be ready to repeat the request",
        "reset-before-head",
    ),
    "BrokenPipeError": Remedy(
        "{target} had closed the connection already. Make a new one",
        "Read the response, which says why the server closed, before more is sent",
        again="Send to a server that has closed, twice",
    ),
    "RemoteDisconnected": Remedy(
        "{target} closed the connection without an answer. A kept connection may be closed at any moment: send the "
        "request again on a new one. Else read what it was sent, and its own log",
        "Repeat a request that may be repeated on a new connection, as browsers do (RFC 9110 section 9.2.2)",
        "no-response",
    ),
    "TunnelError": Remedy(
        "The proxy {target} refused the tunnel. Its whole answer is that to the CONNECT, which counts as a connection of "
        "its own; check the proxy's address, what it wants to know, and which ports it lets through",
        "Give set_tunnel() the fields that the proxy asks for, such as Proxy-Authorization",
        "refused-tunnel",
    ),
    "ChunkError": Remedy(
        "What {target} sent as a chunk is not one. The last bytes received are where to look",
        "Have the server write each chunk as its size in hexadecimal, CRLF, that many bytes, CRLF",
        "bad-chunk-size",
    ),
    "UnknownTransferEncoding": Remedy(
        "{target} applied a transfer coding that cannot be undone, so the content cannot be read",
        "Have the server use chunked alone, and content codings for compression",
        "te-unknown",
    ),
    "FramingError": Remedy(
        "Where the message ends cannot be told, so the connection is of no further use. Correct the header fields "
        "that the server sends",
        "Have the server send one Content-Length of digits alone, or Transfer-Encoding: chunked",
        "cl-conflict",
    ),
    "InvalidHeaderLine": Remedy(
        "{target} sent a line that is no field line. Its bytes are above",
        "Have the server write each field as a name, a colon and a value, without control characters",
        "no-colon",
    ),
    "IncompleteHead": Remedy(
        "The connection ended inside the header section, so the message cannot be trusted",
        "Have the server finish the response before it closes; repeat the request on a new connection",
        "head-cut",
    ),
    "IncompleteRead": Remedy(
        "The connection ended before the content did. What came is in the attribute partial; whether it is of use, "
        "only the caller can say",
        "Have the server send as many bytes as it announced; ask for the rest with Range, or repeat the request",
        "truncated-body",
    ),
    "UnsolicitedResponse": Remedy(
        "{target} sent bytes that no request asked for, so no later answer can be trusted. Make a new connection",
        "Have the server send exactly what it announces, one response for each request",
        "stolen-answer",
    ),
    "UnexpectedUpgrade": Remedy(
        "{target} changed to another protocol without being asked",
        "Have the server send 101 only to requests with an Upgrade field",
        "unexpected-upgrade",
    ),
    "UnknownProtocol": Remedy(
        "{target} answered in a version of HTTP that is not 1.x",
        "Connect to a port that speaks HTTP/1.1",
        "unknown-protocol",
    ),
    "BadStatusLine": Remedy(
        "What {target} sent is not an HTTP response. Check that it speaks http there, not https",
        "Have the server begin each response with HTTP/1.1, a space, three digits and a space",
        "garbage-status-line",
    ),
    "LineTooLong": Remedy(
        "A line of the response is longer than any reader need accept",
        "Have the server send shorter lines, or allow longer ones: policy=DEFAULT.with_limits(...)",
        "long-field-line",
    ),
    "CannotSendRequest": Remedy(
        "A request is under way. endheaders() sends it, getresponse() has its answer; or give it up with close()",
        "Finish a request, and read its response to the end, before the next one; or use a second connection",
        "request-too-early",
    ),
    "CannotSendHeader": Remedy(
        "Call putrequest() first; header fields come before endheaders()",
        "Call putrequest(), then putheader(), then endheaders(), in this order",
        "header-too-early",
    ),
    "ResponseNotReady": Remedy(
        "Call endheaders() or request() first; a response that came before has to be read to its end",
        "Call getresponse() once for each request that was sent",
        "response-too-early",
    ),
    "NotConnected": Remedy(
        "Call connect() first: auto_open is off",
        "Leave auto_open as it is, or call connect() yourself",
        "no-auto-open",
    ),
    "ImproperConnectionState": Remedy(
        "The state of the connection does not allow this call: see the rail",
        "Make the calls in the order of the rail",
        "request-too-early",
    ),
    "UnreadableFileMode": Remedy(
        "Open the file for reading bytes: open(path, 'rb')",
        "Give a body as bytes, or as a file opened with 'rb'",
        "unreadable-file",
    ),
    "InvalidURL": Remedy(
        "Write the target without spaces and control characters, and the port as a number",
        "Quote what goes into a target with urllib.parse.quote",
        "target-with-space",
    ),
    "UnicodeEncodeError": Remedy(
        "Give bytes, or encode the text: value.encode('utf-8')",
        "Keep what is sent in bytes; a str is sent as ISO-8859-1",
        again='Send a letter that ISO-8859-1 lacks: conn.putheader("X-Name", "\\u0142")',
    ),
    "ValueError": Remedy(
        "Correct the argument of the call: nothing of it was sent",
        "Take control characters, spaces and colons out of names and values before they are sent",
        "request-splitting",
    ),
    "TypeError": Remedy(
        "Check the arguments of the call",
        "Give the arguments that the call takes; its signature stands above the call line",
        again="Call it without an argument that it needs",
    ),
    "HTTPException": Remedy(
        "What {target} sent is more than a reader need accept. Its bytes are above",
        "Have the server send less, or allow more: policy=DEFAULT.with_limits(...)",
        "many-fields",
    ),
    "OSError": Remedy(
        "Check the address in the script, the path, and the network",
        "Make sure that the file or the network is there before the call",
        again="Open a file that is not there",
    ),
}
"""By the name of the class. A class without an entry has that of the class it is derived from."""

SWITCHED = Remedy(
    "The connection to {target} speaks another protocol now, and read() waits until that has ended. "
    "read1() gives what is there",
    "Read with read1() behind 101 (Switching Protocols) and in a tunnel: only the other protocol knows where its messages end",
    again="Send CONNECT, or a request with Upgrade, to a server that accepts it and then is silent",
)
"""Of a `TimeoutError` on a connection that speaks another protocol: more time would not help."""

FAULTS: Mapping[str, Fault] = {
    Code.BARE_LF: Fault("bare-lf", "End every line with CR LF"),
    Code.BARE_CR: Fault("bare-cr-in-value", "Send no CR but before LF"),
    Code.LEADING_CRLF: Fault("leading-crlf", "Begin with the status line; send no CRLF after a body"),
    Code.LEADING_CRLF_REPEATED: Fault(
        "leading-crlf-repeated", "Begin with the status line; send no empty lines"
    ),
    Code.LEADING_WS: Fault("leading-space", "Begin with HTTP/1.1 at the first byte"),
    Code.STATUS_NO_SP: Fault(
        "status-no-space", "Put a space after the status code, also without a reason phrase"
    ),
    Code.STATUS_WS: Fault("status-spaces", "Put exactly one space between the parts of the status line"),
    Code.STATUS_LINE: Fault("status-line-broken", "Begin with a status line such as HTTP/1.1 200 OK"),
    Code.STATUS_CODE: Fault("garbage-status-line", "Give the status code as three digits, from 100 on"),
    Code.STATUS_SYNTAX: Fault("status-four-digits", "Give the status code as exactly three digits"),
    Code.STATUS_RANGE: Fault("status-799", "Use a status code from 100 to 599"),
    Code.VERSION_MINOR: Fault("version-minor", "Say HTTP/1.1, the highest there is of version 1"),
    Code.VERSION_SYNTAX: Fault("version-two-digits", "Write the version as HTTP/1.1, one digit each"),
    Code.VERSION_UNKNOWN: Fault("unknown-protocol", "Answer in HTTP/1.1, the version of the request"),
    Code.VERSION_CASE: Fault("version-lower-case", "Write HTTP in capitals"),
    Code.ICY: Fault("icy", "Begin with HTTP/1.1 in the place of ICY"),
    Code.HTTP09: Fault("http09", "Begin with a status line; is it an HTTP server at all?"),
    Code.HTTP09_LINE: Fault("http09-line", "Answer in HTTP/1.1: HTTP/0.9 has no status line"),
    Code.REASON_CTL: Fault("terminal-escapes", "Keep control characters out of the reason phrase"),
    Code.TRUNCATED_STATUS_LINE: Fault(
        "status-line-cut", "Send the whole response before the connection is closed"
    ),
    Code.WS_BEFORE_COLON: Fault("space-before-colon", "Put the colon right behind the field name"),
    Code.WS_BEFORE_COLON_FRAMING: Fault("te-space-before-colon", "Put the colon right behind the field name"),
    Code.NO_COLON: Fault("no-colon", "Give every line of the header section a colon"),
    Code.EMPTY_NAME: Fault("no-field-name", "Give every field a name before its colon"),
    Code.NAME_TOKEN: Fault("field-name-space", "Make field names of letters, digits and hyphens"),
    Code.NAME_DELIMITER: Fault("field-name-delimiter", "Make field names of letters, digits and hyphens"),
    Code.OBS_FOLD: Fault("obs-fold", "Write each field on one line"),
    Code.WS_FIRST_LINE: Fault("fold-first", "Begin the first field line with its name"),
    Code.NUL: Fault("nul-in-value", "Keep NUL out of field values"),
    Code.VALUE_CTL: Fault("terminal-escapes", "Keep control characters out of field values"),
    Code.OBS_TEXT: Fault("strict-remarks", "Keep field values in ASCII; encode what is not"),
    Code.TRUNCATED_HEAD: Fault("head-cut", "Send the whole header section before the connection is closed"),
    Code.DUP_SINGLETON: Fault("two-content-types", "Send this field once"),
    Code.CL_DUP: Fault("cl-twice", "Send Content-Length once"),
    Code.CL_CONFLICT: Fault("cl-conflict", "Send Content-Length once, with the length of the body"),
    Code.CL_LIST: Fault("cl-list", "Send Content-Length once, with one number"),
    Code.CL_SYNTAX: Fault("cl-negative", "Give Content-Length as decimal digits alone"),
    Code.CL_NUMERAL: Fault("cl-plus", "Give Content-Length as decimal digits alone"),
    Code.CL_TE: Fault("cl-te-conflict", "Send Content-Length or Transfer-Encoding, never both"),
    Code.CL_FORBIDDEN: Fault("no-content-204-framed", "Send no Content-Length with 1xx and 204"),
    Code.CHUNKED_NOT_FINAL: Fault("te-chunked-gzip", "Apply chunked last"),
    Code.CHUNKED_TWICE: Fault("te-chunked-twice", "Apply chunked once"),
    Code.TE_IDENTITY: Fault("te-identity", "Leave Transfer-Encoding out where nothing is applied"),
    Code.TE_UNKNOWN: Fault("te-unknown", "Use chunked, gzip or deflate as transfer codings, chunked last"),
    Code.TE_SYNTAX: Fault("te-syntax", "Write Transfer-Encoding as names with commas between them"),
    Code.TE_CORRUPT: Fault("te-corrupt", "Send the bytes of the coding that Transfer-Encoding names"),
    Code.EMPTY_LIST_MEMBER: Fault("te-empty-member", "Put something between the commas of a list"),
    Code.TE_HTTP10: Fault("te-http10", "Answer in HTTP/1.1 where Transfer-Encoding is used"),
    Code.TE_FORBIDDEN: Fault("no-content-204-framed", "Send no Transfer-Encoding with 1xx and 204"),
    Code.CLOSE_DELIMITED: Fault(
        "strict-remarks", "Send Content-Length or chunked, so that a cut can be told"
    ),
    Code.RESET_CONTENT_UNFRAMED: Fault("reset-content-wrong", "Send Content-Length: 0 with 205"),
    Code.RESET_CONTENT_BODY: Fault("reset-content-wrong", "Send no content with 205"),
    Code.INTERIM_FRAMING: Fault("interim-framing", "Leave framing to the final response"),
    Code.UNEXPECTED_UPGRADE: Fault("unexpected-upgrade", "Send 101 only to requests with an Upgrade field"),
    Code.CHUNK_SIZE: Fault("bad-chunk-size", "Write the size of a chunk in hexadecimal digits alone"),
    Code.CHUNK_WS: Fault("chunk-size-space", "Put nothing between the size of a chunk and its CRLF"),
    Code.BWS: Fault("strict-remarks", "Put no whitespace into chunk extensions"),
    Code.CHUNK_LF: Fault("chunk-ext-lf", "End the line of the chunk size with CR LF"),
    Code.CHUNK_BARE_CR: Fault("chunk-ext-cr", "Keep CR out of chunk extensions"),
    Code.CHUNK_END: Fault(
        "chunk-end-missing", "Put CR LF behind the data of a chunk, and count its bytes right"
    ),
    Code.CHUNK_END_LF: Fault("chunk-end-lf", "Put CR LF behind the data of a chunk"),
    Code.TRAILER_SYNTAX: Fault(
        "trailers-malformed", "Write trailer fields as all fields: name, colon, value"
    ),
    Code.TRAILER_FORBIDDEN: Fault(
        "trailers-forbidden", "Send fields that frame or route in the header section"
    ),
    Code.TRAILER_UNTERMINATED: Fault("trailers-cut", "Send the empty line that ends the trailer section"),
    Code.BODY_TRUNCATED: Fault("truncated-body", "Send as many bytes as Content-Length says"),
    Code.CHUNKED_TRUNCATED: Fault("truncated-chunk", "Send the last chunk, of size 0, before closing"),
    Code.TLS_TRUNCATION: Fault("tls-truncation", "Close TLS with close_notify"),
    Code.TLS_UNVERIFIED: Fault("tls-unverified", "Verify certificates: trust their authority with cafile="),
    Code.EXCESS_DATA: Fault("strict-excess", "Send no more than the framing says"),
    Code.UNSOLICITED_RESPONSE: Fault("stolen-answer", "Send one response for each request"),
    Code.EARLY_RESPONSE: Fault(
        "continue-refused", "Send less, or Expect: 100-continue, and see whether it is wanted"
    ),
    Code.EXPECTATION_FAILED: Fault("expectation-failed", "Repeat the request without Expect"),
    Code.METHOD_TOKEN: Fault("method-not-a-token", "Make the method of letters"),
    Code.FRAGMENT: Fault("fragment", "Cut the target at its #: a fragment is for the client alone"),
    Code.USERINFO: Fault("userinfo", "Send credentials in Authorization, not in the target"),
    Code.SENT_NAME: Fault("sent-name-colon", "Make field names of letters, digits and hyphens"),
    Code.SENT_NAME_TOKEN: Fault("sent-name-space", "Make field names of letters, digits and hyphens"),
    Code.SENT_VALUE: Fault("request-splitting", "Take CR, LF and NUL out of values before they are sent"),
    Code.SENT_OBS_FOLD: Fault("sent-fold", "Send each field on one line"),
    Code.SENT_CL_TE: Fault("sent-cl-te", "Give Content-Length or Transfer-Encoding, never both"),
    Code.SENT_CL_MISMATCH: Fault("early-response", "Give the length of the body that is sent, or none"),
    Code.SENT_TE_NOT_CHUNKED: Fault("sent-te-gzip", "Apply chunked last"),
    Code.SENT_TE_HTTP10: Fault("sent-te-http10", "Use Transfer-Encoding with HTTP/1.1 alone"),
    Code.SENT_RAW: Fault("send-anything", "Call putrequest() first; policy=LENIENT sends bytes as they are"),
}
"""Every diagnostic that there is, by its code."""


def remedy_for(lineage: Sequence[str], *, switched: bool = False) -> Remedy | None:
    """Find what to do about an exception.

    Args:
        lineage: The names of its class and of those that it is derived from, the closest first.
        switched: The connection speaks another protocol.
    """
    if switched and "TimeoutError" in lineage:
        return SWITCHED
    return next((REMEDIES[name] for name in lineage if name in REMEDIES), None)


def words_now(lineage: Sequence[str], target: str, *, switched: bool = False) -> str:
    """Say what to do now.

    Args:
        lineage: As for `remedy_for`.
        target: What was being talked to, such as `localhost port 80`; empty when nothing was.
        switched: As for `remedy_for`.

    Returns:
        A sentence without its full stop, as visible text; empty where nothing is known, and where it
        would have to name what was talked to.
    """
    for name in lineage:
        remedy = SWITCHED if switched and name == "TimeoutError" else REMEDIES.get(name)
        words = "" if remedy is None else remedy.now if target else remedy.unconnected or remedy.now
        if words and (target or "{" not in words):
            return words.format(target=visible(target), host=visible(target.partition(" ")[0]))
    return ""
