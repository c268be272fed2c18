"""Which places stand beside home."""

from ..run.results import Forecast

NEIGHBOURS_SHOWN = 2


def neighbours_shown(forecast: Forecast) -> tuple[str, ...]:
    """Return the neighbours that stand beside home: those that the case names, or the two that expect most deaths.

    An island has no neighbour across a border; all other units count as its neighbours then.
    """
    case = forecast.case
    shown = case.definition.units.shown
    if shown != "auto":
        return tuple(unit for unit in shown if unit in case.units)
    expected = forecast.paths.expected.sel(outcome=case.headline).isel(month=slice(0, 12)).sum("month")
    borders = case.geography.border_lengths().sel(country=case.home)
    touching = [unit for unit in case.units if float(borders.sel(neighbour=unit)) > 0]
    neighbours = touching or [unit for unit in case.units if unit != case.home]
    return tuple(sorted(neighbours, key=lambda unit: -float(expected.sel(country=unit)))[:NEIGHBOURS_SHOWN])
