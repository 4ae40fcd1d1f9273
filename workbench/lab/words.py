"""A step in words, for people: in the log while a play waits, and in the list of scenarios."""

from workbench.lab.scenario import Promise
from workbench.lab.steps import (
    Close,
    Drip,
    ExpectBody,
    ExpectBytes,
    ExpectHead,
    HalfClose,
    NextConnection,
    Pause,
    Reset,
    Send,
    StartTls,
    Step,
    Wait,
    WaitForClose,
)

MAX_SHOWN_BYTES = 40

_FIXED: dict[type[Step], str] = {
    ExpectBody: "read the request's content",
    StartTls: "begin TLS",
    NextConnection: "(the next connection)",
    Pause: "pause until a key",
    WaitForClose: "wait until the client goes away",
    HalfClose: "close the sending direction",
    Close: "close",
    Reset: "reset the connection",
}


def describe_step(step: Step) -> str:
    """Say what a step does, in printable characters."""
    match step:
        case Send(size=int(size)):
            return f"send {size:,} bytes of {show_bytes(step.data)}"
        case Send():
            often = f" {step.times:,} times" if step.times > 1 else ""
            return f"send {len(step.data):,} bytes{often}: {show_bytes(step.data)}"
        case Drip():
            return f"drip {len(step.data):,} bytes, {step.size} at a time: {show_bytes(step.data)}"
        case ExpectHead():
            path = f" for {step.path}" if step.path else ""
            return f"read a request head{path}" + (f" with {step.field}" if step.field else "")
        case Wait():
            return f"wait {step.seconds:g} s"
        case ExpectBytes():
            return f"read {step.count} bytes"
    return _FIXED[type(step)]


def describe_promise(promise: Promise) -> str:
    """Say in a few words what a scenario comes to."""
    if promise.hangs:
        return "never ends"
    status = [] if promise.status is None else [str(promise.status)]
    if promise.exception is not None:
        return ", then ".join([*status, promise.exception])
    length = promise.content_length if promise.content is None else len(promise.content)
    return ", ".join([*status, *([] if length is None else [f"{length:,} bytes"])])


def show_bytes(data: bytes) -> str:
    """Quote the first of some bytes, in printable characters."""
    shown = ascii(data[:MAX_SHOWN_BYTES].decode("iso-8859-1"))
    return shown + ("…" if len(data) > MAX_SHOWN_BYTES else "")


def glyphs(data: bytes) -> str:
    """Write bytes of a client for a terminal: a glyph stands for each character that would be obeyed.

    As `session.visible`, which the lab does not know.
    """
    text = data.decode("utf-8", "backslashreplace")
    return text if text.isprintable() else "".join(map(_glyph, text))


def _glyph(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else f"‹U+{code:04X}›"
