"""`hm.brief`: what may be asked of a brief is checked here, before anything heavy is imported or done."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..case.opening import Case, open_case
from ..claims.register import load_register
from ..core.arguments import checked
from ..core.errors import InputError
from ..core.language import language
from ..core.months import LATEST, months_between
from ..core.progress import Steps
from ..model.specification import SamplerSettings
from ..run.asking import Ask
from ..run.earlier import read_earlier
from ..run.memory import check_memory
from ..run.notebook_steps import default_steps
from ..run.pairing import check_pairing
from ..run.since import check_earlier
from ..schema.clock import Clock
from ..schema.scenario import Asked, Scenario, load_scenario
from .translations import check_words


@checked
def brief(
    *scenarios: str | Path | Scenario,
    out: str | Path = "out",
    since: str | Path | None = None,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    panel: str | Path | None = None,
    draws: int = 4000,
    seed: int = 1,
    lang: str = "en",
    likelihood: str = "icd203",
    formats: Sequence[str] = ("png", "svg"),
    settings: SamplerSettings | None = None,
    steps: Steps | None = None,
) -> Path:
    """Write the brief: `brief.html`, its annexes, the same for print, figures, tables and `run.json`.

    It looks from the end of the record, or from another month. Where that lies after the exit, nothing is held against
    what happened, since the counterfactual is past; what was expected at the time of the exit, and what came of it, is
    its second part.

    Parameters
    ----------
    *scenarios : str, Path or Scenario
        One or two: the first is what happened or may happen, the second what it is held against. By default the
        case's own. From after the exit that is the case's scenario for now, alone; else a second is taken from the
        case where it has one.
    out : path
        Folder; written when everything has been made. An earlier brief in it gives way, other files stay.
    as_of : str, optional
        Month to look from, `YYYY-MM`, or `latest`, the last of the record, which it is where neither this nor the
        scenario's own file names one.
    since : path, optional
        `run.json` of an earlier brief, or its folder: what has changed since under the first scenario, and why.
    claims_as_of, panel
        As in `forecast`.
    lang : str
        Language of page, print and figures: a file in `languages/`, so far ``en`` and ``fr``.
    likelihood : {"icd203", "phia"}
        Whose words of likelihood to use; the number always stands beside them.
    formats : sequence of str
        What each figure is written as: png, svg, pdf.
    draws, seed, settings, steps
        As in `forecast`.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    InputError
        If there is no such language, scale or format, or the scenarios cannot be paired.
    """
    from .folders import check_replaceable

    language(lang)
    _one_of("likelihood", [likelihood], ("icd203", "phia"))
    _one_of("format", formats, ("png", "svg", "pdf"))

    case = open_case()
    file = None if panel is None else Path(panel)
    ask = Ask(as_of=as_of, claims_as_of=claims_as_of, draws=draws, seed=seed, panel_file=file, settings=settings)
    chosen = _looked_at(scenarios, ask, case)
    past = _at_the_exit(chosen[0].clock, ask, case)
    if len(chosen) > 2:
        raise InputError("A brief takes one or two scenarios; use `harmattan compare` for more.")
    check_pairing(chosen)
    if past:
        check_pairing(past)
    check_replaceable(out, "brief")
    check_memory("brief", draws, chosen[0].clock.months, units=len(case.units), scenarios=3 + len(past))
    assumed = [asked.scenario for asked in chosen]
    if len(assumed) == 2 and assumed[0].id == assumed[1].id:
        raise InputError(f"A brief holds two different scenarios against each other; {assumed[0].id} was given twice.")
    earlier = None if since is None else read_earlier(since, chosen[0].scenario.id)
    if earlier is not None:
        check_earlier(chosen[0].clock, earlier)
    register = load_register()
    check_words(register, [*assumed, *(asked.scenario for asked in past)], lang)
    from .assemble import write_brief  # with matplotlib, once all is known to be well

    return write_brief(
        chosen,
        past,
        ask,
        Path(out),
        register=register,
        steps=steps or default_steps(),
        lang=lang,
        likelihood="phia" if likelihood == "phia" else "icd203",
        formats=tuple(dict.fromkeys(formats)),
        earlier=earlier,
    )


def _looked_at(scenarios: Sequence[str | Path | Scenario], ask: Ask, case: Case) -> list[Asked]:
    """Return what is looked at from the month asked for: the scenarios named, or those of the case."""
    named = [load_scenario(scenario) if not isinstance(scenario, Scenario) else scenario for scenario in scenarios]
    if ask.as_of is None and not any(scenario.names_month for scenario in named):
        ask = replace(ask, as_of=LATEST)
    first = ask.of(named[0] if named else case.first_scenario)
    after_exit = months_between(first.clock.exit, first.clock.as_of) > 0
    if not named and after_exit:
        return [ask.of(case.scenario_now)]
    if len(named) > 1 or after_exit or case.second_scenario in (None, first.scenario.id):
        return [first, *(ask.of(scenario) for scenario in named[1:])]
    clock = first.clock
    of_first = replace(ask, as_of=clock.as_of, months=clock.months, claims_as_of=clock.claims_as_of)
    return [first, of_first.of(str(case.second_scenario))]


def _at_the_exit(now: Clock, ask: Ask, case: Case) -> list[Asked]:
    """Return the case's own scenarios by its own clock, where the brief looks from after the exit that it had ahead."""
    if months_between(now.exit, now.as_of) <= 0 or months_between(case.clock.as_of, now.as_of) <= 0:
        return []
    ask = replace(ask, as_of=case.clock.as_of, months=None)
    second = () if case.second_scenario is None else (case.second_scenario,)
    return [ask.of(name) for name in (case.first_scenario, *second)]


def _one_of(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    wrong = [name for name in given if name not in known]
    if wrong or not given:
        raise InputError(f"--{option} {', '.join(wrong)}: choose from {', '.join(known)}.")
