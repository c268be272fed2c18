"""The fitted model as a result: parameters by draw on their natural scales, diagnostics, and where it came from."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from ..core.files import file_in_place
from ..core.randomness import stream
from .diagnostics import Diagnostics
from .program import signature
from .specification import ModelSpecification


@dataclass(frozen=True)
class Posterior:
    """Draws of the fitted model.

    Attributes
    ----------
    parameters : Dataset
        Dims draw, country, outcome, driver. `log_level`, `import_logit`, `log_dispersion` (draw, country, outcome);
        `memory_weight`, `fast_share`, `dispersion_slope`, `dispersion_occurrence`, `zero_base`, `zero_slope`,
        `zero_occurrence` (draw, outcome); `coupling` (draw);
        `level_anchor` (country, outcome), the log of the worst year's deaths per month, which levels are relative to;
        `shift` (draw, past_month, country, outcome), by how much log rates had wandered off what is remembered in each
        of the last months of the panel, and `drifted` and `turned` (draw, country, outcome), by how much they have when
        futures begin (`shifts.py`);
        `log_likelihood` (draw), of the recency-weighted panel;
        `driver_effect` (draw, driver), the log rate ratio at the peak, where drivers were learnt.
    diagnostics : Diagnostics
    as_of : str
        Last month of the panel it saw.
    specification : ModelSpecification
    key : str
        SHA-256 of everything that determines the fit.
    """

    parameters: xr.Dataset
    diagnostics: Diagnostics
    as_of: str
    specification: ModelSpecification
    key: str

    @property
    def has_drivers(self) -> bool:
        """Whether drivers' effects were learnt from months after the exit."""
        return "driver_effect" in self.parameters

    def take(self, draws: int, seed: int) -> xr.Dataset:
        """Return parameters for `draws` futures, in a fixed shuffled order; asking for more keeps the earlier ones."""
        size = self.parameters.sizes["draw"]
        order = stream(seed, "posterior-order").permutation(size)
        return self.parameters.isel(draw=order[np.arange(draws) % size])

    def feedback(self, border_weights: xr.DataArray) -> xr.DataArray:
        """Return the strength of the feedback through memory; below 1 it dies out. Dims (draw, outcome).

        By how much expected deaths answer one death more in a large memory: the memory weight to the power of one over
        the reversion exponent, plus import strength times the spectral radius of the border weights. Below 1 by
        construction. Coupling runs one way and adds no feedback.

        Parameters
        ----------
        border_weights : DataArray (country, neighbour)
        """
        weight = self.parameters["memory_weight"].transpose("draw", "outcome")
        logit = self.parameters["import_logit"].transpose("draw", "outcome", "country").values
        strength = (1 - weight.values[:, :, None]) / (1 + np.exp(-logit))
        imports = strength[..., None] * border_weights.values
        own = weight.values ** (1 / self.specification.by_outcome("reversion_exponent"))
        return weight.copy(data=own + np.abs(np.linalg.eigvals(imports)).max(axis=-1)).rename("feedback")

    def save(self, path: Path) -> None:
        """Write the posterior to a netCDF file that `load` reads back bit for bit."""
        dataset = self.parameters.copy()
        dataset.attrs = {
            "diagnostics": json.dumps(self.diagnostics.as_dict()),
            "specification": json.dumps(self.specification.as_dict()),
            "as_of": self.as_of,
            "key": self.key,
            "made_by": json.dumps(signature()),
            "digest": _digest(self.parameters),
        }
        with file_in_place(path) as temporary:
            dataset.to_netcdf(temporary, engine="h5netcdf")

    @classmethod
    def load(cls, path: Path, key: str | None = None) -> "Posterior":
        """Read a posterior that `save` wrote.

        Parameters
        ----------
        path : Path
        key : str, optional
            The key that it must have.

        Raises
        ------
        ValueError
            If the file is damaged or holds another fit.
        """
        with xr.open_dataset(path, engine="h5netcdf") as stored:
            dataset = stored.load()
        attributes, dataset.attrs = dict(dataset.attrs), {}
        if attributes["digest"] != _digest(dataset):
            raise ValueError("it no longer holds the numbers that were written")
        if key is not None and attributes["key"] != key:
            raise ValueError("it holds another fit")
        return cls(
            dataset,
            Diagnostics.from_dict(json.loads(attributes["diagnostics"])),
            str(attributes["as_of"]),
            ModelSpecification.from_dict(json.loads(attributes["specification"])),
            str(attributes["key"]),
        )


def _digest(parameters: xr.Dataset) -> str:
    """Return the SHA-256 of all numbers and their labels: netCDF itself does not notice a damaged one."""
    digest = hashlib.sha256()
    for name in sorted(str(name) for name in parameters.variables):
        values = parameters[name].values
        digest.update(f"{name} {values.shape}".encode())
        digest.update(values.tobytes() if values.dtype.kind in "fi" else "/".join(map(str, values.flat)).encode())
    return digest.hexdigest()
