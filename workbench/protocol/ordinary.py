"""Which requests go as nearly all do, as far as what `request` is given says it, and through which methods they go."""

from typing import Any

from workbench.protocol.body import FRAMING_FIELDS
from workbench.protocol.holding import HoldingReporter
from workbench.protocol.late import format_arguments
from workbench.protocol.whole_calls import MOST

_OWN_FIELDS = FRAMING_FIELDS | {"host", "accept-encoding", "expect"}
"""Those that a request has without the program's doing, or that make it go another way."""

STEPS = frozenset((
    "request", "putrequest", "putheader", "endheaders", "_send_output", "_output", "_encode_request", "_validate_method",
    "_validate_path", "_prepare_target", "_get_content_length", "_announce", "_http_vsn_str",
))  # fmt: skip
"""What makes a request, as far as programs put something else in its place, in classes of their own or in one object."""


def hold_arguments(reporter: HoldingReporter, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Give the arguments of an ordinary request to what may hold it; False where it is none.

    Args:
        reporter: What may hold it.
        args: What `request` is given by place.
        kwargs: What it is given by name.
    """
    body = headers = None
    count = len(args)
    if count == 2 and not kwargs:
        method, url = args
    elif count == 3 and not kwargs:
        method, url, body = args
    else:
        try:
            method, url, body, headers = _arguments(*args, **kwargs)
        except TypeError:
            return False
    if type(method) is not str or type(url) is not str or not url or url[0] != "/" or "#" in url:
        return False
    if body is not None and (type(body) is not bytes or len(body) > MOST):
        return False
    if headers is not None and not _are_ordinary(headers):
        return False
    reporter.body = body
    # The words for them can wait: what is large in them is noted anyway.
    reporter.arguments, reporter.names, reporter.field_count = args, (), 0
    if headers is not None:
        # Not for these, which the program may change.
        reporter.arguments, reporter.field_count = format_arguments(args, kwargs), len(headers)
    elif kwargs:
        reporter.arguments, reporter.names = (*args, *kwargs.values()), tuple(kwargs)
    return True


def _arguments(method: Any, url: Any, body: Any = None, headers: Any = None) -> tuple[Any, ...]:
    return method, url, body, headers


def _are_ordinary(headers: Any) -> bool:
    """Whether these are fields that are put as they are given, behind the automatic ones."""
    if type(headers) is not dict or not {*map(type, headers), *map(type, headers.values())} <= {str}:
        return False
    return _OWN_FIELDS.isdisjoint(map(str.lower, headers))
