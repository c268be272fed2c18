"""How a forecast did is told of the cells where it expected something, and the sentence says the numbers."""

import numpy as np
import xarray as xr

from harmattan.core.months import months_after
from harmattan.report.hindsight import check_totals, coverage_by_month, pit_by_month

MONTHS = months_after("2023-06", 14)


def cells(values):
    coords = {"month": MONTHS, "country": ["MLI", "TGO"], "outcome": ["one_sided"]}
    return xr.DataArray(
        np.asarray(values, dtype=float)[:, :, None], dims=("month", "country", "outcome"), coords=coords
    )


def draws():
    """Return draws 0 to 10 for Mali (80 % between 1 and 9) and zeros for Togo, every month."""
    mali = np.broadcast_to(np.arange(11.0)[:, None], (11, len(MONTHS)))
    values = np.stack([mali, np.zeros_like(mali)], axis=2)[..., None]
    coords = {"month": MONTHS, "country": ["MLI", "TGO"], "outcome": ["one_sided"]}
    return xr.DataArray(values, dims=("draw", "month", "country", "outcome"), coords=coords)


def observed(outside=4):
    """Return five deaths a month in Mali, but 20 in `outside` months; none in Togo."""
    mali = np.where(np.arange(len(MONTHS)) < outside, 20, 5)
    return cells(np.stack([mali, np.zeros(len(MONTHS))], axis=1))


def test_months_without_an_expected_death_do_not_flatter():
    row = coverage_by_month(observed(), draws()).set_index("nominal").loc[0.8]
    assert (row["observed"], row["n"]) == (10 / 14, 14)
    assert (row["observed_all"], row["n_all"]) == ((10 + 14) / 28, 28)


def test_cells_are_chosen_by_the_forecast_and_not_by_what_came():
    came = observed()
    came.loc[{"country": "TGO"}] = 3  # a surprise where none was expected leaves the counted cells as they are
    row = coverage_by_month(came, draws()).set_index("nominal").loc[0.8]
    assert (row["observed"], row["n"]) == (10 / 14, 14)
    assert row["observed_all"] == 10 / 28


def test_nothing_expected_gives_an_empty_table_with_its_columns():
    table = coverage_by_month(observed(), draws() * 0)
    assert len(table) == 0 and {"nominal", "observed", "n"} <= set(table.columns)


def test_pit_values_are_those_of_the_counted_cells():
    assert pit_by_month(observed(), draws(), seed=1).shape == (14,)


def test_totals_are_of_the_first_twelve_months_and_fall_inside_above_or_below():
    check = check_totals(observed(outside=0), draws())
    assert (check.first_month, check.last_month) == ("2023-07", "2024-06")
    assert (check.count, check.inside, check.above, check.below) == (1, 1, 0, 0)  # 60 in 12 to 108; Togo expects none
    assert check_totals(observed(outside=12), draws()).above == 1
    assert check_totals(observed(outside=0) * 0, draws()).below == 1
