"""What an explanation is about: one total, and one line that it may pass."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..core.names import OUTCOMES
from ..schema.validation import suggestion


@dataclass(frozen=True)
class Question:
    """The total of one country and outcome over the first months, and the chance that it passes a threshold.

    Attributes
    ----------
    country : str
        Unit of the case, by its code.
    outcome : str
    months : int
        First simulated months that are added up.
    threshold : float
        Deaths in those months.

    Raises
    ------
    InputError
        If there is no such outcome, or months or threshold make no sense.
    """

    country: str
    outcome: str
    months: int = 12
    threshold: float = 1000.0

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise InputError(f"There is no outcome {self.outcome!r}.{suggestion(self.outcome, OUTCOMES)}")
        if not 1 <= self.months <= 240:
            raise InputError(f"The months of a question must lie between 1 and 240, not {self.months}.")
        if not 0 <= self.threshold < float("inf"):
            raise InputError(f"A threshold is a number of deaths, zero or more, not {self.threshold}.")

    def total(self, deaths: xr.DataArray) -> np.ndarray:
        """Return the total of each future, shape (draw,), from deaths (draw, month, country, outcome)."""
        return self.monthly(deaths).sum(axis=1)

    def monthly(self, deaths: xr.DataArray) -> np.ndarray:
        """Return the deaths of each future and month, shape (draw, month)."""
        cells = deaths.sel(country=self.country, outcome=self.outcome).isel(month=slice(0, self.months))
        return cells.transpose("draw", "month").values.astype(float)

    def acting(self, exposures: xr.DataArray, driver: str) -> np.ndarray:
        """Return a driver's share of its peak log effect on the question, shape (month,) or (draw, month)."""
        share = exposures.sel(driver=driver, country=self.country, outcome=self.outcome)
        share = share.isel(month=slice(0, self.months))
        return share.transpose("draw", "month", missing_dims="ignore").values

    def as_dict(self) -> dict[str, Any]:
        """Return the question as plain data."""
        return asdict(self)
