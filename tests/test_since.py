"""What changed since an earlier run: each part alone, all together, and what is said where none can be told apart."""

import json
import re
import shutil
import sys
import zipfile
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made import copy_made_case
from sampling import SHORT

from harmattan.cli import door
from harmattan.core.errors import InputError
from harmattan.core.files import sha256_of
from harmattan.core.language import speaking
from harmattan.core.progress import Steps
from harmattan.core.resources import PROJECT_VARIABLE
from harmattan.core.telling import telling
from harmattan.loaded import load_case
from harmattan.report.folders import write_record
from harmattan.report.since_tables import since_statements, since_tables
from harmattan.run.provenance import record_of_run
from harmattan.run.since_result import (
    ASSUMED,
    MOVED_ON,
    NEW_MONTHS,
    PROGRAM,
    REVISED,
    TOGETHER,
    WHOLE,
    parts_table,
)

DRAWS = 150
ASKED = {"draws": DRAWS, "settings": SHORT}
RECORD = "seeds/data/ucdp/country_month.csv"
NUMBERS = ["chance", "chance_error", "deaths", "deaths_error"]


def keep(run, folder):
    folder.mkdir(parents=True)
    write_record(folder, "explanation", record_of_run(run, Steps()))
    return folder / "run.json"


@pytest.fixture(scope="module")
def earlier(made_fit, tmp_path_factory):
    """A run of a case, kept as an explanation keeps it; tests change copies of the case."""
    folder = tmp_path_factory.mktemp("earlier")
    case = load_case(copy_made_case(folder / "case"))
    run = case.forecast("leaves", **ASKED, months=14)
    return SimpleNamespace(run=run, path=keep(run, folder / "out"), root=case.root)


@pytest.fixture
def case(earlier, tmp_path):
    return load_case(shutil.copytree(earlier.root, tmp_path / "case"))


def edit(file, *changes):
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def change_claims(case):
    edit(case.root / "seeds/claims/letter.yaml", ('hedge: "expected to"', 'hedge: "unlikely to"'))
    edit(case.root / "seeds/claims/gazette.yaml", ('hedge: "likely to"', 'hedge: "unlikely to"'))


def revise(case):
    edit(case.root / RECORD, ("2020-06,one_sided,4,15", "2020-06,one_sided,4,40"))


def parts_of(found):
    """Change of the expected deaths by part, shape (part, unit), and the whole, from the first part on."""
    wide = found.parts.pivot(index="part", columns="country", values="deaths")
    assert np.allclose(wide.drop(index=WHOLE).sum(), wide.loc[WHOLE], atol=1e-9), "parts sum to the whole"
    chances = found.parts.pivot(index="part", columns="country", values="chance")
    assert np.allclose(chances.drop(index=WHOLE).sum(), chances.loc[WHOLE], atol=1e-12)
    return wide


def moved(found):
    wide = parts_of(found).drop(index=WHOLE)
    return {part for part in wide.index if (wide.loc[part] != 0).any()}


def test_a_run_keeps_the_very_files_that_it_read(earlier, tmp_path):
    told = json.loads(earlier.path.read_text(encoding="utf-8"))
    with zipfile.ZipFile(earlier.path.with_name("inputs.zip")) as kept:
        kept.extractall(tmp_path)
        names = set(kept.namelist())
    own = {name for name in told["inputs_sha256"] if not name.startswith("harmattan:")}
    assert names == own and RECORD in names and "seeds/claims/letter.yaml" in names
    assert all(sha256_of(tmp_path / name) == told["inputs_sha256"][name] for name in names)
    again = keep(earlier.run, tmp_path / "again")
    assert sha256_of(again.with_name("inputs.zip")) == sha256_of(earlier.path.with_name("inputs.zip")), "same bytes"
    assert "inputs.zip" in told["files"] and told["panel"] == RECORD


def test_a_run_keeps_its_headline_answers(earlier):
    answer = json.loads(earlier.path.read_text(encoding="utf-8"))["answers"]["leaves"]
    total = earlier.run.deaths.sel(country="QMB", outcome="one_sided").isel(month=slice(0, 12)).sum("month").values
    assert (answer["threshold"], answer["months"], answer["last_month"]) == (100, 12, "2021-06")
    told = answer["units"]["QMB"]
    assert told["expected"] == pytest.approx(total.mean()) and told["chance"] == pytest.approx((total > 100).mean())
    assert told["expected_error"] == pytest.approx(total.std() / np.sqrt(DRAWS))


