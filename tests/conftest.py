import os
from pathlib import Path

import pytest

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn without a screen
GIVEN_CACHE = os.environ.get("HARMATTAN_CACHE")  # read before a fixture switches on another


@pytest.fixture(scope="session")
def panel():
    """The whole frozen panel. Tests that change it take a copy."""
    from harmattan.panel.ucdp import load_panel

    return load_panel()


@pytest.fixture(scope="session")
def small_posterior(panel, tmp_path_factory):
    """A short fit up to the exit, made once and kept in a cache of its own: right in shape, not in its tails."""
    from harmattan.model.fit import fit_model
    from harmattan.model.specification import SamplerSettings
    from harmattan.panel.geography import neighbour_weights
    from harmattan.panel.ucdp import truncate

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARMATTAN_CACHE", str(tmp_path_factory.mktemp("cache")))
        settings = SamplerSettings(draws=60, tune=60, chains=2)
        yield fit_model(truncate(panel, "2023-06"), neighbour_weights(), settings=settings)


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory):
    """The folder in which README, notebook, command line and API keep the one full fit that they share."""
    return Path(GIVEN_CACHE) if GIVEN_CACHE else tmp_path_factory.mktemp("shared-cache")


@pytest.fixture
def full_fit_cache(shared_cache, monkeypatch):
    """Lets a test use the shared cache, whichever other cache a fixture has switched on before."""
    monkeypatch.setenv("HARMATTAN_CACHE", str(shared_cache))
    return shared_cache
