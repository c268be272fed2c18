import os
from dataclasses import replace

import pandas as pd
import pytest
from filelock import FileLock
from sampling import SHORT

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn without a screen

LONGEST = (
    "test_brief_run",
    "test_faults",
    "test_any_brief",
    "test_words_of_a_case",
    "test_new_case",
    "test_front",
    "test_cache",
)
"""Modules that take longest, which begin first: of two processes none is left alone with one of them at the end."""


def pytest_collection_modifyitems(items):
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory):
    """A folder that all processes share that run the tests side by side."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def short_fits(common_folder):
    """The cache unless a test asks for another; and where nobody said how long to sample, it is not for minutes."""
    from harmattan.model import fit
    from harmattan.model.specification import SamplerSettings

    sample, folder = fit.sampled, common_folder / "short-fits"

    def sample_shortly(density, settings, *rest):
        return sample(density, SHORT if settings == SamplerSettings() else settings, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARMATTAN_CACHE", str(folder))
        patch.setattr(fit, "sampled", sample_shortly)
        yield folder


@pytest.fixture(scope="module")
def made_people(tmp_path_factory):
    """Made-up coefficients of who flees and who is displaced: sampling them takes half a minute."""
    from harmattan.follow import displaced, refugees
    from harmattan.run import displaced as run_displaced
    from harmattan.run import flows as run_flows

    def hurdle(rows, predictors, pairs, **_):
        middles = {f"any.{one.name}": one.any_mean for one in predictors}
        middles |= {f"size.{one.name}": one.size_mean for one in predictors}
        apart = {f"{part}.in.{pair}": 0.0 for part in ("any", "size") for pair in pairs}
        return pd.DataFrame([middles | apart | {"noise.0": 1.0, "noise.1": 1.0}])

    def stock(before, now, deaths, group, groups, **_):
        return pd.DataFrame([{"keep": 0.9, "noise": 0.3} | {f"added.in.{name}": 4.0 for name in groups}])

    folder = tmp_path_factory.mktemp("made-people")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refugees, "hurdle_draws", hurdle)
        patch.setattr(displaced, "stock_draws", stock)
        for module in (run_flows, run_displaced):
            patch.setattr(module, "usual_folder", lambda: folder)  # nobody else finds them
        yield


@pytest.fixture(scope="module")
def told():
    """The shipped case is told: sentences and figures that are made outside of a run have its words."""
    from harmattan.case.opening import open_case
    from harmattan.core.telling import telling

    with telling(open_case().words) as words:
        yield words


@pytest.fixture(scope="session")
def panel():
    """The whole frozen panel. Tests that change it take a copy."""
    from shipped import load_panel

    return load_panel()


@pytest.fixture(scope="session")
def known(panel):
    """The panel up to the exit."""
    from made_parameters import AS_OF

    return panel.sel(month=slice(None, AS_OF))


@pytest.fixture(scope="session")
def borders():
    """How the panel's countries weigh their neighbours."""
    from shipped import neighbour_weights

    return neighbour_weights()


@pytest.fixture(scope="module")
def made_case():
    """The made-up case is the project in use: of the module's tests, and of the commands that they start."""
    from made import CASE

    from harmattan.core.resources import PROJECT_VARIABLE
    from harmattan.loaded import load_case

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROJECT_VARIABLE, str(CASE))
        yield load_case()


@pytest.fixture(scope="session")
def made_fit(short_fits, common_folder):
    """A short fit of the made-up case up to its exit, kept under the name of the full one too (see `found_fit`)."""
    from made import AS_OF, made_borders, made_record

    from harmattan.model.fit import fit_model

    seen, borders = made_record(AS_OF), made_borders()
    with FileLock(common_folder / "made-fit.lock"):
        fit = fit_model(seen, borders, settings=SHORT)
        keep_as_full(fit, seen, borders, short_fits)
    return fit


@pytest.fixture(scope="session")
def small_posterior(panel, short_fits, common_folder):
    """A short fit up to the exit, made once and kept among the short fits: right in shape, not in its tails."""
    from shipped import neighbour_weights

    from harmattan.model.fit import fit_model
    from harmattan.panel.ucdp import truncate

    with FileLock(common_folder / "short-fit.lock"):
        return fit_model(truncate(panel, "2023-06"), neighbour_weights(), settings=SHORT)


@pytest.fixture(scope="session")
def found_fit(small_posterior, panel, short_fits):
    """The short fit under the name of the full one, where commands and notebooks look that name no settings.

    They say that it has not passed its checks; nothing else that they promise hangs on more draws.
    """
    from shipped import neighbour_weights

    from harmattan.panel.ucdp import truncate

    keep_as_full(small_posterior, truncate(panel, "2023-06"), neighbour_weights(), short_fits)
    return small_posterior


def keep_as_full(fit, seen, borders, folder):
    """Keep a short fit under the name of the full one, where other processes look for that."""
    from harmattan.model.fit import fit_key
    from harmattan.model.specification import SamplerSettings

    key = fit_key(seen, borders, None, fit.specification, SamplerSettings())
    replace(fit, key=key).save(folder / f"posterior-{key[:32]}.nc")
