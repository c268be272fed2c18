"""Which combinations of drivers lie behind the worst futures: boxes found by peeling and pasting.

The patient rule induction method (Friedman & Fisher 1999, Statistics and Computing 9), as Bryant & Lempert (2010),
Technological Forecasting & Social Change 77(1), use it to discover scenarios. Boxes are found in one half of the
futures, lose in a quarter of them the bounds that add nothing there, and are judged in the last quarter, so that
density, coverage and the tests are not flattered by the search.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.randomness import stream
from ..schema.driver import Driver

PEEL = 0.1
LEAST_SUPPORT = 0.05
BOXES = 3
MOST_FACTORS = 5
"""Boxes are bounded in no more drivers than these: those that differ most between the worst and the other futures."""

FEWEST_DRAWS = 200
BOX_LEVEL = 0.05
"""A box stands when its test in the last quarter gives no more than this."""

BOUND_LEVEL = 0.2
"""A bound whose test in the third quarter gives more than this is taken off; loose, for a quarter has little power."""


@dataclass(frozen=True)
class Bounds:
    """A box: a lower and an upper bound of each factor, infinite where it has none; arrays (factor,)."""

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def everything(cls, factors: int) -> "Bounds":
        """Return the box without bounds."""
        return cls(np.full(factors, -np.inf), np.full(factors, np.inf))

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return which rows of values (draw, factor) lie in the box."""
        return ((values >= self.low) & (values <= self.high)).all(axis=1)

    def moved(self, factor: int, side: str, bound: float) -> "Bounds":
        """Return the box with one bound changed."""
        low, high = self.low.copy(), self.high.copy()
        (low if side == "low" else high)[factor] = bound
        return Bounds(low, high)

    @property
    def sides(self) -> list[tuple[int, str]]:
        """Factors and sides on which the box is bounded."""
        bounds = (("low", self.low), ("high", self.high))
        return [(int(j), side) for side, edge in bounds for j in np.flatnonzero(np.isfinite(edge))]


@dataclass(frozen=True)
class Discovery:
    """Boxes and what they hold.

    Attributes
    ----------
    boxes : DataFrame
        Columns box, futures (of the quarter that judges), density (share of them that are among the worst), coverage
        (share of the worst that they hold), base (density of all futures that no earlier box holds), p_value (one-sided
        binomial test), stands. Later boxes leave aside what earlier ones hold; the last may not stand, and says so.
    bounds : DataFrame
        Columns box, driver, label, side (`above` or `below`), bound (rate ratio at the peak), chance_in, chance_all
        (probability that the effect is there, in the box and in all futures), p_value (that the bound adds nothing).
    worst_from : float
        Total above which a future is among the worst.
    pressure : dict
        Of all drivers together, without any search: `ratio`, the rate ratio that a tenth of the futures pass, and
        `density`, the share of that tenth that is among the worst.
    """

    boxes: pd.DataFrame
    bounds: pd.DataFrame
    worst_from: float
    pressure: dict[str, float]

    @property
    def standing(self) -> pd.DataFrame:
        """The boxes that stand."""
        return self.boxes[self.boxes["stands"].astype(bool)]


def find_box(values: np.ndarray, worst: np.ndarray) -> Bounds:
    """Return the box with the best weighted relative accuracy: support x (density - base), found by peel and paste.

    Parameters
    ----------
    values : array (draw, factor)
    worst : bool array (draw,)
    """
    box = Bounds.everything(values.shape[1])
    best, best_accuracy = box, 0.0
    while True:
        peeled = _peel(box, values, worst)
        if peeled is None:
            break
        box = peeled
        accuracy = _accuracy(box, values, worst)
        if accuracy > best_accuracy:
            best, best_accuracy = box, accuracy
    return _paste(best, values, worst)


def _accuracy(box: Bounds, values: np.ndarray, worst: np.ndarray) -> float:
    inside = box.holds(values)
    return float(worst[inside].sum() - inside.sum() * worst.mean()) / len(worst)


