"""Drivers that any case may take over: neutral, placed by home and neighbours, with a prior until claims speak."""

import csv
import math
import re
import shutil

import pytest
from copies import ask_the_baseline_alone, copy_project
from typer.testing import CliRunner

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.case.places import placed
from harmattan.claims.derivation import derive_driver, driver_priors
from harmattan.claims.register import load_register
from harmattan.claims.whole import documents_whole
from harmattan.cli.app import app
from harmattan.core.errors import InputError
from harmattan.core.resources import PROJECT_VARIABLE, shipped_root
from harmattan.explain.trace import trace
from harmattan.panel.geography import Geography
from harmattan.schema.driver_library import library_drivers, library_file
from harmattan.schema.starters import start_driver, take_driver

Z90 = 1.2815515655446004
LIBRARY = library_drivers()


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A case in use with a record and the baseline, and nothing else: no lexicons, evidence, claims or drivers."""
    for name in ("sources", "facts", "conflicts"):
        (tmp_path / "seeds" / "claims").mkdir(parents=True, exist_ok=True)
        (tmp_path / "seeds" / f"{name}.yaml").write_text("[]\n")
    (tmp_path / "seeds" / "data").symlink_to(shipped_root() / "seeds" / "data")
    (tmp_path / "scenarios").mkdir()
    ask_the_baseline_alone(tmp_path)
    shutil.copyfile(shipped_root() / "scenarios" / "baseline.yaml", tmp_path / "scenarios" / "baseline.yaml")
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path))
    return tmp_path


def drivers_of(project):
    return project / "scenarios" / "drivers.yaml"


def test_the_library_names_no_country_mission_or_group():
    text = library_file().read_text(encoding="utf-8")
    said = re.sub(r"^ *#.*$", "", text, flags=re.M)
    with (shipped_root() / "seeds" / "data" / "world" / "states.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {row[key] for row in rows for key in row if key.startswith("name") or key == "iso3"} - {""}
    for name in (*names, "MINUSMA", "MONUSCO", "Wagner", "Russia", "jihadist", "Sahel", "UN", "African"):
        assert not re.search(rf"\b{re.escape(name)}\b", said), name


def test_every_branch_of_the_library_states_a_wide_prior_with_its_reason():
    for driver in LIBRARY.values():
        assert set(driver.prior) == set(driver.branch_ids), driver.id
        for branch in driver.branches:
            stated = driver.prior[branch.id]
            assert 0.1 <= stated.probability <= 0.5 and "udgement" in stated.why, driver.id
            assert 1.2 <= stated.ratio[1] / stated.ratio[0] <= 2.0, driver.id
        assert not driver.events and not driver.happened
        assert all(arrow.driver in LIBRARY and arrow.inferred for arrow in driver.parents)


def test_all_of_the_library_can_be_taken_over_and_every_arrow_comes_along(bare):
    for name in LIBRARY:
        take_driver(name)
    register = load_register(bare)
    assert list(register.drivers) == list(LIBRARY)
    order = list(LIBRARY)
    for name, driver in register.drivers.items():
        known = order[: order.index(name)]
        assert [a.driver for a in driver.parents] == [a.driver for a in LIBRARY[name].parents if a.driver in known]


@pytest.mark.parametrize("name", LIBRARY)
def test_each_driver_of_the_library_stands_alone(bare, name):
    """Without lexicons, evidence and drivers.yaml of the case's own, and with arrows from nobody."""
    assert not drivers_of(bare).exists()
    started = take_driver(name, "own-name")
    assert drivers_of(bare).read_text(encoding="utf-8").splitlines()[started.line - 1] == "- id: own-name"
    register = hm.validate()
    (driver,) = register.drivers.values()
    assert driver.id == "own-name" and driver.parents == () and driver.evidence == LIBRARY[name].evidence
    assert trace(register, "own-name").as_text().count("no claim has a vote") == len(driver.branches)
    assert set(hm.derivation("own-name")["step"]) <= {"pool", "evidence", "prior"}


def test_the_prior_comes_out_as_it_is_stated(bare):
    for name in ("mission-drawdown", "gap-after-mission", "accord", "partner-forces"):
        take_driver(name)
    register = load_register(bare)
    priors = driver_priors(register)
    for name in ("mission-drawdown", "gap-after-mission", "accord", "partner-forces"):
        row, stated = priors.sel(driver=name), LIBRARY[name].prior
        for branch, weight, mean, sd in zip(
            *(row[key].values for key in ("branch", "weight", "mean", "sd")), strict=True
        ):
            if branch in stated:
                assert weight == pytest.approx(stated[branch].probability), (name, branch)
                ends = [math.exp(mean - Z90 * sd), math.exp(mean + Z90 * sd)]
                assert register.drivers[name].hinges_on_exit or ends == pytest.approx(list(stated[branch].ratio))
        assert float(row["weight"].sum()) == pytest.approx(1.0)


