"""The rate, dispersion and zeros of many draws at once: the likelihood's formulas in numpy, for the simulator."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..model.specification import LEAST_RATE, OCCURRENCE_CENTRE, ModelSpecification


@dataclass(frozen=True)
class DrawsOfRate:
    """Parameters of some draws, shaped to broadcast over (draw, country, outcome)."""

    log_level: np.ndarray
    import_share: np.ndarray
    dispersion: np.ndarray
    memory_weight: np.ndarray
    fast_share: np.ndarray
    slope: np.ndarray
    steadiness: np.ndarray
    zero_base: np.ndarray
    zero_slope: np.ndarray
    presence: np.ndarray
    coupling: np.ndarray
    spec: ModelSpecification

    @classmethod
    def of(
        cls, parameters: xr.Dataset, spec: ModelSpecification, chunk: slice | np.ndarray = slice(None)
    ) -> "DrawsOfRate":
        """Return the parameters of some draws, all by default."""

        def by_series(name: str) -> np.ndarray:
            return parameters[name].transpose("draw", "country", "outcome").values[chunk]

        def by_outcome(name: str) -> np.ndarray:
            return parameters[name].transpose("draw", "outcome").values[chunk][:, None, :]

        return cls(
            by_series("log_level"),
            1 / (1 + np.exp(-by_series("import_logit"))),
            by_series("log_dispersion"),
            by_outcome("memory_weight"),
            by_outcome("fast_share"),
            by_outcome("dispersion_slope"),
            by_outcome("dispersion_occurrence"),
            by_outcome("zero_base"),
            by_outcome("zero_slope"),
            by_outcome("zero_occurrence"),
            parameters["coupling"].values[chunk][:, None],
            spec,
        )

    def rate(self, own_fast: np.ndarray, own_slow: np.ndarray, neighbours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rate without drivers, and what a death in the neighbours' memory adds to it."""
        exponent, weight = self.spec.by_outcome("reversion_exponent"), self.memory_weight
        own = self.spec.small_rate + self.fast_share * own_fast + (1 - self.fast_share) * own_slow
        level = np.exp(exponent * self.log_level)
        rate = ((1 - weight) * level + weight * own**exponent) ** (1 / exponent) + LEAST_RATE
        per_death = (1 - weight) * self.import_share
        rate += per_death * neighbours
        for fed, source in self.spec.feeding().items():
            rate[..., fed] += self.coupling * own_fast[..., source]
        return rate, per_death

    def spread(self, rate: np.ndarray, occurrence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return size and probability of a structural zero at a rate and a memory of how often there were deaths."""
        level, often = np.log(rate + 0.1), occurrence - OCCURRENCE_CENTRE
        centre = self.spec.by_outcome("dispersion_centre")
        size = np.exp(self.dispersion + self.slope * (level - centre) + self.steadiness * often)
        zero = self.spec.largest_zero_share / (
            1 + np.exp(self.zero_slope * level + self.presence * often - self.zero_base)
        )
        return size, zero


def driver_factor(rate: np.ndarray, direct: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Return what drivers multiply the rate by.

    Parameters
    ----------
    rate : array (draw, country, outcome)
        Without drivers.
    direct : array (draw, country, outcome)
        What drivers multiply it by in the country itself.
    added : array (draw, country, outcome)
        What crosses borders because of drivers elsewhere, deaths per month. It counts wholly where it adds; where it
        takes away it is multiplied by an own factor below one, so that no rate is negative.
    """
    return direct + np.where(added < 0, np.minimum(direct, 1.0), 1.0) * added / rate


def over_borders(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the weighted sum over each country's neighbours, shape (draw, country, outcome).

    Border by border with the draws side by side: most weights are nought, and an einsum would take them all.
    """
    draws_last = np.ascontiguousarray(np.moveaxis(values, 0, -1))
    total = np.zeros_like(draws_last)
    for country, neighbour in np.argwhere(weights):
        total[country] += weights[country, neighbour] * draws_last[neighbour]
    return np.ascontiguousarray(np.moveaxis(total, -1, 0))
