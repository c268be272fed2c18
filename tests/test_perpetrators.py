"""Who kills civilians: the record, what is learnt of it, futures, and drivers that name one perpetrator."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made import CASE, copy_made_case
from scipy.special import expit
from typer.testing import CliRunner

from harmattan.case.opening import open_case
from harmattan.case.perpetrators import recorded_parts, shares_of_state
from harmattan.cli.app import app
from harmattan.core.errors import InputError
from harmattan.core.names import ONE_SIDED_PARTS
from harmattan.core.resources import using_project
from harmattan.drivers.exposure import ActingEffect
from harmattan.follow.perpetrators import follow
from harmattan.loaded import load_case
from harmattan.model.following.split import PARAMETERS, expected_share, split_draws
from harmattan.panel.perpetrators import (
    by_perpetrator,
    load_dyads_by_month,
    remembered,
    state_deaths,
    weight_and_share,
)

HEAD = "dyad_name,type,month,best,countries,also_elsewhere\n"
STATE, SIDE = "Government of A - Civilians", "Band - Civilians"


def write(folder, *rows, head=HEAD):
    file = folder / "dyads_by_month.csv"
    file.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def record(values, names=("QMA", "QMB"), first=2001):
    months = [f"{first + i // 12}-{i % 12 + 1:02d}" for i in range(len(values))]
    return xr.DataArray(
        np.array(values, dtype=float), dims=("month", "country"), coords={"month": months, "country": list(names)}
    )


def test_a_dyad_in_one_unit_is_that_units_and_no_more_than_the_panel_counts(tmp_path):
    file = write(
        tmp_path,
        f"{STATE},one_sided,2001-01,5,QMA,0",
        f"{STATE},one_sided,2001-02,9,QMA,0",
        f"{SIDE},one_sided,2001-01,3,QMA,0",
        "Government of A - Band,state_based,2001-03,7,QMA,0",
    )
    state = state_deaths(record([[8, 0], [6, 1], [0, 0], [2, 2]]), load_dyads_by_month(file, ["QMA", "QMB"]))
    np.testing.assert_array_equal(state.values, [[5, 0], [6, 0], [0, 0], [np.nan, np.nan]])
    parts = by_perpetrator(record([[8, 0], [6, 1], [0, 0], [2, 2]]), state)
    assert parts["outcome"].values.tolist() == list(ONE_SIDED_PARTS)
    np.testing.assert_array_equal(parts.sel(outcome="one_sided_other").values[:3], [[3, 0], [0, 1], [0, 0]])


def test_a_dyad_in_several_units_goes_by_the_table_by_country_and_then_by_the_years_count(tmp_path):
    file = write(
        tmp_path,
        f"{STATE},one_sided,2001-01,10,QMA QMB,0",
        f"{STATE},one_sided,2001-02,6,QMA QMB,0",
        f"{STATE},one_sided,2001-03,4,QMA,1",
        f"{STATE},one_sided,2001-12,1,QMA,0",
    )
    known, panel = load_dyads_by_month(file, ["QMA", "QMB"]), record([[20, 20]] * 12)
    whole = state_deaths(panel, known).values
    np.testing.assert_array_equal(whole[[0, 1, 2, 11]], [[10, 10], [6, 6], [4, 0], [1, 0]])
    by_country = pd.DataFrame(
        {
            "country": ["QMA", "QMB"],
            "dyad": STATE,
            "outcome": "one_sided",
            "month": ["2001-01", "2001-01"],
            "deaths": [7, 3],
        }
    )
    np.testing.assert_array_equal(state_deaths(panel, known, by_country).values[0], [7, 3])
    np.testing.assert_array_equal(state_deaths(panel, known, by_country).values[1], [6, 6], "after its last month")
    yearly = pd.DataFrame({"country": ["QMA", "QMB"], "year": 2001, "by_government": [11.0, 30.0]})
    limited = state_deaths(panel, known, None, yearly).values
    # one of eleven is certain, so ten are left for 10, 6 and 4: shares 5, 3 and 2
    np.testing.assert_array_equal(limited[[0, 1, 2, 11], 0], [5, 3, 2, 1])
    np.testing.assert_array_equal(limited[:, 1], whole[:, 1], "within what the year counts")
    unfinished = state_deaths(panel.isel(month=slice(0, 11)), known, None, yearly).values
    np.testing.assert_array_equal(unfinished[:3, 0], [10, 6, 4], "a year that is not over limits nothing")


@pytest.mark.parametrize(
    ("row", "head", "said"),
    [
        (f"{STATE},one_sided,2001-01,5,QMA,0", HEAD.replace("countries", "places"), "no column 'countries'"),
        (f"{STATE},one_sided,2001-01,many,QMA,0", HEAD, "best is a number"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, row, head, said):
    with pytest.raises(InputError, match=said):
        load_dyads_by_month(write(tmp_path, row, head=head), ["QMA"])


def test_the_shipped_case_agrees_with_ucdps_yearly_counts_and_with_what_is_known_of_mali():
    case = open_case()
    parts = recorded_parts(case, case.record())
    np.testing.assert_array_equal(parts.sum("outcome"), case.record().sel(outcome="one_sided"))
    mali = parts.sel(country="MLI")
    before, after = mali.sel(month=slice("2022-07", "2023-06")), mali.sel(month=slice("2023-07", "2024-12"))
    assert before.mean("month").values.tolist() == pytest.approx([11.17, 36.33], abs=0.01)
    assert after.mean("month").values.tolist() == pytest.approx([27.61, 23.11], abs=0.01)
    table = pd.read_csv(case.bounds_file).query("type == 'one_sided'")
    state = parts.sel(outcome="one_sided_state")
    years = state.groupby(
        xr.DataArray([int(str(m)[:4]) for m in state["month"].values], dims="month", name="year")
    ).sum()
    official = table.pivot(index="year", columns="iso3", values="by_government")
    ours = years.to_pandas().reindex(index=official.index, columns=official.columns)
    differ = (ours != official).stack()
    assert differ[differ].index.tolist() == [(2023, "BFA")], "where a later release counts more"


def test_nothing_after_the_last_month_of_a_record_is_seen():
    case = open_case()
    whole, early = recorded_parts(case, case.record()), recorded_parts(case, case.record(as_of="2022-12"))
    np.testing.assert_array_equal(whole.sel(month=early["month"]).values, early.values)
    assert shares_of_state(case, "2022-12") != shares_of_state(case, "2024-12")


def test_months_are_remembered_by_the_logarithm_of_their_deaths_by_hand():
    state, total = np.array([[3.0], [0.0], [np.nan]]), np.array([[3.0], [1.0], [np.nan]])
    assert [part.ravel().tolist() for part in weight_and_share(state, total)] == [
        pytest.approx([np.log(4), np.log(2), 0]), [1, 0, 0]
    ]  # fmt: skip
    of_state, of_all = remembered(state, total)
    keep = 0.5 ** (1 / 12)
    assert of_state.ravel() == pytest.approx([0, np.log(4), keep * np.log(4), keep**2 * np.log(4)])
    assert of_all.ravel() == pytest.approx(
        [0, np.log(4), keep * np.log(4) + np.log(2), keep**2 * np.log(4) + keep * np.log(2)]
    )


def test_what_ties_months_together_is_found_again():
    truth, generator = np.array([-0.5, 0.8, 0.3, -1.0]), np.random.default_rng(3)
    of_all = generator.uniform(0.5, 20, 600)
    of_state = of_all * generator.beta(0.6, 0.9, 600)
    totals = generator.integers(1, 60, 600)
    share, tight = expected_share(truth, of_state, of_all), np.exp(truth[2])
    counts = generator.binomial(totals, generator.beta(share * tight, (1 - share) * tight))
    found = split_draws(counts, totals, of_state, of_all, draws=200)
    off = (found.mean() - truth) / found.std()
    assert found.attrs["khat"] < 0.5 and (off.abs() < 3).all(), off
    pd.testing.assert_frame_equal(found, split_draws(counts, totals, of_state, of_all, draws=200))


def learnt(usual=0.0, memory=1.0, tight=8.0, weight=0.0):
    return pd.DataFrame([[usual, memory, tight, weight]] * 2, columns=list(PARAMETERS))


def futures(number, size=3000, months=3, names=("QMA", "QMB")):
    deaths = np.full((size, months, len(names)), number, dtype=np.int32)
    coords = {"month": [f"2002-{m + 1:02d}" for m in range(months)], "country": list(names)}
    return xr.DataArray(deaths, coords, ("draw", "month", "country"), attrs={"units": "deaths per month"})


def known_parts():
    return by_perpetrator(record([[7, 0]] * 12), record([[7, 0]] * 12))


def test_parts_always_sum_and_follow_who_killed_before():
    found = follow(learnt(), known_parts(), futures(40), 1)
    np.testing.assert_array_equal(found.sum("outcome"), futures(40))
    first = found.isel(month=0, outcome=0).mean("draw") / 40
    of_all = remembered(*2 * (np.full((12, 1), 7.0),))[1][-1, 0]
    share = (of_all + 0.5) / (of_all + 1)  # one month's worth of even chances beside a memory of the state alone
    assert first.values.tolist() == pytest.approx([share, 0.5], abs=0.02)
    assert found.attrs["units"] == "deaths per month"
    assert not follow(learnt(), known_parts(), futures(0), 1).any()


def test_another_unit_changes_no_draw_and_the_seed_does():
    both, one = follow(learnt(), known_parts(), futures(9), 1), known_parts().sel(country=["QMA"])
    alone = follow(learnt(), one, futures(9, names=("QMA",)), 1)
    np.testing.assert_array_equal(both.sel(country="QMA"), alone.sel(country="QMA"))
    assert (follow(learnt(), one, futures(9, names=("QMA",)), 2) != alone).any()


def test_drivers_move_the_odds_of_a_month_and_what_is_remembered_is_without_them():
    moved = np.zeros((3000, 3, 2))
    moved[:, 1] = 2.0
    quiet, driven = (follow(learnt(), known_parts(), futures(40), 1, odds) for odds in (None, moved))
    np.testing.assert_array_equal(quiet.isel(month=[0, 2]), driven.isel(month=[0, 2]))
    share = driven.sel(country="QMB").isel(month=1, outcome=0).mean("draw") / 40
    expected = expit(
        2.0
        + np.log(
            quiet.sel(country="QMB").isel(month=1, outcome=0).mean("draw")
            / quiet.sel(country="QMB").isel(month=1, outcome=1).mean("draw")
        )
    )
    assert float(share) == pytest.approx(float(expected), abs=0.05)
    mixed = by_perpetrator(record([[8, 0]] * 12), record([[7, 0]] * 12))
    back = follow(learnt(), mixed, futures(40), 1, None, np.full((3000, 2), 50.0))
    assert float(back.sel(country="QMA").isel(month=0, outcome=0).mean()) < 8, "drivers had brought all of it about"


def test_a_driver_on_one_perpetrator_moves_the_sum_by_what_that_one_kills():
    peaks, starts, shapes = np.log([[2.0], [1.0]]), np.zeros((2, 1), dtype=int), (np.ones((1, 1)),)
    before, parts = np.array([[0.25, 0.75]]), np.array([[[1.0, 0.0]]])
    linear = np.array([[[0.0, 0.0, 0.25]]])
    effect = ActingEffect(peaks, starts, shapes, linear, parts, before)
    moved = effect[slice(0, 2), 0]
    assert np.exp(moved[:, 0, 2]).tolist() == pytest.approx([0.25 * 2 + 0.75, 1.0])
    assert effect.odds_of_state((slice(0, 2), 0))[:, 0].tolist() == pytest.approx([np.log(2), 0])
    assert (moved[..., :2] == 0).all()


def with_perpetrators(folder, outcomes="{one_sided_state: 1.0}"):
    """A copy of the made-up case that knows who killed, with one driver on the state alone."""
    copy_made_case(folder)
    months = [f"{year}-{month:02d}" for year in range(2012, 2025) for month in range(1, 13)]
    rows = [f"Government of Ambara - Civilians,one_sided,{month},2,QMA,0" for month in months]
    (folder / "seeds/data/ucdp/by_month.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    case, drivers = folder / "case.yaml", folder / "scenarios" / "drivers.yaml"
    case.write_text(
        case.read_text().replace("dyads: ucdp/dyads.csv", "dyads: ucdp/dyads.csv, dyads_by_month: ucdp/by_month.csv")
    )
    drivers.write_text(drivers.read_text().replace("{one_sided: 1.0, state_based: 0.4}", outcomes))
    return folder


def test_parts_of_a_whole_run_sum_and_a_driver_names_who_kills(tmp_path):
    loaded = load_case(with_perpetrators(tmp_path / "case"))
    ask = {"draws": 400, "months": 12}
    run = loaded.forecast("leaves", **ask)
    parts = run.perpetrators.deaths
    np.testing.assert_array_equal(parts.sum("outcome"), run.deaths.sel(outcome="one_sided"))
    frame = run.to_frame(parts=True)
    assert set(frame["outcome"]) == {"state_based", "non_state", "one_sided", *ONE_SIDED_PARTS}
    assert run.perpetrators.table().set_index(["country", "outcome"]).at[("QMA", "one_sided_state"), "before"] == float(
        run.perpetrators.record.sel(country="QMA", outcome="one_sided_state").isel(month=slice(-12, None)).sum()
    )
    sure = {"patrols": {"state": "happens", "ratio": [2.9, 3.1], "onset_month": 1, "ramp_months": 0}}
    gone = {"patrols": {"state": "absent"}}
    more, less = (run.what_if(setting)["what if"].perpetrators.deaths.sel(country="QMA") for setting in (sure, gone))
    ratio = (more.sum(("draw", "month")) / less.sum(("draw", "month"))).to_series()
    assert ratio["one_sided_state"] > 1.8 > 1.25 > ratio["one_sided_other"] > 0.8


def test_the_command_writes_parts_beside_the_sum(tmp_path):
    folder, out = with_perpetrators(tmp_path / "case"), tmp_path / "draws.csv"
    asked = ["forecast", "leaves", "--draws", "50", "--months", "6", "--parts", "--out", str(out)]
    with using_project(folder):
        assert CliRunner().invoke(app, asked).exit_code == 0
    table = pd.read_csv(out).pivot(index=["country", "month", "draw"], columns="outcome", values="value")
    assert (table["one_sided"] == table[list(ONE_SIDED_PARTS)].sum(axis=1)).all()


def test_scenarios_stand_side_by_side(tmp_path):
    loaded = load_case(with_perpetrators(tmp_path / "case"))
    pair = loaded.compare("leaves", "stays", draws=50, months=12)
    tables = pair.people()
    assert set(tables) <= {"perpetrators", "breaks"} and set(tables["perpetrators"]["scenario"]) == {"leaves", "stays"}
    own = pair["stays"].perpetrators.table()
    told = tables["perpetrators"].query("scenario == 'stays'").drop(columns="scenario").reset_index(drop=True)
    pd.testing.assert_frame_equal(told, own)
    asked = ["compare", "leaves", "stays", "--draws", "50", "--months", "12", "--people", "--quiet"]
    with using_project(tmp_path / "case"):
        said = CliRunner().invoke(app, asked)
        refused = CliRunner().invoke(app, ["compare", "--all", "--people", "--quiet"])
    assert said.exit_code == 0 and "one_sided_state" in said.stdout
    assert refused.exit_code != 0


def test_a_case_that_does_not_know_who_killed_says_so(tmp_path):
    with pytest.raises(InputError, match="record names no table of deaths by dyad and month"):
        load_case(CASE).forecast("leaves", draws=20, months=6).perpetrators  # noqa: B018
    folder = copy_made_case(tmp_path / "case")
    drivers = folder / "scenarios" / "drivers.yaml"
    drivers.write_text(drivers.read_text().replace("{one_sided: 1.0, state_based: 0.4}", "{one_sided_state: 1.0}"))
    with pytest.raises(InputError, match=r"outcomes\.one_sided_state.*says who kills.*dyads_by_month"):
        load_case(folder).forecast("leaves", draws=20, months=6)
