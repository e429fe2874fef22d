"""What comes to be while the line is away: nothing passes it, and the battery that forms the voltage makes up for all."""

import numpy as np

from tefoundations.systems.day.market.island_span import batteries_of
from tefoundations.systems.day.physical.delivery import WH, through

ROUNDS = 20  # what makes up for losses changes them a little; two rounds do where the battery is not at its bounds


def islanded(plan, energy, dark, delivered, schedule):
    """What members take in a day with hours without a grid, once energy is balanced in each of them.

    In such a step all that members do beyond the schedule, and all losses, are met by the battery that forms the voltage, as
    far as its headroom and its store go. Who then takes more than agreed takes less of it; who gives, gives less. When the
    grid is back the battery returns to its plan, as fast as its headroom allows.

    Parameters
    ----------
    plan : DayPlan
        With `island`.
    energy : (T, stores) float array
        What each device takes by plan (kWh).
    dark : sequence of int
    delivered : (T, members) int array
        What members would take (Wh).
    schedule : (T, members) float array
        What was agreed (kWh).

    Returns
    -------
    (T, members) int array, (T, members) int array
        What they take (Wh); and how much less than they would they took (above 0) or gave (below 0).
    """
    former, found = batteries_of(plan)[0], np.array(delivered)
    owner, curtailed = plan.lane.owned_by[former], np.zeros_like(found)
    steps = plan.lane.stores[former].over(len(found), plan.lane.hours)
    meant = stored = steps.initial
    for t in steps.at:
        own, k = float(energy[t, former]), t - steps.at.start
        low, high = _room(plan.island, steps, k, stored, own, plan.lane.hours)
        meant, extra = steps.after(k, meant, own), 0
        if t in dark:
            found[t], extra = _balanced(plan, t, delivered[t], np.rint(schedule[t] * WH), owner, low, high)
            curtailed[t] = delivered[t] - found[t]
            curtailed[t, owner] += extra
        elif t > dark[-1]:
            extra = int(np.clip(_wanted(steps, k, stored, meant) - own * WH, low, high))
            found[t, owner] += extra
        stored = steps.after(k, stored, own + extra / WH)
    return found, curtailed


def _room(needs, steps, k, stored, own, hours):
    """Least and most that the battery can take beyond its plan in a step (Wh): by its headroom, and by what it holds."""
    kept, free = steps.kept * stored - steps.need[k], needs.headroom * hours
    give = min(steps.most_out, max(kept - min(needs.black_start, kept), 0.0)) * steps.out
    take = min(steps.most_in[k], max(steps.energy - kept, 0.0)) / steps.gain[k]
    # What it was to take by plan may no longer be there, or have no room: then it must do less of it.
    low, high = (min(max(bound, -give), take) - own for bound in (own - free, own + free))
    high = int(np.floor(high * WH))
    return min(int(np.ceil(low * WH)), high), high


def _wanted(steps, k, stored, meant):
    """What the battery must take so that it holds what was meant when the step ends (Wh)."""
    gained = meant - (steps.kept * stored - steps.need[k])
    return (gained / steps.gain[k] if gained > 0 else gained * steps.out) * WH


def _balanced(plan, t, wanted, schedule, owner, low, high):
    """Net loads with which nothing passes the line (Wh), and what the battery takes beyond its plan."""
    net, extra = wanted.copy(), int(np.clip(0, low, high))
    net[owner] += extra
    for _ in range(ROUNDS):
        rest = round(through(plan, t, net))
        if not rest:
            break
        moved = int(np.clip(extra - rest, low, high)) - extra
        net[owner], extra = net[owner] + moved, extra + moved
        net += _cut(net, schedule, rest + moved)
    return net, extra


def _cut(net, schedule, rest):
    """Whole Wh by which members take less where so much is lacking, or give less where so much is left over."""
    share = np.maximum(net - schedule, 0.0) if rest > 0 else np.maximum(-net, 0.0)
    if rest > 0 and share.sum() < rest:
        share = np.maximum(net, 0.0)
    if not rest or not share.any():
        return np.zeros_like(net)
    cut = np.trunc(share / share.sum() * rest).astype(int)
    cut[share.argmax()] += rest - cut.sum()
    return -cut
