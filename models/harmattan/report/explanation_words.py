"""An explanation in sentences, each with its numbers and how far they can be leaned on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..explain.leave_out import RANKED
from ..explain.power_scaling import SENSITIVE
from ..run.document_words import dated, document_sentences
from .words import in_hundred, sensible

if TYPE_CHECKING:
    from .explanation import Explanation


def sentences(it: "Explanation") -> dict[str, str]:
    """Return one sentence for each way of explaining, by name."""
    said = {
        "answer": _answer(it),
        "tornado": _tornado(it),
        "sensitivity": _sensitivity(it),
        "drivers": _without(it, "driver", "driver"),
        "claims": _without(it, "claim", "claim"),
        "sources": _without(it, "source", "source"),
        **_evidence(it),
        "method": _method(it),
        "knowing": _knowing(it),
        "discovery": _discovery(it),
    }
    said["documents"] = " ".join([dated(it.run.documents), *document_sentences(it.run.documents)])
    if len(it.whole_scaling):
        said["whole_scaling"] = _power_of_three(it)
    if len(it.power_scaling):
        said["power_scaling"] = _power(it)
    return said


def points(value: float) -> str:
    """Return a difference of probabilities in hundredths, with its sign: ``"-1.4"``."""
    return f"{100 * value:+.1f}"


def _answer(it: "Explanation") -> str:
    return (
        f"P({it.question.chance}) is {100 * it.probability:.1f} in 100 (Monte Carlo error "
        f"{100 * it.probability_error:.1f}) and the expected total {sensible(it.mean)}, in "
        f"{it.run.deaths.sizes['draw']:,} futures of {it.run.scenario.id} as of {it.run.clock.as_of}."
    )


def _tornado(it: "Explanation") -> str:
    deaths, chance = it.swings_deaths.iloc[0], it.swings_chance.iloc[0]
    return (
        f"One way of a driver at a time, “{chance['label']}” moves the probability most: {in_hundred(chance['weak'])} "
        f"where it is weak or absent, {in_hundred(chance['strong'])} where it is strong; “{deaths['label']}” moves the "
        f"expected total most: {sensible(deaths['weak'])} to {sensible(deaths['strong'])} deaths."
    )


def _sensitivity(it: "Explanation") -> str:
    table = it.sensitivity
    if table.empty:
        return "No driver's effect differs between the futures, so nothing hangs on it."
    top, clear = table.iloc[0], int(table["above_noise"].sum())
    return (
        f"The spread of the total hangs most on {_quoted(top)} (Borgonovo's delta {top['delta']:.3f}, "
        f"{top['low']:.3f} to {top['high']:.3f}); {clear} of {len(table)} drivers stand out from pure chance, which "
        f"reaches {top['noise_floor']:.3f} with as many futures."
    )


def _power_of_three(it: "Explanation") -> str:
    named = ", ".join(f"{row.by} {row.sensitivity:.2f}" for row in it.whole_scaling.itertuples())
    return f"How far the answer leans on what speaks of the exit (power scaling; above {SENSITIVE:g} it does): {named}."


def _evidence(it: "Explanation") -> dict[str, str]:
    """Return what the answer would be without what exits elsewhere did; nothing where they have no say."""
    rows = it.without("evidence")
    if rows.empty:
        return {}
    row = rows.iloc[0]
    if row["method"] == "not reliable":
        told = "What exits elsewhere did cannot be left out of this run by weights; another fit would tell (--refit)."
        return {"evidence": told}
    return {
        "evidence": (
            f"Without what exits elsewhere did the probability changes by {points(row['probability_change'])} "
            f"hundredths (error {100 * row['probability_error']:.1f}), and the total from {sensible(it.mean)} to "
            f"{sensible(row['mean_without'])}."
        )
    }


def _without(it: "Explanation", kind: str, noun: str) -> str:
    table = it.without(kind)
    known = table[table["probability_change"].notna()].head(RANKED)
    if known.empty:
        return f"No {noun} could be left out."
    named = "; ".join(
        f"{_name(row, kind)} {points(row.probability_change)} (error {100 * row.probability_error:.1f}, among the "
        f"first {RANKED} in {in_hundred(row.top_share)} replicates)"
        for row in known.itertuples()
    )
    start = f"{100 * it.probability:.1f}"
    return f"The {noun}s without which the probability changes most, in hundredths from {start}: {named}."


def _name(row: Any, kind: str) -> str:
    title = f"“{row.label.rstrip('.')}”"
    return f"{row.id}, {title}," if kind == "claim" else title


def _quoted(row: Mapping[str, Any]) -> str:
    """Return a row's title between quotation marks, so that a reader sees where it begins and ends."""
    return f"“{str(row['label']).rstrip('.')}”"


