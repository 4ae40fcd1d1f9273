"""What a connection may be given: what cannot be meant is refused before anybody is called.

Else it would be found out in the middle of a request, or never: a time that is no number is not compared with
anything before the first wait, and a negative number of bytes is passed by the first one that comes.
"""

from typing import Any, SupportsIndex

from workbench.protocol.limits import LONGEST_POLL
from workbench.protocol.policy import Policy
from workbench.protocol.transport import GLOBAL_DEFAULT_TIMEOUT

_MOST_SECONDS = LONGEST_POLL // 1000
"""What `poll` can wait for. `socket.settimeout` may take more; the kernel then waits for some other time."""


def check_old_arguments(
    host: object,
    port: object,
    timeout: object,
    source_address: object,
    blocksize: object,
    max_response_headers: object,
) -> None:
    """Refuse what a connection of http.client would take, and fail with later.

    Raises:
        TypeError: One is of a wrong type.
        ValueError: A number is out of range, or is none.
    """
    if not isinstance(host, str):
        raise TypeError(f"Expected host to be a str, got {_shown(host)}")
    if type(port) is not int and port is not None and not isinstance(port, str | SupportsIndex):
        raise TypeError(f"Expected port to be a number or its digits, got {_shown(port)}")
    if timeout is not GLOBAL_DEFAULT_TIMEOUT and timeout is not None:
        _check_seconds("timeout", timeout)
    # As for `socket.create_connection`, what is empty says nothing.
    if source_address and not isinstance(source_address, tuple):
        raise TypeError(
            f"Expected source_address to be a tuple of host and port, got {_shown(source_address)}"
        )
    if type(blocksize) is not int or blocksize < 1:
        _check_count("blocksize", blocksize, 1)
    if max_response_headers is not None:
        _check_count("max_response_headers", max_response_headers, 0)


def check_own_arguments(
    tap: object, policy: object, expect_timeout: object, deadline: object, byte_budget: object
) -> None:
    """Refuse what http.client does not have, and means nothing here.

    Raises:
        TypeError: One is of a wrong type.
        ValueError: A number is out of range, or is none.
    """
    if tap is not None and not callable(tap):
        raise TypeError(f"Expected tap to be something that can be called, got {_shown(tap)}")
    if policy is not None and not isinstance(policy, Policy):
        raise TypeError(f"Expected policy to be a Policy, such as STRICT, got {_shown(policy)}")
    if expect_timeout is not None:
        _check_seconds("expect_timeout", expect_timeout)
    if deadline is not None:
        _check_seconds("deadline", deadline)
    if byte_budget is not None:
        _check_count("byte_budget", byte_budget, 0)


def _check_seconds(name: str, value: Any) -> None:
    """Refuse what is no number of seconds that a socket can wait.

    Raises:
        TypeError: It is none of the types that `socket.settimeout` takes.
        ValueError: It is negative, too large, or NaN.
    """
    # What is an int or a float is found out at once; whether something can be made one takes long.
    if not isinstance(value, (int, float)) and not isinstance(value, SupportsIndex):
        raise TypeError(f"Expected {name} to be a number of seconds, got {_shown(value)}")
    seconds = value if isinstance(value, float) else value.__index__()
    # Of NaN nothing is true.
    if not 0 <= seconds <= _MOST_SECONDS:
        raise ValueError(f"Expected {name} to be from 0 to {_MOST_SECONDS} seconds, got {_shown(value)}")


def _check_count(name: str, value: Any, least: int) -> None:
    """Refuse what is no whole number from `least` on.

    Raises:
        TypeError: It is no whole number.
        ValueError: It is less.
    """
    if not isinstance(value, SupportsIndex):
        raise TypeError(f"Expected {name} to be a whole number, got {_shown(value)}")
    if value.__index__() < least:
        raise ValueError(f"Expected {name} to be {least} or more, got {_shown(value)}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