def test_nothing_has_changed_where_nothing_was_changed(earlier, case):
    found = case.since(earlier.path, "leaves", **ASKED)
    assert set(found.parts["part"]) == {PROGRAM, REVISED, ASSUMED, WHOLE}
    assert (found.parts[NUMBERS] == 0).all().all() and found.came.empty and not found.untold
    assert (found.to_frame()[["chance_verdict", "deaths_verdict"]] == "unchanged").all().all()
    assert (found.to_frame()["deaths_standing"] == "inside").all()


def test_other_futures_are_what_is_left_when_all_inputs_are_the_same(earlier, case):
    found = case.since(earlier.path.parent, "leaves", **ASKED, seed=2)
    assert moved(found) == {PROGRAM}
    errors = found.parts.query("part == @PROGRAM and country == 'QMA'")["deaths_error"]
    total = earlier.run.deaths.sel(country="QMA", outcome="one_sided").isel(month=slice(0, 12)).sum("month").values
    assert errors.item() > total.std() / np.sqrt(DRAWS), "two sets of futures that are not paired"


def test_only_a_claim_has_changed(earlier, case):
    change_claims(case)
    found = case.since(earlier.path, "leaves", **ASKED)
    assert moved(found) == {ASSUMED} and found.changed[ASSUMED] == (
        "seeds/claims/gazette.yaml", "seeds/claims/letter.yaml",
    )  # fmt: skip
    now = case.forecast("leaves", **ASKED, months=12).totals().query("outcome == 'one_sided'")
    then = earlier.run.totals().query("outcome == 'one_sided'")
    difference = now.set_index("country")["mean"] - then.set_index("country")["mean"]
    assert parts_of(found).loc[ASSUMED].to_numpy() == pytest.approx(difference.to_numpy())
    assert difference["QMA"] < 0, "less is feared"


def test_only_a_month_was_revised(earlier, case):
    revise(case)
    found = case.since(earlier.path, "leaves", **ASKED)
    assert moved(found) == {REVISED} and found.changed[ASSUMED] == ()
    assert parts_of(found).loc[REVISED, "QMA"] > 0, "more was killed than had been known"


def test_only_new_months_have_come(earlier, case):
    found = case.since(earlier.path, "leaves", **ASKED, as_of="2020-08")
    assert moved(found) == {MOVED_ON, NEW_MONTHS}
    later = earlier.run.deaths.sel(outcome="one_sided", country="QMA").isel(month=slice(2, 14)).sum("month")
    same = found.parts.query("country == 'QMA' and part == @MOVED_ON")
    assert same["deaths_now"].item() == pytest.approx(float(later.mean())), "the earlier run's own months 3 to 14"
    table = pd.read_csv(case.record_file).query("iso3 == 'QMA' and type == 'one_sided'")
    recorded = table[table["month"].isin(["2020-07", "2020-08"])]["best"].sum()
    came = found.came.set_index("country").loc["QMA"]
    first = earlier.run.deaths.sel(outcome="one_sided", country="QMA").isel(month=slice(0, 2)).sum("month")
    assert (came["months"], came["recorded"]) == (2, recorded)
    assert came["expected"] == pytest.approx(float(first.mean())) and came["q90"] == np.quantile(first, 0.9)
    assert found.months[1][0] == "2020-09" and found.months[0][0] == "2020-07"


@pytest.fixture(scope="module")
def all_changed(earlier, tmp_path_factory):
    case = load_case(shutil.copytree(earlier.root, tmp_path_factory.mktemp("all") / "case"))
    change_claims(case)
    revise(case)
    return case.since(earlier.path, "leaves", **ASKED, as_of="2020-08")


def test_everything_has_changed_and_the_parts_still_sum_up(all_changed):
    assert moved(all_changed) == {REVISED, MOVED_ON, NEW_MONTHS, ASSUMED}
    order = all_changed.parts.query("country == 'QMA'")["part"].tolist()
    assert order == [PROGRAM, REVISED, MOVED_ON, NEW_MONTHS, ASSUMED, WHOLE]
    rows = all_changed.parts.query("country == 'QMA'")
    assert rows["deaths_now"].tolist()[:-2] == rows["deaths_then"].tolist()[1:-1], "each begins where the last ended"


