"""When drivers act, by what their claims say of it: a claim's horizon is a likelihood for onset, ramp and half-life.

Whoever says that something will be felt in the middle term names the horizon in which it acts most. So a claim of
horizon ``h`` has the likelihood

    mean activation in h / sum over horizons of the mean activation        (`activation.activation`)

and a driver's own timing (`scenarios/drivers.yaml`) is the prior: its onset window holds `WINDOW_HOLDS` of the chances
and the rest lies on all months of the horizons alike; ramp and half-life are its own with a chance of one half, or half
or twice as long with a quarter each (an effect that lasts may be one that halves in `IF_IT_FADES` months). Each group
of sources counts once, its claims with a stated horizon alike. Without any, the driver's own timing stands.
"""

from collections import defaultdict
from functools import lru_cache

import numpy as np

from ..case.drivers import Drivers
from ..claims.register import Register
from ..core.names import HORIZONS
from ..schema.driver import Driver, Timing
from .activation import activation

WINDOW_HOLDS = 0.8
IF_IT_FADES = 24.0
STRETCHES, CHANCES = (0.5, 1.0, 2.0), (0.25, 0.5, 0.25)
ENDS = (0.05, 0.5, 0.95)
"""Quantiles of the onset that become earliest, median and latest month."""

_LAST = max(last for _, last in HORIZONS.values())
_MONTHS = np.arange(1, _LAST + 1)


def as_claimed(register: Register) -> Drivers:
    """Return the drivers of a register, with timing as their claims have it.

    Parameters
    ----------
    register : Register
    """
    timed = {name: _timed(driver, horizons_told(register, name)) for name, driver in register.drivers.items()}
    return Drivers(timed, register.drivers.case)


def horizons_told(register: Register, driver: str) -> dict[str, float]:
    """Return how many groups of sources say of a driver that it acts in each horizon; a group may divide itself.

    Parameters
    ----------
    register : Register
    driver : str
    """
    groups: dict[str, list[str]] = defaultdict(list)
    heard = register.heard[driver]
    for name in dict.fromkeys(claim for _, side, claim in heard.votes if side == "for"):
        claim = register.claims.get(name)
        if claim is not None and claim.horizon_explicit and claim.horizon in HORIZONS:
            groups[register.sources[claim.source].group].append(claim.horizon)
    told = dict.fromkeys(HORIZONS, 0.0)
    for horizons in groups.values():
        for horizon in horizons:
            told[horizon] += 1.0 / len(horizons)
    return {horizon: count for horizon, count in told.items() if count}


def _timed(driver: Driver, told: dict[str, float]) -> Driver:
    if not told:
        return driver
    return driver.model_copy(update={"timing": timing_given(driver.timing, told)})


def timing_given(own: Timing, told: dict[str, float]) -> Timing:
    """Return a timing after hearing horizons.

    Parameters
    ----------
    own : Timing
        As the driver states it.
    told : dict of str to float
        Groups of sources by horizon.

    Examples
    --------
    >>> own = Timing(onset_month=3, onset_window=(1, 7), ramp_months=6, half_life_months=None)
    >>> timing_given(own, {"long": 3.0}).onset_month > timing_given(own, {"short": 3.0}).onset_month
    True
    """
    ramps = [max(round(stretch * own.ramp_months), 0) for stretch in STRETCHES]
    lives = _half_lives(own.half_life_months)
    belief = np.zeros((_LAST, len(ramps), len(lives)))
    for i, ramp in enumerate(ramps):
        for j, life in enumerate(lives):
            named = _named(ramp, life)
            likelihood = np.stack([named[name] ** count for name, count in told.items()]).prod(axis=0)
            belief[:, i, j] = onset_chances(own) * CHANCES[i] * CHANCES[j] * likelihood
    belief /= belief.sum()
    onset = belief.sum(axis=(1, 2)).cumsum()
    first, middle, last = (int(_MONTHS[np.searchsorted(onset, level)]) for level in ENDS)
    return Timing(
        onset_month=middle,
        onset_window=(first, last),
        ramp_months=ramps[int(belief.sum(axis=(0, 2)).argmax())],
        half_life_months=lives[int(belief.sum(axis=(0, 1)).argmax())],
    )


def _half_lives(own: float | None) -> tuple[float | None, ...]:
    if own is None:
        return IF_IT_FADES, None, 2 * IF_IT_FADES
    return tuple(stretch * own for stretch in STRETCHES)


def onset_chances(own: Timing) -> np.ndarray:
    """Return how likely each month is the first, by the driver's own timing, shape (month,), months 1 to the last."""
    earliest, latest = own.onset_window or (own.onset_month, own.onset_month)
    edges = (earliest - 0.5, own.onset_month, latest + 0.5)
    below = np.interp(np.append(_MONTHS - 0.5, _LAST + 0.5), edges, (0.0, 0.5, 1.0))
    within = np.diff(below)
    total = within.sum()
    inside = WINDOW_HOLDS * within / total if total > 0 else np.zeros_like(within)  # a window after all horizons
    return inside + (1.0 - WINDOW_HOLDS) / _LAST


@lru_cache(maxsize=256)
def _named(ramp: int, half_life: float | None) -> dict[str, np.ndarray]:
    """Return for each horizon the chance that it is the one named, by month of onset, shape (month,)."""
    acting = np.stack([activation(_MONTHS, int(onset), ramp, half_life) for onset in _MONTHS])
    means = {name: acting[:, first - 1 : last].mean(axis=1) for name, (first, last) in HORIZONS.items()}
    total = np.stack(list(means.values())).sum(axis=0)
    return {name: mean / total for name, mean in means.items()}
