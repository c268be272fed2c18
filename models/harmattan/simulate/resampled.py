"""Futures that go by what followed years like the last one elsewhere (`panel.analogues`), in place of the fitted rate.

A fitted rate knows of turns only what its own countries have shown; years like the last one of each country have been
followed by others, anywhere in the world. In a share of futures an outcome therefore takes the country's own last
months, times how a total like theirs once changed. A future keeps its place among analogues throughout, and has a like
one in its other outcomes. What happens in it is remembered and crosses borders as in any other.
"""

import numpy as np

from ..model.specification import ModelSpecification
from ..panel.analogues import YEAR, Analogues

LARGEST_CHANGE, LARGEST_OUTBREAK = 0.95, 0.99
"""Places at which what is larger is read, of changes and of what followed years without deaths: windows overlap, so
that one great war stands among them many times."""


def goes_by_analogues(rows: np.ndarray, spec: ModelSpecification) -> np.ndarray:
    """Return in which futures each outcome goes by analogues, shape (row, outcome).

    By row number: its binary digits in reverse order are a fraction, evenly spread whatever the number of futures.
    Where one outcome has a smaller share, its futures are among those of the others.

    Parameters
    ----------
    rows : int array
    spec : ModelSpecification
        `analogue_share` of each outcome.
    """
    fraction, weight, left = np.zeros(len(rows)), 0.5, rows.copy()
    while left.any():
        fraction += weight * (left % 2)
        weight, left = weight / 2, left // 2
    return fraction[:, None] < spec.by_outcome("analogue_share")


class Resampled:
    """Futures by analogues.

    Parameters
    ----------
    analogues : Analogues
    own : array (draw or 1, month, country, outcome)
        A country's last months in each future, with what drivers did since the exit taken out.
    chosen : bool array (draw, outcome)
        `goes_by_analogues`.
    """

    def __init__(self, analogues: Analogues, own: np.ndarray, chosen: np.ndarray) -> None:
        self._analogues, self._own = analogues, own
        self.chosen = chosen[:, None, :]
        countries, outcomes = own.shape[2:]
        self._country, self._outcome = np.arange(countries)[:, None], np.arange(outcomes)
        self._draw = np.arange(len(own))[:, None, None]

    def month(self, month: int, place: np.ndarray, taken: np.ndarray) -> np.ndarray:
        """Return what happens without drivers, deaths per month and not rounded, shape (draw, country, outcome).

        Parameters
        ----------
        month : int
            Counted from 0.
        place, taken : array
            As in `luck.MonthOfLuck`.
        """
        count, years = self._analogues.ratio.shape[:2]
        by_future = np.moveaxis(place, -1, 0)
        change, outbreak = (
            (np.minimum(by_future, most) * count).astype(int) for most in (LARGEST_CHANGE, LARGEST_OUTBREAK)
        )
        of_year = (taken.T[..., None] * YEAR).astype(int)
        year = min(month // YEAR, years - 1)
        at = (self._country, self._outcome)
        changed = self._own[self._draw, of_year, *at] * self._analogues.ratio[change, year, *at]
        return changed + self._analogues.months[outbreak, year, of_year, *at]


def rounded(values: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return whole deaths whose mean is the value: the fraction is the chance of one more."""
    return np.floor(values + uniform).astype(np.int32)
