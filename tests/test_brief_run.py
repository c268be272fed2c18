"""The brief of the shipped case, with a fit too short to trust: its answers, its numbers and its French."""

import re

import pandas as pd
import pytest
from english_left import english_left
from first_screen import first_screen, words
from page_numbers import Said, alternatives, missing, numbers, statements
from sampling import SHORT
from shown_words import Shown

import harmattan as hm
from harmattan.core.language import speaking
from harmattan.report.front import MOST_WORDS
from harmattan.report.words import likelihood

DRAWS = 200


@pytest.fixture(scope="module")
def folder(small_posterior, made_people, tmp_path_factory):
    out = tmp_path_factory.mktemp("brief") / "out"
    return hm.brief(out=out, draws=DRAWS, settings=SHORT).parent


@pytest.fixture(scope="module")
def forecast(small_posterior):
    return hm.forecast("withdrawal", draws=DRAWS, settings=SHORT)


def table(folder, name):
    return pd.read_csv(folder / "tables" / f"{name}.csv")


def page(folder, name):
    return (folder / f"{name}.html").read_text(encoding="utf-8")


def test_the_folder_holds_what_the_readme_promises(folder):
    pages = {"annex.html", "brief.html", "exit.html", "explore.html"}
    promised = {*pages, "brief.pdf", "figures", "inputs.zip", "run.json", "tables"}
    assert {path.name for path in folder.iterdir()} == promised
    assert (folder / "brief.pdf").read_bytes().startswith(b"%PDF")
    ahead = (
        "years-ahead",
        "fan-mli",
        "fan-bfa",
        "ridge-mli",
        "multiples",
        "flow",
        "ladder",
        "map",
        "drivers",
        "tornado",
    )
    back = ("fan-mli", "contrast", "ladder", "spillover", "calibration")
    for name in (*ahead, *(f"exit/{name}" for name in back)):
        for suffix, least in (("png", 1000), ("svg", 1000), ("json", 300)):
            assert (folder / "figures" / f"{name}.{suffix}").stat().st_size > least, (name, suffix)
    assert all((folder / f"{name}.html").stat().st_size < 2.5e6 for name in ("brief", "annex", "exit"))


def test_past_forecasts_are_told_by_horizon_and_stand_beside_months_far_ahead(folder):
    shown = {name: set(pd.read_csv(folder / "tables" / f"{name}.csv")) for name in ("track-skill", "track-held")}
    assert {"where", "ahead", "rule", "skill [share 0-1]"} <= shown["track-skill"]
    assert (folder / "tables" / "exit" / "track-held.csv").is_file()
    line = "Track record more than 24 months ahead"
    for name, id in (("annex", "track-skill"), ("annex", "track-said"), ("exit", "track-held")):
        assert f'id="table-{id}"' in page(folder, name) and line in page(folder, name)
    assert line in page(folder, "brief") and line in page(folder, "explore")


def test_the_answer_on_mali_is_the_number_of_its_table(folder, forecast):
    year = forecast.deaths.sel(country="MLI", outcome="one_sided").isel(month=slice(0, 12)).sum("month")
    expected = float((year > 500).mean())
    rows = table(folder, "exit/exceedance")
    threshold = next(name for name in rows.columns if name.startswith("threshold"))
    withdrawal = next(name for name in rows.columns if name.startswith("withdrawal"))
    shown = rows[rows["country"].isin(["MLI", "Mali"]) & (rows[threshold] == 500)][withdrawal].item()
    assert shown == pytest.approx(expected)
    assert likelihood(expected) in page(folder, "exit")


def test_the_record_shown_is_the_record(folder, panel):
    rows = table(folder, "record").set_index("country")
    of_2022 = next(name for name in rows.columns if name.startswith("2022"))
    months = [m for m in panel["month"].values if str(m).startswith("2022")]
    assert rows.loc["MLI", of_2022] == panel.sel(country="MLI", month=months).sum()


@pytest.fixture(scope="module")
def french(made_people, tmp_path_factory):
    out = tmp_path_factory.mktemp("french") / "out"
    return hm.brief(out=out, draws=DRAWS, settings=SHORT, lang="fr", likelihood="phia", formats=("svg",)).parent


def test_a_french_brief_leaves_no_english_word(french):
    codes = [unit.lower() for unit in hm.load_case().case.units]  # on the map for phones
    for name in ("brief", "annex", "exit"):
        html = re.sub(r"(?s)<script.*?</script>", "", page(french, name))
        text = re.sub("«[^»]*»", "", " ".join(Shown(html).words))  # words of the documents are quoted as they are
        assert english_left(text, ids=True, names=codes) == {}, name
    assert "sur\u00a0100" in page(french, "brief") and "PHIA" in page(french, "annex")


