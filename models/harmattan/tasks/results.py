"""Results of tasks as a Parquet data set: one file for each task, moved into place whole, named by the task's key."""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.caches import usable
from ..core.errors import Notice
from ..core.files import check_folder, file_in_place
from ..core.keeping import first_line, folders
from .task import Task, program_of_tasks

if TYPE_CHECKING:
    import pandas as pd

RESULTS = "results"
PARTS = "part-*.parquet"


def usual_folder() -> Path | None:
    """Return where results are kept that nobody named a folder for: beside the kept fits, else nowhere that lasts."""
    place = folders()[-1]
    return place / RESULTS if usable(place) else None


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
            said = f"{path}: this result cannot be read ({first_line(error)}), so it is made again."
            warnings.warn(said, Notice, stacklevel=2)
            return None

    def write(self, task: Task, table: "pd.DataFrame") -> None:
        """Add a task's result, whole or not at all."""
        path = self._part(task)
        if path is not None:
            labelled = table.copy(deep=False)
            labelled.attrs = {"task": task.name, "key": task.key, "program": program_of_tasks()}
            with file_in_place(path) as temporary:
                labelled.to_parquet(temporary, index=False, write_page_checksum=True)

    def _part(self, task: Task) -> Path | None:
        return None if self.folder is None else self.folder / f"part-{task.key}.parquet"


def is_of_this_program(part: Path, *, verify: bool = False) -> bool:
    """Return whether a kept result is of this program, which finds it when asked the same.

    Parameters
    ----------
    part : Path
    verify : bool
        Whether to read it wholly, and not only what it says of itself.

    Raises
    ------
    Exception
        Whatever a damaged file makes a reader say.
    """
    from pyarrow.parquet import read_schema

    said = _whole(part).attrs if verify else json.loads(read_schema(part).metadata[b"PANDAS_ATTRS"])
    if part.name != f"part-{said['key']}.parquet":
        raise ValueError("it holds another result than its name says")
    return said["program"] == program_of_tasks()


def _read(path: Path, task: Task) -> "pd.DataFrame":
    table = _whole(path)
    if table.attrs.get("key") != task.key:
        raise ValueError("it holds another result than its name says")
    table.attrs = {}
    return table


def _whole(path: Path) -> "pd.DataFrame":
    import pandas as pd

    return pd.read_parquet(path, page_checksum_verification=True)
