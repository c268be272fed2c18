"""The command line: what it prints where, its exit codes, and that it leaves nothing behind when it refuses.

All of it is asked of the made-up case, and all forecasts rest on its short fit, which is made once a session.
"""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest
from made import DOCUMENTS, LAST, UNITS

from harmattan.cli import door
from harmattan.core.files import sha256_of
from harmattan.core.names import OUTCOMES

COMMANDS = (
    "brief",
    "forecast",
    "compare",
    "show",
    "backtest",
    "explain",
    "fragile",
    "actors",
    "signposts",
    "ledger",
    "scorecard",
    "read",
    "validate",
    "trace",
    "new",
    "schema",
)
KEYS = ["country", "month", "outcome", "draw"]
CONTRACT = ["--as-of", "2020-06", "--months", "18", "--seed", "1"]

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture
def harmattan(monkeypatch, capsys):
    """Runs `harmattan ...` in this process; returns exit code, stdout and stderr."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["harmattan", *(str(argument) for argument in arguments)])
        capsys.readouterr()
        try:
            door.main()
            code = 0
        except SystemExit as stopped:
            code = stopped.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture(scope="module")
def drawn(made_case, made_fit, tmp_path_factory):
    """The contract's forecast with 200 draws, written by a process of its own."""
    out = tmp_path_factory.mktemp("drawn") / "f.parquet"
    command = [sys.executable, "-m", "harmattan", "forecast", *CONTRACT, "--draws", "200", "--out", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out, done


def refused(result, *parts):
    """Check that a command refused with one paragraph on stderr and nothing on stdout."""
    code, out, err = result
    assert code == 2
    assert out == ""
    assert err.startswith("harmattan: ") and "Traceback" not in err
    assert "\n\n" not in err.strip()
    for part in parts:
        assert part in err


# Help


def test_a_forecast_from_candidate_months_says_so(harmattan, made_case, made_fit, tmp_path):
    table = pd.read_csv(made_case.record_file, dtype="str")
    candidates = (table["month"] == "2020-06").map({True: "candidate", False: "final"})
    table.assign(status=candidates).to_csv(tmp_path / "panel.csv", index=False)
    code, out, err = harmattan(
        "forecast", *CONTRACT, "--draws", 20, "--panel", tmp_path / "panel.csv", "--json", "--quiet"
    )
    assert (code, json.loads(out)["provisional_months"]) == (0, ["2020-06"])
    assert "Provisional: the record of 2020-06 rests on candidate events" in err


def test_help_lists_the_commands(harmattan):
    code, out, _ = harmattan("--help")
    assert code == 0
    listed = out[out.index("Commands:") :]
    assert all(f"\n  {name} " in listed for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(harmattan, command):
    code, out, _ = harmattan(command, "--help")
    assert code == 0
    assert f"Example: harmattan {command}" in " ".join(out.split())


def test_help_does_not_load_the_model():
    heavy = "{'pymc', 'pytensor', 'pandas', 'xarray', 'matplotlib', 'arviz', 'nutpie'}"
    code = f"import sys, harmattan.cli.app; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["forcast"], "forcast"),
        (["forecast", "--draw-number", "3"], "--draw-number"),
        (["forecast", "--months", "many"], "--months"),
        (["trace"], "id"),
    ],
)
def test_wrong_usage_is_said_in_a_line(harmattan, arguments, part):
    refused(harmattan(*arguments), part, "harmattan --help")


# Validate and trace


