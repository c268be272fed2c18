"""Model and simulator take units and outcomes from the record they are handed, whatever these are."""

import numpy as np
import pytest
import xarray as xr
from made_up import KINDS, UNITS, made_up_borders, made_up_record

from harmattan.core.months import months_after
from harmattan.model.build import likelihood_data
from harmattan.model.fit import fit_model
from harmattan.model.memory import memories_after
from harmattan.model.specification import STANDARD, SamplerSettings
from harmattan.simulate.paths import simulate_paths
from harmattan.simulate.start import start_state

SHORT = SamplerSettings(draws=50, tune=50, chains=1, cores=1)
MONTHS = months_after("2020-12", 6)


def futures(record, borders, posterior, draws=40):
    spec = posterior.specification
    parameters = posterior.take(draws, 1)
    start = start_state(record, borders, spec, parameters)
    return simulate_paths(parameters, start, borders, MONTHS, spec, 1)


@pytest.fixture(scope="module")
def fitted(short_fits):
    record, borders = made_up_record(), made_up_borders()
    return record, borders, fit_model(record, borders, settings=SHORT)


def test_a_record_of_other_units_and_outcomes_is_fitted_and_forecast_under_its_own_labels(fitted):
    record, borders, posterior = fitted
    assert [o.name for o in posterior.specification.outcomes] == list(KINDS)
    paths = futures(record, borders, posterior)
    assert paths.deaths["country"].values.tolist() == list(UNITS)
    assert paths.deaths["outcome"].values.tolist() == list(KINDS)
    assert paths.imported["neighbour"].values.tolist() == list(UNITS)
    assert float(paths.expected.sel(country="HOM").min()) > float(paths.expected.sel(country="ISL").max())


def test_an_island_gets_nothing_over_a_border_and_no_number_is_missing(fitted):
    paths = futures(*fitted)
    assert float(paths.imported.sel(country="ISL").sum()) == 0.0
    assert np.isfinite(paths.expected.values).all()


def test_units_with_other_names_have_the_same_parameters(fitted):
    record, borders, posterior = fitted
    names = ["AAA", "BBB", "CCC"]
    renamed = record.assign_coords(country=names)
    other = fit_model(renamed, borders.assign_coords(country=names, neighbour=names), settings=SHORT)
    xr.testing.assert_equal(other.parameters, posterior.parameters.assign_coords(country=names))


def test_memories_of_a_young_unit_begin_at_its_birth_and_its_first_year_is_no_row_of_the_likelihood():
    record, spec = made_up_record(), STANDARD.of(KINDS)
    young = record.copy()
    young.loc[{"country": "NEX", "month": record["month"][:20]}] = np.nan
    born = memories_after(young, made_up_borders(), spec)
    alone = memories_after(record.sel(country=["NEX"]).isel(month=slice(20, None)), made_up_borders(("HOM",)), spec)
    np.testing.assert_array_equal(born.slow[20:, 1], alone.slow[:, 0])
    np.testing.assert_array_equal(born.occurrence[20:, 1], alone.occurrence[:, 0])
    assert (born.slow[:20, 1] == 0).all() and (born.neighbours[:20, 0] == 0).all()
    counts, _, weights = (array.transpose() for array in likelihood_data(young, made_up_borders(), None, spec)[:3])
    first = 60 - len(counts)
    assert (weights[: 32 - first, 1] == 0).all() and (weights[32 - first :, 1] > 0).all() and (weights[:, 0] > 0).all()


def test_a_kind_of_death_that_the_model_states_nothing_of_is_named():
    with pytest.raises(ValueError, match=r"no structure for earthquakes; it has state_based, non_state, one_sided"):
        STANDARD.of(["state_based", "earthquakes"])


def test_civilians_need_the_fighting_that_feeds_them():
    with pytest.raises(ValueError, match="one_sided is fed by state_based, which the panel does not hold"):
        STANDARD.of(["one_sided"])


def test_a_specification_reads_back_what_it_stored():
    chosen = STANDARD.of(["state_based", "one_sided"])
    assert type(STANDARD).from_dict(chosen.as_dict()) == chosen
    assert chosen.feeding() == {1: 0}
