"""From a scenario to joint futures: gathers what each room does, in the order of the rooms."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import xarray as xr

from ..claims.derivation import driver_priors
from ..claims.documents_by_date import register_as_of
from ..claims.earned import earned_by
from ..claims.register import Register, load_register
from ..claims.stated import scenario_priors, stated_in, with_stated
from ..core.arguments import LARGEST_DRAWS
from ..core.errors import InputError
from ..core.months import months_after, months_between
from ..core.progress import Steps
from ..drivers.assumptions import priors_after_events
from ..drivers.claimed_timing import as_claimed
from ..drivers.effects import draws_after_data, draws_from_claims
from ..drivers.exposure import acting, exposure
from ..drivers.rest import with_rest
from ..model.build import DriverHistory
from ..model.fit import fit_model
from ..model.posterior import Posterior
from ..model.specification import STANDARD
from ..schema.scenario import Asked, DriverSettings
from ..simulate.paths import simulate_paths
from ..simulate.start import StartState, start_state, start_state_after_exit
from .asking import Ask
from .memory import check_memory
from .provenance import inputs_of
from .results import Forecast


def history_of_drivers(
    register: Register, asked: Asked, panel: xr.DataArray, priors: xr.Dataset | None = None
) -> DriverHistory | None:
    """Return what the fit needs to learn drivers, or None when there is nothing to learn them from.

    The past is one and the same for every scenario: after the exit all drivers could act, each from its median onset,
    as likely as claims and the dated events up to the end of the panel have it. Beside them stands what of the exit
    belongs to none.

    Parameters
    ----------
    register : Register
    asked : Asked
    panel : DataArray (month, country, outcome)
    priors : Dataset (driver, component), optional
        In place of what register and scenario say.
    """
    scenario, exit = asked.scenario, asked.clock.exit
    last = str(panel["month"].values[-1])
    after = months_since_exit(asked, last)
    if after < 1 or not register.drivers:
        return None
    past = scenario.model_copy(update={"drivers": DriverSettings(default="from-claims")})
    exposures = exposure(register.drivers, past, months_after(exit, after), exit=exit)
    believed = scenario_priors(register, scenario) if priors is None else priors
    after_events = priors_after_events(register.drivers, believed, last)
    home = register.case.definition.units.home
    return DriverHistory(*with_rest(exposures, after_events, home, exit=exit), exit)


def months_since_exit(asked: Asked, last: str) -> int:
    """Return from how many months of the record, up to `last`, a scenario learns drivers.

    Raises
    ------
    InputError
        If the exit lies further back than the model looks.
    """
    after = months_between(asked.clock.exit, last)
    if after < 1 or not asked.scenario.drivers.learn:
        return 0
    if after > STANDARD.window_months - STANDARD.burn_in_months:
        raise InputError(
            f"Scenario {asked.scenario.id}: the exit ({asked.clock.exit}) lies {after} months before as_of, further "
            f"back than the {STANDARD.window_months} months that the model looks at. Set a later exit."
        )
    return after


def fit_scenario(
    asked: Asked, ask: Ask, *, steps: Steps | None = None, register: Register | None = None
) -> tuple[Posterior, xr.DataArray]:
    """Return the posterior that a scenario needs and the panel it saw."""
    steps = steps or Steps()
    with steps.step("read the record"):
        register = known_to(register or load_register(), asked).reading(ask.panel_file)
        panel = register.case.record(ask.panel_file, as_of=asked.clock.as_of)
        register = register.on(panel["country"].values)
    return _fit(asked, panel, register, ask, steps), panel


def known_to(register: Register, asked: Asked) -> Register:
    """Return the register with the documents and the exits elsewhere that a run may know, and what they say of timing.

    Exits are those known when this one began, or by `as_of` if that is earlier: so none is its own evidence. Up to
    then the record also says who killed before drivers act.
    """
    clock = asked.clock
    month = min(clock.as_of, clock.exit)
    known = register_as_of(register, clock.claims_as_of).knowing_exits_by(month)
    if asked.scenario.evidence.earned:
        known = replace(known, earned=earned_by(known, clock.as_of, clock.exit))
    drivers = known.drivers if known.timed else as_claimed(known)
    return replace(known, drivers=replace(drivers, until=month), timed=True)


def _fit(asked: Asked, panel: xr.DataArray, register: Register, ask: Ask, steps: Steps) -> Posterior:
    history = history_of_drivers(register, asked, panel)
    name = "fit the model, with drivers" if history is not None else "fit the model"
    name = f"{name}, to {asked.clock.as_of}"
    with steps.step(name) as update:
        borders, waits = register.case.geography.neighbour_weights(), partial(steps.waits, name)
        return fit_model(panel, borders, history, settings=ask.settings, cache=ask.cache, progress=update, waits=waits)


def forecast_scenario(
    asked: Asked, ask: Ask, *, steps: Steps | None = None, register: Register | None = None
) -> Forecast:
    """Return joint futures under a scenario.

    Draws, noise and drivers come from streams named under `seed`, so two scenarios forecast with the same seed are
    paired draw by draw.
    """
    return forecast_on(prepare(asked, ask, steps=steps, register=register), asked, steps=steps)


@dataclass(frozen=True)
class Ground:
    """What scenarios that share record, fit and luck are forecast from: read, fitted and drawn once.

    Attributes
    ----------
    register : Register
    priors : Dataset (driver, component)
    posterior : Posterior
    parameters : Dataset (draw, ...)
        The posterior's parameters of each future.
    panel : DataArray (month, country, outcome)
    borders : DataArray (country, neighbour)
    start : StartState
    seed : int
    inputs : mapping of path to SHA-256
        Of every file that was read, as it was then.
    """

    register: Register
    priors: xr.Dataset
    posterior: Posterior
    parameters: xr.Dataset
    panel: xr.DataArray
    borders: xr.DataArray
    start: StartState
    seed: int
    inputs: Mapping[str, str] = field(default_factory=dict)

    def first(self, draws: int) -> "Ground":
        """Return the ground of the first futures alone; each comes out as it does among all."""
        parameters = self.parameters.isel(draw=slice(0, draws))
        return replace(self, parameters=parameters, start=self.start.first(draws))


def ground_of(asked: Asked) -> Hashable:
    """Return what scenarios on the same record must have in common to share a ground.

    Besides dates and `drivers.learn` that is, where drivers are learnt, what the scenario states of their priors.
    """
    clock, learn = asked.clock, asked.scenario.drivers.learn
    learns = learn and months_between(clock.exit, clock.as_of) >= 1
    stated = stated_in(asked.scenario) if learns else {}
    uses = repr(asked.scenario.evidence) if learns else ""
    return clock.as_of, clock.claims_as_of, clock.exit, learn, repr(sorted(stated.items())), uses


def prepare(asked: Asked, ask: Ask, *, steps: Steps | None = None, register: Register | None = None) -> Ground:
    """Return the ground for a scenario, and for all others with the same record and the same `ground_of`.

    Raises
    ------
    InputError
        If the number of draws is out of range, or memory would not suffice.
    """
    if not 1 <= ask.draws <= LARGEST_DRAWS:
        raise InputError(f"The number of draws must lie between 1 and {LARGEST_DRAWS:,}, not {ask.draws:,}.")
    register = register or load_register()
    check_memory("forecast", ask.draws, asked.clock.months, units=len(register.case.units))
    refuse_untold_past(asked)
    steps = steps or Steps()
    with steps.step("read the record"):
        register = known_to(register, asked).reading(ask.panel_file)
        panel = register.case.record(ask.panel_file, as_of=asked.clock.as_of)
        register = register.on(panel["country"].values)
        inputs = inputs_of(register, ask.panel_file)  # before the fit: who edits a file while it runs changes no record
    posterior = _fit(asked, panel, register, ask, steps)
    borders, parameters = register.case.geography.neighbour_weights(), posterior.take(ask.draws, ask.seed)
    history = history_of_drivers(register, asked, panel)
    if history is None:
        start = start_state(panel, borders, posterior.specification, parameters)
    else:
        start = start_state_after_exit(panel, borders, parameters, history.exposure, posterior.specification)
    register = register.using(asked.scenario.evidence)
    return Ground(register, driver_priors(register), posterior, parameters, panel, borders, start, ask.seed, inputs)


def forecast_on(
    ground: Ground,
    asked: Asked,
    *,
    priors: xr.Dataset | None = None,
    steps: Steps | None = None,
    hold_neighbours: bool = False,
) -> Forecast:
    """Return joint futures under a scenario, from a ground that was prepared for it or for one that shares it.

    Parameters
    ----------
    ground : Ground
    asked : Asked
    priors : Dataset (driver, component), optional
        Of all drivers; those of the ground with what the scenario states of them by default. The forecast's own ground
        holds those that were used.
    steps : Steps, optional
    hold_neighbours : bool
        As in `simulate_paths`.
    """
    scenario, clock = asked.scenario, asked.clock
    register = ground.register.using(scenario.evidence)
    if priors is None:
        shared = ground.priors if register is ground.register else driver_priors(register)
        priors = with_stated(shared, register, scenario)
    ground = replace(ground, register=register, priors=priors)
    refuse_untold_past(asked)
    months = months_after(clock.as_of, clock.months)
    drivers, draws = ground.register.drivers, ground.parameters.sizes["draw"]
    with (steps or Steps()).step(f"simulate {scenario.id}, from {months[0]}") as update:
        if ground.posterior.has_drivers:
            learnt = ground.parameters["driver_effect"]
            drawn = draws_after_data(drivers, ground.priors, learnt, scenario, ground.seed, as_of=clock.as_of)
        else:
            drawn = draws_from_claims(drivers, ground.priors, scenario, draws, ground.seed, as_of=clock.as_of)
        moved = acting(drawn, drivers, scenario, months, exit=clock.exit)
        paths = simulate_paths(
            ground.parameters,
            ground.start,
            ground.borders,
            months,
            ground.posterior.specification,
            ground.seed,
            moved if moved.any() else None,
            update,
            hold_neighbours=hold_neighbours,
        )
    return Forecast(scenario, clock, paths, ground.posterior, ground.panel, drawn.effects, ground.seed, drawn, ground)


def refuse_untold_past(asked: Asked) -> None:
    """Refuse drivers whose effect since the exit is already in the record but was not learnt."""
    scenario, clock = asked.scenario, asked.clock
    if scenario.acts and not scenario.drivers.learn and months_between(clock.exit, clock.as_of) >= 1:
        raise InputError(
            f"Scenario {scenario.id} lets drivers act, but with as_of {clock.as_of} their effect since the exit is "
            "already in the record and drivers.learn is false, so it would be counted twice. Set drivers.learn: true."
        )
