"""Which drivers act on a number of the forecast, and what each claim and driver adds to it.

A number is named by what it counts: outcome, unit and horizon, such as ``one_sided/COD/short``; a scenario may stand
before it (``SCENARIO/one_sided/COD/short``), else it is the case's first. What a driver adds is its expected log rate
ratio at the peak times its mean exposure there. That is arithmetic on priors, without a simulation: it says where a
number comes from, and `harmattan compare` says how large the difference is.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

import xarray as xr

from ..case.opening import Case
from ..claims.derivation import NO_EFFECT
from ..claims.documents_by_date import register_as_of
from ..claims.register import Register
from ..claims.stated import scenario_priors
from ..core.months import months_after
from ..core.names import OUTCOMES
from ..drivers.exposure import exposure
from ..risk.measures import horizon_months
from ..schema.clock import Clock
from ..schema.scenario import DriverSetting, Scenario, load_scenario, scenario_names
from ..schema.validation import suggestion

SMALLEST = 1e-9
"""A change of the expected log rate below this is rounding."""


@dataclass(frozen=True)
class Quantity:
    """A number of the forecast: deaths of one kind in one country over one horizon, under one scenario."""

    scenario: str
    outcome: str
    country: str
    horizon: str

    def id_in(self, case: Case) -> str:
        """Return the number's id; the case's first scenario is left out."""
        parts = (self.outcome, self.country, self.horizon)
        return "/".join(parts if self.scenario == case.first_scenario else (self.scenario, *parts))


@dataclass(frozen=True)
class Acting:
    """What one driver adds to one number.

    Attributes
    ----------
    exposure : float
        Mean share of the peak log effect that acts there, over the months of the horizon.
    at_peak : float
        Expected log rate ratio at the driver's peak, as the scenario sets the driver.
    """

    driver: str
    exposure: float
    at_peak: float

    @property
    def here(self) -> float:
        """Expected addition to the log rate."""
        return self.exposure * self.at_peak


def quantity_ids(case: Case) -> list[str]:
    """Return the id of every number, for the case's first scenario; none where that is missing."""
    if case.first_scenario not in scenario_names():
        return []
    horizons = horizons_held(_clock(case, case.first_scenario))
    return [f"{outcome}/{unit}/{horizon}" for outcome in OUTCOMES for unit in case.units for horizon in horizons]


def horizons_held(clock: Clock) -> dict[str, list[str]]:
    """Return the months of each horizon that a run holds; horizons without any are left out."""
    months = months_after(clock.as_of, clock.months)
    return horizon_months(months, clock.exit, {str(name): ends for name, ends in clock.horizons.items()})


def _clock(case: Case, scenario: str) -> Clock:
    return case.clock.asked(load_scenario(scenario))


def quantity_of(case: Case, id: str) -> Quantity | None:
    """Return the number that an id names, or None when it names none."""
    *front, outcome, country, horizon = ("", "", "", *id.split("/"))
    named = [part for part in front if part]
    scenario = named[0] if named else case.first_scenario
    if len(named) > 1 or outcome not in OUTCOMES or country not in case.units or scenario not in scenario_names():
        return None
    return Quantity(scenario, outcome, country, horizon) if horizon in horizons_held(_clock(case, scenario)) else None


def why_no_number(case: Case, id: str) -> str:
    """Return what is wrong with an id of the form of a number; an empty text where it has another form."""
    parts = id.split("/")
    if len(parts) not in (3, 4):
        return ""
    scenario, words = parts[0] if len(parts) == 4 else case.first_scenario, parts[-3:]
    form = how_numbers_are_written(case)
    names = scenario_names()
    if scenario not in names:
        usual = ", which numbers without one are of" if len(parts) == 3 else ""
        return f"There is no scenario {scenario!r}{usual}.{suggestion(scenario, names)} {form}"
    lists: tuple[Collection[str], ...] = (OUTCOMES, case.units, horizons_held(_clock(case, scenario)))
    asked = zip(("outcome", "country", "horizon"), words, lists, strict=True)
    wrong = [
        f"There is no {what} {word!r}.{suggestion(word, known)} Known: {', '.join(known)}."
        for what, word, known in asked
        if word not in known
    ]
    return f"{' '.join(wrong)} {form}" if wrong else ""