def test_validate_counts_what_it_checked(harmattan):
    code, out, _ = harmattan("validate", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["valid"] is True and told["checked_against_documents"] is False
    assert (told["sources"], told["claims"], told["drivers"]) == (2, 10, 4)


def test_validate_holds_lines_against_the_documents(harmattan):
    code, out, _ = harmattan("validate", "--documents", DOCUMENTS)
    assert code == 0
    assert out.startswith("All is well: ")
    assert "held against the original documents" in out


def test_validate_refuses_a_folder_without_the_documents(harmattan, tmp_path):
    refused(harmattan("validate", "--documents", tmp_path), ".txt")


def test_validate_names_file_line_and_the_key_that_was_meant(harmattan, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("id: mine\nextends: leaves\ntitle: Mine\nconditon: Typing.\n")
    refused(harmattan("validate", path), "mine.yaml", "line 4", "'condition'")


def test_trace_leads_from_an_id_to_lines_and_numbers(harmattan):
    code, out, _ = harmattan("trace", "river-trade")
    assert code == 0
    assert out.startswith("driver river-trade") and "gazette.txt:8" in out
    code, out, _ = harmattan("trace", "river-trade", "--json")
    assert json.loads(out)["id"] == "river-trade"


def test_trace_of_an_unknown_id_suggests_a_known_one(harmattan):
    refused(harmattan("trace", "river-trad"), "Did you mean 'river-trade'")


def test_trace_leads_back_from_a_number(harmattan):
    code, out, _ = harmattan("trace", "one_sided/QMA/short", "--json")
    told = json.loads(out)
    assert code == 0 and told["kind"] == "number"
    assert told["drivers"] and all(one["claims"] for one in told["drivers"])
    assert all(claim["lines"] for one in told["drivers"] for claim in one["claims"])


def test_documents_of_chosen_sources_can_be_checked_alone(harmattan, tmp_path):
    refused(harmattan("validate", "--documents", tmp_path, "--source", "gazete"), "Did you mean 'gazette'")
    refused(harmattan("validate", "--source", "gazette"), "--documents")
    code, _, err = harmattan("validate", "--documents", tmp_path, "--source", "gazette")
    assert code == 2 and "source gazette is not in" in err and "letter" not in err


# New, schema and a project of one's own


def test_new_says_where_it_began_and_what_to_do_next(harmattan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = harmattan("new", "scenario", "slow_exit", "--extends", "stays", "--out", "slow_exit.yaml")
    assert code == 0 and out.splitlines()[0] == "slow_exit.yaml:1" and "harmattan compare" in out
    assert harmattan("validate", "slow_exit.yaml")[0] == 0
    refused(harmattan("new", "scenario", "slow_exit", "--out", "slow_exit.yaml"), "exists already")
    refused(harmattan("new", "scenario", "slow_exit", "--out", "other.yaml"), "slow_exit.yaml")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["claim", "gazette-007", "--document", "x.txt"], "--document goes with"),
        (["driver", "mine", "--out", "x.yaml"], "--out goes with"),
        (["source", "mine", "--extends", "leaves"], "--extends goes with"),
        (["claims", "gazette-007"], "claims"),
        (["claim"], "name"),
    ],
)
def test_new_refuses_what_does_not_go_together(harmattan, arguments, part):
    refused(harmattan("new", *arguments), part)


