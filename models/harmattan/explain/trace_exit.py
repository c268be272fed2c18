"""The trace of the whole effect of the exit: to exits elsewhere, claims that state a size, and drivers' shares."""

from typing import Any

from ..claims.exits import load_exits
from ..claims.outlook import outlook
from ..claims.register import Register
from ..claims.whole import Whole, documents_whole
from ..claims.wording import citation, quoted
from ..core.names import HORIZONS, OUTCOMES
from ..drivers.whole import before_the_record, whole_table
from ..schema.scenario import load_scenario

EXIT = "exit"
"""What the whole effect is asked for by."""

DRAWS, SEED = 4000, 1


def exit_trace(register: Register) -> tuple[str, str, dict[str, Any], tuple[str, ...]]:
    """Return kind, id, data and lines of the whole effect as it was believed in the month of the exit.

    Parameters
    ----------
    register : Register
    """
    clock, scenario = register.case.clock, load_scenario(register.case.first_scenario, drivers=register.drivers)
    register = register.using(scenario.evidence)
    whole = documents_whole(register)
    table = whole_table(before_the_record(register, scenario, clock.exit, clock.horizons, draws=DRAWS, seed=SEED))
    worth = outlook(register, whole).worth
    lines = [
        "  Rate ratio of deaths at home against no exit, all in all; 80 in 100 and median, before any month after it",
        *(
            f"    {row['belief']:10s} {row['outcome']:12s} {row['horizon']:6s} {row['q50']:.2f} ({row['q10']:.2f} to "
            f"{row['q90']:.2f}), more deaths: {row['rises']:.2f}"
            for row in table.to_dict("records")
        ),
        f"  documents count by {worth:.3f}: their error has sd {register.lexicons.whole.documents_sd:g}",
        *_class_lines(register),
        *_size_lines(register),
        *_share_lines(whole),
    ]
    data = {
        "table": table.to_dict("records"),
        "worth": worth,
        "size": {"mean": whole.size.mean, "sd": whole.size.sd},
        "shares": [
            {"driver": driver, "branch": branch, "share": share.share, "matters": share.matters}
            for (driver, branch), share in whole.shares.items()
        ],
        "exits": [] if register.exits_used is None else list(register.exits_used.exits),
    }
    return "whole", EXIT, data, tuple(lines)


def _class_lines(register: Register) -> list[str]:
    known = register.exits_used
    if known is None:
        return ["  exits elsewhere: the case is not of their class, too few were known, or they are left out"]
    rows = load_exits().exits
    cells = [
        f"    {outcome:12s} {horizon:6s} log rate ratio mean {known.mean[k, h]:+.2f}, sd "
        f"{known.normal_covariance[k * len(HORIZONS) + h, k * len(HORIZONS) + h] ** 0.5:.2f}"
        for k, outcome in enumerate(OUTCOMES)
        for h, horizon in enumerate(HORIZONS)
    ]
    listed = [f"    {id:22s} {rows[id].host}, from {rows[id].start}, {rows[id].kind}" for id in known.exits]
    return [f"  exits elsewhere, {len(known.exits)} known by {known.known_by} (`hm.exit_ratios()`)", *cells, *listed]


def _size_lines(register: Register) -> list[str]:
    """Return the claims on drivers that hinge on the exit which state a size."""
    hinging = [name for name, driver in register.drivers.items() if driver.hinges_on_exit]
    voiced = dict.fromkeys(c for name in hinging for _, side, c in register.heard[name].votes if side == "for")
    told = [register.claims[name] for name in voiced if register.sizes[name] != "unstated"]
    lines = ["  claims that state a size of it" if told else "  no claim states a size of it"]
    return lines + [
        f"    {claim.id:22s} {quoted(claim.magnitude)} read as {register.sizes[claim.id]}  "
        f"{citation(claim.file, claim.lines)}"
        for claim in told
    ]


def _share_lines(whole: Whole) -> list[str]:
    ranked = sorted(whole.shares.items(), key=lambda item: -item[1].share)
    return ["  shares of drivers"] + [
        f"    {driver:26s} {branch:22s} {share.share:.3f}, matters if it happens {share.matters:.2f}"
        for (driver, branch), share in ranked
    ]
