"""What is forecast, drawn, said and scored as twelve months is the same twelve months, wherever the exit lies."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made_content import make_content, table
from sampling import SHORT
from shipped import UNITS

import harmattan as hm
from harmattan.claims.register import load_register as read_register
from harmattan.core.errors import InputError
from harmattan.core.months import month_label, month_number, months_after
from harmattan.core.names import HEADLINE, OUTCOMES
from harmattan.plots.numbers import first_months_words, held_words, span_words, spans_words
from harmattan.report import answers, brief_figures, brief_tables, brief_words, evidence_of_run, track_tables
from harmattan.report.annex_page import render_annex
from harmattan.report.evidence_of_run import BriefRun, _check, _hindcast
from harmattan.run.asking import Ask
from harmattan.run.pairing import check_pairing
from harmattan.run.results import Comparison, Forecast
from harmattan.schema.clock import Asking
from harmattan.schema.scenario import Asked, load_scenario
from harmattan.simulate.paths import Paths

AS_OF, DRAWS, MONTHS = "2022-12", 40, 30

pytestmark = pytest.mark.usefixtures("told")


@cache
def _register():
    return read_register()


def shifted(month, by):
    return month_label(month_number(month) + by)


def made_up(asked, panel, seed):
    """A forecast whose futures are made up: other numbers in every month, so that no month passes for another."""
    months = months_after(asked.clock.as_of, asked.clock.months)
    coords = {"month": months, "country": list(UNITS), "outcome": list(OUTCOMES)}
    shape = tuple(len(values) for values in coords.values())
    drawn = np.random.default_rng(seed).poisson(20, (DRAWS, *shape)) + np.arange(len(months))[None, :, None, None]
    deaths = xr.DataArray(drawn, dims=("draw", *coords), coords=coords)
    imported = xr.DataArray(
        np.full((shape[0], shape[1], shape[1], shape[2]), 0.1),
        dims=("month", "country", "neighbour", "outcome"),
        coords=coords | {"neighbour": list(UNITS)},
    )
    paths = Paths(deaths, deaths.mean("draw"), imported, 0.0)
    seen = panel.sel(month=slice(None, asked.clock.as_of))
    posterior = SimpleNamespace(has_drivers=False)
    ground = SimpleNamespace(register=_register())
    return Forecast(asked.scenario, asked.clock, paths, posterior, seen, None, seed, None, ground)


def made_up_run(panel, gap, horizons=None):
    """A brief's results with the exit `gap` months after as_of."""
    changes = {"as_of": AS_OF, "exit": shifted(AS_OF, gap), "months": MONTHS} | (
        {"horizons": horizons} if horizons else {}
    )
    clock = _register().case.clock.asked(Asking(**changes))
    chosen = [Asked(load_scenario(name), clock) for name in ("withdrawal", "mission_stays", "baseline")]
    first, second, alone = (made_up(scenario, panel, seed) for seed, scenario in enumerate(chosen))
    covered, totals, pit = _check(first, panel, 1)
    swings = pd.DataFrame({"label": ["a driver"], "low": [1.0], "high": [2.0], "weak": [1.0], "strong": [2.0]})
    return BriefRun(
        register=_register(), priors=None, first=first, second=second, record_alone=alone, record=panel, learnt=None,
        drivers=None, swings=swings, hindcast=_hindcast((first, second, alone), panel, 1), coverage=covered,
        totals=totals, pit=pit, countries=("MLI", "BFA", "NER"), seed=1, draws=DRAWS, steps=None,
    )  # fmt: skip


@pytest.fixture
def no_confidence(monkeypatch):
    monkeypatch.setattr(answers, "confidence", lambda run: SimpleNamespace(sentence=lambda: ""))


