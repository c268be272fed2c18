"""Harmattan: Bayesian scenario and risk forecasting for the Sahel, from what was said and what was recorded.

>>> import harmattan as hm
>>> run = hm.forecast("withdrawal")  # doctest: +SKIP

Names are loaded when first used, so importing this package is quick.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import plots
    from .api import (
        brief,
        compare,
        compare_all,
        derivation,
        fit,
        forecast,
        import_data,
        lexicon,
        load,
        show,
        trace,
        validate,
    )

__version__ = "0.1.0"
__all__ = [
    "brief",
    "compare",
    "compare_all",
    "derivation",
    "fit",
    "forecast",
    "import_data",
    "lexicon",
    "load",
    "plots",
    "show",
    "trace",
    "validate",
]


def __getattr__(name: str) -> Any:
    import importlib

    if name == "plots":
        return importlib.import_module(".plots", __name__)
    if name in __all__:
        return getattr(importlib.import_module(".api", __name__), name)
    raise AttributeError(f"module 'harmattan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
