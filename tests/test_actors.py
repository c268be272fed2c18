"""What actors can change: the file, effects by hand, and what is promised of runs of the made-up case."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from explain_helpers import deaths_of, made_learnt, short_run
from made import DOCUMENTS, copy_made_case

import harmattan as hm
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.resources import using_project
from harmattan.core.smallest_change import SmallestChange
from harmattan.core.telling import telling
from harmattan.explain.question import Question
from harmattan.report.actor_tables import LEVERS, actor_findings, actor_table
from harmattan.report.actors import EVERYBODY, actors_of, effect_of
from harmattan.report.folders import shown_in_notebook
from harmattan.run.levers import Pulled, effect_as_it_is, levers_of, pulled, rests_on
from harmattan.run.validation import validate
from harmattan.schema.actors import Lever, together
from harmattan.schema.scenario import scenario_names

QUESTION = Question("QMA", "one_sided", months=12, threshold=100)

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture(scope="module")
def register(made_case):
    return load_register()


@pytest.fixture(scope="module")
def run(made_fit, register):
    return short_run(made_fit, register, draws=400)


@pytest.fixture(scope="module")
def levers(register):
    return {lever.id: lever for actor in levers_of(register).values() for lever in actor.levers}


@pytest.fixture(scope="module")
def found(run):
    return actors_of(run, QUESTION)


# The file


def test_the_file_is_no_scenario_and_a_case_without_it_has_no_actors(tmp_path):
    assert "actors" not in scenario_names()
    folder = copy_made_case(tmp_path / "case", without=("actors.yaml",))
    with using_project(folder):
        assert levers_of(load_register()) == {}
        with pytest.raises(InputError, match=r"names no actors.*harmattan schema actor"):
            hm.actors(draws=10)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("raiders: absent}", "raider: absent}", ["levers[0].do.raider", "no driver 'raider'", "'raiders'"]),
        ("{vacancy: filled}", "{vacancy: full}", ["no branch 'full'"]),
        ("{vacancy: filled}", "{vacancy: happens}", ["more than one way"]),
        ("gazette.txt", "gazete.txt", ["no document 'gazete.txt'", "'gazette.txt'"]),
        ('    inferred: "They know the fords."\n', "", ["stated", "inferred"]),
        ("set: {vacancy", "set: {raiders", ["do does not name"]),
        ("{strength: 2.0}", "{probability: 0.5}", ["strength, timing and places"]),
        ("id: watch-the-fords", "id: boats-go", ["'boats-go' stands already above"]),
        ("id: villagers", "id: council", ["'council' stands already above"]),
        ('{en: "Villagers", fr', "{fr", ["no English"]),
    ],
)
def test_what_is_wrong_in_it_is_said_with_its_place(tmp_path, old, new, parts):
    folder = copy_made_case(tmp_path / "case")
    file = folder / "scenarios" / "actors.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with using_project(folder), pytest.raises(InputError) as caught:
        validate()
    assert all(part in str(caught.value) for part in ["actors.yaml", *parts]), caught.value


def test_lines_that_levers_cite_are_held_against_the_documents(tmp_path):
    validate(documents=DOCUMENTS)
    folder = copy_made_case(tmp_path / "case")
    file = folder / "scenarios" / "actors.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("lines: [4]", "lines: [400]"), encoding="utf-8")
    with using_project(folder), pytest.raises(InputError, match="lever force-of-the-region cites line 400"):
        validate(documents=DOCUMENTS)


def test_levers_together_set_what_each_of_them_sets(levers):
    both = together([levers["force-of-the-region"], levers["watch-the-fords"]])
    assert both.settings() == {
        "vacancy": {"strength": 2.0, "state": "happens", "branch": "filled"},
        "raiders": {"state": "absent"},
    }


def test_what_a_size_rests_on_is_told_by_driver(register, levers):
    assert rests_on(register, levers["force-of-the-region"]) == "documents"
    assert rests_on(register, levers["boats-go"]) == "supposed", "no claim has a vote on it"
    studied = Lever(id="patrol", name={"en": "patrols go on"}, do={"patrols": "absent"}, inferred="They may.")
    assert rests_on(register, studied) == "studies"


# Effects by hand


def test_deaths_averted_the_fall_of_a_chance_and_where_it_pays():
    # ten futures of 50 and ten of 200 deaths: 125 expected, 50 in 100 above 100
    before = np.repeat([50.0, 200.0], 10)
    after = before.copy()
    after[10:14] = 80.0  # the lever brings four of them below the threshold, by 120 deaths each
    case = SimpleNamespace(smallest_change=SmallestChange(0.1))
    run = SimpleNamespace(deaths=deaths_of(before, months=12), case=case)
    order = np.r_[np.arange(10), np.arange(14, 20), np.arange(10, 14)]  # where it works it works most strongly
    row = effect_of(run, Pulled(deaths_of(after, months=12), None), QUESTION, order)
    assert row["expected"] == pytest.approx(125) and row["averted"] == pytest.approx(24)
    assert row["share"] == pytest.approx(24 / 125)
    assert (row["averted_low"], row["averted_high"]) == pytest.approx((0, 120))
    assert row["probability"] == 0.5 and row["drop"] == pytest.approx(0.2) == pytest.approx(row["pays_below"])
    assert (row["drop_low"], row["drop_high"]) == pytest.approx((0, 1))
    # 120 in a fifth of the futures: sd of 48 * root(20 / 19), over the root of 20
    assert row["averted_error"] == pytest.approx(48 / np.sqrt(19)) and row["verdict"] == "undecided"
    turned = SimpleNamespace(deaths=deaths_of(after, months=12), case=case)
    worse = effect_of(turned, Pulled(deaths_of(before, months=12), None),
                      QUESTION, order)  # fmt: skip
    assert worse["averted"] == pytest.approx(-24) and worse["pays_below"] == 0.0


# Runs


def test_a_driver_made_absent_does_what_the_scenario_without_it_does(run, levers):
    found = pulled(run, levers["watch-the-fords"], 12)
    expected = run.what_if(raiders="absent").forecasts["what if"].deaths.isel(month=slice(0, 12))
    assert np.array_equal(found.deaths.values, expected.values)
    few = pulled(run, levers["watch-the-fords"], 12, 30)
    assert np.array_equal(few.deaths.values, expected.values[:30])


def test_after_the_exit_a_driver_starts_now_but_where_it_went_that_way_already(made_fit, register, levers):
    draws = made_fit.parameters.sizes["draw"]
    effects = np.zeros((draws, len(register.drivers)))
    run = short_run(made_learnt(made_fit, register, effects), register, draws=100)
    assert run.clock.as_of == "2020-12", "six months after the exit"
    filled = list(run.ground.register.drivers["vacancy"].branch_ids).index("filled")
    already = run.drivers.ways.sel(driver="vacancy").values == filled
    assert 0 < already.sum() < 100

    def strength(months):
        change = effect_as_it_is(run, months) - pulled(run, levers["force-of-the-region"], months).effect
        return change.sel(country="QMA", outcome="state_based").values[~already]

    # begins in month 7 and takes six months: a sixth of its peak, then two, up to six sixths from month 12 on
    assert strength(12) / strength(1) == pytest.approx((1 + 2 + 3 + 4 + 5 + 6 * 7) / 12)
    assert (strength(1) != 0).all()


def test_every_lever_has_a_row_for_home_and_neighbours_and_so_have_all_at_once(found):
    home = found.at("QMA")
    assert set(home["lever"]) == {"force-of-the-region", "watch-the-fords", "boats-go", "all"}
    assert set(home.loc[home["lever"] == "all", "actor"]) == {EVERYBODY}
    assert found.effects["place"].nunique() == 3 and list(home["averted"]) == sorted(home["averted"], reverse=True)
    boats = home.set_index("lever").loc["boats-go"]
    assert boats["averted"] == 0 and boats["verdict"] == "nothing", "boats bear on deaths of another kind"
    assert home.set_index("lever").at["force-of-the-region", "lines"] == "gazette.txt:4"


def test_it_is_told_in_both_languages_with_the_table_that_holds_it(found):
    english = found.sentences()
    with speaking("fr"):
        french = found.sentences()
    assert len(english) == len(french) and not set(english) & set(french)
    with telling(found.run.words):
        assert actor_table(found).id == LEVERS
        assert {finding.tables for finding in actor_findings(found)} == {(LEVERS,)}
        assert found._repr_html_() == shown_in_notebook(english, actor_table(found))
    assert found.as_dict()["sentences"] == list(english)


def test_it_is_saved_with_the_file_that_it_was_made_from(found, tmp_path):
    found.save(tmp_path / "out")
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert any(path.endswith("scenarios/actors.yaml") for path in record["inputs_sha256"])
    assert (tmp_path / "out" / "tables" / "effects.csv").exists()


def test_of_the_shipped_case_every_lever_is_cited():
    from harmattan.core.resources import shipped_root

    with using_project(shipped_root()):
        actors = levers_of(load_register())
    levers = [lever for actor in actors.values() for lever in actor.levers]
    assert len(levers) >= 5 and all(lever.stated for lever in levers)
    assert all(set(name) == {"en", "fr"} for name in [one.name for one in (*actors.values(), *levers)])
