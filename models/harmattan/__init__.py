"""Harmattan: Bayesian scenario and risk forecasting of conflicts, from what was said and what was recorded.

>>> import harmattan as hm
>>> run = hm.forecast()  # doctest: +SKIP

Names are loaded when first used, so importing this package is quick.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import plots
    from .api import (
        actors,
        brief,
        compare,
        compare_all,
        counting,
        derivation,
        events,
        exit_effect,
        exit_ratios,
        exits,
        explain,
        explore,
        fit,
        forecast,
        fragility,
        import_data,
        inference_checks,
        ledger,
        lexicon,
        load,
        prior_outcomes,
        read,
        scorecard,
        show,
        signposts,
        since,
        sweep,
        trace,
        validate,
    )
    from .loaded import load_case

__version__ = "0.10.0"
__all__ = [
    "actors",
    "brief",
    "compare",
    "compare_all",
    "counting",
    "derivation",
    "events",
    "exit_effect",
    "exit_ratios",
    "exits",
    "explain",
    "explore",
    "fit",
    "forecast",
    "fragility",
    "import_data",
    "inference_checks",
    "ledger",
    "lexicon",
    "load",
    "load_case",
    "plots",
    "prior_outcomes",
    "read",
    "scorecard",
    "show",
    "signposts",
    "since",
    "sweep",
    "trace",
    "validate",
]


class _Package(ModuleType):
    """The package, in which the room `explain` does not take the place of the function of that name."""

    def __setattr__(self, name: str, value: Any) -> None:
        # importing a subpackage sets it on its parent, which would hide what we offer under the same name
        if name == "plots" or name not in __all__ or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    import importlib

    from .core.caches import provide_caches

    if name in __all__:
        provide_caches()
    if name == "plots":
        return importlib.import_module(".plots", __name__)
    if name in __all__:
        module = ".loaded" if name == "load_case" else ".api"
        return getattr(importlib.import_module(module, __name__), name)
    raise AttributeError(f"module 'harmattan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
