"""A new UCDP release is added as published, or refused with a reason and without a trace."""

import json

import numpy as np
import pandas as pd
import pytest
from ucdp_files import base_panel, elsewhere, events_of, next_year, write_candidate, write_ged

import harmattan as hm
from harmattan.core.errors import InputError
from harmattan.core.files import sha256_of
from harmattan.panel.ucdp import frozen_panel_path, load_panel


@pytest.fixture(scope="module")
def ged(tmp_path_factory):
    return write_ged(tmp_path_factory.mktemp("ged"))


def refused(folder, message, file, **options):
    before, frozen = sorted(folder.iterdir()), sha256_of(frozen_panel_path())
    with pytest.raises(InputError, match=message):
        hm.import_data(file, out=folder / "panel.csv", **({"kind": "ged"} | options))
    assert sorted(folder.iterdir()) == before
    assert sha256_of(frozen_panel_path()) == frozen


def test_a_final_release_extends_the_panel_by_its_own_sums(ged, tmp_path, panel):
    done = hm.import_data(ged, kind="ged", out=tmp_path / "panel.csv")
    grown = load_panel(done.panel)
    assert [str(grown["month"].values[0]), str(grown["month"].values[-1])] == ["1989-01", "2025-12"]
    np.testing.assert_array_equal(grown.sel(month=panel["month"]).values, panel.values)
    last = [f"2024-{m:02d}" for m in range(1, 13)]
    new = [month.replace("2024", "2025") for month in last]
    np.testing.assert_array_equal(grown.sel(month=new).values, panel.sel(month=last).values)
    assert (done.release, done.first, done.last) == ("26.1", "2023-01", "2025-12")
    assert (done.added, done.revised, done.provisional) == (12, 0, ())
    assert list(pd.read_csv(done.panel).columns) == list(base_panel().columns)


def test_the_provenance_names_file_release_counts_and_revisions(tmp_path):
    def change(table):
        cell = (table["iso3"] == "MLI") & (table["month"] == "2023-09") & (table["type"] == "one_sided")
        return table.assign(best=table["best"] + 7 * cell)

    file = write_ged(tmp_path, change=change)
    done = hm.import_data(file, kind="ged", out=tmp_path / "panel.csv")
    known = json.loads(done.provenance.read_text())
    (entry,) = known["imports"]
    assert known["sha256"] == sha256_of(done.panel) and entry["sha256"] == sha256_of(file)
    assert entry["onto"]["sha256"] == sha256_of(frozen_panel_path())
    assert entry["rows"] == len(pd.read_csv(file)) > entry["rows_used"]
    assert entry["cells_revised"] == 1 and entry["deaths_after"] - entry["deaths_before"] == 7
    (revision,) = entry["largest_revisions"]
    assert (revision["month"], revision["iso3"], revision["after"] - revision["before"]) == ("2023-09", "MLI", 7)
    assert "1 cells of known months revised" in done.sentence()


