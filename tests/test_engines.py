"""Rivals that `benchmarks/engines.py` times sample what Harmattan samples."""

import numpy as np
import pytest
from plain_python import plain_python
from shipped import neighbour_weights

from harmattan.model.build import build_density
from harmattan.model.specification import STANDARD


def test_the_plain_graph_states_the_density_that_is_sampled(panel):
    import pytensor
    from engines import AS_OF, graph_model

    density = build_density(panel.sel(month=slice(None, AS_OF)), neighbour_weights(), None, STANDARD)
    model = graph_model()
    with plain_python("fast_compile") as mode:
        stated = pytensor.function(model.value_vars, model.logp(), mode=mode)
    for seed in (1, 2):
        point = density.centre_of_prior() + 0.3 * np.random.default_rng(seed).normal(size=density.size)
        raw = density.named(point) | {"spread": np.log(density.named(point)["spread"])}
        value = stated(*(raw[variable.name.removesuffix("_log__")] for variable in model.value_vars))
        assert float(value) == pytest.approx(density.at(point)[0], rel=1e-10)
