"""What is asked of scenarios: as of when, how far ahead, how many futures, of which record. One record, handed on."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ..case.opening import open_case
from ..core.errors import InputError
from ..core.months import month_number
from ..model.specification import SamplerSettings
from ..schema.clock import Asking
from ..schema.scenario import Asked, Scenario, load_scenario


@dataclass(frozen=True)
class Ask:
    """What is asked, apart from what is assumed.

    Attributes
    ----------
    as_of : str or None
        Last month of deaths, events and counts to use, `YYYY-MM`, or `latest`, the last of the record; None = the
        scenario's own where its file asks for one, else the case's; so too for the next two.
    claims_as_of : str or None
        Leaves out documents that were not certainly written by this month.
    months : int or None
        Months to simulate.
    draws : int
        Number of futures. Asking for more keeps the earlier ones.
    seed : int
        Root seed; forecasts with the same seed are paired.
    panel_file : Path or None
        A panel in place of the case's own.
    settings : SamplerSettings or None
        Of the fits; None = the standard ones.
    cache : bool
        Whether to read and write the cache of fits.
    """

    as_of: str | None = None
    claims_as_of: str | None = None
    months: int | None = None
    draws: int = 4000
    seed: int = 1
    panel_file: Path | None = None
    settings: SamplerSettings | None = None
    cache: bool = True

    def of(self, scenario: str | Path | Scenario) -> Asked:
        """Return a scenario with its clock: what is asked here, else what its own file asks, else the case's.

        Raises
        ------
        InputError
            If there is no such scenario, or it cannot be used with what is asked.
        """
        loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        case = open_case()
        as_of = None if self.as_of is None else case.month(self.as_of, self.panel_file)
        if self.claims_as_of is not None:
            month_number(self.claims_as_of)
        if self.months is not None and not 1 <= self.months <= 240:
            raise InputError(f"--months must lie between 1 and 240, not {self.months}.")
        asking = Asking(as_of=as_of, claims_as_of=self.claims_as_of, months=self.months)
        try:
            Scenario.model_validate(loaded.model_dump())  # one that was changed in Python was not checked yet
            return Asked(loaded, case.clock.asked(loaded).asked(asking))
        except ValueError as error:
            raise InputError(
                f"Scenario {loaded.id} cannot be used with as_of {as_of} and months {self.months}: {_said(error)}"
            ) from None


def _said(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(item["msg"].removeprefix("Value error, ") for item in error.errors())