def test_sentences_say_it_in_both_languages_with_numbers_from_the_tables(all_changed):
    with telling(all_changed.words):
        english = [one.sentence for one in since_statements(all_changed)]
        tables = {table.id: table for table in since_tables(all_changed)}
        with speaking("fr"):
            french = [one.sentence for one in since_statements(all_changed)]
    assert set(tables) == {"since", "since-parts", "since-came"}
    assert len(english) == len(french) and not set(english) & set(french)
    assert any(line.startswith(("▲ Ambara: ", "▼ Ambara: ", "= Ambara: ")) for line in english)
    assert "5 points" in english[0] and "10\u00a0%" in english[0].replace(" %", "\u00a0%"), "the number is declared"
    home = tables["since"].rows()[0]
    assert all(cell in " ".join(english) for cell in (home[2], home[3], home[5], home[6]))
    for table in tables.values():
        assert table.csv().count("\n") == len(table.frame) + 1


def test_arrows_follow_the_smallest_change_of_the_case(earlier, case):
    revise(case)
    found = case.since(earlier.path, "leaves", **ASKED)
    with telling(found.words):
        assert since_tables(found)[0].rows()[0][1] == "▲"
    edit(case.root / "case.yaml", ("headline: one_sided", "headline: one_sided\nsmallest_change: 0.95"))
    found = case.since(earlier.path, "leaves", **ASKED)
    with telling(found.words):
        assert since_tables(found)[0].rows()[0][1] == "="
    assert set(found.to_frame()["deaths_verdict"]) == {"unchanged"}


def test_without_its_inputs_an_earlier_run_gives_the_lump_and_says_why(earlier, case, tmp_path):
    shutil.copy(earlier.path, tmp_path / "run.json")
    revise(case)
    change_claims(case)
    found = case.since(tmp_path / "run.json", "leaves", **ASKED)
    assert set(found.parts["part"]) == {TOGETHER, WHOLE} and found.untold == (PROGRAM, REVISED, ASSUMED)
    assert "seeds/claims/gazette.yaml, seeds/claims/letter.yaml, " in found.why
    assert "inputs.zip beside run.json is not there" in found.why
    with telling(found.words):
        assert any(found.why in one.sentence for one in since_statements(found))
        with speaking("fr"):
            assert any("inputs.zip n’est pas à côté de run.json" in one.sentence for one in since_statements(found))
    whole = parts_of(found).loc[WHOLE]
    assert (parts_of(found).loc[TOGETHER] == whole).all() and (whole != 0).any()


def test_inputs_that_are_not_what_was_read_are_not_taken(earlier, case, tmp_path):
    shutil.copy(earlier.path, tmp_path / "run.json")
    with zipfile.ZipFile(tmp_path / "inputs.zip", "w") as kept:
        kept.writestr(RECORD, "another record")
        kept.writestr("../escaped.txt", "out of the folder")
    revise(case)
    found = case.since(tmp_path, "leaves", **ASKED)
    assert found.untold == (PROGRAM, REVISED) and RECORD in found.why
    (tmp_path / "inputs.zip").write_bytes(b"no archive")
    assert case.since(tmp_path, "leaves", **ASKED).untold == (PROGRAM, REVISED)


def test_without_inputs_what_has_not_changed_is_still_at_hand(earlier, case, tmp_path):
    shutil.copy(earlier.path, tmp_path / "run.json")
    found = case.since(tmp_path, "leaves", **ASKED)
    assert not found.untold and (found.parts[NUMBERS] == 0).all().all()


def test_a_panel_from_elsewhere_is_kept_too(earlier, case, tmp_path):
    mine = tmp_path / "elsewhere" / "mine.csv"
    mine.parent.mkdir()
    shutil.copy(case.record_file, mine)
    path = keep(case.forecast("leaves", **ASKED, months=12, panel=mine), tmp_path / "out")
    assert json.loads(path.read_text(encoding="utf-8"))["panel"] == "mine.csv"
    edit(mine, ("2020-06,one_sided,4,15", "2020-06,one_sided,4,40"))
    assert moved(case.since(path, "leaves", **ASKED, panel=mine)) == {REVISED}


def test_parts_and_errors_by_hand():
    # two futures, one unit: totals 10 and 30 then; 10 and 50 after a revision; 20 and 50 now; threshold 25
    then = {"chance": 0.5, "chance_error": 0.5 / np.sqrt(2), "expected": 20.0, "expected_error": 10 / np.sqrt(2)}
    answer = {"threshold": 25, "units": {"QMA": then}}
    stages = [
        (part, np.array(totals, float)[:, None]) for part, totals in (("a", [10, 30]), ("b", [10, 50]), ("c", [20, 50]))
    ]
    table = parts_table(answer, ["QMA"], stages, exact=True)
    assert table["part"].tolist() == ["a", "b", "c", WHOLE]
    assert table["deaths"].tolist() == [0, 10, 5, 15] and table["chance"].tolist() == [0, 0, 0, 0]
    # differences of the two futures: 0 and 20, then 10 and 0, together 10 and 20
    assert table["deaths_error"].tolist() == pytest.approx([0, 10 / np.sqrt(2), 5 / np.sqrt(2), 5 / np.sqrt(2)])
    unpaired = parts_table(answer, ["QMA"], stages, exact=False)
    assert unpaired["deaths_error"].tolist()[0] == pytest.approx(10), (
        "root of twice 50: not known to be the same futures"
    )


