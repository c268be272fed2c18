"""What makes a result repeatable, as `run.json` keeps it."""

import platform
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .. import __version__
from ..core.files import sha256_of
from ..core.progress import Steps, peak_memory_mb
from ..core.resources import display_path, seeds_folder
from ..run.results import Forecast
from ..schema.scenario import scenario_names, scenario_sources

PACKAGES = ("pymc", "pytensor", "nutpie", "arviz", "numpy", "scipy", "xarray", "pandas", "matplotlib")


def record(inputs: Iterable[Path], seed: int, steps: Steps) -> dict[str, Any]:
    """Return versions, seed, SHA-256 of every input and wall time by step."""
    hashes = {display_path(path): sha256_of(path) for path in sorted(set(inputs))}
    return {
        "versions": {"harmattan": __version__, "python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        "platform": sys.platform,
        "seed": seed,
        "inputs_sha256": dict(sorted(hashes.items())),
        "seconds": {name: round(seconds, 2) for name, seconds in steps.seconds.items()},
        "peak_memory_mb": round(peak_memory_mb()),
    }


def record_of_run(run: Forecast, steps: Steps) -> dict[str, Any]:
    """Return the same for a run, with its scenario as resolved, its model and its diagnostics."""
    data = seeds_folder() / "data"
    inputs = {
        *run.ground.register.files,
        data / "ucdp" / "country_month.csv",
        data / "geometry" / "country_pairs.csv",
    }
    if run.scenario.id in scenario_names():
        inputs.update(scenario_sources(run.scenario.id))
    return record(inputs, run.seed, steps) | {
        "draws": run.deaths.sizes["draw"],
        "scenario": run.scenario.model_dump(mode="json"),
        "specification": run.posterior.specification.as_dict(),
        "diagnostics": run.posterior.diagnostics.as_dict()
        | {"problems": run.posterior.diagnostics.problems, "key": run.posterior.key},
    }
