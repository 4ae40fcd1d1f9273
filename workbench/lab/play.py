"""Playing a scenario's steps on one connection. What each step means in actions is here."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from workbench.lab.channel import SEND_SIZE, Channel
from workbench.lab.hand import Hand
from workbench.lab.request_reader import PeerClosed, RequestHead, RequestReader, UnreadableRequest
from workbench.lab.scenario import WHILE_OPEN, Scenario
from workbench.lab.steps import (
    FILLINGS,
    Close,
    Drip,
    ExpectBody,
    ExpectBytes,
    ExpectHead,
    HalfClose,
    Pause,
    Reset,
    Send,
    StartTls,
    Step,
    Wait,
    WaitForClose,
)
from workbench.lab.target import Visit, path_of
from workbench.lab.words import describe_step, show_bytes

EXPECTING = (ExpectHead, ExpectBody, ExpectBytes, WaitForClose)
"""Steps that wait for the client. They need no permit when the scenario is played by hand."""

_FILLING = re.compile(b"|".join(rb"\{%s\}" % name.encode() for name in FILLINGS))


class Play:
    """One connection's run through a scenario.

    Args:
        scenario: What to play.
        channel: Where to play it.
        resumed: Set when a `pause` may go on.
        pace: Factor on every wait. 1 plays them as written, 0 leaves them out.
        steps: Those of this connection; by default the scenario's first.
        hand: Holds the play where somebody plays it by hand.
        context: For TLS that begins in the middle.
        reader: Reads the requests; by default one that begins with the connection.
        visit: How the play is reached, where it is by a path.
    """

    def __init__(
        self,
        scenario: Scenario,
        channel: Channel,
        resumed: asyncio.Event,
        pace: float,
        *,
        steps: tuple[Step, ...] | None = None,
        hand: Hand | None = None,
        context: ssl.SSLContext | None = None,
        reader: RequestReader | None = None,
        visit: Visit | None = None,
    ) -> None:
        self._scenario = scenario
        self._steps = scenario.plays[0] if steps is None else steps
        self._hand = hand or Hand()
        self._context = context
        self._byte_by_byte = False
        self._left = 0
        self._at = 0
        self._content_is_unread = False
        self._visit = visit
        self._channel = channel
        self._resumed = resumed
        self._pace = pace
        self._reader = reader or RequestReader(channel.receive)
        self._head = RequestHead(b"", b"", b"", ())
        self._body = b""

    async def run(self) -> None:
        """Play until the steps are over or the client is gone, and leave the connection closed.

        What ends it early is an entry in the log, never an exception: see `to_the_end`.
        """
        async with to_the_end(self._channel, self._reader):
            await self.play()

    async def play(self) -> None:
        """Play the steps as often as the scenario says, or for as long as the client asks.

        Raises:
            GoesElsewhere: A request is for another scenario.
        """
        rounds = count() if self._scenario.repeat == WHILE_OPEN else range(self._scenario.repeat)
        for _ in rounds:
            self._at = 0
            while self._at < len(self._steps) and not self._channel.ended:
                step = self._steps[self._at]
                await self._permit(step)
                await _ACTIONS[type(step)](self, step)
                self._at += 1
            if self._channel.ended:
                return

    async def _permit(self, step: Step) -> None:
        """Wait for a key, where the scenario is played by hand."""
        self._byte_by_byte = False
        if not self._hand.held or isinstance(step, EXPECTING):
            return
        self._left = self._size_of(step)
        if self._hand.waits:
            self._channel.record("held", note=f"next: {describe_step(step)}", left=self._left)
        async with asyncio.timeout(self._channel.idle_seconds):
            whole = await self._hand.permit_step(self._channel.client_has_left)
        if not whole and self._left:
            self._byte_by_byte = True
        elif not whole:
            self._hand.spend()

    def _size_of(self, step: Step) -> int:
        """Say how many bytes a step sends."""
        match step:
            case Send(size=int(size)):
                return size
            case Send():
                return step.times * len(self._fill(step.data) if step.fill else step.data)
            case Drip():
                return len(step.data)
        return 0

    async def _send(self, data: bytes) -> None:
        """Send bytes, as many at a time as are permitted."""
        while self._byte_by_byte and data:
            if self._hand.waits:
                self._channel.record("held", note=f"next: {show_bytes(data)}", left=self._left)
            async with asyncio.timeout(self._channel.idle_seconds):
                count, rest_too = await self._hand.permit_bytes(len(data), self._channel.client_has_left)
            self._byte_by_byte = not rest_too
            await self._channel.send(data[:count])
            self._left -= count
            data = data[count:]
        await self._channel.send(data)
        self._left -= len(data)

    async def expect_head(self, _: ExpectHead) -> None:
        """Read a request's head, and go to the step that asks for it."""
        self._body = b""
        self._head = await self._next_head()
        self._content_is_unread = True
        self._at = self._place_of(self._head)

    async def _next_head(self) -> RequestHead:
        """Read a head, or take the one by which the scenario was found."""
        if self._visit is not None and self._visit.first is not None:
            head, self._visit.first = self._visit.first, None
        else:
            self._channel.record("waiting", note="for a request head")
            await self._skip_content()
            head = await self._reader.read_head()
        return head if self._visit is None else self._visit.follow(head)

    async def _skip_content(self) -> None:
        """Read the content that no step has asked for, so that it is not taken for the next request.

        Who asked whether to send it, and was answered without, may not send it (RFC 9110 section 10.1.1).
        """
        if self._content_is_unread and not self._head.values(b"expect"):
            await self._reader.read_body(self._head)

    def _place_of(self, head: RequestHead) -> int:
        """Find the `expect_head` that asks for a request. One that asks for nothing takes what is left."""
        heads = {place: step for place, step in enumerate(self._steps) if isinstance(step, ExpectHead)}
        asking = [place for place, step in heads.items() if step.asks and _is_asked_for(head, step)]
        if self._at in asking or not (asking or heads[self._at].asks):
            return self._at
        others = [place for place, step in heads.items() if not step.asks]
        return (asking or others or [self._at])[0]

    async def expect_body(self, step: ExpectBody) -> None:
        """Read a request's content."""
        self._content_is_unread = False
        self._channel.record("waiting", note="for the request's content")
        self._body = await self._reader.read_body(self._head, step.at_most)

    async def expect_bytes(self, step: ExpectBytes) -> None:
        """Read bytes that are no request."""
        self._channel.record("waiting", note=f"for {step.count} bytes")
        self._body = await self._reader.read_bytes(step.count)

    async def start_tls(self, _: StartTls) -> None:
        """Begin TLS."""
        assert self._context is not None
        assert self._scenario.tls is not None
        close_notify = self._scenario.tls.close_notify
        await self._channel.start_tls(self._context, close_notify=close_notify, early=self._reader.rest())

    async def send(self, step: Send) -> None:
        """Send bytes."""
        if step.size is not None:
            await self._send_size(step.data, step.size)
            return
        data = self._fill(step.data) if step.fill else step.data
        for _ in range(step.times):
            await self._send(data)

    async def _send_size(self, data: bytes, size: int) -> None:
        """Repeat `data` up to `size` bytes, in pieces that begin where `data` begins."""
        piece = data * max(1, SEND_SIZE // len(data))
        while size > 0:
            await self._send(piece[:size])
            size -= len(piece)

    def _fill(self, template: bytes) -> bytes:
        """Fill in the last request. In one pass, so that a request cannot name further fillings."""
        values = {
            b"{method}": self._head.method,
            b"{target}": self._head.target,
            b"{body}": self._body,
            b"{body_length}": b"%d" % len(self._body),
            b"{base}": b"" if self._visit is None else self._visit.base,
            b"{length}": b"",  # known when all behind the head is filled in
        }
        head, empty_line, content = template.partition(b"\r\n\r\n")
        content = _FILLING.sub(lambda match: values[match[0]], content)
        values[b"{length}"] = b"%d" % len(content)
        return _FILLING.sub(lambda match: values[match[0]], head) + empty_line + content

    async def drip(self, step: Drip) -> None:
        """Send bytes a few at a time."""
        for start in range(0, len(step.data), step.size):
            if start and not self._hand.held:
                await asyncio.sleep(step.tick_seconds * self._pace)
            await self._send(step.data[start : start + step.size])

    async def wait(self, step: Wait) -> None:
        """Do nothing for a while. By hand, the key was the wait."""
        if self._hand.held:
            return
        self._channel.record("waiting", note=f"for {step.seconds * self._pace:g} s")
        await asyncio.sleep(step.seconds * self._pace)

    async def pause(self, _: Pause) -> None:
        """Wait for `LabServer.resume`. By hand, the key was it."""
        if self._hand.held:
            return
        self._channel.record("paused")
        try:
            async with asyncio.timeout(self._channel.idle_seconds):
                await self._resumed.wait()
        except TimeoutError:
            self._channel.record("error", note="Nobody let the pause end")
            await self._channel.close()

    async def wait_for_close(self, _: WaitForClose) -> None:
        """Read until the client goes away."""
        self._channel.record("waiting", note="for the client to go away")
        while await self._channel.receive():
            pass

    async def half_close(self, _: HalfClose) -> None:
        """Close the sending direction."""
        await self._channel.half_close()

    async def close(self, _: Close) -> None:
        """Close."""
        await self._channel.close()

    async def reset(self, _: Reset) -> None:
        """Tear down."""
        self._channel.reset()


def _is_asked_for(head: RequestHead, step: ExpectHead) -> bool:
    """Tell whether a request has what an `expect_head` asks for."""
    if step.field is not None and not head.values(step.field.lower().encode()):
        return False
    return step.path is None or path_of(head.target) == step.path.encode()


@asynccontextmanager
async def to_the_end(channel: Channel, reader: RequestReader) -> AsyncIterator[None]:
    """Do something on a connection, and leave it closed.

    A client that goes away, sends what cannot be read, or stays silent too long is an entry in the log, never
    an exception.
    """
    try:
        try:
            yield
        except PeerClosed as end:
            if not end.clean:
                channel.record("error", note=f"Expected the rest of a request, but {end}")
        # What is held is free for others while the client takes its time to close.
        reader.forget()
        if not channel.ended:
            await channel.close()
    except UnreadableRequest as error:
        if not channel.ended:
            channel.record("error", note=str(error))
    except TimeoutError:
        channel.record("error", note=f"The client was idle for {channel.idle_seconds:g} s")
    except OSError as error:
        channel.record("error", note=f"{type(error).__name__}: {error.strerror or error}")
    finally:
        reader.forget()
        channel.abandon()


# Any: each action takes its own kind of step, and the table pairs the two.
_ACTIONS: dict[type[Step], Callable[[Play, Any], Awaitable[None]]] = {
    ExpectHead: Play.expect_head,
    ExpectBody: Play.expect_body,
    ExpectBytes: Play.expect_bytes,
    StartTls: Play.start_tls,
    Send: Play.send,
    Drip: Play.drip,
    Wait: Play.wait,
    Pause: Play.pause,
    WaitForClose: Play.wait_for_close,
    HalfClose: Play.half_close,
    Close: Play.close,
    Reset: Play.reset,
}
