"""The numbers that define the model, each with its reason. Changing one changes the cache key of every fit.

The structure was chosen on forecasts of January to December of 2018 to 2023 from the October before (see
`benchmarks/model_choice.md`); 2024 was not looked at while choosing.
"""

from dataclasses import asdict, dataclass

import numpy as np


@dataclass(frozen=True)
class ModelSpecification:
    """Structure and sampler settings of the model.

    Attributes
    ----------
    fast_half_life, slow_half_life : float
        Half-lives in months of the exponentially weighted memories of past deaths.
    geometric_outcomes : tuple of str
        Outcomes whose rate returns to the country's long-run level as a weighted geometric mean of level and memory.
        State-based wars fade faster than they flare; the other outcomes use the arithmetic mean.
    fast_memory_outcomes : tuple of str
        Outcomes that also have the fast memory. For state-based deaths it makes forecasts worse.
    window_months : int
        Months of record before `as_of` that enter the likelihood.
    recency_half_life : float
        Half-life in months of the weight of a month in the likelihood (a power likelihood: older months speak softer).
    burn_in_months : int
        Months at the start of the record whose mean starts the memories.
    small_rate : float
        Deaths per month added where a logarithm needs a positive number in a geometric outcome.
    quiet_rate : float
        Deaths per month added to the worst year on record before a level is stated relative to it, so that countries
        without deaths keep a low level instead of none.
    rate_ceiling : float
        Upper bound of a monthly rate in simulated paths, deaths per month; the share of bounded rates is reported.
        No country of the panel has passed 2,200 deaths of one type in a month since 1989.
    largest_zero_share : float
        Upper bound of the probability of a structural zero, which keeps its logarithm finite.
    """

    fast_half_life: float = 4.0
    slow_half_life: float = 12.0
    geometric_outcomes: tuple[str, ...] = ("state_based",)
    fast_memory_outcomes: tuple[str, ...] = ("non_state", "one_sided")
    window_months: int = 144
    recency_half_life: float = 48.0
    burn_in_months: int = 12
    small_rate: float = 0.05
    quiet_rate: float = 0.5
    rate_ceiling: float = 20_000.0
    largest_zero_share: float = 0.98

    def as_dict(self) -> dict:
        """Return the specification as plain data, for cache keys and `run.json`."""
        return asdict(self)


@dataclass(frozen=True)
class SamplerSettings:
    """Settings of nutpie's NUTS. Equal settings and seed give equal draws."""

    draws: int = 1250
    tune: int = 400
    chains: int = 4
    cores: int = 2
    target_accept: float = 0.95
    seed: int = 1

    def as_dict(self) -> dict:
        """Return the settings as plain data."""
        return asdict(self)


STANDARD = ModelSpecification()

DISPERSION_CENTRE = np.array([2.0, 1.0, 1.5])
"""Log rate at which `log_dispersion` is stated, by outcome: near the middle of the data, so that it and the slope
are not entangled in sampling."""
