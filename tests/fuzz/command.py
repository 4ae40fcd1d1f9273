"""Runs many cases in several processes, and says how the first that failed can be made again."""

import argparse
import multiprocessing
import random
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tests.fuzz.calls import CallSequence
from tests.fuzz.responses import BrokenResponse
from tests.fuzz.surroundings import surroundings

CASE_SECONDS = 60
"""A case takes milliseconds; one that takes so long waits for something that will never come."""


class Batch(NamedTuple):
    """Cases of one kind that one process runs."""

    kind: str
    seed: int
    numbers: range


class Result(NamedTuple):
    """What came of a batch."""

    kind: str
    count: int
    failures: list[str]


def make_case(kind: str, seed: int, number: int) -> BrokenResponse | CallSequence:
    """Make the case of a number.

    Args:
        kind: `response` or `calls`.
        seed: That of the run.
        number: From 0 on.
    """
    rng = random.Random(f"{seed}/{kind}/{number}")
    return BrokenResponse(rng) if kind == "response" else CallSequence(rng, surroundings())


def run_batch(batch: Batch) -> Result:
    """Run cases, each to its end or to its first failure."""
    failures = [
        failure
        for number in batch.numbers
        if (failure := _run_case(batch.kind, batch.seed, number)) is not None
    ]
    return Result(batch.kind, len(batch.numbers), failures)


def _run_case(kind: str, seed: int, number: int) -> str | None:
    case = make_case(kind, seed, number)
    signal.setitimer(signal.ITIMER_REAL, CASE_SECONDS)
    try:
        case.run()
    except Exception:  # noqa: BLE001 - anything at all is what is looked for
        option = "--responses" if kind == "response" else "--calls"
        other = "--calls 0" if kind == "response" else "--responses 0"
        again = f"python -m tests.fuzz --seed {seed} --first {number} {option} 1 {other}"
        return f"{traceback.format_exc()}\n{case.describe()}\n\nAgain: {again}\n"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def _give_up(*_: object) -> None:
    raise AssertionError(f"a case takes longer than {CASE_SECONDS} seconds")


def _prepare() -> None:
    """Set up a process of the run."""
    signal.signal(signal.SIGALRM, _give_up)
    # Programs that drop connections without closing them are a part of the test.
    warnings.simplefilter("ignore", ResourceWarning)


def _batches(kind: str, seed: int, first: int, count: int, size: int) -> Iterator[Batch]:
    for start in range(first, first + count, size):
        yield Batch(kind, seed, range(start, min(start + size, first + count)))


def _results(batches: list[Batch], jobs: int) -> Iterator[Result]:
    if jobs == 1:
        _prepare()
        yield from map(run_batch, batches)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, _prepare) as pool:
        yield from pool.imap_unordered(run_batch, batches)


def _parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000, metavar="N", help="broken responses")
    parser.add_argument("--calls", type=int, default=20_000, metavar="N", help="random call sequences")
    parser.add_argument("--seed", type=int, default=None, metavar="N", help="of an earlier run")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number to begin with")
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="processes (most of them wait)")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit code: 1 where a case failed.
    """
    options = _parse_arguments(arguments)
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    batches = [
        *_batches("response", seed, options.first, options.responses, 200),
        *_batches("calls", seed, options.first, options.calls, 50),
    ]
    _say(f"seed {seed}")
    started = time.monotonic()
    failures = _follow(_results(batches, options.jobs), options.responses + options.calls)
    seconds = time.monotonic() - started
    _say(
        f"{options.responses} responses under 3 policies and {options.calls} call sequences "
        f"in {seconds:.0f} seconds: {failures or 'none'} failed"
    )
    return 1 if failures else 0


def _follow(results: Iterable[Result], total: int) -> int:
    """Show how far the run is, and each failure when it comes; count the failures."""
    done = failures = 0
    show: Callable[[str], object] = sys.stderr.write if sys.stderr.isatty() else len
    for result in results:
        done += result.count
        for failure in result.failures:
            failures += 1
            _say(f"\nFAILED, {result.kind}:\n{failure}")
        show(f"\r{done} of {total}, {failures} failed ")
        sys.stderr.flush()
    show("\n")
    return failures


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
