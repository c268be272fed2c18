"""The exploring page's numbers: totals within the stated rounding, weights that give what a simulation gives."""

import json
import re
import zlib
from base64 import b64decode

import numpy as np
import pytest
from explain_helpers import short_run
from made import CASE, HOME

import harmattan as hm
from harmattan.claims.register import load_register
from harmattan.claims.stated import changed_prior
from harmattan.core.errors import InputError
from harmattan.core.telling import telling
from harmattan.drivers.reweighting import log_weights
from harmattan.report.explore_fragment import explorable, render_explore_fragment, thresholds
from harmattan.report.explore_numbers import explore_numbers, grid
from harmattan.report.explore_page import render_explore
from harmattan.report.explore_recorded import as_recorded, settled_by
from harmattan.run.forecasting import forecast_on
from harmattan.schema.driver_setting import DriverSetting
from harmattan.schema.scenario import Asked

pytestmark = pytest.mark.usefixtures("made_case")
DRAWS, MONTHS = 2000, 12


@pytest.fixture(scope="module")
def run(made_case, made_fit):
    return short_run(made_fit, load_register(), draws=DRAWS, months=MONTHS)


@pytest.fixture(scope="module")
def stays(run):
    return forecast_on(run.ground, Asked(hm.load("stays"), run.clock))


def total(run):
    return run.deaths.sel(HOME).sum("month").values


def share_above(values, weights, threshold):
    return float(np.average(values > threshold, weights=weights))


def error_of(share, futures):
    return np.sqrt(share * (1 - share) / futures)


def effective(weights):
    return weights.sum() ** 2 / (weights**2).sum()


def unpacked(payload):
    """The totals that a page's payload holds, worked out from the text alone."""
    shape = payload["shape"]
    planes = np.frombuffer(zlib.decompress(b64decode(payload["codes"])), dtype=np.uint8).reshape(2, *shape)
    codes = planes[0].astype(np.uint16) + (planes[1].astype(np.uint16) << 8)
    codes[1:] += codes[:1]
    return grid()[codes]


def test_the_grid_holds_every_number_of_two_figures_and_steps_by_little():
    numbers = grid()
    held = set(numbers.tolist())
    assert all(number * 10**power in held for number in range(100) for power in range(6))
    steps = np.diff(numbers)
    assert (steps > 0).all() and (steps[numbers[:-1] < 100] == 1).all()
    assert (steps / numbers[:-1].clip(1))[numbers[:-1] >= 100].max() <= 0.025


def test_a_page_holds_the_totals_of_the_run_within_the_stated_rounding(run, stays):
    payload = json.loads(json.dumps(explore_numbers([run, stays]).payload()))
    held = unpacked(payload)
    assert payload["windows"] == ["first", *run.windows()]
    for index, one in enumerate((run, stays)):
        first = one.deaths.isel(month=slice(0, 12)).sum("month").transpose("country", "outcome", "draw").values
        np.testing.assert_array_equal(held[index, 0] >= first, True)
        assert (held[index, 0] - first <= 0.025 * first).all()
        assert (held[index, 0] == first)[first <= 100].all()
        for place, months in enumerate(one.windows().values(), start=1):
            values = one.deaths.sel(month=months).sum("month").transpose("country", "outcome", "draw").values
            assert (np.abs(held[index, place] - values) <= 0.025 * values).all()


def test_chances_of_passing_a_threshold_of_the_page_are_not_rounded_at_all(run):
    held, values = explore_numbers([run]).totals()[0, 0], total(run)
    unit = list(run.deaths["country"].values).index(HOME["country"])
    outcome = list(run.deaths["outcome"].values).index(HOME["outcome"])
    for threshold in thresholds(int(held.max()), run.case.thresholds):
        assert (held[unit, outcome] > threshold).mean() == (values > threshold).mean()


def test_states_are_the_ways_that_drivers_go(run):
    numbers = explore_numbers([run])
    for node, states in zip(numbers.nodes, numbers.states[0], strict=True):
        source = run.drivers.ways if node.endswith("/later") else run.drivers.by_itself
        np.testing.assert_array_equal(states, source.sel(driver=node.removesuffix("/later")).values)


