"""`workbench send`: one request, as exactly as its options say, without writing a script.

It writes the script that makes the request, and runs that: `--script` prints it instead.
"""

import argparse
import sys
from typing import TYPE_CHECKING

from workbench.cli.arguments import seconds
from workbench.cli.command import Command, UsageError
from workbench.cli.defaults import load_defaults
from workbench.cli.printing import print_pieces, print_raw
from workbench.cli.recordings import Recorded, run_to_recording
from workbench.cli.run import add_output_arguments, report_run, run_text
from workbench.cli.send_plan import body_of, plan_from
from workbench.cli.sources import parse
from workbench.endings import ExitCode, ended_by_sigterm

if TYPE_CHECKING:
    from workbench.session.exchange_moment import ResponseMoment

PIECE_BYTES = 1 << 20

FIRST_ERROR = 400
"""The status codes from which on a client or a server is at fault (RFC 9110 section 15)."""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("method", metavar="METHOD", help="GET, POST, or any other token")
    parser.add_argument("url", metavar="URL", help="an http or https address")
    _add_request_arguments(parser.add_argument_group("the request"))
    _add_connection_arguments(parser.add_argument_group("the connection"))
    _add_printing_arguments(parser)


def _add_request_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-H",
        "--header",
        metavar="'NAME: VALUE'",
        action="append",
        default=[],
        help="a field line; can be given again, also with the same name; Host and Accept-Encoding replace the automatic ones",
    )
    group.add_argument("--skip-host", action="store_true", help="send no Host")
    group.add_argument("--skip-accept-encoding", action="store_true", help="send no Accept-Encoding")
    bodies = group.add_mutually_exclusive_group()
    bodies.add_argument("-d", "--data", metavar="TEXT", help="the content, sent as UTF-8")
    bodies.add_argument("--body", metavar="FILE", help="the file with the content; - for standard input")
    group.add_argument("--chunked", action="store_true", help="send the content in chunks")
    group.add_argument(
        "--target", metavar="TEXT", help="the request-target, exactly, in place of path and query"
    )
    group.add_argument("--http-version", choices=["1.0", "1.1"], default="1.1", help="(default: %(default)s)")


def _add_connection_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--proxy", metavar="HOST:PORT", help="ask this proxy for a tunnel")
    group.add_argument(
        "--proxy-header",
        metavar="'NAME: VALUE'",
        action="append",
        default=[],
        help="a field line for the proxy alone; can be given again",
    )
    group.add_argument("--cafile", metavar="FILE", help="a PEM file of the authorities to trust")
    group.add_argument(
        "--cert", metavar="FILE", help="a PEM file with the client's certificate, and perhaps its key"
    )
    group.add_argument("--key", metavar="FILE", help="a PEM file with the client's private key")
    group.add_argument("--insecure", action="store_true", help="do not check who the server is")
    group.add_argument("--timeout", metavar="SECONDS", type=seconds, help="how long the server may be silent")
    group.add_argument(
        "--expect-timeout",
        metavar="SECONDS",
        type=seconds,
        help="how long the content waits for 100 (Continue) where -H 'Expect: 100-continue' is given (default: that of "
        "the policy: strict waits a second, the others do not)",
    )
    group.add_argument(
        "--policy",
        choices=["strict", "default", "lenient"],
        help="what to do about bytes that the RFCs forbid (default: that of the settings)",
    )


def _add_printing_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--content",
        action="store_true",
        help="print the content of the response alone, its codings taken off",
    )
    parser.add_argument(
        "--raw",
        action="store_true",
        help="print every byte that was received, and nothing else: exactly to a pipe or a file, as visible text to a "
        "terminal; with --content, the content with its codings on",
    )
    parser.add_argument(
        "--script", action="store_true", help="print the script that would be run, and send nothing"
    )
    parser.add_argument("--fail", action="store_true", help="end with 1 where the status is 400 or above")
    add_output_arguments(parser)


_PRINTED_INSTEAD = {
    "script": ("content", "raw", "fail", "json", "save", "exchange", "redact"),
    "content": ("json", "exchange", "redact"),
    "raw": ("json", "exchange", "redact"),
}
"""What would have no effect beside each of these: it says what is printed, and nothing else is."""


def _run(options: argparse.Namespace) -> int:
    from workbench.session.plan_script import script_of

    _refuse_contradictions(options)
    with body_of(options) as body:
        source = script_of(plan_from(options, body))
        if options.script:
            print_pieces([source.encode()], ".py", plain=options.plain)
            return ExitCode.SUCCEEDED
        with ended_by_sigterm():
            return _send(source, options)


def _refuse_contradictions(options: argparse.Namespace) -> None:
    for name, without_effect in _PRINTED_INSTEAD.items():
        for other in without_effect:
            if getattr(options, name) and getattr(options, other):
                raise UsageError(f"--{other} has no effect beside --{name}", "Leave one of them out")


def _send(source: str, options: argparse.Namespace) -> int:
    script = parse(source, "<send>")
    defaults = load_defaults(COMMAND.title, options.timeout)
    told_at_the_end = (options.json, options.save, options.content, options.raw, options.fail)
    if not any((*told_at_the_end, options.exchange, options.redact)):
        return run_text(script, defaults, COMMAND.title, plain=options.plain)
    recorded = run_to_recording(script, defaults, COMMAND.title, options.save)
    response = _response_of(recorded)
    if options.content:
        _print_content(response, coded=options.raw)
    elif options.raw:
        _print_received(recorded)
    else:
        report_run(recorded, options, COMMAND.title)
    return _code(recorded, response, fail=options.fail)


def _response_of(recorded: Recorded) -> "ResponseMoment | None":
    from workbench.session.plan import asked_exchanges, whole_exchange

    asked = asked_exchanges(recorded.recording)
    return whole_exchange(recorded.recording, asked[-1])[1].response if asked else None


def _print_content(response: "ResponseMoment | None", *, coded: bool) -> None:
    """Print the content of the response, which may be cut short."""
    from workbench.export.message import received_content

    if response is None:
        return
    carried = None if coded else received_content(response)
    if carried is None:
        length = response.content_length
        print_raw(response.content(at, min(at + PIECE_BYTES, length)) for at in range(0, length, PIECE_BYTES))
        return
    print_raw([carried.decoded.data])
    if not carried.decoded.whole and carried.complete:
        from workbench.session.headless import complain

        reason = carried.decoded.fault or carried.decoded.obstacle or "there is more than is taken off"
        complain(sys.stderr, COMMAND.title, f"the coding of the content could not be taken off: {reason}")


def _print_received(recorded: Recorded) -> None:
    connection = recorded.recording.at().connection
    if connection is not None:
        length = connection.received_length
        print_raw(
            connection.bytes("received", at, min(at + PIECE_BYTES, length))
            for at in range(0, length, PIECE_BYTES)
        )


def _code(recorded: Recorded, response: "ResponseMoment | None", *, fail: bool) -> ExitCode:
    line = response.status_line if response else None
    if (
        fail
        and recorded.code is ExitCode.SUCCEEDED
        and line is not None
        and line.event.status_code >= FIRST_ERROR
    ):
        return ExitCode.RAISED
    return recorded.code


COMMAND = Command(
    name="send",
    usage="METHOD URL",
    summary="send one request and print every step",
    description="Send one request, and print every step of it and what came back.",
    epilog="Only what stands here is sent: no User-Agent, no Accept, no Content-Type of the program's own. It adds Host, "
    "Accept-Encoding: identity, and the field that says how long the content is.",
    add_arguments=_add_arguments,
    run=_run,
)
