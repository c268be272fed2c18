"""The trace of the whole effect of the exit: to exits elsewhere, claims that state a size, and drivers' shares."""

from typing import Any

from ..claims.exits import load_exits
from ..claims.outlook import outlook
from ..claims.register import Register
from ..claims.whole import Whole, documents_whole
from ..claims.wording import citation, quoted
from ..core.language import country_name, phrase
from ..core.names import HORIZONS, OUTCOMES
from ..core.terminal import at_terminal, named
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
        phrase("traced.exit"),
        *(
            phrase(
                "traced.exit_row",
                belief=f"{named("traced.beliefs", row["belief"]):10s}", outcome=f"{row['outcome']:12s}",
                horizon=f"{_horizon(row['horizon']):6s}",
                **{name: at_terminal(row[name], 2) for name in ("q10", "q50", "q90", "rises")},
            )
            for row in table.to_dict("records")
        ),
        phrase(
            "traced.exit_worth",
            worth=at_terminal(worth, 3), sd=at_terminal(register.lexicons.whole.documents_sd),
        ),
        *_class_lines(register),
        *_size_lines(register),
        *_share_lines(whole),
    ]  # fmt: skip
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
        return [phrase("traced.no_class")]
    rows = load_exits().exits
    cells = [
        phrase(
            "traced.class_cell",
            outcome=f"{outcome:12s}",
            horizon=f"{_horizon(horizon):6s}",
            mean=at_terminal(known.mean[k, h], 2, signed=True),
            sd=at_terminal(known.normal_covariance[k * len(HORIZONS) + h, k * len(HORIZONS) + h] ** 0.5, 2),
        )
        for k, outcome in enumerate(OUTCOMES)
        for h, horizon in enumerate(HORIZONS)
    ]
    listed = [
        phrase(
            "traced.class_exit",
            exit=f"{id:22s}",
            host=country_name(rows[id].host),
            start=rows[id].start,
            kind=named("traced.exit_kinds", rows[id].kind),
        )
        for id in known.exits
    ]
    return [phrase("traced.class", count=len(known.exits), month=known.known_by), *cells, *listed]


def _size_lines(register: Register) -> list[str]:
    """Return the claims on drivers that hinge on the exit which state a size."""
    hinging = [name for name, driver in register.drivers.items() if driver.hinges_on_exit]
    voiced = dict.fromkeys(c for name in hinging for _, side, c in register.heard[name].votes if side == "for")
    told = [register.claims[name] for name in voiced if register.sizes[name] != "unstated"]
    return [phrase("traced.sizes" if told else "traced.no_sizes")] + [
        phrase(
            "traced.size_of",
            claim=f"{claim.id:22s}",
            words=quoted(claim.magnitude),
            size=named("traced.size_words", register.sizes[claim.id]),
            lines=citation(claim.file, claim.lines),
        )
        for claim in told
    ]


def _share_lines(whole: Whole) -> list[str]:
    ranked = sorted(whole.shares.items(), key=lambda item: -item[1].share)
    return [phrase("traced.shares")] + [
        phrase(
            "traced.share_of",
            driver=f"{driver:26s}",
            branch=f"{branch:22s}",
            share=at_terminal(share.share, 3),
            matters=at_terminal(share.matters, 2),
        )
        for (driver, branch), share in ranked
    ]


def _horizon(name: str) -> str:
    return named("horizons", name)
