"""The brief's own page, from the end of the record: what stands on its first screen, and where each number leads."""

import json
import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest
from first_screen import first_screen, words
from made import AS_OF
from page_numbers import Said, missing, numbers
from sampling import SHORT

import harmattan as hm
from harmattan.claims.register import load_register
from harmattan.core.issue import day_of_issue
from harmattan.core.language import speaking
from harmattan.core.telling import telling
from harmattan.plots.numbers import month_words
from harmattan.report.front import MOST_WORDS
from harmattan.report.front_lines import exit_line

DRAWS = 200

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture(scope="module")
def folder(made_case, made_fit, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1750000000")
        return hm.brief(out=tmp_path_factory.mktemp("front") / "out", draws=DRAWS, settings=SHORT).parent


def page(folder, name="brief"):
    return (folder / f"{name}.html").read_text(encoding="utf-8")


def last_month():
    return hm.load_case().record()["month"].values[-1]


def test_the_first_screen_is_read_at_once_and_its_numbers_stand_where_it_leads(folder):
    html = page(folder)
    said = first_screen(html)
    assert sum(words(line) for line, _ in said) <= MOST_WORDS
    for line, hrefs in said:
        tables = (*(href.split("#table-")[-1] for href in hrefs), "exit/watched")
        assert not hrefs or missing(Said(line, tables), folder / "tables", html) == [], line
    assert sum(len(numbers(line)) for line, _ in said) > 5


def test_it_looks_from_the_end_of_the_record_and_says_all_dates(folder):
    run, last = json.loads((folder / "run.json").read_text(encoding="utf-8")), str(last_month())
    assert run["dates"]["issued"] == "2025-06-15" and run["dates"]["data_to"] == run["dates"]["record_to"] == last
    assert set(run["dates"]) == {"issued", "data_to", "record_to", "documents"}
    assert set(run["scenarios"]) == {"leaves", "baseline"}, "nothing is held against what has happened"
    assert run["clocks"]["leaves"]["as_of"] == last
    assert set(run["exit"]["scenarios"]) == {"leaves", "stays", "baseline"}
    assert run["exit"]["clocks"]["leaves"]["as_of"] == AS_OF
    assert "Issued 15 June 2025" in page(folder)


def test_every_link_of_every_page_leads_somewhere(folder):
    pages = {name: page(folder, name) for name in ("brief", "annex", "exit")}
    ids = {name: set(re.findall(r' id="([^"]+)"', html)) for name, html in pages.items()}
    for name, html in pages.items():
        assert len(re.findall(r' id="([^"]+)"', html)) == len(ids[name]), f"an id stands twice in {name}"
        for href in re.findall(r' href="([^"]+)"', html):
            if href.startswith("data:"):
                continue
            file, _, anchor = href.partition("#")
            assert not file or (folder / file).is_file(), href
            assert not anchor or anchor in ids[file.removesuffix(".html") or name], href


@pytest.mark.slow
def test_no_table_is_empty_whatever_month_is_asked_for(folder, made_case, tmp_path):
    between = hm.brief(out=tmp_path / "out", as_of="2021-02", draws=60, settings=SHORT, formats=("svg",)).parent
    for where in (folder, between):
        for file in sorted((where / "tables").rglob("*.csv")):
            assert len(pd.read_csv(file)), file
        for name in ("brief", "annex", "exit"):
            assert "<tbody>\n        </tbody>" not in page(where, name)
    assert "Deaths to February 2021" in page(between)
    assert f"(to {month_words(last_month())}, after the forecast's data)" in unescape(page(between))
    assert sum(words(line) for line, _ in first_screen(page(between))) <= MOST_WORDS


LATER = {"en": "after the forecast's data", "fr": "inconnu de la prévision"}


@pytest.mark.parametrize("lang", LATER)
def test_the_line_on_the_exit_says_where_its_months_are_later_than_the_forecasts_own_data(made_case, lang):
    record, said = made_case.record(), LATER[lang]
    ends = str(record["month"].values[-1])
    with speaking(lang), telling(load_register().case.words):
        told = {}
        for as_of in (ends, "2021-02"):
            clock = SimpleNamespace(exit=AS_OF, as_of=as_of)
            run = SimpleNamespace(
                record=record, home="QMA", headline="one_sided", headline_parts=None, first=SimpleNamespace(clock=clock)
            )
            told[as_of] = exit_line(run).sentence
        assert said not in told[ends], "what the forecast knows is not later"
        assert said in told["2021-02"] and month_words(ends) in told["2021-02"]


def test_months_far_ahead_are_told_with_their_track_record_once_in_each_place(folder):
    line = "There is no track record for months more than 24 ahead"
    for name, places in (("brief", {"exit"}), ("annex", {"forecast", "spillover"}), ("exit", {"contrast", "forecast"})):
        sections = {one.split('"')[0]: one for one in page(folder, name).split('<section aria-labelledby="')[1:]}
        told = {section: text.count(line) for section, text in sections.items() if line in text}
        assert set(told.values()) == {1} and places <= set(told), (name, told)
    assert page(folder, "explore").count(line) == 1
    assert not any(line in said for said, _ in first_screen(page(folder)))
    assert not list((folder / "tables").rglob("track-*.csv")), "forecasts of this case were not judged by horizon"


def test_horizons_are_counted_from_now_and_from_the_exit(folder):
    rows = pd.read_csv(folder / "tables" / "horizons.csv").query("country == 'QMA'").set_index("horizon")
    first = str(pd.Period(last_month(), "M") + 1)
    after = (pd.Period(first, "M") - pd.Period(AS_OF, "M")).n
    assert rows.loc["short", "months"].split("/")[0] == first and rows.loc["short", "first"] == after
    assert list(rows.index) == ["short", "mid", "long"]


@pytest.mark.slow
def test_a_pair_that_is_named_is_compared_also_from_now(folder, tmp_path):
    out = hm.brief("leaves", "stays", out=tmp_path / "out", draws=60, settings=SHORT, formats=("svg",)).parent
    assert "contrast" in page(out, "annex") and (out / "tables" / "contrast-long.csv").is_file()


def test_print_begins_with_two_pages_and_its_references_lead_on(folder):
    raw = (folder / "brief.pdf").read_bytes()
    assert raw.count(b"/Subtype /Link") > 20
    pages = re.search(rb"/Kids \[([^\]]+)\]", raw)[1].split(b" 0 R")
    annex = re.search(rb"/Dest \[(\d+) 0 R", raw[raw.index(b"/Type /Outlines") :])[1]
    assert [page.strip() for page in pages].index(annex) == 2, "the annex begins on the third page"


def test_the_day_of_issue_can_be_set_for_the_same_bytes(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert day_of_issue() == date(1970, 1, 2)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert day_of_issue() >= date(2026, 1, 1)
