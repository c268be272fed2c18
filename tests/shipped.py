"""The project in use, opened for tests that are about the case that is shipped."""

from harmattan.case.drivers import Drivers
from harmattan.case.opening import open_case
from harmattan.loaded import load_case


def neighbour_weights():
    return open_case().geography.neighbour_weights()


def map_ground():
    return open_case().map_ground


def event_dates():
    return open_case().events


def drivers_on(by_id):
    """Return drivers made up by a test, on the ground of the case."""
    return Drivers(by_id, open_case())


def panel_file():
    return open_case().record_file


def load_panel(path=None, as_of=None):
    return open_case().record(path, as_of=as_of)


UNITS = open_case().units
COAST = open_case().definition.watched.units
THRESHOLDS = open_case().thresholds
GROUPS = tuple(open_case().groups)
NAMES = load_case().names
