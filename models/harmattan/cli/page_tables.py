"""Tables of the brief at a terminal, in the reader's language; as numbers, tab-separated, anywhere else."""

import sys
from typing import TYPE_CHECKING

from .tables import Shown, print_table

if TYPE_CHECKING:
    from ..report.tables import Table


def print_page_table(table: "Table", *, needed: int = 2) -> None:
    """Print a table of the brief.

    Parameters
    ----------
    table : Table
    needed : int
        First columns that are always shown; of the others the last give way first where room is short.
    """
    names = [column.name for column in table.columns]
    if not sys.stdout.isatty():
        print_table(table.frame[names], table.caption, ())
        return
    import pandas as pd

    shown = [
        Shown(column.name, column.heading, minor=max(number + 1 - needed, 0))
        for number, column in enumerate(table.columns)
    ]
    print_table(pd.DataFrame(table.rows(), columns=names), table.caption, shown)
