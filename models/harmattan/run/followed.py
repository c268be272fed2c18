"""What a run can be asked for beside deaths, on the same futures: each is worked out when it is asked for, and once."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, cast

import pandas as pd

if TYPE_CHECKING:
    from .breaks import Breaks
    from .displaced import Displaced
    from .flows import Flows
    from .perpetrators import Perpetrators
    from .results import Forecast


class Followed:
    """Sub-models that follow from the deaths of a forecast."""

    @cached_property
    def perpetrators(self) -> "Perpetrators":
        """Who kills civilians on these futures: the state and its partners, or others; nothing until asked for.

        Raises
        ------
        InputError
            If the case names no table that tells who killed.
        """
        from .perpetrators import perpetrators_of

        return perpetrators_of(cast("Forecast", self))

    @cached_property
    def flows(self) -> "Flows":
        """People who flee from one country into a neighbouring one on these futures, by year; nothing until asked for.

        Raises
        ------
        InputError
            If the case names no table of flows, the run holds no whole year, or its deaths are plausible ones.
        """
        from .flows import flows_of

        return flows_of(cast("Forecast", self))

    @cached_property
    def displaced(self) -> "Displaced":
        """People displaced inside their country on these futures, at the end of each year; nothing until asked for.

        Raises
        ------
        InputError
            If the case names no table of displaced people, the run holds no whole year, or its deaths are plausible.
        """
        from .displaced import displaced_of

        return displaced_of(cast("Forecast", self))

    @cached_property
    def breaks(self) -> "Breaks":
        """Things that may break on these futures, by year, each with its base rate; nothing until asked for.

        Kinds of which the case names no table are left out, and `notes()` says so.

        Raises
        ------
        InputError
            If the run holds no whole year, or its deaths are plausible ones.
        """
        from .breaking import breaks_of

        return breaks_of(cast("Forecast", self))


def people_side_by_side(forecasts: Mapping[str, "Forecast"]) -> dict[str, pd.DataFrame]:
    """Return each sub-model's table of every forecast, with a column `scenario`, as far as the case has data."""
    case = next(iter(forecasts.values())).case
    files = {"perpetrators": case.dyads_by_month_file, "flows": case.flows_file, "displaced": case.displaced_file}
    told = [*(name for name, file in files.items() if file is not None), "breaks"]
    found = {}
    for name in told:
        tables = [getattr(run, name).table().assign(scenario=scenario) for scenario, run in forecasts.items()]
        table = pd.concat(tables, ignore_index=True)
        found[name] = table[["scenario", *(column for column in table if column != "scenario")]]
    return {name: table for name, table in found.items() if len(table)}
