"""`hm.brief`: what may be asked of a brief is checked here, before anything heavy is imported or done."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..case.opening import open_case
from ..claims.register import load_register
from ..core.arguments import checked
from ..core.errors import InputError
from ..core.language import language
from ..core.progress import Steps
from ..model.specification import SamplerSettings
from ..run.asking import Ask
from ..run.earlier import read_earlier
from ..run.memory import check_memory
from ..run.notebook_steps import default_steps
from ..run.pairing import check_pairing
from ..run.since import check_earlier
from ..schema.scenario import Scenario
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
    """Write the brief: figures, tables, `run.json`, one self-contained `brief.html` and the same as `brief.pdf`.

    Parameters
    ----------
    *scenarios : str, Path or Scenario
        One or two: the first is what happened or may happen, the second what it is held against. By default the
        case's own; a second is taken from there too where one is named and the case has one.
    out : path
        Folder; written when everything has been made. An earlier brief in it gives way, other files stay.
    since : path, optional
        `run.json` of an earlier brief, or its folder: what has changed since under the first scenario, and why.
    as_of, claims_as_of, panel
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
    chosen = [ask.of(scenario) for scenario in scenarios or (case.first_scenario,)]
    if len(chosen) == 1 and case.second_scenario not in (None, chosen[0].scenario.id):
        first = chosen[0].clock
        of_first = replace(ask, as_of=first.as_of, months=first.months, claims_as_of=first.claims_as_of)
        chosen.append(of_first.of(str(case.second_scenario)))
    if len(chosen) > 2:
        raise InputError("A brief takes one or two scenarios; use `harmattan compare` for more.")
    check_pairing(chosen)
    check_replaceable(out, "brief")
    check_memory("brief", draws, chosen[0].clock.months, units=len(case.units), scenarios=3)
    assumed = [asked.scenario for asked in chosen]
    if len(assumed) == 2 and assumed[0].id == assumed[1].id:
        raise InputError(f"A brief holds two different scenarios against each other; {assumed[0].id} was given twice.")
    earlier = None if since is None else read_earlier(since, chosen[0].scenario.id)
    if earlier is not None:
        check_earlier(chosen[0].clock, earlier)
    register = load_register()
    check_words(register, assumed, lang)
    from .assemble import write_brief  # with matplotlib, once all is known to be well

    return write_brief(
        chosen,
        ask,
        Path(out),
        register=register,
        steps=steps or default_steps(),
        lang=lang,
        likelihood="phia" if likelihood == "phia" else "icd203",
        formats=tuple(dict.fromkeys(formats)),
        earlier=earlier,
    )


def _one_of(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    wrong = [name for name in given if name not in known]
    if wrong or not given:
        raise InputError(f"--{option} {', '.join(wrong)}: choose from {', '.join(known)}.")
