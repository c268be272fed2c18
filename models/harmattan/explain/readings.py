"""The same documents read otherwise: by another scale of hedges, larger or smaller words, better or worse grades."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..claims.lexicon import Lexicons
from ..claims.mixtures import Beta
from ..claims.register import Register
from ..claims.stated import scenario_priors
from ..schema.lexicon import Band, MagnitudeWord, Phrase
from ..schema.scenario import Scenario
from .leave_out import Kind, Omission, changed_drivers

SIZES = ("slight", "moderate", "substantial", "severe")
"""Classes of words of size that state one, the smallest first."""

UNSTATED = "unstated"

GRADES = "ABCDE"
"""Grades of reliability, the best first; F, which cannot be judged, is no step of this ladder."""

UP, DOWN = "up", "down"
STEPS = {UP: 1, DOWN: -1}


@dataclass(frozen=True)
class Variation(Omission):
    """The priors when something is read otherwise.

    Attributes
    ----------
    to : str
        What it is read as: a scale, a step up or down, or another class of size.
    """

    to: str = ""


def variations(register: Register, scenario: Scenario) -> list[Variation]:
    """Return everything that can be read otherwise and changes a prior.

    Kinds: ``lexicon``, hedges by the bands of each official scale; ``sizes``, every word of size a class larger or
    smaller; ``grades``, every grade of reliability one better or worse; ``word``, the word of size of one claim read as
    one a class larger or smaller, or as none.
    """
    full = scenario_priors(register, scenario)
    found = [*_of_all(register, scenario), *_of_one_word(register, scenario)]
    acting = {name for name in register.drivers if scenario.setting(name).state != "absent"}
    return [item for item in found if acting & set(changed_drivers(full, item.priors))]


def _of_all(register: Register, scenario: Scenario) -> Iterator[Variation]:
    told = register.lexicons
    changed: list[tuple[Kind, str, Lexicons]] = [
        ("lexicon", name, _by_bands(told, bands)) for name, bands in told.yardsticks.standards.items()
    ]
    changed += [("sizes", way, _moved_sizes(told, step)) for way, step in STEPS.items()]
    changed += [("grades", way, _moved_grades(told, step)) for way, step in STEPS.items()]
    for kind, to, lexicons in changed:
        yield Variation(kind, to, to, scenario_priors(replace(register, lexicons=lexicons), scenario), to)


def _of_one_word(register: Register, scenario: Scenario) -> Iterator[Variation]:
    voting = {key for name in register.drivers for key in register.heard[name].voting}
    words = {str(word.size): word.magnitude for word in register.lexicons.magnitudes.words if word.size in SIZES}
    for key, claim in register.claims.items():
        size = register.sizes[key]
        if key not in voting or size not in SIZES:
            continue
        at = SIZES.index(size)
        others = [other for other in (SIZES[i] for i in (at - 1, at + 1) if 0 <= i < len(SIZES)) if other in words]
        for other in (UNSTATED, *others):
            changed = {**register.claims, key: claim.model_copy(update={"magnitude": words.get(other, "")})}
            priors = scenario_priors(replace(register, claims=changed), scenario)
            yield Variation("word", key, claim.magnitude, priors, other)


def _by_bands(lexicons: Lexicons, bands: tuple[Band, ...]) -> Lexicons:
    """Return lexicons in which a term means no more than the band of a scale that holds what most readers say of it."""
    terms = {name: _as_band(phrase, bands) for name, phrase in lexicons.phrases.terms.items()}
    return replace(lexicons, phrases=lexicons.phrases.model_copy(update={"terms": terms}))


def _as_band(phrase: Phrase, bands: tuple[Band, ...]) -> Phrase:
    beta = beta_of_band(band_of(phrase.median, bands))
    return phrase.model_copy(update={"a": beta.a, "b": beta.b})


def band_of(median: float, bands: tuple[Band, ...]) -> Band:
    """Return the band of a scale that a probability lies in: the narrowest of several, the nearest where none holds it.

    Parameters
    ----------
    median : float
        0 to 1.
    bands : tuple of Band
    """
    at = 100.0 * median
    away = [max(band.low_pct - at, at - band.high_pct, 0.0) for band in bands]
    widths = [band.high_pct - band.low_pct for band in bands]
    return min(zip(away, widths, bands, strict=True), key=lambda found: found[:2])[2]


def beta_of_band(band: Band) -> Beta:
    """Return the Beta with the mean and the variance of a uniform on a band."""
    low, high = band.low_pct / 100.0, band.high_pct / 100.0
    mean, variance = (low + high) / 2.0, (high - low) ** 2 / 12.0
    return Beta.from_mean(mean, mean * (1.0 - mean) / variance - 1.0)


def _moved_sizes(lexicons: Lexicons, step: int) -> Lexicons:
    words = tuple(_moved_word(word, step) for word in lexicons.magnitudes.words)
    return replace(lexicons, magnitudes=lexicons.magnitudes.model_copy(update={"words": words}))


def _moved_word(word: MagnitudeWord, step: int) -> MagnitudeWord:
    if word.size not in SIZES:
        return word
    return word.model_copy(update={"size": SIZES[_stepped(SIZES.index(word.size), step, len(SIZES))]})


def _moved_grades(lexicons: Lexicons, step: int) -> Lexicons:
    old: Mapping[str, float] = lexicons.reliability.grades  # type: ignore[assignment]
    moved = {grade: old[GRADES[_stepped(GRADES.index(grade), -step, len(GRADES))]] for grade in GRADES if grade in old}
    return replace(lexicons, reliability=lexicons.reliability.model_copy(update={"grades": {**old, **moved}}))


def _stepped(at: int, step: int, count: int) -> int:
    return min(max(at + step, 0), count - 1)
