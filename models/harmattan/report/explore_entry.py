"""`hm.explore`: the exploring page of forecasts that are at hand."""

from pathlib import Path

from ..core.arguments import checked
from ..core.errors import InputError
from ..core.files import check_file
from ..core.language import speaking
from ..core.telling import telling
from ..run.pairing import check_pairing
from ..run.results import Comparison, Forecast


@checked
def explore(
    *runs: Forecast | Comparison, out: str | Path = "explore.html", lang: str = "en", likelihood: str = "icd203"
) -> Path:
    """Write a page that answers questions of one's own from the futures of some runs, and return it.

    One file without server or outside resource; `harmattan brief` writes it too. Every run beyond the first adds a
    fifth of a megabyte or so.

    Parameters
    ----------
    *runs : Forecast or Comparison
        Of the same months, seed and draws; the first is asked where the reader chooses nothing.
    out : path
        An earlier file gives way.
    lang : str
        Language of the page.
    likelihood : {"icd203", "phia"}
        Whose words of likelihood to use; the number always stands beside them.

    Raises
    ------
    InputError
        If there is no run, runs cannot be paired or count plausible deaths, or there is no such language or scale.
    """
    from .explore_page import render_explore

    forecasts = [one for run in runs for one in (run.forecasts.values() if isinstance(run, Comparison) else (run,))]
    if not forecasts:
        raise InputError("Name at least one run to explore, as in hm.explore(hm.forecast()).")
    if likelihood not in ("icd203", "phia"):
        raise InputError(f"--likelihood {likelihood}: choose from icd203, phia.")
    check_pairing([one.asked for one in forecasts])
    first = forecasts[0]
    if any((one.seed, one.deaths.sizes["draw"]) != (first.seed, first.deaths.sizes["draw"]) for one in forecasts):
        raise InputError("Runs can only be explored together with the same seed and the same number of draws.")
    if any(one.counts == "plausible" for one in forecasts):
        raise InputError(
            "The page counts reported deaths, and one run counts plausible ones. Give the run of reported ones."
        )
    path = Path(out)
    check_file(path, "out")
    last = str(first.case.record()["month"].values[-1])
    with speaking(lang), telling(first.words):
        page = render_explore(forecasts, likelihood="phia" if likelihood == "phia" else "icd203", last=last)
    path.write_text(page, encoding="utf-8")
    return path