def test_drivers_that_hinge_on_the_exit_share_what_is_stated_of_them(bare):
    """All are one group's propositions: alike in weight, and larger by the size that is stated of each."""
    for name in ("mission-drawdown", "gap-after-mission", "protection-lost"):
        take_driver(name)
    register = load_register(bare)
    whole = documents_whole(register)
    raised = {way: share.share for way, share in whole.shares.items() if way[1] != "gap-filled"}
    assert sum(raised.values()) == pytest.approx(1.0) and all(share.matters == 1.0 for share in whole.shares.values())
    sizes = {way: math.log(register.drivers[way[0]].prior[way[1]].ratio[1]) / 2 for way in raised}
    assert raised == pytest.approx({way: size / sum(sizes.values()) for way, size in sizes.items()})


def test_published_effects_move_a_stated_prior_as_they_move_claims(bare):
    take_driver("partner-forces")
    file = drivers_of(bare)
    file.write_text(file.read_text(encoding="utf-8").replace("evidence: []", "evidence: [hultman-2013-troops]"))
    derived = derive_driver(load_register(bare), "partner-forces")
    assert [step.evidence for step in derived.effect_steps] == ["hultman-2013-troops"]
    assert derived.components[0].weight != derived.stated[0].weight


def test_claims_take_the_place_of_a_stated_prior(tmp_path):
    ask_the_baseline_alone(copy_project(tmp_path, without=["data"]))
    path, before = drivers_of(tmp_path), load_register(tmp_path)
    text = path.read_text(encoding="utf-8")
    prior = '  prior:\n    rushed: {probability: 0.9, ratio: [2, 9], why: "w"}\n'
    path.write_text(text.replace("  evidence: []\n", f"  evidence: []\n{prior}", 1), encoding="utf-8")
    register = load_register(tmp_path)
    assert driver_priors(register).equals(driver_priors(before))
    nobody = frozenset(register.claims)
    row = driver_priors(register, without_claims=nobody).sel(driver="drawdown-pace")
    assert row["weight"].values[0] == pytest.approx(0.9), "as if the claims had never been read"


def test_a_claim_against_a_branch_counts_although_none_is_for_it(tmp_path):
    """Its probability is then the claims' and its size the stated one."""
    ask_the_baseline_alone(copy_project(tmp_path, without=["data"]))
    path = drivers_of(tmp_path)
    prior = (
        '  prior:\n    support-shrinks: {probability: 0.5, ratio: [1.1, 2], why: "w"}\n'
        '    instability-grows: {probability: 0.3, ratio: [1.1, 2], why: "w"}\n'
    )
    text = path.read_text(encoding="utf-8")
    start = text.index("- id: kremlin-wagner-rift")
    changed = text[:start] + text[start:].replace("  evidence: []\n", f"  evidence: []\n{prior}", 1)
    path.write_text(changed, encoding="utf-8")
    register = load_register(tmp_path)
    heard = register.heard["kremlin-wagner-rift"]
    in_favour = frozenset(heard.on("support-shrinks", "for"))
    branch = derive_driver(register, "kremlin-wagner-rift", without_claims=in_favour).branches[0]
    assert {row.side for row in branch.rows} == {"against"} and branch.supposed is None
    assert branch.probability == pytest.approx(branch.pooled.mean)
    assert math.exp(branch.effect.mean + Z90 * branch.effect.sd) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("prior", "told"),
    [
        ("rushd: {probability: 0.3, ratio: [1, 2], why: w}", "needs a branch out of \\['rushed'\\]"),
        (
            "rushed: {probability: 0.3, ratio: [0.5, 0.9], why: w}",
            "raises deaths, so the ratio of its prior ends above 1",
        ),
        ("rushed: {probability: 1.0, ratio: [1, 2], why: w}", r"prior\.rushed\.probability \(line \d+\)"),
        (
            "rushed: {probability: 0.3, ratio: [2, 1], why: w}",
            r"prior\.rushed\.ratio \(line \d+\).*low and the high end",
        ),
        ("rushed: {probability: 0.3, ratio: [1, 2]}", r"prior\.rushed"),
    ],
)
def test_a_prior_that_says_nothing_sensible_is_refused(bare, prior, told):
    take_driver("mission-drawdown")
    path = drivers_of(bare)
    path.write_text(re.sub(r"    rushed: \{probability.*", f"    {prior}", path.read_text(encoding="utf-8")))
    with pytest.raises(InputError, match=told):
        load_register(bare)


