"""How records and posteriors show themselves in a notebook: as small tables, with what a reader asks first."""

import sys
from html import escape
from typing import Any

from ..core.language import country_name, decimal, outcome_name, phrase, translate, whole
from ..model.posterior import Posterior
from ..schema.clock import Asking
from ..schema.driver import Driver
from ..schema.scenario import Scenario

DISPLAYED = {
    ("harmattan.schema.scenario", "Scenario"): "scenario_html",
    ("harmattan.schema.driver", "Driver"): "driver_html",
    ("harmattan.model.posterior", "Posterior"): "posterior_html",
}
"""Classes of rooms that know nothing of notebooks, by name, and the function here that shows them."""


def register() -> None:
    """Teach a running notebook to show scenarios, drivers and posteriors; elsewhere do nothing."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return
    html = shell.display_formatter.formatters["text/html"]
    for (module, name), shown in DISPLAYED.items():
        html.for_type_by_name(module, name, globals()[shown])


def scenario_html(scenario: Scenario) -> str:
    """Return a scenario: what it assumes, what it asks of its own, and the drivers that it sets one by one."""
    asking = scenario.model_dump(mode="json", include=set(Asking.model_fields), exclude_none=True)
    facts = {
        "id": scenario.id,
        "extends": scenario.extends or "–",
        **{name.replace("_", " "): str(value) for name, value in asking.items()},
        "drivers": f"{scenario.drivers.default}; {'learnt' if scenario.drivers.learn else 'not learnt'} after the exit",
    }
    for name, setting in scenario.drivers.set.items():
        changed = setting.model_dump(exclude_none=True, exclude_defaults=True) or {"state": setting.state}
        facts[f"  {name}"] = ", ".join(f"{key} {value}" for key, value in changed.items())
    return _card(translate(scenario.title), translate(" ".join(scenario.condition.split())), facts)


def driver_html(driver: Driver) -> str:
    """Return a driver: its branches with their claims, where and on what it acts, and when."""
    timing = driver.timing
    facts = {branch.id: f"{branch.direction}s deaths; {branch.means}" for branch in driver.branches}
    facts |= {
        "acts on": ", ".join(f"{outcome_name(name)} {decimal(share, 2)}" for name, share in driver.outcomes.items()),
        "in": ", ".join(f"{country_name(name)} {decimal(share, 2)}" for name, share in driver.places.items()),
        "timing": f"from month {timing.onset_month}, {timing.ramp_months} months to the peak, "
        + (f"half-life {timing.half_life_months:g} months" if timing.half_life_months else "lasting"),
        "evidence": ", ".join(driver.evidence_ids) or "–",
    }
    return _card(translate(driver.title), driver.means, facts)


def posterior_html(posterior: Posterior) -> str:
    """Return a posterior: what it saw, whether it passed its checks, and its parameters' shapes."""
    checks = posterior.diagnostics
    facts = {
        "as of": posterior.as_of,
        "draws": f"{checks.chains} x {whole(checks.draws)}",
        "drivers learnt": "yes" if posterior.has_drivers else "no",
        "largest r-hat": decimal(checks.largest_rhat, 3),
        "fewest effective draws": whole(checks.fewest_effective_draws),
        "divergences": str(checks.divergences),
        **{
            str(name): " x ".join(str(array.sizes[d]) for d in array.dims)
            for name, array in posterior.parameters.items()
        },
    }
    verdict = "The fit passed its checks." if checks.passed else f"{phrase('page.failed')} {' '.join(checks.problems)}"
    return _card(f"Posterior {posterior.key[:12]}", verdict, facts)


def _card(title: str, text: str, facts: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><th style='text-align:left;font-weight:normal;opacity:.7'>{escape(name)}</th>"
        f"<td style='text-align:left'>{escape(str(value))}</td></tr>"
        for name, value in facts.items()
    )
    return f"<p><strong>{escape(title)}</strong><br>{escape(text)}</p><table>{rows}</table>"
