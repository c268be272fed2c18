"""What the world's records say of drift and turns: evidence against integrals that are known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from harmattan.core.resources import shipped_root
from harmattan.model.specification import STANDARD


def test_the_evidence_of_a_normal_density_is_its_integral():
    from drift_evidence import log_evidence

    rng = np.random.default_rng(1)
    root = rng.normal(size=(5, 5))
    precision, middle, constant = root @ root.T + np.eye(5), rng.normal(size=5), -3.7

    def at(point):
        away = point - middle
        return constant - away @ precision @ away / 2, -precision @ away, 0.0

    density = SimpleNamespace(size=5, at=at, centre_of_prior=lambda: np.zeros(5))
    wanted = constant + 2.5 * np.log(2 * np.pi) - np.linalg.slogdet(precision)[1] / 2
    assert log_evidence(density) == pytest.approx(wanted, abs=1e-6)


def test_a_saddle_has_no_evidence():
    from drift_evidence import log_evidence

    curved = np.array([1.0, 1.0, -1.0])

    def at(point):
        return -(curved * point**2).sum() / 2, np.zeros(3) if (point == 0).all() else -curved * point, 0.0

    with pytest.raises(ValueError, match="no peak"):
        log_evidence(SimpleNamespace(size=3, at=at, centre_of_prior=lambda: np.zeros(3)))


def test_records_that_differ_in_a_quantity_are_told_from_records_that_share_it():
    """Each record tells its own value to within a tenth; the values spread by half around one."""
    from drift_evidence import spread_between_records

    values = np.exp(np.linspace(-2.5, 2.5, 41))
    own = 0.5 * np.random.default_rng(2).normal(size=300)

    def gains(middles):
        curves = -0.5 * ((np.log(values) - middles[:, None]) / 0.1) ** 2
        return pd.DataFrame(curves, columns=values)

    found = spread_between_records(gains(own)).set_index("spread")
    assert found["gain"].idxmax() == pytest.approx(0.5, abs=0.051)
    assert np.log(found["median"][found["gain"].idxmax()]) == pytest.approx(own.mean(), abs=0.06)
    assert spread_between_records(gains(0.0 * own)).set_index("spread")["gain"].idxmax() <= 0.05


def test_every_scan_holds_the_model_as_it_is_and_moves_one_quantity_only():
    from drift_evidence import SCANS

    assert {model(value) == STANDARD for model, values in SCANS.values() for value in values} == {True, False}
    for quantity, (model, values) in SCANS.items():
        assert sum(model(value) == STANDARD for value in values) == 1, quantity
    assert SCANS["drift_sd"][0](0.3) == replace(STANDARD, drift_sd=0.3)
    by_name = {o.name: o for o in SCANS["drift_share of non-state deaths"][0](0.5).outcomes}
    assert by_name["non_state"].drift_share == 0.5 and by_name["one_sided"] == STANDARD.outcomes[2]


def test_the_world_does_not_speak_against_the_numbers_of_the_model():
    """Those of drift itself are where the evidence is largest; of the others none is six units away from the best."""
    kept = pd.read_csv(shipped_root() / "benchmarks/results/drift_evidence.csv")
    assert kept.groupby("quantity")[["region", "year"]].apply(lambda rows: len(rows.drop_duplicates())).eq(70).all()
    summed = kept.groupby(["quantity", "value"])["gain"].sum()
    assert summed["drift_sd"].idxmax() == STANDARD.drift_sd and summed["drift_keep"].idxmax() == STANDARD.drift_keep
    assert (summed.groupby("quantity").max() < 6.0).all()
