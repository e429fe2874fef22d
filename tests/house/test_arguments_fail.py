"""The check of arguments must fail when it should: each planted fault is reported."""

from dataclasses import dataclass

import pytest

from tests.house.arguments import argument_faults


def drawn(value, rng): ...
def drawn_by_default(value, *, rng=0): ...
def drawn_well(value, *, rng): ...
def seeded(value, *, seed): ...
def lasting(prices, *, duration): ...
def loaded(net, loads): ...
def reversed_order(load, net): ...
def late_load(net, *, slack=None, load=None): ...
def flat(net, load=None, susceptance="x_tap"): ...
def kept(net, load=None, *, susceptance="x_tap"): ...
def booked(book, net, susceptance="x_tap"): ...


def timed(prices, step, hours):
    """Do it.

    Parameters
    ----------
    prices : (T,) array
        Prices.
    step : float
        Length of a step (h).
    hours : int
        A number of hours.
    """


def timed_well(prices, step, hours):
    """Do it.

    Parameters
    ----------
    step : int
        Which step.
    hours : float
        Its length (h).
    """


class Model:
    def __init__(self, net, slack=None): ...

    def solve(self, load=None, limits=None): ...

    def components(self, slack=None): ...

    @classmethod
    def of(cls, table): ...


@dataclass
class Made:
    flow: float
    net: object
    step: float


@pytest.mark.parametrize(
    "name, obj, faults",
    [
        ("market.drawn", drawn, ["rng must be given by keyword"]),
        ("market.drawn", drawn_by_default, ["rng has a default, and must be said by the caller"]),
        ("market.drawn", drawn_well, []),
        ("market.seeded", seeded, ["seed is called rng everywhere"]),
        ("resources.lasting", lasting, ["duration is called hours everywhere"]),
        ("resources.timed", timed, ["step must be documented as int", "hours must be documented as float"]),
        ("resources.timed", timed_well, []),
        ("grid.loaded", loaded, ["loads is called load everywhere", "loads must be given by keyword"]),
        ("grid.reversed", reversed_order, ["net must stand first", "net must be given by keyword"]),
        ("grid.late", late_load, ["load must stand second"]),
        ("grid.flat", flat, ["susceptance must be given by keyword"]),
        ("grid.kept", kept, []),
        ("market.booked", booked, ["susceptance must be given by keyword"]),
        ("resources.kept", kept, []),
    ],
)
def test_another_word_or_order_is_reported(name, obj, faults):
    assert argument_faults(name, obj) == [f"{name}: {words}" for words in faults]


def test_a_class_is_looked_at_as_it_is_made_and_method_by_method(monkeypatch):
    monkeypatch.setattr(Model, "__module__", "tefoundations.grid")
    assert argument_faults("grid.Model", Model) == [
        "grid.Model: slack must be given by keyword",
        "grid.Model.solve: takes load, limits by position, at most one may be",
        "grid.Model.components: slack must be given by keyword",
    ]
    assert argument_faults("grid.Made", Made) == ["grid.Made: step must be documented as int"]


def test_an_exception_counts_only_for_its_name_and_argument():
    assert argument_faults("privacy.laplace", drawn) == []
    assert argument_faults("privacy.laplacian", drawn) == ["privacy.laplacian: rng must be given by keyword"]
    assert argument_faults("ledger.KeyPair.from_seed", drawn) == ["ledger.KeyPair.from_seed: rng must be given by keyword"]
