"""What the checks of the inference found, as `make check-inference` kept it in `seeds/inference/`."""

import pandas as pd

from ..core.resources import seeds_folder

RANKS = ("ranks", "ranks_of_futures", "ranks_with_drivers")

TABLES = ("calibration", "conditions", *RANKS, "prior_bounds", "sampler", "power_scaling")


def inference_checks() -> dict[str, pd.DataFrame]:
    """Return the kept tables by name.

    `calibration` is that of `evaluate.ranks`, by quantity, without drivers and with all of them (column `drivers`: how
    many), of records that drift and turn as the fit states it or as futures do (column `as_futures`); `conditions` says
    how many records were simulated and set aside and how the short fits went; `ranks`, `ranks_of_futures` and
    `ranks_with_drivers` have a row per simulated record and a column per quantity. `prior_bounds`: how far futures
    under the prior alone reach, by outcome. `sampler`: diagnostics of fits at full draw counts. `power_scaling`: how
    far hyperparameters lean on prior and data.
    """
    return {name: pd.read_csv(seeds_folder() / "inference" / f"{name}.csv") for name in TABLES}
