"""What to watch: what each driver, so many deaths, or a quarter above a pace would do to an answer once they are seen.

Drivers are *observed*, not set: futures in which a driver went a way are looked at as they are, so that what causes it
and what it causes move along. That is the meaning of news.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..schema.driver import Driver

FEWEST_FUTURES = 100
"""With fewer futures on either side of a piece of news, its effect on the answer is not told."""

CLEAR = 0.8
"""Chance of one of two scenarios, from even odds, from which on they are told apart."""

SEEN = 0.05
"""What is seen in fewer futures than this of the scenario that it speaks for is no signpost."""

QUARTER, YEAR = 3, 12

DRIVER_COLUMNS = (
    *("driver", "branch", "label", "chance", "answer", "if_so", "if_not", "moves", "error", "half_by", "look_for"),
)
APART_COLUMNS = ("month", "deaths", "first_has", "second_has", "chance_first", "told_apart")


@dataclass(frozen=True)
class Card:
    """A trigger: deaths in three months above a quarter of a year's threshold, and what followed it on record.

    Attributes
    ----------
    country, outcome : str
    threshold : float
        Deaths in three months.
    event : float
        Deaths in the twelve months after them that it warns of.
    active : float
        Chance that it is active in at least one of the next twelve months, by the futures.
    warned, missed, false, quiet : int
        Past quarters with trigger and event, event alone, trigger alone, neither.
    leads : tuple of int
        For each quarter with trigger and event: months from its end to that in which the event's deaths were passed.
    """

    country: str
    outcome: str
    threshold: float
    event: float
    active: float
    warned: int
    missed: int
    false: int
    quiet: int
    leads: tuple[int, ...] = ()

    @property
    def hits(self) -> tuple[float, float, float]:
        """Share of events that it warned of, with its interval (`share_of`)."""
        return share_of(self.warned, self.missed)

    @property
    def right(self) -> tuple[float, float, float]:
        """Share of its warnings after which the event came, with its interval (`share_of`)."""
        return share_of(self.warned, self.false)

    @property
    def alarmed(self) -> tuple[float, float, float]:
        """Share of quarters without event in which it was active all the same, with its interval (`share_of`)."""
        return share_of(self.false, self.quiet)

    @property
    def lead(self) -> tuple[float, float, float]:
        """Months from warning to event: median, fewest and most; NaN where it never warned of one."""
        if not self.leads:
            return float("nan"), float("nan"), float("nan")
        return float(np.median(self.leads)), float(min(self.leads)), float(max(self.leads))

    @property
    def base(self) -> float:
        """Share of all past quarters after which the event came; NaN without any."""
        total = self.warned + self.missed + self.false + self.quiet
        return (self.warned + self.missed) / total if total else float("nan")


def share_of(yes: int, no: int) -> tuple[float, float, float]:
    """Return a share with its interval: 80 % by Jeffreys' prior; by the rule of three where it is none or all.

    Where none of n were seen, at most 3 in n are expected with 95 in 100 (Hanley & Lippman-Hand 1983, JAMA 249(13)).

    Parameters
    ----------
    yes, no : int
        Counts; NaN without any.
    """
    count = yes + no
    if not count:
        return float("nan"), float("nan"), float("nan")
    bound = min(3 / count, 1.0)
    if not yes:
        return 0.0, 0.0, bound
    if not no:
        return 1.0, 1.0 - bound, 1.0
    from scipy.stats import beta

    low, high = beta.ppf([0.1, 0.9], yes + 0.5, no + 0.5)
    return yes / (yes + no), float(low), float(high)


def driver_signposts(
    passes: np.ndarray, ways: Mapping[str, np.ndarray], onsets: Mapping[str, np.ndarray], drivers: Mapping[str, Driver]
) -> pd.DataFrame:
    """Return what news of each driver would do to the chance that a total passes its threshold.

    Parameters
    ----------
    passes : bool array (draw,)
        Whether it does, in each future.
    ways, onsets : mapping of driver to int array (draw,)
        Which branch each driver takes, the last number being none; and its first month after the exit.
    drivers : mapping of id to Driver

    Returns
    -------
    DataFrame
        Columns `DRIVER_COLUMNS`, by expected movement: chance that the branch is taken; the answer as it is, if it is
        taken and if it is not; `moves`, by how much the answer is expected to move once it is known; the Monte Carlo
        `error` of if_so less if_not; the month after the exit by which half of the futures that take it have; and what
        settles it. NaN where too few futures say.
    """
    rows = []
    for name, way in ways.items():
        driver = drivers[name]
        for number, branch in enumerate(driver.branches):
            taken = way == number
            if not taken.any() or taken.all():
                continue
            rows.append(
                [
                    name,
                    branch.id,
                    driver.title_of(branch),
                    *moved(passes, taken),
                    _half_by(onsets[name][taken]),
                    driver.resolves or "",
                ]
            )
    table = pd.DataFrame(rows, columns=list(DRIVER_COLUMNS))
    return table.sort_values("moves", ascending=False, kind="stable", ignore_index=True)


def moved(passes: np.ndarray, taken: np.ndarray) -> tuple[float, float, float, float, float, float]:
    """Return what news would do to an answer.

    Parameters
    ----------
    passes, taken : bool array (draw,)
        Whether the answer's total passes its threshold, and whether the news is so, in each future.

    Returns
    -------
    tuple of float
        Chance of the news; the answer as it is, if so and if not; by how much it is expected to move; Monte Carlo error
        of the difference. NaN from the third on where too few futures say (`FEWEST_FUTURES`).
    """
    chance, answer = float(taken.mean()), float(passes.mean())
    if min(int(taken.sum()), int((~taken).sum())) < FEWEST_FUTURES:
        return chance, answer, float("nan"), float("nan"), float("nan"), float("nan")
    so, otherwise = float(passes[taken].mean()), float(passes[~taken].mean())
    error = np.sqrt(so * (1 - so) / taken.sum() + otherwise * (1 - otherwise) / (~taken).sum())
    moves = chance * abs(so - answer) + (1 - chance) * abs(otherwise - answer)
    return chance, answer, so, otherwise, float(moves), float(error)


def _half_by(onsets: np.ndarray) -> float:
    return float(np.median(onsets))


def deaths_that_tell_apart(first: np.ndarray, second: np.ndarray, months: tuple[int, ...]) -> pd.DataFrame:
    """Return which count of deaths, and by which month, would tell two scenarios apart, from even odds.

    Parameters
    ----------
    first, second : array (draw, month)
        Deaths of the same months under each.
    months : tuple of int
        After how many of these months it is asked.

    Returns
    -------
    DataFrame
        Columns `APART_COLUMNS`. `deaths`: more than so many until then, the number that speaks most clearly for one of
        the two and is seen in at least 5 in 100 of that one's futures. `first_has`, `second_has`: share of futures that
        have more. `chance_first`: chance of the first scenario once it is seen. `told_apart`: whether that is clear
        (`CLEAR`) for either.
    """
    rows = []
    for count in months:
        one, other = (np.sort(deaths[:, :count].sum(axis=1)) for deaths in (first, second))
        values = np.unique(np.concatenate([one, other]))
        has_one, has_other = (1 - np.searchsorted(x, values, side="right") / len(x) for x in (one, other))
        with np.errstate(invalid="ignore"):
            chance = has_one / (has_one + has_other)
        speaks = np.where(chance >= 0.5, has_one, has_other) >= SEEN
        clear = np.where(speaks, np.abs(chance - 0.5), -1.0)
        best = int(np.nanargmax(clear))
        told = bool(abs(chance[best] - 0.5) >= CLEAR - 0.5)
        rows.append(
            [count, float(values[best]), float(has_one[best]), float(has_other[best]), float(chance[best]), told]
        )
    return pd.DataFrame(rows, columns=list(APART_COLUMNS))


def trigger_card(
    record: np.ndarray, futures: np.ndarray, event: float, *, country: str, outcome: str, since: int = 0
) -> Card:
    """Return what a quarter above a quarter of a year's threshold has meant on record, and how likely one is now.

    Parameters
    ----------
    record : array (month,)
        Deaths on record; quarters end every third month, counted back from the last.
    futures : array (draw, month)
        Simulated deaths of the months after them.
    event : float
        Deaths in the twelve months after a quarter.
    country, outcome : str
    since : int
        First month of the record that is looked at.
    """
    threshold = event * QUARTER / YEAR
    ends = range(len(record) - YEAR, since + QUARTER - 1, -QUARTER)
    on = np.array([record[end - QUARTER : end].sum() > threshold for end in ends], dtype=bool)
    after = [record[end : end + YEAR].cumsum() for end in ends]
    came = np.array([total[-1] > event for total in after], dtype=bool)
    leads = [int((total <= event).sum()) + 1 for total, hit in zip(after, on & came, strict=True) if hit]
    known = np.broadcast_to(record[-(QUARTER - 1) :], (len(futures), QUARTER - 1))
    ahead = np.concatenate([known, futures[:, :YEAR]], axis=1)
    rolling = np.lib.stride_tricks.sliding_window_view(ahead, QUARTER, axis=1).sum(axis=2)
    active = float((rolling.max(axis=1) > threshold).mean())
    return Card(
        country,
        outcome,
        threshold,
        event,
        active,
        int((on & came).sum()),
        int((~on & came).sum()),
        int((on & ~came).sum()),
        int((~on & ~came).sum()),
        tuple(leads),
    )
