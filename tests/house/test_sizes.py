"""No file and no function of this tree is too long to be read."""

from tests.house.sizes import size_faults
from tests.house.sources import ROOT, files, no


def test_files_and_functions_can_be_read_in_one_sitting():
    no([fault for file in files() for fault in size_faults(file.relative_to(ROOT).as_posix(), file.read_bytes())])
