"""The first screen says what the raw record says and how the last forecast did, whatever the month it is asked from.

The expected numbers are added up here from the rows of the shipped file, not by the project's own code.
"""

import csv
from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from shipped import UNITS, panel_file

from harmattan.case.opening import open_case
from harmattan.case.perpetrators import recorded_parts
from harmattan.core.language import speaking
from harmattan.core.months import months_after
from harmattan.core.names import OUTCOMES
from harmattan.evaluate.past_totals import held, past_totals
from harmattan.report import answers
from harmattan.report.hindsight import TotalsCheck
from harmattan.run.counting import COLUMNS, counting_of

pytestmark = pytest.mark.usefixtures("told")

DRAWS = 200
TITLES = {"withdrawal": "MONUSCO leaves", "mission_stays": "ECOWAS stays", "baseline": "The record alone"}


@pytest.fixture(scope="module")
def civilians():
    """Civilians killed by country and month, read row by row."""
    killed = defaultdict(float)
    with open(panel_file(), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["type"] == "one_sided":
                killed[row["iso3"], row["month"]] += float(row["best"])
    return killed


def forecast(name, as_of, exit_month, factor):
    """Return futures in which the draws of a country are 0 to 199 times `factor` each month."""
    months = months_after(as_of, 24)
    shape = (DRAWS, len(months), len(UNITS), len(OUTCOMES))
    values = np.broadcast_to(np.arange(DRAWS, dtype=float)[:, None, None, None] * factor, shape)
    coords = {"month": months, "country": list(UNITS), "outcome": list(OUTCOMES)}
    deaths = xr.DataArray(values, dims=("draw", "month", "country", "outcome"), coords=coords)
    drivers = SimpleNamespace(learn=True)
    scenario = SimpleNamespace(id=name, title=TITLES[name], drivers=drivers)
    clock = SimpleNamespace(as_of=as_of, exit=exit_month, horizons={"mid": (7, 24)})
    return SimpleNamespace(scenario=scenario, clock=clock, deaths=deaths, case=open_case())


def hindcast(crps):
    """Return scores of civilians killed in twelve months: the simple rule's are 100 everywhere."""
    rows = [
        {"country": country, "outcome": "one_sided", "window": "12 months", "scenario": name, "crps": value,
         "crps_reference": 100.0, "error_ratio": value / 100, "first_month": "2023-07", "last_month": "2024-06"}
        for name, by_country in crps.items() for country, value in by_country.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


ERRORS = {
    "withdrawal": {"MLI": 280.0, "BFA": 70.0, "NER": 61.0},
    "mission_stays": {"MLI": 230.0, "BFA": 75.0, "NER": 60.0},
}


def run(panel, as_of="2023-06", exit_month="2023-06", scores=ERRORS, totals=None, **changes):
    first, second, alone = (
        forecast(name, as_of, exit_month, factor)
        for name, factor in (("withdrawal", 1.0), ("mission_stays", 0.5), ("baseline", 0.4))
    )
    known = {str(month) for month in panel["month"].values}
    later = [month for month in first.deaths["month"].values if month in known]
    sources = {str(i): SimpleNamespace(group=str(min(i, 3))) for i in range(5)}
    swings = pd.DataFrame({"label": ["a", "b", "c"], "low": [1100.0, 1190, 1194], "high": [1200.0, 1250, 1200]})
    made = {
        "first": first, "second": second, "record_alone": alone, "record": panel, "countries": ("MLI", "BFA", "NER"),
        "later_months": later, "hindcast": hindcast(scores) if scores else pd.DataFrame(), "totals": totals,
        "register": SimpleNamespace(sources=sources), "fits": {}, "swings": swings, "likelihood": "icd203",
        "case": open_case(), "headline": "one_sided", "headline_parts": None, "home": "MLI", "pair": (first, second),
        "forecasts": (first, second, alone), "exit_effect": None,
        "drivers": swings, "counting": pd.DataFrame(columns=COLUMNS),
    }  # fmt: skip
    return SimpleNamespace(**(made | changes))


def mean(killed, country, months):
    return sum(killed[country, month] for month in months) / len(months)


@pytest.mark.parametrize("as_of", ["2022-12", "2023-06", "2023-12", "2024-06"])
def test_civilians_killed_at_home_before_and_after_the_exit_are_the_records_own(panel, civilians, as_of):
    said = answers.five_answers(run(panel, as_of=as_of))[0].sentence
    before = mean(civilians, "MLI", months_after("2022-06", 12))
    after = mean(civilians, "MLI", months_after("2023-06", 18))
    assert f"The record for Mali: {before:.0f} civilians killed a month in the 12 months before the exit" in said
    assert f"{after:.0f} in the 18 after it" in said
    assert (round(before), round(after)) == (48, 51)
    assert "total of one kind of violence and does not show who killed" in said
    with speaking("fr"):
        assert "48 civils tués par mois dans les 12 mois précédant le départ, 51 dans les 18 mois suivants" in (
            answers.five_answers(run(panel, as_of=as_of))[0].sentence
        )


def test_who_killed_them_is_said_where_the_record_tells(panel):
    parts = recorded_parts(open_case(), panel)
    said = answers.five_answers(run(panel, headline_parts=parts))[0].sentence
    state = parts.sel(country="MLI", outcome="one_sided_state")
    before, after = (
        float(state.sel(month=span).mean()) for span in (slice("2022-07", "2023-06"), slice("2023-07", None))
    )
    assert (round(before), round(after)) == (11, 28)
    assert f"the state and its partners {before:.0f} a month before the exit and {after:.0f} after it" in said
    assert "all others 36 and 23" in said and "does not show who killed" not in said


def test_where_no_month_after_the_exit_is_known_the_answer_says_so(panel, civilians):
    short = panel.sel(month=[m for m in panel["month"].values if m <= "2023-06"])
    said = answers.five_answers(run(short, scores=None))
    before = mean(civilians, "MLI", months_after("2022-06", 12))
    assert f"{before:.0f} civilians killed a month in the 12 months to June 2023" in said[0].sentence
    assert "it holds no month after the exit" in said[0].sentence
    assert "recorded" not in said[0].sentence
    assert said[1].sentence == "The record holds no month after the forecast was made."


def test_an_exit_after_the_record_counts_the_last_months_that_are_known(panel, civilians):
    said = answers.five_answers(run(panel, as_of="2024-12", exit_month="2025-06", scores=None))[0].sentence
    before = mean(civilians, "MLI", months_after("2023-12", 12))
    assert f"{before:.0f} civilians killed a month in the 12 months to December 2024" in said


def test_the_country_with_most_civilians_killed_is_named_with_its_toll(panel, civilians):
    year = {country: sum(civilians[country, f"2024-{m:02d}"] for m in range(1, 13)) for country in UNITS}
    most = max(year, key=year.get)
    assert (most, year[most], year["MLI"]) == ("BFA", 2032, 619)
    said = answers.five_answers(run(panel))[2].sentence
    assert (
        "Burkina Faso has the largest toll of civilians of the 16 countries: 2,032 killed in 2024 (Mali: 619)." in said
    )


def test_what_was_recorded_stands_beside_the_forecast(panel, civilians):
    first, _, second = (answer.sentence for answer in answers.five_answers(run(panel))[:3])
    months = months_after("2023-06", 12)
    recorded = {c: f"recorded {sum(civilians[c, m] for m in months):,.0f}" for c in ("MLI", "BFA", "NER")}
    assert recorded["MLI"] == "recorded 641" and recorded["MLI"] in first
    assert recorded["BFA"] in second and recorded["NER"] in second
    partly = answers.five_answers(run(panel, as_of="2024-06", scores=None))[0].sentence
    assert "recorded" not in partly, "six of the twelve months are not a year"


def test_the_last_forecast_is_held_against_the_simple_rule_where_it_is_about(panel):
    said = answers.five_answers(run(panel))[1].sentence
    assert "Mali 2.8; Burkina Faso 0.7; Niger 0.6" in said
    assert "For Mali, “MONUSCO leaves” did worse than the simple rule and worse than “ECOWAS stays”." in said
    better = {"withdrawal": {"MLI": 50.0, "BFA": 70.0, "NER": 61.0}, "mission_stays": {"MLI": 60.0, "BFA": 1, "NER": 1}}
    said = answers.five_answers(run(panel, scores=better))[1].sentence
    assert "did no worse than the simple rule and no worse than “ECOWAS stays”" in said
    with speaking("fr"):
        french = answers.five_answers(run(panel))[1].sentence
    assert "Mali 2,8\u202f; Burkina Faso 0,7\u202f; Niger 0,6" in french
    assert "a fait moins bien que la règle simple et moins bien que" in french


def test_confidence_tells_how_intervals_did_in_the_countries_shown(panel):
    totals = TotalsCheck(0.8, "2023-07", "2024-06", 27, 27, 0, 0)
    said = answers.five_answers(run(panel, totals=totals))[1].confidence
    assert said.startswith("Confidence is low: 80 % intervals were too narrow for past years of Mali, Burkina Faso and")
    assert "held 61\u00a0% of yearly totals, 67\u00a0% of those of civilians killed" in said
    assert "too wide for all totals since (100\u00a0%, 27 of 27)" in said
    assert "5 documents count as 4 independent sources" in said
    assert "no month after the exit has tested the assumed drivers" in said
    for other in ("2023-12", "2024-12"):
        months = {"2023-12": 6, "2024-12": 18}[other]
        said = answers.five_answers(run(panel, as_of=other, scores=None))[1].confidence
        assert f"{months} months after the exit have tested the assumed drivers" in said


def test_past_totals_are_those_that_the_scorecard_counted():
    shown = past_totals(open_case().scorecard, ("MLI", "BFA", "NER"))
    assert dict(shown.groupby("outcome")["inside"].sum()) == {"state_based": 11, "non_state": 10, "one_sided": 12}
    assert (shown["inside"] + shown["above"] + shown["below"] == shown["count"]).all()
    assert held(shown).count == 54 and held(shown).fit == "narrow"
    assert held(past_totals(open_case().scorecard, ("ZZZ",))) is None


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.33, "33\u00a0% above those under “X”"),
        (0.94, "6\u00a0% below those under “X”"),
        (2.46, "2.5 times those under “X”"),
        (1.001, "the same as under “X”"),
        (float("nan"), "no death is expected to compare with"),
    ],
)
def test_a_ratio_is_told_as_more_or_fewer(ratio, words):
    assert words in answers.compared(ratio, "X")


