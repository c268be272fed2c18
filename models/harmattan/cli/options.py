"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

ScenarioArgument = Annotated[
    str | None,
    typer.Argument(help="Scenario: a name in scenarios/ or the path of a YAML file; the case's own where left out."),
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Last month of the record to use, YYYY-MM or latest.")]
ClaimsAsOf = Annotated[
    str | None,
    typer.Option("--claims-as-of", help="Leave out documents that were not certainly written by this month, YYYY-MM."),
]
Refit = Annotated[
    bool, typer.Option("--refit", help="Fit again where drivers were learnt and weights fail; a minute for each.")
]
Months = Annotated[int | None, typer.Option("--months", help="Months to simulate.")]
Draws = Annotated[int, typer.Option("--draws", help="Number of futures.")]
Seed = Annotated[int, typer.Option("--seed", help="Root seed; equal seeds give equal futures.")]
PanelFile = Annotated[Path | None, typer.Option("--panel", help="Another panel of the frozen one's form.")]
Country = Annotated[str | None, typer.Option("--country", help="Unit of the total by its code; home by default.")]
Outcome = Annotated[
    str | None, typer.Option("--outcome", help="state_based, non_state or one_sided; by default the headline.")
]
SummedMonths = Annotated[int, typer.Option("--months", help="First months that are added up.")]
Threshold = Annotated[
    float | None, typer.Option("--threshold", help="Deaths that the total may pass; the case's middle one by default.")
]
HighThreshold = Annotated[
    float | None, typer.Option("--threshold", help="Deaths that the total may pass; the case's high one by default.")
]
FiguresFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder for tables and figures; other files in it stay.")
]
WordsFolder = Annotated[Path | None, typer.Option("--out", help="Folder for tables and words; other files in it stay.")]
LANGUAGE_VARIABLE = "HARMATTAN_LANG"
Lang = Annotated[
    str, typer.Option("--lang", envvar=LANGUAGE_VARIABLE, help="Language of all that is said and drawn: en or fr.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable results on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 when the fit did not pass its diagnostics.")]
Workers = Annotated[
    int, typer.Option("--workers", help="Processes of this machine that share the work; 1 is this process alone.")
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", help="Address of a running Dask scheduler whose workers do it, tcp://HOST:PORT."),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        "--keep", help="Folder of Parquet files for what is done, so that it is not done again; beside the kept fits."
    ),
]
