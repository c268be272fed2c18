"""Drivers on the ground of a case: `home` and `neighbours` become its units."""

from ..core.errors import InputError
from ..schema.driver import Driver
from ..schema.vocabulary import HOME, NEIGHBOURS
from .opening import Case


def placed(driver: Driver, case: Case) -> Driver:
    """Return a driver whose shares are of the case's units; a neighbour that it names keeps its own share.

    Raises
    ------
    InputError
        If it acts on neighbours and home shares a land border with no unit of the case.
    """
    decay, shares = driver.distance_decay, dict(driver.places)
    if decay is not None and decay.origin == HOME:
        decay = decay.model_copy(update={"origin": case.home})
    if HOME in shares:
        shares = {case.home if where == HOME else where: share for where, share in shares.items()}
    if NEIGHBOURS in shares:
        share = shares.pop(NEIGHBOURS)
        shares |= {unit: share for unit in _neighbours(case) if unit not in shares}
    return driver.model_copy(update={"places": shares, "distance_decay": decay})


def _neighbours(case: Case) -> list[str]:
    weights = case.geography.neighbour_weights().sel(country=case.home)
    found = [unit for unit in case.units if float(weights.sel(neighbour=unit)) > 0]
    if not found:
        raise InputError(
            f"{case.home} shares a land border with no unit of the case, so neighbours is nobody; name units there."
        )
    return found
