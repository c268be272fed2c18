"""The panel: what it holds, where it stops, and which files it refuses."""

import numpy as np
import pandas as pd
import pytest
from shipped import UNITS, load_panel, panel_file

from harmattan.core.errors import InputError
from harmattan.core.names import OUTCOMES
from harmattan.panel.ucdp import annual_totals, panel_digest, truncate


@pytest.fixture(scope="module")
def rows():
    """The last four years of the frozen panel, as text, with the lines of a file that holds only them."""
    table = pd.read_csv(panel_file(), dtype=str)
    return table[table["month"] >= "2021-01"].reset_index(drop=True)


@pytest.fixture
def written(tmp_path):
    def write(table, name="panel.csv"):
        table.to_csv(tmp_path / name, index=False)
        return tmp_path / name

    return write


def line_of(rows, month, iso3, kind):
    return rows.index[(rows["month"] == month) & (rows["iso3"] == iso3) & (rows["type"] == kind)][0]


def test_the_frozen_panel_is_complete_and_labelled(panel):
    assert panel.name == "deaths"
    assert panel.dims == ("month", "country", "outcome")
    assert panel.shape == (432, 16, 3)
    assert tuple(panel["country"].values) == UNITS
    assert tuple(panel["outcome"].values) == tuple(OUTCOMES)
    assert (panel["month"].values[0], panel["month"].values[-1]) == ("1989-01", "2024-12")
    assert panel.dtype == "float64" and panel.notnull().all()
    assert panel.attrs == {"units": "deaths per month", "source": "seeds/data/ucdp/country_month.csv"}


def test_totals_are_those_that_ucdp_publishes(panel):
    years = annual_totals(panel).sum("outcome")
    assert years.sel(country="MLI", year=[2021, 2022, 2023, 2024]).values.tolist() == [1287, 3656, 2118, 1901]
    assert years.sel(country="TGO", year=[2021, 2022, 2023, 2024]).values.tolist() == [0, 62, 76, 68]


def test_annual_totals_leave_out_a_year_that_is_not_over(panel):
    assert annual_totals(truncate(panel, "2023-06"))["year"].values[-1] == 2022


def test_nothing_after_as_of_is_used(panel):
    early = load_panel(as_of="2023-06")
    assert early["month"].values[-1] == "2023-06"
    assert early.identical(panel.sel(month=slice("1989-01", "2023-06")))


def test_as_of_beyond_the_record_is_refused():
    with pytest.raises(InputError, match=r"as_of 2025-01 lies after .*2024-12"):
        load_panel(as_of="2025-01")


def test_as_of_needs_thirty_six_months():
    assert load_panel(as_of="1991-12").sizes["month"] == 36
    with pytest.raises(InputError, match=r"leaves 35 months; 36 are needed. Choose 1991-12 or later"):
        load_panel(as_of="1991-11")
    with pytest.raises(InputError, match="leaves 0 months"):
        load_panel(as_of="1980-01")


def test_as_of_must_be_a_month():
    with pytest.raises(InputError, match="YYYY-MM"):
        load_panel(as_of="2023-13")


def test_the_digest_sees_values_and_labels_and_nothing_later(panel):
    changed_later = panel.copy(deep=True)
    changed_later.loc[{"month": "2024-01"}] += 1
    assert panel_digest(truncate(changed_later, "2023-06")) == panel_digest(truncate(panel, "2023-06"))
    assert panel_digest(changed_later) != panel_digest(panel)
    relabelled = panel.assign_coords(country=list(reversed(UNITS)))
    assert panel_digest(relabelled) != panel_digest(panel)
    assert panel_digest(panel.transpose("outcome", "month", "country")) == panel_digest(panel)


def test_the_order_of_rows_and_further_columns_do_not_matter(rows, written, panel):
    shuffled = rows.sample(frac=1, random_state=1).assign(note="anything, even a comma")
    read = load_panel(written(shuffled))
    assert np.array_equal(read.values, panel.sel(month=slice("2021-01", None)).values)


def test_windows_line_ends_and_byte_order_mark_are_read(rows, tmp_path):
    file = tmp_path / "panel.csv"
    rows.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    assert load_panel(file).sizes["month"] == 48


@pytest.mark.parametrize("missing", ["best", "iso3", "gwno"])
def test_a_missing_column_is_named(rows, written, missing):
    with pytest.raises(InputError, match=f"panel.csv, line 1: no column {missing}\\. A panel needs"):
        load_panel(written(rows.drop(columns=missing)))


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("iso3", "ML", "not one of the 16 units of the case"),
        ("iso3", "SDN", "not one of the 16 units of the case"),
        ("type", "one-sided", "not a type of violence"),
        ("month", "2022-13", "not a month"),
        ("month", "2022-1", "not a month"),
        ("month", "", "not a month"),
        ("best", "-1", "not a count"),
        ("best", "2.5", "not a count"),
        ("best", "", "not a count"),
        ("best", "inf", "not a count"),
        ("best", "many", "not a count"),
        ("events", "-3", "not a count"),
    ],
)
def test_a_bad_cell_is_named_with_its_line(rows, written, column, value, says):
    bad = rows.copy()
    bad.loc[100, column] = value
    with pytest.raises(InputError, match=f"panel.csv, line 102, column {column}: .*{says}"):
        load_panel(written(bad))


def test_a_row_twice_is_refused_with_both_lines(rows, written):
    with pytest.raises(InputError, match=rf"line {len(rows) + 2}: .* stands already on line 12"):
        load_panel(written(pd.concat([rows, rows.iloc[[10]]])))


def test_a_gap_is_not_taken_for_peace(rows, written):
    gap = rows.drop(index=line_of(rows, "2022-05", "TGO", "one_sided"))
    with pytest.raises(InputError, match=r"no row for TGO \(Togo\) 2022-05 one_sided, and 0 more"):
        load_panel(written(gap))
    with pytest.raises(InputError, match=r"no row for .* 2022-05 .*, and 47 more"):
        load_panel(written(rows[rows["month"] != "2022-05"]))


def test_a_row_with_too_few_cells_is_named(rows, written):
    file = written(rows)
    lines = file.read_text().splitlines()
    lines[7] = lines[7].rsplit(",", 1)[0]
    file.write_text("\n".join(lines))
    with pytest.raises(InputError, match="line 8: 6 cells where the header has 7"):
        load_panel(file)


def test_files_that_are_no_panel_are_refused_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="Cannot read the panel nowhere.csv"):
        load_panel(tmp_path / "nowhere.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(InputError, match="holds no observations"):
        load_panel(tmp_path / "empty.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="not a CSV file in UTF-8"):
        load_panel(tmp_path / "binary.csv")


def test_a_panel_shorter_than_three_years_is_refused(rows, written):
    with pytest.raises(InputError, match="leaves 24 months"):
        load_panel(written(rows[rows["month"] >= "2023-01"]))
