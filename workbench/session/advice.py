"""What to do when a call has raised: one sentence for each class of exception.

The words of an exception say what went wrong; this says the way out. Classes are known by name,
the closest in the lineage first, so that this module imports neither sockets nor TLS.
"""

from workbench.protocol import describe_error
from workbench.protocol.tap import ErrorFact
from workbench.session.visible import visible

_ADVICE = {
    "gaierror": "The name {host} could not be looked up. Check its spelling and the network",
    "ConnectionRefusedError": "Nothing listens on {target}. Start the server, or correct the address in the script",
    "SSLCertVerificationError": (
        "The certificate of {target} does not verify. Connect to the name that it was made for, and trust its "
        "authority with context=ssl.create_default_context(cafile=...)"
    ),
    "SSLError": "{target} did not complete the TLS handshake. Check that it speaks https there, not http",
    "TimeoutError": (
        "{target} was silent for too long. Give HTTPConnection a longer timeout=, or workbench run a longer --timeout"
    ),
    "ConnectionResetError": "{target} cut the connection. Read what it was sent, and its own log",
    "BrokenPipeError": "{target} had closed the connection already. Make a new one",
    "RemoteDisconnected": "{target} closed the connection without an answer. Read what it was sent, and its own log",
    "TunnelError": "The proxy {target} refused the tunnel. Check its address and what it wants to know",
    "ChunkError": "What {target} sent as a chunk is not one. The last bytes received are where to look",
    "FramingError": "The length of the content cannot be known. Correct the header fields that the server sends",
    "InvalidHeaderLine": "{target} sent a line that is no field line. Its bytes are above",
    "IncompleteRead": "The connection ended before the content did. What came is in the attribute partial",
    "BadStatusLine": "What {target} sent is not an HTTP response. Check that it speaks http there, not https",
    "LineTooLong": "A line of the response is longer than any reader need accept",
    "UnknownProtocol": "{target} answered in a version of HTTP that is not 1.x",
    "CannotSendRequest": "A request is under way. Call getresponse() for it, or close()",
    "CannotSendHeader": "Call putrequest() first; header fields come before endheaders()",
    "ResponseNotReady": "Call endheaders() or request() first, and read() the response before to its end",
    "NotConnected": "Call connect() first: auto_open is off",
    "InvalidURL": "Write the target without spaces and control characters, and the port as a number",
    "HTTPException": "What {target} sent is more than a reader need accept. Its bytes are above",
    "OSError": "Check the address in the script, the path, and the network",
    "UnicodeEncodeError": "Give bytes, or encode the text: value.encode('utf-8')",
    "TypeError": "Check the arguments of the call",
}


def advise(error: BaseException, target: str) -> str:
    """Say what to do about an exception.

    Args:
        error: What a call raised.
        target: What was being talked to, such as `localhost port 80`; empty when nothing was.

    Returns:
        A sentence without its full stop, as visible text; empty when there is none for the class.
    """
    for name in describe_error(error).lineage if isinstance(error, Exception) else ():
        words = _ADVICE.get(name, "")
        if words and (target or "{" not in words):
            return words.format(target=visible(target), host=visible(target.partition(" ")[0]))
    return ""


def summarise(fact: ErrorFact) -> str:
    """Name an exception and say its words, as visible text."""
    return visible(f"{fact.class_name}: {fact.message}" if fact.message else fact.class_name)
