"""How maps of a case look, as `case.yaml` says it under `map`."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .case_words import UnitCode
from .vocabulary import Record, Text

Longitude = Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Spot = tuple[Longitude, Latitude]
"""Longitude and latitude in degrees."""


class LabelOnMap(Record):
    """Where a unit's label stands on maps, where the place that is found for it does not please."""

    at: Spot | None = None
    """Point inside the unit: for its label, and for the ends of arrows."""
    beside: Spot | None = None
    """Top middle of a label outside the unit, joined to it by a line; maps with arrows then write the code inside."""
    line: Spot | None = None
    """Where that line ends, instead of `at`."""

    @model_validator(mode="after")
    def _line_to_something(self) -> Self:
        if self.line is not None and self.beside is None:
            raise ValueError("line is the end of the line to a label beside; state beside too, or leave line out.")
        return self


class MapOf(Record):
    """How maps of the case look. All of it may be left out: it is then computed from the outlines."""

    view: tuple[Longitude, Longitude, Latitude, Latitude] | None = None
    """West, east, south and north edge, in degrees; across the 180th meridian east is above 180."""
    labels: dict[UnitCode, LabelOnMap] = Field(default_factory=dict)
    """Only units whose label shall stand somewhere else than where it is put."""
    tiles: dict[UnitCode, tuple[Annotated[int, Field(ge=0, lt=100)], Annotated[int, Field(ge=0, lt=100)]]] = Field(
        default_factory=dict
    )
    """Column and row of every unit, from 0 at the upper left: equal squares are drawn in place of outlines."""
    legend: Literal["upper left", "upper right", "lower left", "lower right"] | None = None
    """Corner of the map for the legend; null = below the map."""
    shapes: Text | None = None
    """GeoJSON below seeds/data with the units' outlines (property `iso3` or `unit`); null = geometry/shapes.geojson
    where that is there, else the world's outlines."""
    around: Text | None = None
    """GeoJSON below seeds/data with what surrounds the units; null = all other land of the world."""
    credit: Text | None = None
    """Whose outlines `shapes` are, as the foot of a map names it."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.view is not None:
            west, east, south, north = self.view
            if not (west < east <= west + 360 and south < north):
                raise ValueError(
                    "view is [west, east, south, north] with west < east and south < north; exchange them."
                )
        if len(set(self.tiles.values())) < len(self.tiles):
            places = list(self.tiles.values())
            twice = next(place for place in places if places.count(place) > 1)
            raise ValueError(f"two units stand on the tile {list(twice)}; move one.")
        return self
