"""`hm.ledger`: from what is asked to claims beside what happened."""

from pathlib import Path

from ..case.opening import open_case
from ..core.arguments import checked
from ..core.language import speaking
from ..core.progress import Steps
from ..run.asking import Ask
from ..run.forecasting import forecast_scenario
from ..schema.scenario import Scenario
from .folders import check_replaceable
from .ledger import Ledger, make_ledger


@checked
def ledger(
    as_of: str,
    *,
    scenario: str | Path | Scenario | None = None,
    panel: str | Path | None = None,
    forecast: bool = False,
    lang: str = "en",
    out: str | Path | None = None,
    steps: Steps | None = None,
) -> Ledger:
    """Return each claim beside what happened up to a month, and how each source scored.

    Parameters
    ----------
    as_of : str
        Last month of the record to use, `YYYY-MM` or `latest`; nothing later is used.
    scenario : str, Path or Scenario
        Gives the month of the exit, from which the claims' windows count; the case's first by default.
    panel : path, optional
        Another panel of the same form instead of the frozen one.
    forecast : bool
        Also hold claims against the forecast without the exit: the case's scenario in which no driver acts, from the
        record up to the exit. It is shown beside the level before and the trend, and not counted; it needs a fit.
    lang : str
        Language of what is saved; sentences are in the language in use.
    out : path, optional
        Folder for tables, figures, words and `run.json`; an earlier result in it gives way, other files stay.
    steps : Steps, optional

    Raises
    ------
    InputError
        If `as_of` is no month, the record does not reach it, or there is no such language.
    """
    check_replaceable(out, "ledger")
    case, panel_file = open_case(), None if panel is None else Path(panel)
    exit_month = Ask().of(scenario or case.first_scenario).clock.exit
    without = None
    with speaking(lang):
        if forecast:
            ask = Ask(as_of=exit_month, panel_file=panel_file)
            run = forecast_scenario(ask.of(case.record_alone), ask, steps=steps or Steps())
            without = run.deaths_by(case.dyads_by_month_file is not None)
        found = make_ledger(as_of, exit_month, panel_file=panel_file, without_exit=without, steps=steps)
        if out is not None:
            found.save(out)
    return found
