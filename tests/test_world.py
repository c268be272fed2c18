"""The world that cases are made of: every country of the record is a state with names, an outline and neighbours."""

import pandas as pd
import pytest

from harmattan.core.language import country_name, speaking
from harmattan.core.resources import shipped_root
from harmattan.panel import world
from harmattan.panel.outlines import box_of, other_land, world_outlines

DATA = shipped_root() / "seeds" / "data"
RECORD = pd.read_csv(DATA / "ucdp" / "country_month_world.csv")
PAIRS = pd.read_csv(DATA / "world" / "country_pairs.csv")
STATES = world.states()
ISLANDS = set(
    [
        "AUS",
        "BHR",
        "COM",
        "CUB",
        "CYP",
        "FJI",
        "JAM",
        "JPN",
        "LKA",
        "MDG",
        "MDV",
        "MLT",
        "NZL",
        "PHL",
        "SLB",
        "TTO",
        "TWN",
    ]
)
LAND = {
    "RUS": "FIN NOR EST LVA LTU POL BLR UKR GEO AZE KAZ CHN MNG PRK",
    "VNM": "CHN LAO KHM",
    "CZE": "AUT DEU POL SVK",
    "GRC": "ALB BGR MKD TUR",
    "COD": "AGO BDI CAF COG RWA SSD TZA UGA ZMB",
}


def touching(iso3):
    own = PAIRS[(PAIRS["border_km"] > 0) & ((PAIRS["iso3_a"] == iso3) | (PAIRS["iso3_b"] == iso3))]
    return {*own["iso3_a"], *own["iso3_b"]} - {iso3}


def of_the_record():
    known = {state.gwno: iso3 for iso3, state in STATES.items()}
    return {int(gwno): known.get(int(gwno)) for gwno in RECORD["gwno"].unique()}


def test_every_country_of_the_record_is_a_state_with_an_outline_and_names_in_both_languages():
    assert len(of_the_record()) == 126 and None not in of_the_record().values()
    for iso3, state in STATES.items():
        assert iso3 in world_outlines()
        assert iso3 not in (state.name, state.name_fr)
        for code in ("en", "fr"):
            with speaking(code):
                assert country_name(iso3) != iso3
    assert not {"Czechia", "Vietnam"} & set(other_land())


def test_every_country_of_the_record_has_neighbours_or_is_an_island():
    alone = {iso3 for iso3 in of_the_record().values() if not touching(iso3)}
    assert alone <= ISLANDS
    for iso3 in of_the_record().values():
        assert len(world.neighbourhood(iso3)) > 3


@pytest.mark.parametrize("iso3", LAND)
def test_neighbours_are_those_on_the_map(iso3):
    assert touching(iso3) == set(LAND[iso3].split())


def test_what_touches_overlaps_on_the_map_and_no_pair_stands_twice():
    assert not PAIRS[["iso3_a", "iso3_b"]].duplicated().any() and (PAIRS["iso3_a"] < PAIRS["iso3_b"]).all()
    assert (PAIRS.loc[PAIRS["border_km"] > 0, "min_distance_km"] == 0).all()
    for iso3, state in STATES.items():
        west, east, south, north = box_of(world_outlines()[iso3])
        assert south <= state.latitude <= north and west <= state.longitude <= east


def test_russia_is_measured_with_all_of_its_land():
    assert STATES["RUS"].longitude == pytest.approx(99.5, abs=1), "its centre lies in Siberia"
    near = PAIRS.set_index(["iso3_a", "iso3_b"])["min_distance_km"]
    assert near["RUS", "SWE"] == pytest.approx(208, abs=5), "over Finland's arm, not from the south"
    lengths = PAIRS.set_index(["iso3_a", "iso3_b"])["border_km"]
    assert lengths["FIN", "RUS"] == pytest.approx(1176, rel=0.02) and lengths["KAZ", "RUS"] > 5000


def test_a_case_of_a_country_that_was_missing_can_be_made():
    assert set(world.neighbourhood("VNM")) >= {"CHN", "LAO", "KHM"}
    assert STATES["CZE"].first == "1993-01" and STATES["VNM"].gwno == 816
    panel = world.panel_of(("VNM", "LAO"))
    assert panel.loc[panel["iso3"] == "VNM", "best"].sum() == RECORD.loc[RECORD["gwno"] == 816, "best"].sum()
