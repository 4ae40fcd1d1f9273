"""What is typed or pasted may be no UTF-8: in a terminal with another encoding, or by an Alt key in an old one."""

import codecs
from contextlib import suppress
from functools import partial


def take_any_bytes() -> None:
    """Have Textual's driver read U+FFFD for a byte that is no UTF-8, which it takes for a mistake and ends the program.

    Its method that reads the terminal looks the decoder up in its module, and there is no other way in.
    """
    with suppress(ImportError):  # Windows has another driver, which gets characters.
        from textual.drivers import linux_driver

        vars(linux_driver)["getincrementaldecoder"] = lambda name: partial(
            codecs.getincrementaldecoder(name), errors="replace"
        )
