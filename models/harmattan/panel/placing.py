"""Which unit an event of UCDP's belongs to: its country, or the first-level region that it names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..core.errors import InputError
from .regions import country_of, region_code, residual_of

_KIND = "region|province|state|department|district|governorate|prefecture|county|territory"
_KIND_FR = "région|region|province|département|departement|district|préfecture|prefecture"
_AFTER = re.compile(rf"\s+(?:(?:capital|autonomous)\s+)?(?:{_KIND})$", re.IGNORECASE)
_BEFORE = re.compile(
    rf"^(?:{_KIND_FR}|state)\s+(?:de\s+la\s+|de\s+l['’]|du\s+|des\s+|de\s+|d['’]|of\s+)", re.IGNORECASE
)
_SHOWN = 8


@dataclass(frozen=True)
class Placing:
    """How events are shared out among the units of a record.

    Attributes
    ----------
    units : tuple of str
        Every unit of the record.
    countries : dict of str to str
        Gleditsch-Ward number to ISO3 of the countries that the units are, or lie in.
    by_region : bool
        Whether units are first-level regions.
    """

    units: tuple[str, ...]
    countries: dict[str, str]
    by_region: bool = False

    def placed(self, events: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[str]]:
        """Return events with their unit in place of their country, and what could not be placed, in sentences.

        Parameters
        ----------
        events : DataFrame
            Column iso3, the country, and by region adm_1, as UCDP writes it.
        file : str
            What messages call their file.

        Raises
        ------
        InputError
            If an event has no region among the units, and its country no residual unit.
        """
        if not self.by_region:
            return events, []
        pairs = events[["iso3", "adm_1"]].drop_duplicates()
        found = {(iso3, name): self._unit(iso3, name) for iso3, name in pairs.itertuples(index=False)}
        keys = zip(events["iso3"], events["adm_1"], strict=True)
        units = pd.Series([found[key] for key in keys], index=events.index, dtype="object")
        lost = events[units.isna()]
        residual = lost["iso3"].map(residual_of)
        homeless = residual[~residual.isin(self.units)]
        if len(homeless):
            row, unit = homeless.index[0], homeless.iloc[0]
            raise InputError(
                f"{file}, row {row}, column adm_1: {events.at[row, 'adm_1']!r} is no region of the case "
                f"({len(homeless):,} events like it), and the case has no unit {unit} for events without one. Add the "
                "region, or that unit, to units.list in case.yaml and to the panel."
            )
        return events.assign(iso3=units.fillna(residual)), [_said(lost, country) for country in lost["iso3"].unique()]

    def _unit(self, iso3: str, name: str) -> str | None:
        """Return the unit that a name means in a country: as it is written, or without its word for a region."""
        if iso3 in self.units:
            return iso3
        written = (name, without_kind(name))
        named = (
            code for one in written if (code := region_code(iso3, one)) in self.units and code != residual_of(iso3)
        )
        return next(named, None)


def without_kind(name: str) -> str:
    """Return the name of a region without the word that says it is one, after it or before it.

    Examples
    --------
    >>> without_kind("Nord-Kivu province"), without_kind("Département de l'Artibonite")
    ('Nord-Kivu', 'Artibonite')
    """
    return _BEFORE.sub("", _AFTER.sub("", name.strip()))


def placing_of(panel: pd.DataFrame, units: Sequence[str], by_region: bool) -> Placing:
    """Return how events are shared out among the units of a panel.

    Parameters
    ----------
    panel : DataFrame
        Columns iso3 (the unit) and gwno (of its country).
    units : sequence of str
    by_region : bool
    """
    numbers = panel.drop_duplicates("iso3").set_index("gwno")["iso3"]
    return Placing(tuple(units), numbers.map(country_of).to_dict(), by_region)


def _said(lost: pd.DataFrame, country: str) -> str:
    own = lost[lost["iso3"] == country]
    names = own["adm_1"].str.strip().replace("", "none given").value_counts()
    listed = ", ".join(f"{name}: {count:,}" for name, count in names.head(_SHOWN).items())
    more = f" and {len(names) - _SHOWN} more names" if len(names) > _SHOWN else ""
    deaths = int(own["best"].sum())
    return (
        f"Events that name no region of the case count in {residual_of(country)}: {len(own):,}, with "
        f"{deaths:,} death{'' if deaths == 1 else 's'} (adm_1 and events: {listed}{more})."
    )
