"""Paired comparison of scenarios: the same draws, the same noise, only the assumptions differ."""

import numpy as np
import pandas as pd
import xarray as xr


def compare_paths(first: xr.DataArray, second: xr.DataArray, windows: dict[str, list[str]]) -> pd.DataFrame:
    """Return how much more happens in the first scenario than in the second.

    Parameters
    ----------
    first, second : DataArray (draw, month, country, outcome)
        Deaths on common random numbers: draw i of one belongs to draw i of the other.
    windows : dict of str to list of str
        Months of each horizon.

    Returns
    -------
    DataFrame
        Columns country, outcome, window, difference_mean, difference_q05, difference_median, difference_q95 (deaths per
        month), ratio (of the expected deaths), probability_more (share of futures with more deaths in the first; ties
        count half), first_month and last_month of the window.
    """
    rows = []
    for name, months in windows.items():
        a, b = first.sel(month=months).mean("month"), second.sel(month=months).mean("month")
        difference = a - b
        quantiles = difference.quantile([0.05, 0.5, 0.95], dim="draw")
        base = b.mean("draw")
        frame = xr.Dataset(
            {
                "difference_mean": difference.mean("draw"),
                "difference_q05": quantiles.isel(quantile=0, drop=True),
                "difference_median": quantiles.isel(quantile=1, drop=True),
                "difference_q95": quantiles.isel(quantile=2, drop=True),
                "ratio": a.mean("draw") / base.where(base > 0, np.nan),
                "probability_more": (difference > 0).mean("draw") + 0.5 * (difference == 0).mean("draw"),
            }
        )
        rows.append(
            frame.to_dataframe().reset_index().assign(window=name, first_month=months[0], last_month=months[-1])
        )
    return pd.concat(rows, ignore_index=True)
