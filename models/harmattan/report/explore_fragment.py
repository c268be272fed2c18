"""What explores the run's own futures, as one piece that stands on a page of its own or inside another.

All it brings lies below one element: its rules begin with `.explore`, its ids with `explore-`, and its scripts leave no
name behind. Without scripts a table answers the main questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

from .. import __version__
from ..core.language import country_name, current, outcome_name, phrase, translate, whole
from ..plots.figure_numbers import DotNumbers, dot_numbers
from ..plots.numbers import opening
from ..risk.measures import first_months
from ..run.results import Forecast
from . import explore_form
from .explore_numbers import FIRST_MONTHS, FIRST_WINDOW, ExploreNumbers, canonical, explore_numbers, grid
from .explore_recorded import SUFFIX, as_recorded, settled_by
from .horizon_track import far_words, is_far
from .words import BANDS, Scale, month_words, scale_words

DATA_BYTES = 700_000
"""What the data of a fragment inside another page may take."""

_ROUND = (10, 15, 20, 25, 30, 40, 50, 60, 75)
_SMALL = (0, 1, 2, 3, 5, 7)
_SENTENCES = "explore.say."
_OF_NUMBERS = ("in_hundred", "below_one_in_hundred", "above_ninety_nine_in_hundred", "below_one", "said")


@dataclass(frozen=True)
class Fragment:
    """Exploring, in pieces.

    Attributes
    ----------
    html : str
        One element of class `explore`.
    css : str
        Its rules, for a style element.
    script : str
    data : str
        JSON that the script reads, from a script element with the id `explore-numbers`.
    draws : int
        Number of futures that it holds.
    """

    html: str
    css: str
    script: str
    data: str
    draws: int

    @property
    def body(self) -> str:
        """Everything but the rules, in the order in which it must stand."""
        data = f'<script type="application/json" id="explore-numbers">{self.data}</script>'
        return f"{self.html}{data}\n<script>\n{self.script}</script>"


@dataclass(frozen=True)
class Explorable:
    """Paired forecasts with what exploring needs beside them, worked out once however often it is written.

    Attributes
    ----------
    runs : tuple of Forecast
        The first is asked where nothing is chosen; where dated events have settled drivers since its `as_of`, it also
        stands last, as recorded.
    settled : mapping of str to str
        Branch of each driver that dated events have settled.
    last : str
        Last month of the record, up to which events count.
    """

    runs: tuple[Forecast, ...]
    settled: Mapping[str, str]
    last: str

    @property
    def recorded(self) -> bool:
        """Whether the last run is the first one as recorded."""
        return self.runs[-1].scenario.id.endswith(SUFFIX)


def explorable(forecasts: Sequence[Forecast], last: str) -> Explorable:
    """Return what explores paired forecasts; simulates the first one as recorded where events have settled drivers.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Of the same months, draws and seed.
    last : str
        Last month of the record, `YYYY-MM`.
    """
    settled = settled_by(forecasts[0], last)
    recorded = as_recorded(forecasts[0], settled)
    return Explorable((*forecasts, *(() if recorded is None else (recorded,))), settled, last)


def render_explore_fragment(
    found: Explorable, *, likelihood: Scale = "icd203", level: int = 3, data_bytes: int | None = DATA_BYTES
) -> Fragment:
    """Return what explores forecasts, in the language that is spoken, of the case that is told.

    Parameters
    ----------
    found : Explorable
    likelihood : {"icd203", "phia"}
        Scale of likelihood words.
    level : int
        Level of its headings, one below the heading that it stands under.
    data_bytes : int or None
        What the data may take; with more, fewer futures are kept, spread evenly over the total that is asked first, and
        the fragment says how many. None keeps all.
    """
    numbers = explore_numbers(found.runs)
    text = canonical(_data(found, numbers, likelihood))
    if data_bytes is not None and len(text.encode()) > data_bytes:
        beside = len(text.encode()) - numbers.size()
        numbers = numbers.within(data_bytes - beside, _asked_first(found.runs[0], numbers))
        text = canonical(_data(found, numbers, likelihood))
    templates = environment()
    shown = {"page": _page(found, numbers), "level": level}
    return Fragment(
        html=templates.get_template("explore_fragment.html.j2").render(shown),
        css=templates.get_template("explore.css").render(),
        script=templates.get_template("explore_script.js.j2").render(),
        data=text,
        draws=numbers.draws,
    )


def environment() -> Any:
    """Return the templates of the report, in the language that is spoken."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("harmattan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(phrase=phrase, language=current().code)
    return made


