"""What the pages say of the record is what the record says."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from harmattan.case.notes import note_numbers, said_note
from harmattan.case.opening import open_case
from harmattan.case.perpetrators import recorded_parts
from harmattan.claims.register import load_register
from harmattan.core.language import languages, phrase, speaking
from harmattan.core.months import months_between
from harmattan.core.resources import seeds_folder
from harmattan.report.scorecard import scorecard_frame, scorecard_table

ROOT = Path(__file__).parents[1]
UCDP = seeds_folder() / "data" / "ucdp"


def text_of(name: str) -> str:
    """Return a page's words with single spaces; of a notebook, those of its cells."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        text = " ".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return " ".join(text.split())


@pytest.fixture(scope="module")
def burkina() -> pd.DataFrame:
    rows = pd.read_csv(UCDP / "country_month.csv").query("iso3 == 'BFA'")
    by_year = rows.assign(year=rows["month"].str[:4])
    return by_year.pivot_table(index="year", columns="type", values="best", aggfunc="sum")


def test_in_burkina_faso_only_state_based_deaths_halved_in_2024(burkina):
    before, after = burkina.loc["2023"], burkina.loc["2024"]
    assert (before["state_based"], after["state_based"]) == (4_806, 2_199)
    assert (before.sum(), after.sum()) == (6_346, 4_251)
    assert (before["one_sided"], after["one_sided"]) == (1_362, 2_032)
    assert after["state_based"] / before["state_based"] == pytest.approx(1 / 2, abs=0.05)
    assert after.sum() / before.sum() == pytest.approx(2 / 3, abs=0.01)
    assert after["one_sided"] / before["one_sided"] == pytest.approx(3 / 2, abs=0.01)
    assert burkina["one_sided"].idxmax() == "2024", "the worst year on record"


def test_the_note_under_the_scorecard_takes_burkina_faso_from_the_panel(burkina, panel, told):
    stated = note_numbers(told, panel)
    assert len(stated) == 6
    for year in ("2023", "2024"):
        assert stated[f"BFA.all.{year}"] == burkina.loc[year].sum()
        for outcome in ("state_based", "one_sided"):
            assert stated[f"BFA.{outcome}.{year}"] == burkina.loc[year, outcome]
    note = scorecard_table(open_case(), panel).note
    assert "civilians killed rose by half (1,362 to 2,032), the most of any year on record" in note
    with speaking("fr"):
        assert "(de 1\u202f362 à 2\u202f032)" in scorecard_table(open_case(), panel).note


@pytest.mark.parametrize("page", ["README.md", "notebooks/03_scorecard.ipynb", "benchmarks/model_choice.md"])
def test_every_page_that_says_what_fell_in_burkina_faso_says_what_rose(page):
    text = text_of(page)
    assert re.search(r"all deaths (there )?(fell )?by a third", text) and "civilians killed rose by half" in text
    assert not re.search(r"wars? (that|which) ends?\b|Burkina Faso(’s|'s)?,? which halved", text)


def test_a_month_that_holds_events_of_many_months_is_not_called_its_deaths():
    world = pd.read_csv(UCDP / "country_month_world.csv").query("gwno == 530 and type == 'state_based'")
    tigray = world.set_index("month")[["events", "best"]]
    assert tigray.loc["2021-01"].tolist() == [21, 114_614] and tigray.loc["2022-08"].tolist() == [58, 159_450]
    for page in ("README.md", "notebooks/03_scorecard.ipynb", "benchmarks/model_choice.md"):
        text = text_of(page)
        assert "159,450" in text and "114,614" in text, page
        assert "month in which" in text and not re.search(r"159,450 deaths in August|Tigray killed 159,450", text), page


