"""The program in a real terminal, as a test and a benchmark drive it."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

PATIENCE_SECONDS = 60


class Terminal:
    """A pseudo-terminal with the program in it."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (120, 36),
        environment: dict[str, str] | None = None,
        program: tuple[str, ...] = (sys.executable, "-m", "workbench"),
    ):
        self.master, slave = pty.openpty()
        self.resize(*size)
        self.output = bytearray()
        self.process = subprocess.Popen(
            [*program, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            # Given as it is: readline, which pytest loads, writes COLUMNS behind the back of os.environ.
            env=dict(os.environ, **(environment or {})),
            # A session of its own with this as its controlling terminal, as a terminal window has it:
            # that is what makes the kernel send SIGHUP.
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no other thread here
        )
        os.close(slave)

    def resize(self, width: int, height: int):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def press(self, keys: bytes):
        os.write(self.master, keys)

    def read_until(self, *wanted: bytes):
        """Read what it writes until all of these have come, in whatever order."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not all(one in self.plain for one in wanted):
            remaining = deadline - time.monotonic()
            assert remaining > 0, f"{wanted} did not come: {self.plain[-3000:]!r}"
            self._read(remaining)

    def read_to_the_end(self):
        """Read what it writes until it has ended and nothing is left."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (left := deadline - time.monotonic()) > 0 and self._read(left):
            pass

    def read_for(self, seconds: float):
        """Read whatever comes for so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._read(left)

    def _read(self, seconds: float) -> bool:
        """Read once, if something comes in so many seconds; False when nothing can come any more."""
        readable, _, _ = select.select([self.master], [], [], seconds)
        if readable:
            try:
                self.output += os.read(self.master, 65536)
            except OSError:
                # Linux says EIO when the other side is closed and all is read: the program has ended.
                self.process.wait(PATIENCE_SECONDS)
                return False
        return True

    @property
    def plain(self) -> bytes:
        """What was written, without colours and cursor movements."""
        return re.sub(rb"\x1b\[[0-9;:?<>=]*[A-Za-z]", b"", bytes(self.output))

    @property
    def as_a_shell_needs_it(self) -> bool:
        """Whether it has echo, lines and signals, and whatever was switched on is off."""
        local = termios.tcgetattr(self.master)[3]
        sane = all(local & flag for flag in (termios.ECHO, termios.ICANON, termios.ISIG))
        # The first screen, no mouse, no marks around what is pasted; and the cursor is to be seen.
        switches = [(b"?1049", b"h", b"l"), (b"?1000", b"h", b"l"), (b"?1003", b"h", b"l")]
        switches += [(b"?2004", b"h", b"l"), (b"?25", b"l", b"h")]
        output = bytes(self.output)
        return sane and all(
            output.rfind(b"\x1b[" + mode + on) <= output.rfind(b"\x1b[" + mode + off)
            for mode, on, off in switches
        )

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        if self.master >= 0:
            os.close(self.master)
            self.master = -1