def test_new_tells_machines_the_same(harmattan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = harmattan("new", "scenario", "mine", "--out", "mine.yaml", "--json")
    assert code == 0 and json.loads(out) | {"next": ""} == {"file": "mine.yaml", "line": 1, "next": ""}


def test_schema_prints_one_or_writes_all(harmattan, tmp_path):
    code, out, _ = harmattan("schema", "claim")
    assert code == 0 and json.loads(out)["$schema"].startswith("https://json-schema.org/")
    code, out, _ = harmattan("schema", "--out", tmp_path / "schemas")
    assert code == 0 and len(out.splitlines()) == len(list((tmp_path / "schemas").iterdir())) > 10
    refused(harmattan("schema"), "Name one kind", "claim")
    refused(harmattan("schema", "clam"), "Did you mean 'claim'")


def test_a_project_of_one_s_own_is_used_by_every_command(harmattan, tmp_path, monkeypatch):
    monkeypatch.setenv("HARMATTAN_PROJECT", "")  # so that what the option sets is taken back afterwards
    monkeypatch.chdir(tmp_path)
    assert harmattan("new", "case", "mine", "--copy")[0] == 0
    sources = tmp_path / "mine" / "seeds" / "sources.yaml"
    sources.write_text(sources.read_text().replace("reliability: B", "reliability: G", 1))
    refused(harmattan("--project", "mine", "validate"), "sources[0].reliability", "'G'")
    monkeypatch.setenv("HARMATTAN_PROJECT", "")
    assert harmattan("validate")[0] == 0
    refused(harmattan("--project", "nowhere", "validate"), "nowhere", "harmattan new case")


# Forecast


def test_forecast_writes_the_columns_of_the_contract(drawn):
    frame = pd.read_parquet(drawn[0])
    assert list(frame.columns) == ["country", "month", "outcome", "draw", "value"]
    assert set(frame["country"]) == set(UNITS)
    assert set(frame["outcome"]) == set(OUTCOMES)
    assert sorted(frame["month"].unique()) == [f"2020-{m:02d}" for m in range(7, 13)] + [
        f"2021-{m:02d}" for m in range(1, 13)
    ]
    assert sorted(frame["draw"].unique()) == list(range(200))
    assert not frame.duplicated(KEYS).any()
    assert len(frame) == 5 * 18 * 3 * 200
    assert (frame["value"] >= 0).all() and (frame["value"] % 1 == 0).all()


def test_forecast_keeps_stdout_for_results_and_stderr_for_progress(drawn, made_case):
    out, done = drawn
    told = json.loads(done.stdout)
    assert told["draws"] == 200 and told["seed"] == 1 and told["out"] == str(out)
    assert told["months"][0] == "2020-07" and len(told["months"]) == 18
    assert len(told["totals_first_12_months"]) == 5 * 3
    assert told["inputs_sha256"]["seeds/data/ucdp/country_month.csv"] == sha256_of(made_case.record_file)
    assert "simulate baseline" in done.stderr
    assert [path.name for path in out.parent.iterdir()] == ["f.parquet"]


def test_a_fit_that_did_not_pass_its_checks_is_said_and_strict_stops(drawn, harmattan, tmp_path):
    told = "The effective sample size is"
    assert told in drawn[1].stderr
    code, out, err = harmattan("forecast", *CONTRACT, "--draws", "5", "--out", tmp_path / "f.parquet", "--strict")
    assert (code, out) == (1, "") and told in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow  # the whole sampling: minutes
def test_the_full_fit_passes_its_diagnostics(tmp_path):
    out = tmp_path / "f.parquet"
    asked = [sys.executable, "-m", "harmattan", "forecast", *CONTRACT, "--draws", "5", "--out", out, "--strict"]
    done = subprocess.run(
        [*asked, "--quiet"], env=os.environ | {"HARMATTAN_CACHE": str(tmp_path)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{out}\n", "")


def test_the_same_inputs_give_the_same_bytes(drawn, harmattan, tmp_path):
    out = tmp_path / "again.parquet"
    assert harmattan("forecast", *CONTRACT, "--draws", "200", "--out", out)[0] == 0
    assert out.read_bytes() == drawn[0].read_bytes()


def test_more_draws_keep_the_earlier_ones(drawn, harmattan, tmp_path):
    out = tmp_path / "fewer.parquet"
    assert harmattan("forecast", *CONTRACT, "--draws", "100", "--out", out)[0] == 0
    fewer, more = pd.read_parquet(out), pd.read_parquet(drawn[0]).query("draw < 100")
    pd.testing.assert_frame_equal(fewer, more.reset_index(drop=True))


def test_another_seed_gives_other_draws(drawn, harmattan, tmp_path):
    out = tmp_path / "other.parquet"
    assert harmattan("forecast", *CONTRACT[:-1], "2", "--draws", "200", "--out", out)[0] == 0
    assert not pd.read_parquet(out)["value"].equals(pd.read_parquet(drawn[0])["value"])


def test_nothing_after_as_of_is_used(drawn, harmattan, made_case, tmp_path):
    panel = pd.read_csv(made_case.record_file, dtype={"month": str})
    later = panel["month"] > "2020-06"
    assert later.any()
    panel.loc[later, "best"] = 7 * panel.loc[later, "best"] + 1000
    panel.loc[later, "events"] += 1
    altered, out = tmp_path / "panel.csv", tmp_path / "f.parquet"
    panel.to_csv(altered, index=False)
    assert harmattan("forecast", *CONTRACT, "--draws", "200", "--panel", altered, "--out", out)[0] == 0
    pd.testing.assert_frame_equal(pd.read_parquet(out), pd.read_parquet(drawn[0]))  # the labels name two panels


def test_without_a_file_a_table_is_printed(harmattan, drawn):
    code, out, err = harmattan("forecast", *CONTRACT, "--draws", "20", "--quiet")
    assert code == 0 and err.startswith("harmattan: The fit did not pass its diagnostics") and err.count("\n") == 1
    head, *rows = (line.split("\t") for line in out.splitlines())  # a pipe: tab-separated, nothing around it
    assert head[:2] == ["country", "outcome"] and {len(row) for row in rows} == {len(head)}
    assert {row[0] for row in rows} == set(UNITS)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--months", "0"], ["--months", "between 1 and 240"]),
        (["--months", "241"], ["--months", "between 1 and 240"]),
        (["--draws", "0"], ["draws", "between 1 and"]),
        (["--as-of", "June 2023"], ["June 2023", "YYYY-MM"]),
        (["--as-of", "2023-13"], ["2023-13", "YYYY-MM"]),
        (["--as-of", "2031-01"], ["2031-01", "last month"]),
        (["--as-of", "2010-01"], ["2010-01", "months"]),
        (["--panel", "nowhere.csv"], ["nowhere.csv", "Check the path"]),
        (["leavs"], ["'leavs'", "Did you mean 'leaves'"]),
        (["nowhere/mine.yaml"], ["nowhere/mine.yaml", "Known scenarios"]),
    ],
)
def test_forecast_refuses_what_it_cannot_use_and_leaves_nothing(harmattan, tmp_path, monkeypatch, arguments, parts):
    monkeypatch.chdir(tmp_path)
    refused(harmattan("forecast", *arguments, "--out", "made/f.parquet", "--quiet"), *parts)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "table"), [("--flows", "who flee over borders"), ("--displaced", "displaced inside")]
)
def test_people_are_refused_before_work_where_no_table_tells_of_them(harmattan, made_case, option, table):
    refused(harmattan("forecast", option, "--quiet"), "record names no table of people", table)


