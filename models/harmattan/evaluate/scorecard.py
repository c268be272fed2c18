"""The scores that the shipped model earned on past windows, as `make backtest` kept them in `seeds/scorecard/`."""

import pandas as pd

from ..core.resources import seeds_folder

TABLES = ("skill", "coverage", "stacking")


def load_scorecard() -> dict[str, pd.DataFrame]:
    """Return the kept tables by name: `skill`, `coverage` and `stacking`.

    `skill` and `stacking` are those of `evaluate.scoreboard` with a column `window` (`challenge`: 2018 to 2023; `2024`:
    the window that nobody looked at while choosing); `coverage` has `countries` as well (`all`, or ISO3 codes).
    """
    return {name: pd.read_csv(seeds_folder() / "scorecard" / f"{name}.csv", dtype={"window": str}) for name in TABLES}
