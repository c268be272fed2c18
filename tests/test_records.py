"""A record of a run tells the truth: what was read is what is named, whichever panel, project or moment."""

import csv
import json

import numpy as np
import pytest
import xarray as xr
from copies import copy_project
from sampling import SHORT
from shipped import event_dates, neighbour_weights, panel_file

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.files import sha256_of
from harmattan.core.randomness import KNOWN_BY, known_by
from harmattan.drivers.places import place_shares
from harmattan.model.specification import STANDARD
from harmattan.schema.driver import read_drivers
from harmattan.simulate.paths import simulate_paths
from harmattan.simulate.start import start_state


@pytest.fixture(scope="module")
def other_panel(tmp_path_factory):
    """The frozen panel with one death more long ago: another file, and nothing that a reader would see."""
    file = tmp_path_factory.mktemp("panel") / "other.csv"
    text = panel_file().read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    rows[-1]["best"] = str(int(float(rows[-1]["best"])) + 1)  # after as_of, so that the fit stays the one that is kept
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.fixture
def own_project(tmp_path, monkeypatch):
    """A project of one's own, and a function that goes to it."""
    folder = copy_project(tmp_path / "project")
    return folder, lambda: monkeypatch.setenv("HARMATTAN_PROJECT", str(folder))


@pytest.mark.slow  # the file of draws below says the same of a forecast
def test_a_run_on_another_panel_records_that_panel_and_not_the_frozen_one(small_posterior, other_panel, tmp_path):
    out = tmp_path / "explained"
    hm.explain("withdrawal", panel=other_panel, draws=200, threshold=500, settings=SHORT, out=out)
    inputs = json.loads((out / "run.json").read_text(encoding="utf-8"))["inputs_sha256"]
    assert inputs["other.csv"] == sha256_of(other_panel)
    assert sha256_of(panel_file()) not in inputs.values()
    assert {"seeds/sources.yaml", "scenarios/withdrawal.yaml", "scenarios/baseline.yaml"} <= set(inputs)


def test_a_file_of_draws_names_what_it_was_made_from(small_posterior, other_panel, tmp_path):
    import pandas as pd

    run = hm.forecast("withdrawal", months=2, panel=other_panel, draws=20, settings=SHORT)
    table = pd.read_parquet(run.save(tmp_path / "f.parquet"))
    with xr.open_dataset(run.save(tmp_path / "f.nc"), engine="h5netcdf") as stored:
        netcdf = dict(stored.attrs)
    for said in (table.attrs, netcdf):
        assert json.loads(said["inputs_sha256"])["other.csv"] == sha256_of(other_panel)
        assert json.loads(said["scenario"])["id"] == "withdrawal" and said["fit"] == run.posterior.key


def test_the_record_is_of_the_files_as_they_were_read(small_posterior, tmp_path):
    own = tmp_path / "mine.yaml"
    own.write_text("id: mine\ntitle: Mine\ncondition: As told.\nextends: withdrawal\n", encoding="utf-8")
    before, scenario = sha256_of(own), hm.load(own)
    own.write_text("id: mine\ntitle: Later\ncondition: As told.\nextends: withdrawal\n", encoding="utf-8")
    run = hm.forecast(scenario, months=2, draws=20, settings=SHORT)
    assert run.inputs["mine.yaml"] == before
    changed = run.what_if(peace_accord="absent")
    assert changed.inputs["mine.yaml"] == changed["what if"].inputs["mine.yaml"] == before