@pytest.mark.parametrize(("driver", "way"), [("raiders", "bolder"), ("vacancy", "filled"), ("patrols", "absent")])
def test_keeping_the_futures_that_go_a_way_is_what_observing_simulates(run, driver, way):
    ways = [str(name) for name in run.ground.priors["branch"].sel(driver=driver).values]
    state = len(ways) - 1 if way == "absent" else ways.index(way)
    weights = (run.drivers.ways.sel(driver=driver).values == state).astype(float)
    settings = run.scenario.drivers.model_copy(update={"observe": {driver: way}})
    seen = forecast_on(run.ground, Asked(run.scenario.model_copy(update={"drivers": settings}), run.clock))
    middle = float(np.median(total(run)))
    kept, simulated = share_above(total(run), weights, middle), share_above(total(seen), None, middle)
    assert abs(kept - simulated) < 4 * error_of(0.5, 1 / (1 / effective(weights) + 1 / DRAWS))


@pytest.mark.parametrize("chances", [{"raiders": 0.9}, {"vacancy": {"open": 0.1, "filled": 0.8}, "patrols": 0.2}])
def test_weighing_by_the_new_probability_is_what_stating_it_simulates(run, chances):
    drivers, priors = run.ground.register.drivers, run.ground.priors
    new = priors
    for name, chance in chances.items():
        new = changed_prior(new, drivers[name], DriverSetting(probability=chance))
    weights = np.exp(log_weights(run.drivers, drivers, priors, new, run.scenario))
    stated = run.what_if({name: {"probability": chance} for name, chance in chances.items()})["what if"]
    middle = float(np.median(total(run)))
    weighed, simulated = share_above(total(run), weights, middle), share_above(total(stated), None, middle)
    assert abs(weighed - simulated) < 4 * error_of(0.5, 1 / (1 / effective(weights) + 1 / DRAWS))
    for name, row in zip(new["driver"].values, new["weight"].values, strict=True):  # all go as often as is now said
        going = run.drivers.ways.sel(driver=name).values
        shares = [np.average(going == state, weights=weights) for state in range(len(row))]
        np.testing.assert_allclose(shares, row, atol=4 * error_of(0.5, effective(weights)))


def test_what_dated_events_have_settled_is_observed_and_nothing_that_came_later(run):
    assert settled_by(run, run.clock.as_of) == {}
    settled = settled_by(run, "2024-12")
    assert settled == {"patrols": "patrols-end"}
    recorded = as_recorded(run, settled)
    assert (recorded.drivers.ways.sel(driver="patrols").values == 0).all()
    assert as_recorded(recorded, settled) is None, "nothing is new"
    assert as_recorded(run, {}) is None


