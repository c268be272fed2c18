"""Removing any one claim or any one source changes every prior as the derivation says.

The priors are recomputed here from the YAML files alone, by a second, shorter arithmetic that shares no code with
`harmattan.claims`: plain dictionaries, means and second moments instead of mixtures of distributions.
"""

import math
from collections import defaultdict

import numpy as np
import pytest
import yaml

from harmattan.claims.derivation import driver_priors
from harmattan.claims.register import load_register
from harmattan.core.resources import project_root

Z90 = 1.2815515655446004


def _yaml(*parts):
    with project_root().joinpath(*parts).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def files():
    """What the analysts wrote, as plain data."""
    seeds = project_root() / "seeds"
    claims = [claim for path in sorted(seeds.glob("claims/*.yaml")) for claim in _yaml("seeds", "claims", path.name)]
    evidence = [
        item
        for path in sorted(seeds.glob("evidence/*.yaml"))
        for item in _yaml("seeds/evidence", path.name).get("items", [])
    ]
    return {
        "claims": {claim["id"]: claim for claim in claims},
        "sources": {source["id"]: source for source in _yaml("seeds", "sources.yaml")},
        "drivers": {driver["id"]: driver for driver in _yaml("scenarios", "drivers.yaml")},
        "evidence": {item["id"]: item for item in evidence},
        "terms": _yaml("seeds/lexicons/capphrase.yaml")["terms"],
        "hedges": {entry["hedge"].lower(): entry for entry in _yaml("seeds/lexicons/hedges.yaml")["phrases"]},
        "empty": {(e["kind"], e["implied"]): e for e in _yaml("seeds/lexicons/hedges.yaml")["empty"]},
        "trust": _yaml("seeds/lexicons/reliability.yaml"),
        "sizes": _yaml("seeds/lexicons/magnitudes.yaml"),
    }


@pytest.fixture(scope="module")
def register():
    return load_register()


def _stated(files, claim):
    """Mean and second moment of the probability that a claim's words state."""
    words = " ".join(claim["hedge"].lower().split())
    entry = files["hedges"][words] if words else files["empty"][claim["kind"], claim["implied"]]
    term = files["terms"][entry["term"]]
    total = term["a"] + term["b"]
    mean = term["a"] / total
    if entry.get("shift") == "strengthened":
        mean = (mean + round(mean)) / 2
    elif entry.get("shift") == "weakened":
        mean = (mean + 0.5) / 2
    return mean, mean**2 + mean * (1 - mean) / (total + 1)


def _believed(files, claim, against):
    mean, square = _stated(files, claim)
    if against:
        mean, square = 1 - mean, 1 - 2 * mean + square
    grade = (claim["reliability"] or {}).get("grade") or files["sources"][claim["source"]]["reliability"]
    trust, reference = files["trust"]["grades"][grade], files["trust"]["reference"]
    m, k = reference["mean"], reference["concentration"]
    return trust * mean + (1 - trust) * m, trust * square + (1 - trust) * (m**2 + m * (1 - m) / (k + 1))


def _size(files, claim):
    words = " ".join(claim["magnitude"].lower().split())
    named = {entry["magnitude"].lower(): entry["size"] for entry in files["sizes"]["words"]}
    interval = files["sizes"]["classes"][named[words] if words else "unstated"]
    low, high = math.log(interval["low"]), math.log(interval["high"])
    mean, sd = (low + high) / 2, (high - low) / 2 / Z90
    return mean, mean**2 + sd**2


def _average_of_averages(tree):
    """Average over claims of a proposition, over propositions of a group, over groups."""
    return np.mean(
        [np.mean([np.mean(claims, axis=0) for claims in group.values()], axis=0) for group in tree.values()], axis=0
    )


def _voices(files, driver, branch):
    """Claims with a vote on a branch and their side; a bare side is about the driver's only branch."""
    for claim in files["claims"].values():
        role = claim["drivers"].get(driver["id"], "context")
        sides = {role: branch["id"]} if role in ("for", "against") else role if isinstance(role, dict) else {}
        yield from ((claim, side) for side, named in sides.items() if branch["id"] in np.atleast_1d(named))


