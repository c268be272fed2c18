"""The made-up case is whole, small and of no real place: what other tests may rely on."""

import re

import numpy as np
import pandas as pd
import pytest
from made import CASE, DOCUMENTS, UNITS, copy_with_codes, made_borders, made_record
from made_record import FILE, record
from sampling import SHORT

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.language import speaking
from harmattan.panel.world import states
from harmattan.report.translations import untranslated
from harmattan.run.backtesting import backtest


def test_it_is_valid_and_its_claims_stand_in_its_documents():
    register = hm.load_case(CASE).validate(documents=DOCUMENTS)
    assert (len(register.sources), len(register.claims), len(register.drivers)) == (2, 10, 4)


def test_no_unit_of_it_is_a_place_of_the_world_and_nothing_names_the_shipped_case():
    assert not set(UNITS) & set(states()), "codes that ISO 3166 leaves to its users"
    said = " ".join(path.read_text(encoding="utf-8") for path in CASE.rglob("*") if path.is_file())
    assert not re.search(r"Mali\b|MINUSMA|Sahel|Wagner|\b(MLI|BFA|NER)\b", said)


def test_its_record_is_what_the_script_makes():
    assert FILE.read_text(encoding="utf-8") == record()
    months = made_record()["month"].values
    assert (months[0], months[-1]) == ("2009-01", "2024-12")


def test_one_unit_begins_late_and_one_is_an_island():
    deaths = made_record()
    assert deaths.sel(country="QMD", month="2013-12").isnull().all()
    assert deaths.sel(country="QMD", month="2014-01").notnull().all()
    borders = made_borders()
    assert float(borders.sel(country="QMI").sum()) == 0.0
    # the root of 900 km against the root of 100 km
    assert borders.sel(country="QMA").values.tolist() == pytest.approx([0, 30 / 40, 10 / 40, 0, 0])
    assert borders.sel(country="QMB").values.tolist() == pytest.approx([30 / 50, 0, 0, 20 / 50, 0])


def test_everything_that_a_page_shows_of_it_is_there_in_both_languages():
    mine = hm.load_case(CASE)
    scenarios = [mine.load(name) for name in mine.scenarios]
    with speaking("fr"):
        assert untranslated(mine.validate(), scenarios, "fr") == []


def test_other_codes_for_its_units_change_no_number(tmp_path, made_fit):
    """Neither fit, luck and drivers of both scenarios, nor the scores of a backtest and of its rivals."""
    codes = dict(zip(UNITS, ("XZE", "XYD", "XXC", "XWB", "XVA"), strict=True))
    here, there = hm.load_case(CASE), hm.load_case(copy_with_codes(tmp_path / "renamed", codes))
    one, other = (case.compare("leaves", "stays", months=12, draws=40) for case in (here, there))
    for name, mine in one.forecasts.items():
        renamed = other.forecasts[name]
        assert renamed.deaths["country"].values.tolist() == list(codes.values())
        assert np.array_equal(renamed.deaths.values, mine.deaths.values)
        assert np.array_equal(renamed.paths.expected.values, mine.paths.expected.values)
    asked = {"horizon": 2, "draws": 20, "settings": SHORT}
    mine = backtest(made_record(), made_borders(), ["2018-12"], **asked)
    renamed = open_case(tmp_path / "renamed")
    renamed = backtest(renamed.record(), renamed.geography.neighbour_weights(), ["2018-12"], **asked)
    pd.testing.assert_frame_equal(renamed, mine.replace({"country": codes}))
