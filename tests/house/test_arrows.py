"""The rooms of the package and the arrows between them."""

import pytest

from tests.house.arrows import FLOORS, READS_TABLES, arrow_faults, listed, loading_faults, name_faults, solver_faults
from tests.house.sources import PACKAGE, no

ROOMS = [room for room in FLOORS if (PACKAGE / room).is_dir()]


def test_every_room_stands_on_a_floor():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__"} <= set(FLOORS)


def test_arrows_point_down():
    no(arrow_faults(PACKAGE))


def test_programmes_are_solved_in_one_place():
    no(solver_faults(PACKAGE))


def test_no_file_bears_an_exported_name():
    no(name_faults(PACKAGE))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_lists_its_public_names(room):
    assert listed(PACKAGE / room / "__init__.py")


def test_the_package_itself_loads_nothing():
    no(loading_faults("tefoundations", ["numpy", "scipy", "pandas", "plotly"]))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_loads_nothing_heavy(room):
    heavy = {"pandas", "plotly", "ipywidgets", "IPython", "highspy", "clarabel", "nacl", "cvxpy"}
    if room not in ("grid", "systems", "command"):
        heavy |= {"scipy"}  # 20 MB for the reader who runs a page in a browser
    no(loading_faults(f"tefoundations.{room}", heavy - {name for reader, name in READS_TABLES if reader == room}))


def test_a_market_without_a_map_loads_no_grid():
    no(loading_faults("tefoundations.market", ["tefoundations.grid"]))
