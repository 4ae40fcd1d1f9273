"""Long runs against broken peers and broken callers: `python -m tests.fuzz`.

- `corpus` and `mutation` make broken responses out of the wire cases.
- `responses` plays one of them under every policy and compares what came of it.
- `peers` sends them over real sockets, with closes, resets and silence between.
- `calls` makes random calls on a connection to such a peer.

Every case has a number and is made from the seed and that number alone, so one that failed can be
made again without those before it.
"""
