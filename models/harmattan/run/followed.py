"""What a run can be asked for beside deaths, on the same futures: each is worked out when it is asked for, and once."""

from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
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
