"""Tables of the register for figures and notebooks: how words are read, and how a driver's prior comes about."""

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from .derivation import NO_EFFECT, derive_driver
from .lexicon import normalised, reading_of
from .mixtures import linear_pool
from .register import Register, load_register
from .steps import BranchDerivation, ClaimRow, Component, DriverDerivation
from .wording import citation

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (0.05, 0.95)
_WORDS = ("side", "hedge", "term", "grade", "words", "cited")
_COLUMNS = [
    "branch",
    "step",
    "label",
    "side",
    "hedge",
    "term",
    "grade",
    "weight",
    "low",
    "mean",
    "high",
    "words",
    "cited",
]
_Z90 = 1.2815515655446004


def lexicon() -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Return how readers take the documents' words, and the official bands; `hm.plots.lexicon` draws the two.

    Returns
    -------
    readings, bands : pandas.DataFrame
        As `readings_table` and `official_bands` describe them.
    """
    register = load_register()
    return readings_table(register), official_bands(register)


def readings_table(register: Register) -> "pd.DataFrame":
    """Return the terms by which the claims of the documents are read, lowest median first.

    Returns
    -------
    pandas.DataFrame
        Columns ``term``, ``claims`` (how many are read so), ``hedges`` (the documents' words, the commonest first;
        claims without any are counted only), ``low``, ``middle``, ``high`` (5, 50 and 95 % of the answers, 0 to 1).
    """
    import pandas as pd

    claims: dict[str, int] = defaultdict(int)
    words: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for claim in register.claims.values():
        reading = reading_of(claim, register.lexicons)
        if reading is not None:
            claims[reading.term] += 1
            if claim.hedge:
                words[reading.term][normalised(claim.hedge)] += 1
    rows = []
    for term, count in claims.items():
        phrase = register.lexicons.phrases.terms[term]
        hedges = sorted(words[term].items(), key=lambda item: (-item[1], item[0]))
        rows.append((term, count, ", ".join(hedge for hedge, _ in hedges), phrase.p05, phrase.median, phrase.p95))
    frame = pd.DataFrame(rows, columns=["term", "claims", "hedges", "low", "middle", "high"])
    return frame.sort_values(["middle", "term"], ignore_index=True)


def official_bands(register: Register) -> "pd.DataFrame":
    """Return what official yardsticks say of the terms of `readings_table`, where they have the same word.

    Returns
    -------
    pandas.DataFrame
        Columns ``term``, ``standard``, ``low``, ``high`` (0 to 1) and ``contradicted``: whether the middle reader's
        answer lies outside the band.
    """
    import pandas as pd

    standards = register.lexicons.yardsticks.standards
    rows = []
    for row in readings_table(register).itertuples():
        for standard, bands in standards.items():
            for band in bands:
                if band.term.lower() == str(row.term).lower():
                    low, high = band.low_pct / 100, band.high_pct / 100
                    outside = not low <= float(row.middle) <= high
                    rows.append((row.term, standard, low, high, outside))
    return pd.DataFrame(rows, columns=["term", "standard", "low", "high", "contradicted"])


def derivation_table(register: Register, driver_id: str) -> "pd.DataFrame":
    """Return how a driver's prior comes about, step by step.

    Parameters
    ----------
    register : Register
    driver_id : str

    Returns
    -------
    pandas.DataFrame
        One row a step, in order. ``branch``; ``step``: claim, group, pool, evidence or prior; ``label``: id of the
        claim, group, branch or evidence item; ``side``: for, against or empty; ``hedge``, ``term`` and ``grade`` of a
        claim: its words, what they are read as, how far it is trusted; ``weight`` in the pool; ``low, mean, high``:
        5 %, mean and 95 % of the probability that the branch happens (of its weight in the prior, ``mean`` alone);
        ``words``: what stands behind a row that is no claim; ``cited``: file and lines.

    Raises
    ------
    InputError
        If there is no such driver.
    """
    import pandas as pd

    derived = derive_driver(register, driver_id)
    rows: list[dict[str, Any]] = []
    for branch in derived.branches:
        rows += _branch_rows(register, branch)
        rows += _prior_rows(derived, branch)
    return pd.DataFrame([dict.fromkeys(_WORDS, "") | row for row in rows], columns=_COLUMNS)


def _branch_rows(register: Register, branch: BranchDerivation) -> list[dict[str, Any]]:
    rows = []
    for group in branch.groups:
        members = [row for row in branch.rows if row.group == group.group]
        rows += [_claim_row(register, branch, row) for row in members]
        pooled = linear_pool([row.weight / group.weight for row in members], [row.belief for row in members])
        words = f"{group.claims} claims, {group.propositions} propositions"
        rows.append(_row(branch.branch, "group", group.group, pooled, group.weight, words))
    if branch.pooled is not None:
        words = f"{branch.effective_sources} groups with equal weight"
        if branch.supposed is not None:
            words = f"no claim; stated in scenarios/drivers.yaml: {branch.supposed.why}"
        rows.append(_row(branch.branch, "pool", branch.branch, branch.pooled, 1.0, words))
    for step in branch.probability_steps:
        words = f"{step.share:.2f} of {step.count:.1f} cases"
        rows.append(_row(branch.branch, "evidence", step.evidence, step.after, 1.0, words))
    return rows


def _claim_row(register: Register, branch: BranchDerivation, row: ClaimRow) -> dict[str, Any]:
    claim = register.claims[row.claim]
    made = _row(branch.branch, "claim", row.claim, row.belief, row.weight, "")
    read = {"hedge": claim.hedge, "term": row.reading.term, "grade": row.grade}
    return made | read | {"side": row.side, "cited": citation(claim.file, claim.lines)}


def _row(branch: str, step: str, label: str, belief: Any, weight: float, words: str) -> dict[str, Any]:
    low, high = (belief.quantile(level) for level in LEVELS)
    said = {"branch": branch, "step": step, "label": label, "weight": weight, "words": words}
    return said | {"low": low, "mean": belief.mean, "high": high}


def _prior_rows(derived: DriverDerivation, branch: BranchDerivation) -> list[dict[str, Any]]:
    """Return the branch's weight after published effects, one row for each, and in the prior."""
    rows = []
    for step in derived.effect_steps:
        after = _component(step.after, branch.branch)
        words = f"log rate ratio {step.estimate:+.2f}, se with transport {step.se:.2f}"
        rows.append(_weight_row(branch.branch, "evidence", step.evidence, after.weight, words))
    final = _component(derived.components, branch.branch)
    nothing = _component(derived.components, NO_EFFECT).weight
    low, high = (math.exp(final.mean + sign * _Z90 * final.sd) for sign in (-1, 1))
    words = (
        f"rate ratio {math.exp(final.mean):.2f}, 80 in 100 between {low:.2f} and {high:.2f}; "
        f"no effect has weight {nothing:.2f}"
    )
    return [*rows, _weight_row(branch.branch, "prior", branch.branch, final.weight, words)]


def _component(components: tuple[Component, ...], name: str) -> Component:
    return next(component for component in components if component.branch == name)


def _weight_row(branch: str, step: str, label: str, weight: float, words: str) -> dict[str, Any]:
    said = {"branch": branch, "step": step, "label": label, "weight": 1.0, "words": words}
    return said | {"low": math.nan, "mean": weight, "high": math.nan}