@pytest.mark.parametrize("gap", range(-6, 13))
def test_twelve_months_are_the_same_twelve_wherever_they_are_told(panel, gap, no_confidence, monkeypatch):
    run = made_up_run(panel, gap)
    twelve = months_after(AS_OF, 12)
    span = span_words(twelve[0], twelve[-1])
    total = run.first.deaths.sel(country="MLI", outcome=HEADLINE, month=twelve).sum("month")
    came = float(panel.sel(country="MLI", outcome=HEADLINE, month=twelve).sum())

    scored = run.hindcast.query("window == '12 months' and country == 'MLI' and outcome == @HEADLINE")
    scored = scored.set_index("scenario").loc["withdrawal"]
    assert (scored["first_month"], scored["last_month"], scored["months"]) == (twelve[0], twelve[-1], 12)
    assert scored["observed"] == came and scored["median"] == float(total.median())
    assert (run.totals.first_month, run.totals.last_month) == (twelve[0], twelve[-1])

    ladder = brief_tables.exceedance_frame(run).query("country == 'MLI' and scenario == 'withdrawal'")
    for row in ladder.itertuples():
        assert row.probability == float((total > row.threshold).mean())
    assert run.first.totals().set_index(["country", "outcome"]).loc[("MLI", HEADLINE), "mean"] == float(total.mean())

    captions = [
        brief_tables.exceedance_table(run, brief_tables.exceedance_frame(run)).caption,
        brief_tables.watched_units_table(run, run.case.definition.watched).caption,
        brief_tables.tornado_table(run).caption,
        track_tables.hindcast_table(run).caption,
    ]
    assert all(span in text for text in captions)
    assert all(span in answer.sentence for answer in (answers._home(run), answers._track(run)))

    drawing = SimpleNamespace(
        run=run, common={}, ground=None, twice=lambda draw, numbers, *_, **words: (numbers, words)
    )
    dots, said = brief_figures._dots(drawing)
    assert dots.mark == came and span in said["period"]
    assert span in brief_figures._map(drawing, run.case.definition.watched)[1]["what"]


@pytest.mark.parametrize("gap", range(-6, 13))
def test_a_horizon_says_the_months_that_the_run_holds_and_no_others(panel, gap):
    run = made_up_run(panel, gap)
    exit_month, windows = shifted(AS_OF, gap), run.first.windows()
    tables = brief_tables.contrast_tables(run, *brief_tables.contrast_frames(run))
    expected = {"short": (1, 6), "mid": (7, 24), "long": (25, 60)}
    assert (
        list(tables)
        == list(windows)
        == [name for name, (first, last) in expected.items() if first <= MONTHS - gap and last >= 1 - gap]
    )
    for name, shown in tables.items():
        first, last = max(expected[name][0], 1 - gap), min(expected[name][1], MONTHS - gap)
        held = months_after(exit_month, last)[first - 1 :]
        assert windows[name] == held
        assert held_words(first, last, held[0], held[-1]) in shown.caption
        mean = run.first.deaths.sel(country="MLI", outcome=HEADLINE, month=held).mean()
        row = shown.frame.query("country == 'MLI' and scenario == 'withdrawal'").iloc[0]
        assert row["mean"] == pytest.approx(float(mean))
        assert (row["first"], row["last"], row["first_month"], row["last_month"]) == (first, last, held[0], held[-1])
        known = [month for month in held if month <= "2024-12"]
        scored = run.hindcast.query("window == @name and scenario == 'withdrawal'", local_dict={"name": name})
        if known:
            assert (scored["first_month"].iloc[0], scored["last_month"].iloc[0]) == (known[0], known[-1])
    summary = run.first.summary().drop_duplicates("window").set_index("window")
    assert all(summary.loc[name, "first_month"] == months[0] for name, months in windows.items())
    said = " ".join(statement.sentence for statement in brief_words._contrast(run))
    assert all(span_words(months[0], months[-1]) in said or months[0] == months[-1] for months in windows.values())
    outside = [month for month in run.first.months if all(month not in months for months in windows.values())]
    assert (spans_words(outside) in said) if outside else ("no horizon" not in said)


