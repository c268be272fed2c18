"""Every figure drawn from made-up numbers, for the tests of figures and of their words."""

import numpy as np
import pandas as pd
import xarray as xr
from shipped import GROUPS, THRESHOLDS, UNITS, map_ground

from harmattan import plots
from harmattan.core.months import month_range, months_after
from harmattan.core.names import HORIZONS, OUTCOMES

AS_OF = "2023-06"
SCENARIOS = ("withdrawal", "mission_stays")


def series(months, seed=1):
    values = np.random.default_rng(seed).poisson(40, (len(months), len(UNITS), len(OUTCOMES))).astype(float)
    coords = {"month": months, "country": list(UNITS), "outcome": list(OUTCOMES)}
    return xr.DataArray(values, dims=("month", "country", "outcome"), coords=coords)


def futures(seed=2, draws=80):
    months = months_after(AS_OF, 24)
    values = np.random.default_rng(seed).negative_binomial(2, 0.04, (draws, 24, len(UNITS), 3)).astype(float)
    coords = {"month": months, "country": list(UNITS), "outcome": list(OUTCOMES)}
    return xr.DataArray(values, dims=("draw", "month", "country", "outcome"), coords=coords)


def contrast_tables():
    rng = np.random.default_rng(3)
    places = [(c, h) for c in ("MLI", "BFA") for h in HORIZONS]
    held = {h: {"first": first, "last": last} for h, (first, last) in HORIZONS.items()}
    rows = [
        {"country": c, "horizon": h, "scenario": s} | held[h] | plots.interval_summary(rng.gamma(4, 20, 200))
        for c, h in places
        for s in SCENARIOS
    ]
    ratios = [
        {"country": c, "horizon": h} | plots.interval_summary(np.exp(rng.normal(0.2, 0.2, 200))) for c, h in places
    ]
    return pd.DataFrame(rows), pd.DataFrame(ratios)


def ladder_table():
    chances = np.linspace(0.995, 0.002, len(THRESHOLDS))
    rows = [(c, s, t, p) for c in ("MLI", "NER") for s in SCENARIOS for t, p in zip(THRESHOLDS, chances, strict=True)]
    return pd.DataFrame(rows, columns=["country", "scenario", "threshold", "probability"])


def shares():
    table = pd.DataFrame(0.0, index=list(UNITS), columns=list(UNITS))
    table.loc["BFA", "MLI"], table.loc["BFA", "NER"], table.loc["BEN", "BFA"] = 0.21, 0.08, 0.34
    table.loc["MLI", "MLI"] = 0.9
    return table


def chances_table():
    """Two groups; in the second nothing is known of past years, and the scenarios do not differ."""
    return pd.DataFrame(
        {
            "group": ["Flight into", "Flight into", "May break"],
            "label": ["Niger", "Mauritania", "A coup"],
            "first": [0.42, 0.003, 0.18],
            "second": [0.31, 0.003, 0.18],
            "base_rate": [0.1, 0.0, np.nan],
        }
    )


def two_futures():
    return {"withdrawal": futures(seed=2), "mission_stays": futures(seed=5)}


def windows():
    months = months_after(AS_OF, 24)
    return {"short": months[:6], "mid": months[6:]}


def flows():
    table = pd.DataFrame(0.0, index=list(UNITS), columns=list(UNITS))
    table.loc["BFA", "MLI"], table.loc["MLI", "BFA"], table.loc["BEN", "BFA"] = 31.4, 14.0, 1.9
    table.loc["MLI", "MLI"] = 900
    return table


def driver_table():
    return pd.DataFrame(
        {
            "label": ["drawdown pace", "regional cooperation"],
            "prior_low": [1.0, 0.6],
            "prior_median": [1.4, 0.8],
            "prior_high": [2.0, 1.0],
            "posterior_low": [0.95, 0.6],
            "posterior_median": [1.1, 0.8],
            "posterior_high": [1.3, 1.0],
            "prior_weight": [0.7, 0.4],
            "posterior_weight": [0.31, 0.41],
        }
    )


def derivation_steps():
    steps = [
        ("claim", "press-007-b", "for", 0.66),
        ("claim", "press-007-d", "against", 0.26),
        ("group", "press", "", 0.46),
        ("pool", "collapses", "", 0.46),
        ("evidence", "survival", "", 0.4),
        ("prior", "collapses", "", 0.3),
    ]
    table = pd.DataFrame(steps, columns=["step", "label", "side", "mean"])
    words = {"branch": "collapses", "term": "Probable", "grade": "B", "weight": 0.5}
    words["words"] = "rate ratio 1.10, 80 in 100 between 1.00 and 1.20; no effect has weight 0.31"
    return table.assign(**words, low=table["mean"] - 0.2, high=table["mean"] + 0.2)


def readings_and_bands():
    terms = {"term": ["Could Happen", "Likely"], "claims": [58, 1]}
    readings = pd.DataFrame(terms | {"low": [0.1, 0.6], "middle": [0.4, 0.75], "high": [0.7, 0.9]})
    bands = [("Likely", "US ICD 203", 0.55, 0.8, False), ("Likely", "EFSA", 0.9, 1.0, True)]
    return readings, pd.DataFrame(bands, columns=["term", "standard", "low", "high", "contradicted"])


