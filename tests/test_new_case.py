"""A case is a folder: what `new case` makes works at once, says nothing of another case, and mixes with none."""

import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from copies import copy_project
from filelock import FileLock
from made import CASE, UNITS

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.case.starting import start_case
from harmattan.case.thresholds import round_thresholds
from harmattan.core.errors import InputError
from harmattan.core.resources import shipped_root, using_project
from harmattan.panel.ucdp import annual_totals
from harmattan.panel.world import neighbourhood

PLACES = {"COD": ("RWA", "BDI"), "HTI": ("DOM", "CUB"), "SDN": ("SSD", "TCD")}
OF_ANOTHER_CASE = re.compile(
    r"\bMali|MINUSMA|Sahel|Burkina|Niger\b|Wagner|Barkhane|Algiers|Alger\b|West Africa|Afrique de l.Ouest|coast|côtier"
    r"|sixteen|seize|Togo|Benin|Bénin|\b(MLI|BFA|NER)\b",
    re.IGNORECASE,
)
WORLD = pd.read_csv(shipped_root() / "seeds" / "data" / "ucdp" / "country_month_world.csv")


@pytest.fixture(scope="module")
def cases(common_folder):
    """Three cases of three units, made once."""
    folder = common_folder / "cases"
    with FileLock(common_folder / "cases.lock"):
        for home, others in PLACES.items():
            if not (folder / home.lower()).exists():
                start_case(folder / home.lower(), home, "2020-12", "2020-12", others)
    return {home: folder / home.lower() for home in PLACES}


def test_the_panel_holds_what_the_world_record_does_and_zeros_elsewhere(cases):
    for home, gwno in (("COD", 490), ("HTI", 41)):
        record = open_case(cases[home]).record()
        assert record.sel(country=home).sum() == WORLD.loc[WORLD["gwno"] == gwno, "best"].sum()
        assert not record.isnull().any() and record.sizes["month"] == 432


def test_a_unit_that_began_later_is_missing_before_and_not_zero(cases):
    case = open_case(cases["SDN"])
    record = case.record()
    assert record.sel(country="SSD", month="2011-06").isnull().all()
    assert record.sel(country="SSD", month="2011-07").notnull().all()
    assert annual_totals(record).sel(country="SSD", year=2010).isnull().all()
    assert case.record(as_of="2013-12")["country"].values.tolist() == ["SDN", "TCD"], "SSD has not lived 36 months"
    assert case.record(as_of="2014-06")["country"].values.tolist() == ["SDN", "SSD", "TCD"]


def test_everything_is_there_and_valid(cases):
    for home, folder in cases.items():
        mine = hm.load_case(folder)
        assert mine.case.home == home and mine.scenarios == ["baseline"]
        register = mine.validate()
        assert not register.claims and not register.drivers and not register.sources
        listed = json.loads((folder / "seeds" / "schemas" / "claim.schema.json").read_text(encoding="utf-8"))
        assert all(code in json.dumps(listed) for code in PLACES[home])


def test_neighbours_are_those_near_home_and_islands_have_some_too(tmp_path):
    assert neighbourhood("COD")[0] == "COD" and {"RWA", "BDI", "UGA"} <= set(neighbourhood("COD"))
    assert len(neighbourhood("HTI")) >= 5 and "DOM" in neighbourhood("HTI")
    start_case(tmp_path / "island", "LKA", "2020-12")
    weights = open_case(tmp_path / "island").geography.neighbour_weights()
    assert float(weights.sel(country="LKA").sum()) == 0


def test_a_brief_comes_at_once_in_both_languages_and_speaks_of_no_other_case(cases, tmp_path):
    mine = hm.load_case(cases["COD"])
    for lang, as_of, month in (("en", "2020-12", "2020-12"), ("fr", None, "2024-12")):
        page = mine.brief(out=tmp_path / lang, as_of=as_of, draws=100, lang=lang, formats=["png"])
        text = re.sub(r"data:[^\"']+", "", page.read_text(encoding="utf-8"))
        shown = re.sub(r"<[^>]+>", " ", text)
        assert not (found := OF_ANOTHER_CASE.search(shown)), shown[max(found.start() - 60, 0) : found.end() + 60]
        run = json.loads((tmp_path / lang / "run.json").read_text(encoding="utf-8"))
        assert "case.yaml" in run["inputs_sha256"] and run["scenarios"].keys() == {"baseline"}
        assert run["clocks"]["baseline"]["as_of"] == month, "the month asked for, or the last of the record"
        assert (tmp_path / lang / "tables" / "toll.csv").exists(), "tables stand here"
        assert not (tmp_path / lang / "tables" / "verdicts.csv").exists(), "no documents, no verdicts"
        assert not any(OF_ANOTHER_CASE.search(str(path)) for path in (tmp_path / lang).rglob("*"))