def test_moura_is_hardly_among_the_one_sided_deaths():
    """The conflict of the 38 per cent says where UCDP has the massacre; each of its figures is in a frozen table."""
    stated = load_register().conflicts["conflict-violence-38-per-cent"].what
    month = {"month": "2022-03", "iso3": "MLI"}
    panel, bounds = (pd.read_csv(UCDP / f"{name}.csv") for name in ("country_month", "country_month_bounds_ged241"))
    one_sided = one(panel, **month, type="one_sided")["best"]
    state_based = one(panel, **month, type="state_based")["best"]
    civilians_in_battle = one(bounds, **month, type="state_based")["civilians"]
    army = one(pd.read_csv(UCDP / "dyad_month.csv"), month="2022-03", dyad_name="Government of Mali - Civilians")
    assert (army["countries"], army["also_elsewhere"]) == ("MLI", 0)
    assert f"of the {one_sided} one-sided deaths of March 2022 {army['best']} are by the government" in stated
    assert f"({state_based} in that month, {civilians_in_battle} of them civilians)" in stated
    mali = panel[(panel["iso3"] == "MLI") & (panel["type"] == "one_sided")].set_index("month")["best"]
    assert (mali["2022-01":"2022-08"].sum(), mali["2023-01":"2023-08"].sum()) == (1_198, 314)


def one(table: pd.DataFrame, **wanted) -> pd.Series:
    """Return the only row of a table with these values."""
    (row,) = [row for _, row in table.loc[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)].iterrows()]
    return row


def test_kidal_was_not_the_northernmost_base_but_the_last_of_its_region():
    timeline = pd.read_csv(seeds_folder() / "data" / "peacekeeping" / "minusma_withdrawal_timeline.csv")
    closed = timeline[(timeline["region"] == "Kidal") & (timeline["kind"] == "base_closed")]
    assert closed["place"].tolist() == ["Tessalit", "Aguelhok", "Kidal"] and closed["date"].is_monotonic_increasing
    (why,) = [e.why for d in load_register().drivers.values() for e in d.events if e.event == "kidal-base-closed"]
    assert why.startswith("The last base in the Kidal region") and "Tessalit and Aguelhok further north" in why


TIGRAY = ("2021-01", "2022-08")
"""Months of Ethiopia that hold events of many months."""


def touched_by_tigray(origin: str) -> bool:
    """Whether a forecast from an origin looks at such a month, or draws it again from the last 36 months."""
    return any(-36 < months_between(origin, month) <= 14 for month in TIGRAY)


def test_the_window_elsewhere_is_kept_with_and_without_the_origins_that_summary_events_touch(panel, told):
    from backtest import WINDOWS

    every, without = (WINDOWS[name].origins for name in ("elsewhere", "elsewhere_2020"))
    assert [origin for origin in every if not touched_by_tigray(origin)] == list(without)
    assert [origin for origin in every if touched_by_tigray(origin)] == ["2020-10", "2021-10", "2022-10", "2023-10"]
    shown = scorecard_frame(open_case()).set_index(["window", "outcome", "cells"])
    assert {"other countries, 2005-2024", "other countries, 2005-2020"} <= set(shown.index.get_level_values("window"))
    months = shown.loc[("other countries, 2005-2020", "state_based", "single months")]
    totals = shown.xs("twelve-month totals", level="cells").xs("state_based", level="outcome")
    assert (round(months["skill_crps"], 3), round(months["skill_log"], 3)) == (0.03, 0.039)
    assert totals["skill_crps"].loc[["other countries, 2005-2024", "other countries, 2005-2020"]].round(2).tolist() == [
        -0.08,
        0.12,
    ]
    text = text_of("README.md")
    assert "the model is 3.0 % better (95 %: 0.9 to 6.2; on the log scale 3.9 %; in twelve-month totals 12 %" in text
    assert "where the whole row loses 8 %" in text
    assert "and there totals are better too" in said_note("scorecard", panel)
    assert "there totals are better too" in text_of("notebooks/03_scorecard.ipynb")
    with speaking("fr"):
        assert "et les totaux y sont meilleurs aussi" in said_note("scorecard", panel)


