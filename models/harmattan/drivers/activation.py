"""When a driver acts: nothing before its onset, a straight ramp to the peak, then a lasting or a fading effect."""

import numpy as np


def activation(
    months_after_exit: np.ndarray, onset_month: int, ramp_months: int, half_life_months: float | None
) -> np.ndarray:
    """Return the share of a driver's peak effect that acts in each month.

    Parameters
    ----------
    months_after_exit : int array
        1 for the first month after the exit; zero or negative before.
    onset_month : int
        First month in which the driver acts.
    ramp_months : int
        Months from nothing to the peak, the peak month included; 0 and 1 both mean at once.
    half_life_months : float or None
        Half-life of the decay after the peak; None means that the effect lasts.

    Examples
    --------
    >>> activation(np.arange(0, 6), 2, 2, None).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0, 1.0]
    """
    months = np.asarray(months_after_exit, dtype=float)
    ramp = max(ramp_months, 1)
    share = np.clip((months - onset_month + 1) / ramp, 0.0, 1.0)
    if half_life_months is not None:
        past_peak = np.maximum(months - (onset_month + ramp - 1), 0.0)
        share = share * 0.5 ** (past_peak / half_life_months)
    return np.where(months >= 1, share, 0.0)
