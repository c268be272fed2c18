"""Tables that a case brings beside its record: read, or refused with what to do about it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import InputError
from ..core.resources import display_path


def read_case_table(file: Path, key: str, what: str, columns: Sequence[str], **reading: Any) -> pd.DataFrame:
    """Return a table that `case.yaml` names.

    Parameters
    ----------
    file : Path
    key : str
        By which it is named, as in ``record.flows``.
    what : str
        What it holds, as messages say it: "the table of people who flee".
    columns : sequence of str
        That it must have; it may have others.
    **reading
        For `pandas.read_csv`.

    Raises
    ------
    InputError
        If it cannot be read, or lacks a column.
    """
    named = f"{display_path(file)}: {what}, {key} of case.yaml,"
    try:
        table = pd.read_csv(file, **reading)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            f"{named} cannot be read ({error}). Put the file there, or take the line out of case.yaml."
        ) from None
    if missing := [column for column in columns if column not in table.columns]:
        raise InputError(f"{named} has no column {missing[0]!r}. Its columns are {', '.join(columns)}.")
    return table
