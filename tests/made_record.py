"""Makes the made-up record, `made_case/seeds/data/ucdp/country_month.csv`: `python tests/made_record.py`."""

import random
from pathlib import Path

FILE = Path(__file__).parent / "made_case" / "seeds" / "data" / "ucdp" / "country_month.csv"
FIRST, LAST = 2009, 2024
UNITS = {
    "QMA": ("Ambara", 30),
    "QMB": ("Bellune", 25),
    "QMC": ("Cortia", 6),
    "QMD": ("Dunmar", 12),
    "QMI": ("Isola", 3),
}
"""Code, name and deaths of a usual month."""
SHARES = {"non_state": 0.15, "one_sided": 0.35, "state_based": 0.5}
BORN = {"QMD": "2014-01"}


def record():
    """Return the text of the file: wars that come and go over years, from integers that any Python draws alike."""
    rows = ["country,iso3,gwno,month,type,events,best"]
    for number, (code, (name, usual)) in enumerate(UNITS.items()):
        heat = 100
        for year in range(FIRST, LAST + 1):
            draws = random.Random(f"{code} {year}")
            heat = min(max(heat * draws.randrange(60, 166) // 100, 30), 300)
            for month in range(1, 13):
                for kind, share in SHARES.items():
                    chance, size = draws.randrange(100), draws.randrange(200)
                    best = int(usual * share * heat * size / 10_000) if chance < 20 + 2 * usual else 0
                    if (label := f"{year}-{month:02d}") >= BORN.get(code, label):
                        rows.append(f"{name},{code},{9001 + number},{label},{kind},{min(best, 1 + best // 4)},{best}")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    FILE.write_text(record(), encoding="utf-8")
