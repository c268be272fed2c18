"""Borders, distances and the weights that carry violence across them."""

import numpy as np
import pytest
from shipped import UNITS

from harmattan.case.opening import open_case

GEOGRAPHY = open_case().geography


def test_borders_are_symmetric_with_an_empty_diagonal():
    borders = GEOGRAPHY.border_lengths()
    assert borders.dims == ("country", "neighbour") and borders.shape == (16, 16)
    assert tuple(borders["country"].values) == tuple(borders["neighbour"].values) == UNITS
    assert np.array_equal(borders.values, borders.values.T)
    assert not np.diag(borders.values).any()


def test_neighbours_are_the_known_ones():
    borders = GEOGRAPHY.border_lengths().sel(country="MLI")
    touching = set(borders["neighbour"].values[borders.values > 0])
    assert touching == {"BFA", "NER", "MRT", "SEN", "GIN", "CIV", "DZA"}
    assert GEOGRAPHY.border_lengths().sel(country="CMR", neighbour="NER") == 0  # apart, by Lake Chad


def test_weights_are_shares_by_the_square_root_of_the_border():
    weights, borders = GEOGRAPHY.neighbour_weights(), GEOGRAPHY.border_lengths()
    assert weights.sum("neighbour").values == pytest.approx(np.ones(16))
    ratio = weights.sel(country="BEN", neighbour="NGA") / weights.sel(country="BEN", neighbour="TGO")
    expected = borders.sel(country="BEN", neighbour="NGA") / borders.sel(country="BEN", neighbour="TGO")
    assert float(ratio) ** 2 == pytest.approx(float(expected))


@pytest.mark.parametrize("between", ["border", "capital", "centroid"])
def test_distances_are_complete_and_symmetric(between):
    km = GEOGRAPHY.distances(between)
    assert km.notnull().all() and not np.diag(km.values).any()
    assert np.array_equal(km.values, km.values.T)


def test_neighbours_lie_at_no_distance_from_border_to_border():
    assert float(GEOGRAPHY.distances("border").sel(country="MLI", neighbour="BFA")) == 0
    assert 600 < float(GEOGRAPHY.distances("capital").sel(country="MLI", neighbour="BFA")) < 800  # Bamako - Ouagadougou
