"""Tables by horizon of the made-up case, small enough to be checked by hand, with rows won, lost and open."""

import json

import pandas as pd

SPANS = ("months 1-6", "months 7-12", "months 13-24", "months 25-36", "year 1", "year 2", "year 3", "year 5")
OUTCOMES = ("state_based", "non_state", "one_sided")
PLACES = (("ours", "countries"), ("ours", "inland states"), ("elsewhere", "countries"), ("all regions", "countries"))
SKILLS = {"ours": (0.10, 0.05, 0.15), "elsewhere": (-0.20, -0.3, -0.1), "all regions": (0.02, -0.01, 0.05)}
"""Skill with its interval: won, lost and open."""

HELD = {"ours": 0.75, "elsewhere": 0.82, "all regions": 0.8}
FOCAL_HELD = 0.5
MADE = {
    "version": "0.0.1",
    "own": "ours",
    "focal": {"name": "inland states", "countries": ["QMA", "QMB", "QMD"]},
    "regions": {
        "ours": {
            "called": {"en": "ours", "fr": "les nôtres"},
            "countries": ["QMA", "QMB", "QMC", "QMD", "QMI"],
            "origins": ["2010-10"],
        },
        "elsewhere": {"called": {"en": "elsewhere", "fr": "ailleurs"}, "countries": ["AAA"], "origins": ["2010-10"]},
    },
}


def keep_made_horizons(folder):
    """Write the tables into a folder, as `make judge` would."""
    skill, coverage, flatness = [], [], []
    for region, places in PLACES:
        for span in SPANS:
            for outcome in OUTCOMES if span.startswith("months") else (*OUTCOMES, "all"):
                key = {"region": region, "places": places, "outcome": outcome, "span": span}
                middle, low, high = SKILLS[region]
                for told, more in (("without", 0.0), ("with", 0.01)):
                    skill.append(
                        key
                        | {"summary_events": told, "value": 9.0, "best": "analogue", "best_value": 10.0}
                        | {
                            "skill": middle + more,
                            "skill_low": low,
                            "skill_high": high,
                            "detectable": 0.04,
                            "origins": 9,
                        }
                    )
                inside = FOCAL_HELD if places == "inland states" else HELD[region]
                coverage.append(key | {"taken": "one by one", "inside": inside, "count": 20})
                flat = {
                    "largest_gap": 0.2,
                    "allowed_gap": 0.1,
                    "share_inside": 0.6,
                    "allowed_by_year": 0.3,
                    "origins": 9,
                }
                flatness.append(key | {"taken": "one by one", "count": 20} | flat)
    for span in SPANS[4:]:
        key = {"region": "ours", "places": "inland states", "taken": "together", "span": span}
        coverage += [key | {"outcome": outcome, "inside": 0.4, "count": 10} for outcome in (*OUTCOMES, "all")]
    said = [
        {"region": region, "measure": measure, "outcome": outcome, "beside": beside, "span": "year 5"}
        | {"said": 0.1, "came": 0.3, "count": 7}
        for region in ("ours", "elsewhere", "all regions")
        for measure, outcome, beside in (
            ("long wars below a quarter", "state_based", ""),
            ("errors of outcomes", "one_sided", "state_based"),
        )
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("skill", skill), ("coverage", coverage), ("said", said), ("flatness", flatness)):
        pd.DataFrame(rows).to_csv(folder / f"horizons_{name}.csv", index=False)
    (folder / "horizons.json").write_text(json.dumps(MADE), encoding="utf-8")