def test_the_same_release_gives_the_same_bytes(ged, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        hm.import_data(ged, kind="ged", out=tmp_path / name / "panel.csv")
    for name in ("panel.csv", "panel.csv.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_candidates_are_provisional_until_a_final_release_replaces_them(ged, tmp_path):
    first = hm.import_data(write_candidate(tmp_path), kind="ged-candidate", out=tmp_path / "first.csv")
    assert first.release == "25.0.2" and first.provisional == ("2025-01", "2025-02")
    more = write_candidate(tmp_path, "GEDEvent_v25_0_3.csv", count=3)
    second = hm.import_data(more, kind="ged-candidate", onto=first.panel, out=tmp_path / "second.csv")
    assert second.provisional == ("2025-01", "2025-02", "2025-03") and second.added == 1
    final = hm.import_data(ged, kind="ged", onto=second.panel, out=tmp_path / "final.csv")
    assert final.provisional == ()
    assert [entry["kind"] for entry in json.loads(final.provenance.read_text())["imports"]] == [
        *("ged-candidate", "ged-candidate", "ged")
    ]


def test_candidates_never_replace_final_counts(tmp_path):
    file = write_candidate(tmp_path, count=2, after="2024-10")
    refused(tmp_path, "Candidate events never replace final ones", file, kind="ged-candidate")


def test_a_table_by_country_and_month_is_taken_too(tmp_path):
    table = pd.concat([base_panel(), next_year(base_panel())], ignore_index=True)
    table.to_csv(tmp_path / "country_month_26.1.csv", index=False)
    done = hm.import_data(tmp_path / "country_month_26.1.csv", kind="country-month", out=tmp_path / "panel.csv")
    assert done.added == 12 and load_panel(done.panel).sizes["month"] == 444


def test_a_grown_panel_can_be_forecast_from(ged, tmp_path):
    done = hm.import_data(ged, kind="ged", out=tmp_path / "panel.csv")
    assert str(load_panel(done.panel, as_of="2025-06")["month"].values[-1]) == "2025-06"
    with pytest.raises(InputError, match="later|after"):
        load_panel(done.panel, as_of="2026-01")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("best", "-1", "whole number, 0 or more"),
        ("best", "many", "whole number, 0 or more"),
        ("date_start", "15.03.2024", "not a date YYYY-MM-DD"),
        ("date_start", "2030-01-01", "lies after date_end"),
        ("type_of_violence", "4", "is not 1, 2 or 3"),
        ("id", "1", "stands there twice"),
    ],
)
def test_an_event_that_cannot_be_is_refused_by_id_and_row(ged, tmp_path, column, value, message):
    table = pd.read_csv(ged, dtype="str")
    table.loc[100, column] = value
    table.to_csv(tmp_path / "ged_26_1.csv", index=False)
    refused(tmp_path, rf"row 102\), column {column}: .*{message}", tmp_path / "ged_26_1.csv")


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        (lambda t: t.drop(columns="code_status"), "no column code_status"),
        (lambda t: t.iloc[:0], "no events"),
        (lambda t: t.assign(code_status="Check"), "--kind ged-candidate"),
        (lambda t: t[t["country_id"] == "520"], "one of the sixteen"),
        (lambda t: t[t["country"] != "Nigeria"], "no deaths at all in Nigeria"),
        (lambda t: t[~t["date_start"].str.startswith("2024-05")], "begins in 2024-05"),
        (lambda t: t.assign(best=(t["best"].astype(int) * 2).astype(str)), "--accept-revisions"),
    ],
)
def test_a_file_that_is_not_the_whole_release_is_refused(ged, tmp_path, cut, message):
    table = cut(pd.read_csv(ged, dtype="str"))
    table.to_csv(tmp_path / "ged_26_1.csv", index=False)
    refused(tmp_path, message, tmp_path / "ged_26_1.csv")


def test_a_gap_before_the_release_is_refused(tmp_path):
    panel = base_panel()
    late = panel[panel["month"] >= "2024-01"]
    late = late.assign(month="2026" + late["month"].str[4:])
    file = tmp_path / "ged_27_1.csv"
    pd.concat([events_of(late), elsewhere(sorted(late["month"].unique()))]).to_csv(file, index=False)
    refused(tmp_path, "the months from 2025-01 on would be missing", file)


def test_large_revisions_are_taken_when_they_are_meant(ged, tmp_path):
    table = pd.read_csv(ged)
    table["best"] *= 2
    table.to_csv(tmp_path / "ged_26_1.csv", index=False)
    done = hm.import_data(tmp_path / "ged_26_1.csv", kind="ged", out=tmp_path / "p.csv", accept_revisions=True)
    assert done.deaths_after == 2 * done.deaths_before


def test_the_target_is_never_a_panel_in_use_or_a_strangers_file(ged, tmp_path):
    with pytest.raises(InputError, match="stays as it is"):
        hm.import_data(ged, kind="ged", out=frozen_panel_path())
    (tmp_path / "panel.csv").write_text("somebody's")
    with pytest.raises(InputError, match="no import has written it"):
        hm.import_data(ged, kind="ged", out=tmp_path / "panel.csv")
    assert (tmp_path / "panel.csv").read_text() == "somebody's"


def test_a_panel_changed_by_hand_after_its_import_is_not_built_on(ged, tmp_path):
    done = hm.import_data(ged, kind="ged", out=tmp_path / "panel.csv")
    text = done.panel.read_text()
    changed = text.replace("1989-01,non_state,0,0", "1989-01,non_state,0,5", 1)
    assert changed != text
    done.panel.write_text(changed)
    with pytest.raises(InputError, match="changed after its import"):
        hm.import_data(ged, kind="ged", onto=done.panel, out=tmp_path / "again.csv")


def test_a_release_must_have_a_label_and_a_known_kind(ged, tmp_path):
    (tmp_path / "events.csv").write_bytes(ged.read_bytes())
    refused(tmp_path, "--release 26.1", tmp_path / "events.csv")
    refused(tmp_path, "choose from ged, ged-candidate, country-month", ged, kind="acled")
    refused(tmp_path, "Cannot read", tmp_path / "absent_26_1.csv")
