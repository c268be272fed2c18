"""Reading the tables that `case.yaml` names: what is wrong is said with the file, its key and what to do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import InputError
from ..core.resources import display_path


def read_named(file: Path, what: str, columns: Sequence[str], **reading: Any) -> pd.DataFrame:
    """Return a table that a case names.

    Parameters
    ----------
    file : Path
    what : str
        What it is and which key names it, as in ``table of coups, record.coups of case.yaml``.
    columns : sequence of str
        Those that it must have.
    **reading
        For `pandas.read_csv`.

    Raises
    ------
    InputError
        If it cannot be read or lacks a column.
    """
    name = display_path(file)
    try:
        table = pd.read_csv(file, **reading)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            f"{name}: the {what}, cannot be read ({error}). Put the file there, or take the line out of case.yaml."
        ) from None
    if missing := [column for column in columns if column not in table.columns]:
        raise InputError(f"{name}: the {what}, has no column {missing[0]!r}. Its columns are {', '.join(columns)}.")
    return table
