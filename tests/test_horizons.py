"""Forecasts to five years ahead, by horizon: what is kept of them by hand, and where and how pages say it."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest
from made import copy_made_case
from made_horizons import FOCAL_HELD, HELD, MADE, keep_made_horizons

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.months import months_after
from harmattan.core.telling import telling
from harmattan.evaluate.horizons import MADE as MADE_FILE
from harmattan.evaluate.horizons import TABLES, horizon_files, horizon_tables, load_horizons
from harmattan.evaluate.judge_tables import EVERYWHERE
from harmattan.evaluate.scoreboard import MODEL
from harmattan.report.explore_fragment import environment
from harmattan.report.horizon_track import far_line, far_words, held_later, track_tables, verdict_words, with_track

# What is kept


def judged_rows():
    """Two origins, two regions; the model errs by half of the rival's deaths in AAA, and by twice those in BBB."""
    rows = []
    for origin in ("2000-10", "2001-10"):
        for region, country, own in (("here", "AAA", 1.0), ("here", "BBB", 4.0), ("there", "CCC", 1.0)):
            for span in ("months 1-6", "year 1"):
                pit = {"pit": 0.4} if span == "year 1" else {"pits": [0.2, 0.7]}
                for member, crps in ((MODEL, own), ("good", 2.0), ("bad", 3.0)):
                    told = {"span": span, "country": country, "outcome": "state_based", "member": member}
                    rows.append(
                        told
                        | {"origin": origin, "region": region, "crps": crps, "log1p_crps": crps, "observed": 1.0}
                        | dict.fromkeys(("brier", "quantile_99", "without", "with_deaths", "log_score"), 1.0)
                        | {"inside": float(origin == "2000-10" or country == "AAA"), "mean_log": 5.0}
                        | pit
                        | {"summary": country == "BBB" and origin == "2001-10", "goes_with_first": 0.2}
                    )
        sums = {"span": "year 1", "country": "both", "outcome": "state_based", "member": MODEL, "origin": origin}
        rows.append(sums | {"region": "here", "crps": 1.0, "inside": 0.0, "pit": 0.99, "summary": False})
        war = {"span": "war", "country": "AAA", "outcome": "state_based", "origin": origin, "region": "here"}
        for member, said in ((MODEL, 0.25), ("good", 0.9)):
            rows.append(war | {"member": member, "observed": 1.0, "said": said, "summary": False})
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def kept():
    return horizon_tables(judged_rows(), "here", {"both": ("AAA", "BBB")})


def test_skill_is_kept_by_region_for_the_focal_countries_and_with_summary_events_or_without(kept):
    found = kept["horizons_skill"].set_index(["region", "places", "span", "summary_events"])
    row = found.loc[("here", "both", "year 1", "with")]
    assert (row["best"], row["origins"]) == ("good", 2)
    assert (row["value"], row["best_value"], row["skill"]) == (2.5, 2.0, -0.25)
    assert found.loc[("here", "countries", "year 1", "without"), "skill"] == 0.0, "one bad total of BBB is left out"
    assert found.loc[("there", "countries", "months 1-6", "with"), "skill"] == 0.5
    assert found.loc[(EVERYWHERE, "countries", "year 1", "with"), "skill"] == pytest.approx(1 - 12 / 12)
    assert not found.index.duplicated().any()
    assert "score" not in kept["horizons_skill"], "the CRPS alone"


def test_coverage_tells_focal_countries_one_by_one_from_their_sum(kept):
    found = kept["horizons_coverage"].set_index(["region", "places", "taken", "span"])
    alone = found.loc[("here", "both", "one by one", "year 1")]
    assert (alone["inside"], alone["count"]) == (1.0, 3), "the total that a summary event touches is left out"
    assert found.loc[("here", "both", "together", "year 1")].to_dict() == {
        "outcome": "state_based", "inside": 0.0, "count": 2,
    }  # fmt: skip
    assert (EVERYWHERE, "both", "together", "year 1") not in found.index and not found.index.duplicated().any()


