"""Priors of the numbers that countries share: learnt from the world, and by outcome."""

import numpy as np
import pandas as pd
import pytest

from harmattan.core.names import OUTCOMES
from harmattan.core.resources import shipped_root
from harmattan.model.build import SERIES, SHAPES, build_density
from harmattan.model.priors import CENTRE_PRIOR, SHAPE_PRIOR, SPREAD_PRIOR, moments_of
from harmattan.model.specification import STANDARD

DECLARED = "import_logit"
"""What the record hardly tells."""

TABLES = {"centre": CENTRE_PRIOR, "log_spread": SPREAD_PRIOR, "shape": SHAPE_PRIOR}


@pytest.fixture(scope="module")
def modes():
    return pd.read_csv(shipped_root() / "benchmarks/results/world_priors.csv")


def test_priors_are_mean_and_spread_of_what_other_regions_said(modes):
    from world_priors import LEAST, learnt

    found = learnt(modes)
    for part, table in TABLES.items():
        for quantity, by_outcome in table.items():
            for outcome, moments in by_outcome.items():
                rows = modes.query("part == @part and quantity == @quantity and outcome == @outcome")
                assert len(rows) == 15, "five regions at three times"
                if quantity != DECLARED:
                    assert moments == tuple(found.loc[part, quantity, outcome])
                    doubt = float(np.mean(rows["doubt"] ** 2))
                    between = max(float(np.var(rows["mode"], ddof=1)) - doubt, 0.0)
                    sd = np.sqrt(between + (between + doubt) / 15)
                    assert moments == pytest.approx((rows["mode"].mean(), max(sd, LEAST[part])), abs=0.0051)


def test_what_is_learnt_of_made_up_regions_is_what_they_were_made_from():
    from world_priors import learnt

    rng = np.random.default_rng(3)
    made = [("shape", "memory_logit", outcome) for outcome in OUTCOMES]
    regions, truth, between, doubt = 4000, np.array([-1.0, 0.5, 2.0]), np.array([0.8, 1.5, 0.0]), 0.9
    modes = truth + between * rng.normal(size=(regions, 3)) + doubt * rng.normal(size=(regions, 3))
    columns = ("part", "quantity", "outcome")
    rows = [dict(zip(columns, place, strict=True)) for place in made for _ in range(regions)]
    found = learnt(pd.DataFrame(rows).assign(mode=modes.T.ravel(), doubt=doubt))
    assert found["mean"].tolist() == pytest.approx(truth, abs=0.08)
    assert found["sd"].tolist() == pytest.approx([0.8, 1.5, 0.3], abs=0.08), "at least the floor where none differs"


def test_no_region_that_priors_were_learnt_from_is_the_shipped_case(modes):
    from regions import OWN, REGIONS

    assert set(modes["region"]) == set(REGIONS) and OWN not in REGIONS


def test_what_crosses_borders_is_declared_since_records_hardly_tell_it(modes):
    doubt = modes[modes["part"] == "centre"].groupby("quantity")["doubt"].mean()
    assert doubt.idxmax() == DECLARED and doubt[DECLARED] > 1.2, "wider than the prior that is declared"


def test_tables_have_every_quantity_in_its_order_for_every_outcome():
    assert list(CENTRE_PRIOR) == list(SPREAD_PRIOR) == list(SERIES) and list(SHAPE_PRIOR) == list(SHAPES)
    mean, sd = moments_of(SHAPE_PRIOR, ["one_sided", "state_based"])
    assert mean.shape == sd.shape == (len(SHAPES), 2)
    assert (mean[0, 0], sd[0, 0]) == SHAPE_PRIOR["memory_logit"]["one_sided"]


def test_a_record_of_one_outcome_has_its_priors(known, borders):
    alone = known.sel(outcome=["non_state"])
    density = build_density(alone, borders, None, STANDARD.of(["non_state"]))
    whole = build_density(known, borders, None, STANDARD)
    column = list(OUTCOMES).index("non_state")
    for name, values in density.named(density.normal_mean).items():
        if name in ("centre", "spread", "shape"):
            assert np.array_equal(values[:, 0], whole.named(whole.normal_mean)[name][:, column])


def test_wide_priors_change_nothing_but_the_hyperparameters(known, borders):
    from world_priors import WIDE, under_wide_priors

    density = build_density(known, borders, None, STANDARD)
    wide = under_wide_priors(density)
    before, after = (one.named(one.normal_sd) for one in (density, wide))
    for name in ("offset", "log_coupling", "drift_normal", "turn_normal"):
        assert np.array_equal(before[name], after[name])
    for name, part in (("centre", "centre"), ("shape", "shape")):
        assert np.array_equal(after[name][:, 0], [sd for _, sd in WIDE[part].values()])
        assert (after[name] >= before[name]).all()
    assert np.array_equal(np.log(after["spread"][:, 2]), [sd for _, sd in WIDE["log_spread"].values()])
