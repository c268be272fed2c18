"""Whether the sampler can be trusted: a gate, not a footnote."""

from dataclasses import asdict, dataclass
from typing import Any

LARGEST_RHAT = 1.01
FEWEST_EFFECTIVE_DRAWS = 400
LOWEST_BFMI = 0.3
"""Thresholds of Vehtari et al. (2021), Bayesian Analysis 16(2), and Betancourt (2017), arXiv 1701.02434."""


@dataclass(frozen=True)
class Diagnostics:
    """Summary of the sampler's diagnostics over all parameters.

    Attributes
    ----------
    largest_rhat : float
        Rank-normalised split r-hat, worst parameter.
    fewest_effective_draws : float
        Bulk or tail effective sample size, worst parameter.
    divergences : int
        Divergent transitions after tuning.
    lowest_bfmi : float
        Energy diagnostic, worst chain.
    chains, draws : int
        Chains and draws per chain.
    worst_parameter : str
        Parameter with the largest r-hat.
    """

    largest_rhat: float
    fewest_effective_draws: float
    divergences: int
    lowest_bfmi: float
    chains: int
    draws: int
    worst_parameter: str

    @property
    def problems(self) -> list[str]:
        """Sentences on what failed; empty when the fit can be trusted."""
        found = []
        if not self.largest_rhat < LARGEST_RHAT:
            found.append(f"r-hat is {self.largest_rhat:.3f} for {self.worst_parameter} (must be below {LARGEST_RHAT}).")
        if not self.fewest_effective_draws > FEWEST_EFFECTIVE_DRAWS:
            found.append(
                f"The effective sample size is {self.fewest_effective_draws:.0f} "
                f"(must be above {FEWEST_EFFECTIVE_DRAWS})."
            )
        if self.divergences > 0:
            found.append(f"{self.divergences} divergent transitions (must be none).")
        if not self.lowest_bfmi > LOWEST_BFMI:
            found.append(f"The lowest BFMI is {self.lowest_bfmi:.2f} (must be above {LOWEST_BFMI}).")
        return found

    @property
    def passed(self) -> bool:
        """Whether all diagnostics are within their limits."""
        return not self.problems

    def as_dict(self) -> dict:
        """Return plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> "Diagnostics":
        """Rebuild from `as_dict`."""
        return cls(**values)


def diagnose(trace: Any) -> Diagnostics:
    """Return the diagnostics of a sampled trace (an ArviZ DataTree with groups posterior and sample_stats)."""
    import arviz as az
    import numpy as np

    posterior = trace["posterior"].to_dataset().drop_vars("log_likelihood", errors="ignore")
    # A parameter that never moved has r-hat 0/0. Its NaN must fail the gate: xarray's max and min would pass over it.
    with np.errstate(invalid="ignore", divide="ignore"):
        rhat = {str(name): float(values.values.max()) for name, values in az.rhat(posterior).items()}
    worst = max(rhat, key=lambda name: np.nan_to_num(rhat[name], nan=np.inf))
    effective = [values.values.min() for m in ("bulk", "tail") for values in az.ess(posterior, method=m).values()]
    energy = trace["sample_stats"]["energy"].values
    bfmi = np.square(np.diff(energy, axis=1)).mean(axis=1) / energy.var(axis=1)
    return Diagnostics(
        largest_rhat=rhat[worst],
        fewest_effective_draws=float(np.min(effective)),
        divergences=int(trace["sample_stats"]["diverging"].values.sum()),
        lowest_bfmi=float(bfmi.min()),
        chains=posterior.sizes["chain"],
        draws=posterior.sizes["draw"],
        worst_parameter=worst,
    )
