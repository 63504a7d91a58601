"""A table that somebody else filled in, read by its declaration: one sentence for a cell that is wrong, all of them at once.

Nouns: ``Sheet`` (what a table is to hold) with its ``Column``s; ``Offered`` (the cells as they stand in the file); ``Rows``
(what was read of them) with ``Row``s, ``Fault``s and notes. Verbs: ``lay_out`` an offered table by its declaration,
``read_cell`` for one cell that comes from a form. Pure: who has bytes asks ``support.tables``, which opens them in a limited child.

Not here: what the values mean to an app; it adds its own faults with ``Row.fault``, in the same form and with the same cells.
"""

from kaoping.foreign.sheet.cells import Wrong, read_cell, shown, text_of
from kaoping.foreign.sheet.declaration import Column, Sheet
from kaoping.foreign.sheet.layout import lay_out
from kaoping.foreign.sheet.rows import Fault, Offered, Place, Row, Rows, letters, unreadable

__all__ = [
    "Column",
    "Fault",
    "Offered",
    "Place",
    "Row",
    "Rows",
    "Sheet",
    "Wrong",
    "lay_out",
    "letters",
    "read_cell",
    "shown",
    "text_of",
    "unreadable",
]
