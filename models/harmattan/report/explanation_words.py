"""An explanation in sentences, each with its numbers and how far they can be leaned on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core.language import decimal, in_this_language, listed, phrase, scenario_name, translate, whole
from ..core.terminal import at_terminal
from ..explain.leave_out import RANKED
from ..explain.power_scaling import SENSITIVE
from ..plots.numbers import month_words
from ..run.document_words import dated, document_sentences
from .explanation_figures import question_words
from .words import in_hundred, sensible

if TYPE_CHECKING:
    from .explanation import Explanation


def sentences(it: "Explanation") -> dict[str, str]:
    """Return one sentence for each way of explaining, by name, in the language spoken."""
    said = {
        "answer": _answer(it),
        "tornado": _tornado(it),
        "sensitivity": _sensitivity(it),
        "drivers": _without(it, "driver"),
        "claims": _without(it, "claim"),
        "sources": _without(it, "source"),
        **_evidence(it),
        "method": _method(it),
        "knowing": _knowing(it),
        "discovery": _discovery(it),
        **_otherwise(it),
    }
    said["documents"] = " ".join([dated(it.run.documents), *document_sentences(it.run.documents)])
    if len(it.whole_scaling):
        said["whole_scaling"] = _power_of_three(it)
    if len(it.power_scaling):
        said["power_scaling"] = _power(it)
    return said


def points(value: float) -> str:
    """Return a difference of probabilities in hundredths, with its sign: ``"+1.4"``."""
    return at_terminal(100 * value, 1, signed=True)


def _said(key: str, **values: object) -> str:
    return phrase(f"explained.{key}", **values)


def _answer(it: "Explanation") -> str:
    return _said(
        "answer",
        chance=question_words(it.question)[1],
        probability=decimal(100 * it.probability, 1),
        error=decimal(100 * it.probability_error, 1),
        mean=sensible(it.mean),
        draws=whole(it.run.deaths.sizes["draw"]),
        scenario=scenario_name(it.run.scenario.id),
        month=month_words(it.run.clock.as_of),
    )


def _tornado(it: "Explanation") -> str:
    deaths, chance = it.swings_deaths.iloc[0], it.swings_chance.iloc[0]
    return _said(
        "tornado",
        chance=_quoted(chance),
        chance_weak=in_hundred(chance["weak"]),
        chance_strong=in_hundred(chance["strong"]),
        deaths=_quoted(deaths),
        deaths_weak=sensible(deaths["weak"]),
        deaths_strong=sensible(deaths["strong"]),
    )


def _sensitivity(it: "Explanation") -> str:
    table = it.sensitivity
    if table.empty:
        return _said("sensitivity_none")
    top = table.iloc[0]
    return _said(
        "sensitivity",
        driver=_quoted(top),
        clear=int(table["above_noise"].sum()),
        count=len(table),
        **{name: decimal(float(top[name]), 3) for name in ("delta", "low", "high", "noise_floor")},
    )


def _power_of_three(it: "Explanation") -> str:
    named = ", ".join(f"{translate(row.by)} {decimal(row.sensitivity, 2)}" for row in it.whole_scaling.itertuples())
    return _said("power_of_three", limit=at_terminal(SENSITIVE), named=named)


def _evidence(it: "Explanation") -> dict[str, str]:
    """Return what the answer would be without what exits elsewhere did; nothing where they have no say."""
    rows = it.without("evidence")
    if rows.empty:
        return {}
    row = rows.iloc[0]
    if row["method"] == "not reliable":
        return {"evidence": _said("evidence_unreliable")}
    return {
        "evidence": _said(
            "evidence",
            change=points(row["probability_change"]),
            error=decimal(100 * row["probability_error"], 1),
            mean=sensible(it.mean),
            without=sensible(row["mean_without"]),
        )
    }


def _without(it: "Explanation", kind: str) -> str:
    table = it.without(kind)
    known = table[table["probability_change"].notna()].head(RANKED)
    if known.empty:
        return _said(f"without_no_{kind}")
    named = phrase("number.join").join(
        _said(
            "without_one",
            name=_name(row, kind),
            change=points(row.probability_change),
            error=decimal(100 * row.probability_error, 1),
            ranked=RANKED,
            share=in_hundred(row.top_share),
        )
        for row in known.itertuples()
    )
    return _said(f"without_{kind}s", start=decimal(100 * it.probability, 1), named=named)


def _name(row: Any, kind: str) -> str:
    title = _quoted({"label": row.label})
    return f"{row.id}, {title}," if kind == "claim" else title


def _quoted(row: Mapping[str, Any]) -> str:
    """Return a row's title between quotation marks, so that a reader sees where it begins and ends."""
    return phrase("number.quoted", text=translate(str(row["label"])).rstrip("."))