def test_what_may_break_is_refused_a_file_that_is_none(harmattan, made_case):
    refused(harmattan("forecast", "--breaks", "f.xlsx", "--quiet"), "--breaks f.xlsx", ".parquet")


def test_what_may_break_is_told_and_kept(harmattan, made_fit, tmp_path):
    told = ("forecast", "--draws", "20", "--months", "30", "--breaks", tmp_path / "b.parquet", "--quiet")
    code, out, err = harmattan(*told)
    assert code == 0 and "at least one of them" in out and "no table of coups" in err
    kept = pd.read_parquet(tmp_path / "b.parquet")
    assert set(kept["kind"]) == {"watched"} and kept["draw"].nunique() == 20
    code, out, _ = harmattan(*told, "--json")
    assert code == 0 and json.loads(out)["breaks"][0]["shown"] == "by history"


@pytest.mark.parametrize("out", ["f.xlsx", "folder.parquet", "file/f.parquet"])
def test_forecast_refuses_a_target_before_it_works(harmattan, tmp_path, out):
    (tmp_path / "folder.parquet").mkdir()
    (tmp_path / "file").write_text("kept")
    refused(harmattan("forecast", *CONTRACT, "--draws", "5", "--out", tmp_path / out), "--out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.parquet"]
    assert (tmp_path / "file").read_text() == "kept"


def test_a_panel_that_lacks_a_month_is_refused(harmattan, made_case, tmp_path):
    panel = pd.read_csv(made_case.record_file, dtype=str)
    panel[~((panel["month"] == "2020-05") & (panel["iso3"] == "QMA"))].to_csv(tmp_path / "panel.csv", index=False)
    refused(harmattan("forecast", "--panel", tmp_path / "panel.csv", "--quiet"), "panel.csv", "2020-05")


# Compare and brief


def test_a_scenario_held_against_itself_differs_in_nothing(harmattan, made_fit):
    code, out, _ = harmattan("compare", "leaves", "leaves", "--draws", "50", "--months", "30", "--json")
    rows = pd.DataFrame(json.loads(out)["comparison"])
    assert code == 0
    assert set(rows["window"]) == {"short", "mid", "long"}
    assert (rows.filter(like="difference") == 0).all(axis=None)
    assert rows["ratio"].dropna().eq(1).all() and rows["ratio"].notna().any()
    assert rows["probability_more"].eq(0.5).all()


def test_compare_tells_scenarios_apart_where_drivers_act(harmattan, made_fit):
    code, out, _ = harmattan("compare", "leaves", "stays", "--draws", "200", "--json")
    assert code == 0
    row = pd.DataFrame(json.loads(out)["comparison"]).set_index(["country", "outcome", "window"])
    assert row.loc[("QMA", "one_sided", "short"), "difference_mean"] != 0
    assert set(row["scenario"]) == {"leaves"} and set(row["against"]) == {"stays"}