@pytest.fixture
def harmattan(case, monkeypatch, capsys):
    """Runs `harmattan ...` on the case in this process; returns exit code, stdout and stderr."""
    monkeypatch.setenv(PROJECT_VARIABLE, str(case.root))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["harmattan", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            door.main()
        captured = capsys.readouterr()
        return stopped.value.code, captured.out, captured.err

    return run


def test_the_command_says_it_and_prints_it_as_json(harmattan, case, earlier):
    change_claims(case)
    options = ["compare", "leaves", "--since", earlier.path, "--draws", DRAWS, "--quiet"]
    code, out, _ = harmattan(*options, "--json")
    told = json.loads(out)
    assert code == 0 and told["order"][0] == PROGRAM and told["changed"][ASSUMED]
    whole = [row for row in told["parts"] if row["part"] == WHOLE and row["country"] == "QMA"]
    assert whole[0]["deaths"] == pytest.approx(sum(
        row["deaths"] for row in told["parts"] if row["part"] != WHOLE and row["country"] == "QMA"
    ))  # fmt: skip
    code, out, _ = harmattan(*options, "--lang", "fr")
    assert code == 0 and re.search(r"Ambara\s: la probabilité", out)


def test_what_cannot_be_held_against_an_earlier_run_is_refused_in_one_paragraph(harmattan, earlier, tmp_path):
    told = json.loads(earlier.path.read_text(encoding="utf-8"))
    files = {
        "old": {name: value for name, value in told.items() if name != "answers"},
        "plain": {"a": 1},
        "odd": told | {"answers": {"leaves": {"units": 3}}},
        "later": told | {"clock": told["clock"] | {"as_of": "2021-06"}},
    }
    for name, value in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    (tmp_path / "text.json").write_text("no JSON", encoding="utf-8")
    refused = {
        ("leaves", "--since", tmp_path / "nowhere.json"): "there is no such file",
        ("leaves", "--since", tmp_path / "text.json"): "cannot be read as the run.json",
        ("leaves", "--since", tmp_path / "plain.json"): "cannot be read as the run.json",
        ("leaves", "--since", tmp_path / "odd.json"): "cannot be read as the run.json",
        ("leaves", "--since", tmp_path / "old.json"): "kept no answers",
        ("leaves", "--since", tmp_path / "later.json"): "looks from 2021-06, later than this one",
        ("stays", "--since", earlier.path): "did not ask about scenario 'stays'",
        ("leaves", "stays", "--since", earlier.path): "--since goes with one scenario",
        ("leaves", "--all", "--since", earlier.path): "--since goes with one scenario",
        ("leaves", "--months", "6", "--since", earlier.path): "leave --months out",
        ("leaves", "--lang", "xx", "--since", earlier.path): "no language 'xx'",
    }
    for options, said in refused.items():
        code, out, err = harmattan("compare", *options, "--draws", DRAWS, "--quiet")
        assert (code, out) == (2, "") and said in err and len(err.splitlines()) == 1, options


def test_a_brief_refuses_an_earlier_run_before_any_work(harmattan, earlier, tmp_path):
    out = tmp_path / "brief"
    for scenario, path, said in (
        ("leaves", tmp_path / "nowhere.json", "no such file"),
        ("quiet", earlier.path, "quiet"),
    ):
        code, printed, err = harmattan("brief", scenario, "--since", path, "--out", out, "--quiet")
        assert (code, printed) == (2, "") and said in err and len(err.splitlines()) == 1 and not out.exists()


def test_what_changed_can_be_saved(all_changed, tmp_path):
    saved = pd.read_csv(all_changed.save(tmp_path / "since.csv"))
    assert saved["part"].tolist() == all_changed.parts["part"].tolist() and "deaths_standing" in saved
    with pytest.raises(InputError, match=r"written as a \.csv file"):
        all_changed.save(tmp_path / "since.txt")
    assert "5 parts" in repr(all_changed) and "Ambara" in all_changed._repr_html_()
