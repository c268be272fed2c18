"""The drivers' graph as two tables, nodes and arrows, for a figure or a spreadsheet."""

import pandas as pd

from ..claims.register import Register
from ..claims.stated import scenario_priors
from ..drivers.assumptions import network_in, seen_in
from ..drivers.graph import driver_graph
from ..schema.scenario import Scenario

NODES = ("driver", "label", "worse", "better", "branches")
ARROWS = ("parent", "branch", "child", "moves", "odds_ratio", "lag_months", "chance", "stated", "basis")


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
        Columns parent, branch, child, moves, odds_ratio, lag_months, chance, stated (bool), basis.
    """
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
                }
            )
    return pd.DataFrame(nodes, columns=list(NODES)), pd.DataFrame(arrows, columns=list(ARROWS))
