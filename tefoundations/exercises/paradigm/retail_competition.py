"""Checks of the chapter on retail competition. Energy is kWh, prices are ct/kWh, money is ct, in the last one EUR too."""

from tefoundations.exercises.kit.forms import numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.retail import adoption_spiral, kwh_ledger, sales_equilibrium, share_wires

# retail_competition/sales


def a_town(rng):
    cost = int(rng.integers(10, 28))
    suppliers = int(rng.integers(2, 9))
    return suppliers, suppliers * int(rng.integers(1, 8)), int(rng.integers(1, 30)), cost + int(rng.integers(2, 30)), cost


def no_shoppers(rng):
    suppliers, sleepers, _, reservation, cost = a_town(rng)
    return suppliers, sleepers, 0, reservation, cost


def no_sleepers(rng):
    suppliers, _, shoppers, reservation, cost = a_town(rng)
    return suppliers, 0, shoppers, reservation, cost


def sales(suppliers, sleepers, shoppers, reservation, cost, *, own=lambda kwh, suppliers: kwh / suppliers,
          won=lambda kwh, suppliers: kwh, bought=lambda cost: cost):  # fmt: skip
    """[lowest price, earned]: with its own sleepers at the reservation price, and with the shoppers at the lowest."""
    mine, paid = own(sleepers, suppliers), bought(cost)
    earned = mine * (reservation - paid)
    return [paid + earned / (mine + won(shoppers, suppliers)), earned]


def swapped(suppliers, sleepers, shoppers, reservation, cost):
    return sales(suppliers, shoppers, sleepers, reservation, cost)


def all_at_the_top(suppliers, sleepers, shoppers, reservation, cost):
    return [reservation, (sleepers + shoppers) / suppliers * (reservation - cost)]


def between_cost_and_the_most(answer, suppliers, sleepers, shoppers, reservation, cost):
    if cost - 1e-9 <= answer[0] <= reservation + 1e-9:
        return None
    return f"the lowest price is {answer[0]:g} ct, and prices lie between the cost, {cost:g}, and {reservation:g} ct"


SALES = exercise(
    "retail_competition/sales", sales,
    example=((3, 12, 6, 35, 20), [26.0, 60.0]),
    draw=a_town, also=(no_shoppers, no_sleepers),
    form=numbers(2, "two numbers are asked for: the lowest price in ct/kWh, and what a supplier earns in ct"),
    properties=(between_cost_and_the_most,),
    mistakes=(
        wrong("it gives every supplier all sleepers. They are shared by all suppliers.", own=lambda kwh, suppliers: kwh),
        wrong("it lets prices fall to cost. A supplier can always earn what its sleepers pay at the reservation price.",
              lambda suppliers, sleepers, shoppers, reservation, cost: [cost, 0]),
        wrong("it lets all ask the reservation price. Then a little less would win all shoppers.", all_at_the_top),
        wrong("it shares the shoppers among the suppliers. At the lowest price one supplier has all of them.",
              won=lambda kwh, suppliers: kwh / suppliers),
        wrong("it takes sleepers for shoppers, and shoppers for sleepers.", swapped),
        wrong("it forgets what a kWh costs. What is earned is price less cost.", bought=lambda cost: 0),
    ),
    corners={
        "when nobody compares": lambda suppliers, sleepers, shoppers, *_: shoppers == 0,
        "when everybody compares": lambda suppliers, sleepers, *_: sleepers == 0,
    },
    forbids=(sales_equilibrium,),
    hints=("How many kWh of sleepers does one supplier have? What do they bring at the reservation price?",
           "It earns the same at every price it draws. How many kWh does it sell at the lowest?",
           "Own sleepers and all shoppers, times the lowest price less cost, is what it earns."),
)  # fmt: skip

# retail_competition/local_kwh


def a_bill(rng):
    energy, wires, taxes, margin = (int(rng.integers(low, high)) for low, high in ((7, 15), (6, 16), (2, 13), (1, 7)))
    feed_in = int(rng.integers(2, energy))
    return energy, wires, taxes, margin, feed_in, int(rng.integers(feed_in, energy + wires)), int(rng.integers(1, wires))


def no_fee(rng):
    return *a_bill(rng)[:-1], 0


def the_whole_fee(rng):
    bill = a_bill(rng)
    return *bill[:-1], bill[1]


