"""A new UCDP release is added as published, or refused with a reason and without a trace."""

import json

import numpy as np
import pandas as pd
import pytest
from made import CASE
from shipped import load_panel, panel_file
from ucdp_files import (
    base_panel,
    candidate_cells,
    elsewhere,
    event,
    events_of,
    next_year,
    write_candidate,
    write_ged,
    write_release,
)  # fmt: skip

import harmattan as hm
from harmattan.case.starting import start_case
from harmattan.core.errors import InputError
from harmattan.core.files import sha256_of
from harmattan.core.resources import shipped_root
from harmattan.panel.ucdp import checked_table, provisional_months

MONTHS = [f"2025-{number:02d}" for number in range(1, 13)]


@pytest.fixture(scope="module")
def ged(tmp_path_factory):
    return write_ged(tmp_path_factory.mktemp("ged"))


def refused(folder, message, file, **options):
    before, frozen = sorted(folder.iterdir()), sha256_of(panel_file())
    with pytest.raises(InputError, match=message) as error:
        hm.import_data(file, out=folder / "panel.csv", **({"kind": "ged"} | options))
    assert "\n" not in str(error.value) and len(str(error.value)) < 600
    assert sorted(folder.iterdir()) == before
    assert sha256_of(panel_file()) == frozen


def added(file, onto=None, kind="ged-candidate", out=None, **options):
    out = out or file.parent / f"panel_{file.stem}.csv"
    return hm.import_data(file, kind=kind, onto=onto, out=out, **options)


def test_a_final_release_extends_the_panel_by_its_own_sums(ged, tmp_path, panel):
    done = hm.import_data(ged, kind="ged", out=tmp_path / "panel.csv")
    grown = load_panel(done.panel)
    assert [str(grown["month"].values[0]), str(grown["month"].values[-1])] == ["1989-01", "2025-12"]
    np.testing.assert_array_equal(grown.sel(month=panel["month"]).values, panel.values)
    last = [f"2024-{m:02d}" for m in range(1, 13)]
    np.testing.assert_array_equal(grown.sel(month=MONTHS).values, panel.sel(month=last).values)
    assert (done.release, done.first, done.last) == ("26.1", "2023-01", "2025-12")
    assert (done.added, done.revised, done.provisional, done.warnings) == (12, 0, (), ())
    assert list(pd.read_csv(done.panel).columns) == list(base_panel().columns)


def test_places_that_no_atlas_has_are_counted_by_number_and_called_as_the_case_calls_them(tmp_path):
    """The made-up case, whose record begins in 2009 and lacks one unit up to 2014."""
    made = hm.load_case(CASE)
    known = checked_table(made.record_file, lifetimes=made.case.lifetimes).reset_index(drop=True)
    table = pd.concat([known[known["month"] >= "2023-01"], next_year(known)], ignore_index=True)
    months = sorted(table["month"].unique())
    file = write_release(tmp_path, "GEDEvent_v26_1.csv", events_of(table), elsewhere(months))
    done = made.import_data(file, kind="ged", out=tmp_path / "panel.csv")
    grown = made.record(done.panel)
    np.testing.assert_array_equal(grown.sel(month=MONTHS).values, made.record().isel(month=slice(-12, None)).values)
    assert (done.added, done.revised) == (12, 0) and not any("not that of its number" in said for said in done.warnings)
    shorter = write_release(tmp_path, "ged_26_1.csv", events_of(table[table["iso3"] != "QMB"]), elsewhere(months))
    with pytest.raises(InputError, match="no deaths at all in Bellune"):
        made.import_data(shorter, kind="ged", out=tmp_path / "other.csv")


def test_the_provenance_names_file_release_counts_and_revisions(tmp_path):
    def change(table):
        cell = (table["iso3"] == "MLI") & (table["month"] == "2023-09") & (table["type"] == "one_sided")
        return table.assign(best=table["best"] + 7 * cell)

    file = write_ged(tmp_path, change=change)
    done = hm.import_data(file, kind="ged", out=tmp_path / "panel.csv")
    known = json.loads(done.provenance.read_text())
    (entry,) = known["imports"]
    assert known["sha256"] == sha256_of(done.panel) and entry["sha256"] == sha256_of(file)
    assert known["months"] == [{"first": "1989-01", "last": "2025-12", "release": "26.1"}]
    assert entry["onto"]["sha256"] == sha256_of(panel_file())
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