def test_events_and_geography_follow_the_project_within_one_process(own_project):
    folder, go = own_project
    before, weights = event_dates(), neighbour_weights()
    far = next(d for d in read_drivers().values() if d.distance_decay is not None)
    shares = place_shares(far, open_case().geography)
    timeline = folder / "seeds" / "data" / "ucdp" / "algiers_accord_timeline.csv"
    timeline.write_text(timeline.read_text(encoding="utf-8").replace("2024-01", "2025-03"), encoding="utf-8")
    go()
    assert before["accord-ended"].startswith("2024-01") and event_dates()["accord-ended"].startswith("2025-03")
    assert neighbour_weights().equals(weights)
    pairs = folder / "seeds" / "data" / "geometry" / "country_pairs.csv"
    rows = list(csv.DictReader(pairs.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row["border_km"] = "1" if float(row["border_km"]) > 0 else "0"
        row |= {name: "1" for name in row if name.endswith("distance_km")}
    with pairs.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert not neighbour_weights().equals(weights), "the same project, after an edit"
    assert not np.array_equal(place_shares(far, open_case().geography), shares)


def test_a_ledger_in_another_project_counts_that_projects_events(own_project):
    folder, go = own_project
    first = hm.ledger("2024-12")
    timeline = folder / "seeds" / "data" / "ucdp" / "algiers_accord_timeline.csv"
    timeline.write_text(timeline.read_text(encoding="utf-8").replace("2024-01", "2025-03"), encoding="utf-8")
    go()
    second = hm.ledger("2024-12")
    assert second.counts["true"] < first.counts["true"]
    name = "seeds/data/ucdp/algiers_accord_timeline.csv"
    assert second.inputs[name] == sha256_of(timeline) != first.inputs[name]


def test_luck_goes_by_the_names_of_what_is_simulated(small_posterior, panel):
    """Countries in another order keep their own futures: the kept luck is that of their names, not of their places."""
    from harmattan.panel.ucdp import truncate

    seen, borders, months = truncate(panel, "2023-06"), neighbour_weights(), ["2023-07", "2023-08"]
    parameters, turned = small_posterior.take(8, 1), {"country": list(reversed(panel["country"].values))}
    paths = simulate_paths(parameters, start_state(seen, borders, STANDARD, parameters), borders, months, STANDARD, 1)
    other = borders.sel(turned).sel(neighbour=turned["country"])
    start = start_state(seen.sel(turned), other, STANDARD, parameters.sel(turned))
    again = simulate_paths(parameters.sel(turned), start, other, months, STANDARD, 1)
    assert again.deaths.sel(country=panel["country"].values).equals(paths.deaths)


def test_luck_goes_by_the_numbers_of_units_whatever_their_codes(small_posterior, panel, tmp_path):
    """A record whose units have other codes and the same Gleditsch-Ward numbers gives the same futures."""
    from harmattan.panel.ucdp import load_panel, truncate

    codes = {unit: f"X{place:02d}" for place, unit in enumerate(panel["country"].values)}
    rows = panel_file().read_text(encoding="utf-8")
    for unit, code in codes.items():
        rows = rows.replace(f",{unit},", f",{code},")
    (tmp_path / "renamed.csv").write_text(rows, encoding="utf-8")
    renamed = load_panel(tmp_path / "renamed.csv", list(codes.values()))
    months, labels = ["2023-07", "2023-08"], {"country": list(codes.values())}

    def futures(record, borders, parameters):
        start = start_state(truncate(record, "2023-06"), borders, STANDARD, parameters)
        return simulate_paths(parameters, start, borders, months, STANDARD, 1).deaths

    borders, parameters = neighbour_weights(), small_posterior.take(8, 1)
    relabelled = borders.assign_coords(labels | {"neighbour": labels["country"]})
    again = futures(renamed, relabelled, parameters.assign_coords(labels))
    assert again["country"].values.tolist() == list(codes.values())
    assert np.array_equal(again.values, futures(panel, borders, parameters).values)


def test_a_number_that_units_share_names_no_luck(panel, tmp_path):
    """Regions have their country's number; their codes tell them apart."""
    from harmattan.panel.ucdp import load_panel

    rows = panel_file().read_text(encoding="utf-8").replace(",BFA,439,", ",BFA,432,")
    (tmp_path / "shared.csv").write_text(rows, encoding="utf-8")
    record = load_panel(
        tmp_path / "shared.csv", ["MLI", "BFA", *(u for u in panel["country"].values if u not in ("MLI", "BFA"))]
    )
    assert known_by(record)[:3] == ("MLI", "BFA", "436")
    assert known_by(panel.sel(country=["NER", "MLI"])) == ("436", "432")
    assert known_by(panel.drop_vars(KNOWN_BY).sel(country=["NER", "MLI"])) == ("NER", "MLI")
