"""From a plan to the calls that carry it out, in the script language, which is Python.

Names and values become literals, so that nothing in a plan, wherever it comes from, can become code.
"""

from collections.abc import Iterator

from workbench.session.plan import RequestPlan, split_chunks

LITERAL_ROW = 2048
"""Bytes of content in one literal of a line."""


DEFAULT_VERSION = "HTTP/1.1"
"""What a connection speaks that was told nothing."""


class CannotWriteCalls(ValueError):  # noqa: N818 - an answer to what was asked for
    """The request is none that calls can make; the message says why."""


def script_of(plan: RequestPlan) -> str:
    """Write the script that makes a request and reads its answer, one call a line.

    Args:
        plan: What is to be sent.

    Raises:
        CannotWriteCalls: The bytes of the request are none that calls give.
    """
    if plan.raw is not None:
        raise CannotWriteCalls(
            "Expected a request of a request-line, field lines and content, as calls make one; "
            "these bytes were sent with send() alone"
        )
    lines = [*import_lines(plan), *connection_lines(plan, ""), *request_lines(plan)]
    return "\n".join([*lines, "r1 = conn.getresponse()", "r1.read()"]) + "\n"


def connection_class(plan: RequestPlan) -> str:
    """Give the name of the class of its connection."""
    return "HTTPSConnection" if plan.scheme == "https" else "HTTPConnection"


def import_lines(plan: RequestPlan) -> Iterator[str]:
    """Yield the imports of a script for Workbench."""
    if needs_context(plan):
        yield "import ssl"
    name = connection_class(plan)
    if plan.policy:
        yield f"from workbench.protocol import {plan.policy}, {name}"
    elif plan.expect_timeout_seconds is not None:
        yield f"from workbench.protocol import {name}"
    else:
        yield f"from http.client import {name}"


def needs_context(plan: RequestPlan) -> bool:
    """Say whether TLS is to be other than it is by itself."""
    tls = plan.tls
    return plan.scheme == "https" and (tls.cafile is not None or not tls.verified)


def connection_lines(plan: RequestPlan, module: str) -> Iterator[str]:
    """Yield the calls that make the connection.

    Args:
        plan: What is to be sent.
        module: What stands before the name of the class: `http.client.`, or nothing.
    """
    host, port = (plan.proxy.host, plan.proxy.port) if plan.proxy else (plan.host, plan.port)
    arguments = [repr_text(host), str(port)]
    if needs_context(plan):
        yield from context_lines(plan)
        arguments.append("context=context")
    if plan.scheme == "https" and plan.tls.cert_file:
        arguments.append(f"cert_file={repr_text(plan.tls.cert_file)}")
        if plan.tls.key_file:
            arguments.append(f"key_file={repr_text(plan.tls.key_file)}")
    if plan.timeout_seconds is not None:
        arguments.append(f"timeout={plan.timeout_seconds:g}")
    if plan.policy:
        arguments.append(f"policy={plan.policy}")
    if plan.expect_timeout_seconds is not None:
        arguments.append(f"expect_timeout={plan.expect_timeout_seconds:g}")
    yield f"conn = {module}{connection_class(plan)}({', '.join(arguments)})"
    if plan.proxy:
        yield tunnel_line(plan)
    yield from version_lines(plan)


def context_lines(plan: RequestPlan) -> Iterator[str]:
    """Yield what makes the TLS context."""
    cafile = f"cafile={repr_text(plan.tls.cafile)}" if plan.tls.cafile else ""
    yield f"context = ssl.create_default_context({cafile})"
    if not plan.tls.verified:
        # In this order: without a certificate there is no name to check.
        yield "context.check_hostname = False"
        yield "context.verify_mode = ssl.CERT_NONE"


def tunnel_line(plan: RequestPlan) -> str:
    """Give the call that has the connection ask its proxy for a tunnel."""
    assert plan.proxy is not None
    arguments = [repr_text(plan.host), str(plan.port)]
    if plan.proxy.fields:
        members = ", ".join(f"{repr_text(n)}: {repr_text(v)}" for n, v in plan.proxy.fields)
        arguments.append(f"headers={{{members}}}")
    return f"conn.set_tunnel({', '.join(arguments)})"


def version_lines(plan: RequestPlan, before: str = DEFAULT_VERSION) -> Iterator[str]:
    """Yield what makes the connection speak another version. `http.client` has no documented way to it.

    Args:
        plan: The request that is next.
        before: The version that the connection speaks so far.
    """
    if plan.http_version == before:
        return
    if "HTTP/1.0" in (plan.http_version, before):
        yield f"conn._http_vsn = {10 if plan.http_version == 'HTTP/1.0' else 11}"
    yield f"conn._http_vsn_str = {repr_text(plan.http_version)}"


def request_lines(plan: RequestPlan) -> Iterator[str]:
    """Yield the calls that make the request."""
    arguments = [repr_text(plan.method), repr_text(plan.target)]
    if plan.http_version != "HTTP/1.0":
        arguments += [] if plan.host_field else ["skip_host=True"]
        arguments += [] if plan.accept_encoding_field else ["skip_accept_encoding=True"]
    yield f"conn.putrequest({', '.join(arguments)})"
    for name, value in plan.fields:
        yield f"conn.putheader({repr_text(name)}, {repr_value(value)})"
    yield from _ending_lines(plan)


def _ending_lines(plan: RequestPlan) -> Iterator[str]:
    """Yield the calls from the end of the header section on."""
    if plan.content_file is not None:
        yield f'content = open({repr_text(plan.content_file)}, "rb")'
        yield f"conn.endheaders(content{', encode_chunked=True' if plan.chunks is not None else ''})"
        return
    if plan.chunks is not None:
        pieces = split_chunks(plan.content or b"", plan.chunks)
        literals = ", ".join(repr_bytes(piece) for piece in pieces)
        yield f"conn.endheaders([{literals}], encode_chunked=True)"
        return
    content = plan.content or b""
    if len(content) <= LITERAL_ROW:
        yield f"conn.endheaders({repr_bytes(content) if content else ''})"
        return
    yield "conn.endheaders()"
    for start in range(0, len(content), LITERAL_ROW):
        yield f"conn.send({repr_bytes(content[start : start + LITERAL_ROW])})"


def repr_text(text: str) -> str:
    """Write text as a literal in double quotes, as scripts have it, where that needs no escapes."""
    literal = ascii(text)
    return literal if '"' in literal or "\\" in literal else f'"{literal[1:-1]}"'


def repr_value(value: str) -> str:
    """Write the value of a field: text of ASCII, or bytes, which are sent as they are."""
    return repr_text(value) if value.isascii() else repr_bytes(value.encode("latin-1", "replace"))


def repr_bytes(data: bytes) -> str:
    """Write bytes as a literal."""
    literal = repr(data)
    return literal if '"' in literal or "\\" in literal else f'b"{literal[2:-1]}"'
