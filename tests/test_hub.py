"""Hubverse samples pass hubValidations' checks of a model's file, for a hub that asks for these forecasts.

The rules are those of hubValidations (check_tbl_colnames, _col_types, _unique_round_id, _values, _rows_unique,
_value_col, _spl_compound_tid, _spl_non_compound_tid, _spl_n, opt_check_tbl_horizon_timediff) and of hubData's
create_hub_schema, written again here. The forecasts are those of the made-up case.
"""

from calendar import monthrange
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest
from made import UNITS
from pyarrow import parquet

import harmattan as hm
from harmattan.core.names import OUTCOMES
from harmattan.model.specification import SamplerSettings

MONTHS, DRAWS = 14, 20
ORIGIN = date(2020, 6, 30)
COMPOUND = ["origin_date"]
"""A sample is one joint future of all places, targets and months: what does not vary within it is the origin alone."""

ARROW = {"character": pa.string(), "integer": pa.int32(), "double": pa.float64(), "Date": pa.date32()}


def month_end(horizon):
    number = ORIGIN.year * 12 + ORIGIN.month - 1 + horizon
    year, month = divmod(number, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


TASKS = {
    "origin_date": [ORIGIN],
    "scenario_id": ["leaves"],
    "location": list(UNITS),
    "target": [f"deaths {name}" for name in OUTCOMES],
    "horizon": list(range(1, MONTHS + 1)),
    "target_end_date": [month_end(horizon) for horizon in range(1, MONTHS + 1)],
}
"""Task ids with their valid values, as a hub's `tasks.json` has them: one model task for all targets."""
SAMPLE = {"type": "character", "max_length": 6, "min_samples_per_task": 20, "max_samples_per_task": 5000}
VALUE = {"type": "integer", "minimum": 0}


def r_type(values):
    """The type that `hubData::get_data_type` gives to the values of a task id."""
    known = {str: "character", int: "integer", date: "Date"}
    return known[type(values[0])]


def hub_schema():
    """What `hubData::create_hub_schema` makes of the configuration, for columns in their order."""
    fields = [(name, ARROW[r_type(values)]) for name, values in TASKS.items()]
    fields += [("output_type", pa.string()), ("output_type_id", ARROW[SAMPLE["type"]]), ("value", ARROW[VALUE["type"]])]
    return pa.schema(fields)


@pytest.fixture(scope="module")
def run(made_case, made_fit):
    return hm.forecast("leaves", months=MONTHS, draws=DRAWS, settings=SamplerSettings(draws=60, tune=60, chains=2))


@pytest.fixture(scope="module")
def files(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    return {
        suffix: run.save(folder / f"2020-06-30-harmattan-model.{suffix}", form="hub") for suffix in ("parquet", "csv")
    }


@pytest.fixture(scope="module", params=["parquet", "csv"])
def table(request, files):
    """The file as hubData opens it."""
    if request.param == "parquet":
        return parquet.read_table(files["parquet"])
    types = {field.name: field.type for field in hub_schema()}
    options = pa.csv.ConvertOptions(column_types=types, strings_can_be_null=False)
    return pa.csv.read_csv(files["csv"], convert_options=options)


def test_columns_have_the_names_the_order_and_the_types_of_the_hubs_schema(files, table):
    assert table.schema.remove_metadata().equals(hub_schema())
    assert parquet.read_schema(files["parquet"]).remove_metadata().equals(hub_schema())


def test_one_round_and_only_values_that_the_hub_knows(table):
    frame = table.to_pandas()
    assert set(frame["origin_date"]) == {ORIGIN}
    assert set(frame["output_type"]) == {"sample"}
    for name, values in TASKS.items():
        assert set(frame[name]) == set(values)
    assert frame["output_type_id"].str.len().max() <= SAMPLE["max_length"]


def test_no_row_stands_twice_and_every_value_is_a_count(table):
    frame = table.to_pandas()
    assert not frame.drop(columns="value").duplicated().any()
    assert frame["value"].notna().all() and (frame["value"] >= VALUE["minimum"]).all()


def test_horizons_lead_from_the_origin_to_the_end_of_the_month(table):
    frame = table.to_pandas()
    assert (frame["target_end_date"] == frame["horizon"].map(month_end)).all()


def test_a_sample_is_one_future_of_everything_and_there_are_as_many_as_asked_for(table):
    frame = table.to_pandas()
    within = [name for name in TASKS if name not in COMPOUND]
    samples = frame.groupby("output_type_id")
    assert (samples[COMPOUND].nunique() == 1).all(axis=None)  # one value of each compound task id
    combinations = samples[within].apply(lambda rows: frozenset(map(tuple, rows.to_numpy())))
    assert combinations.nunique() == 1  # and the same of all others in every sample
    assert len(combinations.iloc[0]) == len(UNITS) * len(OUTCOMES) * MONTHS
    assert SAMPLE["min_samples_per_task"] <= samples.ngroups == DRAWS <= SAMPLE["max_samples_per_task"]


def test_the_table_in_memory_and_both_files_hold_the_same(run, files):
    stored = pd.read_parquet(files["parquet"])
    pd.testing.assert_frame_equal(stored, run.to_hub(), check_dtype=False)
    assert (pd.read_csv(files["csv"])["value"] == stored["value"]).all()


def test_many_futures_are_written_piece_by_piece_with_nothing_lost(run, monkeypatch, tmp_path, files):
    monkeypatch.setattr("harmattan.run.draw_files.ROWS_AT_ONCE", 3 * DRAWS * 4)  # four months at a time
    again = run.save(tmp_path / "again.parquet", form="hub")
    assert parquet.ParquetFile(again).num_row_groups == 5 * 4
    pd.testing.assert_frame_equal(pd.read_parquet(again), pd.read_parquet(files["parquet"]))
