"""Where a driver acts: shares by country, stated one by one or falling with distance."""

from collections.abc import Mapping

import numpy as np

from ..panel.geography import Geography
from ..schema.driver import Driver

SMALLEST_SHARE = 0.01
"""Shares by distance below this count as nothing."""


def place_shares(driver: Driver, geography: Geography, changed: Mapping[str, float] | None = None) -> np.ndarray:
    """Return the share of the log effect that acts in each unit, shape (country,).

    Parameters
    ----------
    driver : Driver
        Countries in `places` have the share that stands there. With `distance_decay`, all others have
        exp(-distance / scale), rounded to whole hundredths; without it none.
    geography : Geography
        Whose units they are, in its order.
    changed : mapping of country to share, optional
        What a scenario puts in place of the driver's shares.
    """
    units = geography.units
    shares = np.zeros(len(units))
    if driver.distance_decay is not None:
        decay = driver.distance_decay
        if decay.origin in units:
            away = geography.distances(decay.between).sel(country=decay.origin).values
            shares = np.round(np.exp(-away / decay.scale_km), 2)
            shares[shares < SMALLEST_SHARE] = 0.0
    stated = {**driver.places, **(changed or {})}
    for country, share in stated.items():
        if country in units:  # a unit of the case that did not exist yet has no share
            shares[units.index(country)] = share
    return shares
