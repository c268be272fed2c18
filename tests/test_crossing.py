"""Who crossed a border, on record: by hand on small tables, and as published of the shipped case."""

import pandas as pd
import pytest
from made import CASE, copy_made_case

from harmattan.case.crossing import crossings
from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.panel.actors import deaths_by_origin, groups_of, load_dyads, shares_from_elsewhere

COLUMNS = ["country", "dyad", "outcome", "month", "deaths"]


def dyads(*rows):
    return pd.DataFrame([dict(zip(COLUMNS, row, strict=True)) for row in rows], columns=COLUMNS)


@pytest.mark.parametrize(
    ("dyad", "groups"),
    [
        ("Government of A - Band", ("Band",)),
        ("Government of A, Government of B - Band", ("Band",)),
        ("Band - Civilians", ("Band",)),
        ("Government of A - Civilians", ()),
        ("Band - Guard", ("Band", "Guard")),
        ("Band - North - Civilians", ("Band - North",)),
        ("Band - North - Guard", ("Band - North - Guard",)),
    ],
)
def test_armed_groups_are_the_sides_that_are_no_government_and_no_civilians(dyad, groups):
    assert groups_of(dyad) == groups


def test_shares_by_hand():
    table = dyads(
        ("QMA", "Government of A - Band", "state_based", "2010-01", 5),
        ("QMB", "Band - Civilians", "one_sided", "2011-01", 6),  # twelve months later: has come from QMA
        ("QMB", "Government of B - Civilians", "one_sided", "2011-02", 2),
        ("QMC", "Guard - Civilians", "one_sided", "2010-06", 1),
        ("QMB", "Band - Guard", "non_state", "2011-07", 4),  # both have come: two deaths each
        ("QMC", "Band - Civilians", "one_sided", "2010-12", 3),  # eleven months: at home there
    )
    deaths = deaths_by_origin(table, "2010-01", "2012-12")
    assert deaths.loc["QMB"].to_dict() == {"QMA": 8, "QMB": 2, "QMC": 2}
    assert deaths.loc["QMC"].to_dict() == {"QMA": 0, "QMB": 0, "QMC": 4}
    shares = shares_from_elsewhere(deaths)
    assert shares.loc["QMB"].to_dict() == pytest.approx({"QMA": 8 / 12, "QMB": 0, "QMC": 2 / 12})
    assert shares.loc["QMC"].sum() == 0
    assert deaths_by_origin(table, "2010-01", "2012-12", fewest_months=11).loc["QMC", "QMA"] == 3
    assert deaths_by_origin(table, "2011-01", "2011-02", outcome="one_sided").loc["QMB"].sum() == 8
    assert deaths_by_origin(table, "2013-01", "2013-12").empty


def test_nothing_after_the_month_asked_for_is_seen():
    """Of the made-up case: to June 2020 one group has come to Bellune, and another to Ambara."""
    case = open_case(CASE)
    found = crossings(case, "2020-06")
    assert (found.first, found.last) == ("2015-07", "2020-06")
    assert found.table().set_index("country")["share"].to_dict() == {"QMB": 0.75, "QMA": 0.25, "QMC": 0.0}
    later = crossings(case, "2024-12")
    assert later.last == "2021-09" and later.deaths.loc["QMC", "QMA"] == 5  # the table ends before


def test_a_row_says_where_most_came_from():
    table = crossings(open_case(CASE), "2020-06").table().set_index("country")
    assert table.loc["QMB", ["deaths", "crossed", "largest", "largest_share"]].tolist() == [24, 18, "QMA", 0.75]
    assert pd.isna(table.loc["QMC", "largest"])
    assert crossings(open_case(CASE), "2020-06", "non_state").table()["share"].tolist() == [1.0]


@pytest.mark.parametrize("as_of", ["2023-06", "2024-12"])
def test_nearly_all_deaths_on_the_coast_were_in_conflicts_of_groups_from_the_sahel(as_of):
    share = crossings(open_case(), as_of).table().set_index("country")["share"]
    assert share["BEN"] > 0.9 and share["TGO"] > 0.9 and share["NER"] < 0.1


def test_a_case_without_a_table_of_dyads_has_no_such_answer(tmp_path):
    folder = copy_made_case(tmp_path / "case")
    said = (folder / "case.yaml").read_text().replace(", dyads: ucdp/dyads.csv", "")
    (folder / "case.yaml").write_text(said)
    assert crossings(open_case(folder), "2020-06") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("iso3,dyad_name,type,month\nQMA,A - B,non_state,2010-01\n", "no column 'best'"),
        ("iso3,dyad_name,type,month,best\nQMA,A - B,riots,2010-01,3\n", "best is a number of deaths, and type one of"),
        ("iso3,dyad_name,type,month,best\nQMA,A - B,non_state,2010-01,few\n", "best is a number of deaths"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, text, said):
    file = tmp_path / "dyads.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=said):
        load_dyads(file, ["QMA"])
    with pytest.raises(InputError, match="cannot be read"):
        load_dyads(tmp_path / "none.csv", ["QMA"])
