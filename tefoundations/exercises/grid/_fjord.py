"""Answers about the fjord of the quiz on grids, by hand; keyword-only parameters are the joints at which learners slip.

The ring is dam, smelter, harbour, town, and its lines stand in the table in this order. What goes from the dam to a place
splits between the two ways round, and the longer way, by reactance, takes the smaller part.
"""

from functools import cache

from tefoundations.data import fjord

PLACES = ("smelter", "harbour", "town")  # round the ring from the dam
NIGHT = {"smelter": 90, "harbour": 20, "town": 40}  # MW drawn, all of it made by hydro
BESIDE = {"harbour": 20, "town": 40}  # MW drawn beside the smelter
HARBOUR_PRICE, FARM_DIESEL = 55, 90  # $/MWh
ISLAND = ("quay", "sheds", "farm")
WANTED, AHEAD, MORE, BACK = 60, 40, 70, 25  # MW; $/MWh
HELD, IN_TIME = 110, {"gas": 20, "diesel": 15}  # MW
RATING, SUN, P_PRICE, Q_PRICE = 1.3, 1.25, 48, 20  # MVA, MW, $/MWh, $/MVArh


@cache
def columns(table):
    """Columns of a table of the fjord as tuples of plain values."""
    frame = fjord(table)
    return {name: tuple(frame[name].tolist()) for name in frame}


def by(table, key, value):
    return dict(zip(columns(table)[key], columns(table)[value]))


# The ring


def by_reactance():
    """Reactances round the ring, from the dam by smelter, harbour and town back to the dam."""
    return columns("lines")["x"]


def share(place, lengths=by_reactance):
    """Part of what goes from the dam to a place that comes by the line from dam to town."""
    x = lengths()
    behind = PLACES.index(place) + 1  # lines on the other way
    return sum(x[:behind]) / sum(x)


def cost(unit):
    return by("generators", "name", "cost")[unit]


def limit(start, end):
    lines = columns("lines")
    return dict(zip(zip(lines["from_bus"], lines["to_bus"]), lines["limit"]))[start, end]


def town_line(loads):
    """MW on the line from dam to town, if hydro makes all."""
    return sum(share(place) * mw for place, mw in loads.items() if place != "dam")


def rent():
    """What one more MW of the line from dam to town would save: gas is 1 / share MW less for it."""
    return (cost("gas") - cost("hydro")) / share("harbour")


def town_price(*, part=lambda: share("town"), base=lambda: cost("hydro")):
    return base() + part() * rent()


def town_flow(*, loads=None, part=share):
    return sum(part(place) * mw for place, mw in (loads or NIGHT).items())


def by_count(place):
    return share(place, lambda: (1, 1, 1, 1))


def shortest(place):
    """All of it by the shorter way."""
    return float(share(place) > 0.5)


# The feeder


def own_way(place):
    """Lines, by position, from the harbour to a place."""
    ends = columns("feeder")["to_bus"]
    line = ends.index(place)
    near = columns("feeder")["from_bus"][line]
    return {line} | (own_way(near) if near in ends else set())


def shed_price(*, of="r", lines=lambda: own_way("sheds") & own_way("farm"), top=FARM_DIESEL):
    """The farm's diesel holds the voltage there; a place costs more by the resistance it shares with the farm."""
    sizes = columns("feeder")[of]
    part = sum(sizes[line] for line in lines()) / sum(sizes[line] for line in own_way("farm"))
    return HARBOUR_PRICE + part * (top - HARBOUR_PRICE)


# What may pass


def room(cut, loads):
    """MW that the smelter may draw beside these loads with one line open; the ring is then two paths from the dam."""
    most = float("inf")
    for line, bound in enumerate(columns("lines")["limit"]):
        behind = PLACES[line:cut] if line < cut else PLACES[cut:line]  # served by smelter's side, or by the town's
        if line != cut and "smelter" in behind:
            most = min(most, bound - sum(loads.get(place, 0) for place in behind))
    return most


def secure_sale(*, cuts=range(4), loads=None):
    return min(room(cut, BESIDE if loads is None else loads) for cut in cuts)


def carried(line, place):
    """Part of what goes from the dam to a place on a line; negative against the way round by the smelter."""
    return 1 - share(place) if line <= PLACES.index(place) else -share(place)


