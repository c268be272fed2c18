import os
from pathlib import Path

import pytest
from filelock import FileLock

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn without a screen
GIVEN_CACHE = os.environ.get("HARMATTAN_CACHE")  # read before a fixture switches on another


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory):
    """A folder that all processes share that run the tests side by side."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def short_fits(common_folder):
    """The cache that is on unless a test asks for another; nothing short ends up in the user's own."""
    folder = common_folder / "short-fits"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARMATTAN_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def panel():
    """The whole frozen panel. Tests that change it take a copy."""
    from harmattan.panel.ucdp import load_panel

    return load_panel()


@pytest.fixture(scope="session")
def small_posterior(panel, short_fits, common_folder):
    """A short fit up to the exit, made once and kept among the short fits: right in shape, not in its tails."""
    from harmattan.model.fit import fit_model
    from harmattan.model.specification import SamplerSettings
    from harmattan.panel.geography import neighbour_weights
    from harmattan.panel.ucdp import truncate

    settings = SamplerSettings(draws=60, tune=60, chains=2)
    with FileLock(common_folder / "short-fit.lock"):
        return fit_model(truncate(panel, "2023-06"), neighbour_weights(), settings=settings)


@pytest.fixture(scope="session")
def shared_cache(common_folder):
    """The folder in which README, notebook, command line and API keep the one full fit that they share."""
    return Path(GIVEN_CACHE) if GIVEN_CACHE else common_folder / "full-fits"


@pytest.fixture(scope="session")
def full_fit(shared_cache, common_folder):
    """The one full fit up to the exit. Whoever needs it while another process makes it waits for that one."""
    import harmattan as hm

    with pytest.MonkeyPatch.context() as patch, FileLock(common_folder / "full-fit.lock"):
        patch.setenv("HARMATTAN_CACHE", str(shared_cache))
        return hm.fit("baseline")


@pytest.fixture
def full_fit_cache(shared_cache, monkeypatch):
    """Lets a test use the shared cache, whichever other cache a fixture has switched on before."""
    monkeypatch.setenv("HARMATTAN_CACHE", str(shared_cache))
    return shared_cache
