"""Numbers with their units, as a reader is shown them."""


def bytes_words(count: int) -> str:
    """Say a number of bytes, exactly."""
    return "1 byte" if count == 1 else f"{count:,} bytes".replace(",", " ")


def milliseconds(duration_ns: int) -> str:
    """Say a duration with three digits after the point, in ms."""
    return f"{duration_ns / 1e6:.3f} ms"


def counted(count: int, noun: str) -> str:
    """Say how many of something there are: `1 chunk`, `3 chunks`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