def local_kwh(energy, wires, taxes, margin, feed_in, price, fee, *, owed=lambda fee: fee, missed=lambda feed_in: feed_in,
              supplier=lambda energy, margin, feed_in: feed_in - energy - margin, network=lambda fee, wires: fee - wires,
              state=lambda taxes: -taxes):  # fmt: skip
    """[buyer, seller, supplier, wires, state], each with the trade less without it."""
    retail = energy + wires + taxes + margin
    return [retail - price - owed(fee), price - missed(feed_in), supplier(energy, margin, feed_in), network(fee, wires),
            state(taxes)]  # fmt: skip


def money_stays(answer, *case):
    if abs(sum(answer)) <= 1e-9:
        return None
    return f"the five add up to {sum(answer):g} ct. No kWh flows otherwise than before, so money only changes hands"


LOCAL_KWH = exercise(
    "retail_competition/local_kwh", local_kwh,
    example=((9, 11, 4, 4, 7, 16, 3), [9.0, 9.0, -6.0, -8.0, -4.0]),
    draw=a_bill, also=(no_fee, the_whole_fee),
    form=numbers(5, "five numbers are asked for, in ct: buyer, seller, supplier, wires, state"),
    properties=(money_stays,),
    mistakes=(
        wrong("the supplier loses more than its margin: it sold for the price of energy what it had bought for the feed-in.",
              supplier=lambda energy, margin, feed_in: -margin),
        wrong("the supplier does not lose all it got for energy: it no longer pays the feed-in.",
              supplier=lambda energy, margin, feed_in: -energy - margin),
        wrong("the wires lose what the buyer no longer pays at the supplier, less the fee.", network=lambda fee, wires: 0),
        wrong("the seller gave up the feed-in. It gains the price less that.", missed=lambda feed_in: 0),
        wrong("the state loses the taxes on the kWh that is no longer bought.", state=lambda taxes: 0),
        wrong("the buyer owes the fee too.", owed=lambda fee: 0),
    ),
    corners={
        "when there is no fee": lambda *case: case[-1] == 0,
        "when a local kWh owes all that the wires cost": lambda energy, wires, *rest: rest[-1] == wires,
    },
    forbids=(kwh_ledger,),
    hints=("What does the buyer pay before, and what after? Do not forget the fee.",
           "What did the supplier get for the kWh, and what did it pay for the one that was fed in?",
           "The five must add up to 0."),
)  # fmt: skip

# retail_competition/shared_peak


def a_street(rng):
    members, steps = int(rng.integers(2, 6)), int(rng.integers(2, 6))
    net = rng.integers(-3, 8, (members, steps))
    net[0, int(rng.integers(steps))] += 4 * members
    return net.tolist(), 60 * int(rng.integers(1, 20))


def two_peaks(rng):
    """Two steps in which all together take the same, and most."""
    net, cost = a_street(rng)
    together = [sum(step) for step in zip(*net)]
    first, last = 0, len(together) - 1
    net[0][first] += max(together) + 1 - together[first]
    net[1][last] += max(together) + 1 - together[last]
    return net, cost


def taken_at(step):
    return lambda net: [max(member[step(net)], 0) for member in net]


def the_peak(net):
    together = [sum(step) for step in zip(*net)]
    return together.index(max(together))


def the_last_peak(net):
    together = [sum(step) for step in zip(*net)]
    return len(together) - 1 - together[::-1].index(max(together))


def the_highest_entry(net):
    highest = [max(step) for step in zip(*net)]
    return highest.index(max(highest))


TAKEN = taken_at(the_peak)


def shared_peak(net, cost, *, key=TAKEN):
    """The cost, shared by what each took in the step in which all together took most."""
    each = key(net)
    return [cost * kwh / sum(each) for kwh in each]


def gives_too(net):
    return [member[the_peak(net)] for member in net]


def over_what_is_net(net, cost):
    return [cost * kwh / sum(gives_too(net)) for kwh in TAKEN(net)]


def paid_in_full(answer, net, cost):
    if abs(sum(answer) - cost) <= 1e-9 * max(1, cost):
        return None
    return f"the members pay {sum(answer):g} ct, and the wires cost {cost:g} ct"


