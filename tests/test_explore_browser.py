"""The exploring page in a real browser: it answers what Python makes of the same futures (`make test-browser`)."""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
import yaml
from browsing import chromium, home_of
from explain_helpers import made_learnt, short_run

import harmattan as hm
from harmattan.claims.register import load_register
from harmattan.claims.stated import changed_prior
from harmattan.core.telling import telling
from harmattan.drivers.assumptions import known_by
from harmattan.drivers.graph import driver_graph
from harmattan.drivers.reweighting import log_weights
from harmattan.plots.figure_numbers import dot_numbers
from harmattan.report.explore_fragment import explorable, render_explore_fragment
from harmattan.report.explore_numbers import FEWEST_SPEAKING, grid
from harmattan.report.explore_recorded import as_recorded, settled_by
from harmattan.run.forecasting import forecast_on
from harmattan.schema.driver_setting import DriverSetting
from harmattan.schema.scenario import Asked, load_scenario

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("made_case")]
DRAWS = 2000
ASKED = {"country": "QMA", "outcome": "one_sided", "window": "first", "scenario": "leaves"}


@pytest.fixture(scope="module")
def run(made_case, made_fit):
    return short_run(made_fit, load_register(), draws=DRAWS)


@pytest.fixture(scope="module")
def stays(run):
    return forecast_on(run.ground, Asked(hm.load("stays"), run.clock))


@pytest.fixture(scope="module")
def page(run, stays, tmp_path_factory):
    return hm.explore(run, stays, out=tmp_path_factory.mktemp("explore") / "explore.html")