def test_flatness_is_kept_of_the_rows_of_coverage_and_of_every_month(kept):
    found, cover = kept["horizons_flatness"], kept["horizons_coverage"]
    keys = ["region", "places", "taken", "outcome", "span"]
    assert found[keys].equals(cover[keys])
    found = found.set_index(["region", "places", "taken", "span"])
    assert found.loc[("here", "countries", "one by one", "months 1-6"), "count"] == 6, "two months of three forecasts"
    assert found.loc[("here", "both", "together", "year 1"), "largest_gap"] == pytest.approx(0.98)
    assert found.loc[(EVERYWHERE, "countries", "one by one", "year 1"), "largest_gap"] == pytest.approx(0.6)


def test_what_was_said_is_kept_beside_what_came(kept):
    wars = kept["horizons_said"].query("measure == 'long wars below a quarter'").set_index("region")
    assert wars.loc["here", ["said", "came", "count"]].tolist() == [0.25, 1.0, 2], "the model alone"
    assert set(wars.index) == {"here", EVERYWHERE}


def test_rows_of_all_regions_are_kept_only_where_all_were_scored():
    found = horizon_tables(judged_rows(), "here", {"both": ("AAA", "BBB")}, everywhere=False)
    assert all(EVERYWHERE not in set(table["region"]) for table in found.values())


# What is told


@pytest.fixture
def case(tmp_path):
    """The made-up case with tables by horizon."""
    folder = copy_made_case(tmp_path / "case")
    keep_made_horizons(folder / "seeds" / "scorecard")
    return open_case(folder)


def run_of(case, months=60, looks_back=False):
    clock = SimpleNamespace(as_of="2020-06")
    first = SimpleNamespace(clock=clock, months=months_after("2020-06", months))
    return SimpleNamespace(case=case, first=first, looks_back=looks_back)


def test_a_case_without_such_files_says_nothing_by_horizon_and_that_there_is_no_track_record(made_case):
    case = made_case.case
    assert load_horizons(case.scorecard) is None and horizon_files(case.scorecard) == []
    assert track_tables(run_of(case)) == () and held_later(case) == {}
    (said,) = far_line(run_of(case))
    assert "no track record for months more than 24 ahead" in said.sentence and said.tables == ()
    with speaking("fr"):
        assert "n’existe pas de résultats passés à plus de 24 mois" in far_line(run_of(case))[0].sentence


SAID = {
    "en": ("50\u00a0% held in the third year and 50\u00a0% in the fifth", "75\u00a0% and 75\u00a0% in all countries"),
    "fr": ("50\u202f% ont contenu la valeur la troisième année", "75\u202f% et 75\u202f% pour l’ensemble des pays"),
}


@pytest.mark.parametrize("lang", SAID)
def test_months_far_ahead_have_their_own_track_record_beside_them(case, lang):
    assert held_later(case) == {
        "focal_3": FOCAL_HELD,
        "focal_5": FOCAL_HELD,
        "all_3": HELD["ours"],
        "all_5": HELD["ours"],
    }
    with telling(case.words), speaking(lang):
        (said,) = far_line(run_of(case))
        assert all(part in said.sentence for part in SAID[lang]) and said.tables == ("track-held",)
        assert "Ambara, Bellune" in said.sentence and "Dunmar" in said.sentence
        assert far_line(run_of(case, months=24)) == (), "nothing is told of months so far ahead"
        assert far_words(case, "2020-06", "2022-07") == said.sentence


def test_a_year_that_was_not_scored_leaves_no_track_record(case):
    file = case.scorecard / "horizons_coverage.csv"
    pd.read_csv(file).query("span != 'year 5'").to_csv(file, index=False)
    assert held_later(case) == {}
    assert "no track record" in far_words(case, "2020-06", "2025-06")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_annex_tells_focal_countries_first_and_won_and_lost_alike(case, lang):
    with telling(case.words), speaking(lang):
        skill, held, said = track_tables(run_of(case))
        rows = skill.frame
        assert list(dict.fromkeys(rows["places"])) == ["inland states", "countries"]
        assert list(dict.fromkeys(rows["region"])) == ["ours", "all regions"] and len(rows) == 3 * 28
        first, last = rows.iloc[0], rows.iloc[-1]
        assert (first["skill"], first["with_events"]) == (0.10, pytest.approx(0.11))
        words = {
            "en": ("ahead of the best simple rule, which was", "could not be told apart from", "5 countries"),
            "fr": ("devant la meilleure règle simple", "impossible à distinguer de", "5 pays"),
        }[lang]
        assert words[0] in first["rule"] and words[1] in last["rule"]
        assert first["rule (en)"].startswith("ahead of the best simple rule, which was what followed")
        assert words[2] in rows["where"].iloc[28]
        if lang == "fr":
            assert not any(cell.lang for line in (*skill.cells(), *held.cells(), *said.cells()) for cell in line)
        assert len(said.frame) == 4 and said.frame["said"].tolist() == [0.1] * 4
        focal = held.frame[held.frame["places"] == "inland states"]
        assert focal["taken"].tolist() == ["one by one"] * 8 + ["together"] * 4
        assert focal["each"].tolist()[:8] == [FOCAL_HELD] * 8 and focal["each"].iloc[8:].isna().all()
        assert held.frame.iloc[0]["all"] is None or pd.isna(held.frame.iloc[0]["all"]), "months have no sum over types"


