"""The names every room agrees on, whatever the case: outcomes, horizons and ways to count."""

from typing import Literal

Counts = Literal["reported", "plausible"]
"""Deaths as UCDP's best estimates count them, or widened by its own low and high estimates."""

OUTCOMES: dict[str, str] = {
    "state_based": "state-based deaths",
    "non_state": "non-state deaths",
    "one_sided": "deaths of civilians in one-sided violence",
}
"""UCDP type of violence to the words a reader sees; `one_sided` is the headline for civilian risk."""

HEADLINE = "one_sided"

ONE_SIDED_STATE, ONE_SIDED_OTHER = "one_sided_state", "one_sided_other"
ONE_SIDED_PARTS: dict[str, str] = {
    ONE_SIDED_STATE: "deaths of civilians by the state and its partners",
    ONE_SIDED_OTHER: "deaths of civilians by others",
}
"""Who killed: both always sum to `one_sided`."""

WHOLE_RUN = "run"
"""The window that holds every simulated month, where none of them lies in a horizon."""

HORIZONS: dict[str, tuple[int, int]] = {"short": (1, 6), "mid": (7, 24), "long": (25, 60)}
"""Months after the exit, first and last included."""

ALL_NEIGHBOURS = "all"
"""Country of asylum that stands for all neighbours together."""

PEOPLE = (1_000, 10_000, 50_000)
"""Numbers of people who flee in a year whose chance of being passed is told."""

DISPLACED_PEOPLE = (100_000, 500_000, 1_000_000)
"""The same of people displaced inside their country at the end of a year."""
