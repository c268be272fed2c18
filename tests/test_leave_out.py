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
VIOLENCE = {
    *("civilian_harm", "armed_violence", "urban_siege", "terrorism_spread", "rights_abuses", "separatist_conflict"),
    *("regional_spillover", "regional_instability", "general_security"),
}


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
        "whole": _yaml("seeds/library/magnitudes.yaml")["whole"],
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


def _class(files, claim):
    words = " ".join(claim["magnitude"].lower().split())
    named = {entry["magnitude"].lower(): entry["size"] for entry in files["sizes"]["words"]}
    return named[words] if words else "unstated"


def _size(files, claim):
    return _moments(files["sizes"]["classes"][_class(files, claim)])


def _moments(interval):
    """Mean and second moment of the log of a ratio whose 80 % interval is given."""
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


def _trust(files, claim):
    grade = (claim["reliability"] or {}).get("grade") or files["sources"][claim["source"]]["reliability"]
    return files["trust"]["grades"][grade]


def _votes_on_the_whole(files, kept):
    """(driver, branch) and claim of every vote for a way in which the exit acts; the schedule itself is none."""
    return [
        ((driver["id"], branch["id"]), claim)
        for driver in files["drivers"].values()
        if driver.get("hinges_on_exit", True)
        for branch in driver["branches"]
        for claim, side in _voices(files, driver, branch)
        if side == "for" and kept(claim) and claim["outcome"] not in ("mission_withdrawal", "mission_mandate")
    ]


def _weights(files, votes):
    """Groups alike, propositions of a group alike, claims of a proposition alike, ways of a claim alike."""
    tree = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    where = [(files["sources"][claim["source"]]["group"], claim["proposition"], claim["id"]) for _, claim in votes]
    for group, proposition, claim in where:
        tree[group][proposition][claim] += 1
    return [1 / (len(tree) * len(tree[g]) * len(tree[g][p]) * tree[g][p][c]) for g, p, c in where]


def _pooled_size(files, votes, otherwise):
    """Mean and second moment of the size of the whole, over the claims that state one."""
    told = [vote for vote in votes if _class(files, vote[1]) != "unstated"]
    if not told:
        return otherwise
    trusted = [w * _trust(files, claim) for w, (_, claim) in zip(_weights(files, told), told, strict=True)]
    return tuple(np.average([_size(files, claim) for _, claim in told], axis=0, weights=trusted))


def _whole(files, kept):
    """Size of the whole (mean and second moment), and by way its share and the chance that it matters."""
    votes = _votes_on_the_whole(files, kept)
    weights = _weights(files, votes)
    size = _pooled_size(files, votes, _moments(files["whole"]["unstated"]))
    signs = {
        (driver["id"], branch["id"]): 1 if branch["direction"] == "raise" else -1
        for driver in files["drivers"].values()
        for branch in driver["branches"]
    }
    raw, groups = {}, defaultdict(set)
    for way in dict.fromkeys(way for way, _ in votes):
        mine = [(vote, weight) for vote, weight in zip(votes, weights, strict=True) if vote[0] == way]
        own = _pooled_size(files, [vote for vote, _ in mine], size)
        raw[way] = sum(weight for _, weight in mine) * own[0]
        violent = [claim for (_, claim), _ in mine if claim["outcome"] in VIOLENCE]
        groups[way] = {files["sources"][claim["source"]]["group"] for claim in violent}
    most = max(sum(value for way, value in raw.items() if signs[way] == sign) for sign in (1, -1))
    before = files["whole"]["matters"]
    return size, {way: (raw[way] / most, (2 * before + len(groups[way])) / (2 + len(groups[way]))) for way in raw}


def _branch(files, driver, branch, kept, whole):
    """Probability, and mean and sd of the log rate ratio, of one branch."""
    null_sd = files["sizes"]["null_sd"]
    voices = [(claim, side) for claim, side in _voices(files, driver, branch) if kept(claim)]
    if all(side == "against" for _, side in voices):
        return 0.0, 0.0, None if whole else null_sd
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
    sign = 1 if branch["direction"] == "raise" else -1
    if whole:
        (mean, second), shares = whole
        _, matters = shares.get((driver["id"], branch["id"]), (0.0, 0.0))
        return probability, sign * matters * mean, math.sqrt(matters * second - (matters * mean) ** 2)
    weights = [
        1 / (len(tree) * len(tree[group]) * len(tree[group][claim["proposition"]]))
        for claim, side in voices
        if side == "for" and (group := files["sources"][claim["source"]]["group"])
    ]
    sizes = [_size(files, claim) for claim, side in voices if side == "for"]
    mean, second = np.average(sizes, axis=0, weights=weights)
    return probability, sign * mean, math.sqrt(second - mean**2)


