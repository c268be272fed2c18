"""Paired comparison of scenarios: the same draws, the same noise, only the assumptions differ."""

import numpy as np
import pandas as pd
import xarray as xr

HALF_A_DEATH = 0.5


def ratio_of_expected(first: xr.DataArray, second: xr.DataArray) -> float:
    """Return the ratio of expected deaths: mean over the draws of the first by that of the second; NaN over nothing."""
    base = float(second.mean())
    return float(first.mean()) / base if base > 0 else float("nan")


def paired_ratio(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the ratio within each future, (deaths + 0.5) / (deaths + 0.5), so that futures without deaths count.

    Its median is another quantity than `ratio_of_expected`: half of the futures have a larger ratio.
    """
    return (first + HALF_A_DEATH) / (second + HALF_A_DEATH)


def ratio_interval(first: np.ndarray, second: np.ndarray) -> dict[str, np.ndarray]:
    """Return 5 % quantile, median and 95 % quantile of `paired_ratio`; futures lie along the first axis."""
    quantiles = np.quantile(paired_ratio(first, second), [0.05, 0.5, 0.95], axis=0)
    return dict(zip(("ratio_q05", "ratio_median", "ratio_q95"), quantiles, strict=True))


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
        month), ratio (of the expected deaths), ratio_q05, ratio_median, ratio_q95 (of `paired_ratio` over all deaths of
        the window), probability_more (share of futures with more deaths in the first; ties
        count half), first_month and last_month of the window.
    """
    rows = []
    for name, months in windows.items():
        all_first, all_second = first.sel(month=months).sum("month"), second.sel(month=months).sum("month")
        a, b = all_first / len(months), all_second / len(months)
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
                **{
                    name: (("country", "outcome"), values)
                    for name, values in ratio_interval(
                        all_first.transpose("draw", "country", "outcome").values,
                        all_second.transpose("draw", "country", "outcome").values,
                    ).items()
                },
                "probability_more": (difference > 0).mean("draw") + 0.5 * (difference == 0).mean("draw"),
            }
        )
        rows.append(
            frame.to_dataframe().reset_index().assign(window=name, first_month=months[0], last_month=months[-1])
        )
    return pd.concat(rows, ignore_index=True)
