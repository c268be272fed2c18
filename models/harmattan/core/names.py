"""The names every room agrees on: countries, outcomes, horizons and dimensions."""

from typing import Literal

Counts = Literal["reported", "plausible"]
"""Deaths as UCDP's best estimates count them, or widened by its own low and high estimates."""

COUNTRIES: dict[str, str] = {
    "MLI": "Mali",
    "BFA": "Burkina Faso",
    "NER": "Niger",
    "MRT": "Mauritania",
    "SEN": "Senegal",
    "GIN": "Guinea",
    "GNB": "Guinea-Bissau",
    "CIV": "Côte d'Ivoire",
    "GHA": "Ghana",
    "TGO": "Togo",
    "BEN": "Benin",
    "NGA": "Nigeria",
    "TCD": "Chad",
    "CMR": "Cameroon",
    "DZA": "Algeria",
    "LBY": "Libya",
}
"""ISO 3166 alpha-3 code to English short name, in the order used by every array."""

ISO3: tuple[str, ...] = tuple(COUNTRIES)

OUTCOMES: dict[str, str] = {
    "state_based": "state-based deaths",
    "non_state": "non-state deaths",
    "one_sided": "deaths of civilians in one-sided violence",
}
"""UCDP type of violence to the words a reader sees; `one_sided` is the headline for civilian risk."""

HEADLINE = "one_sided"

COASTAL_STATES: tuple[str, ...] = ("SEN", "GIN", "GNB", "CIV", "GHA", "TGO", "BEN")
"""The West African coastal states that the documents fear for (Mauritania and Nigeria are told apart)."""

REGIONS: dict[str, tuple[str, ...]] = {
    "Mali": ("MLI",),
    "central Sahel": ("MLI", "BFA", "NER"),
    "coast": COASTAL_STATES,
}
"""Countries taken together where scenarios are looked at side by side."""

WHOLE_RUN = "run"
"""The window that holds every simulated month, where none of them lies in a horizon."""

HORIZONS: dict[str, tuple[int, int]] = {"short": (1, 6), "mid": (7, 24), "long": (25, 60)}
"""Months after the exit, first and last included."""

THRESHOLDS: tuple[int, ...] = (100, 250, 500, 1000, 2500, 5000)
"""Deaths in twelve months whose exceedance probability is reported."""

COASTAL_THRESHOLD = 25
"""Deaths of all types in a year that count as conflict reaching a coastal state: our threshold. UCDP's, of the same
number, is for a single dyad or actor."""