def exit_tables():
    cells = [(outcome, horizon) for outcome in OUTCOMES for horizon in HORIZONS]
    exits = [
        ("one", "FIRST + SECOND", "KHM", 0.003, 0.9),
        ("two", "THIRD (Rwanda)", "RWA", 3.0, 0.8),
        ("three", "FOURTH", "HTI", 0.9, 0.1),
    ]
    columns = ["exit", "mission", "host", "ratio", "shown", "start", "outcome", "horizon", "low", "high"]
    ratios = pd.DataFrame(
        [(*one, "1995-03", *cell, one[3] / 4, one[3] * 4) for one in exits for cell in cells], columns=columns
    )
    one_more = pd.DataFrame(cells, columns=["outcome", "horizon"]).assign(ratio=0.9, low=0.4, high=2.4, exits=3)
    return ratios, one_more


def tornado_table():
    return pd.DataFrame({"label": ["a small one", "a big one"], "low": [880.0, 700.0], "high": [910.0, 1500.0]})


def ranked_table():
    return pd.DataFrame(
        {
            "label": ["a clear one", "an unclear one", "one without an interval"],
            "value": [0.9, 0.3, -0.2],
            "low": [0.5, -0.1, np.nan],
            "high": [1.3, 0.7, np.nan],
        }
    )


def score_table():
    return pd.DataFrame(
        {
            "id": ["one-source", "another", "silent"],
            "claims": [8, 1, 0],
            "propositions": [7, 1, 0],
            "brier": [0.35, 0.05, np.nan],
            "brier_low": [0.22, np.nan, np.nan],
            "brier_high": [0.45, np.nan, np.nan],
            "brier_stated": [0.21, 0.02, np.nan],
            "brier_base": [0.33, 0.56, np.nan],
        }
    )


def timeline_table():
    rows = [
        ("c1", "violence-rises", 1, 6, "true"),
        ("c2", "violence-rises", 1, 6, "true"),
        ("c3", "abuses-rise", 1, 6, "false"),
        ("c4", "violence-rises", 7, 24, "open"),
        ("c5", "hopes-fade", np.nan, np.nan, "void"),
        ("c6", "aid-shrinks", 7, 18, "partly"),
    ]
    return pd.DataFrame(rows, columns=["claim", "proposition", "first", "last", "verdict"])


def overview_table():
    rng = np.random.default_rng(3)
    rows = [
        {"scenario": name, "title": title, "region": region, "window": window,
         "months": f"{first}-{last}", "ratio": 1.0 if name == "withdrawal" else 0.5 + index}
        | plots.interval_summary(rng.gamma(4, 20 + 10 * index, 200))
        for index, (name, title) in enumerate(OVERVIEW_TITLES.items())
        for region in GROUPS
        for window, (first, last) in HORIZONS.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


OVERVIEW_TITLES = {
    "benign": "Benign: the exit opens a way to peace",
    "withdrawal": "The mission leaves",
    "vacuum": "Vacuum: everybody leaves at once",
}
COVERAGE = pd.DataFrame({"nominal": [0.5, 0.8], "observed": [0.56, 0.77], "n": [120, 120]})
CHANCES = {iso3: i / 15 for i, iso3 in enumerate(UNITS)}

DRAW = {
    "fan": lambda **kw: plots.fan(
        series(month_range("2018-01", "2024-12")),
        futures(),
        exit_month="2023-12",
        country="MLI",
        scenario="withdrawal",
        **kw,
    ),
    "scenario_contrast": lambda **kw: plots.scenario_contrast(*contrast_tables(), **kw),
    "exceedance_ladder": lambda **kw: plots.exceedance_ladder(ladder_table(), **kw),
    "spillover_matrix": lambda **kw: plots.spillover_matrix(shares(), **kw),
    "region_map": lambda **kw: plots.region_map(CHANCES, what="Chance of something", ground=map_ground(), **kw),
    "drivers": lambda **kw: plots.drivers(driver_table(), **kw),
    "tornado": lambda **kw: plots.tornado(
        tornado_table(), baseline=900, quantity="Deaths in Mali", unit="deaths", **kw
    ),
    "calibration": lambda **kw: plots.calibration(np.linspace(0, 1, 120), COVERAGE, **kw),
    "ridge": lambda **kw: plots.ridge(two_futures(), windows(), country="MLI", **kw),
    "scenario_multiples": lambda **kw: plots.scenario_multiples(two_futures(), countries=UNITS[:5], **kw),
    "flow_map": lambda **kw: plots.flow_map(flows(), ground=map_ground(), **kw),
    "derivation": lambda **kw: plots.derivation(derivation_steps(), driver="peace accord", **kw),
    "exits": lambda **kw: plots.exits(*exit_tables(), **kw),
    "lexicon": lambda **kw: plots.lexicon(*readings_and_bands(), **kw),
    "ranked": lambda **kw: plots.ranked(
        ranked_table(),
        title="What matters",
        quantity="Change",
        unit="hundredths",
        reference=0.0,
        reference_words="nothing",
        **kw,
    ),
    "source_scorecard": lambda **kw: plots.source_scorecard(score_table(), **kw),
    "chances": lambda **kw: plots.chances(chances_table(), names=("it leaves", "it stays"), **kw),
    "claim_timeline": lambda **kw: plots.claim_timeline(timeline_table(), exit_month="2023-06", months_known=12, **kw),
    "scenario_overview": lambda **kw: plots.scenario_overview(overview_table(), against="withdrawal", **kw),
    "dots": lambda **kw: plots.dots(
        {"withdrawal": np.arange(1000.0), "mission_stays": np.arange(500.0)}, country="MLI", **kw
    ),
}
