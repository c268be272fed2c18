"""The smallest change that matters: what is less is no news, whatever its sign."""

from typing import Literal

ERRORS = 2.0
"""Standard errors by which a change must stand clear of that line to be told from it."""

Verdict = Literal["matters", "nothing", "undecided"]


def verdict_on(change: float, answer: float, error: float, smallest: float) -> Verdict:
    """Return whether a change of an answer matters, cannot be told from nothing, or is not known well enough.

    Parameters
    ----------
    change, answer : float
        In the same unit.
    error : float
        Standard error of the change.
    smallest : float
        Share of the answer by which it must change, as the case declares it.
    """
    line, size = smallest * abs(answer), abs(change)
    if size - ERRORS * error > line:
        return "matters"
    return "nothing" if size + ERRORS * error < line else "undecided"
