"""One origin for all scenarios: the first segment of the path names the one that is played.

`/` lists them. A connection goes from one scenario to the next for as long as the scenarios leave it open,
as with any server that has many pages. What no path can reach, a scenario that speaks first or has TLS of
its own, has a port of its own instead.
"""

import asyncio
from collections.abc import Callable, Mapping

from workbench.lab.budget import Budget
from workbench.lab.channel import Channel
from workbench.lab.page import Page, serialize_page
from workbench.lab.play import to_the_end
from workbench.lab.request_reader import RequestHead, RequestReader, UnreadableRequest
from workbench.lab.stage import Stage
from workbench.lab.target import GoesElsewhere, Visit, route

MakePage = Callable[[RequestHead], Page]
"""Gives what the lab itself has to say to a request."""


class Origin:
    """Serves connections that may be for any scenario.

    Args:
        stages: The scenarios that a path can reach, by name.
        make_page: For requests that are for none of them.
        budget: What requests may take of memory.
    """

    def __init__(self, stages: Mapping[str, Stage], make_page: MakePage, budget: Budget) -> None:
        self._stages = stages
        self._make_page = make_page
        self._budget = budget

    async def serve(self, channel: Channel) -> None:
        """Serve a connection from its first request to its end."""
        reader = RequestReader(channel.receive, self._budget)
        async with to_the_end(channel, reader):
            head: RequestHead | None = await self._read_head(channel, reader)
            while head is not None:
                head = await self._answer(channel, reader, head)

    async def _answer(self, channel: Channel, reader: RequestReader, head: RequestHead) -> RequestHead | None:
        """Answer a request, and those behind it that are for the same scenario.

        Returns:
            The head of the first one that is not. None when the connection is over.
        """
        name = route(head.target).name
        stage = self._stages.get(name)
        channel.scenario = name if stage is not None else ""
        if stage is not None:
            try:
                await stage.visit(channel, reader, Visit(name, head))
            except GoesElsewhere as elsewhere:
                return elsewhere.head
            return None
        close = _closes(head)
        page = self._make_page(head)
        await channel.send(serialize_page(page, close=close, without_content=head.method == b"HEAD"))
        return None if close else await self._read_head(channel, reader)

    async def _read_head(self, channel: Channel, reader: RequestReader) -> RequestHead:
        channel.record("waiting", note="for a request head")
        try:
            # One byte now and then is no reason to wait for the rest of it for ever.
            async with asyncio.timeout(channel.idle_seconds):
                return await reader.read_head()
        except UnreadableRequest as error:
            # Here nobody asked for silence, as a scenario may.
            channel.record("error", note=str(error))
            await channel.send(serialize_page(Page(error.status, f"{error}\n"), close=True))
            await channel.close()
            raise


def _closes(head: RequestHead) -> bool:
    """Tell whether the lab closes behind its own answer to a request.

    RFC 9112 section 9.3. Content is not worth being read only to be dropped: closing ends it too.
    """
    options = b",".join(head.values(b"connection")).lower()
    if b"close" in options or head.values(b"content-length") or head.values(b"transfer-encoding"):
        return True
    return head.version != b"HTTP/1.1"
