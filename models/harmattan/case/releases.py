"""What a verdict stands on: the release of the record, or the table or source, that gave the numbers or the date."""

from pathlib import Path

from ..core.resources import display_path, shipped_root
from ..schema.case import DatedByHand
from ..schema.credits import CREDITS_FILE, read_credits
from ..schema.events import CaseEvent
from ..schema.resolution import DatedEvent, PanelRatio, PanelTotal, Rule, YearlyRatio
from .opening import Case

PARTS = {"one_sided_state", "one_sided_other"}
_SERIES = {"new_refugees": "flows_file", "refugees": "refugees_file", "displaced": "displaced_file", "aid": "aid_file"}


def settled_on(case: Case, rule: Rule) -> str:
    """Return what a rule is settled on, as the case names it: nothing is said of a release that no file states.

    Parameters
    ----------
    case : Case
        With the panel that is read in place of its own record, if one is (`Case.reading`).
    rule : Rule

    Returns
    -------
    str
        Deaths: the record with its release, and where the rule tells who killed the tables that say so. Series by year:
        the table's credit and file. Events: the source that dates it, or the table. Several are joined by "; ".
    """
    if isinstance(rule, PanelRatio | PanelTotal):
        told = [str(case.record_named)]
        if PARTS & set(rule.outcomes):
            files = (case.dyads_by_month_file, case.dyads_file)
            told += [table_named(case, file) for file in files if file is not None]
        return "; ".join(told)
    if isinstance(rule, YearlyRatio):
        file = getattr(case, _SERIES[rule.series])
        return "" if file is None else table_named(case, file)
    return _dated(case, rule)


def table_named(case: Case, file: Path) -> str:
    """Return a table's credit with its file; the file alone where nobody is credited for it."""
    stated = read_credits(case.root if (case.root / CREDITS_FILE).is_file() else shipped_root())
    path = file.relative_to(case.root).as_posix() if file.is_relative_to(case.root) else display_path(file)
    credited = [" ".join(one.citation.split()).rstrip(".") for one in stated if path in one.files]
    return f"{credited[0]} ({path})" if credited else path


def _dated(case: Case, rule: DatedEvent) -> str:
    said = case.events.said[rule.event]
    if isinstance(said, DatedByHand):
        return said.source
    if isinstance(said, CaseEvent):
        table = "" if said.row is None else f" ({said.row.table})"
        return f"{said.source}{table}"
    return table_named(case, case.data / said.table)
