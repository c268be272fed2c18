"""The text of a new case's files: what the world says of the place, with comments on what the analyst may change."""

import json

from ..core.language import country_name, phrase, speaking
from ..panel import regions, world
from .beginning import Beginning


def case_text(case_id: str, begun: Beginning, exit: str, as_of: str, actor: str | None = None) -> str:
    """Return `case.yaml` of a new case.

    Parameters
    ----------
    case_id : str
    begun : Beginning
        Its units and what is known of them.
    exit, as_of : str
        `YYYY-MM`.
    actor : str, optional
        Who leaves.
    """
    home, (name, name_fr), listed = begun.units[0], begun.names[begun.units[0]], ", ".join(begun.units)
    because = f"   # {begun.home_is}" if begun.home_is else ""
    lives = [] if begun.level == "admin1" else [_lifetime(code) for code in begun.units if _lifetime(code)]
    lifetimes = "{}" if not lives else "\n" + "\n".join(lives)
    return f"""\
# The case: where, when and about whom. `harmattan schema case` tells every key; `harmattan validate` checks it first.
format: 1
id: {case_id}
title:
  en: {_title(begun, exit, actor, "en")}
  fr: {_title(begun, exit, actor, "fr")}
actor: {json.dumps(actor, ensure_ascii=False)}   # who leaves, as sentences name it; null = nobody
{_event(actor)}units:
  level: {begun.level}{LEVEL_NOTE[begun.level]}
  home: {home}{because}
  list: [{listed}]
  shown: auto                # neighbours beside home; auto = those with most deaths expected, or name them: [AAA, BBB]
  lifetimes: {lifetimes}
{unit_names_text(begun)}clock:                       # what is asked where a command or a scenario asks nothing else
  as_of: "{as_of}"           # last month whose observations are used
  claims_as_of: null         # YYYY-MM leaves out documents not certainly written by then; null = all are used
  exit: "{exit}"            # month 0 of every horizon
  months: 60                 # months forecast after as_of
horizons: {{short: [1, 6], mid: [7, 24], long: [25, 60]}}    # first and last month after the exit
headline: one_sided          # what answers are about: civilians killed on purpose; or state_based, non_state
thresholds: auto             # deaths in twelve months; or a list: [100, 500, 1000]
smallest_change: 0.1         # share of deaths by which they must change to be called better or worse; chances by half
{_watched(begun)}
groups:                      # units taken together where scenarios stand side by side
  home: {{units: [{home}], name: {{en: "{name}", fr: "{name_fr}"}}}}
  region: {{units: [{listed}], name: {{en: "{begun.together[0]}", fr: "{begun.together[1]}"}}}}
places: {{}}                   # words that claims use for places: the_north: {{units: [{home}], part: true}}
events: {{}}                   # dated events: mission-left: {{date: "{exit}-30", source: "..."}}
scenarios: {{first: baseline, second: null, record_alone: baseline}}
{_reference_class(begun, actor)}
shocks: []                   # what else happened: - {{when: {{en: "...", fr: "..."}}, text: {{en: "...", fr: "..."}}}}
{BORDERS[begun.level]}
record: {{file: {begun.record_file}, source: UCDP GED, release: "{begun.release}"}}
{MAP[begun.level]}
outcome_words: []            # what claims may be about, beside the general list
"""


def _event(actor: str | None) -> str:
    """Return what sentences call the event: the exit where somebody leaves, else the general words of the program."""
    if actor is None:
        return (
            "# event: {en: {name: the coup, of: of the coup, to: to the coup, short: coup}}   # as sentences call it\n"
        )
    return (
        "event:                       # what sentences call it, and in tight places\n"
        "  en: {name: the exit, of: of the exit, to: to the exit, short: exit}\n"
        "  fr: {name: le départ, of: du départ, to: au départ, short: départ}\n"
    )


def _reference_class(begun: Beginning, actor: str | None) -> str:
    """Return of which class of like events the case is: a mission that leaves a country, where somebody leaves."""
    if actor is None or begun.level != "country":
        return "reference_class: null        # {of: exits, kind: any} where a mission leaves a country"
    return (
        "reference_class: {of: exits, kind: any}   # exits of missions elsewhere are evidence on this one; of kind\n"
        "                             # done (mandate done, handed over) or left (sent away, collapsed); null = none\n"
        "                             # of them is"
    )


def _title(begun: Beginning, exit: str, actor: str | None, language: str) -> str:
    """Return the title of a brief in a language, quoted for YAML."""
    year, month = exit.split("-")
    with speaking(language):
        when = phrase("number.month", month=phrase(f"months.m{int(month)}"), year=year)
        if actor is not None and begun.level == "country":
            title = phrase("new_case.after", actor=actor, country=country_name(begun.units[0]))
        else:
            title = phrase("new_case.month", country=begun.title[0 if language == "en" else 1], month=when)
    return json.dumps(title, ensure_ascii=False)


LEVEL_NOTE = {
    "country": "",
    "admin1": """\
              # first-level regions that the record names twice or more; what has no place in any of
                             # them stands in the last unit of the list, so that the sum is the country's""",
}

BORDERS = {
    "country": "borders: {weight: sqrt-length}   # how much a neighbour counts; or length, equal; "
    "single pairs under `pairs`",
    "admin1": """\
borders: {weight: equal, guessed: true}
                             # No borders of regions come with the program. geometry/country_pairs.csv lets every region
                             # touch every other (border_km 1), so all inform one another alike, and figures say that
                             # what crosses a border is a guess. Write 0 there for those that do not touch and leave
                             # guessed out; with lengths in km, weight may be sqrt-length""",
}
"""How much a neighbour counts."""

