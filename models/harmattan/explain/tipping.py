"""How strong an unnamed cause would have to be to make a difference vanish."""

import math
from dataclasses import dataclass

import numpy as np

Z80 = 1.2815515655446004
"""Standard errors to either end of an 80 % interval."""

HALF = 0.5
"""Deaths that are added to a total before ratios are taken, as of exits elsewhere."""

MOST_ALIKE = 0.9
"""Correlation of one month with the next above which it is not believed."""


@dataclass(frozen=True)
class Tipping:
    """What would have to be behind a difference for it to be nothing.

    Attributes
    ----------
    ratio : float
        Of the one to the other. A cause that multiplied the one's rate by so much over the window, and was at work in
        it alone, would be all of the difference.
    low, high : float
        80 % range of the ratio.
    e_value : float
        How much a cause must multiply the rate by, and how many times as often it must be there in the one, if it may
        be at work in both (VanderWeele & Ding 2017, Annals of Internal Medicine 167).
    e_value_of_range : float
        The same for the end of the range that is nearer to one; 1 where the range holds one.
    """

    ratio: float
    low: float
    high: float
    e_value: float
    e_value_of_range: float

    def turned(self) -> "Tipping":
        """Return that of the other over the one."""
        ends = 1.0 / self.high, 1.0 / self.low
        return Tipping(1.0 / self.ratio, *ends, self.e_value, self.e_value_of_range)


def e_value(ratio: float) -> float:
    """Return the E-value of a ratio, which is 1 for no difference.

    >>> round(e_value(2.0), 3)
    3.414
    """
    above = max(ratio, 1.0 / ratio)
    return above + math.sqrt(above * (above - 1.0))


def tipping(ratio: float, low: float, high: float) -> Tipping:
    """Return the tipping point of a ratio with its 80 % range."""
    nearer = 1.0 if low <= 1.0 <= high else low if low > 1.0 else high
    return Tipping(ratio, low, high, e_value(ratio), e_value(nearer))


def tipping_of_futures(first: np.ndarray, second: np.ndarray) -> Tipping:
    """Return the tipping point of the difference between two scenarios on the same futures.

    Parameters
    ----------
    first, second : array (draw,)
        Totals, deaths; of the second those of the first futures may be all there are. The ratio is of expected deaths,
        the range that of ratios within each future.
    """
    paired = first[: len(second)]
    low, high = np.quantile((paired + HALF) / (second + HALF), [0.1, 0.9])
    expected = first.mean() + (second - paired).mean()
    return tipping(float((first.mean() + HALF) / (expected + HALF)), float(low), float(high))


def tipping_of_record(before: np.ndarray, after: np.ndarray) -> Tipping:
    """Return the tipping point of what the record changed by, with months that vary more than chance and go together.

    The variance of the log ratio is that of two Poisson totals, times the dispersion of months about the mean of their
    window (Pearson's, 1 at least), times (1 + r) / (1 - r) for months that resemble the one before by r (0 at least).

    Parameters
    ----------
    before, after : array (month,)
        Deaths a month, two months or more each.
    """
    totals = before.sum() + HALF, after.sum() + HALF
    ratio = (totals[1] / after.size) / (totals[0] / before.size)
    parts = [_residuals(part) for part in (before, after)]
    freedom = before.size + after.size - 2
    dispersion = max(sum(float((part**2).sum()) for part in parts) / freedom, 1.0)
    alike = _resemblance(parts)
    error = math.sqrt(dispersion * (1.0 + alike) / (1.0 - alike) * sum(1.0 / total for total in totals))
    return tipping(ratio, ratio * math.exp(-Z80 * error), ratio * math.exp(Z80 * error))


def _residuals(months: np.ndarray) -> np.ndarray:
    mean = months.mean()
    return (months - mean) / math.sqrt(mean) if mean > 0 else np.zeros(months.size)


def _resemblance(parts: list[np.ndarray]) -> float:
    square = sum(float((part**2).sum()) for part in parts)
    products = sum(float((part[1:] * part[:-1]).sum()) for part in parts)
    return min(max(products / square, 0.0), MOST_ALIKE) if square > 0 else 0.0


@dataclass(frozen=True)
class Earlier:
    """How often the record had changed by as much before, between stretches of the same lengths a year apart."""

    as_large: int
    pairs: int


def changes_before(record: np.ndarray, months_before: int, months_after: int, ratio: float) -> Earlier:
    """Return how many earlier pairs of stretches differ by as large a ratio, up or down.

    Parameters
    ----------
    record : array (month,)
        Deaths a month up to the exit, none missing.
    months_before, months_after : int
        Lengths of the two stretches of a pair.
    ratio : float
        That is compared.
    """
    size, found = months_before + months_after, []
    for end in range(record.size, size - 1, -12):
        before, after = record[end - size : end - months_after], record[end - months_after : end]
        rates = (after.sum() + HALF) / months_after, (before.sum() + HALF) / months_before
        found.append(abs(math.log(rates[0] / rates[1])) >= abs(math.log(ratio)))
    return Earlier(sum(found), len(found))
