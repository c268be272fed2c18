"""`run.plot`: the figures of one forecast, already told what it knows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..case.crossing import crossings
from ..core.errors import InputError
from ..core.language import outcome_name, phrase
from ..core.names import OUTCOMES
from ..core.telling import CaseWords, tells
from ..plots.numbers import first_months_words, span_words
from ..risk.measures import exceedance, first_months, risk_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .results import Forecast


def _words(plots: "ForecastPlots") -> CaseWords:
    return plots._run.words


class ForecastPlots:
    """Figures of a forecast; every method takes the options of the figure of the same name in `harmattan.plots`.

    Examples
    --------
    >>> run.plot.fan("BFA", size="slide")  # doctest: +SKIP
    """

    def __init__(self, run: "Forecast") -> None:
        self._run = run

    @tells(_words)
    def fan(self, country: str | None = None, outcome: str | None = None, **options: Any) -> "Axes":
        """Draw history and futures of one country and type of violence, month by month."""
        from .. import plots

        run = self._run
        known = {"exit_month": run.clock.exit, "scenario": run.scenario.id, **self._common, **options}
        return plots.fan(run.panel, run.deaths, country=self._unit(country), outcome=self._type(outcome), **known)

    @tells(_words)
    def dots(self, country: str | None = None, outcome: str | None = None, **options: Any) -> "Axes":
        """Draw fifty equally probable totals of the first twelve months."""
        from .. import plots

        country = self._unit(country)
        total = first_months(self._run.deaths.sel(country=country, outcome=self._type(outcome)))
        names = {"country": country, "outcome": self._type(outcome), "period": self._period, **self._common, **options}
        return plots.dots({self._run.scenario.id: total}, **names)

    @tells(_words)
    def ridge(self, country: str | None = None, outcome: str | None = None, **options: Any) -> "Axes":
        """Draw how deaths per month are spread over the futures, by horizon."""
        from .. import plots

        run = self._run
        counted = {"exit_month": run.clock.exit, **self._common}
        names = {"country": self._unit(country), "outcome": self._type(outcome), **counted, **options}
        return plots.ridge({run.scenario.id: run.deaths}, run.windows(), **names)

    @tells(_words)
    def ladder(self, countries: Sequence[str] | None = None, outcome: str | None = None, **options: Any) -> "Axes":
        """Draw the chance that the first twelve months pass each threshold."""
        from .. import plots

        case = self._run.case
        wanted = [self._unit(unit) for unit in countries or (case.home, *case.neighbours[:2])]
        table = risk_table(self._run.deaths, case.thresholds, self._type(outcome)).assign(
            scenario=self._run.scenario.id
        )
        shown = table.set_index("country").loc[wanted].reset_index()
        return plots.exceedance_ladder(
            shown, **{"outcome": self._type(outcome), "period": self._period, **self._common, **options}
        )

    @tells(_words)
    def map(self, threshold: int | None = None, outcome: str | None = None, **options: Any) -> "Axes":
        """Draw each country's chance of more deaths than a threshold (the case's lowest) in the first twelve months."""
        from .. import plots

        threshold = self._run.case.thresholds[0] if threshold is None else threshold
        totals = first_months(self._run.deaths.sel(outcome=self._type(outcome)))
        chances = {str(c): float(v) for c, v in exceedance(totals, [threshold])[0].to_series().items()}
        counted = {"threshold": threshold, "outcome": outcome_name(self._type(outcome)), "period": self._period}
        what = phrase("figures.map.chance_of", **counted)
        return plots.region_map(chances, **{"what": what, **self._on_map, **options})

    @tells(_words)
    def spillover(self, outcome: str | None = None, **options: Any) -> "Axes":
        """Draw which share of deaths on record was in conflicts of groups from elsewhere; all types by default.

        Raises
        ------
        InputError
            If the case has no table of deaths by dyad.
        """
        from .. import plots

        found = crossings(self._run.case, self._run.clock.as_of, None if outcome is None else self._type(outcome))
        if found is None:
            raise InputError(phrase("findings.no_dyads"))
        known = {"outcome": outcome, "period": span_words(found.first, found.last), **self._common}
        return plots.spillover_matrix(found.shares, **{**known, **options})

    @tells(_words)
    def flow(self, outcome: str | None = None, **options: Any) -> "Axes":
        """Draw on the map the expected deaths that come over each border, first twenty-four months."""
        from .. import plots

        arrivals = self._run.paths.imported.isel(month=slice(0, 24)).sum("month")
        arrivals = arrivals.sum("outcome") if outcome is None else arrivals.sel(outcome=self._type(outcome))
        return plots.flow_map(arrivals.to_pandas(), **{"outcome": outcome, **self._on_map, **options})

    def _type(self, outcome: str | None) -> str:
        """Return a type of violence: the headline of the case where none is named."""
        if outcome is None:
            return self._run.case.headline
        if outcome not in OUTCOMES:
            raise ValueError(f"{outcome!r} is no type of violence: choose from {', '.join(OUTCOMES)}.")
        return outcome

    def _unit(self, unit: str | None) -> str:
        """Return a unit of the record: home where none is named."""
        known = [str(one) for one in self._run.deaths["country"].values]
        if unit is None:
            return self._run.case.home
        if unit not in known:
            raise ValueError(f"{unit!r} is none of the {len(known)} units: {', '.join(known)}.")
        return unit

    @property
    def _period(self) -> str:
        return first_months_words(self._run.months[:12])

    @property
    def _common(self) -> dict[str, Any]:
        return {"as_of": self._run.clock.as_of}

    @property
    def _on_map(self) -> dict[str, Any]:
        return {"ground": self._run.ground.register.case.map_ground, **self._common}

    def __repr__(self) -> str:
        figures = [name for name in dir(type(self)) if not name.startswith("_")]
        return f"Figures of {self._run.scenario.id}: {', '.join(figures)}"
