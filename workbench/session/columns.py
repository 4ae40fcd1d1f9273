"""How the indexes of a recording are laid by and made again: as columns of numbers, and a tree that names them.

`save_columns` of an index gives plain values for a tree; where they stand for a column, it is the number that `Add` gave for
it. `load_columns` makes the index of such values again. What they look like in a file is the business of
`storage.index_file`.
"""

from array import array
from collections.abc import Callable

Add = Callable[["array[int]"], int]
"""Lays a column by, and gives its number."""

Take = Callable[[int], "array[int]"]
"""Gives the column of a number, to be read and not added to: it may lie in a file."""
