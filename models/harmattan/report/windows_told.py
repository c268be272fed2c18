"""From which month horizons are counted."""

from ..run.results import Forecast


def windows_told(run: Forecast) -> dict[str, list[str]]:
    """Return the simulated months of each horizon: counted from the exit, or from now where that lies behind."""
    return run.windows_ahead() if run.clock.as_of > run.clock.exit else run.windows()
