"""How sure the brief's counts are: their width by year and around the exit, and what that leaves of a change."""

from typing import Any

import numpy as np
import pandas as pd

from ..core.language import country_name, phrase, whole
from ..plots.numbers import joined, span_words
from ..run.counting import AFTER, BEFORE
from ..simulate.plausible import triangular_quantile
from .around_exit import around_exit
from .brief_tables import first_year_shown, heading
from .content import Statement
from .evidence_of_run import BriefRun
from .tables import Column, Table, shown
from .words import in_hundred

PLACES = (np.arange(400) + 0.5) / 400
"""Places between low and high, equally likely, at which the toll before the exit is held against that after it."""

PLAUSIBLE = [
    *("country", "best_before", "before", "before_10", "before_90"),
    *("best_after", "after", "after_10", "after_90", "more"),
]

HEADINGS = {
    "best_before": "best_before",
    "before": "plausible_before",
    "best_after": "best_after",
    "after": "plausible_after",
}
HEADINGS |= {f"{period}_{end}": name for period in (BEFORE, AFTER) for end, name in (("10", "from_80"), ("90", "to"))}


def plausible_around(run: BriefRun) -> pd.DataFrame:
    """Return plausible deaths of the headline a month before and after the exit, of countries whose bounds are known.

    What was killed in a period lies between its low and high estimates: a triangle with its mode at the best one, one
    place for all its months, before and after independent of one another.

    Returns
    -------
    DataFrame
        Columns `PLAUSIBLE`: deaths a month by best estimates, median and 80 % interval between low and high ones, and
        the probability that more were killed a month after than before.
    """
    deaths = around_exit(run.record, run.first.clock.exit, run.countries, run.headline)
    deaths = deaths[deaths["outcome"] == run.headline].set_index("country")
    told = run.counting[run.counting["outcome"] == run.headline].set_index(["country", "period"])
    rows = []
    for country in run.countries:
        best = [float(deaths.at[country, period]) for period in (BEFORE, AFTER)]
        spans = [(country, period) for period in (BEFORE, AFTER)]
        if not all(span in told.index and told.at[span, "best"] > 0 for span in spans) or not np.isfinite(best).all():
            continue
        bounds = [told.loc[span, ["low_ratio", "ratio"]].to_numpy(dtype=float) for span in spans]
        drawn = [one * _between(PLACES, *ends) for one, ends in zip(best, bounds, strict=True)]
        before, after = (
            one * _between(np.array([0.5, 0.1, 0.9]), *ends) for one, ends in zip(best, bounds, strict=True)
        )
        more = (drawn[1][:, None] > drawn[0]).mean() + 0.5 * (drawn[1][:, None] == drawn[0]).mean()
        rows.append([country, best[0], *before, best[1], *after, float(more)])
    return pd.DataFrame(rows, columns=PLAUSIBLE)


def _between(probability: np.ndarray, low: float, high: float) -> np.ndarray:
    return triangular_quantile(probability, np.full(probability.shape, low), np.full(probability.shape, high))


def plausible_words(row: pd.Series) -> dict[str, str]:
    """Return the numbers of a row of `plausible_around` as sentences give them."""
    numbers = ("before", "before_10", "before_90", "after", "after_10", "after_90")
    return {name: whole(float(row[name])) for name in numbers} | {"more": in_hundred(float(row["more"]))}


def plausible_table(run: BriefRun) -> Table:
    """Return plausible deaths a month before and after the exit; empty where no bounds are known."""
    unit = "deaths per month"
    return Table(
        "around-exit-plausible",
        phrase("tables.around_exit_plausible"),
        plausible_around(run),
        (
            Column("country", heading("country"), "country"),
            *(Column(name, heading(HEADINGS[name]), "count", unit) for name in PLAUSIBLE[1:-1]),
            Column("more", heading("more_after"), "probability"),
        ),
        phrase("tables.around_exit_plausible_note"),
    )


def counting_table(run: BriefRun) -> Table:
    """Return how wide counts of the headline are, by year and around the exit; empty where no bounds are known."""
    frame = run.counting[run.counting["outcome"] == run.headline]
    recent = frame["last_month"].astype(str) >= f"{first_year_shown(run)}-01"
    frame = frame[recent | frame["period"].isin([BEFORE, AFTER])]
    frame = frame.assign(span=frame["first_month"].astype(str) + "/" + frame["last_month"].astype(str))
    return Table(
        "counting",
        phrase("tables.counting"),
        frame.reset_index(drop=True),
        (
            Column("country", heading("country"), "country"),
            Column("span", heading("months"), "span"),
            Column("best", heading("best"), "count", "deaths"),
            Column("ratio", heading("high_of_best"), "ratio"),
            Column("width", heading("width"), "ratio"),
            Column("width_10", heading("from_80"), "ratio"),
            Column("width_90", heading("to"), "ratio"),
            Column("wider", heading("wider"), "probability"),
        ),
        phrase("tables.counting_note"),
    )


def counting_sentence(run: BriefRun) -> Statement | None:
    """Return how much wider the counts have grown since the exit; None where that is not known of home."""
    told = run.counting[run.counting["outcome"] == run.headline].set_index(["country", "period"])
    known = [
        country
        for country in run.countries
        if all((country, p) in told.index and told.at[(country, p), "best"] > 0 for p in (BEFORE, AFTER))
    ]
    if run.home not in known:
        return None
    parts = joined(
        phrase(
            "findings.counting_part",
            country=country_name(country),
            wider=in_hundred(float(told.at[(country, AFTER), "wider"])),
            **{period: shown(float(told.at[(country, period), "ratio"]), "ratio") for period in (BEFORE, AFTER)},
        )
        for country in known
    )
    words: dict[str, Any] = {
        f"span_{period}": span_words(*told.loc[(run.home, period), ["first_month", "last_month"]])
        for period in (BEFORE, AFTER)
    }
    return Statement(phrase("findings.counting", parts=parts, **words), ("counting",))
