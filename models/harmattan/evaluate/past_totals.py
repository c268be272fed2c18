"""How often the shipped model's intervals held past yearly totals of chosen countries, by its scorecard."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from .scorecard import load_scorecard, scorecard_files
from .scored_windows import latest_years

LEVEL = 0.8
TOLERANCE = 0.1
TOTAL = 0
"""What `months_ahead` reads where the totals of a year are meant."""

Fit = Literal["narrow", "wide", "right"]


@dataclass(frozen=True)
class Held:
    """How many totals lay inside their central interval at `level`.

    Attributes
    ----------
    inside, count : int
    level : float
    """

    inside: int
    count: int
    level: float = LEVEL

    @property
    def share(self) -> float:
        """Share of the totals inside, 0 to 1."""
        return self.inside / self.count

    @property
    def fit(self) -> Fit:
        """Whether the intervals were too narrow, too wide, or right to within a tenth."""
        off = self.share - self.level
        return "right" if abs(off) <= TOLERANCE + 1e-9 else "narrow" if off < 0 else "wide"


def past_totals(folder: Path, countries: Sequence[str]) -> pd.DataFrame:
    """Return how yearly totals of each country and outcome fell about their 80 % interval, in the latest years scored.

    Parameters
    ----------
    folder : Path
        `seeds/scorecard` of a case; one that has none gives no rows.
    countries : sequence of str

    Returns
    -------
    DataFrame
        Columns country, outcome, count, inside, above, below; empty where no country was ever forecast. Places at
        zero, where many totals tie, were drawn at random within the tie when the scorecard was made.
    """
    window = latest_years(folder)
    if window is None or not scorecard_files(folder):
        return pd.DataFrame(columns=["country", "outcome", "count", "inside", "above", "below"])
    kept = load_scorecard(folder)["pit"]
    rows = kept[(kept["months_ahead"] == TOTAL) & (kept["window"] == window.name) & kept["country"].isin(countries)]
    tail = (1 - LEVEL) / 2
    above, below = rows["pit"] > 1 - tail, rows["pit"] < tail
    placed = rows.assign(
        count=1, inside=(~above & ~below).astype(int), above=above.astype(int), below=below.astype(int)
    )
    counted = placed.groupby(["country", "outcome"], sort=False)[["count", "inside", "above", "below"]].sum()
    return counted.reset_index()


def held(totals: pd.DataFrame) -> Held | None:
    """Return the totals of `past_totals` taken together; None where there are none."""
    return Held(int(totals["inside"].sum()), int(totals["count"].sum())) if len(totals) else None