def _peel(box: Bounds, values: np.ndarray, worst: np.ndarray) -> Bounds | None:
    """Return the box less the thin slice whose removal leaves the greatest density; None when it would be too small."""
    inside = box.holds(values)
    held, bad = values[inside], worst[inside]
    best: tuple[float, Bounds] | None = None
    for factor in range(values.shape[1]):
        column = held[:, factor]
        for side, level in (("low", PEEL), ("high", 1.0 - PEEL)):
            bound = float(np.quantile(column, level))
            kept = column >= bound if side == "low" else column <= bound
            if kept.all() or kept.sum() < LEAST_SUPPORT * len(worst):
                continue
            density = float(bad[kept].mean())
            if best is None or density > best[0]:
                best = density, box.moved(factor, side, bound)
    return None if best is None else best[1]


def _paste(box: Bounds, values: np.ndarray, worst: np.ndarray) -> Bounds:
    """Return the box with bounds taken off again as long as that makes it more accurate."""
    while True:
        freed = [box.moved(factor, side, -np.inf if side == "low" else np.inf) for factor, side in box.sides]
        if not freed:
            return box
        wider = max(freed, key=lambda candidate: _accuracy(candidate, values, worst))
        if _accuracy(wider, values, worst) < _accuracy(box, values, worst):
            return box
        box = wider


def discover(
    total: np.ndarray,
    effects: xr.DataArray,
    present: xr.DataArray,
    combined: np.ndarray,
    drivers: Mapping[str, Driver],
    seed: int,
    worst_share: float = 0.1,
) -> Discovery:
    """Return boxes of driver effects in which the worst futures are frequent.

    Parameters
    ----------
    total : array (draw,)
        Deaths.
    effects : DataArray (draw, driver)
        Log rate ratios at the peak.
    present : DataArray (draw, driver)
        Probability that each effect is there rather than "no effect", given its size.
    combined : array (draw,)
        Log of the rate ratio of all drivers together, on the total that is asked about.
    drivers : mapping of id to Driver
        Those whose effect is the same in every draw are left out.
    seed : int
        Of the division of the futures.
    worst_share : float
        Share of futures that count as the worst.

    Raises
    ------
    InputError
        With fewer than 200 futures.
    """
    if len(total) < FEWEST_DRAWS:
        raise InputError(
            f"Finding what lies behind the worst futures needs at least {FEWEST_DRAWS} draws, not {len(total)}."
        )
    worst_from = float(np.quantile(total, 1.0 - worst_share))
    worst = total > worst_from if (total > worst_from).any() else total >= worst_from
    used = [key for key in drivers if np.ptp(effects.sel(driver=key).values) > 0.0]
    values, there = effects.sel(driver=used).values, present.sel(driver=used).values
    find, prune, judge = _divided(len(total), seed)
    among_worst = max(int(worst[judge].sum()), 1)
    boxes: list[dict[str, object]] = []
    bounds: list[dict[str, object]] = []
    while len(boxes) < BOXES and worst[find].sum() > 1:
        seen = _most_related(values[find], worst[find])
        if not seen.size:
            break
        box = _pruned(find_box(values[find][:, seen], worst[find]), values[prune][:, seen], worst[prune])
        if not box.sides:
            break
        row = _judged(box, values[judge][:, seen], worst[judge], among_worst)
        boxes.append({"box": len(boxes) + 1} | row)
        held = [drivers[used[j]] for j in seen]
        bounds += _bound_rows(len(boxes), box, values[judge][:, seen], worst[judge], there[judge][:, seen], held)
        if not row["stands"]:
            break
        find, prune, judge = (part[~box.holds(values[part][:, seen])] for part in (find, prune, judge))
    names = ["box", "driver", "label", "side", "bound", "chance_in", "chance_all", "p_value"]
    columns = ["box", "futures", "density", "coverage", "base", "p_value", "stands"]
    pressure = _pressure(combined, worst)
    return Discovery(pd.DataFrame(boxes, columns=columns), pd.DataFrame(bounds, columns=names), worst_from, pressure)


