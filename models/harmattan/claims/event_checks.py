"""Dated events held against the rest of the register: drivers and branches that they speak of, and ids used once."""

from ..schema.case import CASE_FILE, CaseDefinition
from .loading import Loading


def check_events(loading: Loading, case: CaseDefinition) -> None:
    """Note every event that speaks of a driver or branch that does not exist, or whose id stands twice."""
    for key, entry in loading.events.items():
        if key in case.events:
            told = f"the event {key!r} stands already in {CASE_FILE}; give this another id, or take it out there."
            loading.problems.add(entry.document, (*entry.path, "id"), told)
        for number, said in enumerate(entry.record.says):
            at = (*entry.path, "says", number)
            if said.driver not in loading.drivers:
                loading.problems.add_unknown(entry.document, (*at, "driver"), "driver", said.driver, loading.drivers)
                continue
            driver = loading.drivers[said.driver].record
            if said.branch not in driver.branch_ids:
                what = f"branch of {driver.id}"
                loading.problems.add_unknown(entry.document, (*at, "branch"), what, said.branch, driver.branch_ids)
            if any((one.event, one.branch) == (key, said.branch) for one in driver.events):
                told = f"scenarios/drivers.yaml says already what {key} says of {said.branch} of {driver.id}; keep one."
                loading.problems.add(entry.document, at, told)