MAP = {
    "country": "map: {credit: Natural Earth}   # of the outlines; view and labels: `harmattan schema case`",
    "admin1": "map: {}                      # regions are drawn as tiles, at `tiles: {UNIT: [column, row]}`",
}


def _watched(begun: Beginning) -> str:
    if not begun.watched:
        return "watched: null                # units that violence may reach: id, units, threshold and name"
    return f"""\
watched:                     # may violence reach these? null = nothing is watched
  id: {"neighbours" if begun.level == "country" else "other-regions"}
  units: [{", ".join(begun.watched)}]
  threshold: 25
  name: {{en: "{begun.watched_names[0]}", fr: "{begun.watched_names[1]}"}}"""


def unit_names_text(begun: Beginning) -> str:
    """Return the lines of `units` that say what regions are called; countries have the world's names."""
    if begun.level == "country":
        return ""
    named = (f'    {code}: {{en: {{name: "{en}"}}, fr: {{name: "{fr}"}}}}' for code, (en, fr) in begun.names.items())
    return "\n".join(["  names:", *named]) + "\n"


def _lifetime(code: str) -> str:
    one = world.state(code)
    parts = [f'first: "{one.first}"'] if one.first > "1989-01" else []
    parts += [f'last: "{one.last}"'] if one.last < "2024-12" else []
    if not parts:
        return ""
    why = "Outside it did not exist; its deaths of then stand under the state that it was part of."
    return f'    {code}: {{{", ".join(parts)}, why: "{why}"}}'


BASELINE = """\
# The record alone: what the panel says when no mechanism is switched on. Other scenarios extend this one and state only
# what differs: `harmattan new scenario NAME`. What is asked (as_of, exit, months, horizons) stands in case.yaml.
id: baseline
title: "The record alone"
extends: null
condition: >-
  No driver acts. Deaths follow the pattern of the panel up to as_of, with no view of what the exit changes.
probability: null
probability_reason: "A yardstick, not a world that could come about."
source_lines: []
drivers:
  default: absent            # or from-claims: every driver happens as likely and as strongly as the claims say
  learn: false
"""


def baseline_text() -> str:
    """Return `scenarios/baseline.yaml` of a new case."""
    return BASELINE


EMPTY = {
    "seeds/sources.yaml": "# Documents: `harmattan new source ID --document FILE` adds one.\n[]\n",
    "seeds/facts.yaml": "# Dated or quantified statements of the documents.\n[]\n",
    "seeds/conflicts.yaml": "# Facts that cannot both hold, with the reading that is used and why.\n[]\n",
    "scenarios/drivers.yaml": "# Mechanisms that scenarios set: `harmattan new driver NAME` adds one.\n[]\n",
}
"""Registers that hold nothing yet."""

COUNTRY_README = f"""\
# Data of this case

| file | what | source | licence |
| --- | --- | --- | --- |
| `ucdp/country_month.csv` | events and deaths by unit, month and type, 0 where nothing was recorded | \
UCDP GED {world.RELEASE}, final rows, through the program's record of the world | CC BY 4.0 |
| `geometry/country_pairs.csv` | borders and distances in km | computed from Natural Earth 1:50m | public domain |
| `geometry/shapes.geojson` | outlines of the units | Natural Earth 1:50m | public domain |

Uppsala Conflict Data Program (UCDP), Uppsala University: Georeferenced Event Dataset {world.RELEASE}. Sundberg & \
Melander (2013), JPR 50(4). Aggregated; obtained from a public mirror. Made with Natural Earth. `SHA256SUMS` lists the
files as made.
"""

REGION_README = f"""\
# Data of this case

| file | what | source | licence |
| --- | --- | --- | --- |
| `ucdp/admin1_month.csv` | events and deaths by region, month and type, 0 where nothing was recorded | \
UCDP GED {regions.RELEASE}, through the program's record by region | CC BY 4.0 |
| `geometry/country_pairs.csv` | which regions touch | **nothing known: every region touches every other** | none |

Regions are the names that UCDP writes, without their suffix, where it writes them for two events or more; boundaries
of several dates may be mixed, and a region that was cut out of another has its events under the old name before.
Events without a region, and those under a name that stands there once, are in the unit whose code ends in `unplaced`:
it has no place and touches nothing. In every month and type the units add up to the country.

No borders of regions may be shipped, so the table of pairs holds none: `border_km` is 1 for every pair of regions, and
distances are blank. All regions inform one another alike until you write 0 for those that do not touch. With lengths
in km in the table, `borders: {{weight: sqrt-length}}` in `case.yaml` makes longer borders count more. A driver that
falls with distance needs the distances filled in. Maps are drawn as tiles; `map.tiles` in `case.yaml` places them, or
`map.shapes` names outlines of your own.

Uppsala Conflict Data Program (UCDP), Uppsala University: Georeferenced Event Dataset {regions.RELEASE}. Sundberg & \
Melander (2013), JPR 50(4). Aggregated; obtained from a public mirror. `SHA256SUMS` lists the files as made.
"""

README = {"country": COUNTRY_README, "admin1": REGION_README}
"""What the folder of the data says of it."""
