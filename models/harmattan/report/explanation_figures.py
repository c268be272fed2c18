"""The figures of an explanation, each from the table of the same name."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .. import plots
from ..core.language import country_name, decimal, listed, outcome_name, phrase, translate, whole
from ..explain.power_scaling import SENSITIVE
from ..explain.question import Question

if TYPE_CHECKING:
    from .explanation import Explanation

_Z95 = 1.96


def figures(it: "Explanation") -> dict[str, Callable[..., Any]]:
    """Return every figure by name, drawn when it is called with the options of `harmattan.plots`."""
    as_of = it.run.clock.as_of

    def tornado(table: pd.DataFrame, baseline: float, quantity: str, unit: str) -> Callable[..., Any]:
        return lambda **options: plots.tornado(
            translated(table), as_of=as_of, baseline=baseline, quantity=quantity, unit=unit, **options
        )

    def ranked(table: pd.DataFrame, **words: Any) -> Callable[..., Any]:
        return lambda **options: plots.ranked(translated(table), as_of=as_of, **(words | options))

    asked, passed = question_words(it.question)
    without = {
        f"without_{kind}s": ranked(
            left_out_rows(it, kind),
            title=_words(f"without_{kind}s"),
            quantity=_words("without", chance=passed),
            unit=_words("hundredths"),
            reference=0.0,
            reference_words=_words("unchanged"),
            number=_signed,
        )
        for kind in ("driver", "claim", "source")
    }
    in_hundred = _words("in_hundred")
    made = {
        "tornado_deaths": tornado(it.swings_deaths, it.mean, _words("expected", quantity=asked), translate("deaths")),
        "tornado_chance": tornado(it.swings_chance, it.probability, _words("probability", chance=passed), in_hundred),
        "sensitivity": ranked(
            it.sensitivity.rename(columns={"delta": "value"}),
            title=_words("sensitivity"),
            quantity=_words("delta", quantity=asked),
            unit=_words("delta_unit"),
            above_only=True,
            reference=float(it.sensitivity["noise_floor"].iloc[0]) if len(it.sensitivity) else 0.0,
            reference_words=_words("chance_alone"),
            number=_places(3),
        ),
        **without,
        "knowing": ranked(
            with_errors(it.knowing, "variance_share", 100.0),
            title=_words("knowing"),
            quantity=_words("saved", quantity=asked),
            unit=in_hundred,
            reference=0.0,
            reference_words=_words("nothing_saved"),
            above_only=True,
            most=len(it.knowing),
        ),
        "boxes": ranked(
            box_rows(it),
            title=_words("boxes"),
            quantity=_words("worst"),
            unit=in_hundred,
            reference=10.0,
            reference_words=_words("all_futures"),
            number=_places(0),
        ),
    }
    if len(it.power_scaling):
        scaled = it.power_scaling.assign(value=it.power_scaling["prior_sensitivity"], low=np.nan, high=np.nan)
        made["power_scaling"] = ranked(
            scaled,
            title=_words("power_scaling"),
            quantity=_words("power"),
            unit=_words("power_unit"),
            reference=SENSITIVE,
            reference_words=_words("sensitive"),
            number=_places(2),
            most=len(scaled),
        )
    return made


def question_words(question: Question) -> tuple[str, str]:
    """Return what a question asks for, and what may be passed, in the reader's language."""
    asked = _words(
        "quantity",
        outcome=outcome_name(question.outcome),
        country=country_name(question.country),
        months=question.months,
    )
    return asked, _words("chance", threshold=whole(question.threshold), quantity=asked)


def translated(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its labels in the reader's language."""
    return table.assign(label=[translate(str(label)) for label in table["label"]])


def _words(key: str, **values: object) -> str:
    return phrase(f"figures.explain.{key}", **values)


def _places(places: int) -> Callable[[float], str]:
    return lambda value: decimal(value, places)


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else ''}{decimal(value, 1)}"


def left_out_rows(it: "Explanation", kind: str) -> pd.DataFrame:
    """Return label, value, low and high of the changes of the probability, in hundredths."""
    table = it.without(kind)
    table = table[table["probability_change"].notna()].reset_index(drop=True)
    rows = with_errors(
        table.rename(columns={"probability_change": "change", "probability_error": "change_error"}), "change", 100.0
    )
    if kind != "claim":
        return rows
    labels = [
        f"{name}{phrase('page.colon')} {translate(str(label))}"
        for name, label in zip(table["id"], table["label"], strict=True)
    ]
    return rows.assign(label=labels)


def with_errors(table: pd.DataFrame, name: str, scale: float) -> pd.DataFrame:
    """Return a table with value, low and high from a column and its standard error."""
    value, error = table[name] * scale, table[f"{name}_error"] * scale
    return table.assign(value=value, low=value - _Z95 * error, high=value + _Z95 * error)


def box_rows(it: "Explanation") -> pd.DataFrame:
    """Return label, value, low and high of the density of the worst futures, in hundredths, row by row."""
    found, draws = it.discovery, it.run.deaths.sizes["draw"]
    strong = found.pressure
    rows = [
        _density(_words("together", ratio=_ratio(strong["ratio"])), strong["density"], round(0.1 * draws)),
    ]
    for box in found.boxes.itertuples():
        bounds = found.bounds[found.bounds["box"] == box.box]
        parts = [
            _words(f"bound_{row.side}", driver=translate(str(row.label)), ratio=_ratio(row.bound))
            for row in bounds.itertuples()
        ]
        rows.append(_density(listed(parts), box.density, box.futures))
    return pd.DataFrame(rows)


def _ratio(value: Any) -> str:
    return f"×{decimal(float(value), 2)}"


def _density(label: str, share: float, count: int) -> dict[str, Any]:
    """Return a share in hundredths with Wilson's interval (95 in 100)."""
    spread = _Z95**2 / max(count, 1)
    centre = (share + spread / 2) / (1 + spread)
    half = _Z95 * np.sqrt(share * (1 - share) / max(count, 1) + spread / max(count, 1) / 4) / (1 + spread)
    return {"label": label, "value": 100 * share, "low": 100 * (centre - half), "high": 100 * (centre + half)}
