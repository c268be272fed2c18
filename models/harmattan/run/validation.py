"""`hm.validate`: checks every file of a project, and that each scenario can be run on the project's own record."""

from collections.abc import Collection
from pathlib import Path

import xarray as xr

from ..case.credits import check_case_words
from ..case.opening import Case
from ..claims.documents import check_documents
from ..claims.documents_by_date import register_as_of
from ..claims.exits import load_exits
from ..claims.reading.drafts import check_drafts
from ..claims.register import Register, load_register
from ..claims.stated import scenario_priors
from ..core.arguments import checked
from ..core.errors import InputError
from ..drivers.assumptions import network_in, seen_in
from ..drivers.graph import driver_graph
from ..panel.events import date_in_table
from ..panel.ucdp import truncate
from ..schema.case import CASE_FILE
from ..schema.events import EVENTS_FILE
from ..schema.merging import Merged
from ..schema.scenario import Asked, Scenario, resolve_scenario, scenario_names
from ..schema.validation import Problems
from ..schema.yaml_source import YamlPath, read_yaml
from .forecasting import months_since_exit, refuse_untold_past
from .levers import levers_of


@checked
def validate(
    *scenarios: str | Path, documents: str | Path | None = None, sources: Collection[str] | None = None
) -> Register:
    """Check every source, claim, driver, lexicon, evidence, exit and scenario file, and return the register.

    Drafts are checked in form; they are no part of the register.

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
    load_exits(register.case.root)
    check_drafts(register.case.root)
    _check_case(register.case)
    actors = levers_of(register)
    names = [*scenario_names(), *scenarios]
    resolved = [resolve_scenario(name, drivers=register.drivers) for name in names]
    panel, wrong = register.case.record(), []
    check_case_words(register.case, panel)
    for scenario, merged in resolved:
        try:
            check_scenario(scenario, merged, register, panel)
        except InputError as error:
            wrong.append(str(error))
    if wrong:
        raise InputError("\n".join(dict.fromkeys(wrong)))
    if documents is not None:
        levers = [lever for actor in actors.values() for lever in actor.levers]
        cited = [(f"lever {lever.id}", place) for lever in levers for place in lever.stated]
        told = [one for one, _ in resolved]
        check_documents(register, documents, scenarios=told, cited=cited, sources=sources)
    return register


def _check_case(case: Case) -> None:
    """Read what `case.yaml` points to: dates of events, borders, outlines, and the scenarios that commands use."""
    for event in case.events:
        case.events[event]
    _check_rows(case)
    _ = case.geography, case.map_ground
    document, known = read_yaml(case.root / CASE_FILE), scenario_names(case.root / "scenarios")
    problems = Problems()
    said = case.definition.scenarios
    named: list[tuple[YamlPath, str | None]] = [
        (("scenarios", "first"), said.first),
        (("scenarios", "second"), said.second),
    ]
    named += [(("scenarios", "record_alone"), said.record_alone)]
    named += [(("scenarios", "cards", number), name) for number, name in enumerate(said.cards)]
    for place, name in named:
        if name is not None and name not in known:
            problems.add_unknown(document, place, "scenario", name, known)
    problems.raise_if_any()


def _check_rows(case: Case) -> None:
    """Hold the date of each event that a table gives against the table's row."""
    problems = Problems()
    for number, event in enumerate(case.dated.values()):
        if event.row is None:
            continue
        date = date_in_table(case.data / event.row.table, event.row.where, event.id, EVENTS_FILE)
        if date != event.date:
            document = read_yaml(case.root / EVENTS_FILE, root="events")
            told = f"{event.row.table} gives {date} and not {event.date}; mend one of the two."
            problems.add(document, (number, "date"), told)
    problems.raise_if_any()


def check_scenario(scenario: Scenario, merged: Merged, register: Register, panel: xr.DataArray) -> None:
    """Check what a run of a scenario would refuse before it fits anything.

    Raises
    ------
    InputError
        With the place of the value that cannot be used, where one is to blame.
    """
    asked = Asked(scenario, register.case.clock.asked(scenario))
    as_of = asked.clock.as_of
    try:
        seen = truncate(panel, as_of)
    except InputError as error:
        place = merged.place_of(("as_of",)) or f"scenario {scenario.id}"
        raise InputError(f"{place}: {error}") from None
    months_since_exit(asked, str(seen["month"].values[-1]))
    refuse_untold_past(asked)
    heard = register_as_of(register, asked.clock.claims_as_of)
    priors = scenario_priors(heard, scenario)
    graph = driver_graph(heard.drivers, priors)
    network_in(graph, priors, scenario)
    seen_in(heard.drivers, graph, priors, scenario, as_of)
