"""An explanation of a whole run: its parts agree with simulating again, and it says what it rests on."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from explain_helpers import made_learnt, short_run
from shown_words import ENGLISH_ONLY

import harmattan as hm
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.drivers.exposure import acting
from harmattan.explain.leave_out import omissions
from harmattan.explain.question import Question
from harmattan.explain.reweighting import reweighted_change
from harmattan.model.specification import STANDARD, SamplerSettings
from harmattan.report.explaining import explain_run
from harmattan.report.explanation import Explanation
from harmattan.report.weighing import weights_of
from harmattan.run.asking import Ask
from harmattan.run.forecasting import forecast_scenario
from harmattan.run.refitting import refitted
from harmattan.simulate.paths import simulate_paths

THRESHOLD = 120
QUESTION = Question("QMA", "one_sided", threshold=THRESHOLD)


pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture(scope="module")
def register(made_case):
    return load_register()


@pytest.fixture(scope="module")
def run(made_fit, register):
    return short_run(made_fit, register, draws=4000)


@pytest.fixture(scope="module")
def explained(run):
    return explain_run(run, QUESTION)


# The answer and its parts


def test_the_answer_is_that_of_the_draws(explained, run):
    total = run.deaths.sel(country="QMA", outcome="one_sided").values.sum(axis=1)
    assert explained.mean == pytest.approx(total.mean())
    assert explained.probability == pytest.approx((total > THRESHOLD).mean())
    assert explained.probability_error == pytest.approx((total > THRESHOLD).std() / np.sqrt(len(total)))


@pytest.mark.parametrize("measure", ["deaths", "chance"])
def test_the_longest_bar_is_what_simulating_again_gives(explained, run, measure):
    table = explained.swings_deaths if measure == "deaths" else explained.swings_chance
    top = table.iloc[0]
    ground, months = run.ground, [str(month) for month in run.deaths["month"].values]
    for end, level in (("low", 0.1), ("high", 0.9)):
        effects = run.effects.copy(deep=True)
        column = list(effects["driver"].values).index(top["driver"])
        effects[:, column] = np.quantile(effects.values[:, column], level)
        drawn = replace(run.drivers, effects=effects)
        moved = acting(drawn, ground.register.drivers, run.scenario, months, exit=run.clock.exit)
        paths = simulate_paths(ground.parameters, ground.start, ground.borders, months, STANDARD, 1, moved)
        total = QUESTION.total(paths.deaths)
        # scaling leaves out what crosses borders and draws no new luck, so it is close and not exact
        if measure == "deaths":
            assert top[end] == pytest.approx(total.mean(), rel=0.02)
        else:
            assert top[end] == pytest.approx((total > THRESHOLD).mean(), abs=0.02)


def test_all_drivers_together_are_told_last_and_tell_most(explained):
    knowing = explained.knowing
    assert knowing["driver"].iloc[-1] == "all"
    span = knowing["chance_high"] - knowing["chance_low"]
    assert span.iloc[-1] > span.iloc[:-1].max()
    together, error = knowing[["variance_share", "variance_share_error"]].iloc[-1]
    assert together > knowing["variance_share"].iloc[:-1].max() - error


def test_everything_that_can_be_left_out_is_and_each_says_how(explained, register):
    table = explained.left_out
    assert set(table["method"]) <= {"reweighted", "simulated again"}
    assert len(explained.without("driver")) == len(register.drivers)
    assert len(explained.without("source")) == len(register.sources)
    assert not table[["mean_without", "probability_change", "probability_error"]].isna().any().any()
    weighted = table[table["method"] == "reweighted"]
    assert (weighted["k_hat"].fillna(0.0) < 0.7).all()
    for kind, alike in table.groupby("kind"):
        third = alike["probability_change"].abs().nlargest(3).iloc[-1]
        settled = weighted[weighted["kind"] == kind]
        assert (settled["probability_change"].abs() < third).all(), "the first three are settled by paired futures"


def test_the_same_run_is_explained_alike_twice(made_fit, register):
    """Few drivers act when the mission stays, so that two explanations are soon made."""
    run = short_run(made_fit, register, "stays", draws=400)
    first, again = (explain_run(run, QUESTION) for _ in range(2))
    for name, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, again.tables[name])
    assert again.sentences == first.sentences


# Words and folder


def test_figures_speak_the_language_they_are_drawn_in(explained, register):
    with speaking("fr"):
        drawn = {name: draw() for name, draw in explained.figures.items()}
    for name, ax in drawn.items():
        around = " ".join(text.get_text() for text in ax.figure.texts)
        assert ENGLISH_ONLY.findall(around) == [], name
        assert "Données arrêtées à fin juin 2020." in around
    labels = {text.get_text() for text in drawn["without_drivers"].get_yticklabels()}
    titles = {driver.title for driver in register.drivers.values()}
    assert labels and not labels & titles


def test_every_way_has_its_table_figure_and_sentence(explained):
    assert set(explained.figures) == {
        *("tornado_deaths", "tornado_chance", "sensitivity", "knowing", "boxes"),
        *("without_drivers", "without_claims", "without_sources"),
    }
    assert set(explained.figures) <= set(explained.tables)
    ways = {"answer", "documents", "tornado", "sensitivity", "drivers", "claims", "sources", "method", "knowing"}
    ways |= {"discovery", "otherwise"}
    assert set(explained.sentences) == ways
    for sentence in explained.sentences.values():
        assert sentence.endswith(".") and any(letter.isdigit() for letter in sentence)


def test_what_else_would_explain_it_is_named_with_the_way_to_its_tipping_point(explained):
    said = explained.sentences["otherwise"]
    assert "A coup in Bellune (March 2021)." in said and "harmattan fragile" in said
    with speaking("fr"):
        assert "Un coup d’État en Bellune (mars 2021)." in explained.sentences["otherwise"]


def test_the_sentence_on_claims_names_the_first_three_with_their_errors(explained):
    said = explained.sentences["claims"]
    for row in explained.without("claim").head(3).itertuples():
        assert f"{row.id}, “" in said
        assert f"{100 * row.probability_change:+.1f} (error {100 * row.probability_error:.1f}" in said


def test_it_prints_and_saves_itself(explained, tmp_path):
    assert isinstance(explained, Explanation)
    assert "leaves" in repr(explained) and "<table" in explained._repr_html_()
    out = explained.save(tmp_path / "explained")
    assert {path.name for path in out.iterdir()} == {"tables", "figures", "explanation.md", "run.json", "inputs.zip"}
    assert {path.stem for path in (out / "tables").iterdir()} == set(explained.tables)
    assert {path.stem for path in (out / "figures").iterdir()} == set(explained.figures)
    record = json.loads((out / "run.json").read_text())
    assert record["question"]["threshold"] == THRESHOLD and record["scenario"]["id"] == "leaves"
    assert {"versions", "seed", "inputs_sha256", "diagnostics", "seconds"} <= set(record)
    assert any(name.startswith("seeds/claims/") for name in record["inputs_sha256"])
    json.dumps(explained.as_dict(), allow_nan=False)


# Refusals


def test_a_scenario_without_drivers_has_nothing_to_explain(made_fit, register):
    run = short_run(made_fit, register, "baseline", draws=20, months=2)
    with pytest.raises(InputError, match="no driver acts"):
        explain_run(run, Question("QMA", "one_sided", months=2))


def test_a_question_beyond_the_simulated_months_is_refused(run):
    with pytest.raises(InputError, match="only 12 were simulated"):
        explain_run(run, Question("QMA", "one_sided", months=24))


@pytest.mark.parametrize("ratio", [0.0, 1.0, -1.0])
def test_a_cost_ratio_that_is_none_is_refused(run, ratio):
    with pytest.raises(InputError, match="between 0 and 1"):
        explain_run(run, QUESTION, cost_ratio=ratio)


def test_what_cannot_be_replaced_is_refused_before_any_work(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        hm.explain("leaves", out=tmp_path)


# Learnt drivers


@pytest.fixture(scope="module")
def learnt(made_fit, register):
    """A run half a year after the exit, from a posterior whose drivers are as before: what was learnt is nothing."""
    before = short_run(made_fit, register, draws=made_fit.parameters.sizes["draw"], months=1).effects
    return short_run(made_learnt(made_fit, register, before.values), register, draws=400)


def test_after_the_exit_it_says_how_much_is_prior(learnt):
    explained = explain_run(learnt, QUESTION)
    table = explained.power_scaling
    assert len(table) == len(learnt.ground.register.drivers)
    assert (table["likelihood_sensitivity"] < 0.5).all(), "these drivers never met the data"
    assert table["sd_ratio"].median() == pytest.approx(1.0, abs=0.25)
    assert "power_scaling" in explained.figures and "power_scaling" in explained.tables
    assert "lean on their prior" in explained.sentences["power_scaling"]
    assert list(explained.whole_scaling["by"])[:2] == ["documents", "what belongs to no driver"]
    assert explained.whole_scaling["sensitivity"].between(0, 2).all() and "whole_scaling" in explained.sentences
    assert "simulated again" not in set(explained.left_out["method"]), "no fit is made unasked"


@pytest.fixture(scope="module")
def fitted(register, tmp_path_factory):
    """A run half a year after the exit, from a fit of its own that learnt the drivers, and what it can do without."""
    settings = SamplerSettings(draws=500, tune=300, chains=2)
    chosen = Ask(as_of="2020-12", months=12).of("leaves")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARMATTAN_CACHE", str(tmp_path_factory.mktemp("fits")))
        run = forecast_scenario(chosen, Ask(draws=1000, settings=settings), register=register)
        yield run, settings, {(item.kind, item.id): item for item in omissions(register, chosen.scenario)}


def strongest_with_trusted_weights(run, items, kind):
    """Return what of a kind changes the weights of futures most among all for which k-hat vouches."""
    weights_without = weights_of(run)
    found = {key: weights_without(item) for key, item in items.items() if key[0] == kind}
    trusted = [key for key, weights in found.items() if weights is not None and weights.reliable]
    return max(trusted, key=lambda key: found[key].values.std())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["driver", "claim", "source"])
def test_weights_on_what_was_learnt_agree_with_a_new_fit(fitted, kind):
    run, settings, items = fitted
    key = strongest_with_trusted_weights(run, items, kind)
    weights = weights_of(run)(items[key])
    priors = items[key].priors
    anew = refitted(run, priors, QUESTION.months, settings=settings)
    before, after = QUESTION.total(run.deaths), QUESTION.total(anew.deaths)
    pairs = {"mean": (before, after), "chance": (before > QUESTION.threshold, after > QUESTION.threshold)}
    for driver in items[key].priors["driver"].values:
        pairs[driver] = tuple(fit.ground.parameters["driver_effect"].sel(driver=driver).values for fit in (run, anew))
    for name, (old, new) in pairs.items():
        change = reweighted_change(old.astype(float), weights.values)
        # the two fits differ by their own errors, counted by the fewest effective draws of any parameter
        spread = [
            values.var() / fit.posterior.diagnostics.fewest_effective_draws for values, fit in ((old, run), (new, anew))
        ]
        error = np.hypot(change.error, np.sqrt(sum(spread)))
        assert change.value == pytest.approx(new.mean() - old.mean(), abs=3 * error), name
