"""Markets for the tests of market power: books at one place, and networks with one plant taken away."""

import pandas as pd

from tefoundations.data import grid
from tefoundations.grid import DispatchModel, Network


def at_one_place(rivals, bids):
    """`rest` of a market without lines: rivals (price, quantity), bids (price, quantity)."""
    rivals, bids = sorted(rivals), sorted(bids, reverse=True)

    def rest(quantity):
        """Fill bids from the best with the quantity, then with rivals while they are cheaper."""
        free, cost, asks = quantity, 0.0, [list(one) for one in rivals]
        worth = [0.0]  # of one unit more: the dearest rival that it would replace, or the best bid that waits
        for value, wanted in bids:
            given = min(free, wanted)
            free, wanted, cost = free - given, wanted - given, cost - value * given
            while wanted > 0 and asks and asks[0][0] < value:
                sold = min(wanted, asks[0][1])
                cost, wanted, asks[0][1] = cost + (asks[0][0] - value) * sold, wanted - sold, asks[0][1] - sold
                worth.append(asks[0][0])
                if asks[0][1] <= 0:
                    asks.pop(0)
            if wanted > 0:
                worth.append(value)
        return cost, max(worth)

    return rest


def biddable(tables, cap, plants=None):
    """The network with loads that bid the cap in the place of loads that must be served; some or all of its plants."""
    buses = tables["buses"]
    loads = buses[buses["load"] > 0]
    names = [f"load {bus}" for bus in loads["bus"]]
    bids = pd.DataFrame({"name": names, "bus": loads["bus"], "p_max": loads["load"], "value": cap})
    plants = tables["generators"] if plants is None else plants
    return Network.from_frames(buses=buses.assign(load=0.0), lines=tables["lines"], generators=plants, bids=bids)


def without(name, cap, tables=None):
    """(rest, the plant's row) on a network: the plant is taken away, its quantity is a negative load."""
    tables = grid("pjm_five_bus") if tables is None else tables
    plants = tables["generators"]
    own, model = plants[plants["name"] == name].iloc[0], DispatchModel(biddable(tables, cap, plants[plants["name"] != name]))
    at = list(model.net.buses.bus).index(own["bus"])

    def rest(quantity):
        d = model.solve({own["bus"]: -quantity})
        return d.cost - d.value, d.lmp[at]

    return rest, own


def cleared(name, offer, cap):
    """(quantity, price, dispatch) of a plant on the five buses that asks for an offer."""
    tables = grid("pjm_five_bus")
    model, row = DispatchModel(biddable(tables, cap)), list(tables["generators"]["name"]).index(name)
    d = model.solve(offers={"generators": {"cost": {name: offer}}})
    return d.generation[row], d.lmp[model.net.generators.at[row]], d