def _asked_first(run: Forecast, numbers: ExploreNumbers) -> Any:
    """Return the total of every future that the page shows before anything is chosen."""
    unit = explore_form.units(run).index(run.case.home)
    outcome = explore_form.outcomes(run).index(run.case.headline)
    return numbers.codes[0, list(numbers.windows).index(FIRST_WINDOW), unit, outcome]


def _asked_dots(run: Forecast) -> DotNumbers:
    """Return the dots of that total, of all futures: those of the figures in page and print."""
    case = run.case
    year = first_months(run.deaths.sel(country=case.home, outcome=case.headline), FIRST_MONTHS)
    return dot_numbers({run.scenario.id: year}, country=case.home, outcome=case.headline)


def thresholds(largest: int, more: Sequence[int] = ()) -> list[int]:
    """Return round numbers up to a total, with those that the case asks for, all on the grid of the totals."""
    rounds = [*_SMALL, *(step * 10**power for power in range(7) for step in _ROUND)]
    kept = {number for number in rounds if number <= max(largest, 10)}
    return sorted(kept | (set(more) & set(grid().tolist())))


def _page(found: Explorable, numbers: ExploreNumbers) -> dict[str, Any]:
    """Return what the template shows."""
    runs, settled, last = found.runs, found.settled, found.last
    first, case = runs[0], runs[0].case
    return {
        "lead": phrase("explore.lead", draws=whole(numbers.draws)),
        "choices": explore_form.choices(runs),
        "thresholds": thresholds(int(numbers.totals().max()), case.thresholds),
        "groups": explore_form.groups(first, settled, last),
        "learnt": numbers.learnt,
        "recorded": found.recorded or bool(settled),
        "recorded_note": phrase(_recorded_note(settled, found.recorded), month=month_words(last)),
        "still": explore_form.still(first),
        "still_note": phrase(
            "explore.still_note", scenario=translate(first.scenario.title), outcome=outcome_name(case.headline),
            window=explore_form.windows(first)[FIRST_WINDOW],
        ),
        "far": far_words(case, first.clock.as_of, first.months[-1]),
        "method": phrase("explore.method_learnt" if numbers.learnt else "explore.method_prior"),
        "rounding": _kept_words(numbers, first) + phrase("explore.rounding", draws=whole(numbers.draws)),
    }  # fmt: skip


def _kept_words(numbers: ExploreNumbers, run: Forecast) -> str:
    """Return how many of the run's futures are held, and how far that may be from all; nothing where it is all."""
    made = run.deaths.sizes["draw"]
    if numbers.draws == made:
        return ""
    error = ceil(100 * sqrt(1 / numbers.draws - 1 / made))  # two standard errors of a share of a half, at most
    return phrase("explore.kept", kept=whole(numbers.draws), draws=whole(made), error=error) + " "


def _recorded_note(settled: Mapping[str, str], simulated: bool) -> str:
    if not settled:
        return "explore.recorded_nothing"
    return "explore.recorded_simulated" if simulated else "explore.recorded_already"


def _data(found: Explorable, numbers: ExploreNumbers, likelihood: Scale) -> dict[str, Any]:
    """Return what the scripts read."""
    runs, first, payload = found.runs, found.runs[0], numbers.payload()
    for told, run in zip(payload["scenarios"], runs, strict=True):
        told["extends"] = run.scenario.id.removesuffix(SUFFIX)
    windows = explore_form.windows(first)
    return payload | {
        "format": 2,
        "figure": _asked_dots(first).as_dict(),
        "draws_run": first.deaths.sizes["draw"],
        "version": __version__,
        "grid": grid()[: int(numbers.codes.max()) + 1].tolist(),
        "states_each": first.ground.priors.sizes["component"],
        "branches": _branches(first, numbers),
        "months": [f"{months[0]}/{months[-1]}" for months in numbers.windows.values()],
        "far": [is_far(first.clock.as_of, months[-1]) for months in numbers.windows.values()],
        "thresholds": thresholds(int(numbers.totals().max()), first.case.thresholds),
        "recorded": len(runs) - 1 if found.recorded else 0,
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
