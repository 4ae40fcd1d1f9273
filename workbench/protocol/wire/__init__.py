"""Bytes to values and back, without I/O.

Nothing here knows a socket, a clock or a thread. The vocabulary:

- *element*: a parsed piece (a status-line, a field line, a chunk) that knows where it lies.
- *span*: a range of bytes in the `sent` or the `received` stream; a *leaf* is the smallest.
- *diagnostic*: something in the bytes that a rule forbids. A parser never raises on what the
  peer sent: it reports a diagnostic, repairs, and goes on. Whether the exchange goes on is
  decided above, by a policy.

A verb shows the direction: `parse_` takes bytes, `serialize_` gives bytes.
"""
