"""A step in words, for people: in the log while a play waits, and in the list of scenarios."""

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
    ExpectHead: "read a request head",
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
        case Wait():
            return f"wait {step.seconds:g} s"
        case ExpectBytes():
            return f"read {step.count} bytes"
    return _FIXED[type(step)]


def show_bytes(data: bytes) -> str:
    """Quote the first of some bytes, in printable characters."""
    shown = ascii(data[:MAX_SHOWN_BYTES].decode("iso-8859-1"))
    return shown + ("…" if len(data) > MAX_SHOWN_BYTES else "")
