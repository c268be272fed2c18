"""The numbers that define the model, each with its reason. Changing one changes the cache key of every fit.

The structure of a month was chosen on forecasts of January to December of 2005 to 2024 from the October before, drift,
turns, bound and analogues on five other regions; `benchmarks/model_choice.md` says how, and how they did where nobody
had looked before the choice.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class OutcomeStructure:
    """How deaths of one kind are remembered, and what else their rate answers to.

    Attributes
    ----------
    name : str
        The outcome's name in the panel.
    fast_half_life, slow_half_life : float
        Half-lives in months of the exponentially weighted memories of past deaths. Wars between armed sides are
        remembered longer than attacks on civilians.
    occurrence_half_life : float
        Half-life in months of the memory of how often there were deaths at all.
    reversion_exponent : float
        Above 0 and at most 1: the rate is the weighted power mean, with this exponent, of what is remembered and the
        country's long-run level. Near 0 it is the geometric mean, in which a war fades faster than it flares up; 1 is
        the arithmetic mean.
    dispersion_centre : float
        Log rate at which `log_dispersion` is stated: near the middle of the data, so that it and the slope are not
        entangled in sampling.
    fed_by : str or None
        Outcome whose fast memory in the same country adds to the rate.
    shared_luck : float
        Share of the variance of its drift, and of its place among analogues, that is its country's. Two outcomes have
        the root of the product of theirs as correlation.
    drift_share : float
        How far it drifts, as a multiple of `ModelSpecification.drift_sd` in a series of average volatility.
    turn_share : float
        Share of a country's turn (`ModelSpecification.turn_chance`) that this outcome takes part in.
    analogue_share : float
        Share of futures in which this outcome goes by what followed years like the last one elsewhere, from 0 to 1.
    """

    name: str
    fast_half_life: float
    slow_half_life: float
    occurrence_half_life: float
    reversion_exponent: float
    dispersion_centre: float
    fed_by: str | None = None
    shared_luck: float = 0.5
    drift_share: float = 1.0
    turn_share: float = 1.0
    analogue_share: float = 0.5


STATE_BASED = OutcomeStructure("state_based", 3.0, 24.0, 24.0, 0.3, 2.0)
NON_STATE = OutcomeStructure("non_state", 2.0, 12.0, 12.0, 1.0, 1.0, shared_luck=0.1, drift_share=0.25, turn_share=0.3)
ONE_SIDED = OutcomeStructure("one_sided", 2.0, 12.0, 12.0, 0.6, 1.5, fed_by="state_based")


@dataclass(frozen=True)
class ModelSpecification:
    """Structure and sampler settings of the model.

    Attributes
    ----------
    outcomes : tuple of OutcomeStructure
        In the order of the arrays; `of` picks those that a panel holds.
    window_months : int
        Months of record before `as_of` that enter the likelihood.
    recency_half_life : float
        Half-life in months of the weight of a month in the likelihood (a power likelihood: older months speak softer).
    burn_in_months : int
        Months at the start of the record whose mean starts the memories.
    small_rate : float
        Deaths per month added to what is remembered, so that a power of it is defined in a country without deaths.
    quiet_rate : float
        Deaths per month added to the worst year on record before a level is stated relative to it, so that countries
        without deaths keep a low level instead of none.
    drift_sd, drift_keep : float
        Log rates drift away from what the memories say, as a first-order autoregression for every country and
        outcome: standard deviation of a month's step, and the share of the drift that is kept from month to month. Its
        factor has mean one (`drift.py`). Without it the totals of a year are stated too narrowly.
    turn_chance, turn_mean, turn_sd : float
        Wars also turn for good: chance of a turn in a month, and the normal step of the log rate that it brings. It
        is a country's, all its outcomes take part in it (`turn_share`), and its factor has mean one too.
    drift_months, drift_step : int
        Drift and turns begin that many months before the end of the record, in the fit, or at the exit if drivers are
        learnt from an earlier one; it knows them at nodes so many months apart (`shifts.py`).
    level_bound : float
        Soft bound of a long-run level, as a multiple of the largest slow memory, about the worst year's deaths a month.
    rate_ceiling : float
        Upper bound of a monthly rate in simulated paths, deaths per month; the share of bounded rates is reported.
        The most deaths of one type that a country of the panel has had in a month since 1989 are 2,478.
    largest_zero_share : float
        Upper bound of the probability of a structural zero, which keeps its logarithm finite.
    """

    outcomes: tuple[OutcomeStructure, ...] = (STATE_BASED, NON_STATE, ONE_SIDED)
    window_months: int = 144
    recency_half_life: float = 36.0
    burn_in_months: int = 12
    small_rate: float = 0.05
    quiet_rate: float = 0.5
    drift_sd: float = 0.22
    drift_keep: float = 0.94
    turn_chance: float = 1 / 36
    turn_mean: float = -0.4
    turn_sd: float = 0.9
    drift_months: int = 12
    drift_step: int = 3
    level_bound: float = 2.0
    rate_ceiling: float = 20_000.0
    largest_zero_share: float = 0.98

    def of(self, outcomes: Iterable[str]) -> "ModelSpecification":
        """Return the specification of some outcomes, in the order given.

        Raises
        ------
        ValueError
            If an outcome has no structure here, or is fed by one that is left out.
        """
        known, names = {outcome.name: outcome for outcome in self.outcomes}, [str(name) for name in outcomes]
        if unknown := [name for name in names if name not in known]:
            raise ValueError(f"The model states no structure for {', '.join(unknown)}; it has {', '.join(known)}.")
        chosen = tuple(known[name] for name in names)
        for outcome in chosen:
            if outcome.fed_by is not None and outcome.fed_by not in names:
                raise ValueError(f"{outcome.name} is fed by {outcome.fed_by}, which the panel does not hold.")
        return replace(self, outcomes=chosen)

    def by_outcome(self, quantity: str) -> np.ndarray:
        """Return a number of every outcome's structure, shape (outcome,)."""
        return np.array([getattr(outcome, quantity) for outcome in self.outcomes], dtype=float)

    def feeding(self) -> dict[int, int]:
        """Return the position of each outcome that another one feeds, with the position of that other one."""
        names = [outcome.name for outcome in self.outcomes]
        return {i: names.index(o.fed_by) for i, o in enumerate(self.outcomes) if o.fed_by is not None}

    def as_likelihood(self) -> "ModelSpecification":
        """Return the specification under which rates go by memory alone: without drift, turns and analogues."""
        outcomes = tuple(replace(outcome, analogue_share=0.0) for outcome in self.outcomes)
        return replace(self, outcomes=outcomes, drift_sd=0.0, turn_chance=0.0)

    def as_dict(self) -> dict:
        """Return the specification as plain data, for cache keys and `run.json`."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "ModelSpecification":
        """Return the specification that `as_dict` stored."""
        outcomes = tuple(OutcomeStructure(**outcome) for outcome in stored["outcomes"])
        return cls(**{**stored, "outcomes": outcomes})


@dataclass(frozen=True)
class SamplerSettings:
    """Settings of nutpie's NUTS. Equal settings and seed give equal draws, on however many cores chains run."""

    draws: int = 1200
    tune: int = 300
    chains: int = 4
    cores: int = field(default=2, compare=False)
    target_accept: float = 0.8
    seed: int = 1

    def as_dict(self) -> dict:
        """Return the settings as plain data."""
        return asdict(self)

    def determining(self) -> dict:
        """Return, as plain data, those on which draws depend."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.compare}


STANDARD = ModelSpecification()

WITH_DRIVERS = SamplerSettings(draws=1400, tune=300)
"""For fits that learn drivers: with some forty directions more, levels need more draws for r-hat below 1.01."""

LEAST_RATE = 1e-3
"""Deaths per month below which no rate falls, so that its logarithm is finite."""

OCCURRENCE_CENTRE = 0.5
"""Share of months with deaths at which dispersion and zeros are stated: near the middle of the data, so that they and
their slopes are not entangled in sampling."""
