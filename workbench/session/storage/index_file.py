"""The file beside a long recording that holds its indexes: `NAME.index`.

It is a cache: whoever finds none, or one that does not belong to the recording as it is now, reads the recording and
makes another. The first line is a checksum of the rest. The second is an object: to which recording it belongs, the
tree of the indexes, and the columns that it names; behind it are the columns, as the machine keeps them.
"""

import json
import logging
import mmap
import os
import sys
import zlib
from array import array
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from workbench.session.recording import Recording
from workbench.session.storage.damage import Damage
from workbench.session.storage.files import RecordingFiles
from workbench.session.storage.format import KINDS
from workbench.session.storage.log import OpenedLog, StoredLog
from workbench.session.storage.writer import INDEX_SUFFIX, OWNER_ONLY

logger = logging.getLogger(__name__)

FORMAT = "workbench index"
VERSION = 4
"""Goes up with every change of what is laid by: an index of another version is made again."""

SMALLEST = 1 << 20
"""Bytes of a recording from which on it gets an index. A shorter one is read in less than a blink."""

SMALLEST_MAPPED = 1 << 12
"""Bytes of a column from which on it stays in the file. A shorter one costs no more in memory."""

_TAIL = 4096
"""Bytes of the end of a recording that are compared."""


Stamp = dict[str, Any]
"""What an index depends on."""


def index_path(path: Path) -> Path:
    """Say where the index of a recording lies."""
    return path.with_suffix(INDEX_SUFFIX)


def save_index(
    recording: Recording, files: RecordingFiles, stamp: Stamp, damage: Damage | None = None
) -> None:
    """Lay the indexes of a recording by. Where that fails nothing is lost, and nothing said.

    Args:
        recording: What was read, or written.
        files: Its files.
        stamp: What `stamp_of` said of them when reading began, or writing ended. Where it says something else by
            now, somebody goes on writing, and nothing is laid by.
        damage: What of them could not be read.
    """
    try:
        path = index_path(files.path)
        # Somebody may have given a recording the name of its own index.
        if path != files.path and files.size >= SMALLEST and stamp_of(files) == stamp:
            _write(path, _encode(recording, stamp, damage))
    except OSError as error:
        logger.info("The index of %s is not kept: %s", files.path, error)


def load_index(files: RecordingFiles) -> tuple[Recording, Damage | None] | None:
    """Make a recording of its index.

    Returns:
        The recording, and what of it cannot be read; None where there is no index that belongs to it.
    """
    try:
        with index_path(files.path).open("rb") as file:
            check, line = int(file.readline(_LONGEST_CHECK), 16), file.readline(_LONGEST_HEADER)
            header = json.loads(line)
            if header["belongs"] != stamp_of(files):
                return None
            start = file.tell()
            if check != _check(chain([line], iter(lambda: file.read(_BLOCK), b""))):
                return None
            columns = _mapped(file, start, header["columns"])
        log = OpenedLog(files)
        log.load_columns(header["log"], columns.__getitem__)
        recording = Recording(log)
        recording.load_columns(header["recording"], columns.__getitem__)
        return recording, Damage(**header["damage"]) if header["damage"] else None
    except (OSError, EOFError, ValueError, TypeError, KeyError, LookupError, AttributeError) as error:
        logger.info("The index of %s is made anew: %r", files.path, error)
        return None


def _mapped(file: BinaryIO, start: int, kinds: list[tuple[str, int]]) -> "list[array[int]]":
    """Give the columns of an index, to be read: from the file, as far as somebody looks at them.

    Of eight million events they would take half a gigabyte of memory. The file can be deleted meanwhile, or another
    put into its place; it is never written to.

    Args:
        file: The index.
        start: Where the columns begin in it.
        kinds: The type code and the length of each.

    Raises:
        ValueError: The file is shorter than they are.
    """
    columns: list[array[int]] = []
    whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    for code, count in kinds:
        column = array(code)
        end = start + count * column.itemsize
        if end > len(whole):
            raise ValueError(f"expected {end} bytes, found {len(whole)}")
        if end - start >= SMALLEST_MAPPED:
            # It can be asked for whatever an array can that nobody adds to.
            columns.append(cast("array[int]", whole[start:end].cast(cast("Literal['Q']", code))))
        else:
            column.frombytes(whole[start:end])
            columns.append(column)
        start = end
    return columns


_BLOCK = 1 << 20
_LONGEST_CHECK = 16
_LONGEST_HEADER = 1 << 28


def stamp_of(files: RecordingFiles) -> Stamp:
    """Say what an index depends on: this format, this machine, and the files as they are now."""
    size = files.size
    return {
        "format": FORMAT,
        "version": VERSION,
        "byteorder": sys.byteorder,
        "sizes": [array(code).itemsize for code in "QIq"],
        "kinds": list(KINDS),
        "size": size,
        "bodies_size": files.bodies_size,
        "changed_ns": files.changed_ns,
        "tail": zlib.crc32(files.read(max(0, size - _TAIL), _TAIL)),
    }


def _encode(recording: Recording, stamp: Stamp, damage: Damage | None) -> "list[bytes | array[int]]":
    columns: list[array[int]] = []

    def add(column: "array[int]") -> int:
        columns.append(column)
        return len(columns) - 1

    assert isinstance(recording.entries, StoredLog)
    header = {
        "belongs": stamp,
        "log": recording.entries.save_columns(add),
        "recording": recording.save_columns(add),
        "damage": asdict(damage) if damage else None,
        "columns": [[column.typecode, len(column)] for column in columns],
    }
    parts: list[bytes | array[int]] = [json.dumps(header).encode("ascii") + b"\n", *columns]
    return [b"%x\n" % _check(parts), *parts]


def _check(parts: "Iterable[bytes | array[int]]") -> int:
    check = 0
    for part in parts:
        check = zlib.crc32(part, check)
    return check


def _write(path: Path, parts: "list[bytes | array[int]]") -> None:
    """Write a file whole or not at all: another program may look for it now."""
    unfinished = path.with_suffix(f"{INDEX_SUFFIX}-{os.getpid()}")
    fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY)
    try:
        with os.fdopen(fd, "wb") as file:
            file.writelines(parts)
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
