"""The drivers' graph as two tables, nodes and arrows, for a figure or a spreadsheet."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..claims.links import Link
from ..claims.register import Register
from ..claims.stated import scenario_priors
from ..drivers.assumptions import network_in, seen_in
from ..drivers.graph import driver_graph
from ..schema.scenario import Scenario

NODES = ("driver", "label", "worse", "better", "branches")
SUPPORT = (
    "status",
    "sign",
    "claims_for",
    "claims_against",
    "sources",
    "sources_against",
    "agree",
    "horizons",
    "claims",
)
ARROWS = ("parent", "branch", "child", "moves", "odds_ratio", "lag_months", "chance", "stated", "basis", *SUPPORT)


def graph_tables(register: Register, scenario: Scenario, *, as_of: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the drivers and the arrows between them, under a scenario.

    Parameters
    ----------
    register : Register
    scenario : Scenario
        What is done and observed in it shows in the probabilities; arrows into drivers that it sets are left out.
    as_of : str
        Dated events up to this month are known.

    Returns
    -------
    nodes : DataFrame
        Columns driver, label, worse, better: probability that a harmful, and that a helpful branch happens; branches:
        each branch's title and probability.
    arrows : DataFrame
        Columns parent, branch, child, moves, odds_ratio, lag_months, chance, stated (bool), basis, and what claims say
        of it (`claims.links.Link`): status; sign, 1 or -1; claims_for and claims_against, how many name both ends;
        sources, how many groups are behind those for it and the cited lines, and sources_against; agree, None without
        claims; horizons that the claims give themselves; claims, their ids.
    """
    links = {(link.parent, link.branch, link.child, link.moves, link.lag_months): link for link in register.links}
    priors = scenario_priors(register, scenario)
    graph = driver_graph(register.drivers, priors)
    network = network_in(graph, priors, scenario)
    seen = {graph.final(k): v for k, v in seen_in(register.drivers, graph, priors, scenario, as_of).items()}
    nodes, arrows = [], []
    for name, driver in register.drivers.items():
        chances = network.marginal([graph.final(name)], seen)
        signs = {branch.id: branch.sign for branch in driver.branches}
        by_sign = {
            sign: sum(p for b, p in zip(graph.branches[name], chances, strict=True) if signs.get(b) == sign)
            for sign in (1, -1)
        }
        chance = dict(zip(graph.branches[name], chances, strict=True))
        told = "; ".join(f"{driver.title_of(branch)}: {chance[branch.id]:.2f}" for branch in driver.branches)
        nodes.append(
            {"driver": name, "label": driver.title, "worse": by_sign[1], "better": by_sign[-1], "branches": told}
        )
        if scenario.setting(name).state != "from-claims":
            continue
        for arrow in driver.parents:
            stated = arrow.stated
            basis = arrow.inferred if stated is None else f"{stated.file}:{','.join(map(str, stated.lines))}"
            arrows.append(
                {
                    "parent": arrow.driver,
                    "branch": arrow.branch,
                    "child": name,
                    "moves": arrow.moves,
                    "odds_ratio": arrow.odds_ratio,
                    "lag_months": arrow.lag_months,
                    "chance": arrow.chance,
                    "stated": stated is not None,
                    "basis": basis,
                    **_support(links[arrow.driver, arrow.branch, name, arrow.moves, arrow.lag_months]),
                }
            )
    return pd.DataFrame(nodes, columns=list(NODES)), pd.DataFrame(arrows, columns=list(ARROWS))


def undrawn_table(links: Iterable[Link]) -> pd.DataFrame:
    """Return the pairs of branches that claims name and nobody drew, with the columns of the arrows.

    Here claims_for counts claims by which both go together, and claims_against those by which they exclude one another.
    """
    rows = [
        {"parent": link.parent, "branch": link.branch, "child": link.child, "moves": link.moves, **_support(link)}
        for link in links
        if link.status == "undrawn"
    ]
    return pd.DataFrame(rows, columns=list(ARROWS))


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows in plain types, None where a cell holds nothing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def _support(link: Link) -> dict[str, Any]:
    return {
        "status": link.status,
        "sign": link.sign,
        "claims_for": len(link.supporting),
        "claims_against": len(link.opposing),
        "sources": len(link.groups),
        "sources_against": len(link.groups_against),
        "agree": link.agree,
        "horizons": ", ".join(link.horizons),
        "claims": ", ".join(link.claims),
    }
