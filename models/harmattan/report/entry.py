"""`hm.brief`: what may be asked of a brief is checked here, before anything heavy is imported or done."""

from collections.abc import Sequence
from pathlib import Path

from ..core.arguments import checked
from ..core.errors import InputError
from ..core.language import language
from ..core.progress import Steps
from ..model.specification import SamplerSettings
from ..run.forecasting import resolved
from ..run.memory import check_memory
from ..run.notebook_steps import default_steps
from ..run.pairing import check_pairing
from ..schema.driver import read_drivers
from ..schema.scenario import Scenario

DEFAULT_PAIR = ("withdrawal", "mission_stays")


@checked
def brief(
    *scenarios: str | Path | Scenario,
    out: str | Path = "out",
    claims_as_of: str | None = None,
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
        Two: the first is what happened or may happen, the second what it is held against. By default `withdrawal`
        against `mission_stays`.
    out : path
        Folder; written when everything has been made. An earlier brief in it gives way, other files stay.
    claims_as_of : str, optional
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
    from .assemble import write_brief
    from .folders import check_replaceable

    language(lang)
    _one_of("likelihood", [likelihood], ("icd203", "phia"))
    _one_of("format", formats, ("png", "svg", "pdf"))

    chosen = [resolved(scenario, None, None, claims_as_of) for scenario in scenarios or DEFAULT_PAIR]
    if len(chosen) == 1:
        chosen.append(resolved(DEFAULT_PAIR[1], chosen[0].as_of, chosen[0].months, chosen[0].claims_as_of))
    if len(chosen) != 2:
        raise InputError("A brief takes one or two scenarios; use `harmattan compare` for more.")
    check_pairing(chosen)
    if not read_drivers():
        raise InputError(
            "A brief says what drivers change, and scenarios/drivers.yaml holds none. Add one with `harmattan new "
            "driver NAME`; `harmattan forecast` needs none."
        )
    check_replaceable(out, "brief")
    check_memory("brief", draws, chosen[0].months, scenarios=3)
    if chosen[0].id == chosen[1].id:
        raise InputError(f"A brief holds two different scenarios against each other; {chosen[0].id} was given twice.")
    return write_brief(
        (chosen[0], chosen[1]),
        Path(out),
        draws=draws,
        seed=seed,
        settings=settings,
        steps=steps or default_steps(),
        lang=lang,
        likelihood="phia" if likelihood == "phia" else "icd203",
        formats=tuple(dict.fromkeys(formats)),
    )


def _one_of(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    wrong = [name for name in given if name not in known]
    if wrong or not given:
        raise InputError(f"--{option} {', '.join(wrong)}: choose from {', '.join(known)}.")