def test_the_page_is_one_file_that_asks_nothing_of_the_net_and_answers_without_scripts(run, stays, tmp_path):
    path = hm.explore(run, stays, out=tmp_path / "explore.html")
    page = path.read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!#)', page), "everything is inside"
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|import\(", page)
    still = page[page.index('<details class="still"') :]
    with telling(run.words):
        assert still.count('<th scope="row"') == len(run.case.units)
    assert "<noscript>" in page and path.stat().st_size < 2.5e6
    assert page == hm.explore(run, stays, out=tmp_path / "again.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_control_has_a_label_and_every_driver_a_legend(run, lang, tmp_path):
    page = hm.explore(run, out=tmp_path / "explore.html", lang=lang).read_text(encoding="utf-8")
    assert f'<html lang="{lang}">' in page
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    controls = re.findall(r"<(?:select|input)(?=[^>]*\bid=)[^>]*>", page)
    assert {re.search(r'\bid="([^"]+)"', control)[1] for control in controls} <= labelled
    assert page.count('<fieldset class="driver"') == len(run.ground.register.drivers)
    assert 'aria-live="polite"' in page


def fragment(run, **given):
    with telling(run.words):
        return render_explore_fragment(explorable([run], run.clock.as_of), **given)


def test_inside_another_page_nothing_of_the_fragment_reaches_beyond_its_root(run):
    made = fragment(run)
    rules = re.sub(r"@(?:media|container)[^{]*\{", "", made.css)
    selectors = [one.strip() for rule in re.findall(r"([^{}]+)\{[^{}]*\}", rules) for one in rule.split(",")]
    assert len(selectors) > 80 and [one for one in selectors if not re.match(r"\.explore\b", one)] == []
    ids = re.findall(r'\b(?:id|for|name|aria-labelledby)="([^"]+)"', made.html)
    assert len(ids) > 20 and [one for one in ids if not one.startswith("explore-")] == []
    assert made.html.count("<h3") == 2 and "<h2" not in made.html and "<main" not in made.html
    assert made.script.startswith("(() => {") and made.script.rstrip().endswith("})();"), "no name is left behind"
    assert "window." not in made.script.replace("window.addEventListener", "")
    assert made.body.index(made.html) < made.body.index(made.data) < made.body.index(made.script)


def test_a_small_fragment_says_how_many_futures_it_holds_and_asks_the_first_question_as_the_run_does(run):
    whole = fragment(run, data_bytes=None)
    size = len(whole.data.encode()) * 2 // 3
    small = fragment(run, data_bytes=size)
    assert whole.draws == DRAWS and 100 <= small.draws < DRAWS and small.draws % 100 == 0
    assert len(small.data.encode()) <= size
    larger = explore_numbers([run]).keeping(small.draws + 100, total(run)).size()
    assert len(small.data.encode()) - explore_numbers([run]).keeping(small.draws, total(run)).size() + larger > size
    payload = json.loads(small.data)
    held = unpacked(payload)[0, 0]
    unit = list(run.deaths["country"].values).index(HOME["country"])
    outcome = list(run.deaths["outcome"].values).index(HOME["outcome"])
    for threshold in payload["thresholds"]:
        share, exact = (held[unit, outcome] > threshold).mean(), (total(run) > threshold).mean()
        assert abs(share - exact) <= 1 / small.draws
    error = int(np.ceil(100 * np.sqrt(1 / small.draws - 1 / DRAWS)))
    assert f"of the tables by up to {error} in 100" in small.html and "tables by up to" not in whole.html
    assert payload["draws_run"] == DRAWS


def test_fewer_futures_keep_states_and_totals_of_the_same_future_together(run):
    numbers = explore_numbers([run])
    fewer = numbers.keeping(500, total(run))
    numbered = np.concatenate([numbers.codes[0].reshape(-1, DRAWS), numbers.states[0]])
    held = np.concatenate([fewer.codes[0].reshape(-1, 500), fewer.states[0]])
    columns = {column.tobytes() for column in np.ascontiguousarray(numbered.T)}
    assert all(column.tobytes() in columns for column in np.ascontiguousarray(held.T))
    assert numbers.keeping(DRAWS, total(run)) is numbers


def test_drivers_stand_under_the_headings_of_the_case(run, tmp_path):
    drivers = run.ground.register.drivers
    grouped = {**drivers.by_id, "raiders": drivers["raiders"].model_copy(update={"group": "Armed people"})}
    headings = re.findall(r"<summary>([^<]+?) <span", render_with(run, grouped))
    assert headings == ["Armed people", "Others"]


def render_with(run, by_id):
    from dataclasses import replace

    register = replace(run.ground.register, drivers=replace(run.ground.register.drivers, by_id=by_id))
    with telling(run.words):
        return render_explore([replace(run, ground=replace(run.ground, register=register))], last=run.clock.as_of)


def test_what_cannot_be_explored_together_is_refused(run, tmp_path):
    with pytest.raises(InputError, match="at least one run"):
        hm.explore(out=tmp_path / "explore.html")
    fewer = forecast_on(run.ground, Asked(run.scenario, run.clock.model_copy(update={"months": 6})))
    with pytest.raises(InputError, match="same months"):
        hm.explore(run, fewer, out=tmp_path / "explore.html")
    with pytest.raises(InputError, match="icd203, phia"):
        hm.explore(run, out=tmp_path / "explore.html", likelihood="guess")
    assert CASE.is_dir() and not (tmp_path / "explore.html").exists()
