"""The scores that the shipped model earned on past windows, as `make backtest` kept them in `seeds/scorecard/`.

Beside them lie those by horizon, of `make judge` (`evaluate.horizons`).
"""

from pathlib import Path

import pandas as pd

from ..core.errors import InputError
from ..core.resources import display_path
from .horizons import TABLES as BY_HORIZON
from .horizons import load_horizons

TABLES = ("skill", "coverage", "stacking", "pit", "flatness", "by_country", "by_lead")


def scorecard_files(folder: Path) -> list[Path]:
    """Return the files of the kept tables; none where a case has not been scored."""
    files = [folder / f"{name}.csv" for name in TABLES]
    return files if any(file.is_file() for file in files) else []


def load_scorecard(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the kept tables by name, each made by the function of `evaluate.scoreboard` that it is named after.

    Those by horizon stand last where the case has them (`evaluate.horizons.horizon_tables`).

    Parameters
    ----------
    folder : Path
        `seeds/scorecard` of a case.

    Raises
    ------
    InputError
        If the case has none.

    Notes
    -----
    All but those by horizon have a column `window`; `scored_windows` says which years each is of, and which are of
    units elsewhere. `by_lead` has those of more than 14 months ahead alone; `pit`, `stacking` and `by_country` have
    not all. The shipped case's windows are described in `benchmarks/backtest_protocol.md`. `coverage` and `flatness`
    have `countries` as well (`all`, or ISO3 codes).
    """
    files, later = scorecard_files(folder), load_horizons(folder)
    if not files and later is None:
        raise InputError(
            f"{display_path(folder)}: this case has no scorecard: its forecasts of past years have not been kept. "
            "`harmattan backtest` scores them."
        )
    found = {file.stem: pd.read_csv(file, dtype={"window": str}) for file in files}
    if later is not None:
        found |= dict(zip(BY_HORIZON, (later.skill, later.coverage, later.said, later.flatness), strict=True))
    return found
