"""Texts of a case that a reader's language lacks, said before anything is computed."""

import re
import warnings
from collections.abc import Iterator, Sequence

from ..case.credits import check_case_words
from ..case.words import missing_wordings
from ..claims.lexicon import reading_of
from ..claims.register import Register
from ..core.errors import Notice
from ..core.language import DEFAULT, has_translation, scenario_name, speaking
from ..core.resources import scenarios_folder
from ..core.telling import telling
from ..schema.evidence import DirectionEvidence
from ..schema.resolution import NothingSettles
from ..schema.scenario import Scenario, scenario_names
from ..schema.texts import TEXTS
from ..schema.yaml_source import read_yaml

_LETTER = re.compile(r"[^\W\d_]")
NAMED = 3
"""Texts that the notice quotes; it counts the others."""


def check_words(register: Register, scenarios: Sequence[Scenario], code: str) -> None:
    """Refuse what no page can be written with, and give notice of what will appear in English.

    Raises
    ------
    InputError
        If a note asks for numbers that the record does not hold, or translations or credits are wrong.
    """
    check_case_words(register.case, register.case.record())
    say_what_stays_english(register, scenarios, code)


def untranslated(register: Register, scenarios: Sequence[Scenario], code: str) -> list[str]:
    """Return every text of a case's files that a page shows and that is not there in a language.

    Parameters
    ----------
    register : Register
    scenarios : sequence of Scenario
    code : str
        Of the language.
    """
    with speaking(code), telling(register.case.words):
        return [text for text in dict.fromkeys(_shown_texts(register, scenarios)) if not has_translation(text)]


def lacking_words(register: Register, code: str) -> list[str]:
    """Return every text of the whole case that some command or page shows and that is not there in a language."""
    with speaking(code), telling(register.case.words):
        return [text for text in dict.fromkeys(all_texts(register)) if text and not has_translation(text)]


def unnamed(register: Register, scenarios: Sequence[Scenario], code: str) -> list[str]:
    """Return the ids of scenarios that have no short name in a language."""
    with speaking(code), telling(register.case.words):
        return [one.id for one in scenarios if scenario_name(one.id) == one.id.replace("_", " ")]


def say_what_stays_english(register: Register, scenarios: Sequence[Scenario], code: str) -> None:
    """Give notice of texts of the case that will appear in English, and of where to add them."""
    if code == DEFAULT:
        return
    places = missing_wordings(register.case.definition, code)
    texts, names = (find(register, scenarios, code) for find in (untranslated, unnamed))
    said = [", ".join(places)] if places else []
    for key, missing in (("scenarios", names), ("texts", texts)):
        if missing:
            quoted = ", ".join(f'"{text}"' for text in missing[:NAMED])
            more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
            said.append(f"{TEXTS}/{code}.yaml, under {key}: {quoted}{more}")
    if said:
        number = len(places) + len(texts) + len(names)
        warnings.warn(
            f"{number} texts of this case are not there in {code}; they appear in English. Add them to "
            f"{'; '.join(said)}.",
            Notice,
            stacklevel=2,
        )


def all_texts(register: Register) -> Iterator[str]:
    """Yield every text of the case's files that some command or page shows."""
    for name in scenario_names():
        own = read_yaml(scenarios_folder() / f"{name}.yaml").data
        said = (own.get(key) for key in ("title", "condition", "probability_reason"))
        yield from (" ".join(str(text).split()) for text in said if text)
    yield from _shown_texts(register, ())
    for driver in register.drivers.values():
        yield driver.means
        yield from (arrow.inferred for arrow in driver.parents if arrow.inferred)
        yield from (event.why for event in driver.events)
        yield from (branch.why for branch in driver.prior.values())
    for event in register.case.dated.values():
        yield from (said.why for said in event.says)
    for source in register.sources.values():
        yield from (source.title, source.publisher, source.notes)
    for claim in register.claims.values():
        yield from (claim.paraphrase, claim.claimant)
        if isinstance(claim.resolution, NothingSettles):
            yield claim.resolution.why
        if claim.reliability is not None:
            yield claim.reliability.why
        if (reading := reading_of(claim, register.lexicons)) is not None:
            yield reading.reason
    for fact in register.facts.values():
        # numbers and dates stand as they are; words beside them are read
        yield from (text for text in (fact.paraphrase, str(fact.value), fact.unit) if _LETTER.search(text))
    for conflict in register.conflicts.values():
        yield from (statement.says for statement in conflict.statements)
        yield from (conflict.what, conflict.reading, conflict.why)
    for item in register.evidence.values():
        yield from (item.population, item.note, *(item.findings if isinstance(item, DirectionEvidence) else ()))


def _shown_texts(register: Register, scenarios: Sequence[Scenario]) -> Iterator[str]:
    for scenario in scenarios:
        yield from (scenario.title, " ".join(scenario.condition.split()))
    for driver in register.drivers.values():
        yield driver.title
        if driver.group is not None:
            yield driver.group
        for branch in driver.branches:
            yield from (branch.id, driver.title_of(branch))
        for known in driver.happened:
            yield f"{known.what}, {{date}}; its effect is not settled"
    for claim in register.claims.values():
        if claim.resolution is not None and not isinstance(claim.resolution, NothingSettles):
            yield claim.proposition.replace("-", " ")
            if claim.scope == "consequence" and not claim.implied:
                yield claim.paraphrase
