"""What the README tells a newcomer to type works, and what it points to is there."""

import re
import shlex
import sys
from pathlib import Path

import pandas as pd
import pytest
from judge_readme import BEGIN, END, lines
from sampling import SHORT
from ucdp_files import write_ged

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.cli import app as command_line
from harmattan.cli import door
from harmattan.evaluate.horizons import load_horizons
from harmattan.run.backtesting import backtest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]
RUN = [line for line in COMMANDS if not line.startswith("harmattan brief")]
LONG = (
    "harmattan explain",
    "harmattan fragile",
    "harmattan compare withdrawal",
    "harmattan compare slow_exit",
    "--flows",
    "--breaks",
)
"""Of these, what fits or simulates most; other tests ask the same of the made-up case."""


@pytest.fixture
def workplace(tmp_path, monkeypatch, found_fit):
    """An empty folder, but for the files that the README says to save."""
    monkeypatch.chdir(tmp_path)
    for block in blocks("yaml"):
        (tmp_path / block.splitlines()[0].removeprefix("# ")).write_text(block)
    write_ged(tmp_path)  # stands for the release that a reader downloads
    (tmp_path / "report.txt").write_text("Attacks on villages in Mali are likely to rise.")  # and this for a document
    return tmp_path


def test_the_quickstart_is_three_lines_that_run(workplace):
    (quickstart,) = blocks("python")
    lines = [line for line in quickstart.splitlines() if line]
    assert len(lines) == 3
    names = {}
    exec("\n".join(lines[:-1]), names)
    totals = eval(lines[-1], names)
    assert isinstance(totals, pd.DataFrame) and len(totals) == 16 * 3


@pytest.mark.parametrize(
    "line", [pytest.param(line, marks=[pytest.mark.slow] * any(part in line for part in LONG)) for line in RUN]
)
def test_every_command_runs_as_written(workplace, monkeypatch, line):
    """With a short fit at the origin of the backtest too."""
    name, *arguments = shlex.split(line)
    assert name == "harmattan"
    monkeypatch.setitem(backtest.__kwdefaults__, "settings", SHORT)
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    with pytest.raises(SystemExit) as end:
        door.main()
    assert end.value.code == 0
    if "--out" in arguments:
        assert (workplace / arguments[arguments.index("--out") + 1]).exists()


def test_every_command_has_a_row_and_an_example():
    offered = {command.callback.__name__ for command in command_line.app.registered_commands}
    offered |= {group.name for group in command_line.app.registered_groups}
    assert set(re.findall(r"^\| `harmattan (\w+)` \|", README, re.M)) == offered
    assert {shlex.split(line)[1] for line in COMMANDS} == offered


def test_every_file_and_target_named_is_there():
    named = re.findall(r"`((?:seeds|scenarios|models|notebooks|benchmarks)/[\w./]*|LICENSE)`", README)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake (brief|test|help|bench|lint|setup|notebook)\b", README)) <= targets


def test_every_link_to_a_file_leads_somewhere_and_the_ready_made_brief_is_whole():
    linked = re.findall(r"\]\(([\w./-]+)\)", README)
    assert [path for path in linked if not (ROOT / path).exists()] == []
    folder = ROOT / "briefs/mali"
    for name in ("brief", "annex", "exit"):
        html = (folder / f"{name}.html").read_text(encoding="utf-8")
        beside = {href.partition("#")[0] for href in re.findall(r'<a [^>]*href="([\w.]+(?:#[^"]*)?)"', html)}
        assert [file for file in beside if not (folder / file).is_file()] == [], name


def test_the_scores_shown_are_those_that_were_kept():
    skill = hm.scorecard()["skill"].query("model == 'harmattan' and cells == 'months' and score == 'crps'")
    kept = skill.set_index(["window", "outcome"])["skill"]
    part = README[README.index("## How the forecasts are scored") : README.index("## Another language")]
    part = part[: part.index(BEGIN)]  # what stands below is of `make judge`
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if " %" in line and line.startswith("|")]
    windows = ("challenge", "earlier", "older", "2024", "oldest", "elsewhere", "elsewhere_2020", "quarterly")
    for window, row in zip(windows, rows, strict=True):
        for outcome, shown in zip(("state_based", "non_state", "one_sided"), row[1:], strict=True):
            digits = 0 if "." not in shown else 1
            assert float(shown.removesuffix(" %").replace("−", "-")) == round(100 * kept[window, outcome], digits), (
                window
            )


def test_the_rows_by_horizon_are_those_that_were_kept():
    found = load_horizons(open_case(ROOT).scorecard)
    shown = README[README.index(BEGIN) + len(BEGIN) : README.index(END)]
    assert shown == lines(found), "`python benchmarks/judge_readme.py` writes them anew"
    kept = found.skill.query("places == 'countries' and summary_events == 'without'")
    kept = kept.set_index(["region", "span", "outcome"])
    told = dict(zip(("state_based", "non_state", "one_sided", "all"), range(1, 5), strict=True))
    rows = [line.strip("| ").split(" | ") for line in shown.splitlines() if " %" in line and line.startswith("|")]
    assert {row[0].split(", ")[0] for row in rows} == {"all regions", found.own} and len(rows) == 16
    for row in rows:
        region, span = row[0].split(", ")
        for outcome, place in told.items():
            if (region, span, outcome) not in kept.index:
                assert row[place] == "–"
                continue
            numbers = kept.loc[(region, span, outcome)]
            verdict, number = row[place].removesuffix(" %").split(" ")
            assert float(number.replace("−", "-")) == pytest.approx(100 * numbers["skill"], abs=0.051)
            assert (verdict == "won") == (numbers["skill_low"] > 0)
            assert (verdict == "lost") == (numbers["skill_high"] < 0)


def test_the_limits_name_what_the_reader_must_know():
    limits = " ".join(README[README.index("## What this cannot tell you") : README.index("## Licence")].split())
    for words in ("left once", "Other shocks", "undercount", "declared assumption", "independently", "extrapolation"):
        assert words in limits