def test_commands_answer_for_a_case_without_documents(cases):
    mine = hm.load_case(cases["COD"])
    assert not any(mine.ledger("2024-12").counts.values())
    assert "The record alone" in mine.show().as_text()
    assert mine.trace("one_sided/COD/short").data["drivers"] == []
    overview = mine.compare_all("baseline", draws=50).table
    assert set(overview["region"]) == {"Congo - Kinshasa", "region"} or len(set(overview["region"])) == 2
    assert (overview["ratio"].dropna() == 1).all()
    with pytest.raises(InputError, match="no driver acts"):
        mine.explain(draws=50)
    with pytest.raises(InputError, match=r"no scorecard"):
        mine.scorecard()
    with pytest.raises(InputError, match="There is no country 'MLI'"):
        mine.explain(country="MLI")


def test_latest_is_the_last_month_of_the_record_that_is_read(cases, tmp_path):
    mine = hm.load_case(cases["HTI"])
    latest, stated = (mine.forecast(as_of=month, months=2, draws=20).deaths for month in ("latest", "2024-12"))
    assert latest.identical(stated) and latest["month"].values.tolist() == ["2025-01", "2025-02"]
    assert mine.ledger("latest").as_of == "2024-12"
    shorter = pd.read_csv(open_case(cases["HTI"]).record_file).query("month <= '2022-03'")
    shorter.to_csv(tmp_path / "shorter.csv", index=False)
    assert mine.ledger("latest", panel=tmp_path / "shorter.csv").as_of == "2022-03"
    with pytest.raises(InputError, match="is not a month"):
        mine.ledger("lately")


ASKED = """
import sys, harmattan as hm
for folder in sys.argv[2:]:
    case = hm.load_case(folder)
    run = case.forecast(case.case.first_scenario, months=3, draws=20)
    run.save(f"{sys.argv[1]}/{case.case.definition.id}.parquet")
    with open(f"{sys.argv[1]}/{case.case.definition.id}.txt", "w", encoding="utf-8") as said:
        print(repr(run), case.show().as_text(), *case.ledger("2023-12").sentences.values(), file=said)
        print(case.trace(f"one_sided/{case.case.home}/short"), run.plot.fan().figure.texts[0].get_text(), file=said)
"""
"""Writes the futures of cases, and what is said of them, into a folder, one case after the other in one session."""


@pytest.mark.slow
def test_two_cases_in_either_order_in_one_session_give_what_each_gives_alone(found_fit, made_fit, short_fits, tmp_path):
    """What comes first in a session is alone up to then; so what comes second elsewhere must be the same."""
    for name, folders in (("made-up", [CASE, shipped_root()]), ("mali-2023", [shipped_root(), CASE])):
        (tmp_path / name).mkdir()
        subprocess.run([sys.executable, "-c", ASKED, tmp_path / name, *folders], check=True)
    for file in ("made-up.parquet", "made-up.txt", "mali-2023.parquet", "mali-2023.txt"):
        one, other = ((tmp_path / name / file).read_bytes() for name in ("made-up", "mali-2023"))
        assert one and one == other, file


def test_a_unit_that_is_young_is_learnt_from_its_birth_on(made_fit):
    mine = hm.load_case(CASE)
    run = mine.forecast(months=2, draws=40)
    assert run.deaths["country"].values.tolist() == list(UNITS) and np.isfinite(run.deaths.values).all()
    before = mine.forecast(as_of="2016-06", months=2, draws=40)
    assert before.deaths["country"].values.tolist() == ["QMA", "QMB", "QMC", "QMI"], "Dunmar has not lived 36 months"