def _pressure(combined: np.ndarray, worst: np.ndarray) -> dict[str, float]:
    strong = float(np.quantile(combined, 0.9))
    return {"ratio": float(np.exp(strong)), "density": float(worst[combined >= strong].mean())}


def _most_related(values: np.ndarray, worst: np.ndarray) -> np.ndarray:
    """Return the factors whose means differ most between the worst and the other futures, where by two errors."""
    bad, rest = values[worst], values[~worst]
    error = np.sqrt(bad.var(axis=0) / len(bad) + rest.var(axis=0) / max(len(rest), 1))
    apart = np.abs(bad.mean(axis=0) - rest.mean(axis=0)) / np.maximum(error, 1e-12)
    order = np.argsort(-apart, kind="stable")[:MOST_FACTORS]
    return order[apart[order] > 2.0]


def _divided(draws: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the futures in which boxes are found, pruned and judged: a half and two quarters."""
    order = stream(seed, "explain", "discovery", "parts").permutation(draws)
    half, rest = draws // 2, (draws - draws // 2) // 2
    return order[:half], order[half : half + rest], order[half + rest :]


def _pruned(box: Bounds, values: np.ndarray, worst: np.ndarray) -> Bounds:
    """Return the box without the bounds that add nothing in futures that it was not found in."""
    while box.sides:
        tests = {(factor, side): _bound_p_value(box, factor, side, values, worst) for factor, side in box.sides}
        weakest = max(tests, key=lambda key: tests[key])
        if tests[weakest] <= BOUND_LEVEL:
            return box
        box = _without(box, *weakest)
    return box


def _without(box: Bounds, factor: int, side: str) -> Bounds:
    return box.moved(factor, side, -np.inf if side == "low" else np.inf)


def _bound_p_value(box: Bounds, factor: int, side: str, values: np.ndarray, worst: np.ndarray) -> float:
    """Return the chance of as many bad futures if the bound picked among those of the wider box blindly."""
    from scipy.stats import binomtest

    inside, wider = box.holds(values), _without(box, factor, side).holds(values)
    if inside.sum() == 0 or wider.sum() == 0:
        return 1.0
    share = float(worst[wider].mean())
    return float(binomtest(int(worst[inside].sum()), int(inside.sum()), share, alternative="greater").pvalue)


def _judged(box: Bounds, values: np.ndarray, worst: np.ndarray, among_worst: int) -> dict[str, object]:
    from scipy.stats import binomtest

    inside = box.holds(values)
    base, caught, count = float(worst.mean()), int(worst[inside].sum()), int(inside.sum())
    test = binomtest(caught, count, base, alternative="greater") if count else None
    p_value = 1.0 if test is None else float(test.pvalue)
    return {
        "futures": count,
        "density": caught / count if count else 0.0,
        "coverage": caught / among_worst,
        "base": base,
        "p_value": p_value,
        "stands": p_value <= BOX_LEVEL,
    }


def _bound_rows(
    number: int,
    box: Bounds,
    values: np.ndarray,
    worst: np.ndarray,
    there: np.ndarray,
    drivers: list[Driver],
) -> list[dict[str, object]]:
    inside = box.holds(values)
    return [
        {
            "box": number,
            "driver": drivers[factor].id,
            "label": drivers[factor].title,
            "side": "above" if side == "low" else "below",
            "bound": float(np.exp((box.low if side == "low" else box.high)[factor])),
            "chance_in": float(there[inside, factor].mean()),
            "chance_all": float(there[:, factor].mean()),
            "p_value": _bound_p_value(box, factor, side, values, worst),
        }
        for factor, side in box.sides
    ]