def how_numbers_are_written(case: Case) -> str:
    """Return how ids of numbers are written, with an example of the case."""
    example = f"{case.headline}/{case.home}/{next(iter(case.definition.horizons))}"
    return f"Numbers are written outcome/country/horizon or SCENARIO/outcome/country/horizon, for instance {example}."


def mean_exposures(register: Register, scenario: Scenario) -> xr.DataArray:
    """Return each driver's mean share of its peak log effect, dims (driver, horizon, country, outcome)."""
    clock = register.case.clock.asked(scenario)
    held, months = horizons_held(clock), months_after(clock.as_of, clock.months)
    acting = exposure(register.drivers, scenario, months, exit=clock.exit)
    parts = [acting.sel(month=window).mean("month") for window in held.values()]
    stacked = xr.concat(parts, dim=xr.DataArray(list(held), dims="horizon", name="horizon"))
    return stacked.transpose("driver", "horizon", "country", "outcome")


def expected_at_peak(prior: xr.Dataset, setting: DriverSetting) -> float:
    """Return the expected log rate ratio at the peak of a driver with a prior (component), as a scenario sets it."""
    if setting.state == "absent":
        return 0.0
    parts = zip(*(prior[name].values.tolist() for name in ("branch", "weight", "mean")), strict=True)
    if setting.state == "from-claims":
        return float(sum(weight * mean for _, weight, mean in parts))
    chosen = [part for part in parts if part[0] != NO_EFFECT and setting.branch in (None, part[0])]
    total = sum(weight for _, weight, _ in chosen)
    return sum(weight * mean for _, weight, mean in chosen) / total if total else math.nan


def drivers_acting(register: Register, quantity: Quantity) -> list[Acting]:
    """Return the drivers that act on a number, the strongest first."""
    scenario = load_scenario(quantity.scenario, drivers=register.drivers)
    register = register_as_of(register, register.case.clock.asked(scenario).claims_as_of)
    shares = mean_exposures(register, scenario).sel(
        horizon=quantity.horizon, country=quantity.country, outcome=quantity.outcome
    )
    priors = scenario_priors(register, scenario)
    acting = [
        Acting(key, float(share), expected_at_peak(priors.sel(driver=key), scenario.setting(key)))
        for key, share in zip(register.drivers, shares.values, strict=True)
        if share > 0
    ]
    return sorted(acting, key=lambda one: -abs(one.here))


def numbers_touched(register: Register, differences: dict[str, float], most: int = 5) -> list[tuple[str, float]]:
    """Return the numbers that change most when drivers' expected log rate ratios at the peak change.

    Parameters
    ----------
    register : Register
    differences : dict of str to float
        Change of the expected log rate ratio at the peak, by driver.
    most : int
        How many numbers to return.

    Returns
    -------
    list of (id, change)
        Ids of numbers under the case's first scenario, with the change of the expected log rate; the largest first, in
        the order of outcomes, units and horizons where they are equal. None where that scenario is missing.
    """
    if register.case.first_scenario not in scenario_names():
        return []
    shares = mean_exposures(register, load_scenario(register.case.first_scenario, drivers=register.drivers))
    change = sum(value * shares.sel(driver=key, drop=True) for key, value in differences.items())
    if not isinstance(change, xr.DataArray):
        return []
    table = change.transpose("outcome", "country", "horizon").stack(number=("outcome", "country", "horizon"))
    pairs = [("/".join(key), float(value)) for key, value in zip(table["number"].values, table.values, strict=True)]
    return sorted((pair for pair in pairs if abs(pair[1]) > SMALLEST), key=lambda pair: -abs(round(pair[1], 12)))[:most]
