"""Which drivers a scan takes where none are named: those that move the case's answer most by their priors."""

from ..claims.documents_by_date import register_as_of
from ..claims.register import Register, load_register
from ..claims.stated import scenario_priors
from ..schema.scenario import load_scenario
from .acting import horizons_held, mean_exposures

USUAL = 2


def strongest_drivers(scenario: str | None = None, most: int = USUAL, register: Register | None = None) -> list[str]:
    """Return the drivers that move deaths of the headline outcome at home most, whichever way, the strongest first.

    A driver's move is the sum over its branches of prior weight times the size of the log rate ratio at the peak, times
    the mean share of it that acts at home over the months of all horizons. That is arithmetic on priors.

    Parameters
    ----------
    scenario : str, optional
        By whose clock and priors, and of whose drivers; the case's first by default.
    most : int
    register : Register, optional
        The project's by default.

    Returns
    -------
    list of str
        At most `most` ids; drivers that are absent in the scenario, or move nothing at home, are left out.
    """
    register = register or load_register()
    case = register.case
    told = load_scenario(scenario or case.first_scenario, drivers=register.drivers)
    clock = case.clock.asked(told)
    register = register_as_of(register, clock.claims_as_of)
    priors = scenario_priors(register, told)
    weights = {name: len(months) for name, months in horizons_held(clock).items()}
    shares = mean_exposures(register, told).sel(country=case.home, outcome=case.headline)
    moves = {}
    for driver in register.drivers:
        prior = priors.sel(driver=driver)
        size = float((prior["weight"] * abs(prior["mean"])).sum())
        share = sum(float(shares.sel(driver=driver, horizon=name)) * held for name, held in weights.items())
        moves[driver] = size * share / sum(weights.values())
    return [name for name in sorted(moves, key=lambda name: -moves[name]) if moves[name] > 0][:most]
