"""Drift and turns of the last months, as the fit learns them: how far rates have wandered off what is remembered.

In the last `drift_months` of the record (since the exit, where drivers are learnt from more) rates drift and turn as
they will in futures: from nought in the first of them, with the mean and covariance that futures have, as a normal.
Nodes stand `drift_step` months apart, the last of them in the first month of futures, with straight lines between.
Futures go on from there (`simulate/start.py`): what is drift fades, what has turned stays.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..core.compiling import compiled
from .drift import drift_scale, drift_variance, shared_drift, turn_moments
from .specification import ModelSpecification


@dataclass(frozen=True)
class Shifts:
    """How log factors come from independent standard normals.

    These are `drift_normal` (outcome, country, node) and `turn_normal` (country, node).

    Attributes
    ----------
    by_drift, by_turn : array (node, node)
        Drift of scale one, and a country's turns, at each node.
    between : array (month, node)
        Straight lines from nought through the nodes; the last month is the first of futures.
    together : array (outcome, outcome)
        Root of the correlation of outcomes' drift.
    scale : array (outcome, country)
        `drift.drift_scale`.
    share : array (outcome,)
        Of a turn that each outcome takes part in.
    mean : array (outcome, country, month)
        What makes the factors' means one.
    turned : array (outcome,)
        Mean log of the turns' factor at the last node.
    """

    by_drift: np.ndarray
    by_turn: np.ndarray
    between: np.ndarray
    together: np.ndarray
    scale: np.ndarray
    share: np.ndarray
    mean: np.ndarray
    turned: np.ndarray

    @property
    def shape(self) -> tuple[int, int, int]:
        """Outcomes, countries and nodes."""
        return (*self.scale.shape, len(self.by_drift))

    @property
    def months(self) -> int:
        """Months that they act in."""
        return len(self.between) - 1

    def arrays(self) -> tuple[np.ndarray, ...]:
        """Return what `log_factors` and its gradient take: of the months of the record."""
        recorded = self.between[:-1]
        drift, turn = recorded @ self.by_drift, recorded @ self.by_turn
        parts = (drift, turn, self.together, self.scale, self.share, self.mean[..., :-1])
        return tuple(np.ascontiguousarray(part, dtype="float64") for part in parts)

    def by_draw(self, drift: xr.DataArray, turn: xr.DataArray) -> dict[str, xr.DataArray]:
        """Return what futures start from, by draw.

        Parameters
        ----------
        drift : DataArray (draw, outcome, country, node)
        turn : DataArray (draw, country, node)

        Returns
        -------
        dict of str to DataArray
            `shift` (draw, past_month, country, outcome), the log factors in the months that they act in; `drifted` and
            `turned` (draw, country, outcome), those of drift, without its mean, and of turns in the month after.
        """
        own = np.einsum("kl,dlcn->dkcn", self.together, drift.transpose("draw", "outcome", "country", "node").values)
        whole = turn.transpose("draw", "country", "node").values
        drifts = self.scale[..., None] * (own @ self.by_drift.T)
        turns = self.share[:, None, None] * (whole @ self.by_turn.T)[:, None]
        values = {
            "shift": (self.mean + (drifts + turns) @ self.between.T).transpose(0, 3, 2, 1)[:, :-1],
            "drifted": drifts[..., -1].swapaxes(1, 2),
            "turned": (turns[..., -1] + self.turned[:, None]).swapaxes(1, 2),
        }
        coords = {"country": drift["country"].values, "outcome": drift["outcome"].values}
        dims = ("draw", "country", "outcome")
        return {
            name: xr.DataArray(array, coords, dims if array.ndim == 3 else ("draw", "past_month", *dims[1:]))
            for name, array in values.items()
        }


def shifts_of(panel: xr.DataArray, rows: int, after: int, spec: ModelSpecification) -> Shifts:
    """Return how rates may have wandered in the last months of a panel.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
    rows : int
        Months of it that the likelihood looks at: no earlier one can have wandered.
    after : int
        Months from which drivers are learnt.
    spec : ModelSpecification
        Without drift and turns (`as_likelihood`) nothing wanders: there is no node, and no month but drivers' own.
    """
    still = spec.drift_sd == 0 and spec.turn_chance == 0
    months = min(max(0 if still else spec.drift_months, after), rows)
    nodes = np.arange(0 if still else months, 0, -spec.drift_step)[::-1]
    gap = np.maximum(np.subtract.outer(nodes, nodes), 0)
    steps = np.diff(nodes, prepend=0)
    earlier = np.tri(len(nodes))
    scale = drift_scale(panel.values, spec).T
    ages, variance = np.arange(months + 1), drift_variance(months + 1, spec)
    by_month = turn_moments(1, spec)[0]
    return Shifts(
        by_drift=earlier * spec.drift_keep**gap * np.sqrt(variance[steps]),
        by_turn=earlier * np.sqrt(steps * turn_moments(1, spec)[1]),
        between=_lines(ages, nodes),
        together=np.linalg.cholesky(shared_drift(spec)),
        scale=scale,
        share=spec.by_outcome("turn_share"),
        mean=by_month[:, None, None] * ages - scale[..., None] ** 2 * variance / 2,
        turned=months * by_month,
    )


def _lines(ages: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """Return the weight of each node at each age, from nought at the first; shape (age, node)."""
    known = np.append(0, nodes)
    lines = [np.interp(ages, known, at) for at in np.eye(len(known))]
    return np.stack(lines[1:], axis=1) if len(nodes) else np.zeros((len(ages), 0))


@compiled
def log_factors(
    normals: np.ndarray,
    by_drift: np.ndarray,
    by_turn: np.ndarray,
    together: np.ndarray,
    scale: np.ndarray,
    share: np.ndarray,
    mean: np.ndarray,
) -> np.ndarray:
    """Return the log factors (outcome, country, month) at flat normals: first those of drift, then those of turns."""
    outcomes, countries, months = mean.shape
    nodes = by_drift.shape[1]
    found = mean.copy()
    first_turn = outcomes * countries * nodes
    for c in range(countries):
        for n in range(nodes):
            turn = normals[first_turn + c * nodes + n]
            for k in range(outcomes):
                own = 0.0
                for other in range(k + 1):
                    own += together[k, other] * normals[(other * countries + c) * nodes + n]
                own *= scale[k, c]
                turned = share[k] * turn
                for month in range(months):
                    found[k, c, month] += own * by_drift[month, n] + turned * by_turn[month, n]
    return found


@compiled
def add_normals(
    slope: np.ndarray,
    gradient: np.ndarray,
    by_drift: np.ndarray,
    by_turn: np.ndarray,
    together: np.ndarray,
    scale: np.ndarray,
    share: np.ndarray,
) -> None:
    """Add the gradient by the flat normals, given that by the log factors (`slope`): `log_factors` backwards."""
    outcomes, countries, months = slope.shape
    nodes = by_drift.shape[1]
    first_turn = outcomes * countries * nodes
    for c in range(countries):
        for n in range(nodes):
            for k in range(outcomes):
                own, turned = 0.0, 0.0
                for month in range(months):
                    own += slope[k, c, month] * by_drift[month, n]
                    turned += slope[k, c, month] * by_turn[month, n]
                gradient[first_turn + c * nodes + n] += share[k] * turned
                for other in range(k + 1):
                    gradient[(other * countries + c) * nodes + n] += together[k, other] * scale[k, c] * own