def test_behind_is_said_as_plainly_as_ahead():
    assert verdict_words(-0.3, -0.1, "fading").startswith(
        "behind the best simple rule, which was all months drawn again"
    )
    assert verdict_words(-0.1, 0.1, "fading").startswith("could not be told apart")
    assert verdict_words(0.1, 0.2, "fading").startswith("ahead of")
    with speaking("fr"):
        assert verdict_words(-0.3, -0.1, "fading").startswith("derrière la meilleure règle simple")


def test_a_look_back_has_only_what_its_lines_cite(case):
    with telling(case.words):
        assert [table.id for table in track_tables(run_of(case, looks_back=True))] == ["track-held"]


def test_a_table_of_far_months_among_others_says_so_in_its_note(case):
    with telling(case.words):
        _, held, _ = track_tables(run_of(case))
        assert with_track(run_of(case), held).note == f"{held.note} {far_words(case, '2020-06', '2025-06')}"
        assert with_track(run_of(case, months=12), held) is held


def test_a_version_stands_beside_the_rows(case):
    with telling(case.words):
        assert all(f"version {MADE['version']}" in table.caption for table in track_tables(run_of(case)))


# Missing and damaged files, Python and the command line


@pytest.mark.parametrize(
    "name", ["horizons_skill.csv", "horizons_coverage.csv", "horizons_said.csv", "horizons_flatness.csv"]
)
def test_a_missing_table_is_named(case, name):
    (case.scorecard / name).unlink()
    with pytest.raises(InputError, match=rf"{name}: how forecasts did by horizon.*`make judge`"):
        load_horizons(case.scorecard)


@pytest.mark.parametrize("text", ["{", '{"version": "1"}', "[]"])
def test_a_file_that_does_not_say_what_the_tables_are_of_is_refused(case, text):
    (case.scorecard / MADE_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"horizons\.json"):
        load_horizons(case.scorecard)


def test_python_and_the_command_line_show_them(case, monkeypatch, capsys):
    from harmattan.cli import door

    tables = hm.load_case(case.root).scorecard()
    assert tuple(tables) == TABLES, "no other forecast was kept here"
    for arguments in ((), ("--json",)):
        monkeypatch.setattr("sys.argv", ["harmattan", "--project", str(case.root), "scorecard", *arguments])
        monkeypatch.setenv("HARMATTAN_PROJECT", str(case.root))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            door.main()
        said = capsys.readouterr().out
        assert (end.value.code in (0, None) and "horizons_skill" in said) or "detectable" in said
        assert "horizons_flatness" in said or "allowed_by_year" in said
    told = json.loads(said)
    assert told["horizons_version"] == MADE["version"]
    assert told["horizons_skill"][0]["best"] == "analogue" and told["horizons_said"][0]["beside"] is None


def test_the_exploring_page_holds_the_line_where_it_has_far_months():
    page = dict.fromkeys(("lead", "recorded_note", "still_note", "method", "rounding"), "") | {
        "choices": [], "thresholds": [1], "groups": [], "learnt": False, "recorded": False,
        "still": {"columns": [], "rows": []},
    }  # fmt: skip
    template = environment().get_template("explore_fragment.html.j2")
    notes = [template.render(page=page | {"far": far}, level=2).count('class="note"') for far in ("", "So it did.")]
    assert notes[1] == notes[0] + 1
    assert template.render(page=page | {"far": "So it did."}, level=2).count("So it did.") == 1
