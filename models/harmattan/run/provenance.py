"""What makes a result repeatable, as `run.json` and the files of draws keep it."""

import json
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..claims.exit_class import exit_class_file
from ..claims.register import Register
from ..core.progress import Steps, peak_memory_mb
from ..core.resources import fingerprints
from .headline import answers_of

if TYPE_CHECKING:
    from .results import Forecast

PACKAGES = ("pymc", "pytensor", "nutpie", "arviz", "numpy", "scipy", "xarray", "pandas", "matplotlib")


def inputs_of(register: Register, panel_file: Path | None = None) -> dict[str, str]:
    """Return the SHA-256 of everything that a run reads beside its scenario, as the files are now.

    Parameters
    ----------
    register : Register
    panel_file : Path, optional
        The panel that is read; the project's own by default.
    """
    exits = [] if register.exit_class is None else [exit_class_file()]
    return fingerprints([*register.files, panel_file or register.case.record_file, *register.case.files, *exits])


def record(inputs: Mapping[str, str], seed: int, steps: Steps) -> dict[str, Any]:
    """Return versions, seed, SHA-256 of every input and wall time by step.

    Parameters
    ----------
    inputs : mapping of path to SHA-256
        Of the files as they were when they were read.
    seed : int
    steps : Steps
    """
    return {
        "versions": {"harmattan": __version__, "python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        "platform": sys.platform,
        "seed": seed,
        "inputs_sha256": dict(sorted(inputs.items())),
        "seconds": {name: round(seconds, 2) for name, seconds in steps.seconds.items()},
        "peak_memory_mb": round(peak_memory_mb()),
    }


def record_of_run(run: "Forecast", steps: Steps) -> dict[str, Any]:
    """Return the same for a run, with its scenario as resolved, what was asked of it, its model and its diagnostics."""
    return record(run.inputs, run.seed, steps) | {
        "draws": run.deaths.sizes["draw"],
        "provisional_months": list(run.provisional_months),
        "documents": run.documents.as_dict(),
        "scenario": run.scenario.assumptions,
        "clock": run.clock.model_dump(mode="json"),
        "specification": run.posterior.specification.as_dict(),
        "diagnostics": run.posterior.diagnostics.as_dict()
        | {"problems": run.posterior.diagnostics.problems, "key": run.posterior.key},
        **answers_of([run]),
    }


def label_of_draws(run: "Forecast") -> dict[str, str]:
    """Return what a file of draws says of its making: the same for the same run, whenever it is written."""
    return {
        "harmattan": __version__,
        "seed": str(run.seed),
        "scenario": json.dumps(run.scenario.assumptions, sort_keys=True),
        "clock": json.dumps(run.clock.model_dump(mode="json"), sort_keys=True),
        "documents": json.dumps(run.documents.as_dict()),
        "fit": run.posterior.key,
        "provisional_months": ",".join(run.provisional_months),
        "inputs_sha256": json.dumps(dict(sorted(run.inputs.items()))),
    }