def _method(it: "Explanation") -> str:
    counts = it.left_out["method"].value_counts()
    said = [
        _said(f"method_{name.replace(' ', '_')}", count=int(counts[name]))
        for name in ("reweighted", "simulated again", "not reliable", "not possible")
        if name in counts
    ]
    worst = it.left_out.loc[it.left_out["method"] == "reweighted", "k_hat"].max()
    largest = "" if worst != worst else _said("method_largest", k_hat=decimal(worst, 2))
    return _said("method", count=len(it.left_out), parts=phrase("number.join").join(said), largest=largest)


def _knowing(it: "Explanation") -> str:
    *each, together = it.knowing.to_dict(orient="records")
    top = each[0]
    ends = sorted((top["chance_low"], top["chance_high"]))
    best = max(each, key=lambda row: row["decision_value"])
    return _said(
        "knowing",
        top=_quoted(top),
        top_share=_percent(top["variance_share"]),
        all_share=_percent(together["variance_share"]),
        cost=_percent(it.cost_ratio),
        best=_quoted(best),
        best_value=_percent(best["decision_value"]),
        all_value=_percent(together["decision_value"]),
        error=_percent(together["decision_value_error"]),
        low=_percent(ends[0]),
        high=_percent(ends[1]),
    )


def _otherwise(it: "Explanation") -> dict[str, str]:
    """Return what else happened in those months and would explain the same, where the case names any."""
    shocks = it.run.case.definition.shocks
    told = [
        phrase("explained.shock", when=in_this_language(one.when), what=in_this_language(one.text).rstrip("."))
        for one in shocks
    ]
    return {"otherwise": _said("otherwise", shocks="; ".join(told))} if told else {}


def _percent(share: float) -> str:
    value = 100 * share
    return at_terminal(value, 0 if abs(value) >= 10 else 1)


def _discovery(it: "Explanation") -> str:
    found = it.discovery
    opening = _said(
        "discovery",
        deaths=sensible(found.worst_from),
        ratio=decimal(found.pressure["ratio"], 2),
        density=in_hundred(found.pressure["density"]),
    )
    if found.standing.empty:
        return _said("discovery_none", opening=opening)
    parts = []
    for box in found.standing.itertuples():
        bounds = found.bounds[found.bounds["box"] == box.box]
        when = listed(
            [
                _said(
                    f"box_{row.side}",
                    driver=_quoted({"label": row.label}),
                    bound=decimal(float(row.bound), 2),
                    inside=in_hundred(row.chance_in),
                    all=in_hundred(row.chance_all),
                )
                for row in bounds.itertuples()
            ]
        )
        parts.append(
            _said(
                "box",
                when=when,
                density=in_hundred(box.density),
                base=in_hundred(box.base),
                coverage=in_hundred(box.coverage),
                p_value=decimal(box.p_value, 3),
            )
        )
    return _said("discovery_boxes", opening=opening, boxes=phrase("number.join").join(parts))


def _power(it: "Explanation") -> str:
    table = it.power_scaling
    top = table.iloc[0]
    said = _said(
        "power",
        sensitive=int((table["prior_sensitivity"] > SENSITIVE).sum()),
        count=len(table),
        limit=at_terminal(SENSITIVE),
        driver=_quoted(top),
        most=decimal(float(top["prior_sensitivity"]), 2),
        narrower=whole(100 * float(table["sd_ratio"].median())),
    )
    unlearnt = bool(table["likelihood_sensitivity"].isna().all())
    return f"{said} {_said('power_unlearnt')}" if unlearnt else said
