"""What the exploring page lets one choose, in the reader's language, and the table that answers without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.language import country_name, outcome_name, phrase, translate, whole
from ..plots.numbers import first_months_words, held_words, horizon_words, opening, short_in_hundred
from ..risk.measures import exceedance, first_months, months_held
from ..run.results import Forecast
from ..schema.driver import Driver
from .explore_numbers import FIRST_MONTHS, FIRST_WINDOW
from .explore_recorded import SUFFIX
from .windows_told import windows_told
from .words import month_words, sensible

ALL = "all"
"""Id of the outcome that adds up the others."""


@dataclass(frozen=True)
class Still:
    """The table that stands on the page without scripts: headings, and rows of cells as a reader sees them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def choices(runs: Sequence[Forecast]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the lists of the question: id, label, and pairs of value and text."""
    first = runs[0]
    options = {
        "country": [(code, str(country_name(code))) for code in units(first)],
        "outcome": [(name, opening(outcome_name(name))) for name in (*outcomes(first), ALL)],
        "window": [(name, opening(text)) for name, text in windows(first).items()],
        "scenario": [(run.scenario.id, _title(run)) for run in runs],
    }
    return [(name, phrase(f"explore.{name}"), options[name]) for name in ("country", "scenario", "outcome", "window")]


def _title(run: Forecast) -> str:
    title = translate(run.scenario.title)
    return phrase("explore.as_recorded", title=title) if run.scenario.id.endswith(SUFFIX) else title


def units(run: Forecast) -> list[str]:
    """Return the codes of the units, in the order of arrays."""
    return [str(code) for code in run.deaths["country"].values]


def outcomes(run: Forecast) -> list[str]:
    """Return the outcomes, in the order of arrays."""
    return [str(name) for name in run.deaths["outcome"].values]


def windows(run: Forecast) -> dict[str, str]:
    """Return each window in words, the first one by the calendar."""
    words = {FIRST_WINDOW: first_months_words(run.months[:FIRST_MONTHS])}
    for name, months in windows_told(run).items():
        words[name] = f"{horizon_words(name)}{phrase('page.colon')} {held_words(*months_held(months, run.clock.exit))}"
    return words


def groups(run: Forecast, settled: Mapping[str, str], last: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return drivers under the headings that the case gives them, in file order; those without one come last."""
    drivers, priors = run.ground.register.drivers, run.ground.priors
    found: dict[str, list[dict[str, Any]]] = {}
    for name in sorted(drivers, key=lambda name: drivers[name].group is None):
        if name in priors["driver"].values:
            driver = drivers[name]
            heading = phrase("explore.drivers_else") if driver.group is None else translate(driver.group)
            weights = priors["weight"].sel(driver=name).values
            found.setdefault(heading, []).append(_driver(driver, weights, settled.get(name), run, last))
    return list(found.items())


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


def still(run: Forecast) -> Still:
    """Return median, range and chances of the first scenario by country, of the headline in the first months."""
    case = run.case
    year = first_months(run.deaths.sel(outcome=case.headline), FIRST_MONTHS)
    shares = exceedance(year, case.thresholds)
    rows = []
    for code in units(run):
        low, middle, high = year.sel(country=code).quantile([0.1, 0.5, 0.9]).values
        span = phrase("explore.from_to", low=sensible(low), high=sensible(high))
        chances = [short_in_hundred(float(shares.sel(country=code, threshold=level))) for level in case.thresholds]
        rows.append((str(country_name(code)), sensible(middle), span, *chances))
    levels = [phrase("explore.say.more_than", threshold=whole(level)) for level in case.thresholds]
    heads = (phrase("explore.country"), phrase("explore.median"), phrase("explore.range"), *levels)
    return Still(heads, tuple(rows))
