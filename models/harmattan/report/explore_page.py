"""The exploring page: one self-contained file that asks the run's own futures, without server or library."""

from collections.abc import Mapping, Sequence
from typing import Any

from .. import __version__
from ..core.language import case_title, country_name, current, outcome_name, phrase, translate, whole
from ..plots.numbers import opening
from ..run.results import Forecast
from . import explore_form
from .explore_numbers import FIRST_WINDOW, ExploreNumbers, canonical, explore_numbers, grid
from .explore_recorded import SUFFIX, as_recorded, settled_by
from .words import BANDS, Scale, month_words, scale_words

_ROUND = (10, 15, 20, 25, 30, 40, 50, 60, 75)
_SMALL = (0, 1, 2, 3, 5, 7)
_SENTENCES = "explore.say."
_OF_NUMBERS = ("in_hundred", "below_one_in_hundred", "above_ninety_nine_in_hundred", "below_one", "said")


def render_explore(forecasts: Sequence[Forecast], *, likelihood: Scale = "icd203", last: str) -> str:
    """Return the exploring page of paired forecasts, in the language that is spoken, of the case that is told.

    Parameters
    ----------
    forecasts : sequence of Forecast
        The first is asked where nothing is chosen; where dated events have settled drivers since its `as_of`, it also
        stands there as recorded.
    likelihood : {"icd203", "phia"}
        Scale of likelihood words.
    last : str
        Last month of the record, `YYYY-MM`: up to it events count as recorded.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    settled = settled_by(forecasts[0], last)
    recorded = as_recorded(forecasts[0], settled)
    runs = [*forecasts, *(() if recorded is None else (recorded,))]
    numbers = explore_numbers(runs)
    page = _page(runs, numbers, settled, last) | {
        "data": canonical(_data(runs, numbers, recorded is not None, likelihood))
    }
    environment = Environment(
        loader=PackageLoader("harmattan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(phrase=phrase, language=current().code)
    return environment.get_template("explore.html.j2").render(page=page)


def thresholds(largest: int, more: Sequence[int] = ()) -> list[int]:
    """Return round numbers up to a total, with those that the case asks for, all on the grid of the totals."""
    rounds = [*_SMALL, *(step * 10**power for power in range(7) for step in _ROUND)]
    kept = {number for number in rounds if number <= max(largest, 10)}
    return sorted(kept | (set(more) & set(grid().tolist())))


def _page(runs: Sequence[Forecast], numbers: ExploreNumbers, settled: Mapping[str, str], last: str) -> dict[str, Any]:
    """Return what the template shows."""
    first, case = runs[0], runs[0].case
    recorded = runs[-1].scenario.id.endswith(SUFFIX)
    return {
        "title": phrase("explore.title", title=case_title()),
        "stamp": phrase("explore.stamp", month=month_words(first.clock.as_of), record=month_words(last)),
        "lead": phrase("explore.lead", draws=whole(first.deaths.sizes["draw"])),
        "failures": tuple(translate(problem) for problem in first.posterior.diagnostics.problems),
        "choices": explore_form.choices(runs),
        "thresholds": thresholds(int(numbers.totals().max()), case.thresholds),
        "groups": explore_form.groups(first, settled, last),
        "learnt": numbers.learnt,
        "recorded": recorded or bool(settled),
        "recorded_note": phrase(_recorded_note(settled, recorded), month=month_words(last)),
        "still": explore_form.still(first),
        "still_note": phrase(
            "explore.still_note", scenario=translate(first.scenario.title), outcome=outcome_name(case.headline),
            window=explore_form.windows(first)[FIRST_WINDOW],
        ),
        "method": phrase("explore.method_learnt" if numbers.learnt else "explore.method_prior"),
        "rounding": phrase("explore.rounding", draws=whole(first.deaths.sizes["draw"])),
    }  # fmt: skip


def _recorded_note(settled: Mapping[str, str], simulated: bool) -> str:
    if not settled:
        return "explore.recorded_nothing"
    return "explore.recorded_simulated" if simulated else "explore.recorded_already"


def _data(runs: Sequence[Forecast], numbers: ExploreNumbers, recorded: bool, likelihood: Scale) -> dict[str, Any]:
    """Return what the scripts read."""
    first, payload = runs[0], numbers.payload()
    for told, run in zip(payload["scenarios"], runs, strict=True):
        told["extends"] = run.scenario.id.removesuffix(SUFFIX)
    windows = explore_form.windows(first)
    return payload | {
        "format": 1,
        "version": __version__,
        "grid": grid()[: int(numbers.codes.max()) + 1].tolist(),
        "states_each": first.ground.priors.sizes["component"],
        "branches": _branches(first, numbers),
        "months": [f"{months[0]}/{months[-1]}" for months in numbers.windows.values()],
        "thresholds": thresholds(int(numbers.totals().max()), first.case.thresholds),
        "recorded": len(runs) - 1 if recorded else 0,
        "start": {
            "country": first.case.home, "outcome": first.case.headline,
            "window": FIRST_WINDOW, "scenario": first.scenario.id,
        },
        "as_of": first.clock.as_of, "claims_as_of": first.clock.claims_as_of,
        "months_ahead": first.clock.months, "seed": first.seed,
        "words": {
            "marks": {"group": current().group},
            "bands": [[low, high, word] for (low, high), word in
                      zip(BANDS[likelihood], scale_words(likelihood), strict=True)],
            "outcomes": [opening(outcome_name(name)) for name in (*explore_form.outcomes(first), explore_form.ALL)],
            "where": [phrase("explore.where", country=country_name(code)) for code in explore_form.units(first)],
            "windows": [windows[name] for name in numbers.windows],
            "say": _sentences(),
        },
    }  # fmt: skip


def _branches(run: Forecast, numbers: ExploreNumbers) -> dict[str, list[str]]:
    """Return what each state of a driver but the last is called, empty where there is no such branch."""
    drivers = run.ground.register.drivers
    size = run.ground.priors.sizes["component"] - 1
    found = {name: drivers[name].branch_ids if name in drivers else () for name in numbers.drivers}
    return {name: [*ids, *[""] * (size - len(ids))] for name, ids in found.items()}


def _sentences() -> dict[str, str]:
    """Return the templates of what scripts say, by the last part of their key."""
    known = current().phrases
    own = {key.removeprefix(_SENTENCES): text for key, text in known.items() if key.startswith(_SENTENCES)}
    return {name: known[f"number.{name}"] for name in _OF_NUMBERS} | own