SHARED_PEAK = exercise(
    "retail_competition/shared_peak", shared_peak,
    example=(([[2, 6, 0], [3, 1, 4], [4, -2, 0]], 90), [20.0, 30.0, 40.0]),
    draw=a_street, also=(two_peaks,),
    form=numbers(lambda net, cost: len(net), "{n} numbers are asked for, one for each member, in ct"),
    properties=(paid_in_full,),
    mistakes=(
        wrong("it takes everybody's own highest step. All are asked for the same one.",
              key=lambda net: [max(*member, 0) for member in net]),
        wrong("it shares by the kWh taken in all steps. One step counts.",
              key=lambda net: [sum(max(kwh, 0) for kwh in member) for member in net]),
        wrong("it pays those who give in that step. They pay nothing, and get nothing.", key=gives_too),
        wrong("it divides by what all take less what others give. Then more is paid than the wires cost.", over_what_is_net),
        wrong("it takes the step in which one member takes most. Add up all members first.",
              key=taken_at(the_highest_entry)),
        wrong("it shares by heads.", key=lambda net: [1] * len(net)),
        almost("right, except that of several highest steps the first counts.", key=taken_at(the_last_peak)),
    ),
    corners={
        "when somebody gives in that step": lambda net, cost: min(gives_too(net)) < 0,
        "when two steps are highest": lambda net, cost: the_peak(net) != the_last_peak(net),
    },
    forbids=(share_wires,),
    hints=("What do all members together take in each step? Do not leave out what is given.",
           "In which step is that most? Who takes how much in it?",
           "Each pays its part of what is taken in that step; below 0 counts as 0."),
)  # fmt: skip

# retail_competition/spiral


def roofs(rng):
    """Costs that climb from just below the first price of the grid, with .3 or .7 so that none is ever equal to it."""
    homes, energy, rate = int(rng.integers(3, 10)), int(rng.integers(16, 24)), int(rng.integers(8, 13))
    climb = rng.choice([0.2, 0.6, 1.0, 2.0])
    first = energy + rate - int(rng.integers(1, 3))
    costs = [int(first + climb * place * rng.uniform(0.5, 1.5)) + float(rng.choice([0.3, 0.7])) for place in range(homes)]
    return rng.permutation(costs).tolist(), 4000, 2000, 40 * homes * rate, energy


def nobody_begins(rng):
    costs, use, own, wires, energy = roofs(rng)
    return [cost + 6 for cost in costs], use, own, wires, energy


def all_in_the_end(rng):
    costs, use, own, wires, energy = roofs(rng)
    first = 100 * wires / (len(costs) * use) + energy
    return [int(first) - 1 + 0.3 + place // 2 for place in range(len(costs))][::-1], use, own, wires, energy


def spiral(costs, use, own, wires, energy, *, most=99, cents=100, paid=lambda energy, rate: energy + rate, left=None):
    """[homes with a roof, rate], after at most so many rounds."""
    done, kwh = 0, len(costs) * use
    for _ in range(most):
        rate = cents * wires / (kwh - done * own)
        now = max(done, sum(cost < paid(energy, rate) for cost in costs))
        if now == done:
            break
        done = now
    return [done, cents * wires / (kwh - done * (own if left is None else left))]


def leaves_wholly(costs, use, own, wires, energy):
    return spiral(costs, use, use * (1 - 1e-12), wires, energy)


def homes_there_are(answer, costs, *_):
    if answer[0] == int(answer[0]) and 0 <= answer[0] <= len(costs):
        return None
    return f"it gives {answer[0]:g} homes with a roof, and there are {len(costs)}"


SPIRAL = exercise(
    "retail_competition/spiral", spiral,
    example=(([33, 29, 40, 31], 4000, 2000, 1600, 20), [3.0, 16.0]),
    draw=roofs, also=(nobody_begins, all_in_the_end),
    form=numbers(2, "two numbers are asked for: homes with a roof, and the rate in ct/kWh"),
    properties=(homes_there_are,),
    mistakes=(
        wrong("it stops after one round. The rate has risen, and the next roof may pay now.", most=1),
        wrong("it counts the roofs, and tells the rate of the first day. Fewer kWh pay for the wires now.", left=0),
        wrong("it counts the roofs that pay at the first rate, and never sets the rate anew.", most=1, left=0),
        wrong("a home with a roof still takes the rest from the grid.", leaves_wholly),
        wrong("it compares a roof with the rate for the wires alone. A kWh from the grid costs the energy too.",
              paid=lambda energy, rate: rate),
        wrong("it forgets that the wires are in EUR and the rate is in ct.", cents=1),
    ),
    corners={
        "when nobody begins": lambda *case: spiral(*case)[0] == 0,
        "when all have a roof in the end": lambda costs, *rest: spiral(costs, *rest)[0] == len(costs),
        "when it stops on the way": lambda costs, *rest: 1 < spiral(costs, *rest)[0] < len(costs),
    },
    forbids=(adoption_spiral,),
    hints=("How many kWh pay for the wires when so many homes have a roof? What is the rate then, in ct?",
           "For how many homes is the roof cheaper than energy and wires together?",
           "Begin with no roof, and repeat both until the number of roofs stays as it is."),
)  # fmt: skip

EXERCISES = (SALES, LOCAL_KWH, SHARED_PEAK, SPIRAL)