def test_every_number_leads_to_its_derivation(folder):
    html = page(folder, "annex")
    answers = html[html.index('id="answers"') : html.index("<nav")]
    for table_id in re.findall(r'href="#table-([^"]+)"', answers):
        assert f'href="#making-{table_id}"' in html and f'id="making-{table_id}"' in html
    drivers = set(re.findall(r'href="#driver-([^"]+)"', html))
    assert len(drivers) > 20
    for driver in drivers:
        part = html[html.index(f'<details id="driver-{driver}"') :]
        assert f"harmattan trace {driver}" in part[: part.index("</details>")]


def test_french_and_english_briefs_hold_the_same_numbers(folder, french):
    names = {str(path.relative_to(folder / "tables")) for path in (folder / "tables").rglob("*.csv")}
    assert names == {str(path.relative_to(french / "tables")) for path in (french / "tables").rglob("*.csv")}
    for name in sorted(names - {"exit/documents-expect.csv"}):
        ours, theirs = ((where / "tables" / name).read_text().splitlines() for where in (folder, french))
        skipped = name.rsplit("/")[-1] in ("exceedance.csv", "watched.csv")  # their heads hold the scenarios' titles
        assert ours[skipped:] == theirs[skipped:], name


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("name", ["annex", "exit"])
@pytest.mark.usefixtures("told")
def test_every_number_of_a_sentence_stands_in_a_table_that_it_cites(folder, french, code, name):
    where = folder if code == "en" else french
    html, tables = page(where, name), where / "tables" / ("exit" if name == "exit" else "")
    with speaking(code):
        said, shown = statements(html), alternatives(html)
        assert sum(len(numbers(item.words)) for item in said) > 100, "the page gives numbers in words"
        assert [(missing(item, tables, html), item) for item in said if missing(item, tables, html)] == []
        loosely = [(missing(item, tables, html, strict=False), item) for item in shown]
        assert [(found, item) for found, item in loosely if found] == []
        wrong = Said(said[0].words.replace("48", "987"), said[0].tables)
        assert missing(wrong, tables, html) == ["987"], "the search would find a number that is wrong"


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.usefixtures("told")
def test_the_first_screen_is_short_and_its_numbers_stand_in_the_tables_it_leads_to(folder, french, code):
    where = folder if code == "en" else french
    html = page(where, "brief")
    said = first_screen(html)
    assert len(said) > 5 and sum(words(line) for line, _ in said) <= MOST_WORDS
    with speaking(code):
        for line, hrefs in said:
            tables = (*(href.split("#table-")[-1] for href in hrefs), "exit/watched")
            assert not hrefs or missing(Said(line, tables), where / "tables", html) == [], line


def test_print_has_two_pages_before_its_annexes(folder, french):
    for where in (folder, french):
        raw = (where / "brief.pdf").read_bytes()
        pages = re.search(rb"/Kids \[([^\]]+)\]", raw)[1].split(b" 0 R")
        annex = re.search(rb"/Dest \[(\d+) 0 R", raw[raw.index(b"/Type /Outlines") :])[1]
        assert [one.strip() for one in pages].index(annex) == 2


def test_brief_and_ledger_score_the_documents_alike(folder):
    together = table(folder, "exit/verdicts").set_index("which").loc["All of them"]
    ledger = hm.ledger("2024-12")
    everything = ledger.scores.iloc[-1]
    for name in ("propositions", "brier", "brier_stated", "brier_base"):
        assert together[name] == pytest.approx(everything[name], abs=1e-5), name
    assert (together["borne_out"], together["contradicted"]) == (ledger.counts["true"], ledger.counts["false"])


def test_what_is_borne_out_is_counted_by_facts_and_the_schedule_stands_apart(folder):
    rows = table(folder, "exit/verdicts").set_index("which")
    assert list(rows["borne_out"]) == [12, 19, 31]
    assert list(rows["facts_true"]) == [3, 10, 13]
    assert rows.loc["All of them", "facts_false"] == 2


def test_who_flees_and_what_may_break_stand_beside_what_such_forecasts_earned(folder):
    flee, breaks, scores = (table(folder, f"people-{name}") for name in ("flee", "breaks", "scores"))
    chance, together = "more_than_10000 [probability 0-1]", flee["asylum"] == "All neighbours together"
    assert len(flee) > 5 and flee.loc[together, chance].item() == flee[chance].max()
    assert flee[chance].is_monotonic_decreasing and flee[chance].between(0, 1).all()
    every = table(folder, "all-flows").query("scenario == 'as_it_happened' and year == 2025 and asylum == 'all'")
    assert every["more_than_10000"].item() == pytest.approx(flee.loc[together, chance].item())
    assert set(breaks["what"]) == {
        "Coup or attempt", "Attack on aid workers", "Deaths over the threshold", "The accord has ended",
    }  # fmt: skip
    assert breaks["base_rate [probability 0-1]"].between(0, 1).all()
    coup = scores.set_index("what").loc["Coup or attempt"]
    assert (coup["shown"] == "the model") == (coup["skill [share 0-1]"] > 0), "what has not been better is not shown"
    html = page(folder, "annex")
    assert 'id="people"' in html and 'id="figure-people"' in html and "What is not forecast" in html
