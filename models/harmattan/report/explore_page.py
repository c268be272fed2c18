"""The exploring page: one self-contained file that asks the run's own futures, without server or library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import __version__
from ..core.language import case_title, country_name, current, outcome_name, phrase, translate, whole
from ..plots.numbers import first_months_words, held_words, horizon_words, opening, short_in_hundred
from ..risk.measures import exceedance, months_held
from ..run.results import Forecast
from ..schema.driver import Driver
from .explore_numbers import FIRST_WINDOW, ExploreNumbers, canonical, explore_numbers, grid
from .explore_recorded import SUFFIX, as_recorded, settled_by
from .words import BANDS, Scale, month_words, scale_words, sensible

ALL = "all"
"""Id of the outcome that adds up the others."""

_ROUND = (10, 15, 20, 25, 30, 40, 50, 60, 75)
_SMALL = (0, 1, 2, 3, 5, 7)
_SENTENCES = "explore.say."
_OF_NUMBERS = ("in_hundred", "below_one_in_hundred", "above_ninety_nine_in_hundred", "below_one", "said")


@dataclass(frozen=True)
class Still:
    """The table that stands on the page without scripts: headings, and rows of cells as a reader sees them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


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
        "choices": _choices(runs, numbers),
        "thresholds": thresholds(int(numbers.totals().max()), case.thresholds),
        "groups": _groups(first, settled, last),
        "learnt": numbers.learnt,
        "recorded": recorded or bool(settled),
        "recorded_note": phrase(_recorded_note(settled, recorded), month=month_words(last)),
        "still": _still(first),
        "still_note": phrase(
            "explore.still_note", scenario=translate(first.scenario.title), outcome=outcome_name(case.headline),
            window=_windows(first)[FIRST_WINDOW],
        ),
        "method": phrase("explore.method_learnt" if numbers.learnt else "explore.method_prior"),
        "rounding": phrase("explore.rounding", draws=whole(first.deaths.sizes["draw"])),
    }  # fmt: skip


def _recorded_note(settled: Mapping[str, str], simulated: bool) -> str:
    if not settled:
        return "explore.recorded_nothing"
    return "explore.recorded_simulated" if simulated else "explore.recorded_already"


def _choices(runs: Sequence[Forecast], numbers: ExploreNumbers) -> list[tuple[str, str, list[tuple[str, str]]]]:
    first = runs[0]
    windows = _windows(first)
    options = {
        "country": [(code, str(country_name(code))) for code in _units(first)],
        "outcome": [(name, opening(outcome_name(name))) for name in (*_outcomes(first), ALL)],
        "window": [(name, opening(windows[name])) for name in numbers.windows],
        "scenario": [(run.scenario.id, _title(run)) for run in runs],
    }
    return [(name, phrase(f"explore.{name}"), options[name]) for name in ("country", "scenario", "outcome", "window")]


def _title(run: Forecast) -> str:
    title = translate(run.scenario.title)
    return phrase("explore.as_recorded", title=title) if run.scenario.id.endswith(SUFFIX) else title


def _units(run: Forecast) -> list[str]:
    return [str(code) for code in run.deaths["country"].values]


def _outcomes(run: Forecast) -> list[str]:
    return [str(name) for name in run.deaths["outcome"].values]


def _windows(run: Forecast) -> dict[str, str]:
    """Return each window in words, the first one by the calendar."""
    words = {FIRST_WINDOW: first_months_words(run.months[:12])}
    for name, months in run.windows().items():
        words[name] = f"{horizon_words(name)}{phrase('page.colon')} {held_words(*months_held(months, run.clock.exit))}"
    return words


def _groups(run: Forecast, settled: Mapping[str, str], last: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return drivers under the headings that the case gives them, in file order; those without one come last."""
    drivers, priors = run.ground.register.drivers, run.ground.priors
    groups: dict[str, list[dict[str, Any]]] = {}
    for name in sorted(drivers, key=lambda name: drivers[name].group is None):
        if name in priors["driver"].values:
            driver = drivers[name]
            heading = phrase("explore.drivers_else") if driver.group is None else translate(driver.group)
            weights = priors["weight"].sel(driver=name).values
            groups.setdefault(heading, []).append(_driver(driver, weights, settled.get(name), run, last))
    return list(groups.items())


def _driver(driver: Driver, weights: Any, settled: str | None, run: Forecast, last: str) -> dict[str, Any]:
    several = len(driver.branches) > 1
    titles = [translate(driver.title_of(branch)) for branch in driver.branches]
    yes = titles if several else [phrase("explore.yes")]
    no = phrase("explore.neither" if several else "explore.no")
    likely = phrase("explore.how_likely")
    return {
        "id": driver.id,
        "title": translate(driver.title),
        "public": " ".join(_public(driver, settled, run, last)),
        "ways": [("", phrase("explore.unknown")), *((str(i), text) for i, text in enumerate(yes)), ("absent", no)],
        "chances": [
            {"state": i, "label": phrase("explore.how_likely_branch", branch=title) if several else likely}
            for i, title in enumerate(titles)
            if weights[i] > 0
        ],
    }


def _public(driver: Driver, settled: str | None, run: Forecast, last: str) -> list[str]:
    """Return what of a driver is public record by the last month of the record."""
    told = [
        opening(translate(f"{one.what}, {one.date[:7]}; its effect is not settled")) + phrase("explore.stop")
        for one in driver.happened
        if one.date[:7] <= last
    ]
    for event in driver.events:
        date = run.ground.register.drivers.events[event.event][:7]
        if settled == event.branch and event.odds_ratio is None and date <= last:
            branch = next(one for one in driver.branches if one.id == event.branch)
            told.append(phrase("explore.settled", branch=translate(driver.title_of(branch)), month=month_words(date)))
    return told


def _still(run: Forecast) -> Still:
    """Return median, range and chances of the first scenario by country, of the headline in the first months."""
    case = run.case
    year = run.deaths.sel(outcome=case.headline).isel(month=slice(0, 12)).sum("month")
    shares = exceedance(year, case.thresholds)
    rows = []
    for code in _units(run):
        low, middle, high = year.sel(country=code).quantile([0.1, 0.5, 0.9]).values
        span = phrase("explore.from_to", low=sensible(low), high=sensible(high))
        chances = [short_in_hundred(float(shares.sel(country=code, threshold=level))) for level in case.thresholds]
        rows.append((str(country_name(code)), sensible(middle), span, *chances))
    levels = [phrase("explore.say.more_than", threshold=whole(level)) for level in case.thresholds]
    heads = (phrase("explore.country"), phrase("explore.median"), phrase("explore.range"), *levels)
    return Still(heads, tuple(rows))


def _data(runs: Sequence[Forecast], numbers: ExploreNumbers, recorded: bool, likelihood: Scale) -> dict[str, Any]:
    """Return what the scripts read."""
    first, payload = runs[0], numbers.payload()
    for told, run in zip(payload["scenarios"], runs, strict=True):
        told["extends"] = run.scenario.id.removesuffix(SUFFIX)
    windows = _windows(first)
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
        "as_of": first.clock.as_of, "months_ahead": first.clock.months, "seed": first.seed,
        "words": {
            "marks": {"group": current().group},
            "bands": [[low, high, word] for (low, high), word in
                      zip(BANDS[likelihood], scale_words(likelihood), strict=True)],
            "outcomes": [opening(outcome_name(name)) for name in (*_outcomes(first), ALL)],
            "where": [phrase("explore.where", country=country_name(code)) for code in _units(first)],
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
