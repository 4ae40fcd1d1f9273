"""How many files the system lets this process open: each connection is one."""

OTHER_FILES = 300
"""What is open besides connections: listening ports, those that are told to come again, the program's own."""


def allow_files(connections: int) -> int | None:
    """Raise the limit of open files, as far as it takes and the system permits.

    Args:
        connections: How many there may be at a time.

    Returns:
        How many there may be, where that is fewer; None where there is no problem.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return None
    if hard != resource.RLIM_INFINITY and hard < needed:
        return max(1, hard - OTHER_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return None