def test_the_shipped_case_copied_elsewhere_gives_the_same_bytes(tmp_path, found_fit):
    copied = hm.load_case(copy_project(tmp_path / "copy"))
    here = hm.forecast("withdrawal", months=6, draws=40)
    there = copied.forecast("withdrawal", months=6, draws=40)
    assert there.posterior.key == here.posterior.key
    for suffix in ("parquet", "csv", "nc"):
        ours, theirs = here.save(tmp_path / f"here.{suffix}"), there.save(tmp_path / f"there.{suffix}")
        assert ours.read_bytes() == theirs.read_bytes(), suffix
    hm.ledger("2024-12", out=tmp_path / "l")
    copied.ledger("2024-12", out=tmp_path / "m")
    for ours in sorted(path for path in (tmp_path / "l").rglob("*") if path.is_file() and path.name != "run.json"):
        assert ours.read_bytes() == (tmp_path / "m" / ours.relative_to(tmp_path / "l")).read_bytes(), ours.name


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format: 1", "format: 2", "format"),
        ("home: COD", "home: MLI", "'MLI' is not a known unit in units.list|is not one of|unit in units.list"),
        ("list: [COD, RWA, BDI]", "list: [COD, RWA, BDI, BDI]", "stands there twice"),
        ("list: [COD, RWA, BDI]", "list: [COD, RWA, BDI, UGA]", "UGA"),
        ('as_of: "2020-12"', 'as_of: "2020-13"', "2020-13"),
        ("weight: sqrt-length", "weight: roads", "roads"),
        ("home: COD", "hme: COD", "hme"),
        ("file: ucdp/country_month.csv", "file: ucdp/nowhere.csv", "nowhere.csv"),
        ("thresholds: auto", "thresholds: [500, 100]", "threshold"),
        ("horizons: {short: [1, 6]", "horizons: {short: [6, 1]", "horizons"),
        ("events: {}", "events: {left: {date: soon, source: x}}", "soon|date"),
        ("first: baseline", "first: leaves", "leaves"),
    ],
)
def test_a_wrong_case_is_refused_before_anything_is_fitted(cases, tmp_path, old, new, told):
    shutil.copytree(cases["COD"], tmp_path / "mine")
    text = (tmp_path / "mine" / "case.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "mine" / "case.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with using_project(tmp_path / "mine"), pytest.raises(InputError, match=told) as refusal:
        hm.validate()
    assert ".yaml" in str(refusal.value) or ".csv" in str(refusal.value)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"home": "XYZ"}, "There is no state 'XYZ'"),
        ({"home": "Sudan"}, "Sudan has the code SDN"),
        ({"home": "SSD", "as_of": "2010-12"}, "did not exist in 2010-12"),
        ({"home": "COD", "exit": "2020"}, "--exit"),
        ({"home": "COD", "as_of": "2031-01"}, "runs from 1989-01 to 2024-12"),
        ({"home": "COD", "neighbours": ["COD"]}, "two units"),
    ],
)
def test_what_no_case_can_be_made_of_is_refused_and_leaves_nothing(tmp_path, options, told):
    with pytest.raises(InputError, match=told):
        start_case(tmp_path / "new", **({"exit": "2020-12"} | options))
    assert not list(tmp_path.iterdir())


def test_thresholds_look_at_nothing_after_the_clock_of_the_case(cases, tmp_path):
    def of(as_of):
        folder = tmp_path / as_of
        shutil.copytree(cases["SDN"], folder)
        text = (folder / "case.yaml").read_text(encoding="utf-8")
        (folder / "case.yaml").write_text(text.replace('as_of: "2020-12"', f'as_of: "{as_of}"', 1), encoding="utf-8")
        return open_case(folder).thresholds

    assert of("2020-12") != of("2024-12"), "the war of 2023 is not known before it"


def test_thresholds_of_a_case_that_names_none_are_round_and_reach_beyond_the_worst_year():
    record = open_case().record().sel(country="MLI")
    worst = annual_totals(open_case().record()).sel(country="MLI", outcome="one_sided").max()
    chosen = round_thresholds(record, "one_sided")
    assert len(chosen) == 6 and list(chosen) == sorted(chosen) and chosen[-1] > 2 * worst >= chosen[-2]
    assert round_thresholds(record * 0, "one_sided") == (10, 25, 50, 100, 250, 500)
