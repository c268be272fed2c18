"""Learns the priors of `model/priors.py` from the world: the model fitted to other regions under wide priors.

Regions are those outside the shipped case (`judge_protocol.md`), to October of three years whose windows of the
likelihood do not overlap. A fit is its mode; half a minute for all.
"""

import argparse
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from gate import alive
from regions import OWN, records

from harmattan.core.files import file_in_place
from harmattan.core.names import OUTCOMES
from harmattan.model.build import SERIES, SHAPES, build_density
from harmattan.model.density import Density
from harmattan.model.sampling import mode_and_curvature
from harmattan.model.specification import STANDARD

YEARS = (1998, 2010, 2022)
WIDE = {
    "centre": {"log_level": (0.0, 2.0), "import_logit": (-3.0, 2.4), "log_dispersion": (-0.5, 3.0)},
    "log_spread": {"log_level": (0.7, 0.6), "import_logit": (-0.4, 0.6), "log_dispersion": (-0.7, 0.6)},
    "shape": {
        "memory_logit": (1.0, 1.0),
        "fast_logit": (0.0, 4.5),
        "dispersion_slope": (0.5, 1.0),
        "dispersion_occurrence": (1.5, 2.25),
        "zero_base": (0.0, 1.5),
        "log_zero_slope": (0.0, 1.5),
        "zero_occurrence": (3.0, 3.0),
    },
}
"""Priors of a fit from which others are learnt: mean and standard deviation, of every outcome alike."""

PARTS = {"centre": ("centre", SERIES), "log_spread": ("spread", SERIES), "shape": ("shape", SHAPES)}
"""What each part is called in a density, and its quantities."""

LEAST = {"centre": 0.4, "log_spread": 0.2, "shape": 0.3}
"""Standard deviation of a learnt prior, at least."""

DECIMALS = 2


def under_wide_priors(density: Density) -> Density:
    """Return a density whose hyperparameters have the wide priors; offsets, coupling and what wanders keep theirs."""
    mean, sd = density.normal_mean.copy(), density.normal_sd.copy()
    first_shape = density.first_offset + density.anchor.size
    for first, tables in ((0, (WIDE["centre"], WIDE["log_spread"])), (first_shape, (WIDE["shape"],))):
        moments = np.repeat([row for table in tables for row in table.values()], len(OUTCOMES), axis=0)
        mean[first : first + len(moments)], sd[first : first + len(moments)] = moments.T
    return replace(density, normal_mean=mean, normal_sd=sd)


def modes() -> pd.DataFrame:
    """Return the mode of every region and year: region, year, part, quantity, outcome, mode and its own doubt (sd)."""
    tables = []
    for region, (record, borders) in records().items():
        for year in YEARS if region != OWN else ():
            density = under_wide_priors(build_density(*alive(record, borders, f"{year}-10"), None, STANDARD))
            mode, curvature = mode_and_curvature(density, density.centre_of_prior())
            found, doubt = density.named(mode), density.named(np.sqrt(np.diag(np.linalg.inv(curvature))))
            for part, (name, quantities) in PARTS.items():
                values = {"mode": found[name].ravel(), "doubt": doubt[name].ravel()}
                if name == "spread":  # which `named` gives as it is, not its logarithm
                    values = {column: np.log(numbers) for column, numbers in values.items()}
                table = pd.DataFrame(product(quantities, OUTCOMES), columns=["quantity", "outcome"])
                tables.append(table.assign(region=region, year=year, part=part, **values))
    return pd.concat(tables, ignore_index=True)


def learnt(table: pd.DataFrame) -> pd.DataFrame:
    """Return the prior of another region: mean and standard deviation (sd) by part, quantity and outcome.

    Modes differ by what regions differ and by their own doubt. So their variance less the mean of the squared doubts is
    that between regions, none where it would be below; the doubt of the mean is added, and a sd is at least `LEAST`.
    """
    modes = table.groupby(["part", "quantity", "outcome"], sort=False)
    doubt = modes["doubt"].agg(lambda own: (own**2).mean())
    between = np.maximum(modes["mode"].var(ddof=1) - doubt, 0.0)
    sd = np.sqrt(between + (between + doubt) / modes.size())
    least = [LEAST[part] for part, *_ in sd.index]
    return pd.DataFrame({"mean": modes["mode"].mean(), "sd": np.maximum(sd, least)}).round(DECIMALS)


def main() -> None:
    """Write the modes and show what is learnt from them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    asked, found = parser.parse_args(), modes()
    with file_in_place(asked.out / "world_priors.csv") as path:
        found.round(4).to_csv(path, index=False, lineterminator="\n")
    print(learnt(found).to_string())


if __name__ == "__main__":
    main()
