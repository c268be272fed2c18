"""The figures of an explanation, each from the table of the same name."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .. import plots
from ..explain.power_scaling import SENSITIVE

if TYPE_CHECKING:
    from .explanation import Explanation

_Z95 = 1.96


def figures(it: "Explanation") -> dict[str, Callable[..., Any]]:
    """Return every figure by name, drawn when it is called with the options of `harmattan.plots`."""
    as_of, question = it.run.scenario.as_of, it.question

    def tornado(table: pd.DataFrame, baseline: float, quantity: str, unit: str) -> Callable[..., Any]:
        return lambda **options: plots.tornado(
            table, as_of=as_of, baseline=baseline, quantity=quantity, unit=unit, **options
        )

    def ranked(table: pd.DataFrame, **words: Any) -> Callable[..., Any]:
        return lambda **options: plots.ranked(table, as_of=as_of, **(words | options))

    without = {
        f"without_{kind}s": ranked(
            left_out_rows(it, kind),
            title=f"Without which {kind} the answer changes most",
            quantity=f"Change of P({question.chance}) without it",
            unit="hundredths",
            reference=0.0,
            reference_words="nothing changes",
            number="{:+.1f}".format,
        )
        for kind in ("driver", "claim", "source")
    }
    made = {
        "tornado_deaths": tornado(it.swings_deaths, it.mean, f"Expected {question.quantity}", "deaths"),
        "tornado_chance": tornado(it.swings_chance, it.probability, f"P({question.chance})", "in 100"),
        "sensitivity": ranked(
            it.sensitivity.rename(columns={"delta": "value"}),
            title="What the spread of the answer hangs on",
            quantity=f"Borgonovo's delta of {question.quantity}",
            unit="0 to 1",
            above_only=True,
            reference=float(it.sensitivity["noise_floor"].iloc[0]) if len(it.sensitivity) else 0.0,
            reference_words="pure chance reaches this",
            number="{:.3f}".format,
        ),
        **without,
        "knowing": ranked(
            with_errors(it.knowing, "variance_share", 100.0),
            title="What it would be worth to know",
            quantity=f"Share of the squared error of {question.quantity} that knowing it saves",
            unit="in 100",
            reference=0.0,
            reference_words="nothing saved",
            above_only=True,
            most=len(it.knowing),
        ),
        "boxes": ranked(
            box_rows(it),
            title="What lies behind the worst futures",
            quantity="Futures that are among the worst tenth",
            unit="in 100",
            reference=10.0,
            reference_words="all futures",
            number="{:.0f}".format,
        ),
    }
    if len(it.power_scaling):
        scaled = it.power_scaling.assign(value=it.power_scaling["prior_sensitivity"], low=np.nan, high=np.nan)
        made["power_scaling"] = ranked(
            scaled,
            title="How much of what was learnt is prior",
            quantity="Change of each driver's posterior when its prior is scaled",
            unit="per doubling of its power",
            reference=SENSITIVE,
            reference_words="counts as sensitive from here",
            number="{:.2f}".format,
            most=len(scaled),
        )
    return made


def left_out_rows(it: "Explanation", kind: str) -> pd.DataFrame:
    """Return label, value, low and high of the changes of the probability, in hundredths."""
    table = it.without(kind)
    table = table[table["probability_change"].notna()].reset_index(drop=True)
    rows = with_errors(
        table.rename(columns={"probability_change": "change", "probability_error": "change_error"}), "change", 100.0
    )
    return rows.assign(label=table["id"] + ": " + table["label"]) if kind == "claim" else rows


def with_errors(table: pd.DataFrame, name: str, scale: float) -> pd.DataFrame:
    """Return a table with value, low and high from a column and its standard error."""
    value, error = table[name] * scale, table[f"{name}_error"] * scale
    return table.assign(value=value, low=value - _Z95 * error, high=value + _Z95 * error)


def box_rows(it: "Explanation") -> pd.DataFrame:
    """Return label, value, low and high of the density of the worst futures, in hundredths, row by row."""
    found, draws = it.discovery, it.run.deaths.sizes["draw"]
    strong = found.pressure
    rows = [
        _density(f"all drivers together above ×{strong['ratio']:.2f}", strong["density"], round(0.1 * draws)),
    ]
    for box in found.boxes.itertuples():
        bounds = found.bounds[found.bounds["box"] == box.box]
        words = " and ".join(f"{row.label} {row.side} ×{row.bound:.2f}" for row in bounds.itertuples())
        rows.append(_density(words, box.density, box.futures))
    return pd.DataFrame(rows)


def _density(label: str, share: float, count: int) -> dict[str, Any]:
    """Return a share in hundredths with Wilson's interval (95 in 100)."""
    spread = _Z95**2 / max(count, 1)
    centre = (share + spread / 2) / (1 + spread)
    half = _Z95 * np.sqrt(share * (1 - share) / max(count, 1) + spread / max(count, 1) / 4) / (1 + spread)
    return {"label": label, "value": 100 * share, "low": 100 * (centre - half), "high": 100 * (centre + half)}