def test_all_scenarios_side_by_side_go_to_a_table_and_a_figure(harmattan, made_fit, tmp_path):
    table, figure = tmp_path / "s.csv", tmp_path / "s.png"
    named = ["abandoned", "leaves", "quiet"]
    code, out, _ = harmattan("compare", *named, "--all", "--draws", "60", "--quiet", "--out", table, "--out", figure)
    assert code == 0 and out == f"{table}\n{figure}\n"
    rows = pd.read_csv(table)
    assert len(rows) == 3 * 2 * 3 and set(rows["region"]) == {"Ambara", "inland states"}
    assert figure.read_bytes().startswith(b"\x89PNG")
    itself = rows.query("scenario == 'leaves'")
    assert itself["ratio"].eq(1.0).all() and itself["probability_more"].eq(0.5).all()
    home = rows.query("region == 'Ambara' and window == 'mid'").set_index("scenario")["ratio"]
    assert home["quiet"] < 1.0 < home["abandoned"]


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--all", "--out", "s.pdf"], ["--out s.pdf", ".csv"]),
        (["leaves", "baseline", "--out", "s.csv"], ["--out goes with --all"]),
        (["--all", "abandonned"], ["'abandonned'", "Did you mean 'abandoned'"]),
    ],
)
def test_what_cannot_be_laid_side_by_side_is_refused(harmattan, tmp_path, monkeypatch, arguments, parts):
    monkeypatch.chdir(tmp_path)
    refused(harmattan("compare", *arguments, "--quiet"), *parts)
    assert list(tmp_path.iterdir()) == []


# Show


def test_show_tells_where_each_value_comes_from(harmattan):
    code, out, _ = harmattan("show", "abandoned")
    assert code == 0
    assert "scenarios/abandoned.yaml" in out and "what follows" in out
    code, out, _ = harmattan("show", "abandoned", "--json")
    told = json.loads(out)
    values = {value["key"]: value for value in told["values"]}
    assert values["drivers.set.raiders.state"]["where"].startswith("scenarios/abandoned.yaml:")
    assert 0.1 < told["probability_of_its_drivers"] < 0.115
    code, resolved, _ = harmattan("show", "abandoned", "--resolved")
    assert code == 0 and "months after the exit" in resolved and "share of the log effect" in resolved


def test_show_draws_the_graph(harmattan, tmp_path):
    assert harmattan("show", "abandoned", "--graph", tmp_path / "g.png")[0] == 0
    assert (tmp_path / "g.png").read_bytes().startswith(b"\x89PNG")
    refused(harmattan("show", "abandoned", "--graph", tmp_path / "g.pdf"), "--graph g.pdf", ".png")
    refused(harmattan("show", "abandonned"), "Did you mean 'abandoned'")


def test_compare_needs_two(harmattan):
    refused(harmattan("compare", "leaves"), "at least two")


def test_brief_refuses_three_scenarios_and_leaves_nothing(harmattan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(harmattan("brief", "leaves", "stays", "baseline", "--quiet"), "one or two")
    assert list(tmp_path.iterdir()) == []


# Explain and ledger


def test_explain_prints_sentences_and_tables_or_json(harmattan, made_fit, tmp_path):
    asked = ("explain", "stays", "--draws", 200, "--threshold", 150)
    code, out, err = harmattan(*asked, "--out", tmp_path / "e")
    assert code == 0
    assert "more than 150 deaths of civilians" in out and "mean_change" in out
    assert "leave out drivers, claims and sources" in err
    assert (tmp_path / "e" / "run.json").is_file()
    code, out, err = harmattan(*asked, "--json", "--quiet")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert told["question"] == {"country": "QMA", "outcome": "one_sided", "months": 12, "threshold": 150.0}
    # only those drivers that go on when the mission stays, raiders and trade, and who speaks of them
    assert [row["id"] for row in told["tables"]["without_sources"]] == ["letter"]
    assert "claims" in told["sentences"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["leavs"], "Did you mean 'leaves'"),
        (["leaves", "--country", "AMBARA"], "AMBARA"),
        (["leaves", "--outcome", "onesided"], "one_sided"),
        (["leaves", "--months", "0"], "between 1 and 240"),
        (["leaves", "--cost-ratio", "3"], "between 0 and 1"),
        (["baseline", "--months", "2", "--draws", "20"], "no driver acts"),
    ],
)
def test_explain_refuses_what_makes_no_sense(harmattan, made_fit, arguments, part):
    refused(harmattan("explain", *arguments, "--quiet"), part)


def test_ledger_prints_verdicts_and_scores_or_json(harmattan):
    code, out, _ = harmattan("ledger", "--as-of", LAST)
    assert code == 0 and "claim\tsays\t" in out and "brier" in out
    code, out, err = harmattan("ledger", "--as-of", LAST, "--json", "--quiet")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert {row["verdict"] for row in told["claims"]} <= {"true", "partly", "false", "open", "void", "no rule"}
    assert told["scores"][-1]["id"] == "all"


@pytest.mark.parametrize(("month", "part"), [("2024-13", "YYYY-MM"), ("2040-01", "2040-01")])
def test_ledger_refuses_a_month_it_cannot_know(harmattan, month, part):
    refused(harmattan("ledger", "--as-of", month, "--quiet"), part)
