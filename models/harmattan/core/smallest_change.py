"""The smallest change that matters: one number of a case, declared in advance, without which no verdict word is said.

`case.yaml` states it as a share of deaths (`smallest_change`, a tenth by default). A word such as better, worse, rose
or fell is said of a change that is larger; what is smaller is unchanged. Where a range is known, `standing` says
whether all of it lies above, all of it inside, or whether that is undecided.
"""

import math
from dataclasses import dataclass
from typing import Literal

from .language import phrase

Direction = Literal["better", "unchanged", "worse"]
Standing = Literal["above", "inside", "undecided"]

USUAL = 0.1
"""Share of deaths, where a case states none."""

OF_CHANCES = 0.5
"""How far a chance must move, as a part of what deaths must.

A tenth more deaths moves a chance that is near one half by about five points, where a year's total spreads as widely as
here (standard deviation of its logarithm about 0.8: 0.1 times the normal density 0.4, over 0.8).
"""

LEAST_DEATHS = 1.0
"""A change by fewer deaths than this is none, however large its share."""

ARROWS: dict[Direction, str] = {"better": "▼", "unchanged": "=", "worse": "▲"}
VERBS: dict[Direction, str] = {"better": "fell", "unchanged": "hardly", "worse": "rose"}
"""Last part of the keys of sentences on what deaths did."""


@dataclass(frozen=True)
class SmallestChange:
    """What a case holds for the smallest change that matters. More deaths, and a higher chance of many, are worse.

    Attributes
    ----------
    share : float
        Of deaths, between 0 and 1.
    """

    share: float = USUAL

    @property
    def chance(self) -> float:
        """The smallest change of a chance, 0 to 1."""
        return self.share * OF_CHANCES

    def of_chance(self, before: float, after: float) -> Direction:
        """Return which way a chance (0 to 1) of many deaths went."""
        return _direction(after - before, -self.chance, self.chance)

    def of_deaths(self, before: float, after: float, least: float = LEAST_DEATHS) -> Direction:
        """Return which way deaths went.

        Parameters
        ----------
        before, after : float
            Deaths, or deaths a month.
        least : float
            A change by less is none; 0 where rates are compared.
        """
        if abs(after - before) < least or before == after:
            return "unchanged"
        return self.of_ratio(after / before if before > 0 else math.inf)

    def of_ratio(self, ratio: float) -> Direction:
        """Return which way deaths went that are now so many times those before."""
        return _direction(ratio, 1 - self.share, 1 + self.share)

    def standing_of_chance(self, low: float, high: float) -> Standing:
        """Return where a change of a chance stands of which a range is known."""
        return _standing(low, high, -self.chance, self.chance)

    def standing_of_ratio(self, low: float, high: float) -> Standing:
        """Return where a ratio of deaths stands of which a range is known."""
        return _standing(low, high, 1 - self.share, 1 + self.share)


def verdict_words(direction: Direction) -> str:
    """Return better, unchanged or worse in the reader's language."""
    return phrase(f"change.{direction}")


def judged_words(direction: Direction, standing: Standing) -> str:
    """Return better, unchanged or worse in the reader's language, and where it is undecided that it is."""
    words = verdict_words(direction)
    return phrase("change.unsure", verdict=words) if standing == "undecided" else words


def standing_words(standing: Standing) -> str:
    """Return in the reader's language how a change stands to the smallest that matters."""
    return phrase(f"change.{standing}")


def _direction(value: float, low: float, high: float) -> Direction:
    near = 1e-9  # a change of just the smallest size does not matter, whatever the last bit of a sum says
    return "worse" if value > high + near else "better" if value < low - near else "unchanged"


def _standing(low: float, high: float, lower: float, upper: float) -> Standing:
    if low > upper or high < lower:
        return "above"
    return "inside" if low >= lower and high <= upper else "undecided"
