"""Where the tables lie that `case.yaml` names."""

from pathlib import Path

from ..schema.case import CaseDefinition


class CaseFiles:
    """Files of a case: each is None where it names none.

    Attributes
    ----------
    root : Path
        Folder that holds `case.yaml`, `seeds/` and `scenarios/`.
    definition : CaseDefinition
        What `case.yaml` says.
    """

    root: Path
    definition: CaseDefinition

    @property
    def data(self) -> Path:
        """Folder of the frozen data."""
        return self.root / "seeds" / "data"

    @property
    def scorecard(self) -> Path:
        """Folder of what the case's forecasts of past years scored; it need not be there."""
        return self.root / "seeds" / "scorecard"

    @property
    def record_file(self) -> Path:
        """The panel that the case carries."""
        return self.data / self.definition.record.file

    @property
    def bounds_file(self) -> Path | None:
        """UCDP's low and high estimates; None where the case has none."""
        name = self.definition.record.bounds
        return None if name is None else self.data / name

    @property
    def bounds_months_file(self) -> Path | None:
        """The same by month; None where the case has none."""
        name = self.definition.record.bounds_months
        return None if name is None else self.data / name

    @property
    def flows_file(self) -> Path | None:
        """UNHCR's new refugees by origin, asylum country and year; None where the case has none."""
        name = self.definition.record.flows
        return None if name is None else self.data / name

    @property
    def refugees_file(self) -> Path | None:
        """UNHCR's refugees by origin at the end of each year; None where the case has none."""
        name = self.definition.record.refugees
        return None if name is None else self.data / name

    @property
    def aid_file(self) -> Path | None:
        """OCHA's figures of what aid got, by country and year; None where the case has none."""
        name = self.definition.record.aid
        return None if name is None else self.data / name

    @property
    def displaced_file(self) -> Path | None:
        """IDMC's people displaced inside each country by year; None where the case has none."""
        name = self.definition.record.displaced
        return None if name is None else self.data / name

    @property
    def dyads_file(self) -> Path | None:
        """UCDP's deaths by dyad, country and month; None where the case has none."""
        name = self.definition.record.dyads
        return None if name is None else self.data / name

    @property
    def dyads_by_month_file(self) -> Path | None:
        """UCDP's deaths by dyad and month, wherever they happened; None where the case has none."""
        name = self.definition.record.dyads_by_month
        return None if name is None else self.data / name

    @property
    def coups_file(self) -> Path | None:
        """Coups and attempts by date; None where the case has none."""
        said = self.definition.record.coups
        return None if said is None else self.data / said.file

    @property
    def aid_workers_file(self) -> Path | None:
        """Attacks on aid workers by country and month; None where the case has none."""
        name = self.definition.record.aid_workers
        return None if name is None else self.data / name

    @property
    def accord_file(self) -> Path | None:
        """Share of accords that had ended by years since signing; None where the case names no accord."""
        said = self.definition.accord
        return None if said is None else self.data / said.curve.file