def whole_ring():
    """MW that the smelter may draw with all lines in, each at most at its limit."""
    most = float("inf")
    for line, bound in enumerate(columns("lines")["limit"]):
        beside, part = sum(carried(line, place) * mw for place, mw in BESIDE.items()), carried(line, "smelter")
        most = min(most, (bound - beside) / part if part > 0 else (bound + beside) / -part)
    return most


# Sold beyond the line


def over():
    """MW too much on the line from dam to town, if hydro makes all."""
    return town_line(by("buses", "bus", "load")) - limit("dam", "town")


def redispatch_cost(*, unit="gas", relief=share, saved=lambda: cost("hydro")):
    place = by("generators", "name", "bus")[unit]
    return over() / relief(place) * (cost(unit) - saved())


def line_rent():
    return rent() * limit("dam", "town")


# Wind


def needs():
    """(MW that the wind leaves, chance), from little to much."""
    return sorted((WANTED - mw, chance) for mw, chance in zip(columns("wind")["mw"], columns("wind")["chance"]))


def mean_need():
    return sum(mw * chance for mw, chance in needs())


def regret(ordered):
    """What an order costs on average beyond that of somebody who knows the wind, $."""
    return sum(
        chance * ((MORE - AHEAD) * max(mw - ordered, 0) + (AHEAD - BACK) * max(ordered - mw, 0)) for mw, chance in needs()
    )


def best_order():
    return min((mw for mw, _ in needs()), key=regret)


def worth_of_chances(*, against=mean_need, of=best_order):
    return regret(against()) - (regret(of()) if of else 0)


# Reserve


def reserve_price(*, dear="gas", cheap="hydro"):
    """A MW that hydro holds back, gas makes instead."""
    return cost(dear) - (cost(cheap) if cheap else 0)


def held_back():
    return HELD - sum(IN_TIME.values())


# Carbon


def smelter_carbon(*, gas=lambda: share("smelter") / share("harbour"), rate="gas"):
    """One MW more for the smelter brings its share onto the full line, and gas takes that off again."""
    return gas() * by("generators", "name", "co2")[rate]


def average_carbon():
    made = over() / share("harbour")
    return made * by("generators", "name", "co2")["gas"] / sum(columns("buses")["load"])


# What each may send


def send_limits(*, grows=lambda roof: 1.0, roofs=True, own=True, at_first=False):
    """Raise all together; stop whoever has its roof, or is behind a full cable."""
    roof = dict(zip(ISLAND, (by("places", "bus", "roof")[place] for place in ISLAND)))
    sizes = columns("feeder")["limit"]
    ways = {place: own_way(place) if own else {0} for place in ISLAND}
    given, free = dict.fromkeys(ISLAND, 0.0), set(ISLAND)
    while free:
        steps = [(roof[place] - given[place]) / grows(roof[place]) for place in free if roofs]
        for line, size in enumerate(sizes):
            pace = sum(grows(roof[place]) for place in free if line in ways[place])
            if pace:
                steps.append((size - sum(given[place] for place in ISLAND if line in ways[place])) / pace)
        for place in free:
            given[place] += min(steps) * grows(roof[place])
        full = {
            line for line, size in enumerate(sizes)
            if size - sum(given[place] for place in ISLAND if line in ways[place]) < 1e-9
        }  # fmt: skip
        free = {place for place in free if not (roofs and roof[place] - given[place] < 1e-9) and not ways[place] & full}
        if at_first:
            break
    return [given[place] for place in ISLAND]


def in_turn():
    """Who is nearest goes first, and takes all it can."""
    left, given = columns("feeder")["limit"][0], []
    for place in ISLAND:
        wish = by("places", "bus", "roof")[place]
        most = min(wish, left, *(columns("feeder")["limit"][line] for line in own_way(place)))
        given.append(most)
        left -= most
    return given


# The inverter


def earned(p, q):
    return P_PRICE * p + Q_PRICE * q


def beside(p):
    """MVAr for which the inverter has room beside so many MW."""
    return (RATING**2 - p**2) ** 0.5


def inverter_earns(*, active=lambda: RATING * P_PRICE / (P_PRICE**2 + Q_PRICE**2) ** 0.5, reactive=beside):
    p = min(active(), SUN)
    return earned(p, reactive(p))
