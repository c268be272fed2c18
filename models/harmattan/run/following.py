"""What sub-models of people share: the deaths they follow, a row of their tables, the words of their scores."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..panel.flows import yearly
from ..risk.measures import QUANTILES

if TYPE_CHECKING:
    from .results import Forecast


def deaths_ahead(run: "Forecast", known: int) -> xr.DataArray:
    """Return deaths of all violence by draw, year and country from a year on: on record, then simulated; whole years.

    Raises
    ------
    InputError
        If the run ends before the year after is over, or its deaths are plausible ones.
    """
    if run.counts == "plausible":
        raise InputError("What follows was learnt from reported deaths: ask for it of the run of reported ones.")
    recorded = run.panel.sum("outcome", skipna=False).reset_coords(drop=True).sel(month=slice(f"{known}-01", None))
    coming = run.deaths.sum("outcome").reset_coords(drop=True).astype("float64")
    both: Any = xr.concat([recorded.expand_dims(draw=coming["draw"]), coming], "month")
    found = yearly(both)
    if found.sizes["year"] < 2:
        raise InputError(
            f"The run of {run.months[0]} to {run.months[-1]} ends before a year does that is not on record yet. "
            "Ask for more months."
        )
    return found


def chances_row(drawn: xr.DataArray, people: Sequence[int]) -> dict[str, float]:
    """Return quantiles of some draws, and the chance of more than each number of people."""
    ends = drawn.quantile(list(QUANTILES.values())).values
    chances = {f"more_than_{number}": float((drawn > number).mean()) for number in people}
    return dict(zip(QUANTILES, map(float, ends), strict=True)) | chances


def score_words(scores: pd.DataFrame | None, window: str, model: str, what: str, rival: str) -> str:
    """Return in a sentence how a model did against last year again, in squared log error, in the window declared."""
    if scores is None:
        return "How such forecasts did on past years of this case has not been scored."
    row = scores.query("window == @window and model == @model and score == 'squared'").iloc[0]
    return (
        f"Scored on {window} with the deaths that were recorded, the squared log error of {what} was "
        f"{abs(row['skill']):.0%} {'lower' if row['skill'] > 0 else 'higher'} than that of {rival} "
        f"(90 % interval {row['skill_low']:.0%} to {row['skill_high']:.0%})."
    )