def test_home_and_neighbours_are_those_of_the_case(bare):
    take_driver("mission-drawdown")
    take_driver("diffusion")
    drivers, case = load_register(bare).drivers, open_case(bare)
    borders = case.geography.border_lengths().sel(country=case.home)
    touching = {unit for unit in case.units if float(borders.sel(neighbour=unit)) > 0}
    assert drivers["mission-drawdown"].places == {case.home: 1.0} | dict.fromkeys(touching, 0.1)
    assert drivers["diffusion"].distance_decay.origin == case.home
    assert "MLI" in touching | {case.home} and "NGA" not in touching


def test_a_unit_that_is_named_keeps_its_own_share(bare):
    take_driver("mission-drawdown")
    path = drivers_of(bare)
    told = path.read_text(encoding="utf-8").replace("neighbours: 0.1}", "neighbours: 0.1, NER: 0.4, NGA: 0.2}")
    path.write_text(told, encoding="utf-8")
    places = load_register(bare).drivers["mission-drawdown"].places
    assert (places["NER"], places["NGA"], places["BFA"]) == (0.4, 0.2, 0.1)
    path.write_text(told.replace("home: 1.0", "home: 1.0, MLI: 0.5"), encoding="utf-8")
    with pytest.raises(InputError, match=r"drivers\[0\]\.places\.home \(line \d+\): home is MLI here"):
        load_register(bare)
    path.write_text(told.replace("neighbours: 0.1", "neighbors: 0.1"), encoding="utf-8")
    with pytest.raises(InputError, match="Did you mean 'neighbours'"):
        load_register(bare)


def test_neighbours_of_an_island_are_nobody(bare, monkeypatch):
    take_driver("mission-drawdown")
    weights = Geography.neighbour_weights
    monkeypatch.setattr(Geography, "neighbour_weights", lambda self: weights(self) * 0)
    with pytest.raises(InputError, match=r"drivers\[0\]\.places \(line \d+\): MLI shares a land border with no unit"):
        load_register(bare)
    case = open_case(bare)
    alone = LIBRARY["protection-lost"]
    assert placed(alone, case).places == {"MLI": 1.0}, "who acts at home alone needs no border"


def test_a_file_that_would_not_be_right_is_left_as_it_is(bare):
    start_driver("half-filled")
    before = drivers_of(bare).read_bytes()
    with pytest.raises(InputError, match=r"drivers\.yaml.*nothing was written") as caught:
        take_driver("accord")
    assert "line" in str(caught.value) and drivers_of(bare).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("mission-drawdwn",), "the library has no such driver. Did you mean 'mission-drawdown'"),
        (("elephants",), "It has mission-drawdown, protection-lost"),
        (("accord", "No Name"), "cannot be a name"),
    ],
)
def test_what_the_library_does_not_have_is_refused_and_nothing_written(bare, arguments, told):
    with pytest.raises(InputError) as caught:
        take_driver(*arguments)
    assert told in str(caught.value) and not drivers_of(bare).exists()


def test_a_driver_is_taken_once_and_taking_its_lines_out_undoes_it(bare):
    take_driver("accord")
    before = drivers_of(bare).read_text(encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        take_driver("accord")
    started = take_driver("displacement")
    lines = drivers_of(bare).read_text(encoding="utf-8").splitlines(keepends=True)
    assert "".join(lines[: started.line - 1]) == before


def test_the_command_lists_the_library_and_takes_from_it(bare):
    run = CliRunner().invoke
    listed = run(app, ["new", "driver", "--library"]).stdout.splitlines()
    assert [line.split()[0] for line in listed[: len(LIBRARY)]] == list(LIBRARY)
    assert run(app, ["new", "driver", "--from-library", "accord"]).exit_code == 0
    assert run(app, ["new", "driver", "second-accord", "--from-library", "accord"]).exit_code == 0
    assert "prior as the driver states it" in run(app, ["validate"]).stdout
    for arguments in (["new", "driver"], ["new", "scenario", "x", "--from-library", "accord"]):
        assert isinstance(run(app, arguments).exception, InputError)


def test_a_case_without_claims_forecasts_with_what_it_took_over(bare, found_fit):
    for name in ("mission-drawdown", "protection-lost", "diffusion"):
        take_driver(name)
    (bare / "scenarios" / "exit.yaml").write_text(
        "id: exit\nextends: baseline\ntitle: Exit\ncondition: c\ndrivers: {default: from-claims}\n"
    )
    hm.validate()
    ends, alone = (hm.forecast(name, draws=400, months=12) for name in ("exit", "baseline"))
    total = [float(run.deaths.sel(country="MLI").sum(["month", "outcome"]).mean()) for run in (ends, alone)]
    assert total[0] > total[1]
