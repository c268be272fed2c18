"""`hm.validate`: checks every file of a project, and that each scenario can be run on the project's own record."""

from collections.abc import Collection
from pathlib import Path

import xarray as xr

from ..claims.documents import check_documents
from ..claims.documents_by_date import register_as_of
from ..claims.register import Register, load_register
from ..claims.stated import scenario_priors
from ..core.arguments import checked
from ..core.errors import InputError
from ..drivers.assumptions import network_in, seen_in
from ..drivers.graph import driver_graph
from ..panel.events import event_dates
from ..panel.ucdp import load_panel, truncate
from ..schema.merging import Merged
from ..schema.records import DatedEvent
from ..schema.scenario import Scenario, resolve_scenario, scenario_names
from .forecasting import months_since_exit, refuse_untold_past


@checked
def validate(
    *scenarios: str | Path, documents: str | Path | None = None, sources: Collection[str] | None = None
) -> Register:
    """Check every source, claim, driver, lexicon, evidence and scenario file, and return the register.

    Each scenario is also held against the record and the dated events that a run of it reads, so that what a run would
    refuse is found here.

    Parameters
    ----------
    *scenarios : str or Path
        Scenario files outside of the project that are checked too.
    documents : path, optional
        Folder of the original documents; line numbers, hedge words and SHA-256 are then checked against them.
    sources : collection of str, optional
        Sources whose documents lie there; all by default.

    Raises
    ------
    InputError
        If anything is wrong; one paragraph for each file.
    """
    register = load_register()
    _check_events(register)
    names = [*scenario_names(), *scenarios]
    resolved = [resolve_scenario(name, drivers=register.drivers) for name in names]
    panel, wrong = load_panel(), []
    for scenario, merged in resolved:
        try:
            check_scenario(scenario, merged, register, panel)
        except InputError as error:
            wrong.append(str(error))
    if wrong:
        raise InputError("\n".join(dict.fromkeys(wrong)))
    if documents is not None:
        check_documents(register, documents, scenarios=[one for one, _ in resolved], sources=sources)
    return register


def check_scenario(scenario: Scenario, merged: Merged, register: Register, panel: xr.DataArray) -> None:
    """Check what a run of a scenario would refuse before it fits anything.

    Raises
    ------
    InputError
        With the place of the value that cannot be used, where one is to blame.
    """
    try:
        seen = truncate(panel, scenario.as_of)
    except InputError as error:
        place = merged.place_of(("as_of",)) or f"scenario {scenario.id}"
        raise InputError(f"{place}: {error}") from None
    months_since_exit(scenario, str(seen["month"].values[-1]))
    refuse_untold_past(scenario)
    heard = register_as_of(register, scenario.claims_as_of)
    priors = scenario_priors(heard, scenario)
    graph = driver_graph(heard.drivers, priors)
    network_in(graph, priors, scenario)
    seen_in(heard.drivers, graph, priors, scenario)


def _check_events(register: Register) -> None:
    """Read the date of every event that drivers or claims name."""
    named = {event.event for driver in register.drivers.values() for event in driver.events}
    rules = (claim.resolution for claim in register.claims.values())
    event_dates(named | {rule.event for rule in rules if isinstance(rule, DatedEvent)})
