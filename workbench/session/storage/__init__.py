"""Recordings on disk: written while things happen, opened whatever became of the program that wrote them.

Three files of one name, which nobody but their owner may read:

- `NAME.jsonl`, the **recording**: JSON Lines. The first line is the header, each line after it one event, or several
  that were noted as one.
- `NAME.bodies`: the bytes of large events, one behind the other. A line that has some says where they lie; they
  are written before the line, so that a line never speaks of bytes that are not there.
- `NAME.index`: what was found out about a long recording by reading it, so that it opens at once the next time.
  It can be deleted at any moment.

`encoder` turns events into lines and `format` turns them back, `writer` appends, `loader` goes through a file up to
its last good line, `log` is an `EntryLog` whose events live in a file, `directory` is the place where recordings are kept.
"""
