"""Every verdict names the release, table or source that settled it, and invents none."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from made import CASE, copy_made_case

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.case.releases import settled_on, table_named
from harmattan.claims.verdicts import WORTH
from harmattan.core.language import speaking
from harmattan.core.resources import PROJECT_VARIABLE
from harmattan.schema.resolution import DatedEvent, PanelRatio, PanelTotal, YearlyRatio


@pytest.fixture(scope="module")
def case():
    return open_case()


def ratio(*outcomes):
    told = {"outcomes": outcomes, "places": ("MLI",), "window": (1, 6), "reference": (-12, -1), "ratio_above": 1.1}
    return PanelRatio(kind="panel-ratio", **told)


def dated(event):
    return DatedEvent(kind="dated-event", event=event, window=(1, 24))


def test_deaths_are_settled_on_the_record_with_its_release(case):
    assert settled_on(case, ratio("one_sided")) == "UCDP GED 26.1"
    total = PanelTotal(kind="panel-total", outcomes=("non_state",), places=("MLI",), window=(1, 6), above=10)
    assert settled_on(case, total) == "UCDP GED 26.1"


def test_who_killed_is_settled_on_the_tables_that_tell_it_too(case):
    told = settled_on(case, ratio("one_sided_state"))
    assert told.startswith("UCDP GED 26.1; Uppsala Conflict Data Program")
    for name in ("dyad_month.csv", "dyad_country_month_ged241.csv"):
        assert f" (seeds/data/ucdp/{name})" in told


def test_another_panel_is_named_by_itself(case, tmp_path):
    panel = tmp_path / "mine.csv"
    panel.write_text(case.record_file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert settled_on(replace(case, panel=panel), ratio("one_sided")) == "mine.csv"
    shutil.copyfile(case.record_file, panel)
    assert settled_on(replace(case, panel=panel), ratio("one_sided")) == "UCDP GED 26.1", "the same bytes"


def test_a_series_is_settled_on_its_table_with_the_credit_of_its_publisher(case):
    told = {"places": ("MLI",), "years": (1, 1), "reference": (-1, -1), "ratio_below": 0.9}
    rule = YearlyRatio(kind="yearly-ratio", series="aid", **told)
    path = "seeds/data/humanitarian/fts_country_year.csv"
    assert settled_on(case, rule) == f"OCHA Financial Tracking Service, fts.unocha.org ({path})"


def test_an_event_is_settled_on_the_source_that_dates_it(case):
    cline = "Cline Center for Advanced Social Research: Coup d'Etat Project Dataset 2.1.2"
    assert settled_on(case, dated("coup-ner")) == f"{cline} (seeds/data/coups/coups_1989_2024.csv)"
    own = settled_on(case, dated("accord-signed"))
    assert own == "UCDP Peace Agreement Dataset 22.1, agreement 30 (ucdp/algiers_accord_timeline.csv)"
    made = open_case(CASE)
    assert settled_on(made, dated("coup-in-bellune")) == "made up"


def test_where_nobody_is_credited_the_file_stands_alone():
    made = open_case(CASE)
    assert table_named(made, made.data / "events/dates.csv") == "seeds/data/events/dates.csv"
    assert table_named(made, made.record_file).startswith("Made up by tests/made_record.py; deaths of nobody (seeds")


@pytest.fixture
def made_ledger(tmp_path, monkeypatch):
    copy_made_case(tmp_path / "made")
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path / "made"))
    return hm.ledger("2024-12")


def test_the_ledger_names_what_settled_each_verdict_and_nothing_else(made_ledger, tmp_path):
    claims = made_ledger.claims
    settled = claims["verdict"].isin(list(WORTH))
    assert settled.any() and ((claims["release"] != "") == settled).all()
    counts = claims["release"][settled].value_counts()
    sentence = made_ledger.sentences["releases"]
    assert all(f"{count} by “{name}”" in sentence for name, count in counts.items())
    assert "no earlier state" in sentence and counts.sum() == settled.sum()
    rows = {row["claim"]: row["release"] for row in made_ledger.as_dict()["claims"]}
    assert rows == dict(zip(claims["claim"], claims["release"], strict=True))
    out = made_ledger.save(tmp_path / "out")
    assert sentence in (out / "ledger.md").read_text(encoding="utf-8")
    kept = pd.read_csv(next(out.rglob("claims.csv")), keep_default_na=False)
    assert kept["release"].tolist() == claims["release"].tolist()


def test_a_ledger_of_nothing_settled_names_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv(PROJECT_VARIABLE, str(copy_made_case(tmp_path / "made")))
    early = hm.ledger("2020-06")
    assert "releases" not in early.sentences and (early.claims["release"] == "").all()


def test_a_trace_names_what_settled_the_claim(made_ledger):
    name, release = next(
        (row.claim, row.release) for row in made_ledger.claims.itertuples() if row.release and row.verdict in WORTH
    )
    found = hm.trace(name)
    assert f"settled   on {release}" in found.as_text()
    assert json.dumps(found.as_dict()).count(json.dumps(release)) == 1
    with speaking("fr"):
        assert f"tranché    par {release}" in hm.trace(name).as_text().replace("’", "'")