def test_other_horizons_are_said_and_scored_everywhere(panel):
    horizons = {"short": (1, 3), "mid": (4, 12), "long": (13, 24)}
    run = made_up_run(panel, 0, horizons)
    tables = brief_tables.contrast_tables(run, *brief_tables.contrast_frames(run))
    assert "months 1 to 3 after the exit (January 2023 to March 2023)" in tables["short"].caption
    scored = run.hindcast.drop_duplicates(["scenario", "window"]).set_index(["scenario", "window"])
    for name in ("withdrawal", "mission_stays", "baseline"):
        assert scored.loc[(name, "short"), ["first_month", "last_month"]].tolist() == ["2023-01", "2023-03"]
        assert scored.loc[(name, "long"), ["first_month", "last_month"]].tolist() == ["2024-01", "2024-12"]
    written = brief_tables.full_tables(run, pd.DataFrame())["all-summary"]
    assert written.groupby("window")["months"].unique().map(list).to_dict() == {"short": [3], "mid": [9], "long": [12]}


def test_the_record_alone_takes_exit_and_horizons_of_what_it_is_shown_beside(panel, monkeypatch):
    run = made_up_run(panel, 1, {"short": (1, 3)}).first
    monkeypatch.setattr(evidence_of_run, "forecast_scenario", lambda asked, ask, **rest: asked)
    alone = evidence_of_run._record_alone([run], Ask(), None, run.ground.register)
    assert (alone.scenario.id, alone.clock) == ("baseline", run.clock)
    assert (alone.clock.exit, alone.clock.horizons["short"], alone.clock.months) == ("2023-01", (1, 3), MONTHS)


def test_one_check_refuses_scenarios_over_other_months_or_horizons():
    first, second = load_scenario("withdrawal"), load_scenario("mission_stays")
    for name, value in {"months": 12, "exit": "2023-05", "horizons": {"short": (1, 3)}}.items():
        with pytest.raises(InputError, match=f"paired over the same months: {name} is"):
            check_pairing([Ask().of(first), Ask().of(second.model_copy(update={name: value}))])
    with pytest.raises(InputError, match="horizons is"):
        hm.compare_all(second.model_copy(update={"horizons": {"short": (1, 3)}}), draws=20)


@pytest.mark.parametrize(("as_of", "months"), [("2022-12", 6), ("2010-03", 1), ("2024-12", 240)])
def test_where_no_driver_acts_any_month_and_any_length_will_do(as_of, months):
    clock = Ask(as_of=as_of, months=months).of("baseline").clock
    assert (clock.as_of, clock.months) == (as_of, months)


def test_where_drivers_act_a_run_that_ends_before_the_exit_is_refused():
    with pytest.raises(InputError, match="ends before the exit"):
        Ask(as_of="2022-12", months=6).of("withdrawal")
    with pytest.raises(InputError, match="ends before the exit"):
        Ask(as_of="2022-12", months=6).of("mission_stays")


def test_months_in_no_horizon_are_one_window_and_can_be_compared(panel):
    asked = Ask(as_of=AS_OF, months=6).of("baseline")
    run = made_up(asked, panel, 1)
    assert run.windows() == {"run": months_after(AS_OF, 6)}
    assert run.summary()["window"].unique().tolist() == ["run"]
    table = Comparison.of({"one": run, "other": made_up(asked, panel, 2)}).table
    assert table[["window", "first_month", "last_month"]].drop_duplicates().values.tolist() == [
        ["run", "2023-01", "2023-06"]
    ]


def test_a_short_forecast_says_its_months(small_posterior):
    run = hm.forecast("baseline", as_of="2023-06", months=3, draws=20, settings=SHORT)
    assert "the first 3 months (July 2023 to September 2023)" in run._repr_html_()


def test_empty_tables_are_dropped_and_not_printed():
    content = make_content()
    empty = table("hindcast")
    empty = type(empty)(empty.id, empty.caption, empty.frame.iloc[:0], empty.columns)
    without = replace(content, hindcast=empty)
    assert "hindcast" not in {t.id for t in without.tables()}
    html = render_annex(without)
    assert "About hindcast" not in html and "The record holds no month after June 2023" in html


def test_spans_of_months_read_as_spans():
    assert spans_words(["2023-01", "2023-02", "2023-04"]) == "January 2023 to February 2023 and April 2023"
    assert first_months_words(months_after("2023-06", 12)) == "the first twelve months (July 2023 to June 2024)"
    assert first_months_words(["2023-07"]) == "the first month (July 2023)"
