"""Figures from arrays and tables: each is one call that returns Axes; `describe(ax)` gives its words.

The figures know nothing of the model: they take xarray arrays and pandas tables. Nothing here changes global settings.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .chances_chart import chances
    from .claim_timeline_chart import claim_timeline
    from .contrast import scenario_contrast
    from .course_numbers import years_ahead_numbers
    from .derivation_chart import derivation
    from .dotplot import dots
    from .exits_chart import exits
    from .fan_chart import fan
    from .flow import flow_map
    from .frame import Description, describe
    from .graph import driver_graph
    from .ladder import exceedance_ladder
    from .lexicon_chart import lexicon
    from .multiples import scenario_multiples
    from .overview import scenario_overview
    from .perpetrators_chart import who_kills
    from .ranked_chart import ranked
    from .region import region_map
    from .reliability import calibration
    from .ridge_plot import ridge
    from .scorecard_chart import source_scorecard
    from .spillover import spillover_matrix
    from .stored_numbers import read_numbers
    from .strip import drivers
    from .summary import interval_summary
    from .tornado_chart import tornado
    from .years_ahead_chart import years_ahead

_HOME = {
    "exit_effect": "effect_chart",
    "Description": "frame",
    "calibration": "reliability",
    "chances": "chances_chart",
    "derivation": "derivation_chart",
    "claim_timeline": "claim_timeline_chart",
    "describe": "frame",
    "dots": "dotplot",
    "driver_graph": "graph",
    "drivers": "strip",
    "exceedance_ladder": "ladder",
    "exits": "exits_chart",
    "fan": "fan_chart",
    "flow_map": "flow",
    "interval_summary": "summary",
    "lexicon": "lexicon_chart",
    "ranked": "ranked_chart",
    "read_numbers": "stored_numbers",
    "region_map": "region",
    "ridge": "ridge_plot",
    "scenario_contrast": "contrast",
    "scenario_multiples": "multiples",
    "scenario_overview": "overview",
    "source_scorecard": "scorecard_chart",
    "spillover_matrix": "spillover",
    "tornado": "tornado_chart",
    "years_ahead": "years_ahead_chart",
    "years_ahead_numbers": "course_numbers",
    "who_kills": "perpetrators_chart",
}

__all__ = [
    "Description",
    "calibration",
    "chances",
    "claim_timeline",
    "derivation",
    "describe",
    "dots",
    "driver_graph",
    "drivers",
    "exceedance_ladder",
    "exit_effect",
    "exits",
    "fan",
    "flow_map",
    "interval_summary",
    "lexicon",
    "ranked",
    "read_numbers",
    "region_map",
    "ridge",
    "scenario_contrast",
    "scenario_multiples",
    "scenario_overview",
    "source_scorecard",
    "spillover_matrix",
    "tornado",
    "who_kills",
    "years_ahead",
    "years_ahead_numbers",
]


def __getattr__(name: str) -> Any:
    """Import a figure when it is first asked for, so that words and numbers do without matplotlib."""
    if name in _HOME:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
