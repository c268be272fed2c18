"""A small made-up record: three units, one of them an island, and two outcomes, so that generality is cheap to test."""

import numpy as np
import xarray as xr

from harmattan.core.months import months_after

UNITS = ("HOM", "NEX", "ISL")
KINDS = ("state_based", "one_sided")


def made_up_record(months=60, first_after="2015-12", units=UNITS, outcomes=KINDS, seed=4):
    """Return deaths per month, dims (month, country, outcome): a war at home, less next door, little on the island."""
    rng = np.random.default_rng(seed)
    rates = np.outer([30.0, 8.0, 0.5], [1.0, 0.6, 0.8])[: len(units), : len(outcomes)]
    deaths = rng.negative_binomial(1.5, 1.5 / (1.5 + rates), (months, len(units), len(outcomes))).astype(float)
    coords = {"month": months_after(first_after, months), "country": list(units), "outcome": list(outcomes)}
    return xr.DataArray(deaths, coords=coords, dims=("month", "country", "outcome"), name="deaths")


def made_up_borders(units=UNITS):
    """Return weights of neighbours: home and next door touch, the island has no neighbour."""
    weights = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])[: len(units), : len(units)]
    return xr.DataArray(
        weights, dims=("country", "neighbour"), coords={"country": list(units), "neighbour": list(units)}
    )