def test_who_killed_civilians_in_mali_is_told_where_the_total_hides_it():
    """By the army, alone or with Russian forces, in Mali only; some of what Russian forces did alone is theirs too."""
    dyads = pd.read_csv(UCDP / "dyad_month.csv").query("type == 'one_sided'")
    names = (
        "Government of Mali - Civilians",
        "Government of Mali, Government of Russia (Soviet Union) - Civilians",
    )
    army = dyads[dyads["dyad_name"].isin(names)]
    assert set(army["countries"]) == {"MLI"} and (army["also_elsewhere"] == 0).all()
    panel = pd.read_csv(UCDP / "country_month.csv").query("iso3 == 'MLI' and type == 'one_sided'")
    total = panel.set_index("month")["best"]
    by_army = army.groupby("month")["best"].sum().reindex(total.index, fill_value=0)
    parts = recorded_parts(open_case(), open_case().record()).sel(country="MLI").to_pandas()
    state, found = parts["one_sided_state"], {}
    assert (by_army <= state).all() and (state.sum() - by_army.sum()) / state.sum() < 0.02
    for when, months in (("before", slice("2022-07", "2023-06")), ("after", slice("2023-07", "2024-06"))):
        found[f"army_{when}"] = round(state[months].mean(), 1)
        found[f"others_{when}"] = round((total - state)[months].mean(), 1)
    assert found == {"army_before": 11.2, "others_before": 36.3, "army_after": 30.0, "others_after": 23.4}
    assert "killed 30.0 a month (11.2 in the twelve before), all others 23.4 (36.3)" in text_of("README.md")


def test_the_total_of_civilians_killed_does_not_judge_what_hangs_on_who_killed_them():
    claims = load_register().claims
    for name in ("chat-bard-086-a", "chat-bard-073-a"):
        assert claims[name].resolution.outcomes == ("one_sided_state",)
    unsaid = claims["news-bnn-013-c"]
    assert unsaid.resolution.kind == "void" and "it settles nothing" in unsaid.note


BRIEF = "models/harmattan/languages/en.yaml case.yaml"
"""The sentences of the brief: the program's and the case's."""
PAGES_ON_NEIGHBOURS = ["README.md", "notebooks/05_scenarios_and_spillover.ipynb", BRIEF]


def test_deaths_in_togo_and_benin_were_in_conflicts_of_groups_from_the_sahel():
    deaths = pd.read_csv(UCDP / "dyad_country_month_ged241.csv").query("'2018-01' <= month <= '2023-12'")
    from_the_sahel = deaths["dyad_name"].str.contains(r"\b(?:JNIM|IS)\b")
    found = {}
    for country in ("TGO", "BEN"):
        here = deaths["iso3"] == country
        found[country] = (deaths[here & from_the_sahel]["best"].sum(), deaths[here]["best"].sum())
    assert found == {"TGO": (138, 139), "BEN": (89, 89)}


@pytest.mark.parametrize("page", PAGES_ON_NEIGHBOURS)
def test_the_share_of_neighbours_is_never_shown_without_what_it_is_not(page):
    text = " ".join(text_of(name) for name in page.split())
    assert "138 of 139" in text and re.search("all 89", text) and "JNIM" in text
    assert re.search(r"one[- ](statistical )?step|in one step", text) and "comes over the border" not in text


def test_french_tells_the_same_of_togo_and_benin(panel, told):
    with speaking("fr"):
        said = said_note("spillover", panel)
    assert "138 des 139" in said and "les 89" in said


@pytest.mark.parametrize("code", languages())
def test_25_deaths_are_our_threshold_and_not_ucdp_s_for_a_country(code):
    with speaking(code):
        note = phrase("tables.watched_note", count=7, threshold=25, same=phrase("tables.watched_same"))
    assert ("our threshold" if code == "en" else "notre seuil") in note
    for file in (ROOT / "models" / "harmattan").rglob("*.py"):
        assert "UCDP's own threshold" not in file.read_text(encoding="utf-8"), file.name