class Read(HTMLParser):
    """Texts by id without the fragment's prefix, and the attributes of every element with one."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.attributes, self.open = {}, {}, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("id", "").removeprefix("explore-")
        if name:
            self.attributes[name] = given
        if tag not in ("input", "meta", "link", "br", "line", "circle"):
            self.open.append((tag, name))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for _, name in self.open:
            if name:
                self.texts[name] = self.texts.get(name, "") + data


def opened(page, **asked):
    """What a browser shows of the page at an address that asks this."""
    address = f"{Path(page).resolve().as_uri()}#{urlencode(ASKED | asked)}"
    command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=30000", "--dump-dom"]
    home = home_of(page)
    shown = subprocess.run(
        [*command, f"--user-data-dir={home['HOME']}", address], capture_output=True, text=True, timeout=120, env=home,
        check=True,
    ).stdout  # fmt: skip
    assert "data-error" not in shown, re.search(r'data-error="[^"]*"', shown)[0]
    return Read(shown)


def answer(read):
    given = read.attributes["answer"]
    return {key: float(given[f"data-{key}"]) for key in ("share", "median", "low", "high", "speaking")}


def rounded_total(run, outcomes=("one_sided",), country="QMA", months=None):
    months = run.months[:12] if months is None else months
    return sum(
        grid()[np.searchsorted(grid(), run.deaths.sel(country=country, outcome=one, month=months).sum("month").values)]
        for one in outcomes
    )


def expected(values, weights, more):
    low, median, high = np.quantile(values, [0.1, 0.5, 0.9], weights=weights, method="inverted_cdf")
    return {
        "share": np.average(values > more, weights=weights), "median": median, "low": low, "high": high,
        "speaking": weights.sum() ** 2 / (weights**2).sum(),
    }  # fmt: skip


def is_as(read, values, weights, more):
    found, right = answer(read), expected(values, weights, more)
    for key, value in right.items():
        assert found[key] == pytest.approx(value, rel=1e-6), key
    return found


def stated(run, chances):
    new = run.ground.priors
    for name, chance in chances.items():
        new = changed_prior(new, run.ground.register.drivers[name], DriverSetting(probability=chance))
    return new


def test_what_nobody_changed_is_the_run_itself(page, run, stays):
    none = np.ones(DRAWS)
    is_as(opened(page, more=25), rounded_total(run), none, 25)
    is_as(opened(page, more=25, scenario="stays"), rounded_total(stays), none, 25)
    outcomes = [str(one) for one in run.deaths["outcome"].values]
    months = run.windows()["short"]
    asked = {"more": 100, "outcome": "all", "country": "QMB", "window": "short"}
    is_as(opened(page, **asked), rounded_total(run, outcomes, "QMB", months), none, 100)


def test_dots_are_the_figures_own_numbers(page, run):
    def drawn(**asked):
        return json.loads(opened(page, **asked).attributes["dots"]["data-numbers"])

    exact = run.deaths.sel(country="QMA", outcome="one_sided", month=run.months[:12]).sum("month").values
    own = dot_numbers({"leaves": exact}, country="QMA", mark=25).as_dict()
    shown = drawn(more=25)
    assert tuple(shown["rows"][0]["dots"]) == own["rows"][0]["dots"] and len(shown["rows"]) == 1
    assert [shown[key] for key in ("figure", "country", "outcome", "mark")] == ["dots", "QMA", "one_sided", 25]
    elsewhere = dot_numbers({"leaves": rounded_total(run, country="QMB")}, country="QMB")
    two = drawn(country="QMB", more=25, **{"is.raiders": "bolder"})
    assert [row["scenario"] for row in two["rows"]] == ["explored", "leaves"]
    assert tuple(two["rows"][1]["dots"]) == elsewhere.rows[0].dots


def test_switches_and_sliders_weigh_as_python_does(page, run):
    drivers, priors = run.ground.register.drivers, run.ground.priors
    chances = {"vacancy": {"open": 0.1, "filled": 0.6}, "patrols": 0.3}
    read = opened(
        page,
        more=25,
        **{"is.raiders": "bolder", "p.vacancy.open": 10, "p.vacancy.filled": 60, "p.patrols.patrols-end": 30},
    )
    weights = np.exp(log_weights(run.drivers, drivers, priors, stated(run, chances), run.scenario))
    weights = weights * (run.drivers.ways.sel(driver="raiders").values == 0)
    found = is_as(read, rounded_total(run), weights, 25)
    assert f"{np.floor(found['share'] * 100 + 0.5):.0f} in 100" in read.texts["said"].replace("\u00a0", " ")


def test_the_saved_scenario_runs_to_the_same_number_within_the_stated_error(page, run, tmp_path):
    read = opened(page, more=25, **{"is.raiders": "bolder", "p.patrols.patrols-end": 90})
    text = read.texts["yaml"]
    (tmp_path / "explored.yaml").write_text(text, encoding="utf-8")
    scenario = load_scenario(tmp_path / "explored.yaml")
    assert scenario.drivers.observe == {"raiders": "bolder"} and scenario.setting("patrols").probability == 0.9
    asked = Asked(scenario, run.clock)
    again = forecast_on(run.ground, asked)
    error = int(re.search(r"within (\d+) in 100", text)[1])
    assert abs(100 * (answer(read)["share"] - (rounded_total(again) > 25).mean())) <= error
    assert yaml.safe_load(text)["as_of"] == run.clock.as_of


def test_a_smaller_fragment_answers_within_its_stated_error_of_what_if(run, tmp_path):
    with telling(run.words):
        found = explorable([run], run.clock.as_of)
        small = render_explore_fragment(found, data_bytes=len(render_explore_fragment(found).data) // 2)
    assert small.draws <= DRAWS // 2 + 100
    page = tmp_path / "host.html"
    page.write_text(f"<!DOCTYPE html><meta charset='utf-8'><style>{small.css}</style>{small.body}", encoding="utf-8")
    read = opened(page, more=25, **{"p.raiders.bolder": 80, "p.patrols.patrols-end": 20})
    chances = {"raiders": {"probability": 0.8}, "patrols": {"probability": 0.2}}
    simulated = run.what_if(chances)["what if"].deaths.sel(country="QMA", outcome="one_sided", month=run.months[:12])
    error = int(re.search(r"within (\d+) in 100", read.texts["yaml"])[1])
    assert abs(100 * (answer(read)["share"] - float((simulated.sum("month") > 25).mean()))) <= error
    assert f"of {small.draws:,} futures speak" in read.texts["speaking"].replace("\u202f", ",")
    assert f"--draws {DRAWS}" in read.texts["yaml"], "the command line runs all of them"


def test_as_recorded_answers_by_what_events_have_settled(page, run):
    recorded = as_recorded(run, settled_by(run, "2024-12"))
    read = opened(page, more=25, scenario=recorded.scenario.id)
    is_as(read, rounded_total(recorded), np.ones(DRAWS), 25)
    assert "observe:\n    patrols: patrols-end" in read.texts["yaml"] and "extends: leaves" in read.texts["yaml"]


def test_where_too_few_futures_speak_no_number_is_shown(page, run):
    states = {"is.raiders": "absent", "is.patrols": "absent", "is.vacancy": "filled", "is.river-trade": "absent"}
    read = opened(page, more=25, **states, **{"p.patrols.patrols-end": 99})
    kept = np.ones(DRAWS, dtype=bool)
    for key, way in states.items():
        ways = [str(one) for one in run.ground.priors["branch"].sel(driver=key[3:]).values]
        kept &= run.drivers.ways.sel(driver=key[3:]).values == (len(ways) - 1 if way == "absent" else ways.index(way))
    if kept.sum() >= FEWEST_SPEAKING:
        pytest.fail(f"the case has changed: {kept.sum()} futures go this way")
    assert float(read.attributes["answer"]["data-speaking"]) == kept.sum()
    assert "hidden" not in read.attributes["stop"] and "Too few futures" in read.texts["stop"]
    assert not read.texts.get("said") and not read.texts.get("range") and read.attributes["answer"]["data-share"] == ""


def test_the_address_that_the_page_keeps_asks_the_same_again(page):
    first = opened(page, more=25, **{"is.vacancy": "filled", "p.raiders.bolder": 70})
    kept = dict(parse_qsl(first.attributes["answer"]["data-asked"]))
    assert kept["is.vacancy"] == "filled" and kept["p.raiders.bolder"] == "70"
    assert answer(opened(page, **kept)) == answer(first)


def test_a_french_page_says_it_in_french(run, tmp_path):
    read = opened(hm.explore(run, out=tmp_path / "explorer.html", lang="fr"), more=25)
    assert "sur\u00a0100" in read.texts["said"]
    assert "8 futurs sur 10" in read.texts["range"]


def test_where_drivers_were_learnt_a_slider_sets_what_was_believed_before(made_fit, tmp_path):
    register = load_register()
    supposed = short_run(made_fit, register, draws=made_fit.parameters.sizes["draw"]).effects.values
    run = short_run(made_learnt(made_fit, register, supposed), register, draws=400)
    drivers, priors = run.ground.register.drivers, run.ground.priors
    read = opened(hm.explore(run, out=tmp_path / "explore.html"), more=25, **{"p.raiders.bolder": 80})
    before, after = (driver_graph(drivers, one) for one in (priors, stated(run, {"raiders": 0.8})))
    weights = np.ones(run.deaths.sizes["draw"])
    for name in before.branches:
        ways = run.drivers.ways.sel(driver=name).values
        old, new = (graph.marginals(known_by(drivers, graph, run.clock.as_of))[name] for graph in (before, after))
        weights *= np.divide(new, old, out=np.zeros_like(old), where=old > 0)[ways]
    is_as(read, rounded_total(run), weights, 25)