def _branch(files, driver, branch, kept):
    """Probability, and mean and sd of the log rate ratio, of one branch."""
    null_sd = files["sizes"]["null_sd"]
    voices = [(claim, side) for claim, side in _voices(files, driver, branch) if kept(claim)]
    if all(side == "against" for _, side in voices):
        return 0.0, 0.0, null_sd
    tree = defaultdict(lambda: defaultdict(list))
    for claim, side in voices:
        tree[files["sources"][claim["source"]]["group"]][claim["proposition"]].append(
            _believed(files, claim, side == "against")
        )
    probability, square = _average_of_averages(tree)
    for use in driver["evidence"]:
        item = files["evidence"][use["id"] if isinstance(use, dict) else use]
        if item["kind"] == "probability" and use.get("branch", branch["id"]) == branch["id"]:
            worth = probability * (1 - probability) / (square - probability**2) - 1
            cases = item["transport"] * item["estimate"] * (1 - item["estimate"]) / item["se"] ** 2
            probability = (probability * worth + item["estimate"] * cases) / (worth + cases)
    weights = [
        1 / (len(tree) * len(tree[group]) * len(tree[group][claim["proposition"]]))
        for claim, side in voices
        if side == "for" and (group := files["sources"][claim["source"]]["group"])
    ]
    sizes = [_size(files, claim) for claim, side in voices if side == "for"]
    mean, second = np.average(sizes, axis=0, weights=weights)
    sign = 1 if branch["direction"] == "raise" else -1
    return probability, sign * mean, math.sqrt(second - mean**2)


def _prior(files, driver, kept):
    """Rows (weight, mean, sd): the branches, then no effect."""
    branches = [_branch(files, driver, branch, kept) for branch in driver["branches"]]
    odds = [p / (1 - p) for p, _, _ in branches]
    weights = [o / (1 + sum(odds)) for o in odds]
    rows = np.array(
        [(w, m, s) for w, (_, m, s) in zip(weights, branches, strict=True)]
        + [(1 - sum(weights), 0.0, files["sizes"]["null_sd"])]
    )
    for use in driver["evidence"]:
        item = files["evidence"][use["id"] if isinstance(use, dict) else use]
        if item["kind"] == "log_rate_ratio":
            rows = _after(rows, item["estimate"], (item["se"] * item["transport"]) ** 2)
    return rows


def _after(rows, estimate, variance):
    weight, mean, sd = rows.T
    spread = sd**2 + variance
    weight = weight * np.exp(-((estimate - mean) ** 2) / (2 * spread)) / np.sqrt(spread)
    return np.stack(
        [weight / weight.sum(), mean + sd**2 / spread * (estimate - mean), np.sqrt(sd**2 * variance / spread)], axis=1
    )


def _given(priors, driver):
    """The package's prior of one driver in the same form."""
    one = priors.sel(driver=driver["id"])
    keep = [*range(len(driver["branches"])), one.sizes["component"] - 1]
    return np.stack([one[name].values[keep] for name in ("weight", "mean", "sd")], axis=1)


def _check(files, priors, kept, what, only=None):
    for driver in (files["drivers"][key] for key in (files["drivers"] if only is None else only)):
        expected = _prior(files, driver, kept)
        np.testing.assert_allclose(
            _given(priors, driver), expected, rtol=1e-9, atol=1e-12, err_msg=f"{driver['id']} {what}"
        )


def test_every_prior_is_what_the_files_say(files, register):
    _check(files, driver_priors(register), lambda claim: True, "with all claims")


def test_removing_any_one_source_changes_every_prior_as_the_files_say(files, register):
    whole = driver_priors(register)
    for source in files["sources"]:
        less = driver_priors(register, without_sources=frozenset({source}))
        _check(files, less, lambda claim, gone=source: claim["source"] != gone, f"without {source}")
        assert not less["weight"].equals(whole["weight"]), f"{source} moves no prior at all"


def test_removing_any_one_claim_changes_every_prior_as_the_files_say(files, register):
    """A claim without a vote changes nothing; one with a vote changes the drivers where it votes, and no other."""
    whole = driver_priors(register)
    voting = {
        claim: {
            d["id"]
            for d in files["drivers"].values()
            if any(claim == voice["id"] for b in d["branches"] for voice, _ in _voices(files, d, b))
        }
        for claim in files["claims"]
    }
    unmoved = []
    for claim, drivers in voting.items():
        less = driver_priors(register, without_claims=frozenset({claim}))
        _check(files, less, lambda other, gone=claim: other["id"] != gone, f"without {claim}", drivers)
        moved = {
            d
            for d in files["drivers"]
            if not np.array_equal(_given(less, files["drivers"][d]), _given(whole, files["drivers"][d]))
        }
        assert moved <= drivers, f"{claim} moves {moved - drivers}, where it has no vote"
        unmoved += [(claim, driver) for driver in drivers - moved]
    for claim, driver in unmoved:  # only a claim that says exactly what the rest of its pool says may leave no trace
        kept = _prior(files, files["drivers"][driver], lambda other, gone=claim: other["id"] != gone)
        np.testing.assert_allclose(kept, _prior(files, files["drivers"][driver], lambda other: True), rtol=1e-12)