def _prior(files, driver, kept, worth):
    """Rows (weight, mean, sd): the branches, then no effect; of one that hinges on the exit, parts of the whole."""
    hinges = driver.get("hinges_on_exit", True)
    whole = _whole(files, kept) if hinges else None
    null_sd = files["whole"]["no_effect_sd"] if hinges else files["sizes"]["null_sd"]
    branches = [_branch(files, driver, branch, kept, whole) for branch in driver["branches"]]
    odds = [p / (1 - p) for p, _, _ in branches]
    weights = [o / (1 + sum(odds)) for o in odds]
    rows = np.array(
        [(w, m, null_sd if sd is None else sd) for w, (_, m, sd) in zip(weights, branches, strict=True)]
        + [(1 - sum(weights), 0.0, null_sd)]
    )
    for use in driver["evidence"]:
        item = files["evidence"][use["id"] if isinstance(use, dict) else use]
        if item["kind"] == "log_rate_ratio":
            rows = _after(rows, item["estimate"], (item["se"] * item["transport"]) ** 2)
    if whole:
        shares = [whole[1].get((driver["id"], branch["id"]), (0.0, 0.0))[0] for branch in driver["branches"]]
        scale = worth * np.array([*shares, max(shares)])
        rows[:, 1] *= scale
        rows[:, 2] = np.maximum(np.maximum(scale * rows[:, 2], scale[-1] * null_sd), 1e-4)
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


def _check(files, priors, kept, what, worth):
    for driver in files["drivers"].values():
        given, expected = _given(priors, driver), _prior(files, driver, kept, worth)
        used = expected[:, 0] > 0  # a way that nothing speaks for is never taken
        np.testing.assert_allclose(given[:, 0], expected[:, 0], rtol=1e-9, atol=1e-12, err_msg=f"{driver['id']} {what}")
        np.testing.assert_allclose(given[used], expected[used], rtol=1e-9, atol=1e-12, err_msg=f"{driver['id']} {what}")


@pytest.fixture(scope="module")
def worth(register, files):
    """By what documents count: their error against what exits elsewhere differ by."""
    return 1 / (1 + files["whole"]["documents_sd"] ** 2 / np.diag(register.exit_class.normal_covariance).mean())


def test_every_prior_is_what_the_files_say(files, register, worth):
    _check(files, driver_priors(register), lambda claim: True, "with all claims", worth)


def test_removing_any_one_source_changes_every_prior_as_the_files_say(files, register, worth):
    whole = driver_priors(register)
    for source in files["sources"]:
        less = driver_priors(register, without_sources=frozenset({source}))
        _check(files, less, lambda claim, gone=source: claim["source"] != gone, f"without {source}", worth)
        assert not less["weight"].equals(whole["weight"]), f"{source} moves no prior at all"


@pytest.mark.slow
def test_removing_any_one_claim_changes_priors_as_the_files_say(files, register, worth):
    """A claim without a vote changes nothing; one with a vote changes the chances where it votes, and no others."""
    whole = driver_priors(register)
    for claim in files["claims"]:
        voting = {
            d["id"]
            for d in files["drivers"].values()
            if any(claim == voice["id"] for b in d["branches"] for voice, _ in _voices(files, d, b))
        }
        less = driver_priors(register, without_claims=frozenset({claim}))
        moved = {
            d
            for d in files["drivers"]
            if not np.array_equal(less["weight"].sel(driver=d).values, whole["weight"].sel(driver=d).values)
        }
        assert moved <= voting, f"{claim} moves chances of {moved - voting}, where it has no vote"
        if not voting:
            assert less.identical(whole), f"{claim} has no vote, and moves a prior"


@pytest.mark.parametrize("every", [7])
def test_removing_one_claim_in_seven_changes_every_number_as_the_files_say(files, register, worth, every):
    voting = [claim for claim in files["claims"] if any(claim in heard.voting for heard in register.heard.values())]
    for claim in voting[::every]:
        less = driver_priors(register, without_claims=frozenset({claim}))
        _check(files, less, lambda other, gone=claim: other["id"] != gone, f"without {claim}", worth)
