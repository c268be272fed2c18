"""A whole brief from the real documents and record, with a fit too short to trust: what it writes and admits."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from page_numbers import Said, alternatives, missing, numbers, statements
from sampling import SHORT
from shown_words import Shown

import harmattan as hm
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.report.words import likelihood

DRAWS = 200


@pytest.fixture(scope="module")
def folder(small_posterior, tmp_path_factory):
    out = tmp_path_factory.mktemp("brief") / "out"
    return hm.brief(out=out, draws=DRAWS, settings=SHORT).parent


@pytest.fixture(scope="module")
def forecast(small_posterior):
    return hm.forecast("withdrawal", draws=DRAWS, settings=SHORT)


def table(folder, name):
    return pd.read_csv(folder / "tables" / f"{name}.csv")


def test_the_folder_holds_what_the_readme_promises(folder):
    assert {path.name for path in folder.iterdir()} == {"brief.html", "brief.pdf", "figures", "run.json", "tables"}
    assert (folder / "brief.pdf").read_bytes().startswith(b"%PDF")
    for name in (
        "fan-mli",
        "fan-bfa",
        "ridge-mli",
        "multiples",
        "flow",
        "contrast",
        "ladder",
        "spillover",
        "map",
        "drivers",
        "tornado",
        "calibration",
    ):
        for suffix in ("png", "svg"):
            assert (folder / "figures" / f"{name}.{suffix}").stat().st_size > 1000, (name, suffix)


def test_a_failed_fit_shouts_and_is_recorded(folder):
    page = (folder / "brief.html").read_text(encoding="utf-8")
    problems = [
        p for fit in json.loads((folder / "run.json").read_text())["diagnostics"].values() for p in fit["problems"]
    ]
    assert problems, "a fit of 120 draws must not pass"
    assert 'role="alert"' in page
    assert all(problem in page for problem in problems)


def test_the_answer_on_mali_is_the_number_of_its_table(folder, forecast):
    year = forecast.deaths.sel(country="MLI", outcome="one_sided").isel(month=slice(0, 12)).sum("month")
    expected = float((year > 500).mean())
    rows = table(folder, "exceedance")
    threshold = next(name for name in rows.columns if name.startswith("threshold"))
    withdrawal = next(name for name in rows.columns if name.startswith("withdrawal"))
    shown = rows[rows["country"].isin(["MLI", "Mali"]) & (rows[threshold] == 500)][withdrawal].item()
    assert shown == pytest.approx(expected)
    assert likelihood(expected) in (folder / "brief.html").read_text(encoding="utf-8")


def test_full_tables_hold_the_forecasts_own_numbers(folder, forecast):
    rows = table(folder, "all-totals").query("scenario == 'withdrawal'").set_index(["country", "outcome"])
    totals = forecast.totals().set_index(["country", "outcome"])
    np.testing.assert_allclose(rows.loc[totals.index, "median"], totals["median"])
    np.testing.assert_allclose(rows.loc[totals.index, "tail_mean_95"], totals["tail_mean_95"])


def test_the_record_shown_is_the_record(folder, panel):
    rows = table(folder, "record").set_index("country")
    of_2022 = next(name for name in rows.columns if name.startswith("2022"))
    months = [m for m in panel["month"].values if str(m).startswith("2022")]
    assert rows.loc["MLI", of_2022] == panel.sel(country="MLI", month=months).sum()


def test_the_page_is_one_file_and_cites_what_exists(folder):
    page = (folder / "brief.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="https?://', page)
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    for name in re.findall(r'href="tables/([^"]+)"', page):
        assert (folder / "tables" / name).is_file(), name


def test_run_json_makes_the_run_repeatable(folder):
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["seed"] == 1 and run["draws"] == DRAWS
    assert {"withdrawal", "mission_stays", "baseline"} == set(run["scenarios"])
    assert any(name.endswith("country_month.csv") for name in run["inputs_sha256"])
    assert all(not name.startswith("/") for name in run["inputs_sha256"])
    assert all(seconds >= 0 for seconds in run["seconds"].values())


def test_the_same_inputs_give_the_same_bytes_and_replace_the_folder_whole(folder, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old.txt").write_text("left from before")
    with pytest.raises(InputError, match="holds other files"):
        hm.brief(out=tmp_path / "out", draws=DRAWS, settings=SHORT)
    (tmp_path / "out" / "run.json").write_text('{"result": "brief", "files": ["old.txt"]}')
    again = hm.brief(out=tmp_path / "out", draws=DRAWS, settings=SHORT).parent
    assert not (again / "old.txt").exists()
    ours = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert ours == {path.relative_to(again) for path in again.rglob("*") if path.is_file()}
    for name in sorted(ours - {next(p for p in ours if p.name == "run.json")}):
        assert (folder / name).read_bytes() == (again / name).read_bytes(), name


def test_a_scenario_file_of_ones_own_is_briefed_and_the_change_is_in_the_page(folder, tmp_path):
    own = tmp_path / "quiet_exit.yaml"
    own.write_text(
        "id: quiet_exit\nextends: withdrawal\ntitle: The mission leaves quietly\ncondition: Armed groups hold still.\n"
        "drivers:\n  set:\n    armed-group-posture: {state: absent}\n"
    )
    made = hm.brief(own, out=tmp_path / "out", draws=DRAWS, settings=SHORT).parent
    run = json.loads((made / "run.json").read_text(encoding="utf-8"))
    assert any(name.endswith("quiet_exit.yaml") for name in run["inputs_sha256"])
    page = (made / "brief.html").read_text(encoding="utf-8")
    assert "Armed groups hold still." in page
    ours, theirs = (
        table(where, "all-totals")
        .query("country == 'MLI' and outcome == 'one_sided' and scenario == @name")["mean"]
        .item()
        for where, name in ((made, "quiet_exit"), (folder, "withdrawal"))
    )
    assert ours < theirs


def test_a_scenario_is_not_held_against_itself(tmp_path):
    with pytest.raises(InputError, match="given twice"):
        hm.brief("withdrawal", "withdrawal", out=tmp_path / "out", draws=DRAWS, settings=SHORT)


@pytest.fixture(scope="module")
def french(tmp_path_factory):
    out = tmp_path_factory.mktemp("french") / "out"
    return hm.brief(out=out, draws=DRAWS, settings=SHORT, lang="fr", likelihood="phia", formats=("svg", "pdf")).parent


def test_a_french_brief_leaves_no_english_sentence(french):
    own = " ".join(Shown((french / "brief.html").read_text(encoding="utf-8")).words)
    own = re.sub(r"Professional Head of Intelligence Assessment|Georeferenced Event Dataset", "", own)
    assert re.findall(r"\b(?:the|of|and|is|are|with|which|deaths|that|from|this)\b", own) == []
    assert "sur\u00a0100" in own and "PHIA" in own


def test_french_and_english_briefs_hold_the_same_numbers(folder, french):
    names = {path.name for path in (folder / "tables").iterdir()}
    assert names == {path.name for path in (french / "tables").iterdir()}
    for name in sorted(names - {"documents-expect.csv"}):
        ours, theirs = ((where / "tables" / name).read_text().splitlines() for where in (folder, french))
        skipped = 1 if name in ("exceedance.csv", "watched.csv") else 0  # their heads hold the scenarios' titles
        assert ours[skipped:] == theirs[skipped:], name


def test_figures_are_written_in_the_formats_asked_for(french):
    assert {path.suffix for path in (french / "figures").iterdir()} == {".svg", ".pdf"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lang": "de"}, "no language 'de'"),
        ({"likelihood": "nato"}, "choose from icd203, phia"),
        ({"formats": ("jpg",)}, "choose from png, svg, pdf"),
    ],
)
def test_what_is_not_offered_is_refused_before_any_work(tmp_path, wrong, message):
    with pytest.raises(InputError, match=message):
        hm.brief(out=tmp_path / "out", draws=DRAWS, settings=SHORT, **wrong)
    assert not (tmp_path / "out").exists()


def test_every_number_leads_to_its_derivation(folder):
    page = (folder / "brief.html").read_text(encoding="utf-8")
    answers = page[page.index('id="answers"') : page.index("<nav")]
    for table_id in re.findall(r'href="#table-([^"]+)"', answers):
        assert f'href="#making-{table_id}"' in page and f'id="making-{table_id}"' in page
    drivers = set(re.findall(r'href="#driver-([^"]+)"', page))
    assert len(drivers) > 20
    for driver in drivers:
        part = page[page.index(f'<details id="driver-{driver}"') :]
        assert f"harmattan trace {driver}" in part[: part.index("</details>")]


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.usefixtures("told")
def test_every_number_of_a_sentence_stands_in_a_table_that_it_cites(folder, french, code):
    where = folder if code == "en" else french
    page = (where / "brief.html").read_text(encoding="utf-8")
    with speaking(code):
        said, shown = statements(page), alternatives(page)
        assert sum(len(numbers(item.words)) for item in said) > 100, "the page gives numbers in words"
        assert [(missing(item, where, page), item) for item in said if missing(item, where, page)] == []
        loosely = [(missing(item, where, page, strict=False), item) for item in shown]
        assert [(found, item) for found, item in loosely if found] == []
        wrong = Said(said[0].words.replace("48", "987"), said[0].tables)
        assert missing(wrong, where, page) == ["987"], "the search would find a number that is wrong"


def test_brief_and_ledger_score_the_documents_alike(folder):
    together = table(folder, "verdicts").set_index("which").loc["All of them"]
    ledger = hm.ledger("2024-12")
    everything = ledger.scores.iloc[-1]
    for name in ("propositions", "brier", "brier_stated", "brier_base"):
        assert together[name] == pytest.approx(everything[name], abs=1e-5), name
    assert (together["borne_out"], together["contradicted"]) == (ledger.counts["true"], ledger.counts["false"])


def test_what_is_borne_out_is_counted_by_facts_and_the_schedule_stands_apart(folder):
    rows = table(folder, "verdicts").set_index("which")
    assert list(rows["borne_out"]) == [7, 8, 15]
    assert list(rows["facts_true"]) == [1, 4, 5]
    assert rows.loc["All of them", "facts_false"] == 1