def test_titles_keep_their_capitals(panel):
    said = " ".join(answer.sentence for answer in answers.five_answers(run(panel)))
    assert "“ECOWAS stays”" in said and "“MONUSCO leaves”" in said
    assert "eCOWAS" not in said and "mONUSCO" not in said


def whole_of(**ranges):
    """The whole effect by these beliefs, each (q10, q90) of the ratio."""
    rows = [
        {"belief": belief, "outcome": "one_sided", "horizon": "mid", "q10": low, "q90": high}
        for belief, (low, high) in ranges.items()
    ]
    return SimpleNamespace(table=pd.DataFrame(rows))


EITHER = (
    "Exits elsewhere went either way: in months 7 to 24 after the exit, one like this may multiply deaths of civilians"
)


@pytest.mark.parametrize(
    ("beliefs", "en", "fr"),
    [
        (
            ("documents", "exits", "both"),
            "by documents and by exits elsewhere.",
            "d’après les documents et d’après les départs ailleurs.",
        ),
        (
            ("stated", "exits", "both"),
            "by what the case states of its drivers and by exits elsewhere.",
            "d’après les hypothèses du cas et d’après les départs ailleurs.",
        ),
    ],
)
def test_what_the_whole_effect_rests_on_is_said(panel, beliefs, en, fr):
    made = run(panel, exit_effect=whole_of(**dict.fromkeys(beliefs, (0.6, 1.8))))
    said = answers.five_answers(made)[0].sentence
    assert EITHER in said and f"from 0.6 to 1.8 (80 in 100), {en}" in said
    with speaking("fr"):
        assert fr in answers.five_answers(made)[0].sentence


