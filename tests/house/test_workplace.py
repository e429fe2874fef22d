"""The tree names no machine and no outside host, and its own address once."""

from tests.house.sources import no, texts, tool
from tests.house.workplace import address_faults, cdn_faults, machine_faults

TEXTS = texts()
ADDRESS = tool("address")


def test_no_path_of_a_machine():
    no([fault for name, text in TEXTS.items() for fault in machine_faults(name, text)])


def test_the_site_asks_no_outside_host():
    no([fault for name, text in TEXTS.items() for fault in cdn_faults(name, text)])


def test_the_address_stands_in_one_place():
    assert set(ADDRESS.FILES) <= set(TEXTS)
    no([fault for name, text in TEXTS.items() for fault in address_faults(name, text, ADDRESS)])
