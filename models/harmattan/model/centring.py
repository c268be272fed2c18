"""Offsets of countries as the sampler moves in them: each as far centred as its record tells it.

Where a record tells a country's dispersion and not how far dispersions spread, offset x spread is fixed: the larger the
spread, the narrower the offset, and a step that suits one end of the spread runs away at the other. Where the record
tells nothing the offset itself is as wide everywhere. So an offset is moved as itself x (spread / spread at the
mode) ^ told, with the share of its curvature at the mode that is the record's as `told`: 0 leaves it as it is, and 1
moves in offset x spread (Papaspiliopoulos, Roberts & Skold 2007, Statistical Science 22(1)). The density is the same.
"""

import math
from dataclasses import dataclass

import numpy as np

from ..core.compiling import compiled
from .density import Density


@dataclass(frozen=True)
class Centred:
    """A density at points whose offsets are partly centred; otherwise they are as `Density` has them.

    Attributes
    ----------
    density : Density
    mode : array (number,)
        Of the density. Points there are the same in both.
    told : array (series, country, outcome)
        From 0 to 1, by how much each offset is centred.
    """

    density: Density
    mode: np.ndarray
    told: np.ndarray

    @property
    def size(self) -> int:
        """Numbers in a point."""
        return self.density.size

    def at(self, point: np.ndarray) -> tuple[float, np.ndarray, float]:
        """Return log density, its gradient, and the log likelihood within it."""
        plain = uncentred(point, self.mode, self.told)
        value, gradient, likelihood = self.density.at(plain)
        return value + add_centring(plain, self.mode, self.told, gradient), gradient, likelihood

    def named(self, point: np.ndarray) -> dict[str, np.ndarray]:
        """Return the parameters at a point by name, on the scales of the PyMC model."""
        return self.density.named(uncentred(point, self.mode, self.told))


def told_by_record(density: Density, curvature: np.ndarray) -> np.ndarray:
    """Return the share of each offset's curvature that is not its standard normal prior's, (series, country, outcome).

    Parameters
    ----------
    density : Density
    curvature : array (number, number)
        Of minus the log density at its mode.
    """
    first = density.first_offset
    along = np.diag(curvature)[first : first + density.anchor.size]
    return (1.0 - 1.0 / np.maximum(along, 1.0)).reshape(density.anchor.shape)


@compiled
def uncentred(point: np.ndarray, mode: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Return the point of `Density` at a partly centred one."""
    plain, (quantities, countries, outcomes) = point.copy(), told.shape
    table = quantities * outcomes
    for s in range(quantities):
        for k in range(outcomes):
            column = table + s * outcomes + k
            wider = point[column] - mode[column]
            for c in range(countries):
                plain[2 * table + (s * countries + c) * outcomes + k] *= math.exp(-told[s, c, k] * wider)
    return plain


@compiled
def add_centring(plain: np.ndarray, mode: np.ndarray, told: np.ndarray, gradient: np.ndarray) -> float:
    """Return the log volume that `uncentred` keeps, and turn a gradient at `plain` into that at the centred point."""
    total, (quantities, countries, outcomes) = 0.0, told.shape
    table = quantities * outcomes
    for s in range(quantities):
        for k in range(outcomes):
            column = table + s * outcomes + k
            wider = plain[column] - mode[column]
            for c in range(countries):
                place = 2 * table + (s * countries + c) * outcomes + k
                total -= told[s, c, k] * wider
                gradient[column] -= told[s, c, k] * (gradient[place] * plain[place] + 1.0)
                gradient[place] *= math.exp(-told[s, c, k] * wider)
    return total