def test_exits_that_alone_have_a_say_are_not_told_as_the_word_of_documents(panel):
    said = answers.five_answers(run(panel, exit_effect=whole_of(exits=(0.4, 2.0))))[0].sentence
    assert "Exits elsewhere went either way, and they alone have a say: in months 7 to 24" in said
    assert said.endswith("from 0.4 to 2.0 (80 in 100).")
    alone = answers.five_answers(run(panel, exit_effect=whole_of(documents=(0.9, 2.0))))[0].sentence
    assert "Exits elsewhere" not in alone and "it may multiply deaths of civilians in Mali by anything" in alone


def test_the_whole_effect_is_what_would_change_the_answer_where_it_is_wider_than_any_driver(panel):
    """No driver moves the expected deaths by more than a few in 100."""
    wide, narrow, none = (
        answers.five_answers(run(panel, exit_effect=effect))[-1].sentence
        for effect in (whole_of(both=(0.6, 1.1)), whole_of(both=(0.999, 1.001)), None)
    )
    assert "What the exit changes all in all is less sure than that" in wide and "from 0.6 to 1.1 (80 in 100" in wide
    assert narrow == none and "all in all" not in none


def middle_of_triangle(low, high):
    """The median of a triangle with its mode at 1."""
    left = (1 - low) / (high - low)
    if left >= 0.5:
        return low + ((high - low) * (1 - low) / 2) ** 0.5
    return high - ((high - low) * (high - 1) / 2) ** 0.5


def test_what_came_is_said_of_best_and_of_plausible_counts(panel, civilians):
    told = counting_of(open_case(), ("MLI", "BFA", "NER"), "2024-12", "2023-06")
    said = answers.five_answers(run(panel, counting=told))[0]
    before, after = (mean(civilians, "MLI", months_after(*span)) for span in (("2022-06", 12), ("2023-06", 18)))
    bounds = told[(told["country"] == "MLI") & (told["outcome"] == "one_sided")].set_index("period")
    middles = [
        best * middle_of_triangle(bounds.at[period, "low_ratio"], bounds.at[period, "ratio"])
        for best, period in ((before, "before"), (after, "after"))
    ]
    assert f"{middles[0]:.0f} (" in said.sentence and f"before and {middles[1]:.0f} (" in said.sentence
    assert "As plausible counts, between UCDP's own low and high estimates" in said.sentence
    assert "around-exit-plausible" in said.tables
    with speaking("fr"):
        french = answers.five_answers(run(panel, counting=told))[0].sentence
    assert "En décomptes plausibles" in french and "après ; qu’il y ait eu" in french.replace("\u202f", " ")
    assert "plausible" not in answers.five_answers(run(panel))[0].sentence
