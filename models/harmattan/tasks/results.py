"""Results of tasks as a Parquet data set: one file for each task, moved into place whole, named by the task's key."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.caches import fits_folder, private_folder, usable
from ..core.errors import InputError, Notice
from ..core.files import check_folder, file_in_place
from .task import Task

if TYPE_CHECKING:
    import pandas as pd


def usual_folder() -> Path | None:
    """Return where results are kept that nobody named a folder for: beside the kept fits, else nowhere that lasts."""
    if usable(fits_folder()):
        return fits_folder() / "results"
    try:
        return private_folder() / "results"
    except InputError:
        return None


@dataclass(frozen=True)
class Results:
    """The kept results of tasks.

    Attributes
    ----------
    folder : Path or None
        The data set; where it is None, nothing is kept.
    """

    folder: Path | None

    def __post_init__(self) -> None:
        if self.folder is not None:
            check_folder(self.folder, "--keep")

    def read(self, task: Task) -> "pd.DataFrame | None":
        """Return a task's result, or None where there is none that is whole."""
        path = self._part(task)
        if path is None or not path.is_file():
            return None
        try:
            return _read(path, task)
        except Exception as error:  # whatever a damaged file makes a reader say
            said = (str(error) or type(error).__name__).splitlines()[0]
            warnings.warn(f"{path}: this result cannot be read ({said}), so it is made again.", Notice, stacklevel=2)
            return None

    def write(self, task: Task, table: "pd.DataFrame") -> None:
        """Add a task's result, whole or not at all."""
        path = self._part(task)
        if path is not None:
            labelled = table.copy(deep=False)
            labelled.attrs = {"task": task.name, "key": task.key}
            with file_in_place(path) as temporary:
                labelled.to_parquet(temporary, index=False, write_page_checksum=True)

    def _part(self, task: Task) -> Path | None:
        return None if self.folder is None else self.folder / f"part-{task.key}.parquet"


def _read(path: Path, task: Task) -> "pd.DataFrame":
    import pandas as pd

    table = pd.read_parquet(path, page_checksum_verification=True)
    if table.attrs.get("key") != task.key:
        raise ValueError("it is another task's")
    table.attrs = {}
    return table
