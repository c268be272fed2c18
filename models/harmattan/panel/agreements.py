"""How many peace agreements had ended so many years after they were signed: a survival curve by kind of agreement."""

from pathlib import Path

import pandas as pd

from ..core.errors import InputError
from ..core.resources import display_path
from .case_table import read_case_table

COLUMNS = ("group", "agreements", "years_since_signing", "share_ended", "share_ended_se")


def load_ended(file: Path, group: str) -> pd.DataFrame:
    """Return one curve of agreements that ended.

    Parameters
    ----------
    file : Path
        Columns of `COLUMNS`: shares from 0 to 1 and their standard errors.
    group : str

    Returns
    -------
    DataFrame
        Columns of `COLUMNS` but `group`, the earliest year first. Source: UCDP Peace Agreement Dataset.

    Raises
    ------
    InputError
        If the file is not such a table or has no such group.
    """
    table = read_case_table(file, "accord.curve", "the curve of agreements that ended", COLUMNS)
    own = table[table["group"] == group].sort_values("years_since_signing")
    if own.empty:
        raise InputError(
            f"{display_path(file)}: there is no group {group!r}. accord.curve.group of case.yaml is one of "
            f"{', '.join(map(repr, table['group'].unique()))}."
        )
    return own[list(COLUMNS[1:])].reset_index(drop=True)
