"""The same futures with what crosses borders held as it is at the start, asked of the made-up case."""

import numpy as np
import pytest
from made import AS_OF

import harmattan as hm
from harmattan.run.forecasting import forecast_on

HELD = "neighbours held"
pytestmark = pytest.mark.usefixtures("made_case", "made_fit")


@pytest.fixture(scope="module")
def run(made_case, made_fit):
    return hm.forecast("leaves", as_of=AS_OF, months=24, draws=200)


@pytest.fixture(scope="module")
def held(run):
    return run.neighbours_held()


def test_until_something_new_has_crossed_a_border_nothing_differs(run, held):
    first = {"month": 0}
    np.testing.assert_array_equal(held[HELD].deaths[first].values, run.deaths[first].values)
    assert held["leaves"] is run and held.table["against"].unique().tolist() == [HELD]


def test_an_island_is_the_same_and_a_unit_with_neighbours_is_not(run, held):
    alike = (held[HELD].deaths == run.deaths).all(["draw", "month", "outcome"])
    borders = run.ground.borders.sum("neighbour")
    assert alike.sel(country="QMI").item() and borders.sel(country="QMI") == 0
    assert not alike.sel(country="QMA").item()


def test_sources_keep_their_shares_of_what_crosses(held):
    """An import is a neighbour's memory, which is held, times what the unit makes of it, which is one for all."""
    imported = held[HELD].paths.imported.sel(country="QMA", outcome="one_sided")
    shares = imported / imported.sum("neighbour")
    assert imported.sum() > 0
    np.testing.assert_allclose(shares, shares.isel(month=0).broadcast_like(shares), rtol=1e-9)


def test_it_is_the_same_each_time_and_counts_as_reported(run, held):
    again = forecast_on(run.ground, run.asked, priors=run.ground.priors, hold_neighbours=True)
    assert again.deaths.identical(held[HELD].deaths)
    plain = forecast_on(run.ground, run.asked, priors=run.ground.priors)
    assert plain.deaths.identical(run.deaths)
