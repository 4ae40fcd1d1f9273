"""Which role the bytes of a leaf have."""

from workbench.ui.presentation.piece import Role

LEAF_ROLES: dict[str, Role] = {
    "method": Role.METHOD,
    "target": Role.TARGET,
    "version": Role.VERSION,
    "code": Role.STATUS,
    "reason": Role.STATUS,
    "name": Role.NAME,
    "colon": Role.PUNCTUATION,
    "ows": Role.PUNCTUATION,
    "bws": Role.MALFORMED,
    "sp": Role.PUNCTUATION,
    "value": Role.VALUE,
    "fold": Role.WARNING,
    "eol": Role.CONTROL,
    "section_end": Role.CONTROL,
    "content": Role.CONTENT,
    "chunk_size": Role.CHUNK,
    "chunk_ext": Role.CHUNK,
    "chunk_end": Role.CONTROL,
    "tunnel": Role.PLAIN,
    "raw": Role.PLAIN,
    "malformed": Role.MALFORMED,
    "skipped": Role.WARNING,
    "excess": Role.WARNING,
    "unparsed": Role.DIM,
}
"""Every kind of `LEAF_KINDS`."""