def _method(it: "Explanation") -> str:
    counts = it.left_out["method"].value_counts()
    said = [
        f"{int(counts[name])} {words}"
        for name, words in (
            ("reweighted", "by weighting the draws"),
            (
                "simulated again",
                "by new draws, where k-hat did not vouch for the weights or they left the first three open",
            ),
            ("not reliable", "not at all, since weights fail and a new fit was not asked for"),
            ("not possible", "not at all, since the scenario forces a branch that nothing else supports"),
        )
        if name in counts
    ]
    worst = it.left_out.loc[it.left_out["method"] == "reweighted", "k_hat"].max()
    largest = "" if worst != worst else f"; the largest k-hat of a weighting is {worst:.2f}"
    return f"Of {len(it.left_out)} things left out, {'; '.join(said)}{largest}."


def _knowing(it: "Explanation") -> str:
    *each, together = it.knowing.to_dict(orient="records")
    top = each[0]
    ends = sorted((top["chance_low"], top["chance_high"]))
    best = max(each, key=lambda row: row["decision_value"])
    return (
        f"To know about {_quoted(top)} would save {_percent(top['variance_share'])} in 100 of the squared error of the "
        f"total, all drivers together {_percent(together['variance_share'])}; for somebody to whom preparing costs "
        f"{_percent(it.cost_ratio)} in 100 of being caught unprepared, the best single one, {_quoted(best)}, is worth "
        f"{_percent(best['decision_value'])} in 100 of that loss and all together "
        f"{_percent(together['decision_value'])} (error {_percent(together['decision_value_error'])}); knowing "
        f"about {_quoted(top)} changes only decisions with a cost between {_percent(ends[0])} and "
        f"{_percent(ends[1])} in 100."
    )


def _percent(share: float) -> str:
    value = 100 * share
    return f"{value + 0.0:.0f}" if abs(value) >= 10 else f"{round(value, 1) + 0.0:.1f}"


def _discovery(it: "Explanation") -> str:
    found = it.discovery
    opening = (
        f"The worst tenth begins above {sensible(found.worst_from)} deaths; of the tenth of futures in which all "
        f"drivers together multiply the rate by more than {found.pressure['ratio']:.2f}, "
        f"{in_hundred(found.pressure['density'])} are among them"
    )
    if found.standing.empty:
        return f"{opening}; no combination of single drivers told them apart in futures kept aside for the test."
    parts = []
    for box in found.standing.itertuples():
        bounds = found.bounds[found.bounds["box"] == box.box]
        when = " and ".join(
            f"the rate ratio of “{row.label}” is {row.side} {row.bound:.2f} (so that it acts in "
            f"{in_hundred(row.chance_in)}, against {in_hundred(row.chance_all)})"
            for row in bounds.itertuples()
        )
        parts.append(
            f"when {when}, the density is {in_hundred(box.density)} against {in_hundred(box.base)}, coverage "
            f"{in_hundred(box.coverage)}, p = {box.p_value:.3f}"
        )
    return f"{opening}; {'; '.join(parts)}."


def _power(it: "Explanation") -> str:
    table = it.power_scaling
    top = table.iloc[0]
    sensitive = int((table["prior_sensitivity"] > SENSITIVE).sum())
    narrower = float(table["sd_ratio"].median())
    unlearnt = " The fit kept no likelihood, so the data's side is told by the spread alone."
    return (
        f"{sensitive} of {len(table)} drivers' posteriors lean on their prior (power scaling above {SENSITIVE:g}), "
        f"most of all {_quoted(top)} ({top['prior_sensitivity']:.2f}); the data left the median driver's spread at "
        f"{100 * narrower:.0f} in 100 of its prior's."
        + (unlearnt if bool(table["likelihood_sensitivity"].isna().all()) else "")
    )