def test_the_months_of_a_candidate_file_are_those_of_its_number(tmp_path):
    """Case 01: an event that began on 28 January and was coded in February does not make January known."""
    late = event(1, "2025-01", deaths=3)
    february = write_candidate(tmp_path, "GEDEvent_v25_0_2.csv", ["2025-02"], late)
    refused(
        tmp_path, r"2025-01 would be missing \(that 1 event .* Import 25\.0\.1 first", february, kind="ged-candidate"
    )
    january = added(write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"]))
    both = added(february, onto=january.panel)
    counts = load_panel(both.panel).sel(country="MLI", outcome="one_sided", month=["2025-01", "2025-02"]).values
    usual = float(load_panel().sel(country="MLI", outcome="one_sided", month="2024-11"))
    assert counts.tolist() == [usual, usual]
    assert (both.set_aside.events, both.set_aside.deaths, both.set_aside.months) == (1, 3, {"2025-01": 1})
    assert "Set aside: 1 event with 3 deaths" in both.sentence() and "2025-01: 1" in both.sentence()
    assert json.loads(both.provenance.read_text())["imports"][-1]["set_aside"]["deaths"] == 3


def test_events_that_begin_after_the_covered_months_are_set_aside_too(tmp_path):
    early = [event(number, month, deaths=2) for number, month in enumerate(("2024-12", "2025-02"), start=1)]
    done = added(write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"], *early))
    assert (done.first, done.last, done.set_aside.months) == ("2025-01", "2025-01", {"2024-12": 1, "2025-02": 1})


def test_a_chain_of_candidates_a_quarter_and_the_final_release_is_taken_in_the_order_of_publication(ged, tmp_path):
    panel = None
    for number, month in enumerate(MONTHS[:4], start=1):
        panel = added(write_candidate(tmp_path, f"GEDEvent_v25_0_{number}.csv", [month], share=0.9), onto=panel).panel
    assert provisional_months(load_panel(panel)) == tuple(MONTHS[:4])
    quarter = added(write_candidate(tmp_path, "GEDEvent_v25_01_25_03.csv", MONTHS[:3]), onto=panel)
    assert (quarter.added, quarter.first, quarter.last) == (0, "2025-01", "2025-03")
    assert quarter.revised > 0 and quarter.deaths_after > quarter.deaths_before
    assert quarter.provisional == tuple(MONTHS[:4])
    assert json.loads(quarter.provenance.read_text())["months"][1:] == [
        {"first": "2025-01", "last": "2025-03", "release": "25.01.25.03"},
        {"first": "2025-04", "last": "2025-04", "release": "25.0.4"},
    ]
    year = added(write_candidate(tmp_path, "GEDEvent_v25_01_25_12.csv", MONTHS), onto=quarter.panel)
    assert (year.added, year.provisional) == (8, tuple(MONTHS))
    final = added(ged, onto=year.panel, kind="ged", out=tmp_path / "final.csv")
    assert final.provisional == () and list(pd.read_csv(final.panel).columns) == list(base_panel().columns)
    assert [entry["kind"] for entry in json.loads(final.provenance.read_text())["imports"]] == [
        *["ged-candidate"] * 6, "ged",
    ]  # fmt: skip


def test_a_gap_in_months_is_refused_with_the_months_that_are_missing(tmp_path):
    april = write_candidate(tmp_path, "GEDEvent_v25_0_4.csv", ["2025-04"])
    refused(tmp_path, r"2025-01 to 2025-03 would be missing\. Import 25\.0\.1, 25\.0\.2 and 25\.0\.3 first", april,
            kind="ged-candidate")  # fmt: skip
    panel = base_panel()
    late = panel[panel["month"] >= "2024-01"]
    late = late.assign(month="2026" + late["month"].str[4:])
    file = write_release(tmp_path, "ged_27_1.csv", events_of(late), elsewhere(sorted(late["month"].unique())))
    refused(tmp_path, r"2025-01 to 2025-12 would be missing.*25\.0\.1 to 25\.0\.12", file)


def test_provisional_months_stay_marked_in_the_panel_itself(tmp_path):
    done = added(write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"]))
    alone = tmp_path / "sent_on.csv"
    alone.write_bytes(done.panel.read_bytes())
    assert provisional_months(load_panel(alone)) == ("2025-01",)
    assert provisional_months(load_panel(alone, as_of="2024-12")) == ()
    again = hm.import_data(alone, kind="country-month", release="26.1", out=tmp_path / "again.csv")
    assert again.provisional == ("2025-01",)


def test_a_status_column_of_a_table_by_country_and_month_keeps_months_provisional(tmp_path):
    """Case 08: the frozen panel, and January 2025 marked as candidate."""
    table = pd.concat([base_panel().assign(status="final"), candidate_cells(["2025-01"]).assign(status="Candidate")])
    table.to_csv(tmp_path / "country_month_26.1.csv", index=False)
    done = hm.import_data(tmp_path / "country_month_26.1.csv", kind="country-month", out=tmp_path / "panel.csv")
    assert done.provisional == ("2025-01",)
    assert json.loads(done.provenance.read_text())["provisional_months"] == ["2025-01"]
    later = added(write_candidate(tmp_path, "GEDEvent_v25_0_2.csv", ["2025-02"]), onto=done.panel)
    assert later.provisional == ("2025-01", "2025-02")
    table.assign(status="sure").to_csv(tmp_path / "country_month_26.1.csv", index=False)
    refused(tmp_path, "column status: 'sure' tells neither .* Write final or candidate",
            tmp_path / "country_month_26.1.csv", kind="country-month")  # fmt: skip


def test_months_beyond_what_a_number_makes_final_are_provisional(tmp_path):
    table = pd.concat([base_panel(), candidate_cells(["2025-01"])])
    table.to_csv(tmp_path / "country_month.csv", index=False)
    done = hm.import_data(
        tmp_path / "country_month.csv", kind="country-month", release="25.1", out=tmp_path / "p.csv",
        onto=_without_lineage(tmp_path),
    )  # fmt: skip
    assert done.provisional == ("2025-01",) and "final to 2024-12" in done.warnings[0]


def _without_lineage(folder):
    base_panel().to_csv(folder / "base.csv", index=False)
    return folder / "base.csv"


def test_an_older_release_is_refused_with_both_numbers(tmp_path):
    """Case 09: January as first coded, onto a panel that holds the quarter."""
    quarter = added(write_candidate(tmp_path, "GEDEvent_v25_01_25_03.csv", MONTHS[:3]))
    january = write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"], share=0.9)
    message = r"release 25\.0\.1, and for 2025-01 the panel already holds candidates of 25\.01\.25\.03, which is newer"
    refused(tmp_path, message, january, kind="ged-candidate", onto=quarter.panel)
    old = write_ged(tmp_path, "ged251.csv", change=lambda table: table[table["month"] < "2025"])
    refused(tmp_path, r"release 25\.1, .* holds final counts of 26\.1, which is newer", old)


def test_a_project_with_an_older_panel_of_its_own_may_add_an_older_release(tmp_path, monkeypatch):
    own = tmp_path / "seeds" / "data" / "ucdp"
    own.mkdir(parents=True)
    (tmp_path / "scenarios").mkdir()
    case = (shipped_root() / "case.yaml").read_text(encoding="utf-8")
    (tmp_path / "case.yaml").write_text(case.replace('release: "26.1"', 'release: "24.1"'), encoding="utf-8")
    base_panel().query("month < '2024'").to_csv(own / "country_month.csv", index=False)
    old = write_ged(tmp_path, "ged251.csv", change=lambda table: table[table["month"] < "2025"])
    monkeypatch.setenv("HARMATTAN_PROJECT", str(tmp_path))
    assert hm.import_data(old, kind="ged", out=tmp_path / "panel.csv").added == 12


def test_a_new_case_knows_the_release_of_its_record(tmp_path):
    start_case(tmp_path / "mine", "MLI", "2023-06", "2023-06", ("BFA", "NER"))
    old = write_ged(tmp_path, "ged251.csv", change=lambda table: table[table["month"] < "2025"])
    with pytest.raises(InputError, match=r"release 25\.1, .* holds final counts of 26\.1, which is newer"):
        hm.load_case(tmp_path / "mine").import_data(old, kind="ged", out=tmp_path / "panel.csv")


def test_the_same_release_again_changes_nothing_and_says_so(tmp_path):
    file = write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"])
    once = added(file)
    twice = added(file, onto=once.panel, out=tmp_path / "twice.csv")
    assert twice.panel.read_bytes() == once.panel.read_bytes()
    assert twice.sentence().startswith("UCDP 25.0.1, 2025-01: 0 new months; 0 cells of known months revised")
    assert "The panel held these counts already." in twice.sentence()


def test_candidates_never_replace_final_counts(tmp_path):
    file = write_candidate(tmp_path, "GEDEvent_v24_11_24_12.csv", ["2024-11", "2024-12"])
    message = r"24\.11\.24\.12.* final counts of 26\.1.*Candidate events never replace final ones"
    refused(tmp_path, message, file, kind="ged-candidate")
    message = "already holds final counts to 2024-12. Candidate events never replace final ones"
    refused(tmp_path, message, file, kind="ged-candidate", onto=_without_lineage(tmp_path))


def test_a_number_says_whether_a_release_is_final(ged, tmp_path):
    candidate = write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"])
    refused(tmp_path, r"25\.0\.1 is the number of candidates.*--kind ged-candidate", candidate)
    refused(tmp_path, r"26\.1 is the number of a final release.*--kind ged,", ged, kind="ged-candidate")
    refused(tmp_path, r"UCDP has no release numbered 25\.0\.13", candidate, kind="ged-candidate", release="25.0.13")
    refused(tmp_path, "'spring' is not a release number", candidate, kind="ged-candidate", release="spring")


def test_a_file_whose_number_is_not_its_own_is_refused(tmp_path):
    file = write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-02"])
    message = r"begin outside of 2025-01, the span of release 25\.0\.1 \(the first in row 2, in 2025-02\)"
    refused(tmp_path, message, file, kind="ged-candidate")


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
    ("cut", "message"),
    [
        (lambda t: t.drop(columns="code_status"), "no column code_status"),
        (lambda t: t.iloc[:0], "no events"),
        (lambda t: t.assign(code_status="Check"), "--kind ged-candidate"),
        (lambda t: t[t["country_id"] == "520"], "no row is about a unit of the panel"),
        (lambda t: t[t["country"] != "Nigeria"], "no deaths at all in Nigeria"),
        (lambda t: t[~t["date_start"].str.startswith("2024-05")], "begins in 2024-05"),
        (lambda t: t[t["date_start"] < "2025-11"], "begins in 2025-11 and 1 other months, and release 26.1 covers"),
        (lambda t: t.assign(best=t["best"].astype(int) * 2, high=t["high"].astype(int) * 2), "--accept-revisions"),
    ],
)
def test_a_file_that_is_not_the_whole_release_is_refused(ged, tmp_path, cut, message):
    cut(pd.read_csv(ged, dtype="str")).to_csv(tmp_path / "ged_26_1.csv", index=False)
    refused(tmp_path, message, tmp_path / "ged_26_1.csv")


def test_large_revisions_are_taken_when_they_are_meant(ged, tmp_path):
    table = pd.read_csv(ged)
    table[["best", "high"]] *= 2
    table.to_csv(tmp_path / "ged_26_1.csv", index=False)
    done = hm.import_data(tmp_path / "ged_26_1.csv", kind="ged", out=tmp_path / "p.csv", accept_revisions=True)
    assert done.deaths_after == 2 * done.deaths_before
    assert any("Deaths in months already known change by more than a quarter in " in said for said in done.warnings)


def test_what_falls_to_a_small_part_of_its_recent_past_is_pointed_out(tmp_path):
    file = write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"])
    table = pd.read_csv(file, dtype="str")
    table[table["country"].isin(["Mali", "Somalia"])].to_csv(file, index=False)
    done = added(file)
    whole, countries = done.warnings
    assert whole.startswith("2025-01 holds ") and "in the twelve months before" in whole
    assert "Nigeria (2025-01: 0 events with 0 deaths, before " in countries and "cut short or filtered" in countries
    assert "Mali" not in countries and "Togo" not in countries
    assert json.loads(done.provenance.read_text())["imports"][0]["warnings"] == list(done.warnings)
    assert added(write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"])).warnings == ()


def test_a_file_without_other_countries_is_pointed_out(tmp_path):
    events = events_of(candidate_cells(["2025-01"]), status="Check deaths")
    done = added(write_release(tmp_path, "GEDEvent_v25_0_1.csv", events))
    assert done.warnings == (
        "The file holds no event of any other country, so it is not the whole release as UCDP publishes it.",
    )


def test_events_known_only_to_the_year_are_counted_and_said(tmp_path):
    vague = [event(number, "2025-01", day=1, deaths=40, date_prec=5, date_end="2025-12-31") for number in (1, 2)]
    done = added(write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"], *vague))
    (said,) = done.warnings
    assert said.startswith("2 events with 80 deaths are known only to the year (date_prec 5)")
    assert "(2025-01: 2)" in said


def test_a_month_that_ends_too_early_and_rows_left_out_are_said(ged, tmp_path):
    file = write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"])
    table = pd.read_csv(file, dtype="str")
    for column in ("date_start", "date_end"):
        table[column] = table[column].where(table[column] < "2025-01-10", "2025-01-09")
    table.to_csv(file, index=False)
    (said,) = added(file).warnings
    assert said.startswith("No event anywhere begins after 2025-01-09, so the file may have been made before 2025-01")
    final = pd.read_csv(ged, dtype="str")
    final.loc[final.index[-2:], "code_status"] = "Check deaths"
    final.to_csv(tmp_path / "ged261.csv", index=False)
    (said,) = added(tmp_path / "ged261.csv", kind="ged").warnings
    assert said == "Left out: 2 rows whose coding is not finished (code_status is not Clear)."


def test_a_trial_checks_everything_and_writes_nothing(tmp_path):
    file = write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"])
    done = hm.import_data(file, kind="ged-candidate", out=tmp_path / "panel.csv", dry_run=True)
    assert (done.added, done.written) == (1, False)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_the_target_is_never_a_panel_in_use_or_a_strangers_file(ged, tmp_path):
    (tmp_path / "link.csv").symlink_to(panel_file())
    for out in (panel_file(), tmp_path / "link.csv"):
        with pytest.raises(InputError, match="stays as it is"):
            hm.import_data(ged, kind="ged", out=out)
    (tmp_path / "panel.csv").write_text("somebody's")
    with pytest.raises(InputError, match="no import has written it"):
        hm.import_data(ged, kind="ged", out=tmp_path / "panel.csv")
    assert (tmp_path / "panel.csv").read_text() == "somebody's"
    (tmp_path / "other.csv.json").write_text('{"mine": true}')
    with pytest.raises(InputError, match="was not written by"):
        hm.import_data(ged, kind="ged", out=tmp_path / "other.csv")


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


def test_the_command_says_on_stdout_what_it_did_and_on_stderr_what_is_odd(tmp_path, monkeypatch, capsys):
    from harmattan.cli.door import main

    file = write_candidate(tmp_path, "GEDEvent_v25_0_1.csv", ["2025-01"], event(1, "2024-12"))
    table = pd.read_csv(file, dtype="str")
    table[table["country"] != "Nigeria"].to_csv(file, index=False)
    arguments = ["data", "import", str(file), "--kind", "ged-candidate", "--out", str(tmp_path / "panel.csv")]

    def run(*further):
        monkeypatch.setattr("sys.argv", ["harmattan", *arguments, *further])
        try:
            main()
            return 0, *capsys.readouterr()
        except SystemExit as stopped:
            return stopped.code, *capsys.readouterr()

    code, out, err = run("--dry-run")
    assert (code, "Nothing was written" in out, (tmp_path / "panel.csv").exists()) == (0, True, False)
    code, out, err = run("--json")
    done = json.loads(out)
    assert (code, done["provisional"], done["set_aside"]["events"], done["written"]) == (0, ["2025-01"], 1, True)
    assert "Nigeria (2025-01: 0 events" in err and done["warnings"][0] in err
    arguments[2] = str(tmp_path / "absent_v25_0_2.csv")
    code, out, err = run()
    assert (code, out, err.count("\n")) == (2, "", 1)
