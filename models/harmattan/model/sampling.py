"""Draws from a density by nutpie's NUTS, in coordinates in which the density is nearly round at its mode.

The mode costs about a hundred gradients and the curvature there two for each number of a point, together less than a
second; a sampler that starts there and sees directions of about equal width needs half the gradients. A fit does not
start from a kept neighbour instead, for then its draws would depend on what else was kept. Neither does the normal
approximation at the mode replace the draws: of 4,000 from it, importance weights leave about two effective ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .centring import Centred, told_by_record
from .density import Density
from .elementary import weighted_sum
from .specification import SamplerSettings

DIFFERENCE = 1e-4
"""Step by which gradients are differenced into curvature; points are of order one."""

LEAST_CURVATURE = 0.3
"""Where the density is flatter at its mode, as between the parts of a mixture, its priors' scale is taken."""

DECIMALS = 6
"""Coordinates are rounded to these, so that the last bits of linear algebra do not reach the draws."""


@dataclass(frozen=True)
class Coordinates:
    """Where the sampler moves: point = mode + position @ axes.

    Attributes
    ----------
    mode : array (number,)
    axes : array (number, number)
        Symmetric; its square is the covariance of the normal approximation.
    """

    mode: np.ndarray
    axes: np.ndarray

    def point(self, position: np.ndarray) -> np.ndarray:
        """Return the point at a position."""
        return self.mode + weighted_sum(position, self.axes)


def centred_by_record(density: Density) -> Centred:
    """Return the density at points whose offsets are as far centred as the record tells them at the mode."""
    mode, curvature = mode_and_curvature(density, density.centre_of_prior())
    return Centred(density, mode.round(DECIMALS), told_by_record(density, curvature).round(DECIMALS))


def coordinates_at_mode(density: Density | Centred) -> Coordinates:
    """Return coordinates whose origin is the mode and whose axes are those of the curvature there."""
    start = density.mode if isinstance(density, Centred) else density.centre_of_prior()
    mode, curvature = mode_and_curvature(density, start)
    return Coordinates(mode.round(DECIMALS), axes_of(curvature).round(DECIMALS))


def axes_of(curvature: np.ndarray) -> np.ndarray:
    """Return the symmetric root of the covariance: unlike directions, which may be of equal width, it is unique."""
    values, vectors = np.linalg.eigh(curvature)
    return (vectors / np.sqrt(np.maximum(values, LEAST_CURVATURE))) @ vectors.T


def mode_and_curvature(density: Density | Centred, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mode that is found from a start, and the curvature of minus the log density there."""
    from scipy.optimize import minimize

    def down(point: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient, _ = density.at(point)
        return -value, -gradient

    mode = minimize(down, start, jac=True, method="L-BFGS-B", options={"maxiter": 3000}).x
    curvature = np.empty((density.size, density.size))
    for i, step in enumerate(DIFFERENCE * np.eye(density.size)):
        curvature[i] = (down(mode + step)[1] - down(mode - step)[1]) / (2 * DIFFERENCE)
    return mode, (curvature + curvature.T) / 2


def sampled(
    density: Density, settings: SamplerSettings, coords: dict, progress: Callable[[float], None] | None = None
) -> Any:
    """Return draws and the sampler's statistics, an ArviZ DataTree.

    Parameters
    ----------
    density : Density
    settings : SamplerSettings
    coords : dict
        Labels of the dimensions series, country, outcome, shape_quantity, node and driver.
    progress : callable, optional
        Called with the share of the sampling that is done.
    """
    import nutpie

    options = settings.as_dict()
    moved = centred_by_record(density)
    if progress is not None:

        def show(chains: list) -> None:
            done = sum(chain.finished_draws for chain in chains)
            progress(done / (settings.chains * (settings.draws + settings.tune)))

        options["progress_callback"] = show
    model = _nutpie_model(moved, coordinates_at_mode(moved), coords)
    sampler = nutpie.sample(model, **options, save_warmup=False, progress_bar=False, blocking=False)
    try:
        return sampler.wait()
    except BaseException:  # an interruption too, after which nutpie would return what it has as if it were all
        sampler.cancel()
        raise


DIMS = {
    "centre": ("series", "outcome"),
    "spread": ("series", "outcome"),
    "offset": ("series", "country", "outcome"),
    "shape": ("shape_quantity", "outcome"),
    "drift_normal": ("outcome", "country", "node"),
    "turn_normal": ("country", "node"),
    "driver_effect": ("driver",),
}


def _nutpie_model(density: Centred, coordinates: Coordinates, coords: dict) -> Any:
    from nutpie.compiled_pyfunc import from_pyfunc

    back = np.ascontiguousarray(coordinates.axes.T)

    def log_density() -> Callable:
        def at(position: np.ndarray) -> tuple[float, np.ndarray]:
            value, gradient, _ = density.at(coordinates.point(position))
            return value, weighted_sum(gradient, back)

        return at

    def expansion(*_: int) -> Callable:
        def at(position: np.ndarray) -> dict[str, np.ndarray]:
            point = coordinates.point(position)
            return density.named(point) | {"log_likelihood": np.asarray(density.at(point)[2])}

        return at

    def beginning(seed: int) -> np.ndarray:
        return np.random.default_rng(seed).normal(size=density.size)

    example = expansion()(np.zeros(density.size))
    return from_pyfunc(
        density.size,
        log_density,
        expansion,
        [np.dtype("float64")] * len(example),
        [value.shape for value in example.values()],
        list(example),
        coords={name: list(labels) for name, labels in coords.items()},
        dims={name: DIMS[name] for name in example if name in DIMS},
        make_initial_point_fn=beginning,
    )
