"""Where a driver acts: shares by country, stated one by one or falling with distance."""

from collections.abc import Mapping

import numpy as np

from ..core.names import ISO3
from ..panel.geography import distances
from ..schema.driver import Driver
from ..schema.vocabulary import Country

SMALLEST_SHARE = 0.01
"""Shares by distance below this count as nothing."""


def place_shares(driver: Driver, changed: Mapping[Country, float] | None = None) -> np.ndarray:
    """Return the share of the log effect that acts in each country, shape (country,).

    Parameters
    ----------
    driver : Driver
        Countries in `places` have the share that stands there. With `distance_decay`, all others have
        exp(-distance / scale), rounded to whole hundredths; without it none.
    changed : mapping of country to share, optional
        What a scenario puts in place of the driver's shares.
    """
    shares = np.zeros(len(ISO3))
    if driver.distance_decay is not None:
        decay = driver.distance_decay
        away = distances(decay.between).sel(country=decay.origin).reindex(neighbour=list(ISO3)).values
        shares = np.round(np.exp(-away / decay.scale_km), 2)
        shares[shares < SMALLEST_SHARE] = 0.0
    stated: dict[Country, float] = {**driver.places, **(changed or {})}
    for country, share in stated.items():
        shares[ISO3.index(country)] = share
    return shares
